"""Whom a restriction on votes reaches beyond its holder: what it controls, and who acts with it.

Who controls whom follows from the votes in many companies, so it is found above the count of one,
and whoever asks for a count says by what.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from ledger.time.view import View

BEYOND = ("controlled", "concert")
PERHAPS = "perhaps"  # with whom it acts and what they control, the uncertain too
Members: TypeAlias = Callable[[View, str, str], Sequence[str]]
"""A holder and those whom a restriction of a reach on it reaches, by what is certain at a cut."""


def alone(_view: View, holder: str, _reach: str) -> Sequence[str]:
    """The holder alone: where control itself is still to be found, or nothing reaches further."""
    return [holder]
