"""Whose shares count with a party's: what it controls, and who acts in concert with it."""

from __future__ import annotations

from ledger.time.view import View
from projections.control.found import Asked, Found
from projections.control.kernel import Control

REACHING = ("controlled", "concert", "group-and-derivatives")


def counted_with(view: View, party: str, reach: str | None) -> tuple[list[str], bool]:
    """The parties whose shares a reach counts as a party's at the cut, itself among them; and
    whether others perhaps are too."""
    if reach not in REACHING:
        return [party], False
    found = Found(view, Asked(party))
    sure, perhaps = (_set(control, party, reach) for control in (found.sure, found.perhaps))
    return sorted(sure), perhaps > sure


def _set(control: Control, party: str, reach: str) -> frozenset[str]:
    return control.alone(party).members if reach == "controlled" else control.group(party).voting


def are_affiliates(view: View, one: str, other: str) -> bool:
    """Whether one party surely controls the other, or somebody both."""
    found = Found(view, Asked(one))
    behind = found.network.above([one, other])
    return any({one, other} <= found.sure.alone(party).members for party in behind)
