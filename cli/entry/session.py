"""A session at a terminal: events gathered one by one, shown before they are recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from textwrap import shorten
from typing import Any, Protocol

import click

from cli.context import OpenedLedger
from cli.entry.acts import FOLLOWING, types_called
from cli.entry.gather import Gathering
from cli.entry.known import Known
from cli.entry.questions import KEPT
from cli.entry.terminal import Back, Leave, agreed, ask, say
from cli.recording import AppendOptions, draft, write
from ledger.batch import Draft
from ledger.events.base import Event
from ledger.events.registry import event_types
from ledger.intake.event_files import Entry
from ledger.values.refusals import Refusal, Refused
from ledger.vocabulary.guides import GUIDES

NOTHING_RECORDED = "Nothing recorded."
_MANY = 12  # types that are listed at once


class Keeping(Protocol):
    """What is done with the events of a session that are agreed on."""

    verb: str

    def look(self, events: Sequence[Event], again: bool) -> None:
        """Tell what events would do; Refused where they cannot stand."""

    def keep(self, events: Sequence[Event], again: bool) -> None:
        """Record events, or put them by."""

    def ended(self, left: bool) -> None:
        """The session is over, or was left before an event was whole."""


class Recording:
    """Events recorded in the ledger as soon as they are agreed on."""

    verb = "Record"

    def __init__(self, opened: OpenedLedger, options: AppendOptions) -> None:
        self._opened, self._options = opened, options
        self.recorded = 0  # events

    def look(self, events: Sequence[Event], again: bool) -> None:
        write(self._opened, self._drafts(events, again), replace(self._options, dry_run=True))

    def keep(self, events: Sequence[Event], again: bool) -> None:
        write(self._opened, self._drafts(events, again), self._options)
        self.recorded += len(events)

    def ended(self, left: bool) -> None:
        if left:
            say("Nothing more recorded." if self.recorded else NOTHING_RECORDED)

    def _drafts(self, events: Sequence[Event], again: bool) -> list[Draft]:
        key = self._options.key
        return [
            draft(Entry("", key if event is events[-1] else None, event), again) for event in events
        ]


def hold(
    opened: OpenedLedger,
    keeping: Keeping,
    type_name: str = "",
    given: Mapping[str, Any] | None = None,
    kept: Mapping[str, Any] | None = None,
) -> None:
    """Ask for events until no more is wanted; the first of a type with some fields, if given."""
    opened.ask(lambda _: None)  # refused where there is no ledger, before anything is typed
    session = _Session(Known(opened), keeping, dict(kept or {}))
    say("? helps, < goes back, . leaves, Tab completes; brackets show what Enter takes.")
    try:
        session.run(type_name, dict(given or {}))
        keeping.ended(left=False)
    except Leave:
        keeping.ended(left=True)
    except KeyboardInterrupt as end:
        click.echo()
        keeping.ended(left=True)
        if type(end) is not KeyboardInterrupt:  # asked to end by a signal
            raise
        raise click.exceptions.Exit(130) from None


class _Session:
    def __init__(self, known: Known, keeping: Keeping, kept: dict[str, Any]) -> None:
        self._known, self._keeping, self._kept = known, keeping, kept

    def run(self, type_name: str, given: dict[str, Any]) -> None:
        """Go on until no more is wanted; the first event may have a type and fields already."""
        once = bool(type_name)
        while True:
            type_name = type_name or self._type()
            try:
                event = self._one(type_name, given)
            except Back:
                type_name, given, once = "", {}, False
                continue
            if once and event is None:
                raise Leave
            type_name, given = self._next(event)
            if once and not type_name:
                return

    def _next(self, event: Event | None) -> tuple[str, dict[str, Any]]:
        """The type and the fields of the next event, where they follow from this one."""
        if event is None:
            return "", {}
        following = FOLLOWING.get(event.type)
        if following and _agreed(following.question, f"yes asks for {following.type_name}."):
            fields = {to: event.data[of] for to, of in following.fields.items() if of in event.data}
            return following.type_name, fields
        help = "yes asks again; date, standing, source and class stay."
        return (event.type if _agreed("Another like it?", help) else ""), {}

    def _type(self) -> str:
        help = "Write an event type, or words of it such as transfer; Tab lists the types."
        while True:
            try:
                line = ask("What happened? ", help, _types_starting)
            except Back:
                continue
            found, named = types_called(line)
            if len(found) == 1 and named:
                return found[0]
            if not found:
                say(f'  No event type is called "{line}". {help}')
            for name in found[:_MANY]:
                say(f"  {name:27}{shorten(GUIDES[name].when, 50, placeholder='...')}")
            if len(found) > _MANY:
                say(f"  and {len(found) - _MANY} more")

    def _one(self, type_name: str, given: dict[str, Any]) -> Event | None:
        """An event gathered and kept; None where it is not wanted after all."""
        self._known.fresh.clear()
        gathering = Gathering(type_name, self._known, self._kept, given)
        say(f"{type_name}: {_first_line(type_name)}")
        event = gathering.event()
        while True:
            events, again = [*self._known.fresh, event], False
            try:
                self._keeping.look(events, again)
            except Refused as refused:
                if refused.refusal is not Refusal.IDENTICAL_EVENT or not self._twice(refused):
                    event = self._mended(gathering, refused)
                    continue
                again = True
                self._keeping.look(events, again)
            answer = agreed_to(self._keeping.verb)
            if answer == "e":
                gathering.edit()
                event = gathering.event()
                continue
            if answer == "y":
                self._keeping.keep(events, again)
                self._kept |= {n: gathering.given[n] for n in KEPT if n in gathering.given}
            else:
                say(NOTHING_RECORDED)
            self._known.fresh.clear()
            return event if answer == "y" else None

    def _twice(self, refused: Refused) -> bool:
        say(f"  {refused.wrong}")
        return _agreed("Did it happen twice?", "yes records the same once more.")

    def _mended(self, gathering: Gathering, refused: Refused) -> Event:
        for one in refused.each():
            say(f"  {one}")
        gathering.reopen(refused)
        return gathering.event()


def agreed_to(verb: str) -> str:
    """What is to be done with what was shown: ``y``, ``e`` for editing it, or else nothing."""
    help = "y keeps it, e changes it, n drops it."
    while True:
        try:
            line = ask(f"{verb}? [y/N/e=edit] ", help).casefold()
        except Back:
            return "e"
        if line in ("", "n", "no", "y", "yes", "e", "edit"):
            return line[:1]
        say(f"  {help}")


def _types_starting(typed: str) -> list[str]:
    return [name for name in event_types() if name.startswith(typed)]


def _first_line(type_name: str) -> str:
    return " ".join((event_types()[type_name].__doc__ or "").partition("\n\n")[0].split())


def _agreed(question: str, help: str) -> bool:
    try:
        return agreed(question, help)
    except Back:
        return False
