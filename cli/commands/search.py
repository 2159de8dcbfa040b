"""stakebook search"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from shlex import quote

import click
from click.core import ParameterSource

from cli.context import answered, cut_options
from cli.labels import How, Labels
from cli.page import width, write
from cli.page_options import shown_options
from cli.question import LIMITS, supposition
from cli.render import render
from cli.screen import DATES, Block, Column, Line, Screen
from cli.supposing import supposing_options
from cli.telling import screened
from ledger.storage.server import Place
from ledger.time.view import Cut, View
from ledger.values.dates import in_words
from projections.answer import Answer
from projections.rows import SearchRow

SHOWN = 20  # places in a table, unless a limit is given
_COLUMNS = (
    *(Column("where"), Column("date", most=DATES), Column("text", wrap=True)),
    Column("standing", from_width=120),
)


@click.command("search")
@click.argument("words", nargs=-1, required=True, metavar="TEXT")
@click.option(
    "--limit",
    type=click.IntRange(1),
    metavar="N",
    help=f"At most N places [{SHOWN} in tables, else all].",
)
@shown_options
@cut_options
@supposing_options
@click.pass_obj
def command(
    path: Place,
    words: tuple[str, ...],
    limit: int | None,
    how: How,
    paged: bool,
    cut: Cut,
    form: str,
) -> None:
    """Where the words of TEXT stand: in names, titles, notes, clauses and claims at the cut.

    Former names are searched as well. All words have to stand in one event, in any order; the last
    one may be the beginning of a word. Case and accents make no difference, and signs have no
    meaning of their own. Each place has the command that tells more.

    \b
    Example:
      stakebook search right of first offer
      stakebook search standstill --as-of 2023-11-08 --standing official
    """
    from projections.subjects.search import search

    text, table = " ".join(words), form in ("table", "markdown")
    most = limit or (SHOWN if table else None)

    def ask(view: View) -> Answer[SearchRow]:
        found = search(view, text)
        limits = _limits_typed()
        found.rows[:] = [{**row, "look": row["look"] + limits} for row in found.rows]
        if most is not None and len(found.rows) > most:
            found.note(
                f"{len(found.rows) - most} more places are found: --limit {len(found.rows)}."
            )
            del found.rows[most:]
        return found

    title = f'Places that have "{text}"'
    if not table:
        render(answered(path, cut, ask, form), cut, form, title, tuple(SearchRow.__annotations__))
        return

    def made(answer: Answer[SearchRow], labels: Labels) -> Screen:
        return Screen(title, [*_blocks(answer, labels)], answer.notes)

    flat = form == "markdown" or width() is None
    write(screened(path, cut, ask, made, how, flat), form, paged)


def _blocks(answer: Answer[SearchRow], labels: Labels) -> Iterator[Block]:
    """The places of each thing together, the thing that is found first at the head."""
    order = dict.fromkeys((row["kind"], row["subject"]) for row in answer.rows)
    ranks = {thing: rank for rank, thing in enumerate(order)}
    rows = sorted(answer.rows, key=lambda row: ranks[row["kind"], row["subject"]])
    for (kind, subject), places in groupby(rows, lambda row: (row["kind"], row["subject"])):
        found = [*places]
        named = labels.kind_of(subject) if kind == "subject" else kind
        heading = labels.sentence(subject) if kind == "event" else labels.title(named, subject)
        lines = [*map(Line, dict.fromkeys(_cells(row, labels) for row in found))]
        yield Block(_COLUMNS, lines, f"{heading}, {named or kind}", [found[0]["look"]])


def _cells(row: SearchRow, labels: Labels) -> tuple[str, ...]:
    dated = row["effective_on"] or row["at_latest"]
    date = in_words(row["effective_on"], row["at_latest"]) if dated else ""
    sign = labels.marks.sign(row["standing"])
    matched = f"{row['matched']}{f' ({sign})' if sign else ''}"
    return row["where"].replace("_", " "), date, matched, row["standing"]


def _limits_typed() -> str:
    """The limits that were typed and are not those of any question, as words for another one."""
    context = click.get_current_context()
    limits = {one.name: one.default for one in context.command.params if one.name in LIMITS}
    typed = [
        f" --{name.replace('_', '-')} {quote(str(context.params[name]))}"
        for name in LIMITS
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        and context.params[name] != limits[name]
    ]
    supposed = supposition()
    return "".join(typed) + (supposed.typed if supposed else "")
