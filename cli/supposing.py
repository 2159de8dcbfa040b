"""What-if: events laid over the log, or left out of it, for one answer and never recorded."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from cli.context import Command, open_ledger
from cli.question import SUPPOSITION
from ledger.storage.server import Place
from ledger.time.history import History
from ledger.values.refusals import Refusal, Refused

if TYPE_CHECKING:
    from cli.drafts import Told
    from ledger.batch import Draft, Misread
    from ledger.events.envelope import Recorded

OPTIONS = frozenset(["--with", "--without", "--against"])
_WHY = "it is supposed not to have been recorded"


@dataclass
class Supposed:
    """The events of files, in their order, and retractions of those to be left out.

    They are checked as if they were appended to the ledger at the path, which is only read.
    """

    path: Place
    files: list[str | Told] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    against: str | None = None
    _drafts: list[Draft | Misread] | None = None
    _events: list[Recorded] = field(default_factory=list)
    _after: int | None = None

    def over(self, history: History) -> History:
        """The history with the supposed events after it; Refused as an append would be."""
        from ledger.time.log import Log

        if self._after != history.position:
            self._events = self._checked(history)
            self._after = history.position
        return Log(self._events, history)

    def _checked(self, history: History) -> list[Recorded]:
        from ledger.time.supposed import supposed

        if self._drafts is None:
            self._drafts = [*self._told(history), *self._left_out(history)]
        with open_ledger(self.path, "ro") as ledger:
            return supposed(ledger.suppose(self._drafts, history), history)

    def _told(self, history: History) -> Iterator[Draft | Misread]:
        from cli.drafts import drafts_of
        from cli.options import defaults_in
        from ledger.intake.completion import Completion

        defaults = defaults_in(os.environ.get("STAKEBOOK_DEFAULTS"))
        completed = defaults._replace(complete=Completion(lambda: history))
        yield from drafts_of(tuple(self.files), defaults=completed)

    def _left_out(self, history: History) -> Iterator[Draft]:
        from ledger.batch import Draft
        from ledger.events.validation import make_event
        from ledger.time.view import View
        from projections.subjects.timeline import find_event

        for number, event in enumerate(self.without):
            place = f"--without {event}"
            try:
                key = find_event(View(history), event).key
            except Refused as refused:
                raise refused.at(place) from None
            retracted = make_event("event-retracted", {"event": key, "because": _WHY})
            yield Draft(retracted, f"--without {number}", place)

    @property
    def words(self) -> str:
        """The heading of every answer."""
        count = len(self._events)
        return f"Supposed: {count:,} {'event' if count == 1 else 'events'}, not recorded"

    @property
    def typed(self) -> str:
        """The options that suppose it, as words for another command."""
        files = (f" --with {quote(str(file))}" for file in self.files)
        return "".join((*files, *(f" --without {quote(event)}" for event in self.without)))

    def fields(self) -> dict[str, Any]:
        """What is supposed, as JSON shows it."""
        return {
            "supposed": [
                {
                    "event": event.key,
                    "position": event.place,
                    "type": event.type,
                    "data": dict(event.data),
                }
                for event in self._events
            ]
        }


def supposing_options(command: Command) -> Command:
    """What to suppose, as options of a command that asks a question.

    They are read before all others, so that what is supposed can be named there.
    """
    options = (
        click.option(
            "--with",
            "with_files",
            multiple=True,
            metavar="FILE",
            is_eager=True,
            expose_value=False,
            callback=_keep(lambda supposed, value: supposed.files.extend(value)),
            help="Suppose the events of FILE, without recording them; repeatable.",
        ),
        click.option(
            "--without",
            multiple=True,
            metavar="EVENT",
            is_eager=True,
            expose_value=False,
            callback=_keep(lambda supposed, value: supposed.without.extend(value)),
            help="Suppose that EVENT was never recorded; repeatable.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def against_option(command: Command) -> Command:
    """The option to show only what a supposition changes."""
    return click.option(
        "--against",
        type=click.Choice(["recorded"]),
        expose_value=False,
        callback=_keep(lambda supposed, value: setattr(supposed, "against", value)),
        help="Only what differs from the answer without --with and --without.",
    )(command)


def supposed() -> Supposed | None:
    """What the running command supposes, if anything."""
    found = click.get_current_context().meta.get(SUPPOSITION)
    if found is not None and not (found.files or found.without):
        raise click.UsageError("--against compares what is supposed: give --with or --without.")
    return found if isinstance(found, Supposed) else None


def refuse_proof(given: Collection[str]) -> None:
    """Refuse to prove an answer of which some options are given, where they suppose anything."""
    for option in sorted(OPTIONS.intersection(given)):
        raise Refused(
            Refusal.NOT_PROVABLE,
            "Only what is recorded can be proven, not what is supposed.",
            f"Leave out {option}, or record the events first.",
            option,
        )


def _keep(
    take: Callable[[Supposed, Any], object],
) -> Callable[[click.Context, click.Parameter, Any], None]:
    """A callback that keeps what an option gives, if it is given."""

    def keep(context: click.Context, _: click.Parameter, value: Any) -> None:
        if value and not context.resilient_parsing:
            new = Supposed(context.obj if isinstance(context.obj, Path) else Path())
            take(context.meta.setdefault(SUPPOSITION, new), value)

    return keep
