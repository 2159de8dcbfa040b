"""The states of a film, folded from a ledger: a graph on all days, as known by all days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import click

from cli.context import looked_up, view_at
from cli.labels import How
from cli.pictures.asked import AskedGraph, labels_of
from cli.pictures.film import Film, State
from cli.pictures.writing import check_size
from cli.progress import bar
from cli.render import cut_words
from ledger.time.exclusions import hidden
from ledger.time.view import Cut, View
from ledger.values.dates import BEGINNING
from projections.pictures.cells import Cells, TooMany, cells_of

_LONG = 20  # days of knowledge; each is asked about on many others


def folded(asked: AskedGraph, path: Path, cut: Cut, how: How) -> Film:
    """The graph of a ledger on all days up to a cut, as known by all days up to it."""
    return looked_up(path, lambda index: _folded(asked, view_at(index, cut), how))


def _folded(asked: AskedGraph, view: View, how: How) -> Film:
    try:
        cells = cells_of(view, lambda at: _state(asked, at, how), _working)
    except TooMany:
        raise click.UsageError(
            "The graph changes on too many days for a film. Film less of it with --depth 1."
        ) from None
    cells = _begun(cells)
    states = {state for row in cells.rows for state in row}
    if not any(state.edges for state in states):
        raise click.UsageError(
            f"No event tells who has anything of {asked.party}, or of whom it has: there is"
            " nothing to film."
        )
    check_size(len({node.id for state in states for node in state.nodes}), asked.most)
    title = asked.title(labels_of(view, how), "", "Film")
    return Film(title, list(_notes(view.cut, cells)), cells, _missing(view, cells))


def _state(asked: AskedGraph, view: View, how: How) -> State:
    answer, labels = asked.ask(view), labels_of(view, how)
    drawing = asked.drawing(answer.rows, labels)
    possible = tuple(
        f"{labels.sentence(row['event']) or labels.read(row['what'])} ({row['why']})"
        for row in answer.possible
    )
    return State(tuple(drawing.nodes), tuple(drawing.edges), possible, tuple(answer.about))


def _begun(cells: Cells[State]) -> Cells[State]:
    """The cells without the time before anything was, where nothing is what is found there."""
    days, known, rows, grain = cells
    if len(days) > 1 and days[0] == BEGINNING and not any(row[0].edges for row in rows):
        days, rows = days[1:], [row[1:] for row in rows]
    if len(known) > 1 and known[0] == BEGINNING and not any(state.edges for state in rows[0]):
        known, rows = known[1:], rows[1:]
    return Cells(days, known, rows, grain)


def _missing(view: View, cells: Cells[State]) -> list[list[int]]:
    """How many of the events that take effect by a day are not known yet by another."""
    found: list[list[int]] = []
    with _working(len(cells.known)) as advance:
        for known, row in zip(cells.known, cells.rows, strict=True):
            by = View(view.history, view.cut._replace(known_by=known))
            days = zip(cells.days, row, strict=True)
            found.append([hidden(by.on(day), state.about).known_by for day, state in days])
            advance(len(found))
    return found


def _notes(cut: Cut, cells: Cells[State]) -> Iterator[str]:
    """What is to be known of a film: its limits, and how fine its days are."""
    _, _, limits = cut_words(cut._replace(known_by=Cut().known_by)).partition(", ")
    if limits:
        yield f"Limits: {limits}."
    if cells.grain:
        yield f"Only the last day of each {cells.grain} is shown: there are too many days."


def _working(total: int) -> AbstractContextManager[Callable[[int], None]]:
    return bar("folding the states", total, _LONG)
