"""The shape of every answer: rows, possible changes, notes; plain values, ready for any format.

An answer without rows says which of three things that means. The record tells that there is nothing
(``none``); no event tells (``not-known``); or no event of the cut tells, and its limits leave some
out that may (``hidden``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain, islice
from math import gcd
from typing import Any, Generic, NamedTuple, Self, TypeVar

from ledger.events.actor import in_words
from ledger.events.envelope import Recorded
from ledger.model.fact import STANDINGS, Fact, Possible
from ledger.model.posted import Hidden
from ledger.time.exclusions import About, hidden
from ledger.time.view import View
from ledger.values.quantities import nearest, with_point
from ledger.values.share_counts import count_text
from projections import sentences
from projections.rows import FindingRow, NamedEventRow, PossibleRow, RecorderRow
from projections.told import Rounded, Told

RowType = TypeVar("RowType")
CERTAIN = "certain"  # how an event stands that counts


class Gap(NamedTuple):
    """What no event at the cut tells, in a clause, what is missing, and where it would be told."""

    clause: str
    missing: str
    about: Sequence[About]


class Rows(list[RowType]):
    """Rows of which there may be very many, each found as it is read, and read once."""

    def __init__(self, found: Iterable[RowType]) -> None:
        super().__init__()
        self._found = iter(found)

    def __iter__(self) -> Iterator[RowType]:
        return chain(self[:], self._found)

    def __bool__(self) -> bool:
        if not len(self):
            self.extend(islice(self._found, 1))
        return len(self) > 0


@dataclass(slots=True)
class Answer(Generic[RowType]):
    """What is certain at a cut (rows), what may be (possible), and remarks (notes).

    ``warnings`` has rows too; None where the question gives none.
    ``about`` says among which events it was looked
    for, and ``hidden`` how many of these the limits of the cut leave out. ``gaps`` are told by
    ``complete``.
    """

    rows: list[RowType] = field(default_factory=list)
    possible: list[PossibleRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    warnings: list[FindingRow] | None = None
    outcome: str = "answered"
    hidden: Hidden | None = None
    about: list[About] = field(default_factory=list, repr=False, compare=False)
    gaps: list[Gap] = field(default_factory=list, repr=False, compare=False)
    _listed: set[str] = field(default_factory=set, init=False, repr=False, compare=False)
    _noted: set[str] = field(default_factory=set, init=False, repr=False, compare=False)

    def in_full(self) -> Self:
        """The same answer with all its rows read, so that they can be read again."""
        self.rows = [*self.rows]
        return self

    def add_possible(self, possible: Iterable[Possible]) -> None:
        """List facts that may stand at the cut, each once."""
        if len(self._listed) != len(self.possible):
            self._listed = {row["event"] for row in self.possible}
        for fact, why in sorted(possible, key=lambda p: p.fact.listed):
            if fact.key not in self._listed:
                self._listed.add(fact.key)
                self.possible.append({**named_event(fact), "why": why})

    def none(self, text: str) -> None:
        """Say what the record tells that there is not."""
        self.outcome = "none"
        self.note(text)

    def gap(self, clause: str, missing: str = "", about: Sequence[About] = ()) -> None:
        """Say what no event at the cut tells; without events of its own, among all of the answer's.

        ``clause`` begins with "no event" and ``missing`` names what would tell it.
        """
        self.gaps.append(Gap(clause, missing, about))

    def more(self, most: int, what: str, last: str) -> None:
        """Say that there are more than the most that are shown, and how to go on."""
        self.note(f"{most} {what} are shown, and there are more: go on with --after {last}.")

    def note(self, text: str) -> None:
        """Add a note, once; the ids in it may be marked with their kinds."""
        if len(self._noted) != len(self.notes):
            self._noted = set(self.notes)
        note = text if isinstance(text, Told) else Told(text)
        if note not in self._noted:
            self._noted.add(note)
            self.notes.append(note)


def named_event(fact: Fact) -> NamedEventRow:
    """What rows say of an event that they are not made of."""
    return {
        "event": fact.key,
        "type": fact.type,
        "effective_on": fact.since,
        "at_latest": fact.at_latest,
        "standing": fact.standing,
        "what": sentence(fact),
    }


def recorder(recorded: Recorded) -> RecorderRow:
    """What rows say of who recorded an event; nothing where the ledger does not keep that."""
    return {"recorder": in_words(recorded.actor)} if recorded.actor else {}


Completed = TypeVar("Completed", bound=Answer[Any])


def complete(view: View, answer: Completed) -> Completed:
    """The answer with what the limits of the view leave out, and with its gaps told."""
    if not answer.about:
        return answer
    answer.hidden = answer.hidden or hidden(view, answer.about)
    outcomes = {"answered" if answer.rows else answer.outcome}
    for gap in answer.gaps:
        left = hidden(view, gap.about) if gap.about else answer.hidden
        outcomes.add("hidden" if left.total else "not-known")
        answer.note(_gap_words(gap, left, view))
    answer.gaps.clear()
    if not answer.rows:
        answer.outcome = next((o for o in ("hidden", "not-known") if o in outcomes), "none")
    else:
        answer.outcome = "answered"
    return answer


def _gap_words(gap: Gap, left: Hidden, view: View) -> str:
    if left.total:
        limits = [name for name in ("as_of", "known_by", "standing") if getattr(left, name)]
        options = ", ".join(f"--{name.replace('_', '-')}" for name in limits)
        more = f"{left.total} that {'is' if left.total == 1 else 'are'} left out may"
        return f"Hidden by {options}: {gap.clause}, and {more}."
    words = f"Not known: {gap.clause}." + (f" Missing: {gap.missing}." if gap.missing else "")
    if view.cut.recorded_by:
        words += f" What was recorded after {view.cut.recorded_by} is not looked at."
    return words


def sentence(fact: Fact) -> str:
    """A fact told in one sentence, with ids."""
    return sentences.sentence(None, fact)


def qualified(value: str, qualifier: str | None) -> str:
    """A value as its qualifier has it: ``at most 15``; the plain value where it is exact."""
    if qualifier in (None, "exactly"):
        return value
    return f"{qualifier.replace('-', ' ')} {value}"


def weakest(facts: Iterable[Fact]) -> str:
    """The weakest standing among facts: what an answer made of them is worth."""
    return STANDINGS[max((fact.rank for fact in facts), default=0)]


def weakest_of(standings: Iterable[str]) -> str:
    """The weakest of some standings; the strongest where there is none."""
    return max(standings, key=STANDINGS.index, default=STANDINGS[0])


def keys(facts: Iterable[Fact]) -> list[str]:
    """The keys of the facts an answer is made of, in an order that any reload keeps."""
    return list(dict.fromkeys(fact.key for fact in sorted(facts, key=lambda f: f.listed)))


def whole(value: int | Fraction, digits: int = 0) -> str:
    """A number of shares or votes as text; a fraction that no so many digits tell stays one."""
    return count_text(value, digits)


def percentage(part: int | Fraction, base: int | Fraction, digits: int) -> str | None:
    """part of base in percent, rounded half to even; None where the base is nothing.

    One that rounding makes a round number is ``Rounded``: a whole or half percent, with one decimal
    a whole one, without decimals a multiple of five.
    """
    if base <= 0:
        return None
    over, under = _ratio(part, base)
    over *= 10 ** (digits + 2)
    number = nearest(over, under)
    text = with_point(number, digits)
    if number % (5 * 10 ** (digits - 1) if digits > 1 else 5 * (1 + digits)):
        return text
    rest = over - number * under
    return Rounded(text, rest < 0) if rest else text


def exact(part: int | Fraction, base: int | Fraction) -> str | None:
    """part / base as an exact fraction."""
    if base <= 0:
        return None
    over, under = _ratio(part, base)
    common = gcd(over, under)
    return f"{over // common}/{under // common}" if under > common else str(over // common)


def _ratio(part: int | Fraction, base: int | Fraction) -> tuple[int, int]:
    """part / base as two whole numbers."""
    return part.numerator * base.denominator, part.denominator * base.numerator
