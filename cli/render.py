"""The one renderer: an answer as a table, JSON, CSV or Markdown."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import click

from cli.context import today
from cli.question import hidden_fields, hidden_words, option_words, question_fields
from cli.safe_text import JOINERS, filled, isolated, safe, visible
from ledger.time.cut import named_sources
from ledger.time.view import Cut
from ledger.values.dates import FOREVER, in_words
from projections.answer import Answer
from projections.columns import NAME_COLUMNS
from projections.rows import Row

NAMED_AT = {"names": "at the cut"}  # said of the names that rows have beside their ids
_POSSIBLE = ("effective_on", "event", "what", "why")
_WARNED = ("event", "what")
_HEADINGS = {
    "percent": "%",
    "percent_of": "% of",
    "percent_low": "% low",
    "percent_high": "% high",
    "votes_percent": "held %",
    "exercisable_percent": "exercisable %",
    "after_caps_percent": "after caps %",
}
_COUNTS = (
    *("shares", "votes", "exercisable", "after_caps", "amount"),
    *(f"{name}_{end}" for name in ("shares", "votes", "after_caps") for end in ("low", "high")),
)
_RIGHT = (
    *("percent", "position", *_COUNTS, "percent_low", "percent_high"),
    *("votes_percent", "exercisable_percent", "after_caps_percent"),
)
# Columns of words, which may be broken between words; numbers, dates and ids are never broken.
_WRAPPED = (
    *("what", "why", "title", "value", "claimed", "unit", "sources", "text", "takes", "reasons"),
    *("capacity", "basis", "terms", "party", "role", "note", "since", "effective_on"),
)
DATES = ("since", "effective_on", "disclosed_on")
_UNKNOWN = "-"
_DRAWN = 1_000  # rows of a table that are fitted together, under headings of their own
_PIECES = 20_000  # of JSON, names and values, that are written together
_FORMULA = re.compile("[\\s\"'\u200c\u200d\u2068]*[=+@\uff1d\uff0b\uff0d\uff20-]")
_NUMBER = re.compile(r"-?[0-9]+(?:[.][0-9]+)?")
_OUTSIDE_ASCII = re.compile(r"[^\x20-\x7e\n]")
_MARKDOWN = re.compile(r"[\\`*_\[\]|~#$]")
_LISTED = re.compile(r"^\s*(?:[+-](?=[\s+-]|$)|[0-9]+[.)](?=\s|$))")  # would begin a list


def render(
    answer: Answer[Any],
    cut: Cut | None,
    form: str,
    title: str,
    columns: Sequence[str],
    details: str = "",
) -> None:
    """Write an answer to standard output.

    Tables and Markdown show the columns given, and the lines of the ``details`` column under the
    table; JSON and CSV show every key. The cut that was answered is always said: in JSON as an
    object, in CSV on standard error. Without a cut the title says it already.
    """
    title = ", ".join([title, *option_words(title), *([cut_words(cut)] if cut else [])])
    if cut is not None and cut.policy != "standing":
        answer = replace(answer, notes=[*answer.notes, policy_words(cut.policy)])
    if details and form in ("table", "markdown"):
        lines = [f"{r[columns[0]]}: {line}" for r in answer.rows for line in r[details]]
        answer = replace(answer, notes=[*lines, *answer.notes])
    if form != "json":
        answer = replace(answer, notes=[*answer.notes, *hidden_words(answer.hidden, cut)])
    if form == "json":
        plain = as_json(answer, cut)
        write_json(plain | {"cut": plain["cut"] and plain["cut"] | NAMED_AT})
    elif form == "csv":
        keys = list(dict.fromkeys(key for row in answer.rows for key in row)) or list(columns)
        keys.sort(key=lambda key: key in NAME_COLUMNS)
        _echo(_csv(answer.rows, keys), nl=False)
        _remarks(answer, title)
    elif form == "markdown":
        _markdown(answer, title, columns)
    else:
        _tables(answer, title, columns)


def as_json(answer: Answer[Any], cut: Cut | None) -> dict[str, Any]:
    """An answer as plain values, under the question that the running command asks."""
    warnings = {} if answer.warnings is None else {"warnings": answer.warnings}
    return {
        "cut": question_fields() | cut_fields(cut) if cut else None,
        "outcome": answer.outcome,
        "rows": answer.rows,
        "possible": answer.possible,
        **warnings,
        "notes": answer.notes,
        "hidden": hidden_fields(answer.hidden),
    }


def cut_fields(cut: Cut) -> dict[str, str | None]:
    """The cut as JSON shows it; null where there is no limit."""
    known = None if cut.known_by == FOREVER else cut.known_by
    return {
        "as_of": cut.as_of,
        "known_by": known,
        "recorded_by": cut.recorded_by,
        "standing": cut.standing,
        "policy": cut.policy,
    }


def cut_words(cut: Cut) -> str:
    """The cut in words: which point in time is answered."""
    words = [f"as of {cut.as_of}" + (" (today)" if cut.as_of == today().isoformat() else "")]
    if cut.known_by != FOREVER:
        words.append(f"as known by {cut.known_by}")
    if cut.recorded_by:
        words.append(f"as recorded by {cut.recorded_by}")
    if cut.standing != "any":
        words.append(f"standing {cut.standing} or better")
    if cut.policy != "standing":
        words.append(f"policy {cut.policy}")
    return ", ".join(words)


def policy_words(policy: str) -> str:
    """What a policy other than the default prefers, in one sentence."""
    named = named_sources(policy)
    if named:
        return f"Where sources disagree, preferred are {', then '.join(named)}, then by standing."
    return "Where sources disagree, preferred is what became known later, then by standing."


def write_json(value: Any) -> None:
    """One JSON value on standard output, in ASCII where the terminal takes nothing else.

    Characters that are not printed are always written as escapes, which say the same in JSON.
    """
    plain = (sys.stdout.encoding or "").lower().replace("-", "") not in ("utf8", "utf8sig")
    pieces = json.JSONEncoder(ensure_ascii=plain, indent=2).iterencode(value)
    while part := list(islice(pieces, _PIECES)):  # the whole text is never in memory
        _echo(_OUTSIDE_ASCII.sub(_as_json, "".join(part)), nl=False)
    _echo("")


def _as_json(found: re.Match[str]) -> str:
    c = found[0]
    return c if c.isprintable() or c in JOINERS else json.dumps(c)[1:-1]


def print_table(title: str, rows: Sequence[Row], columns: Sequence[str]) -> None:
    """A table, fitted to the terminal; piped, as wide as it needs to be and without drawing.

    Of many rows it is written in parts, each as soon as it is drawn.
    """
    from rich.console import Console
    from rich.text import Text

    wide = 2_000 if not sys.stdout.isatty() and "COLUMNS" not in os.environ else None
    console = Console(width=wide, highlight=False, emoji=False)
    for start in range(0, max(len(rows), 1), _DRAWN):
        part = rows[start : start + _DRAWN]
        cells = [[visible(cell_of(row, column)) for column in columns] for row in part]
        with console.capture() as drawn:
            if start == 0:
                console.print(Text(safe(title), style="bold"), soft_wrap=True)
            _draw(console, cells, columns)
        text = "\n".join(line.rstrip() for line in drawn.get().rstrip().split("\n"))
        _echo(f"\n{text}" if start else text)


def _draw(console: Any, cells: Sequence[Sequence[str]], columns: Sequence[str]) -> None:
    """Rows under their headings; where these are too wide, a row's cells one under another."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from cli.cells import Cell

    if _narrowest(cells, columns) > console.width:
        for line in cells:
            for column, text in zip(columns, line, strict=True):
                if text != _UNKNOWN:
                    line = f"{heading(column)}: {isolated(text)}"
                    console.print(Text(line), soft_wrap=True)
            console.print()
        return
    terminal = sys.stdout.isatty()
    lines, gap = (box.SIMPLE_HEAD, (0, 1, 0, 0)) if terminal else (None, (0, 1))
    table = Table(box=lines, pad_edge=False, padding=gap, show_edge=False)
    for column in columns:
        table.add_column(
            heading(column),
            justify="right" if column in _RIGHT else "left",
            no_wrap=column not in _WRAPPED,
        )
    for line in cells:
        table.add_row(*map(Cell, line))
    console.print(table)


