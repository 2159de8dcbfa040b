"""Which row has the headings, and which column has which field: said, known, or asked."""

from __future__ import annotations

from collections.abc import Mapping as Pairs
from collections.abc import Sequence
from typing import NamedTuple

from ledger.formats.cells import Row, Sheet, column_of, letters
from ledger.formats.findings import Findings
from ledger.formats.headings import fields_of, folded, is_multiple, is_of_options
from ledger.formats.losses import Loss
from ledger.formats.mapping import Mapping
from ledger.formats.yaml_text import scalar
from ledger.values.refusals import Refusal, nearest, shown

HEADED_WITHIN = 20
COUNTED = ("shares", "balance", "authorised")


class Columns(NamedTuple):
    """The row of the headings and the column of each field that has one."""

    header: int
    of: Pairs[str, int]
    headings: Pairs[int, str]


def find_columns(sheet: Sheet, mapping: Mapping, found: Findings) -> Columns:
    """The columns of a table; what is open or missing is among the findings."""
    header = _header(sheet, mapping, found)
    if header is None:
        return Columns(0, {}, {})
    headings = {n: cell.text for n, cell in enumerate(header.cells) if cell.text}
    for column, cell in enumerate(header.cells):
        if cell.kind in ("error", "uncomputed"):
            found.refuse(
                Refusal.SYNTAX, sheet.place(header.number, column),
                "This heading has no value.", "Write the heading.",
            )  # fmt: skip
    columns = _named(sheet, header, headings, mapping, found)
    columns |= _known(sheet, header, headings, mapping, columns, found)
    if "shares" not in columns and "balance" in columns:
        columns["shares"] = columns.pop("balance")
    for field in COUNTED:
        if field in columns and is_multiple(headings.get(columns[field], "")):
            found.refuse(
                Refusal.BAD_NUMBER, sheet.place(header.number, columns[field]),
                f"{shown(headings[columns[field]])} counts in multiples.",
                "Write whole numbers of shares, and say so in the heading.", field,
            )  # fmt: skip
    found.said["header-row"] = str(header.number)
    ordered = dict(sorted(columns.items(), key=lambda item: item[1]))
    found.said["columns"] = {f: _name(c, headings) for f, c in ordered.items()}
    return Columns(header.number, ordered, headings)


def lose_unused(
    sheet: Sheet,
    columns: Columns,
    mapping: Mapping,
    used: Pairs[str, int],
    rows: Sequence[Row],
    found: Findings,
) -> None:
    """Note each column that nothing uses and that has anything in it."""
    width = max((len(row.cells) for row in rows), default=0)
    unused = []
    for column in range(max([width, *(c + 1 for c in columns.headings)], default=0)):
        heading = _name(column, columns.headings)
        of_class = mapping.origin is not None and heading in mapping.origin.pairs("class-columns")
        if column in used.values() or of_class:
            continue
        filled = [row.number for row in rows if row.cell(column).kind != "blank"]
        if column in columns.headings:
            unused.append(heading)
        if not filled:
            continue
        field = next((f for f, c in columns.of.items() if c == column), folded(heading) or heading)
        why = "no event of this table holds it"
        if is_of_options(heading):
            why = "there are no events for dilution, options and vesting yet"
        example = next(row.cell(column).text for row in rows if row.number == filled[0])
        loss = Loss("not-carried", sheet.column_place(column), field, example, why, len(filled))
        found.lose(loss, *filled)
    if unused:
        found.said["unused"] = unused


def _header(sheet: Sheet, mapping: Mapping, found: Findings) -> Row | None:
    if mapping.has("header-row"):
        wanted = int(mapping.text("header-row"))
        header = next((row for row in sheet.rows if row.number == wanted), None)
        if header is None or not header.cells:
            found.refuse(
                Refusal.EMPTY, sheet.place(wanted), "There is no heading in this row.",
                "Name the row of the headings with header-row.",
            )  # fmt: skip
            return None
        return header
    named = {folded(heading) for heading in mapping.pairs("columns").values()}
    best, most = None, 0
    for row in sheet.rows[:HEADED_WITHIN]:
        fields = {f for cell in row.cells if cell.kind == "text" for f in fields_of(cell.text)}
        fields |= {c.text for c in row.cells if c.kind == "text" and folded(c.text) in named}
        if len(fields) > most:
            best, most = row, len(fields)
    if best is None or (most < 2 and not named):
        first = next((row.number for row in sheet.rows if row.cells), 1)
        found.ask(
            sheet.place(first), f"No row of the first {HEADED_WITHIN} has two known headings.",
            "header-row: 1", "columns: {holder: HEADING, shares: HEADING}",
        )  # fmt: skip
        return None
    return best


