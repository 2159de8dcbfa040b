"""Whom a restriction on votes reaches beyond its holder: what it controls, and who acts with it.

Who controls whom follows from the votes in many companies, and so is found above the count of one.
It is the one thing that a count asks of what stands above it; so it is looked up by its name, and
only where an event reaches that far.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module

from ledger.time.view import View

BEYOND = ("controlled", "concert")
_FOUND_IN = "projections.control.members"


def members(view: View, holder: str, reach: str) -> Sequence[str]:
    """A holder and those that a restriction on it reaches, by what is certain at the cut."""
    found: Callable[[View, str, str], Sequence[str]] = import_module(_FOUND_IN).members
    return found(view, holder, reach)
