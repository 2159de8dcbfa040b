"""One sheet as one of the tables that are understood."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from collections.abc import Mapping as Pairs
from dataclasses import dataclass, field
from typing import NamedTuple

from ledger.formats.cells import Row, Sheet
from ledger.formats.choosing import choose_rows
from ledger.formats.columns import Columns, find_columns, lose_unused
from ledger.formats.drafts import Made
from ledger.formats.elimination import kept_forms
from ledger.formats.findings import Findings
from ledger.formats.headings import fields_of
from ledger.formats.journal import FIELDS as JOURNAL_FIELDS
from ledger.formats.journal import REGISTER_FIELDS, read_journal, read_register
from ledger.formats.losses import Loss
from ledger.formats.mapping import TABLES, Mapping
from ledger.formats.parties import Parties
from ledger.formats.people import (
    BOARD_FIELDS,
    CLASS_FIELDS,
    PARTY_FIELDS,
    read_board,
    read_classes,
    read_parties,
)
from ledger.formats.records import Records, read_records
from ledger.formats.request import Request
from ledger.formats.rows import Rows
from ledger.formats.snapshot import FIELDS as SNAPSHOT_FIELDS
from ledger.formats.snapshot import Position, read_snapshot
from ledger.values.refusals import Refusal


class Kind(NamedTuple):
    """A table that is understood: its fields, and what makes events of its rows."""

    fields: Collection[str]
    read: Callable[[Rows], list[Made]] | None


KINDS: Pairs[str, Kind] = {
    "journal": Kind(JOURNAL_FIELDS, read_journal),
    "register": Kind(REGISTER_FIELDS, read_register),
    "snapshot": Kind(SNAPSHOT_FIELDS, None),
    "board": Kind(BOARD_FIELDS, read_board),
    "parties": Kind(PARTY_FIELDS, read_parties),
    "classes": Kind(CLASS_FIELDS, read_classes),
}


@dataclass
class TableRead:
    """What one table gives."""

    kind: str
    found: Findings
    standing: str = "official"
    on: str = ""
    made: Sequence[Made] = ()
    parties: Sequence[Made] = ()
    positions: Sequence[Position] = ()
    issuers: frozenset[str] = frozenset()
    rows: int = 0
    left_out: frozenset[int] = field(default_factory=frozenset)

    @property
    def objects(self) -> int:
        """The rows of the table, those left out as refused among them."""
        return self.rows + len(self.found.left_out) + self.refused

    @property
    def touched(self) -> int:
        """The rows that lost something."""
        return len(self.found.touched - self.left_out)

    @property
    def refused(self) -> int:
        """The rows left out, for they cannot be read and that is allowed."""
        return len(self.left_out)


def looks_like_table(sheet: Sheet, mapping: Mapping) -> bool:
    """Whether the headings of a table are found in a sheet."""
    found = Findings()
    find_columns(sheet, mapping, found)
    return "columns" in found.said and len(found.said["columns"]) > 1


def read_sheet(sheet: Sheet, mapping: Mapping, request: Request) -> TableRead:
    """The table of a sheet; rows that cannot be read are left out where that is allowed."""
    table = _read(sheet, mapping, request, frozenset())
    bad = table.found.bad_rows
    allowed = frozenset(
        row
        for row, fields in bad.items()
        if all(f"refused:{field}" in request.allowed for field in fields)
    )
    if not allowed:
        return table
    problems = [p for p in table.found.problems if p.row in allowed]
    table = _read(sheet, mapping, request, allowed)
    for problem in problems:
        refused = problem.refused
        loss = Loss("refused", refused.place, problem.field, "", refused.wrong)
        table.found.lose(loss, problem.row)
    table.left_out = allowed
    return table


def _read(sheet: Sheet, mapping: Mapping, request: Request, without: frozenset[int]) -> TableRead:
    found = Findings()
    if sheet.of_workbook:
        found.said["sheet"] = sheet.name
    for name in ("encoding", "delimiter", "century", "hidden", "fixed", "values", "party-kinds"):
        if mapping.has(name):
            said = mapping.said[name]
            copied = {k: dict(v) for k, v in said.items()} if name == "values" else said
            found.said[name] = copied
    for remark in sheet.remarks if not sheet.of_workbook else ():
        found.lose(Loss("assumed", sheet.name, "end-of-file", "", f"{remark}; it may be cut"))
    columns = find_columns(sheet, mapping, found)
    kind = _kind(sheet, columns, mapping, found) if columns.header else ""
    if not kind:
        return TableRead("", found)
    found.said["table"] = kind
    standing = mapping.text("standing", "official")
    found.said["standing"] = standing
    return _table(sheet, columns, kind, mapping, request, found, without)


def _table(
    sheet: Sheet,
    columns: Columns,
    kind: str,
    mapping: Mapping,
    request: Request,
    found: Findings,
    without: frozenset[int],
) -> TableRead:
    fields = [f for f in KINDS[kind].fields if f != "percent" or mapping.origin is None]
    used = {name: column for name, column in columns.of.items() if name in fields}
    chosen = choose_rows(sheet, columns, set(used.values()), mapping, found)
    kept: Sequence[Row] = [row for row in chosen.rows if row.number not in without]
    chosen = chosen._replace(rows=kept)
    if not (chosen.rows or without or found.problems or mapping.origin):
        found.refuse(
            Refusal.EMPTY, sheet.place(columns.header), "There is no row under the headings.",
            "Give a table, or name the row of its headings with header-row.",
        )  # fmt: skip
    if mapping.first:
        lose_unused(sheet, columns, mapping, used, kept, found)
    if kind != "snapshot":  # whose totals are compared
        for row in chosen.totals:
            place = sheet.place(row.number)
            found.lose(Loss("not-carried", place, "row", "", "it is of totals"), row.number)
            found.left_out.add(row.number)
    _lose_telling(sheet, used, kept, found)
    records = read_records(sheet, columns, chosen, fields, mapping, found, strict=request.strict)
    for name in ("dates", "numbers"):
        if found.said.get(name):
            found.said[name] = kept_forms(found.said[name])
    parties = Parties(request.known, request.ids, mapping, records, found)
    rows = Rows(records, mapping, found, parties, columns.headings)
    table = TableRead(kind, found, mapping.text("standing", "official"), rows=len(kept))
    read = KINDS[kind].read
    if read is not None:
        made = read(rows)
    else:
        on = mapping.text("as-of") or request.published_on or mapping.text("published-on")
        if mapping.has("as-of"):
            found.said["as-of"] = on
        snapshot = read_snapshot(rows, on)
        table.on, table.positions = on, snapshot.positions
        made = list(snapshot.asserted if request.asserting else snapshot.opened)
    if not request.comparing:
        parties.ask_kinds()
        _remark_late(records, request, mapping, found)
    table.made, table.parties = [*parties.made, *made], parties.made
    table.issuers = _issuers(made)
    return table


def _kind(sheet: Sheet, columns: Columns, mapping: Mapping, found: Findings) -> str:
    """Which table it is: said, told by its columns, or asked."""
    said = mapping.text("table")
    if said:
        return said
    has = {*columns.of, *mapping.pairs("fixed"), *mapping.pairs("columns")}
    moves = has & {"kind", "transferor", "transferee"}
    place = sheet.place(columns.header)
    if moves and has & {"shares", "share_class"}:
        return "register" if {"balance", "holder"} <= has else "journal"
    if "shares" in has and "effective_on" in has:
        found.ask(
            place, "The rows may be holdings, or shares issued on their dates.", "table: snapshot",
            "table: journal` and `fixed: {kind: shares-issued}",
        )  # fmt: skip
        return ""
    if {"holder", "shares"} <= has:
        return "snapshot"
    if "person" in has or ({"holder", "role"} <= has and "shares" not in has):
        return "board"
    if {"share_class", "votes_per_share"} <= has and "holder" not in has:
        return "classes"
    if "party" in has or {"holder", "party_kind"} <= {*columns.of}:
        return "parties"
    if "holder" in has and not moves:
        lines = ("columns: {shares: HEADING}", "class-columns: {HEADING: ISSUER/CLASS}")
        wrong = "No column says the shares; each class may have a column of its own."
        found.ask(place, wrong, *lines)
        return ""
    found.ask(place, f"The columns ({', '.join(columns.of)}) do not tell what table it is.",
              *(f"table: {kind}" for kind in TABLES))  # fmt: skip
    return ""


def _lose_telling(
    sheet: Sheet, used: Pairs[str, int], rows: Sequence[Row], found: Findings
) -> None:
    """What tells two parties apart is in no event."""
    for name in ("born", "address"):
        filled = [row.number for row in rows if name in used and row.cell(used[name]).text]
        if filled:
            place, why = sheet.column_place(used[name]), "no event holds it"
            found.lose(Loss("not-carried", place, name, "", why, len(filled)), *filled)


def _remark_late(records: Records, request: Request, mapping: Mapping, found: Findings) -> None:
    """Say where a row is of a day after the file was published, which may be a slip."""
    published = request.published_on or mapping.text("published-on")
    dates = [(line.row, line.value("effective_on")) for line in records.lines]
    late = [(row, day) for row, day in dates if published and day[:4] > published[:4]]
    if late:
        row, day = late[0]
        more = f", as are {len(late) - 1} more rows" if len(late) > 1 else ""
        found.remarks.append(
            f"{records.place(row, 'effective_on')}: {day} is in a year after the file was"
            f" published ({published}){more}."
        )


def _issuers(made: Sequence[Made]) -> frozenset[str]:
    found = {str(one.fields["share_class"]).partition("/")[0] for one in made
             if "share_class" in one.fields}  # fmt: skip
    return frozenset(
        found | {str(one.fields["company"]) for one in made if "company" in one.fields}
    )


def headed(text: str) -> bool:
    """Whether a heading is in the dictionary."""
    return bool(fields_of(text))
