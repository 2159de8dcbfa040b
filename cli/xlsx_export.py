"""The answers at a cut as one workbook: a sheet for each, with names beside ids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from cli.context import looked_up, view_at
from cli.labels import Labels
from cli.plans.held import DEPOSITARY, depositary, for_whom
from cli.printing.sheet import proofs_of, sheet
from cli.printing.xlsx import xlsx
from cli.render import heading
from ledger.storage.atomic_file import create
from ledger.storage.server import Place
from ledger.time.exclusions import everything
from ledger.time.view import Cut, View
from ledger.values.dates import worded
from projections.answer import Answer, complete
from projections.columns import NAMED
from projections.questions import QUESTIONS, answers
from projections.registers.document import Column, Document, Kind, Part, Table, Value, Words
from projections.rows import Row
from projections.subjects.balances import owners_of, trustees_of
from projections.told import read


class Layout(NamedTuple):
    """A sheet: its title, whose rows it has, of which kinds (all, if none are named), and the
    columns; one whose word ends in ``!`` is told "not recorded" where it has no value."""

    title: str
    question: str
    columns: str
    kinds: tuple[str, ...] = ()


LAYOUTS = (
    Layout(
        "Holdings", "holdings", "issuer share_class! holder shares! qualifier percent! percent_of"
        " capacity basis_detail issued outstanding treasury standing",
    ),
    Layout(
        "Votes", "votes", "issuer holder votes! votes_percent! exercisable! exercisable_percent"
        " after_caps! after_caps_percent reasons",
    ),
    Layout(
        "Fully diluted", "diluted", "issuer kind holder pool as_converted vested unvested diluted!"
        " percent! percent_without_pool at_caps percent_at_caps standing",
    ),
    Layout(
        "Rights in shares", "rights", "right kind share_class holder party shares voting votes_by"
        " dividends_to disposal_by until since! standing",
    ),
    Layout(
        "Board", "governance", "company kind party person role since! until standing",
        ("seat", "director", "officer"),
    ),
    Layout(
        "Agreements", "governance", "company kind agreement clause party text title percent since!"
        " standing", ("agreement", "clause"),
    ),
    Layout(
        "Meetings", "meetings", "company kind subject meeting held_on body title status votes_for"
        " votes_against abstained percent_for record_on majority standing",
    ),
    Layout(
        "Deals", "deals", "deal kind subject party status since! qualifier amount currency"
        " committed paid percent expected last_heard standing",
    ),
    Layout(
        "Offers", "offer", "offer holder held entitlement accepted option price taken moved since"
        " at_latest standing note",
    ),
    Layout(
        "Pending", "pending", "deal kind subject party status expected amount currency last_heard"
        " standing",
    ),
    Layout(
        "Claims", "claims", "subject attribute value unit qualifier effective_on! known_on standing"
        " preferred others note",
    ),
    Layout(
        "Timeline", "timeline", "effective_on what standing event position known_on recorded_at"
        " sources",
    ),
)  # fmt: skip
_DATES = ("since", "until", "effective_on", "known_on", "expected", "last_heard", "at_latest")
_NUMBERS = (
    *("shares", "issued", "outstanding", "treasury", "votes", "exercisable", "after_caps"),
    *("amount", "committed", "paid", "position", "others"),
    *("held", "entitlement", "accepted", "taken", "moved"),
)
_EXACT = {  # percentages of which the whole fraction is known, by question and column
    ("holdings", "percent"): "percent_exact",
    ("votes", "votes_percent"): "votes_percent_exact",
}
_FIGURE = re.compile(r"[0-9]+(/[0-9]+)?")
_WHAT = (
    "The answers at one cut, a sheet for each question. An empty cell is of what does not apply or"
    " was not said. Possible lists what may count and is in no other sheet."
)


def export_xlsx(ledger: Place, file: Path, cut: Cut) -> dict[str, int]:
    """Write the answers at a cut into a new workbook; the number of rows of each sheet."""

    def made(view: View) -> tuple[bytes, dict[str, int]]:
        document = answers_document(view)
        written = xlsx(sheet(view, document, proofs_of(ledger, view)))
        return written, {table.title: len(table.rows) for table in document.tables}

    content, counts = looked_up(ledger, lambda index: made(view_at(index, cut)))
    create(file, content)
    return counts


def answers_document(view: View) -> Document:
    """Every answer at a view's cut as a table, with their remarks."""
    labels = Labels(view)
    rows: dict[str, list[Row]] = {layout.question: [] for layout in LAYOUTS}
    notes, possible = list[tuple[Value, ...]](), list[tuple[Value, ...]]()
    for name, answer in _answers(view):
        rows[name.partition(" ")[0]] += answer.rows
        notes += [(name, read(note, labels.name)) for note in answer.notes]
        possible += _possible(name, answer, labels)
    tables = [_table(layout, rows[layout.question], labels) for layout in LAYOUTS]
    tables.append(Table("Possible", _columns("question event date! standing what why"), possible))
    tables.append(Table("Notes", _columns("question note"), notes))
    parts = [Part("What it is", [Words(_WHAT)]), Part("Sheets", [*tables])]
    return Document("Answers", "The ledger", "every question at one cut", parts, [everything(view)])


