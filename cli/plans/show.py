"""One event whole: its sentence, its fields with names, what was recorded, its place in the log."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cli.labels import Labels
from cli.plans.figures import UNKNOWN, count, dated, joined, known_words
from cli.plans.lateness import late
from cli.screen import Block, Column, Line, Screen
from ledger.events.actor import in_words
from ledger.events.references import COMMON, REFERENCES
from ledger.model.fractions import mixed
from ledger.values.dates import is_date, worded
from ledger.values.share_counts import digits_of
from projections.answer import Answer
from projections.rows import WholeEventRow
from projections.share_rows import FractionRow
from projections.subjects.fractions import money_text
from projections.told import grouped, read

_COLUMNS = (Column(), Column(wrap=True))
_APART = ("effective_on", "known_on", "standing", "citations")  # told with the event itself
_MOST_HOLDERS = 20
_FIGURES = ("shares", "votes", "amount", "price", "per_share", "authorised", "value")


@dataclass(frozen=True)
class ShowPlan:
    """How one event is told."""

    event: str

    def screen(self, answer: Answer[WholeEventRow], labels: Labels) -> Screen:
        """The event as a person reads it."""
        (row,) = answer.rows
        stands, recorded = row["data"], row["recorded_data"]
        blocks = [
            Block(_COLUMNS, list(_itself(row, labels)), labels.sentence(row["key"]) or ""),
            Block(_COLUMNS, list(_fields(row["type"], stands or {}, labels)), "It says"),
        ]
        if stands != recorded:
            heading = "As it was recorded" if stands else "As it was recorded; it does not stand"
            lines = list(_fields(row["type"], recorded, labels, whole=True))
            blocks.append(Block(_COLUMNS, lines, heading))
        if found := row.get("fractions"):
            blocks.append(_fractions(found, labels))
        blocks.append(Block(_COLUMNS, list(_place(row)), "In the log"))
        notes = [read(note, labels.short) for note in answer.notes]
        title = f"Event {labels.event(row['key'])}, {row['type']}"
        return Screen(title, [block for block in blocks if block.lines], notes)


def _fractions(rows: Sequence[FractionRow], labels: Labels) -> Block:
    """What became of the fractions of each holder, of the first of many."""
    columns = Column("holder", wrap=True), Column("exactly", "right"), Column("became", "right")
    cash = any(row["cash"] for row in rows)
    lines = []
    for row in rows[:_MOST_HOLDERS]:
        exact = _exactly(row["exact"]) if row["exact"] else "for all fractions"
        cells = labels.title("party", row["holder"]), grouped(exact), count(row["shares"])
        due = money_text(row["cash"]) if row["cash"] else ""
        lines.append(Line((*cells, due) if cash else cells))
    more = len(rows) - len(lines)
    closing = [f"{more} holders more: --format json"] if more else []
    columns_of = (*columns, Column("cash due", "right")) if cash else columns
    return Block(columns_of, lines, "Fractions", closing)


def _itself(row: WholeEventRow, labels: Labels) -> Iterator[Line]:
    for key in row["amended_by"]:
        yield Line(("amended by", labels.event(key)))
    if row["data"] is None:
        return
    when = dated(row["effective_on"], row["at_latest"])
    yield Line(("effective", when))
    yield Line(
        ("known", joined(known_words(row["known_on"]), late(row)) if row["known_on"] else "always")
    )
    yield Line(("standing", row["standing"]))
    for source in row["sources"] or [""]:
        yield Line(("source", labels.title("source", source) if source else "none is cited"))


def _fields(
    type_name: str, data: Mapping[str, Any], labels: Labels, whole: bool = False
) -> Iterator[Line]:
    """The fields of an event with a title for each id."""
    kinds = {
        (field, part): kind for field, part, kind, _ in (*COMMON, *REFERENCES.get(type_name, ()))
    }
    for name, value in data.items():
        if name in _APART and not whole:
            continue
        for number, one in enumerate(value if isinstance(value, list) else [value]):
            shown = (
                _part(kinds, name, one, labels)
                if isinstance(one, dict)
                else _one(kinds.get((name, ""), ""), name, one, labels)
            )
            shown = worded(shown) if is_date(name) and not whole else shown
            yield Line(("" if number else name.replace("_", " "), shown))


def _part(
    kinds: Mapping[tuple[str, str], str], name: str, value: Mapping[str, Any], labels: Labels
) -> str:
    told = (
        f"{part.replace('_', ' ')} {_one(kinds.get((name, part), ''), part, one, labels)}"
        for part, one in value.items()
        if one is not None
    )
    return "; ".join(told)


def _one(kind: str, name: str, value: Any, labels: Labels) -> str:
    if value is None:
        return UNKNOWN
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if kind == "event":
        return labels.event(value)
    if kind:
        return labels.title(labels.kind_of(value) if kind == "subject" else kind, value)
    return grouped(value) if name in _FIGURES else value


def _place(row: WholeEventRow) -> Iterator[Line]:
    yield Line(("recorded at", row["recorded_at"] or "it is not recorded"))
    if actor := row.get("actor"):
        yield Line(("recorder", in_words(actor)))
    yield Line(("id", row["id"]))
    yield Line(("stream", f"{row['stream']}, version {row['version']}"))
    yield Line(("schema", str(row["schema"])))


def _exactly(number: str) -> str:
    """A number of shares before it was rounded, as it is read."""
    return count(number) if digits_of(number) else mixed(Fraction(number))
