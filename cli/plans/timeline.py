"""Timelines: the date first, one line an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cli.labels import Labels
from cli.plans.figures import UNKNOWN, dated, joined, known_words, listed
from cli.plans.lateness import late
from cli.screen import DATES, Block, Column, Line, Screen
from ledger.events.topics import topic_of
from projections.answer import Answer
from projections.rows import EventRow
from projections.subjects.conditions import absent

_COLUMNS = (
    Column("date", most=DATES),
    Column("#", "right", from_width=100),
    Column("event", wrap=True),
)
_FLAT = (
    Column("date"), Column("event"), Column("standing"), Column("known"), Column("#", "right"),
    Column("key"), Column("sources"), Column("amended by"),
)  # fmt: skip


@dataclass(frozen=True)
class TimelinePlan:
    """How a timeline is told: of what, of which kinds and days, and how much of each event.

    Disclosures are counted alone, unless they are asked for.
    """

    subject: str | None
    kinds: Sequence[str] = ()
    first: str | None = None
    last: str | None = None
    disclosed: bool = False
    sources: bool = False

    def screen(self, answer: Answer[EventRow], labels: Labels) -> Screen:
        """The events as a person reads them."""
        shown = [row for row in answer.rows if self.disclosed or not _is_disclosure(row)]
        labels.gather([row["event"] for row in shown])
        line = self._flat if labels.flat else self._line
        notes = [labels.read(note) for note in answer.notes]
        if left := len(answer.rows) - len(shown):
            told = "1 disclosure (--all shows it)" if left == 1 else f"{left} disclosures"
            notes.insert(0, told if left == 1 else f"{told} (--all shows them)")
        columns = _FLAT if labels.flat else _COLUMNS
        blocks = [Block(columns, [line(row, labels) for row in shown])] if shown else []
        return Screen(self._title(labels), blocks, notes)

    def _title(self, labels: Labels) -> str:
        subject = self.subject
        of = "Timeline" if subject is None else labels.heading(labels.kind_of(subject), subject)
        days = {
            (True, True): f"{self.first} to {self.last}",
            (True, False): f"from {self.first}",
            (False, True): f"to {self.last}",
        }.get((bool(self.first), bool(self.last)), "")
        return ", ".join(filter(None, (of, " and ".join(self.kinds), days)))

    def _line(self, row: EventRow, labels: Labels) -> Line:
        when = dated(row["effective_on"], row["at_latest"])
        sign = labels.marks.sign(row["standing"])
        cells = (
            joined(when, sign, late(row)),
            labels.linked("event", row["event"], _place(row)),
            _what(row, labels),
        )
        return Line(cells, [self._evidence(row, labels)] if self.sources else [])

    def _evidence(self, row: EventRow, labels: Labels) -> str:
        sources = [labels.name("source", source) for source in row["sources"]]
        known = f"known {known_words(row['known_on'])}" if row["known_on"] else "known always"
        cited = "; ".join(sources) or "no source"
        by = f", recorder {row['recorder']}" if "recorder" in row else ""
        return f"{labels.name('event', row['event'])}, {row['standing']}, {known}{by}: {cited}"

    def _flat(self, row: EventRow, labels: Labels) -> Line:
        sources = [labels.name("source", source) for source in row["sources"]]
        when, known = dated(row["effective_on"], row["at_latest"]), known_words(row["known_on"])
        return Line(
            (
                when, _sentence(row, labels), row["standing"], joined(known, late(row)),
                _place(row), row["event"], "; ".join(sources) or UNKNOWN,
                listed(row["amended_by"]),
            )
        )  # fmt: skip


def _place(row: EventRow) -> str:
    return UNKNOWN if row["position"] is None else str(row["position"])


def _is_disclosure(row: EventRow) -> bool:
    return topic_of(row["type"]) == "disclosures"


def _sentence(row: EventRow, labels: Labels) -> str:
    fact = labels.fact(row["event"])
    why = absent(labels.view, fact) if fact else ""
    told = labels.sentence(row["event"]) or row["what"]
    return f"{told} ({labels.read(why)})" if why else told


def _what(row: EventRow, labels: Labels) -> str:
    """An event in a sentence, and what amended it."""
    amended = listed(labels.name("event", key) for key in row["amended_by"])
    return _sentence(row, labels) + (f" (amended by {amended})" if row["amended_by"] else "")
