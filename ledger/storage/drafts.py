"""Drafts on a server: events that one person proposes and another records, outside the log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

import psycopg

from ledger.storage.connection import Patient, checked, connect, in_words
from ledger.storage.postgres import surely
from ledger.storage.server import Server
from ledger.values.refusals import Refusal, Refused

_DRAFTS = """SELECT d.number, d.by, d.at, count(e.key),
  (SELECT count(*) FROM draft_events AS w JOIN stored_events AS r ON r.key = w.key
    WHERE w.draft = d.number),
  s.step, s.by, s.note
FROM drafts AS d LEFT JOIN draft_events AS e ON e.draft = d.number
LEFT JOIN draft_ends AS s ON s.draft = d.number
{where} GROUP BY d.number, d.by, d.at, s.step, s.by, s.note ORDER BY d.number"""
_EVENTS = """SELECT key, key_given, type, data FROM draft_events WHERE draft = %s ORDER BY line"""
_KEPT = """INSERT INTO draft_events SELECT %s, * FROM
  unnest(%s::bigint[], %s::text[], %s::boolean[], %s::text[], %s::text[])"""
_ENDED = "INSERT INTO draft_ends (draft, step, note) VALUES (%s, %s, %s)"


class DraftedEvent(NamedTuple):
    """An event of a draft: its key, whether its author chose it, and what it says."""

    key: str
    key_given: bool
    type: str
    data: str  # canonical JSON


class Drafted(NamedTuple):
    """A draft: whose it is, of how many events, how many of these are recorded, how it ended."""

    number: int
    by: str
    at: datetime
    events: int
    recorded: int
    step: str | None
    ended_by: str | None
    note: str | None

    @property
    def status(self) -> str:
        """``open``, ``recorded``, ``rejected`` or ``withdrawn``."""
        return self.step or ("recorded" if self.recorded == self.events else "open")


class Drafts:
    """The drafts of a ledger on a server, as far as the login may see them."""

    def __init__(self, connection: Patient, login: str) -> None:
        self._connection, self.login = connection, login

    def every(self) -> list[Drafted]:
        """All of them, by number."""
        found = self._connection.execute(_DRAFTS.format(where="")).fetchall()
        return [Drafted(*row) for row in found]

    def named(self, number: int) -> tuple[Drafted, list[DraftedEvent]]:
        """One of them, with its events in order."""
        sql = _DRAFTS.format(where="WHERE d.number = %s")
        row = self._connection.execute(sql, (number,)).fetchone()
        if row is None:
            raise Refused(
                Refusal.UNKNOWN_SUBJECT,
                f"There is no draft {number} that {self.login} may see.",
                "`stakebook drafts` lists them.",
                "NUMBER",
            )
        found = self._connection.execute(_EVENTS, (number,)).fetchall()
        return Drafted(*row), [DraftedEvent(*event) for event in found]

    def make(self, events: Sequence[DraftedEvent]) -> int:
        """Keep some events as a draft; its number."""
        with surely(self._connection, "The draft"), self._connection.transaction():
            made = self._connection.execute("INSERT INTO drafts DEFAULT VALUES RETURNING number")
            ((number,),) = made.fetchall()
            columns = [list(column) for column in zip(*events, strict=True)]
            lines = list(range(1, len(events) + 1))
            self._connection.execute(_KEPT, (number, lines, *columns))
        return int(number)

    def end(self, draft: Drafted, note: str) -> str:
        """Withdraw an own draft, or reject that of another; which of them it was."""
        step = "withdrawn" if draft.by == self.login else "rejected"
        try:
            with surely(self._connection, f"The end of draft {draft.number}"):
                self._connection.execute(_ENDED, (draft.number, step, note))
        except (psycopg.errors.UniqueViolation, psycopg.errors.RaiseException):
            raise Refused(
                Refusal.DRAFT_ENDED,
                f"Draft {draft.number} was ended or recorded by somebody else meanwhile.",
                "`stakebook drafts --all` lists what became of each.",
            ) from None
        return step


@contextmanager
def drafts_on(server: Server, *, writing: bool = False) -> Iterator[Drafts]:
    """The drafts of the ledger on a server; Refused where it was not made to have any."""
    connection = connect(server, writing=True)
    with in_words(server), connection:
        found = checked(server, connection, writing=writing)
        if not found.four_eyes:
            raise no_drafts()
        yield Drafts(connection, found.login)


def no_drafts() -> Refused:
    """Why a ledger has no drafts."""
    return Refused(
        Refusal.NO_DRAFTS,
        "This ledger has no drafts: whoever may write records at once.",
        "Append the events; `stakebook init --four-eyes` on a server makes one with drafts.",
    )
