"""What a supposition changes in the answer to one question: it is asked with it and without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.context import looked_up, view_at
from cli.labels import How
from cli.page import width, write
from cli.question import supposed_fields
from cli.render import cut_fields, cut_words
from ledger.time.view import Cut, View
from ledger.values.refusals import Refusal, Refused
from projections.answer import Answer, complete

if TYPE_CHECKING:
    from projections.changes.diff import Differences
    from projections.questions import Question, Use
    from projections.readmodel.index import Index

_TELLING = ("kind", "event", "key", "rule", "threshold", "day", "base", "lot")
Ask = Callable[[View], Answer[Any]]


def tell_against(
    path: Path,
    cut: Cut,
    name: str,
    ask: Ask,
    title: str,
    form: str,
    how: How,
    paged: bool,
    shown: str = "",
) -> None:
    """Write in which rows the answer to a question differs by what is supposed; ``shown`` says by
    which option, where its rows are not those of the question."""
    question = _of_option(name, shown) if shown else _compared(name)
    title = f"{title}: recorded and supposed, {cut_words(cut)}"
    if form not in ("table", "markdown"):
        from cli.differences import write_differences

        found = looked_up(path, lambda index: _differences(index, cut, question, ask)[0])
        write_differences(found, cut_fields(cut), form, title)
        return

    def screen(index: Index) -> Any:
        from cli.differences import differences_screen
        from cli.plans.diff import DiffPlan

        found, now = _differences(index, cut, question, ask)
        flat = form == "markdown" or width() is None
        return differences_screen(found, now, DiffPlan(None, full=True), how, flat)

    write(replace(looked_up(path, screen), title=title), form, paged)


def _compared(name: str) -> Question:
    """A question with what tells its rows apart: where it does not say so, the ids in them."""
    from projections.columns import NAMED, SEVERAL
    from projections.questions import QUESTIONS

    question = QUESTIONS[name]
    if question.identity:
        return question
    telling = {*_TELLING, *NAMED}.difference(SEVERAL)
    identity = tuple(column for column in question.row.__annotations__ if column in telling)
    compared = tuple(column for column in question.shown if column not in identity)
    return replace(question, identity=identity, compared=compared)


def _of_option(name: str, shown: str) -> Question:
    """A question with what tells apart the rows that an option of it has."""
    from projections.columns import NAMED, SEVERAL
    from projections.questions import QUESTIONS
    from projections.rows import SENTENCES
    from projections.shown import SHOWN

    telling = {*_TELLING, *NAMED}.difference(SEVERAL)
    identity = tuple(column for column in SHOWN[shown] if column in telling)
    compared = tuple(c for c in SHOWN[shown] if c not in telling and c not in SENTENCES)
    left_out: dict[Use, str] = {"differences": "its rows are those of an option"}
    question = replace(QUESTIONS[name], not_in={**QUESTIONS[name].not_in, **left_out})
    return replace(question, identity=identity, compared=compared)


def _differences(index: Index, cut: Cut, question: Question, ask: Ask) -> tuple[Differences, View]:
    from projections.changes.diff import compared

    now = view_at(index, cut)
    then = View(index.recorded_by(cut.recorded_by) if cut.recorded_by else index, cut)
    answers = _answer(then, ask).in_full(), complete(now, ask(now)).in_full()
    found = compared(question, _subject(), answers, then, now)
    supposed = _supposed()
    for row in found.rows:  # nothing else differs between the two
        own = [row["row"]] if row["row"] in supposed else supposed
        row["events"] = row["events"] or own
    return found, now


def _supposed() -> list[str]:
    return [event["event"] for event in supposed_fields()["supposed"]]


def _answer(view: View, ask: Ask) -> Answer[Any]:
    """The answer without what is supposed; none of what is known by that alone."""
    try:
        return complete(view, ask(view))
    except Refused as refused:
        if refused.refusal is not Refusal.UNKNOWN_SUBJECT:
            raise
        return Answer[Any]()


def _subject() -> str:
    """What the running command asks about; empty where it asks of all."""
    context = click.get_current_context()
    arguments = (p.name for p in context.command.params if isinstance(p, click.Argument))
    return next((context.params[str(name)] or "" for name in arguments), "")