def _named(
    sheet: Sheet, header: Row, headings: Pairs[int, str], mapping: Mapping, found: Findings
) -> dict[str, int]:
    """The columns that the mapping names; refused is one that is not there."""
    columns: dict[str, int] = {}
    for field, heading in mapping.pairs("columns").items():
        if heading.startswith("=") and (column := column_of(heading[1:])) >= 0:
            columns[field] = column
            continue
        same = [c for c, text in headings.items() if text == heading]
        same = same or [c for c, text in headings.items() if folded(text) == folded(heading)]
        if len(same) == 1:
            columns[field] = same[0]
        elif same:
            _ask_which(sheet, header, field, same, headings, found, by_letter=True)
            columns[field] = same[0]  # for now, so that the rest is looked at
        else:
            listed = ", ".join(shown(text, 30) for text in [*headings.values()][:12])
            close = nearest(heading, headings.values()) or f"The headings are {listed}."
            found.refuse(
                Refusal.MISSING_FIELD, sheet.place(header.number),
                f"The mapping names the column {shown(heading)} for {field}, and there is none.",
                f"{close} Name it as it is called now, or take it out of the mapping.", field,
            )  # fmt: skip
    taken = list(columns.values())
    for field, column in columns.items():
        if taken.count(column) > 1:
            found.refuse(
                Refusal.FIELDS_DISAGREE, sheet.place(header.number, column),
                f"The mapping reads {shown(headings.get(column, ''))} as two fields.",
                "Name one field for it.", field,
            )  # fmt: skip
    return columns


def _known(
    sheet: Sheet,
    header: Row,
    headings: Pairs[int, str],
    mapping: Mapping,
    named: Pairs[str, int],
    found: Findings,
) -> dict[str, int]:
    """The columns of known headings, of fields that the mapping does not name."""
    unused = {folded(text) for text in mapping.names("unused")}
    candidates: dict[str, list[int]] = {}
    for column, heading in headings.items():
        if column in named.values() or folded(heading) in unused or is_of_options(heading):
            continue
        for field in fields_of(heading):
            if field not in named and field not in mapping.pairs("columns"):
                candidates.setdefault(field, []).append(column)
    columns: dict[str, int] = {}
    for field, where in candidates.items():
        if len(where) > 1:
            _ask_which(sheet, header, field, where, headings, found)
            columns[field] = where[0]  # for now, so that the rest is looked at
        elif field in mapping.pairs("fixed"):
            heading = headings[where[0]]
            found.ask(
                sheet.place(header.number, where[0]),
                f"{field} is fixed by the mapping, and {shown(heading)} may say it too.",
                f"unused: [{scalar(heading)}]",
            )
        else:
            columns[field] = where[0]
    return columns


def _ask_which(
    sheet: Sheet,
    header: Row,
    field: str,
    where: Sequence[int],
    headings: Pairs[int, str],
    found: Findings,
    *,
    by_letter: bool = False,
) -> None:
    texts = [headings[column] for column in where]
    by_letter = by_letter or len(set(map(folded, texts))) < len(texts)
    names = [f"={letters(column)}" if by_letter else headings[column] for column in where]
    places = ", ".join(sheet.place(header.number, column) for column in where)
    found.ask(
        places,
        f"{len(where)} columns may be {field}: {', '.join(map(shown, texts))}.",
        *(f"columns: {{{field}: {scalar(name)}}}" for name in names),
        field=field,
    )


def _name(column: int, headings: Pairs[int, str]) -> str:
    """A column as the mapping names it: by its heading, or where others have it too, its letter."""
    heading = headings.get(column, "")
    same = [text for text in headings.values() if folded(text) == folded(heading)]
    return heading if heading and len(same) == 1 else f"={letters(column)}"
