"""The chronology: everything recorded of a company, in words, in the order in which it happened."""

from __future__ import annotations

from ledger.model.fact import Possible
from ledger.time.view import View
from projections.registers.document import Block, Column, Document, Part, Table, Value, Words
from projections.registers.wording import Wording
from projections.subjects.timeline import find_event, timeline

_COLUMNS = (
    Column("Date", "date"), Column("What happened"), Column("Known", "date"),
    Column("Entered", "date"), Column("Standing"), Column("Sources"),
)  # fmt: skip


def chronology(view: View, company: str) -> Document:
    """Every event at the cut that speaks of a company, its shares, deals and agreements."""
    wording, answer = Wording(view, company), timeline(view, company)
    rows, undated = list[tuple[Value, ...]](), list[tuple[Value, ...]]()
    for told in answer.rows:
        fact = view.fact(find_event(view, told["event"]))
        if fact is None:
            continue
        corrected = f" (corrected by {', '.join(fact.amendments)})" if fact.amendments else ""
        row: tuple[Value, ...] = (
            "" if fact.timeless else fact.when, wording.event(fact) + corrected,
            fact.known_on or "", fact.recorded.recorded_at[:10], fact.standing,
            wording.sources(fact),
        )  # fmt: skip
        (undated if fact.timeless else rows).append(row)
    parts = [Part("Events", [_table("Events", rows)])]
    if undated:
        parts.append(Part("Record-keeping", [_table("Record-keeping", undated)]))
    found = [(view.fact(find_event(view, row["event"])), row["why"]) for row in answer.possible]
    possible = [Possible(fact, why) for fact, why in found if fact is not None]
    if possible:
        parts.append(Part("Not certain at this cut", [*wording.possible("Not certain", possible)]))
    what = "Every event recorded of the company, with its dates, standing and sources."
    return Document("Chronology", wording.party(company), what, parts, answer.about)


def _table(title: str, rows: list[tuple[Value, ...]]) -> Block:
    return Table(title, _COLUMNS, rows) if rows else Words("No event is recorded at this cut.")
