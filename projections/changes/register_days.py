"""The holdings and votes of an issuer at the end of many days, from one walk through its register.

Between two days on which shares only changed hands nothing is worked out anew but what concerns
those hands.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Self, cast

from ledger.model.fact import Fact, Slice
from ledger.model.movements import MOVEMENTS, RESHAPING, TRANSFERS
from ledger.model.posted import NOTHING, Posted
from ledger.model.register import Pair, legs
from ledger.time.view import View
from ledger.values.dates import BEGINNING, FOREVER, next_day, parse_published
from projections.changes.compare import Lines, lines_by
from projections.questions import QUESTIONS
from projections.subjects import holdings, vote_lines
from projections.subjects.ballots import can_be_counted
from projections.subjects.clauses import moments_of, turns_at
from projections.subjects.register_at_cut import CHECKS, RegisterAtCut
from projections.subjects.trusts import TYPES as TRUSTS
from projections.subjects.voting_rights import Rights

_AWAITED = frozenset([
    "window", "expected_on", "term_ends_on", "until", "expires_on", "matures_on", "closes_on",
    "held_on", "longstop_on",
])  # fmt: skip


class Watched(View):
    """A view that remembers which facts were asked of it."""

    def __init__(self, view: View) -> None:
        super().__init__(view.history, view.cut)
        self.share(view)
        self.seen: dict[int, Fact] = {}
        self._slices: dict[tuple[tuple[str, ...], tuple[str, ...] | None], Slice] = {}

    def about(self, *subjects: str, types: Collection[str] | None = None) -> Slice:
        asked = subjects, None if types is None else tuple(types)
        if asked not in self._slices:
            found = self._slices[asked] = super().about(*subjects, types=types)
            possible = (one.fact for one in found.possible)
            for fact in [*found.certain, *possible, *found.absent]:
                self._see(fact)
        return self._slices[asked]

    def posted(self, issuer: str) -> Posted:
        return NOTHING

    def unposted(self, subject: str, types: Collection[str]) -> Slice:
        return self.about(subject, types=types)

    def _see(self, fact: Fact) -> None:
        if self.seen.setdefault(fact.recorded.position, fact) is not fact:
            return
        reaffirmed = fact.text("reaffirms") or fact.key  # what it repeats, or what repeats it
        if reaffirmed == fact.key and not self.history.knows(f"reaffirmed:{reaffirmed}"):
            return
        reporting = map(self.history.mentioning, (f"key:{reaffirmed}", f"reaffirmed:{reaffirmed}"))
        for recorded in chain.from_iterable(reporting):
            other = self.fact(recorded)
            if other is not None:
                self.seen.setdefault(recorded.position, other)


def stops_of(facts: Iterable[Fact]) -> set[str]:
    """The days on which an answer made of some facts can change: theirs, and those after a date
    that they wait for."""
    found: set[str] = set()
    facts = list(facts)
    moments = [moment for fact in facts for moment in moments_of(fact)]
    for moment in moments:
        found.update(turns_at(moment, facts))
    for fact in facts:
        if fact.effective is not None:
            found.update(fact.effective[:1] if fact.endless else fact.effective)
        found.update(fact.depending.days if fact.depending else ())
        for name in _AWAITED & fact.data.keys():
            awaited = parse_published(fact.text(name))
            if awaited is not None and awaited.last != FOREVER:
                found.add(next_day(awaited.last))
    return found


class Register:
    """The register of an issuer seen through a view, walked from day to day.

    ``walked`` has what both answers are made of at the end of each day asked for; ``seen`` the
    facts that were looked at. It may not be walked where events that tell the same count from
    different days, in turn.
    """

    stops: set[str]
    may_be_walked: bool

    def __init__(self, view: View, issuer: str) -> None:
        self.view, self._issuer = view, issuer
        self.walked: dict[str, Mapping[str, Lines]] = {}
        self._watched = Watched(view)
        self.seen = self._watched.seen

    @classmethod
    def begun(cls, view: View, issuer: str) -> Self:
        """One that stands before its first day, when all that both answers ask for was seen."""
        register = cls(view, issuer)
        register._begin()
        for trust in register._at_cut.trusts_named:
            register._watched.about(f"party:{trust}", types=TRUSTS)
        for source in register._watched.across.sources(issuer):
            register._watched.about(f"issuer:{source}", types=MOVEMENTS)
        register.stops = stops_of(register.seen.values())
        register.may_be_walked = _reported_in_order(register.seen.values())
        return register

    def walk(self, days: Iterable[str]) -> None:
        """Find what both answers are made of at the end of some days."""
        for day in sorted(set(days) - self.walked.keys()):
            if day < self._at_cut.day:
                self._begin()
            passed = self._at_cut.go_on(day)
            pairs = self._changed_hands(passed)
            if pairs is None:
                self._read_all()
            elif pairs:
                self._read(pairs)
            self.walked[day] = {"holdings": self._holdings, "votes": self._votes}

    def _begin(self) -> None:
        self._at_cut = _Walk(self._watched, self._issuer)
        self._at_cut.go_on(BEGINNING)
        self._read_all()

    def _read_all(self) -> None:
        at_cut, rights = self._at_cut, self._at_cut.rights
        self._holdings = lines_by(holdings.lines(at_cut, at_cut.worst), QUESTIONS["holdings"])
        self._votes = lines_by(vote_lines.lines(at_cut, rights), QUESTIONS["votes"])
        self._trusts = at_cut.trusts
        self._disclosed = {
            fact.need("holder") for fact in at_cut.disclosures if not at_cut.tells_position(fact)
        }
        issued = [c for c in at_cut.classes if at_cut.register.issued(c)]
        self._whole = issued if can_be_counted(at_cut, rights) else []

    def _read(self, pairs: Collection[Pair]) -> None:
        at_cut, rest = self._at_cut, dict(self._holdings)
        for share_class, account in pairs:
            rest.pop(f"{share_class} {account or self._issuer}", None)
        rest.update(lines_by(holdings.lines_on(at_cut, at_cut.worst, pairs), QUESTIONS["holdings"]))
        self._holdings = rest
        accounts = {account for _, account in pairs}
        counted = cast(Mapping[str, vote_lines.AnyLine], self._votes)
        self._votes = vote_lines.lines_on(at_cut, at_cut.rights, accounts, counted)

    def _changed_hands(self, passed: Sequence[Fact]) -> set[Pair] | None:
        """The accounts between which some movements moved shares; None where anything else may
        have changed."""
        found: set[Pair] = set()
        for fact in passed:
            share_class = fact.text("share_class")
            if share_class not in self._whole or fact.type not in (*TRANSFERS, *CHECKS):
                return None
            if fact.type in TRANSFERS:
                found.update((share_class, account) for account, _ in legs(fact.type, fact.data))
            elif fact.type == "stake-disclosed" and (
                "replaces" in fact.data or not self._at_cut.tells_position(fact)
            ):
                return None
        if self._disclosed and self._may_end_a_disclosure(found):
            return None
        return found if self._at_cut.trusts == self._trusts else None

    def _may_end_a_disclosure(self, pairs: Collection[Pair]) -> bool:
        """Whether a holder known by a disclosure got a line of the register, or an account is
        empty, which may have been that of shareholders counted together."""
        register = self._at_cut.register
        return any(
            account in self._disclosed or not register.shares(c, account) for c, account in pairs
        )


class _Walk(RegisterAtCut):
    """A position that gathers disclosures without comparing them, and of what its balances are made
    of remembers no more than the rank of the weakest."""

    def __init__(self, view: View, issuer: str) -> None:
        self.rights = Rights(view)
        self.worst: dict[Pair, int] = {}
        self.day, self._passed = BEGINNING, 0
        super().__init__(view, issuer, self.rights, whole=True)

    @property
    def trusts_named(self) -> set[str]:
        """The trusts that shares are placed in on any day."""
        return {fact.need("trust") for fact in self._placed}

    def go_on(self, day: str) -> Sequence[Fact]:
        """Walk on to the end of a day, no earlier than the one it stands at; returns what was
        passed on the way."""
        self.day, start = day, self._passed
        self._passed = bisect_right(self.counted, day, key=lambda fact: fact.order[0])
        placed = [fact for fact in self._placed if fact.order[0] <= day]
        passed = self.counted[start : self._passed]
        self._walk(day, placed, passed)
        return passed

    def _walk(self, day: str, placed: Sequence[Fact], coming: Sequence[Fact]) -> None:
        self._settle_trusts(day, placed)
        for fact in coming:
            if fact.type == "stake-disclosed":
                self.disclose(fact)
            elif fact.type not in CHECKS:
                self._see(fact)

    def _see(self, fact: Fact) -> None:
        if fact.type in MOVEMENTS:
            rank, worst = fact.rank, self.worst
            before = fact.need("share_class")
            for pair in self.register.apply(fact):
                if fact.type in RESHAPING and pair[0] != before:
                    rank = max(rank, worst.pop((before, pair[1]), 0))
                worst[pair] = max(rank, worst.get(pair, 0))
        self.rights.see(fact, self.register)


def _reported_in_order(facts: Collection[Fact]) -> bool:
    """Whether of the events that tell the same the one that counts in the end counts from the
    first day on which any of them does."""
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
