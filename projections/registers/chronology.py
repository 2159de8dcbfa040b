"""The chronology: everything recorded of a company, in words, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.model.fact import Fact
from ledger.time.view import View
from projections.registers.document import Block, Column, Document, Part, Table, Value, Words
from projections.registers.wording import Wording
from projections.subjects.timeline import between, subjects_about

_COLUMNS = (
    Column("#", "number"), Column("Date", "date"), Column("What happened"),
    Column("Sources", under=True), Column("Known", "date"), Column("Entered", "date"),
    Column("Standing"),
)  # fmt: skip


def chronology(view: View, company: str) -> Document:
    """Every event at the cut that speaks of a company, its shares, deals and agreements."""
    wording, (facts, possible) = Wording(view, company), between(view, company)
    parts = [Part("Events", [events("Events", wording, (f for f in facts if not f.timeless))])]
    if kept := [fact for fact in facts if fact.timeless]:
        parts.append(Part("Record-keeping", [events("Record-keeping", wording, kept)]))
    if possible:
        parts.append(Part("Not certain at this cut", [*wording.possible("Not certain", possible)]))
    what = "Every event recorded of the company, with its dates, standing and sources."
    about = [(subjects_about(view, company), None)]
    return Document("Chronology", wording.party(company), what, parts, about)


def events(title: str, wording: Wording, facts: Iterable[Fact], *more: str) -> Block:
    """A table of events in words, with empty columns more, to be filled in by hand."""
    rows = [(*_row(wording, fact), *("" for _ in more)) for fact in facts]
    columns = (*_COLUMNS, *map(Column, more))
    return Table(title, columns, rows) if rows else Words("No event is recorded at this cut.")


def _row(wording: Wording, fact: Fact) -> tuple[Value, ...]:
    corrected = f" (corrected: {', '.join(fact.amendments)})" if fact.amendments else ""
    known = (fact.known_on or "").replace("..", " to ").removeprefix(" to ")
    return (
        fact.recorded.position, "" if fact.timeless else fact.when,
        wording.event(fact) + corrected, wording.sources(fact), known,
        fact.recorded.recorded_at[:10], fact.standing,
    )  # fmt: skip
