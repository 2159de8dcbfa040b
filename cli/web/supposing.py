"""What-if: events pasted into a form and supposed for one answer; nothing of them is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote

import click

from cli.screen import Screen
from cli.web.asked import Query, fields_of, served_at, with_arguments, words_of
from cli.web.visit import Visit
from ledger.values.refusals import Refused

_NAME = "events"  # what a refusal calls the text
_MOST = 1_000_000  # characters


def supposed(visit: Visit, ask: str, events: str, only: bool, cut: Query) -> Screen:
    """The answer to the question at a path as it would be with events recorded as well."""
    path, _, query = ask.strip().partition("?")
    asked, ids = served_at([unquote(part) for part in path.strip("/").split("/")])
    given = {**fields_of(query), **cut}
    if only and "against" not in asked.parameters():
        raise click.UsageError(
            f"{asked.path} cannot be answered by what differs alone: ask for all of its answer."
        )
    against = ["--against=recorded"] if only else []
    with _file_of(events) as file:
        how = ("--labels=names", f"--with={file}", *against)
        return visit.told(words_of(asked, with_arguments(asked, ids, given), *how))


def proposed(visit: Visit, events: str, day: str) -> Screen:
    """What clauses of agreements say of events, those without a day of their own on one."""
    with _file_of(events) as file:
        return visit.told(["propose", f"--file={file}", f"--on={day}", "--labels=names"])


@contextmanager
def _file_of(events: str) -> Iterator[Path]:
    """A file of events that is there for one answer, and named as no more than its name."""
    if len(events) > _MOST:
        raise click.UsageError(f"{len(events):,} characters of events: a form takes {_MOST:,}.")
    with TemporaryDirectory() as folder:
        file = Path(folder, _NAME)
        file.write_text(events.replace("\r\n", "\n"))
        try:
            yield file
        except Refused as refused:
            raise _renamed(refused, f"{folder}/") from None


def _renamed(refused: Refused, folder: str) -> Refused:
    told = (text.replace(folder, "") for text in (refused.wrong, refused.remedy, refused.place))
    wrong, remedy, place = told
    more = [_renamed(one, folder) for one in refused.more]
    return Refused(refused.refusal, wrong, remedy, place, more)
