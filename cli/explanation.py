"""How an explanation is written: sections for a reader, the whole of it as JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from shutil import get_terminal_size
from typing import NamedTuple

import click

from cli.question import option_words, question_fields
from cli.render import (
    DATES,
    NAMED_AT,
    cell,
    cell_of,
    cut_fields,
    cut_words,
    escaped,
    heading,
    render,
    write_json,
)
from cli.safe_text import filled
from ledger.time.view import Cut
from projections.explain.explanation import NOT_YET_KNOWN, REASONS, Explanation
from projections.rows import Row

UNKNOWN = "not_yet_known"  # the option to list what became known after the known-by day
WIDTH = 80
MOST_EXCLUDED = 6  # of one reason, as text; JSON has them all


class Item(NamedTuple):
    """One entry of a section: a line, and the lines under it."""

    line: str
    under: tuple[str, ...] = ()


Section = tuple[str, list[Item]]


def render_explanation(
    explained: Explanation, cut: Cut, form: str, title: str, columns: Sequence[str]
) -> None:
    """Write an explanation to standard output; the columns are those of the figure.

    What became known after the known-by day is counted alone, unless the option asks for it.
    """
    if not click.get_current_context().params[UNKNOWN]:
        _count_the_unknown(explained, cut)
    if form == "json":
        write_json(
            {
                "cut": question_fields() | cut_fields(cut) | NAMED_AT,
                "outcome": explained.outcome,
                "figure": explained.figure,
                "rows": explained.rows,
                "arithmetic": explained.arithmetic,
                "sources": explained.sources,
                "excluded": explained.excluded,
                "possible": explained.possible,
                "notes": explained.notes,
            }
        )
    elif form == "csv":
        render(explained, cut, form, title, ("event", "state"))
    else:
        write = _markdown if form == "markdown" else write_text
        heading_words = ", ".join([title, *option_words(title), cut_words(cut)])
        write(heading_words, _sections(explained, columns))


def _count_the_unknown(explained: Explanation, cut: Cut) -> None:
    shown = [row for row in explained.excluded if row["reason"] != NOT_YET_KNOWN]
    if count := len(explained.excluded) - len(shown):
        what = "1 event that speaks" if count == 1 else f"{count} events that speak"
        explained.note(
            f"{what} of it became known after {cut.known_by}: --not-yet-known lists what is hidden."
        )
    explained.excluded = shown


def _sections(explained: Explanation, columns: Sequence[str]) -> Iterator[Section]:
    figure = [Item(_figure(row, columns)) for row in explained.figure]
    yield "The figure", figure or [Item("nothing certain")]
    yield "Its events, in the order of the fold", list(_steps(explained.rows)) or [Item("none")]
    yield "Arithmetic", [Item(line) for line in explained.arithmetic]
    yield "Sources", [Item(_source(row)) for row in explained.sources]
    for reason, rows in groupby(explained.excluded, key=lambda row: str(row["reason"])):
        yield f"Left out: {REASONS[reason]}", list(_excluded(list(rows)))
    yield "Notes", [Item(note) for note in explained.notes]


def _figure(row: Row, columns: Sequence[str]) -> str:
    dated = DATES if row.get("at_latest") else ()
    shown = [name for name in columns if row.get(name) is not None or name in dated]
    lines = [f"{heading(name)} {_value(row, name)}" for name in shown]
    return "; ".join([*lines, *row.get("reasons", ())])


def _value(row: Row, name: str) -> str:
    money = name in ("committed", "paid")
    return cell(row.get(name), "amount") if money else cell_of(row, name)


def _steps(rows: Sequence[Row]) -> Iterator[Item]:
    for _, group in groupby(rows, key=lambda row: str(row["event"])):
        same = list(group)
        row = same[0]
        marks = [f"corrected by {key}" for key in row["amended_by"]]
        marks += [f"repeats {row['repeats']}"] if row["repeats"] else []
        shown = f" ({', '.join(marks)})" if marks else ""
        date = _date(row) or "at any time"
        line = f"{date}  {row['event']}{shown}: {row['what']}"
        yield Item(line, tuple(f"-> {one['state']}" for one in same))


def _date(row: Row) -> str:
    """The effective date of an event in words; empty where it has none."""
    dated = row["effective_on"] or row["at_latest"]
    return cell_of(row, "effective_on") if dated else ""


def _source(row: Row) -> str:
    where = f", {row['locator']}" if row["locator"] else ""
    by = f", {row['publisher']}" if row["publisher"] else ""
    published = row["published_on"] or "on an unknown day"
    title = f'"{row["title"]}"' if row["title"] else "of unknown title"
    events = ", ".join(row["events"])
    return f"{row['source']}{where}: {title}{by}, published {published} (for {events})"


def _excluded(rows: Sequence[Row]) -> Iterator[Item]:
    for row in rows[:MOST_EXCLUDED]:
        date = _date(row) or "no date"
        yield Item(f"{row['event']} ({date}): {row['what']}", (f"{row['why']}",))
    if len(rows) > MOST_EXCLUDED:
        yield Item(f"and {len(rows) - MOST_EXCLUDED} more; --format json lists them all")


def write_text(title: str, sections: Iterable[Section]) -> None:
    """Write sections for a reader, as wide as the terminal; 80 columns when piped."""
    width = get_terminal_size().columns if sys.stdout.isatty() else WIDTH
    lines = [_wrapped(title, width, "")]
    for name, items in sections:
        if items:
            lines += ["", _wrapped(name, width, "")]
        for item in items:
            lines.append(_wrapped(item.line, width, "  "))
            lines += [_wrapped(line, width, "      ") for line in item.under]
    click.echo("\n".join(lines), file=sys.stdout)


def _wrapped(text: str, width: int, indent: str) -> str:
    under = f"{indent}    " if indent else ""
    return filled(text, width, indent, under)


def _markdown(title: str, sections: Iterable[Section]) -> None:
    lines = [f"**{escaped(title)}**"]
    for name, items in sections:
        if items:
            lines += ["", f"### {escaped(name)}", ""]
        for item in items:
            lines.append(f"- {escaped(item.line)}")
            lines += [f"  - {escaped(line)}" for line in item.under]
    click.echo("\n".join(lines), file=sys.stdout)
