"""Which rows of a sheet are read: from the headings to the end, without totals and hidden ones."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from ledger.formats.cells import Merged, Row, Sheet, letters
from ledger.formats.columns import Columns
from ledger.formats.findings import Findings
from ledger.formats.headings import folded, is_total
from ledger.formats.losses import Loss
from ledger.formats.mapping import Mapping, row_range
from ledger.values.refusals import Refusal

NONE = ("", "0", "-", "\u2013", "\u2014")  # cells of a class of which a row has no shares


class Chosen(NamedTuple):
    """The rows of a table, and those of its totals."""

    rows: Sequence[Row]
    totals: Sequence[Row]


def choose_rows(
    sheet: Sheet, columns: Columns, used: Collection[int], mapping: Mapping, found: Findings
) -> Chosen:
    """The rows to be read; what is left out is a loss, what is open a problem."""
    rows = _within(sheet, columns, used, mapping, found)
    if mapping.origin is not None:  # of the class of this column a row may have none
        column = columns.of.get("shares", -1)
        rows = [
            row for row in rows if row.cell(column).text not in NONE or row.cell(column).formula
        ]
    _check_merged(sheet, columns, rows, used, mapping, found)
    rows = _shown(sheet, rows, used, mapping, found)
    totals = [row for row in rows if _is_total(row, columns, used, mapping)]
    if words := _total_words(totals, columns, used, mapping):
        found.said["total-rows"] = words
    numbers = {row.number for row in totals}
    kept = [row for row in rows if row.number not in numbers]
    if not sheet.of_workbook:
        _check_widths(sheet, columns, kept, found)
    if sheet.unknown:
        found.lose(Loss("assumed", sheet.name, "hidden", "", sheet.unknown))
    return Chosen(kept, totals)


def _within(
    sheet: Sheet, columns: Columns, used: Collection[int], mapping: Mapping, found: Findings
) -> list[Row]:
    """The rows of the table that have anything in them."""
    calculated = any(c.formula and c.kind != "uncomputed" for row in sheet.rows for c in row.cells)

    def blank(row: Row) -> bool:
        kinds = {row.cell(column).kind for column in used}
        return kinds <= ({"blank", "uncomputed"} if calculated else {"blank"})

    below = [row for row in sheet.rows if row.number > columns.header]
    said = mapping.text("rows", "until-blank")
    found.said["rows"] = said
    if limits := row_range(said):
        first, last = limits
        return [row for row in below if first <= row.number <= last and not blank(row)]
    end = columns.header
    for row in below:
        if blank(row):
            break
        end = row.number
    kept = [row for row in below if row.number <= end]
    after = [row for row in below if row.number > end and not blank(row)]
    if after and mapping.has("rows"):
        where, last = sheet.place(after[0].number), after[-1].number
        why = f"stands after a blank row, up to row {last}"
        numbers = [row.number for row in after]
        found.lose(Loss("not-carried", where, "row", "", why, len(after)), *numbers)
        found.left_out.update(numbers)
    elif after:
        found.ask(
            sheet.place(after[0].number),
            "There are rows after a blank row.",
            f"rows: {columns.header + 1}-{after[-1].number}", "rows: until-blank",
        )  # fmt: skip
    return kept


def _shown(
    sheet: Sheet, rows: list[Row], used: Collection[int], mapping: Mapping, found: Findings
) -> list[Row]:
    """The rows without the hidden ones, which are read only where the mapping says so."""
    hidden = [row.number for row in rows if row.hidden]
    columns = sorted(sheet.hidden_columns & set(used))
    what = [listed(hidden)] if hidden else []
    what += [f"columns {', '.join(map(letters, columns))}"] if columns else []
    what += ["the sheet itself"] if sheet.hidden else []
    if not what:
        return rows
    remark = f" ({', '.join(sheet.remarks)})" if sheet.remarks else ""
    choice = mapping.text("hidden", "refuse")
    if choice == "refuse":
        lines = ["hidden: read"] + (["hidden: leave-out"] if hidden and len(what) == 1 else [])
        found.ask(sheet.name, f"Hidden: {'; '.join(what)}{remark}.", *lines)
    elif choice == "leave-out":
        for number in hidden:
            loss = Loss("not-carried", sheet.place(number), "row", "", "it is hidden")
            found.lose(loss, number)
            found.left_out.add(number)
        return [row for row in rows if not row.hidden]
    else:
        found.remarks.append(f"Hidden and read: {'; '.join(what)}{remark}.")
    return rows


def _check_merged(
    sheet: Sheet,
    columns: Columns,
    rows: Sequence[Row],
    used: Collection[int],
    mapping: Mapping,
    found: Findings,
) -> None:
    """Refuse merged cells of the table, whose value stands in one of them alone."""
    last = rows[-1].number if rows else columns.header
    for block in sheet.merged:
        if block.bottom < columns.header or block.top > last:
            continue
        if not any(block.left <= column <= block.right for column in used):
            continue
        down = block.left == block.right and block.top > columns.header
        if down and mapping.text("blank") == "same-as-above":
            continue
        found.refuse(
            Refusal.BAD_SHAPE, sheet.place(block.top, block.left),
            f"The cells up to {_end(block)} are merged, and only the first has the value.",
            "Unmerge them and write the value in each"
            + (", or add `blank: same-as-above` to the mapping." if down else "."),
        )  # fmt: skip


def _end(block: Merged) -> str:
    return f"{letters(block.right)}{block.bottom}"


def _is_total(row: Row, columns: Columns, used: Collection[int], mapping: Mapping) -> bool:
    said = mapping.pairs("total-rows")
    if said:
        column = columns.of.get(str(said["where"]), -1)
        return column >= 0 and folded(row.cell(column).text) in map(folded, said["is"])
    return any(
        is_total(cell.text)
        for column, cell in enumerate(row.cells)
        if cell.kind == "text" and (column in used or column == 0)
    )


def _total_words(
    totals: Sequence[Row], columns: Columns, used: Collection[int], mapping: Mapping
) -> dict[str, object]:
    """How the totals were told, as the mapping says it."""
    if said := mapping.pairs("total-rows"):
        return dict(said)
    if not totals:
        return {}
    by_column = {column: field for field, column in columns.of.items()}
    where = {
        (by_column[column], cell.text)
        for row in totals
        for column, cell in enumerate(row.cells)
        if cell.kind == "text" and column in used and is_total(cell.text)
    }
    fields = {field for field, _ in where}
    if len(fields) != 1:
        return {}
    return {"where": fields.pop(), "is": sorted({text for _, text in where})}


def _check_widths(sheet: Sheet, columns: Columns, rows: Sequence[Row], found: Findings) -> None:
    """Refuse rows of CSV with more or fewer cells than the heading: one is cut, or unquoted."""
    header = next((row for row in sheet.rows if row.number == columns.header), None)
    wide = len(header.cells) if header else 0
    for row in rows:
        if len(row.cells) < wide or any(cell.text for cell in row.cells[wide:]):
            found.refuse(
                Refusal.SYNTAX, sheet.place(row.number),
                f"The row has {len(row.cells)} cells, the headings {wide}.",
                "Quote cells with the delimiter in them; the file may be cut.", "row", row.number,
            )  # fmt: skip


def listed(numbers: Sequence[int]) -> str:
    """Row numbers in words: rows 5-7, 12."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    word = "row" if len(numbers) == 1 else "rows"
    return f"{word} {', '.join(f'{a}-{b}' if a < b else str(a) for a, b in runs)}"
