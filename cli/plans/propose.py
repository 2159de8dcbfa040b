"""Proposals: what each clause says of events, the gravest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import groupby
from typing import Any

from cli.labels import Labels
from cli.plans.figures import UNKNOWN
from cli.screen import Block, Column, Line, Screen
from projections.answer import Answer
from projections.obligation_rows import IN_WORDS, VerdictRow

_COLUMNS = (
    Column("clause", wrap=True), Column("kind"), Column("measured", "right"),
    Column("limit", "right"), Column("from"), Column("until"),
)  # fmt: skip
_FLAT = tuple(map(Column, (
    "verdict", "agreement", "clause", "kind", "party", "issuer", "needs", "of", "shares",
    "measured", "limit", "base", "from", "until", "what", "event",
)))  # fmt: skip


def proposal_screen(answer: Answer[VerdictRow], labels: Labels) -> Screen:
    """The verdicts of clauses as a person reads them."""
    notes = [labels.read(note) for note in answer.notes]
    if labels.flat and answer.rows:
        return Screen("Proposed", [Block(_FLAT, [_flat(r, labels) for r in answer.rows])], notes)
    blocks = [
        Block(
            _COLUMNS, [_line(row, labels) for row in rows if not in_words(row)], _heading(verdict),
            list(to_be_read(rows, partial(labels.name, "agreement"))),
        )
        for verdict, found in groupby(answer.rows, lambda row: row["verdict"])
        for rows in [list(found)]
    ]  # fmt: skip
    return Screen("Proposed", blocks, notes)


def to_be_read(rows: Iterable[Mapping[str, Any]], name: Callable[[str], str]) -> Iterator[str]:
    """The clauses that no rule can test, being in words, an agreement each."""
    read = [row for row in rows if in_words(row)]
    for agreement, found in groupby(read, lambda row: str(row["agreement"] or "")):
        clauses = ", ".join(dict.fromkeys(f"{one['clause']} ({one['kind']})" for one in found))
        yield f"In words, to be read: {clauses} of {name(agreement)}."


def in_words(row: Mapping[str, Any]) -> bool:
    """Whether what a clause says of an event is to be read."""
    return str(row["what"]).startswith(IN_WORDS)


def _heading(verdict: str) -> str:
    return verdict[0].upper() + verdict[1:]


def _line(row: VerdictRow, labels: Labels) -> Line:
    cells = (
        row["clause"] or UNKNOWN, row["kind"], row["measured"] or UNKNOWN, row["limit"] or UNKNOWN,
        row["from"] or UNKNOWN, row["until"] or UNKNOWN,
    )  # fmt: skip
    whose = f" ({labels.name('agreement', row['agreement'])})" if row["agreement"] else ""
    return Line(cells, [f"{labels.read(row['what'])}{whose}"])


def _flat(row: VerdictRow, labels: Labels) -> Line:
    of = ", ".join(labels.name(labels.kind_of(one), one) for one in row["of"])
    cells = (
        row["verdict"], labels.name("agreement", row["agreement"]), row["clause"], row["kind"],
        labels.name("party", row["party"]), labels.name("party", row["issuer"]), row["needs"], of,
        row["shares"], row["measured"], row["limit"], row["base"], row["from"], row["until"],
        labels.read(row["what"]), row["event"],
    )  # fmt: skip
    return Line(tuple(cell or UNKNOWN for cell in cells))