def _narrowest(cells: Sequence[Sequence[str]], columns: Sequence[str]) -> int:
    """The width a table needs: the longest word of wrapped columns, the longest cell of others."""
    width = 2 * (len(columns) - 1)
    for number, column in enumerate(columns):
        texts = [heading(column), *(line[number] for line in cells)]
        pieces = [p for t in texts for p in t.split()] if column in _WRAPPED else texts
        width += max(map(len, pieces), default=0)
    return width


def cell_of(row: Row, column: str) -> str:
    """A value of a row as a person reads it: a date with the day by which it had come."""
    if column in DATES and row.get("at_latest"):
        return in_words(row.get(column), row["at_latest"])
    return cell(row.get(column), column)


def cell(value: Any, column: str = "") -> str:
    """A value as a person reads it: digits grouped, what a list holds once, unknown a dash."""
    if value is None:
        return _UNKNOWN
    if isinstance(value, list | tuple):
        return "; ".join(dict.fromkeys(str(item) for item in value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    if column in _COUNTS and text.isdigit():
        return f"{int(text):,}"
    return text


def qualified(answer: str, name: str, values: Row) -> str:
    """A value among those of a row of an answer, with its qualifier where it is not exact."""
    from projections.questions import QUESTIONS

    text, qualifier = cell(values.get(name), name), QUESTIONS[answer].qualified.get(name, "")
    how = values.get(qualifier)
    return text if how in (None, "exactly") else f"{how.replace('-', ' ')} {text}"


def heading(column: str) -> str:
    """The heading of a column, as a person reads it."""
    return _HEADINGS.get(column, column.replace("_", " "))


def _echo(text: str, *, nl: bool = True, err: bool = False) -> None:
    """Print in the stream's own encoding; left to choose, click writes UTF-8 where ASCII is set."""
    click.echo(text, file=sys.stderr if err else sys.stdout, nl=nl)


def _tables(answer: Answer[Any], title: str, columns: Sequence[str]) -> None:
    if answer.rows:
        print_table(title, answer.rows, columns)
    else:
        _echo(safe(title))
        if answer.warnings is None:
            _echo(nothing(answer))
    if answer.possible:
        print_table("Possible, not certain:", answer.possible, _POSSIBLE)
    if answer.warnings:
        print_table("Warnings:", answer.warnings, _WARNED)
    for note in answer.notes:
        _wrapped(note)


def nothing(answer: Answer[Any]) -> str:
    """What stands in place of rows: which of three things it means that there are none."""
    words = {"none": "none", "not-known": "not known", "hidden": "hidden by a limit"}
    return "nothing certain" if answer.possible else words.get(answer.outcome, "nothing certain")


def _wrapped(note: str) -> None:
    from shutil import get_terminal_size

    width = get_terminal_size().columns if sys.stdout.isatty() else 10_000
    _echo(filled(note, width, "* ", "  "))


def _remarks(answer: Answer[Any], title: str) -> None:
    _echo(safe(title), err=True)
    for row in answer.possible:
        _echo(safe(f"possible: {row['event']}: {row['what']} ({row['why']})"), err=True)
    for warned in answer.warnings or ():
        _echo(safe(f"warning: {warned['what']}"), err=True)
    for note in answer.notes:
        _echo(safe(f"note: {note}"), err=True)


def _csv(rows: Sequence[Row], keys: Sequence[str]) -> str:
    """RFC 4180, with cells that a spreadsheet would run as formulas made text by an apostrophe."""
    import csv  # JSON and tables do without

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(keys)
    for row in rows:
        writer.writerow([_csv_cell(row.get(key)) for key in keys])
    return out.getvalue()


def _is_nested(value: Any) -> bool:
    """Whether a value has parts with names, which one cell of a spreadsheet shows as JSON."""
    return isinstance(value, dict) or (isinstance(value, list) and any(map(_is_nested, value)))


def _csv_cell(value: Any) -> str:
    if _is_nested(value):
        value = json.dumps(value, ensure_ascii=False, sort_keys=True)
    text = "" if value is None else safe(cell(value))
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _markdown(answer: Answer[Any], title: str, columns: Sequence[str]) -> None:
    lines = [f"**{escaped(title)}**", ""]
    if answer.rows:
        lines += _markdown_table(answer.rows, columns)
    elif answer.warnings is None:
        lines += [nothing(answer)]
    if answer.possible:
        lines += ["", "Possible, not certain:", "", *_markdown_table(answer.possible, _POSSIBLE)]
    if answer.warnings:
        lines += ["", "Warnings:", "", *_markdown_table(answer.warnings, _WARNED)]
    if answer.notes:
        lines += ["", *(f"- {escaped(note)}" for note in answer.notes)]
    _echo("\n".join(lines))


def _markdown_table(rows: Sequence[Row], columns: Sequence[str]) -> list[str]:
    lines = [
        "| " + " | ".join(heading(column) for column in columns) + " |",
        "| " + " | ".join("---:" if column in _RIGHT else "---" for column in columns) + " |",
    ]
    cells = ([unmarked(cell_of(row, name)) for name in columns] for row in rows)
    return [*lines, *(f"| {' | '.join(line)} |" for line in cells)]


def escaped(text: str) -> str:
    """Text that Markdown shows as it is, also at the beginning of a line."""
    return _LISTED.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", unmarked(text))


def unmarked(text: str) -> str:
    marked = _MARKDOWN.sub(lambda found: f"\\{found[0]}", safe(text))
    return marked.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
