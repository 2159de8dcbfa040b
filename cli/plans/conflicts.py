"""Conflicts: the statements that cannot all be true, the preferred one, what would settle it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from cli.labels import Labels
from cli.plans.evidence import few_sources, sources_words
from cli.plans.figures import UNKNOWN, dated, joined, known_words
from cli.screen import DATES, Block, Column, Line, Screen
from projections.answer import Answer
from projections.rows import ConflictRow, StatementRow
from projections.told import grouped, how_many, read

_COLUMNS = (
    Column(), Column("says", wrap=True), Column("date", most=DATES), Column("source", wrap=True),
    Column("known"), Column("event", from_width=100),
)  # fmt: skip
_FLAT = (
    Column("conflict", "right"), Column("about"), Column("preferred"), Column("says"),
    Column("date"), Column("standing"), Column("known"), Column("sources"), Column("event"),
    Column("kind"), Column("why preferred"), Column("to settle"),
)  # fmt: skip
_OF_EVENTS = ("step", "order", "done")  # conflicts in which the events themselves stand


@dataclass(frozen=True)
class ConflictsPlan:
    """How conflicts are told: all, or those that speak of a subject."""

    subject: str | None
    limit: int | None = None  # of how many, where they are asked page by page
    after: str | None = None

    def screen(self, answer: Answer[ConflictRow], labels: Labels) -> Screen:
        """The conflicts as a person reads them."""
        subject, rows = self.subject, answer.rows
        some = self.after is not None or len(rows) >= (self.limit or len(rows) + 1)
        count = how_many(len(rows), "conflict") if rows and not some else "Conflicts"
        of = f" about {labels.title(labels.kind_of(subject), subject)}" if subject else ""
        notes = [labels.read(note) for note in answer.notes]
        if labels.flat and rows:
            lines = [line for n, row in enumerate(rows, 1) for line in _flat(n, row, labels)]
            return Screen(count + of, [Block(_FLAT, lines)], notes)
        blocks = [_block(number, row, labels) for number, row in enumerate(rows, 1)]
        return Screen(count + of, blocks, notes)


def _block(number: int, row: ConflictRow, labels: Labels) -> Block:
    closing = f"Preferred (>): {row['why']}. To settle: {row['settle']}."
    return Block(_COLUMNS, list(_lines(row, labels)), f"{number}  {_about(row, labels)}", [closing])


def _lines(row: ConflictRow, labels: Labels) -> Iterator[Line]:
    """A line for each thing said of one day, that which is preferred first."""
    best = next(_same(one) for one in row["claims"] if one["event"] == row["preferred"])
    said = sorted(row["claims"], key=lambda one: (_same(one) != best, _same(one)))
    for _, found in groupby(said, _same):
        alike = list(found)
        one = alike[0]
        sources = [source for statement in alike for source in statement["sources"]]
        known = min((s["known_on"] or "" for s in alike), key=lambda on: on.rpartition("..")[2])
        when = dated(one["effective_on"], one["at_latest"])
        keys = [statement["event"] for statement in alike]
        cells = (
            ">" if row["preferred"] in keys else "", _says(row, one, labels),
            joined(when, labels.marks.sign(one["standing"])), few_sources(labels, sources),
            known_words(known or None), ", ".join(labels.name("event", key) for key in keys),
        )  # fmt: skip
        yield Line(cells)


def _same(statement: StatementRow) -> tuple[str, ...]:
    when = statement["effective_on"] or "", statement["at_latest"] or ""
    return *when, statement["standing"], statement["value"]


def _about(row: ConflictRow, labels: Labels) -> str:
    subject, attribute = row["subject"], row["attribute"]
    what = read(attribute, labels.short)
    what = what.replace("-of-", " of ", 1) if what != attribute else what.replace("-", " ")
    return f"{labels.name(labels.kind_of(subject), subject)}: {what}"


def _says(row: ConflictRow, statement: StatementRow, labels: Labels) -> str:
    if row["kind"] in _OF_EVENTS and statement["type"] != "claim-recorded":
        return labels.sentence(statement["event"]) or statement["value"]
    return grouped(read(statement["value"], labels.short))


def _flat(number: int, row: ConflictRow, labels: Labels) -> Iterator[Line]:
    for one in row["claims"]:
        yield Line((
            str(number), _about(row, labels),
            "preferred" if one["event"] == row["preferred"] else UNKNOWN,
            _says(row, one, labels), dated(one["effective_on"], one["at_latest"]),
            one["standing"], known_words(one["known_on"]), sources_words(labels, one["sources"]),
            one["event"], row["kind"], row["why"], row["settle"],
        ))  # fmt: skip
