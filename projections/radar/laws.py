"""The law of an issuer from day to day: its seat, its home state, and where it is listed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.time.view import View
from ledger.values.dates import BEGINNING
from projections.radar.rule import Applies
from projections.subjects.jurisdictions import country_of

TYPES = ("party-details-changed", "listing-changed")
_LISTED = {"listed": True, "resumed": True, "suspended": True, "quoted": False, "delisted": False}


class Law(NamedTuple):
    """What is told of an issuer's law on a day; ``listed`` is None where nothing tells it."""

    seat: str | None = None
    home_state: str | None = None
    venues: frozenset[str] = frozenset()
    listed: bool | None = None

    @property
    def is_told(self) -> bool:
        return bool(self.seat or self.home_state or self.venues)

    def is_under(self, applies: Applies) -> bool:
        """Whether a rule applies; to an issuer of which no listing is told, whatever it asks of
        that."""
        if applies.listed is not None and self.listed not in (None, applies.listed):
            return False
        if applies.by == "any" or any(v in venue for venue in self.venues for v in applies.venues):
            return True
        seat, home = self.seat or self.home_state, self.home_state or self.seat
        if applies.by == "home-state-only":
            return _is_in(self.home_state, applies.laws) and not _is_in(seat, applies.laws)
        return _is_in(home if applies.by == "home-state" else seat, applies.laws)


def _is_in(told: str | None, laws: Sequence[str]) -> bool:
    """Whether a jurisdiction is one of some, under any name, or a part of it: ``us-de`` of
    ``us``."""
    return told is not None and (told in laws or country_of(told) in laws)


@dataclass(frozen=True)
class Laws:
    """The law of an issuer on every day, as it is told."""

    days: Sequence[str]
    laws: Sequence[Law]

    def on(self, day: str) -> Law:
        """The law at the end of a day."""
        return self.laws[bisect_right(self.days, day) - 1]


def laws_of(view: View, issuer: str) -> Laws:
    """The law of an issuer, told by the events of a view."""
    facts = [*view.about(f"party:{issuer}", types=TYPES[:1]).counted]
    facts += view.about(f"issuer:{issuer}", types=TYPES[1:]).counted
    return _folded(issuer, sorted(facts, key=lambda fact: fact.order))


def _folded(issuer: str, facts: Iterable[Fact]) -> Laws:
    law, listed = Law(), dict[tuple[str, str], bool]()
    days, laws = [BEGINNING], [law]
    for fact in facts:
        if fact.type == "listing-changed":
            at = fact.need("share_class"), fact.need("venue").casefold()
            listed[at] = _LISTED[fact.need("status")]
            venues = frozenset(venue for (_, venue), is_so in listed.items() if is_so)
            law = law._replace(venues=venues, listed=bool(venues))
        elif fact.need("party") == issuer:
            seat, home = fact.text("jurisdiction"), fact.text("home_state")
            law = law._replace(seat=seat or law.seat, home_state=home or law.home_state)
        days.append(fact.order[0])
        laws.append(law)
    return Laws(days, laws)