def _answers(view: View) -> Iterator[tuple[str, Answer[Row]]]:
    yield from answers(view)
    whole = QUESTIONS["timeline"].whole
    if whole is not None:
        yield "timeline", complete(view, whole(view))


def _possible(name: str, answer: Answer[Row], labels: Labels) -> Iterator[tuple[Value, ...]]:
    for row in answer.possible:
        what = labels.sentence(row["event"]) or row["what"]
        date = row["effective_on"] and worded(row["effective_on"])
        yield name, row["event"], date, row["standing"], what, read(row["why"], labels.name)


def _columns(words: str, question: str = "") -> tuple[Column, ...]:
    """Columns under their headings; beside one of ids stands one of names."""
    found = list[Column]()
    for word in words.split():
        name = word.rstrip("!")
        found.append(Column(heading(name), _kind(question, name)))
        if name in NAMED:
            found.append(Column(f"{heading(name)} id"))
    return tuple(found)


def _kind(question: str, name: str) -> Kind:
    if (question, name) in _EXACT:
        return "percent"
    return "date" if name in _DATES else "number" if name in _NUMBERS else "text"


def _table(layout: Layout, rows: Iterable[Row], labels: Labels) -> Table:
    chosen = (row for row in rows if not layout.kinds or row["kind"] in layout.kinds)
    lines = [tuple(_values(row, layout, labels)) for row in chosen]
    return Table(layout.title, _columns(layout.columns, layout.question), lines)


def _values(row: Row, layout: Layout, labels: Labels) -> Iterator[Value]:
    for word in layout.columns.split():
        name = word.rstrip("!")
        exact = row.get(_EXACT.get((layout.question, name), ""))
        value = Fraction(exact) * 100 if exact else _value(row, name, labels)
        yield None if value == "" and word != name else value
        if name in NAMED:
            yield _joined(row.get(name))


def _value(row: Row, name: str, labels: Labels) -> Value:
    value = row.get(name)
    if value is None:
        return ""
    if name in NAMED:
        kind = NAMED[name] or str(row.get("kind") or labels.kind_of(str(value)))
        ids = value if isinstance(value, list) else str(value).split(", ")
        return "; ".join(labels.name(kind, id) for id in ids)
    if name == "capacity" and row["trustee"]:
        owners, trustees = map(labels.parties, (owners_of(row), trustees_of(row)))
        ended = ", which has ended" if str(value).startswith("ended") else ""
        return f"in trust for {owners}, trustee {trustees}{ended}"
    if name == "capacity" and str(value).startswith(DEPOSITARY):
        return depositary(str(value), labels)
    if name == "capacity" and "beneficiaries" in row:
        return f"for {for_whom(row, labels)}"
    if name == "what":
        return labels.sentence(row["event"]) or str(value)
    if name in _DATES:
        return worded(str(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name in _NUMBERS and _FIGURE.fullmatch(str(value)):
        exact = Fraction(str(value))
        return exact.numerator if exact.denominator == 1 else exact
    return _joined(value, labels)


def _joined(value: object, labels: Labels | None = None) -> str:
    """One value or several as text; ids in it by name where labels are given."""
    several = value if isinstance(value, list) else [] if value is None else [value]
    texts = [one if isinstance(one, str) else str(one) for one in several]
    return "; ".join(read(text, labels.name) if labels else text for text in texts)
