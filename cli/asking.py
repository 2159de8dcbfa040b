"""Questions as they are typed: what a command asks, how its answer is shown, and one way to run it.

Each command of a question gives an ``Asking`` from its own arguments. The command line answers it
from the read model and writes it; a proof of an answer asks the same of the events it carries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.arguments import HELP, check_values
from cli.context import answered, cut_options, make_cut
from cli.page_options import shown_options
from cli.question import SHOWN_BY, SUPPOSITION
from cli.receiver import receiver
from cli.render import render
from cli.supposing import (
    OPTIONS,
    Supposed,
    against_option,
    refuse_proof,
    supposed,
    supposing_options,
)
from ledger.time.view import Cut, View
from projections.answer import Answer
from projections.shown import SHOWN

if TYPE_CHECKING:
    from cli.labels import How, Labels
    from cli.screen import Screen

_LIMITS = ("as_of", "known_by", "recorded_by", "standing", "policy")
QUESTION_NAMES = (  # in the order of the help; a test holds them against the registry
    "holdings", "votes", "diluted", "rights", "graph", "group", "owners", "power", "radar",
    "governance", "meetings", "deals", "offer", "pending", "dividends", "breaches", "claims",
    "timeline", "parties", "classes", "sources", "show",
)  # fmt: skip


@dataclass(frozen=True)
class Asking:
    """One question with its arguments.

    ``ask`` answers it, as a proof of the answer does; ``briefly``, where it is given, with less, as
    who types the question gets it; ``on_page`` as a page has it. ``screen`` makes of an answer what
    a person reads of it, in names.
    """

    ask: Callable[[View], Answer[Any]]
    title: str
    screen: Callable[[Any, Labels], Screen]
    shown: str = ""  # whose columns the rows have, where they are not those of the question
    instead: Callable[[Path, Cut, How], None] | None = None  # where it is not told but written
    streamed: bool = False  # whether its rows are written as they are found
    briefly: Callable[[View], Answer[Any]] | None = None
    on_page: Callable[[View], Answer[Any]] | None = None


def question(name: str) -> Callable[[Callable[..., Asking]], click.Command]:
    """Make a command of a function that gives an ``Asking`` from the arguments of a question."""

    def made(asking: Callable[..., Asking]) -> click.Command:
        @click.pass_obj
        def run(path: Path, /, cut: Cut, form: str, how: How, paged: bool, **given: Any) -> None:
            asked, supposing = asking(**given), supposed()
            ask = asked.briefly or asked.ask
            if asked.instead:
                _refuse_beside_picture(form, supposing)
            if supposing and supposing.against:
                from cli.against import tell_against

                title, shown = asked.title, asked.shown
                tell_against(path, cut, name, ask, title, form, how, paged, shown)
                return
            if asked.instead:
                asked.instead(path, cut, how)
                return
            if form in ("table", "markdown"):
                page = asked.on_page or asked.ask  # on which each number leads to its events
                told = page if receiver() else ask
                from cli.telling import tell  # what writes tables is not loaded for programs

                tell(path, cut, told, asked.screen, form, how, paged)
                return
            columns = SHOWN[asked.shown or name]

            def written(answer: Answer[Any]) -> Answer[Any]:
                if receiver():  # what takes rows reads them more than once, and after this
                    answer.in_full()
                render(answer, cut, form, asked.title, columns)
                return answer

            if asked.streamed:
                answered(path, cut, ask, form, written)
            else:
                written(answered(path, cut, ask, form))

        run.__doc__ = asking.__doc__
        run.__click_params__ = getattr(asking, "__click_params__", [])  # type: ignore[attr-defined]
        options = supposing_options(against_option(shown_options(run)))
        command = click.command(name, cls=QuestionCommand)(cut_options(options))
        command.asking = asking
        return command

    return made


def _refuse_beside_picture(form: str, supposing: Supposed | None) -> None:
    """Refuse what a picture, or what tells two points in time, would be written without."""
    if supposing and supposing.against:
        raise click.UsageError("--against tells rows: leave it out, or what draws a picture.")
    if form not in ("table", "markdown"):
        raise click.UsageError(
            f"--format {form} is of rows at one point in time: leave it out, or what draws a"
            " picture or names two points in time."
        )


class QuestionCommand(click.Command):
    """The command of a question."""

    asking: Callable[..., Asking]

    @contextmanager
    def asked(self, words: Sequence[str]) -> Iterator[tuple[Asking, Cut]]:
        """What some words after the command's name ask, while it is the command being run."""
        root = click.Context(
            click.Command("stakebook"), info_name="stakebook", help_option_names=HELP
        )
        check_values(self, root, words)
        with self.make_context(self.name, list(words), parent=root) as context:
            if SUPPOSITION in context.meta:
                refuse_proof(OPTIONS)
            given = dict(context.params)
            for shown in SHOWN_BY:
                given.pop(shown)
            cut = make_cut(*(given.pop(name) for name in _LIMITS))
            yield self.asking(**given), cut
