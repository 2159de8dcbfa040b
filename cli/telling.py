"""Telling: the answer to a question as a person reads it, in names, on a screen or a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cli.context import looked_up, view_at
from cli.labels import How, Labels
from cli.page import width, write
from cli.plans.closing import finished
from cli.screen import Screen
from ledger.storage.server import Place
from ledger.time.view import Cut, View
from projections.answer import Answer, complete
from projections.names import ids_of

_MOST_NAMED = 1_000  # rows of which the parties are looked up together


def screened(
    path: Place,
    cut: Cut,
    ask: Callable[[View], Answer[Any]],
    made: Callable[[Any, Labels], Screen],
    how: How = "both",
    flat: bool = False,
) -> Screen:
    """What a person reads of the answer to a question at a cut."""
    return looked_up(path, lambda index: screen_at(view_at(index, cut), ask, made, how, flat))


def screen_at(
    view: View,
    ask: Callable[[View], Answer[Any]],
    made: Callable[[Any, Labels], Screen],
    how: How = "both",
    flat: bool = False,
) -> Screen:
    """What a person reads of the answer to a question in a view.

    It is made again where two that it names turn out to have one name.
    """
    answer, labels = complete(view, ask(view)).in_full(), Labels(view, how, flat)
    labels.gather_parties(ids_of("party", answer.rows[:_MOST_NAMED]))
    screen = finished(made(answer, labels), answer, labels, view.cut)
    return finished(made(answer, labels), answer, labels, view.cut) if labels.again() else screen


def tell(
    path: Place,
    cut: Cut,
    ask: Callable[[View], Answer[Any]],
    made: Callable[[Any, Labels], Screen],
    form: str,
    how: How,
    paged: bool,
    shortened: Callable[[Screen], Screen] = lambda screen: screen,
) -> None:
    """Write the answer to a question at a cut for a person, as a table or as Markdown."""
    flat = form == "markdown" or width() is None
    write(shortened(screened(path, cut, ask, made, how, flat)), form, paged)
