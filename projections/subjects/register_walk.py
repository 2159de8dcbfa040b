"""A register of an issuer walked on from day to day, and the days on which it can change."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain

from ledger.model.fact import Fact, Slice
from ledger.model.movements import MOVEMENTS, RESHAPING
from ledger.model.posted import NOTHING, Posted
from ledger.model.register import Pair
from ledger.time.class_terms import ClassTerms
from ledger.time.publication import gather_sources
from ledger.time.view import View
from ledger.values.dates import BEGINNING, FOREVER, next_day, parse_published
from ledger.values.text import Moment
from projections.subjects.clauses import moments_of, turns_at
from projections.subjects.elsewhere import trusts_in
from projections.subjects.reaching import Members
from projections.subjects.register_at_cut import CHECKS
from projections.subjects.uncompared import Uncompared
from projections.subjects.voting_rights import Rights

_AWAITED = frozenset([
    "window", "expected_on", "term_ends_on", "until", "expires_on", "matures_on", "closes_on",
    "held_on", "longstop_on",
])  # fmt: skip


Asked = tuple[tuple[str, ...], tuple[str, ...] | None]  # subjects, and of which types


class Noting(View):
    """A view that remembers what was asked of it, and what it answered."""

    def __init__(self, view: View) -> None:
        super().__init__(view.history, view.cut)
        self.share(view)
        self.asked: set[Asked] = set()
        self.slices: dict[Asked, Slice] = {}

    def about(self, *subjects: str, types: Collection[str] | None = None) -> Slice:
        asked = subjects, None if types is None else tuple(types)
        self.asked.add(asked)
        if asked not in self.slices:
            self.slices[asked] = super().about(*subjects, types=types)
        return self.slices[asked]

    def unposted(self, subject: str, types: Collection[str]) -> Slice:
        self.asked.add(((subject,), tuple(types)))
        return super().unposted(subject, types)

    def on(self, as_of: str) -> Noting:
        other = Noting(super().on(as_of))
        other.asked = self.asked
        return other


class Watched(View):
    """A view that remembers which facts were asked of it."""

    def __init__(self, view: View) -> None:
        super().__init__(view.history, view.cut)
        self.share(view)
        self.seen: dict[int, Fact] = {}
        self._slices: dict[Asked, Slice] = {}
        self._facts_of: dict[Asked, dict[int, Fact]] = {}

    def about(self, *subjects: str, types: Collection[str] | None = None) -> Slice:
        asked = subjects, None if types is None else tuple(types)
        if asked not in self._slices:
            self._take(asked, super().about(*subjects, types=types))
        return self._slices[asked]

    def _take(self, asked: Asked, slice: Slice) -> None:
        self._slices[asked] = slice
        for position, fact in self.facts(asked).items():
            self.seen.setdefault(position, fact)

    def follow_up(self, noting: Noting) -> None:
        """Ask what was asked of another view of the same history; what that one answered on the
        same day is not looked up again."""
        answered = noting.slices if noting.cut == self.cut else {}
        new = noting.asked - self._slices.keys()
        for asked in new & answered.keys():
            self._take(asked, answered[asked])
        unanswered = new - answered.keys()
        told = (self.history.mentioning(s, types) for about, types in unanswered for s in about)
        gather_sources(chain.from_iterable(told), self.history)
        for subjects, types in unanswered:
            self.about(*subjects, types=types)

    def facts(self, asked: Asked) -> dict[int, Fact]:
        """The facts that something asked of it is about, and those that tell the same."""
        if asked not in self._facts_of:
            slice = self.about(*asked[0], types=asked[1])
            possible = (one.fact for one in slice.possible)
            found: dict[int, Fact] = {}
            for fact in [*slice.certain, *possible, *slice.absent]:
                found.setdefault(fact.recorded.position, fact)
                for other in self._reporting(fact):
                    found.setdefault(other.recorded.position, other)
            self._facts_of[asked] = found
        return self._facts_of[asked]

    @property
    def asked(self) -> set[Asked]:
        """What was asked of it."""
        return set(self._slices)

    def posted(self, issuer: str) -> Posted:
        return NOTHING

    def unposted(self, subject: str, types: Collection[str]) -> Slice:
        gather_sources(self.history.mentioning(subject, types), self.history)
        return self.about(subject, types=types)

    @cached_property
    def _reaffirmed(self) -> frozenset[str]:
        return frozenset(self.history.subjects("reaffirmed:"))  # by far most events are not

    def _reporting(self, fact: Fact) -> Iterator[Fact]:
        """The facts that tell the same as a fact."""
        reaffirmed = fact.text("reaffirms") or fact.key  # what it repeats, or what repeats it
        if reaffirmed == fact.key and f"reaffirmed:{reaffirmed}" not in self._reaffirmed:
            return
        reporting = map(self.history.mentioning, (f"key:{reaffirmed}", f"reaffirmed:{reaffirmed}"))
        yield from filter(None, map(self.fact, chain.from_iterable(reporting)))


def stops_of(facts: Iterable[Fact]) -> set[str]:
    """The days on which an answer made of some facts can change: theirs, and those after a date
    that they wait for."""
    stops = Stops()
    stops.add(facts)
    return stops.days


class Stops:
    """The same, as the facts of an answer become known."""

    def __init__(self) -> None:
        self.days = set[str]()
        self._facts, self._moments = list[Fact](), list[Moment]()

    def add(self, facts: Iterable[Fact]) -> None:
        """Take more facts: a moment of any may turn on any other."""
        new = list(facts)
        self._turn(self._moments, new)
        self._facts += new
        moments = [moment for fact in new for moment in moments_of(fact)]
        self._turn(moments, self._facts)
        self._moments += moments
        for fact in new:
            if fact.effective is not None:
                self.days.update(fact.effective[:1] if fact.endless else fact.effective)
            self.days.update(fact.depending.days if fact.depending else ())
            for name in _AWAITED & fact.data.keys():
                awaited = parse_published(fact.text(name))
                if awaited is not None and awaited.last != FOREVER:
                    self.days.add(next_day(awaited.last))

    def _turn(self, moments: Sequence[Moment], facts: Sequence[Fact]) -> None:
        for moment in moments if facts else ():
            self.days.update(turns_at(moment, facts))


class RegisterWalk(Uncompared):
    """A position that, of what its balances are made of, remembers no more than the rank of the
    weakest. Its terms are those of its day."""

    def __init__(self, view: View, issuer: str, members: Members) -> None:
        self.rights = Rights(view, members)
        self.worst: dict[Pair, int] = {}
        self._day, self._passed = BEGINNING, 0
        super().__init__(view, issuer, self.rights, whole=True)

    @property
    def day(self) -> str:
        return self._day

    @property
    def terms(self) -> ClassTerms:
        return self.rights.terms

    @cached_property
    def trusts_named(self) -> set[str]:
        """The trusts that may hold shares on any day."""
        ever = self.settled_in(self.view.on(FOREVER))
        return {*(fact.need("trust") for fact in self._placed), *ever}

    def _settle_trusts(self, day: str, placed: Sequence[Fact]) -> None:
        if self.trusts_named or any(trusts_in(self.view, self.issuer, self.read)):
            super()._settle_trusts(day, placed)

    def go_on(self, day: str) -> Sequence[Fact]:
        """Walk on to the end of a day, no earlier than the one it stands at; returns what was
        passed on the way."""
        self._day, start = day, self._passed
        self._passed = bisect_right(self.counted, day, key=lambda fact: fact.order[0])
        placed = [fact for fact in self._placed if fact.order[0] <= day]
        passed = self.counted[start : self._passed]
        self._walk(day, placed, passed)
        return passed

    def _see(self, fact: Fact) -> None:
        if fact.type in MOVEMENTS:
            rank, worst = fact.rank, self.worst
            before = fact.need("share_class")
            for pair in self.register.apply(fact):
                if fact.type in RESHAPING and pair[0] != before:
                    rank = max(rank, worst.pop((before, pair[1]), 0))
                worst[pair] = max(rank, worst.get(pair, 0))
        if fact.type not in CHECKS:
            self.rights.see(fact, self.register)


def may_be_walked(facts: Collection[Fact]) -> bool:
    """Whether what counts on the last day counts from its own day on: no event ends by its own
    terms, and of those that tell the same the one that counts in the end does so from the first day
    on which any of them does."""
    if any(fact.depending and fact.depending.away for fact in facts):
        return False
    if not any(fact.repeats for fact in facts):
        return True
    by_key = {fact.key: fact for fact in facts}
    first: dict[str, str] = {}  # by the event they tell: the day from which on one counts
    for fact in facts:
        if not fact.repeats:
            root = _root(fact, by_key)
            first[root] = max(first.get(root, ""), fact.order[0])
    repeating = [fact for fact in facts if fact.repeats]
    return all(first.get(_root(fact, by_key), FOREVER) <= fact.order[0] for fact in repeating)


def _root(fact: Fact, by_key: Mapping[str, Fact]) -> str:
    while (reaffirmed := fact.text("reaffirms")) in by_key:
        fact = by_key[str(reaffirmed)]
    return reaffirmed or fact.key
