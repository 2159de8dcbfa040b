"""An answer as JSON or CSV, and the words that every form of it has."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import Any

import click

from cli.context import today
from cli.indented import indented
from cli.question import (
    headings,
    hidden_fields,
    hidden_words,
    option_words,
    question_fields,
    supposed_fields,
)
from cli.receiver import receiver
from cli.safe_text import JOINERS, safe
from ledger.time.cut import named_sources
from ledger.time.view import Cut
from ledger.values.dates import FOREVER, in_words, is_date, worded
from projections.answer import Answer
from projections.columns import NAME_COLUMNS
from projections.rows import Row
from projections.told import counted

NAMED_AT = {"names": "at the cut"}  # said of the names that rows have beside their ids
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
    *("gross", "delta", "recorded", "stated", "gap"),
    *(f"{name}_{end}" for name in ("shares", "votes", "after_caps") for end in ("low", "high")),
)
_OF_SHARES = frozenset(_COUNTS).difference(("amount",))
DATES = ("since", "effective_on", "disclosed_on")
_UNKNOWN = "-"
_PIECES = 5_000  # of an answer, mostly rows, that are written together
_FORMULA = re.compile("[\\s\"'\u200c\u200d\u2068]*[=+@\uff1d\uff0b\uff0d\uff20-]")
_NUMBER = re.compile(r"-?[0-9]+(?:[.][0-9]+)?")
_DECIMAL = re.compile(r"[0-9]+[.][0-9]+", re.ASCII)
_OUTSIDE_ASCII = re.compile(r"[^\x20-\x7e\n]")
_MARKDOWN = re.compile(r"[\\`*_\[\]|~#$]")
_LISTED = re.compile(r"^\s*(?:[+-](?=[\s+-]|$)|[0-9]+[.)](?=\s|$))")  # would begin a list


def render(
    answer: Answer[Any],
    cut: Cut | None,
    form: str,
    title: str,
    columns: Sequence[str],
) -> None:
    """Write an answer to standard output, as JSON or as CSV.

    Both show every key; the columns head a CSV without rows. The cut that was answered is always
    said: in JSON as an object, in CSV on standard error. Without a cut the title says it already.
    """
    title = ", ".join([title, *option_words(title), *([cut_words(cut)] if cut else [])])
    if cut is not None and cut.policy != "standing":
        answer = replace(answer, notes=[*answer.notes, policy_words(cut.policy)])
    if form == "json":
        plain = as_json(answer, cut)
        write_json(plain | {"cut": plain["cut"] and plain["cut"] | NAMED_AT})
        return
    answer = replace(answer, notes=[*answer.notes, *hidden_words(answer.hidden, cut)])
    rows = answer.rows
    keyed = rows[: len(rows) or 1] if rows else ()  # rows found one by one have the same keys
    keys = list(dict.fromkeys(key for row in keyed for key in row)) or list(columns)
    keys.sort(key=lambda key: key in NAME_COLUMNS)
    for part in _csv(rows, keys):
        _echo(part, nl=False)
    _remarks(answer, title)


def as_json(answer: Answer[Any], cut: Cut | None) -> dict[str, Any]:
    """An answer as plain values, under the question that the running command asks."""
    warnings = {} if answer.warnings is None else {"warnings": answer.warnings}
    return {
        **supposed_fields(),
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
    if taking := receiver():
        taking.value(value)
        return
    plain = (sys.stdout.encoding or "").lower().replace("-", "") not in ("utf8", "utf8sig")
    for part in json_text(value, plain):  # the whole text is never in memory
        _echo(part, nl=False)


def json_text(value: Any, plain: bool = False) -> Iterator[str]:
    """One JSON value as text, piece by piece; plain is in ASCII alone."""
    pieces = indented(value, plain)
    while part := list(islice(pieces, _PIECES)):
        yield _OUTSIDE_ASCII.sub(_as_json, "".join(part))
    yield "\n"


def _as_json(found: re.Match[str]) -> str:
    c = found[0]
    return c if c.isprintable() or c in JOINERS else json.dumps(c)[1:-1]


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
    if is_date(column):
        return worded(text)
    if column in _COUNTS and text.removeprefix("-").isdigit():
        return f"{int(text):,}"
    if column in _OF_SHARES and _DECIMAL.fullmatch(text):
        return counted(text)
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


def nothing(answer: Answer[Any]) -> str:
    """What stands in place of rows: which of three things it means that there are none."""
    words = {"none": "none", "not-known": "not known", "hidden": "hidden by a limit"}
    return "nothing certain" if answer.possible else words.get(answer.outcome, "nothing certain")


def _remarks(answer: Answer[Any], title: str) -> None:
    for words in headings():
        _echo(words, err=True)
    _echo(safe(title), err=True)
    for row in answer.possible:
        _echo(safe(f"possible: {row['event']}: {row['what']} ({row['why']})"), err=True)
    for warned in answer.warnings or ():
        _echo(safe(f"warning: {warned['what']}"), err=True)
    for note in answer.notes:
        _echo(safe(f"note: {note}"), err=True)


def _csv(rows: Iterable[Row], keys: Sequence[str]) -> Iterator[str]:
    """RFC 4180, with cells that a spreadsheet would run as formulas made text by an apostrophe."""
    import csv  # JSON and tables do without

    lines, left = ([_csv_cell(row.get(key)) for key in keys] for row in rows), iter((keys,))
    coming = chain(left, lines)
    while part := list(islice(coming, _PIECES)):
        out = io.StringIO()
        csv.writer(out, lineterminator="\r\n").writerows(part)
        yield out.getvalue()


def _is_nested(value: Any) -> bool:
    """Whether a value has parts with names, which one cell of a spreadsheet shows as JSON."""
    return isinstance(value, dict) or (isinstance(value, list) and any(map(_is_nested, value)))


def _csv_cell(value: Any) -> str:
    if _is_nested(value):
        value = json.dumps(value, ensure_ascii=False, sort_keys=True)
    text = "" if value is None else safe(cell(value))
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def escaped(text: str) -> str:
    """Text that Markdown shows as it is, also at the beginning of a line."""
    return _LISTED.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", unmarked(text))


def unmarked(text: str) -> str:
    marked = _MARKDOWN.sub(lambda found: f"\\{found[0]}", safe(text))
    return marked.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
