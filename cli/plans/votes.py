"""Votes: held and what may be cast of them, each reduction under its row, and the totals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cli.labels import Labels
from cli.plans.figures import UNKNOWN, count, span
from cli.screen import Block, Column, Line, Screen
from projections.answer import percentage
from projections.rows import VoteRow
from projections.subjects.ballots import EXCEPT
from projections.subjects.votes import AGREES, VotesAnswer, totals_note

_COLUMNS = (
    Column("holder", wrap=True), Column("id", from_width=100), Column("votes held", "right"),
    Column("held %", "right"), Column("before caps", "right", from_width=120),
    Column("may cast", "right"), Column("% of all", "right"),
)  # fmt: skip
_FLAT = (
    Column("holder"), Column("id"), Column("votes held", "right"), Column("held %", "right"),
    Column("before caps", "right"), Column("% before caps", "right"), Column("may cast", "right"),
    Column("% of all", "right"),
)  # fmt: skip
_RANGES = tuple(
    Column(heading, "right")
    for heading in ("held, low", "held, high", "may cast, low", "may cast, high")
)
WHOLES = "Held %: of votes held. % of all: of the votes that can be cast before caps"
_FLAT_WHOLES = (
    "Held %: of votes held. % before caps and % of all: of the votes that can be cast before caps"
)
_AGREE = f"{AGREES}."  # of every base that the figure can be of
_NEUTRAL = ", which include those that a trustee casts neutrally"


@dataclass(frozen=True)
class VotesPlan:
    """How the votes in an issuer are told."""

    issuer: str
    digits: int
    ranged: bool

    def screen(self, answer: VotesAnswer, labels: Labels) -> Screen:
        """The votes as a person reads them."""
        exceptions: list[str] = []
        ranged = self._has_ranges(answer)
        title = f"Votes in {labels.heading('party', self.issuer)}"
        if labels.flat:
            columns = (*_FLAT, *(_RANGES if ranged else ()), Column("reasons"))
            lines = [self._flat(row, labels, ranged) for row in answer.rows]
        else:
            columns = _COLUMNS
            lines = [self._line(row, labels, exceptions) for row in answer.rows]
            lines += self._total(answer, labels)
        foot = list(self._foot(answer, labels)) if answer.rows and not labels.flat else []
        notes = [*exceptions, *foot, *self._notes(answer, labels)]
        return Screen(title, [Block(columns, lines)] if lines else [], notes)

    def _line(self, row: VoteRow, labels: Labels, exceptions: list[str]) -> Line:
        cells = (
            self._holder(row, labels), row["holder"],
            *(self._figure(row, text, labels) for text in (
                count(row["votes"]), row["votes_percent"] or UNKNOWN, count(row["exercisable"]),
                count(row["after_caps"]), row["after_caps_percent"] or UNKNOWN,
            )),
        )  # fmt: skip
        return Line(cells, [*reasons(row["reasons"], labels, exceptions), *self._range(row)])

    def _figure(self, row: VoteRow, text: str, labels: Labels) -> str:
        """A figure of a holder, which leads to its explanation; that of several has none."""
        return text if row["group"] else labels.figure(text, "votes", self.issuer, row["holder"])

    def _flat(self, row: VoteRow, labels: Labels, ranged: bool) -> Line:
        ranges: tuple[str, ...] = ()
        if ranged:
            ends = (
                row["votes_low"],
                row["votes_high"],
                row["after_caps_low"],
                row["after_caps_high"],
            )
            ranges = tuple(map(count, ends))
        return Line((
            self._holder(row, labels), row["holder"], count(row["votes"]),
            row["votes_percent"] or UNKNOWN, count(row["exercisable"]),
            row["exercisable_percent"] or UNKNOWN, count(row["after_caps"]),
            row["after_caps_percent"] or UNKNOWN, *ranges,
            "; ".join(map(labels.read, row["reasons"])) or UNKNOWN,
        ))  # fmt: skip

    def _holder(self, row: VoteRow, labels: Labels) -> str:
        if row["group"] is not None:
            names = [labels.short("party", one) for one in row["group"]]
            return f"{', '.join(names[:-1])} and {names[-1]} together"
        return "Treasury" if row["holder"] == row["issuer"] else labels.name("party", row["holder"])

    def _total(self, answer: VotesAnswer, labels: Labels) -> Iterator[Line]:
        if answer.held is None or answer.castable is None:
            return
        able, used = _exercisable(answer), answer.usable
        held = percentage(answer.held, answer.held, self.digits) or UNKNOWN
        cast = None if used is None else percentage(used, answer.castable, self.digits)
        of_all, can, do = (count(n, answer.digits) for n in (answer.held, able, used))
        figures = (of_all, held, can, do, cast or UNKNOWN)
        over_time = f"votes {self.issuer} --totals"
        yield Line(("Total", "", *(labels.command(over_time, text) for text in figures)))

    def _has_ranges(self, answer: VotesAnswer) -> bool:
        """Whether ranges were asked for and worked out; what was only disclosed has none."""
        return self.ranged and all("votes_low" in row for row in answer.rows)

    def _range(self, row: VoteRow) -> Iterator[str]:
        if "votes_low" not in row:
            return
        held = row["votes_low"], row["votes_high"]
        cast = row["after_caps_low"], row["after_caps_high"]
        if len({row["votes"], *held}) > 1:
            yield f"holds {span(*held)} votes"
        if len({row["after_caps"], *cast}) > 1:
            yield f"may cast {span(*cast)} votes"

    def _foot(self, answer: VotesAnswer, labels: Labels) -> Iterator[str]:
        if answer.castable is not None:
            if answer.castable != answer.usable:
                yield f"{count(answer.castable, answer.digits)} votes can be cast before caps."
            neutral = answer.castable != _exercisable(answer)
            yield f"{WHOLES}{_NEUTRAL if neutral else ''}."
        yield f"More: explain votes {self.issuer} HOLDER"
        if self._has_ranges(answer):
            yield "Where no range is given, no other figure is possible."

    def _notes(self, answer: VotesAnswer, labels: Labels) -> Iterator[str]:
        """The remarks without those that the table tells; disclosures that agree are counted."""
        notes, agreeing = answer.notes, 0
        if answer.held is not None and answer.castable is not None:
            told = totals_note(self.issuer, answer.held, answer.castable, answer.digits)
            notes = [note for note in notes if note != told]
            if labels.flat:
                held, cast = (count(n, answer.digits) for n in (answer.held, answer.castable))
                yield f"{held} votes held, {cast} can be cast."
                yield f"{_FLAT_WHOLES}{_NEUTRAL}."
            else:
                agreeing = sum(note.endswith(_AGREE) for note in notes)
                notes = [note for note in notes if not note.endswith(_AGREE)]
        yield from map(labels.read, notes)
        if agreeing:
            figures = "1 disclosed figure agrees" if agreeing == 1 else None
            yield f"{figures or f'{agreeing} disclosed figures agree'} with the count."


def _exercisable(answer: VotesAnswer) -> Fraction:
    """The votes that all accounts may cast before caps; several together are counted once."""
    own = (row["exercisable"] for row in answer.rows if row["group"] is None)
    return sum((Fraction(one or 0) for one in own), Fraction())


def reasons(told: Sequence[str], labels: Labels, exceptions: list[str]) -> Iterator[str]:
    """Why votes are more or fewer than shares; what limits a reason goes to a numbered note."""
    plain = [reason for reason in told if not reason.startswith(EXCEPT)]
    limiting = [reason.removeprefix(EXCEPT) for reason in told if reason not in plain]
    words = "; ".join(map(labels.read, plain))
    if limiting:
        note = "; ".join(limiting)
        numbers = [n for n, one in enumerate(exceptions, 1) if one == f"({n}) Except {note}."]
        number = f"({numbers[0] if numbers else len(exceptions) + 1})"
        exceptions += [] if numbers else [f"{number} Except {note}."]
        words = f"{words} {number}"
    if words:
        yield words
