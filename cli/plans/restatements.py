"""Restatements: each amendment in a sentence, and what it changed, before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cli.impact import change_words, crossing_words, event_words
from cli.labels import Labels
from cli.plans.figures import UNKNOWN
from cli.screen import Block, Column, Line, Screen
from projections.answer import Answer
from projections.rows import RestatementRow
from projections.told import read

_COLUMNS = (Column("recorded"), Column("#", "right"), Column("what", wrap=True))
_FLAT = (
    Column("recorded"), Column("#", "right"), Column("known"), Column("type"), Column("event"),
    Column("amends"), Column("kind"), Column("stands"), Column("because"), Column("what"),
)  # fmt: skip


@dataclass(frozen=True)
class RestatementsPlan:
    """How restatements are told: of a subject or an event, or all."""

    subject: str | None

    def screen(self, answer: Answer[RestatementRow], labels: Labels) -> Screen:
        """The restatements as a person reads them."""
        subject = self.subject
        of = f" of {labels.title(labels.kind_of(subject), subject)}" if subject else ""
        line = _flat if labels.flat else _line
        lines = [line(row, labels) for row in answer.rows]
        blocks = [Block(_FLAT if labels.flat else _COLUMNS, lines)] if lines else []
        notes = [read(note, labels.short) for note in answer.notes]
        return Screen(f"Restatements{of}", blocks, notes)


def _line(row: RestatementRow, labels: Labels) -> Line:
    place = labels.linked("event", row["event"], str(row["position"]))
    cells = row["recorded_at"][:10], place, _what(row, labels)
    return Line(cells, list(_changed(row, labels)))


def _what(row: RestatementRow, labels: Labels) -> str:
    told = labels.sentence(row["event"])
    if told is None:
        amended = labels.name("event", row["amends"]) if row["amends"] else "something"
        told = f"{row['type']} of {amended}: {row['because'] or 'no reason is given'}"
    return told if row["stands"] else f"{told} (it does not stand)"


def _changed(row: RestatementRow, labels: Labels) -> Iterator[str]:
    """What an amendment changed, a sentence for each thing."""
    changed = row["changed"]
    for lines in (event_words, change_words, crossing_words):
        yield from lines(changed, labels)
    yield from changed["notes"]
    if not any((changed["events"], changed["changes"], changed["crossings"])):
        yield "changed no answer"


def _flat(row: RestatementRow, labels: Labels) -> Line:
    cells = (
        row["recorded_at"], str(row["position"]), row["known_on"] or UNKNOWN, row["type"],
        row["event"], row["amends"] or UNKNOWN, row["kind"] or UNKNOWN,
        "yes" if row["stands"] else "no", row["because"] or UNKNOWN, _what(row, labels),
    )  # fmt: skip
    return Line(cells, list(_changed(row, labels)))
