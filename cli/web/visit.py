"""One request's look at a ledger: every question it asks is answered from one state of the log."""

from __future__ import annotations

import re
import secrets
import sqlite3
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import click

from cli.arguments import HELP
from cli.context import OpenedLedger, view_at
from cli.main import command_of
from cli.question import supposition
from cli.receiver import RECEIVER, Found
from cli.safe_text import isolated, visible
from cli.screen import Screen
from ledger.events.envelope import Recorded
from ledger.storage.server import Place
from ledger.time.view import Cut
from projections.readmodel.index import Index
from projections.told import told_rounded

_BEGIN, _TEXT, _END = "\ue000", "\ue001", "\ue002"  # around what leads somewhere
_STEPS = 10_000  # of SQLite, between two looks at the clock


class TooLongError(Exception):
    """A question that is not answered in the time that a request has."""


class Watched(Index):
    """A history that is asked no more once its time is over."""

    def __init__(self, connection: sqlite3.Connection, position: int, look: Callable[[], None]):
        super().__init__(connection, position)
        self._look, self._knows = look, dict[str, bool]()

    def knows(self, subject: str) -> bool:
        if subject not in self._knows:
            self._knows[subject] = super().knows(subject)
        return self._knows[subject]

    def root(self, key: str) -> Recorded | None:
        self._look()
        return super().root(key)

    def mentioning(self, subject: str, types: Collection[str] | None = None) -> Sequence[Recorded]:
        self._look()
        return super().mentioning(subject, types)

    def forget(self) -> None:
        """Let go of what was read and worked out, so that no later request is stopped to do so."""
        vars(self).clear()

    def recorded_by(self, instant: str) -> Watched:
        return self.at(super().recorded_by(instant).position)

    def at(self, position: int) -> Watched:
        return Watched(self.connection, min(position, self.position), self._look)


class Part(NamedTuple):
    """Text of a page, and the kind and ids of what it leads to."""

    text: str
    to: tuple[str, ...] = ()


class Visit(OpenedLedger):
    """The ledger as one request sees it: opened to read, once, at the end that the log then has."""

    def __init__(self, path: Place, seconds: float) -> None:
        super().__init__(path, "ro")
        self._until = time.monotonic() + seconds
        self._pinned: Watched | None = None
        self._mark = secrets.token_hex(8)  # so that nothing recorded can pass for a link
        self._links: list[tuple[str, ...]] = []
        self._numbers: dict[tuple[str, ...], int] = {}
        self._given: list[Any] = []
        self._marked = re.compile(f"{_BEGIN}{self._mark}([0-9]+){_TEXT}([^{_BEGIN}-{_END}]*){_END}")

    def __exit__(self, *failure: object) -> None:
        if self._pinned is not None:
            self._pinned.forget()
            self._pinned = None
        super().__exit__(*failure)

    def told(self, words: Sequence[str]) -> Screen:
        """What a person reads of the answer to a command."""
        shown: Screen = self._answer(words)
        return shown

    def values(self, words: Sequence[str]) -> Any:
        """The answer to a command in plain values."""
        return self._answer(words)

    def run(self, words: Sequence[str]) -> None:
        """Run a command, which hands over what it would have written."""
        root = click.Context(
            click.Command("stakebook"), info_name="stakebook", obj=self.path,
            help_option_names=HELP,
        )  # fmt: skip
        root.meta[RECEIVER] = self
        command = command_of(words[0])
        with command.make_context(command.name, list(words[1:]), parent=root) as context:
            command.invoke(context)

    def _answer(self, words: Sequence[str]) -> Any:
        self._given.clear()
        self.run(words)
        return self._given[0]

    def screen(self, screen: Screen) -> None:
        if supposed := supposition():
            screen = replace(screen, title=f"{supposed.words}: {screen.title}")
        self._given.append(screen)

    def value(self, value: Any) -> None:
        self._given.append(value)

    def linked(self, text: str, kind: str, *ids: str) -> str:
        to = (kind, *ids)
        if to not in self._numbers:
            self._numbers[to] = len(self._links)
            self._links.append(to)
        return f"{_BEGIN}{self._mark}{self._numbers[to]}{_TEXT}{visible(told_rounded(text))}{_END}"

    def parts(self, text: str) -> Iterator[Part]:
        """Text in parts that lead somewhere or nowhere, each safe to be shown."""
        place = 0
        for found in self._marked.finditer(text):
            if found.start() > place:
                yield Part(_safe(text[place : found.start()]))
            yield Part(_safe(found[2]), self._links[int(found[1])])
            place = found.end()
        if place < len(text):
            yield Part(_safe(text[place:]))

    def plain(self, text: str) -> str:
        """Text without the marks of links."""
        return "".join(part.text for part in self.parts(text))

    @property
    def position(self) -> int:
        """How many events this visit sees."""
        return self._pin().position

    @property
    def recorded_at(self) -> str:
        """When the last event that this visit sees was recorded; empty where there is none."""
        found = self._pin().mentioning(f"position:{self.position}")
        return found[0].recorded_at if found else ""

    def title(self, id: str, cut: Cut) -> str:
        """What something is called at a cut, with its id."""
        from projections.names import Names

        names = Names(self.looked_up(self.path, lambda index: view_at(index, cut)))
        return names.title(names.kind_of(id), id)

    def knows(self, subject: str) -> bool:
        """Whether anything recorded speaks of a subject."""
        return self.looked_up(self.path, lambda index: index.knows(subject))

    def tells(self, subject: str, type_name: str) -> bool:
        """Whether an event of a type speaks of a subject."""
        return bool(self.looked_up(self.path, lambda index: index.mentioning(subject, [type_name])))

    def looked_up(self, path: Place, look: Callable[[Index], Found]) -> Found:
        self._check_time()
        try:
            return look(self._pin())
        except sqlite3.DatabaseError:
            self._check_time()
            if not self.read_model.discard():
                raise
            self._pinned = None
            return look(self._pin())

    def _pin(self) -> Index:
        if self._pinned is None:
            found = self.ask(lambda index: index)
            found.connection.set_progress_handler(self._is_late, _STEPS)
            self._pinned = Watched(found.connection, found.position, self._check_time)
        return self._pinned

    def give_up(self) -> None:
        """End what is being answered, from another thread."""
        self._until = 0.0

    def _check_time(self) -> None:
        if self._is_late():
            raise TooLongError

    def _is_late(self) -> bool:
        return time.monotonic() > self._until


def _safe(text: str) -> str:
    return isolated(visible(text))
