"""The vocabulary: importing this package defines and registers every event type, in order."""

from ledger.events import (
    capital,
    corrections,
    deals,
    governance,
    investments,
    offerings,
    parties,
    projects,
    sources,
    trusts,
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
