"""Across registers: what distributions and exchanges move, read through one view.

Each reads the register of another class, or of its own, at a moment before it arrives. That moment
is earlier in the total order (last day, sequence, position), and so is all that it rests on:
working backwards always ends, also where issuers distribute one another's shares in turn.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple, Protocol

from ledger.model.across import Outcome, outcome, reads_at, received_class, source_of, written
from ledger.model.fact import Fact, Slice
from ledger.model.movements import ACROSS, MOVEMENTS
from ledger.model.posted import FoldKey, Posted
from ledger.model.register import Around, Pair, Register, issuer_of
from ledger.model.subject import parse_subject
from ledger.time.fraction_digits import fraction_digits
from ledger.time.history import History, subjects_of
from ledger.values.dates import FOREVER, parse_days


class Seen(Protocol):
    """What a view tells of registers."""

    history: History

    def unposted(self, subject: str, types: Collection[str]) -> Slice:
        """The facts about an issuer without the movements that are posted."""

    def posted(self, issuer: str) -> Posted:
        """The movements of an issuer that are known by their sums."""


class _Read(NamedTuple):
    """A register walked over so many of its facts."""

    register: Register
    passed: int


class _Around(NamedTuple):
    """What lies around the register of an issuer, in a view."""

    across: Across
    issuer: str

    def moves(self, fact: Fact) -> Mapping[Pair, Fraction]:
        """What an event adds to the accounts of the issuer's classes."""
        found = self.across.outcome(fact).moves
        return {pair: shares for pair, shares in found.items() if issuer_of(pair[0]) == self.issuer}

    def digits(self, share_class: str) -> int:
        """The decimals of the shares of a class."""
        return self.across.digits(share_class)


@dataclass(slots=True)
class Kept:
    """What a view keeps of what its distributions and exchanges do."""

    outcomes: dict[int, Outcome] = field(default_factory=dict)
    slices: dict[str, Slice] = field(default_factory=dict)
    facts: dict[str, Sequence[Fact]] = field(default_factory=dict)
    reading: dict[str, Mapping[int, int]] = field(default_factory=dict)  # the place in the register
    walked: dict[str, _Read] = field(default_factory=dict)
    digits: dict[str, int] = field(default_factory=dict)


