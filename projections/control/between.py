"""Owners of a company between two days, where they follow from who has shares in its register.

On most days shares only change hands. Whoever has a share then, and had one the day before, owns a
part on both days; no stake has to be multiplied to tell so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping
from functools import cached_property
from itertools import groupby
from typing import NamedTuple, TypeVar

from ledger.model.fact import Fact
from ledger.model.movements import MOVEMENTS, OF_TRUSTS, SIGNS
from ledger.model.posted import end_of
from ledger.model.register import issuer_of
from ledger.model.subject import parse_subject
from ledger.time.history import subjects_of
from ledger.time.view import View
from projections.control.interests import Owners
from projections.names import NAMING
from projections.subjects.register_at_cut import RegisterAtCut
from projections.subjects.register_walk import may_be_walked, stops_of
from projections.subjects.trusts import TYPES as TRUSTS

_HANDED = frozenset(SIGNS).difference(OF_TRUSTS)  # movements that add and take shares alone
_KNOWN = frozenset([
    *_HANDED, *OF_TRUSTS, *TRUSTS, *NAMING, "party-details-changed", "party-ended",
    "share-class-created", "shares-split", "stake-disclosed",
])  # fmt: skip
Key = TypeVar("Key", bound=tuple[object, ...])
Value = TypeVar("Value")


class _Walked(NamedTuple):
    """The days on which shares moved, who had any at the end of each, and whether any account was
    ever below zero."""

    days: list[str]
    holders: list[frozenset[str]]
    is_below_zero: bool


class Between:
    """What is known of the owners of a company, day after day backwards, by any part at all.

    ``note`` takes the stakes that were found on a day; ``before`` says what follows for the day
    before, as long as on none of the days between anything happens but that shares change hands.
    """

    def __init__(self, view: View, company: str) -> None:
        self._view, self._company = view, company
        self._beyond: Collection[str] | None = None
        self._read, self._others = 0, frozenset[str]()
        self._named = frozenset[str]()
        self._usable = not view.identities and not any(view.across.sources(company))

    def note(self, owners: Owners) -> None:
        """Take the stakes at the end of a day: who owns what is looked through, or is looked
        through; nothing follows where the company owns a part of itself through others."""
        found = {o for company, of in owners.items() if company != self._company for o in of}
        found |= owners.keys() - {self._company}
        itself = self._company in found or self._company in owners.get(self._company, ())
        self._beyond = None if itself else found

    def before(
        self, day: str, later: str, found: Mapping[Key, Value], seen: Collection[Fact]
    ) -> Mapping[Key, Value] | None:
        """The owners at the end of a day, from those at the end of the next on which anything that
        was seen can change them; their parts are those of the later day. None where it does not
        follow, or where one of them is an owner no more on the later day."""
        self._read_all(seen)
        if not self._usable or self._beyond is None or later in self._others:
            return None
        then, now = self._holders_on(day), self._holders_on(later)
        opened = now - then
        alone = opened.isdisjoint(self._beyond) and opened.isdisjoint(self._named)
        if not then or then - now or not alone or not opened.issubset(key[0] for key in found):
            return None  # a stake may count beside shareholders who are counted together
        return {key: one for key, one in found.items() if key[0] not in opened}

    def _read_all(self, seen: Collection[Fact]) -> None:
        """Tell on which days more happens than that shares change hands, and whom that names."""
        if not self._usable or self._read == len(seen):
            return
        self._read = len(seen)
        others = [fact for fact in seen if not self._changes_hands(fact)]
        self._others = frozenset(stops_of(others))
        self._named = frozenset(
            parse_subject(subject).id
            for fact in others
            if fact.type not in NAMING
            for subject in subjects_of(fact.type, fact.data)
        )
        own = [fact for fact in seen if self._is_own(fact)]
        self._usable = (
            may_be_walked(seen)
            and _KNOWN.issuperset(fact.type for fact in seen)
            and len({fact.need("share_class") for fact in own}) == 1
            and not self._walked.is_below_zero
        )

    def _is_own(self, fact: Fact) -> bool:
        share_class = fact.text("share_class")
        return share_class is not None and issuer_of(share_class) == self._company

    def _changes_hands(self, fact: Fact) -> bool:
        """Whether an event does no more than that shares of the company are on other accounts, from
        its own day on."""
        plain = fact.type in _HANDED and self._is_own(fact) and not fact.repeats
        return plain and stops_of([fact]) == {fact.order[0]}

    @cached_property
    def _walked(self) -> _Walked:
        at_cut = RegisterAtCut(self._view, self._company, whole=True, checking=False)
        days, holders, below, register = list[str](), list[frozenset[str]](), False, at_cut.register
        moving = (fact for fact in at_cut.counted if fact.type in MOVEMENTS)
        for day, facts in groupby(moving, key=lambda fact: fact.order[0]):
            for fact in facts:
                register.apply(fact)
            register.advance(end_of(day))
            held = [register.held(one) for one in register.classes]
            days.append(day)
            holders.append(frozenset(a for of in held for a, shares in of.items() if shares > 0))
            below = below or any(shares < 0 for of in held for shares in of.values())
        return _Walked(days, holders, below)

    def _holders_on(self, day: str) -> frozenset[str]:
        place = bisect_right(self._walked.days, day)
        return self._walked.holders[place - 1] if place else frozenset()
