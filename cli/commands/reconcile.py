"""stakebook reconcile"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from cli.context import OpenedLedger, make_cut, view_at
from cli.known import LedgerKnown
from cli.losses import report
from cli.page import write
from cli.plans.figures import count
from cli.render import as_json, cut_words, write_json
from cli.screen import Block, Column, Line, Screen
from cli.spreadsheets import read, refuse
from cli.table_options import TableOptions, strict_option, table_options, table_options_of
from ledger.formats.reading import Reading
from ledger.storage.server import Place
from ledger.time.view import Cut, View
from ledger.values.refusals import Refusal, Refused
from projections.answer import Answer
from projections.names import Names
from projections.reconcile import ReconciledRow, ReconciledTotal, Stated, reconciled

_COLUMNS = (
    Column("holder", wrap=True), Column("file", "right"), Column("ledger", "right"),
    Column("difference", "right", wrap=True), Column("where", wrap=True),
)  # fmt: skip


@click.command("reconcile")
@click.argument("file")
@click.option("--as-of", metavar="DATE", help="The day that the file is of [when published].")
@click.option("--known-by", metavar="DATE", help="As known at the end of DATE [no limit].")
@click.option(
    "--recorded-by", metavar="TIME", help="As recorded in this ledger by TIME, UTC [now]."
)
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True,
    help="How to write the answer.",
)  # fmt: skip
@click.pass_obj
def command(
    path: Place,
    /,
    file: str,
    as_of: str | None,
    known_by: str | None,
    recorded_by: str | None,
    form: str,
    **given: Any,
) -> int:
    """Compare the holdings in a FILE of CSV or XLSX with the register on their day.

    Nothing is recorded. Ends with 1 where a line differs, or is in one of the two alone. Names are
    matched by the ids file, by exact id, or where an earlier import under --as registered them.

    \b
    Example:
      stakebook reconcile --from xlsx cap.xlsx --as-of 2024-03-31 --ids ids.yaml
    """
    options = table_options_of(given, (file,))
    if options is None:
        raise click.UsageError("Say what the file is: --from FORMAT FILE.")
    with OpenedLedger(path) as opened:
        known = LedgerKnown(opened, options.format)
        reading = read(options, known, comparing=True)
        passed = report(
            reading.report, options.losses, frozenset(options.allow), strict=options.strict
        )
        refuse(reading.problems)
        cut = _cut(reading, options, as_of, known_by, recorded_by)
        rows, totals, titles = opened.ask(lambda index: _asked(view_at(index, cut), reading))
    if form == "json":
        write_json(as_json(Answer[Any](list(rows)), cut) | {"totals": totals})
    else:
        write(_screen(file, rows, totals, titles, cut), form)
    return 0 if passed and all(row["agrees"] for row in rows) else 1


command.params += [*table_options(recording=False), strict_option()]


def _asked(
    view: View, reading: Reading
) -> tuple[list[ReconciledRow], list[ReconciledTotal], dict[str, str]]:
    """The rows and totals of a comparison, and what its classes are called."""
    rows, totals = reconciled(view, (Stated(*one) for one in reading.positions))
    names, classes = Names(view), [total["share_class"] for total in totals]
    return rows, totals, {one: names.title("class", one) for one in classes}


def _cut(
    reading: Reading,
    options: TableOptions,
    as_of: str | None,
    known_by: str | None,
    recorded_by: str | None,
) -> Cut:
    """The cut at the day of the file."""
    kinds = {table.kind for table in reading.tables}
    if kinds - {"snapshot"}:
        raise Refused(
            Refusal.BAD_CHOICE,
            f"It is read as a {', '.join(kinds)}, not as holdings on a day.",
            "Compare a list of holders with their shares; `table: snapshot` in the mapping says"
            " that it is one.",
            options.file,
        )
    days = {table.on for table in reading.tables if table.on}
    if as_of is None and len(days) != 1:
        raise Refused(
            Refusal.QUESTION_OPEN,
            "Nothing says of which day the holdings are.",
            "Give --as-of DATE, or `as-of: 2024-03-31` in the mapping.",
            options.file,
        )
    return make_cut(as_of or days.pop(), known_by, recorded_by, "any", "standing")


def _screen(
    file: str,
    rows: Sequence[ReconciledRow],
    totals: Sequence[ReconciledTotal],
    titles: Mapping[str, str],
    cut: Cut,
) -> Screen:
    differing = sum(not row["agrees"] for row in rows)
    lines = "1 line differs" if differing == 1 else f"{differing} lines differ"
    title = f"{Path(file).name} beside the register, {cut_words(cut)}: "
    title += lines if differing else f"all {len(rows)} lines agree"
    blocks = [_block(rows, total, titles[total["share_class"]]) for total in totals]
    empty = [total["share_class"] for total in totals if total["ledger"] == "0"]
    notes = [f"The ledger has no shares of {one} in issue at this cut." for one in empty]
    return Screen(title, blocks, notes, ids=[row["holder"] for row in rows])


def _block(rows: Sequence[ReconciledRow], total: ReconciledTotal, title: str) -> Block:
    of_class = [row for row in rows if row["share_class"] == total["share_class"]]
    cells = [
        Line(
            (
                row["holder_name"], count(row["file"]), count(row["ledger"]),
                _difference(row), ", ".join(row["where"]),
            )
        )
        for row in of_class
    ]  # fmt: skip
    difference = "agrees" if total["difference"] == "0" else _signed(total["difference"])
    issued = ("Total issued", count(total["file"]), count(total["ledger"]), difference, "")
    return Block(_COLUMNS, [*cells, Line(issued)], heading=title)


def _difference(row: ReconciledRow) -> str:
    if row["agrees"]:
        return "agrees"
    if row["file"] is None:
        return "only in the ledger"
    return "only in the file" if row["ledger"] is None else _signed(row["difference"])


def _signed(number: str) -> str:
    whole = number.removeprefix("-").isdecimal()
    return f"{int(number):+,}" if whole else number