class Across(NamedTuple):
    """What the distributions and exchanges of a view do, each worked out once.

    The view has what is ``kept`` of it, but not this itself: so both are let go of at once.
    """

    view: Seen
    kept: Kept

    def outcome(self, fact: Fact) -> Outcome:
        """What an event of the view does."""
        pending = [fact]
        while fact.recorded.position not in self.kept.outcomes:
            one = pending[-1]
            earlier = self._unknown(one)
            if earlier is not None:
                pending.append(earlier)
            else:
                self.kept.outcomes[one.recorded.position] = self._work_out(pending.pop())
        return self.kept.outcomes[fact.recorded.position]

    def around(self, issuer: str) -> Around:
        """What lies around the register of an issuer."""
        return _Around(self, issuer)

    def digits(self, share_class: str) -> int:
        """The decimals of the shares of a class, which are the same in every view."""
        if share_class not in self.kept.digits:
            self.kept.digits[share_class] = fraction_digits(self.view.history, share_class)
        return self.kept.digits[share_class]

    def of(self, issuer: str) -> Sequence[Fact]:
        """The events about an issuer's classes that read a register, in the order of the fold."""
        return self._found(issuer).counted

    def sources(self, issuer: str) -> list[str]:
        """The issuers whose registers that of an issuer may rest on, itself apart, sorted."""

        def read(one: str) -> Iterator[str]:
            return (source_of(fact) for fact in self._perhaps(one) if one in into(fact))

        return _reached(issuer, read)

    def readers(self, issuer: str) -> list[str]:
        """The issuers whose registers may rest on that of an issuer, itself apart, sorted."""

        def written_to(one: str) -> Iterator[str]:
            facts = (fact for fact in self._perhaps(one) if source_of(fact) == one)
            return (other for fact in facts for other in into(fact))

        return _reached(issuer, written_to)

    def read_until(self, issuer: str) -> Mapping[str, str]:
        """The issuers whose registers that of an issuer may rest on, itself apart, each with the
        last day on which it is read."""
        return {
            source: max(_last_read(f) for f in self._perhaps(source) if source_of(f) == source)
            for source in self.sources(issuer)
        }

    def read_by(self, issuer: str) -> Slice:
        """The movements in the registers that an issuer's rests on that may come before they are
        read for the last time; those that are posted apart."""
        found = Slice()
        for source, last in self.read_until(issuer).items():
            movements = self.view.unposted(f"issuer:{source}", MOVEMENTS)
            found.certain += (f for f in movements.certain if begins(f) <= last)
            found.possible += (p for p in movements.possible if begins(p.fact) <= last)
        return found

    def _found(self, issuer: str) -> Slice:
        if issuer not in self.kept.slices:
            self.kept.slices[issuer] = self.view.unposted(f"issuer:{issuer}", ACROSS)
        return self.kept.slices[issuer]

    def _perhaps(self, issuer: str) -> Iterator[Fact]:
        found = self._found(issuer)
        yield from found.counted
        yield from (p.fact for p in found.possible if p.fact.type in ACROSS)

    def _known(self, issuer: str) -> Sequence[Fact]:
        if issuer not in self.kept.facts:
            facts = self.view.unposted(f"issuer:{issuer}", MOVEMENTS).counted
            self.kept.facts[issuer] = facts
            self.kept.reading[issuer] = {
                fact.recorded.position: n for n, fact in enumerate(facts) if fact.type in ACROSS
            }
        return self.kept.facts[issuer]

    def _read(self, fact: Fact) -> tuple[Sequence[Fact], int, FoldKey]:
        """The facts of the register that an event reads, how many it sees, and up to when."""
        source, moment = source_of(fact), reads_at(fact)
        facts = self._known(source)
        seen = bisect_right(facts, moment, key=lambda other: other.order)
        return facts, min(seen, self.kept.reading[source][fact.recorded.position]), moment

    def _unknown(self, fact: Fact) -> Fact | None:
        """The first event that the register read rests on and that is not worked out."""
        facts, seen, _ = self._read(fact)
        for position, place in self.kept.reading[source_of(fact)].items():
            if place < seen and position not in self.kept.outcomes:
                return facts[place]
        return None

    def _work_out(self, fact: Fact) -> Outcome:
        facts, seen, moment = self._read(fact)
        source = source_of(fact)
        walked = self.kept.walked.get(source)
        if walked is None or walked.passed > seen or walked.register.fold_key > moment:
            walked = _Read(Register(self.view.posted(source), self.around(source)), 0)
        for other in facts[walked.passed : seen]:
            walked.register.apply(other)
        walked.register.advance(moment)
        self.kept.walked[source] = walked._replace(passed=seen)
        received = received_class(fact)
        digits = self.digits(received) if received else 0
        return outcome(fact, walked.register.held(fact.need("share_class")), digits)


def _reached(issuer: str, next_of: Callable[[str], Iterable[str]]) -> list[str]:
    found, pending = {issuer}, [issuer]
    while pending:
        new = set(next_of(pending.pop())) - found
        found |= new
        pending += new
    return sorted(found - {issuer})


def into(fact: Fact) -> set[str]:
    """The issuers whose registers an event writes."""
    return {issuer_of(share_class) for share_class in written(fact)}


def _last_read(fact: Fact) -> str:
    """The last day of which an event may read the balances."""
    day = fact.effective.last if fact.effective else FOREVER
    record_on = fact.text("record_on")
    return min(day, parse_days(record_on).last) if record_on else day


def begins(fact: Fact) -> str:
    """The first day on which a fact may have taken effect."""
    return fact.effective.first if fact.effective else ""


def readers_of(issuers: Iterable[str], history: History) -> set[str]:
    """Issuers, and those whose registers may rest on theirs at any cut."""
    found = set(issuers)
    pending = list(found)
    while pending:
        issuer = pending.pop()
        for recorded in history.mentioning(f"issuer:{issuer}", ACROSS):
            amended = history.is_amended(recorded.key)
            if amended or issuer_of(recorded.data["share_class"]) == issuer:
                bearing = {*subjects_of(recorded.type, recorded.data), *history.moved(recorded)}
                joined = {one.id for one in map(parse_subject, bearing) if one.kind == "issuer"}
                pending += joined - found
                found |= joined
    return found
