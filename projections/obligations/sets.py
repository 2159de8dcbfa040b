"""Whose shares count with a party's: what it controls, and who acts in concert with it."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict

from ledger.model.fact import Fact
from ledger.time.view import View
from ledger.values.dates import BEGINNING
from projections.control.found import Asked, Found
from projections.control.kernel import Control
from projections.subjects.register_walk import Asked as Slices
from projections.subjects.register_walk import Noting, Watched, stops_of

Counted = tuple[list[str], bool]
REACHING = ("controlled", "concert", "group-and-derivatives")


def counted_with(view: View, party: str, reach: str | None) -> Counted:
    """The parties whose shares a reach counts as a party's at the cut, itself among them; and
    whether others perhaps are too."""
    if reach not in REACHING:
        return [party], False
    found = Found(view, Asked(party))
    sure, perhaps = (_set(control, party, reach) for control in (found.sure, found.perhaps))
    return sorted(sure), perhaps > sure


class Turns:
    """Whose shares a reach counts as a party's on each day up to a cut, and by which events."""

    def __init__(self, view: View, party: str, reach: str | None) -> None:
        self._found = dict[str, Counted]()
        watched, asked, days = Watched(view), set[Slices](), {view.cut.as_of, BEGINNING}
        while left := days - self._found.keys() if reach in REACHING else ():
            noting = Noting(view.on(max(left)))
            self._found[noting.cut.as_of] = counted_with(noting, party, reach)
            for subjects, types in noting.asked - asked:
                watched.about(*subjects, types=types)
            if noting.asked - asked:
                asked |= noting.asked
                days |= {d for d in stops_of(watched.seen.values()) if d <= view.cut.as_of}
        self.days = sorted(self._found)
        self.events = defaultdict[str, list[Fact]](list)
        for fact in sorted(watched.seen.values(), key=lambda fact: fact.order):
            self.events[fact.order[0]].append(fact)

    def on(self, day: str) -> Counted:
        """The parties whose shares count at the end of a day, and whether others perhaps do."""
        return self._found[self.days[bisect(self.days, day) - 1]]


def _set(control: Control, party: str, reach: str) -> frozenset[str]:
    return control.alone(party).members if reach == "controlled" else control.group(party).voting


def are_affiliates(view: View, one: str, other: str) -> bool:
    """Whether one party surely controls the other, or somebody both."""
    found = Found(view, Asked(one))
    behind = found.network.above([one, other])
    return any({one, other} <= found.sure.alone(party).members for party in behind)
