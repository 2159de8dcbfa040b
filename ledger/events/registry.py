"""The vocabulary: importing this package defines and registers every event type, in this order."""

# ruff: noqa: I001
from ledger.events import parties
from ledger.events import sources
from ledger.events import capital
from ledger.events import trusts
from ledger.events import deals
from ledger.events import investments
from ledger.events import offerings
from ledger.events import governance
from ledger.events import projects
from ledger.events import corrections
from ledger.events import seals

__all__ = [
    "capital",
    "corrections",
    "deals",
    "governance",
    "investments",
    "offerings",
    "parties",
    "projects",
    "seals",
    "sources",
    "trusts",
]
