"""The members of a holder's group, whom a cap or a suspension of its votes reaches."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.time.view import View


def members(view: View, holder: str, reach: str) -> Sequence[str]:
    """A holder and what it controls; with ``concert`` those it acts with too, and what they do;
    ``perhaps`` counts what is not certain."""
    from projections.control.reached import reached  # most questions ask for no group

    return reached(view, holder, reach)
