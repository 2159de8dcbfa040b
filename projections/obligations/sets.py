"""Whose shares count with a party's: what it controls, and who acts in concert with it."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.model.fact import Fact
from ledger.time.view import View
from projections.control.found import Asked, Found
from projections.control.kernel import Control
from projections.subjects.register_walk import Watched, stops_of

REACHING = ("controlled", "concert", "group-and-derivatives")


def counted_with(view: View, party: str, reach: str | None) -> tuple[list[str], bool]:
    """The parties whose shares a reach counts as a party's at the cut, itself among them; and
    whether others perhaps are too."""
    if reach not in REACHING:
        return [party], False
    found = Found(view, Asked(party))
    sure, perhaps = (_set(control, party, reach) for control in (found.sure, found.perhaps))
    return sorted(sure), perhaps > sure


def turns_of_set(view: View, party: str, reach: str | None) -> Mapping[str, list[Fact]]:
    """The days by the cut on which it can change whose shares a reach counts as a party's, each
    with its events of that."""
    if reach not in REACHING:
        return {}
    looked_at, days, seen = set[str](), {view.cut.as_of}, dict[int, Fact]()
    while new := days - looked_at:
        for day in new:
            watched = Watched(view.on(day))
            counted_with(watched, party, reach)
            seen |= watched.seen
        looked_at |= new
        days |= {day for day in stops_of(seen.values()) if day <= view.cut.as_of}
    found = dict[str, list[Fact]]((day, []) for day in days)
    for fact in sorted(seen.values(), key=lambda fact: fact.order):
        if fact.order[0] in found:
            found[fact.order[0]].append(fact)
    return found


def _set(control: Control, party: str, reach: str) -> frozenset[str]:
    return control.alone(party).members if reach == "controlled" else control.group(party).voting


def are_affiliates(view: View, one: str, other: str) -> bool:
    """Whether one party surely controls the other, or somebody both."""
    found = Found(view, Asked(one))
    behind = found.network.above([one, other])
    return any({one, other} <= found.sure.alone(party).members for party in behind)
