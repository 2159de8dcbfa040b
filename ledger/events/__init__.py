"""The vocabulary: importing this package defines and registers every event type, in order."""

from ledger.events import (
    parties,
    sources,
    capital,
    trusts,
    deals,
    investments,
    offerings,
    governance,
    projects,
    corrections,
)

__all__ = [
    "capital",
    "corrections",
    "deals",
    "governance",
    "investments",
    "offerings",
    "parties",
    "projects",
    "sources",
    "trusts",
]
