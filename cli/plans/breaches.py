"""Breaches: each clause with the days on which it was broken, and by which events."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from cli.labels import Labels
from cli.plans.figures import UNKNOWN, joined
from cli.screen import DATES, Block, Column, Line, Screen
from projections.answer import Answer
from projections.obligation_rows import BreachRow

_COLUMNS = (
    Column("from", most=DATES), Column("until", most=DATES), Column("verdict"),
    Column("measured", "right"), Column("limit", "right"),
    Column("standing", from_width=120),
)  # fmt: skip
_FLAT = tuple(map(Column, (
    "agreement", "clause", "kind", "party", "issuer", "verdict", "from", "until", "measured",
    "limit", "base", "opened by", "closed by", "what", "standing",
)))  # fmt: skip


def breaches_screen(agreement: str | None, answer: Answer[BreachRow], labels: Labels) -> Screen:
    """When clauses were broken, as a person reads it."""
    of = f" of {labels.title('agreement', agreement)}" if agreement else ""
    notes = [labels.read(note) for note in answer.notes]
    if labels.flat and answer.rows:
        return Screen(
            f"Breaches{of}", [Block(_FLAT, [_flat(r, labels) for r in answer.rows])], notes
        )
    return Screen(f"Breaches{of}", list(_blocks(agreement, answer, labels)), notes)


def _blocks(agreement: str | None, answer: Answer[BreachRow], labels: Labels) -> Iterator[Block]:
    for (of, clause, kind), rows in groupby(
        answer.rows, lambda row: (row["agreement"], row["clause"], row["kind"])
    ):
        whose = "" if agreement else f", {labels.name('agreement', of)}"
        yield Block(_COLUMNS, [_line(row, labels) for row in rows], f"{clause} ({kind}){whose}")


def _line(row: BreachRow, labels: Labels) -> Line:
    verdict = joined(labels.marks.sign(row["standing"]), row["verdict"])
    figures = (
        row["from"], row["until"] or "still", verdict, row["measured"] or UNKNOWN,
        row["limit"] or UNKNOWN,
    )  # fmt: skip
    explained = "breach", row["agreement"], row["clause"]
    cells = (*(labels.figure(text, *explained) for text in figures), row["standing"])
    under = [labels.read(row["what"])]
    if opened := _event(row["opened_by"], labels):
        under.append(f"from {row['from']}: {opened}")
    if closed := _event(row["closed_by"], labels):
        under.append(f"until {row['until']}: {closed}")
    return Line(cells, under)


def _event(key: str | None, labels: Labels) -> str:
    return f"{labels.sentence(key) or key} ({labels.name('event', key)})" if key else ""


def _flat(row: BreachRow, labels: Labels) -> Line:
    names = (labels.name("party", row["party"]), labels.name("party", row["issuer"]))
    cells = (
        labels.name("agreement", row["agreement"]), row["clause"], row["kind"], *names,
        row["verdict"], row["from"], row["until"], row["measured"], row["limit"], row["base"],
        row["opened_by"], row["closed_by"], labels.read(row["what"]), row["standing"],
    )  # fmt: skip
    return Line(tuple(cell or UNKNOWN for cell in cells))
