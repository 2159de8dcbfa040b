"""Power: a line for each player in a vote, then the smallest coalitions that win."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cli.labels import Labels
from cli.plans.figures import UNKNOWN, count, listed, trimmed
from cli.screen import Block, Column, Line, Screen
from projections.answer import Answer
from projections.control_rows import PowerRow

_COLUMNS = (
    Column(wrap=True), Column("votes", "right"), Column("%", "right"), Column("swings", "right"),
    Column("Banzhaf %", "right"), Column("Shapley %", "right"), Column("minimal", from_width=100),
    Column("veto", yields=1),
)  # fmt: skip
_COALITIONS = (Column(wrap=True), Column("votes", "right"), Column("%", "right"))
_REST = "the rest"
_LONGEST = 13  # digits of a number that is written whole


@dataclass(frozen=True)
class PowerPlan:
    """How the power to decide in an issuer is told."""

    issuer: str

    def screen(self, answer: Answer[PowerRow], labels: Labels) -> Screen:
        """Players and coalitions as a person reads them."""
        title = f"Power in {labels.heading('party', self.issuer)}"
        notes = [labels.read(note) for note in answer.notes]
        return Screen(title, list(_blocks(answer, labels, self.issuer)), notes)


def _blocks(answer: Answer[PowerRow], labels: Labels, issuer: str) -> Iterator[Block]:
    players = [row for row in answer.rows if row["kind"] != "coalition"]
    coalitions = [row for row in answer.rows if row["kind"] == "coalition"]
    if players:
        yield trimmed(Block(_COLUMNS, [_player(row, labels, issuer) for row in players]))
    if coalitions:
        lines = [_coalition(row, labels, issuer) for row in coalitions]
        yield Block(_COALITIONS, lines, "Coalitions that lose without any of their members")


def _player(row: PowerRow, labels: Labels, issuer: str) -> Line:
    holder, together = row["holder"], [one for one in row["parties"] if one != row["holder"]]
    name = labels.name("party", holder) if holder else _REST
    under = listed(labels.short("party", one) for one in together)
    figures = (
        count(row["votes"]), row["percent"] or UNKNOWN, _number(row["swings"]),
        row["banzhaf"] or UNKNOWN, row["shapley"] or UNKNOWN, row["in_minimal"] or UNKNOWN,
        row["veto"] or UNKNOWN,
    )  # fmt: skip
    led = [
        labels.figure(text, "votes", issuer, holder)
        if holder
        else labels.command(f"votes {issuer}", text)
        for text in figures
    ]
    cells = name, *led
    return Line(cells, [f"{'with' if holder else 'of'} {under}"] if together else [])


def _coalition(row: PowerRow, labels: Labels, issuer: str) -> Line:
    names = [labels.short("party", one) for one in row["parties"]]
    names += [_REST] if row["with_rest"] == "yes" else []
    figures = count(row["votes"]), row["percent"] or UNKNOWN
    votes = f"votes {issuer}"
    return Line((" + ".join(names), *(labels.command(votes, text) for text in figures)))


def _number(digits: str | None) -> str:
    """A count; of a very long one its first digits and how many follow."""
    if digits is None or len(digits) <= _LONGEST:
        return count(digits)
    return f"{digits[0]}.{digits[1:4]}e{len(digits) - 1}"
