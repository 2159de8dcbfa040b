"""Running the command line in process, and a small ledger to run it on."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from cli.main import main
from ledger.storage.opening import store_at
from ledger.storage.server import Place, Server, place_of
from ledger.values.refusals import Refusal
from projections.columns import NAME_COLUMNS
from tests.on_server import OnServer

on_server: OnServer | None = None  # where the tests run on ledgers in a server


class Outcome(NamedTuple):
    """What a run of the command line came to: its exit code and all it wrote."""

    code: int
    out: str
    err: str


def party(id: str, **others: str) -> dict[str, str]:
    """An event that registers a company."""
    named = {"type": "party-registered", "party": id, "kind": "company", "name": id.title()}
    return named | {"key": f"party-{id}"} | others


def dated(type: str, **fields: Any) -> dict[str, Any]:
    """An official event of 8 November 2023."""
    return {"type": type, "effective_on": "2023-11-08", "standing": "official"} | fields


SETUP: tuple[Mapping[str, Any], ...] = (
    party("acme", name="Acme plc"),
    party("bolt", name="Bolt Ltd"),
    party("fund-one"),
    party("fund-two"),
    {"type": "share-class-created", "share_class": "acme/common", "key": "class-common"},
    {"type": "share-class-created", "share_class": "acme/b", "key": "class-b"},
    {"type": "share-class-created", "share_class": "bolt/common", "key": "class-bolt"},
    dated("register-opened", share_class="acme/common", holder="bolt", shares="100", key="opened")
    | {"effective_on": "2020-01-01"},
)


def run(ledger: Path | str, *words: str, stdin: bytes = b"", **environment: str) -> Outcome:
    """Run ``stakebook --ledger LEDGER WORDS...`` in this process, or on a server."""
    if on_server is None:
        return typed("--ledger", str(ledger), *words, stdin=stdin, **environment)
    place = on_server.place(ledger, words[0])
    code, out, err = typed("--ledger", place, *words, stdin=stdin, **environment)
    return Outcome(code, on_server.told(out), on_server.told(err))


def located(ledger: Path) -> Place:
    """Where a ledger lies that a test names by its path."""
    return place_of(on_server.place(ledger, "")) if on_server else ledger


def typed(*words: str, stdin: bytes = b"", **environment: str) -> Outcome:
    """Run ``stakebook WORDS...`` in this process."""
    with _streams(stdin) as (out, err), patch.dict("os.environ", environment):
        try:
            main(list(words))
        except SystemExit as leaving:
            return Outcome(int(leaving.code or 0), _written(out), _written(err))
    raise AssertionError("main ends by sys.exit")


def append(ledger: Path, raw: bytes, *words: str) -> Outcome:
    """Append bytes given on standard input."""
    return run(ledger, "append", "--file", "-", *words, stdin=raw)


def accept(ledger: Path, *events: Mapping[str, Any]) -> Outcome:
    """Append events that must be accepted, each a mapping with its type."""
    outcome = append(ledger, lines(*events))
    assert outcome.code == 0, outcome.err
    return outcome


def new_ledger(folder: Path, *events: Mapping[str, Any]) -> Path:
    """A ledger in a folder that holds the events of SETUP and those given."""
    ledger = folder / "deal.db"
    assert run(ledger, "init").code == 0
    accept(ledger, *SETUP, *events)
    return ledger


def lines(*events: Mapping[str, Any]) -> bytes:
    """Events as JSON Lines."""
    return b"".join(json.dumps(event).encode() + b"\n" for event in events)


def joined(text: str) -> str:
    """Text without its line breaks, where these are only those of a terminal."""
    return " ".join(text.split())


def stored(ledger: Path) -> list[tuple[int, bytes]]:
    """The position and the bytes of every event of a ledger."""
    place = located(ledger)
    if isinstance(place, Server):
        return [(one.position, one.raw) for one in store_at(place).events_after(0)]
    connection = sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)
    try:
        return connection.execute("SELECT position, state FROM stored_events").fetchall()
    finally:
        connection.close()


def tamper(ledger: Path, statement: str, *values: Any) -> None:
    """Change recorded events from outside, leaving the schema as it was."""
    with closing(sqlite3.connect(ledger)) as connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement, values)
        for _, sql in triggers:
            connection.execute(sql)
        connection.commit()


def assert_refused(outcome: Outcome, refusal: Refusal, *said: str, code: int = 2) -> None:
    """One line on standard error, with the refusal's code and what is to be said; nothing else."""
    assert outcome.code == code, outcome
    assert outcome.out == ""
    assert outcome.err.startswith("stakebook: ")
    assert outcome.err.endswith(f" [{refusal.code}]\n"), outcome.err
    assert outcome.err.count("\n") == 1
    assert_printable(outcome.err)
    for words in said:
        assert words in outcome.err


def run_remedy(ledger: Path, outcome: Outcome) -> Outcome:
    """What the first command says that a refusal shows, once it is run; it names the ledger."""
    _, option, named, *words = shlex.split(outcome.err.split("`")[1])
    assert (option, named) == ("--ledger", str(ledger)), outcome.err
    return run(ledger, *words)


def assert_usage(outcome: Outcome, *said: str) -> None:
    """A usage error: exit code 2, nothing on standard output, and what is wrong named."""
    assert outcome.code == 2, outcome
    assert outcome.out == ""
    assert "Error: " in outcome.err
    assert_printable(outcome.err)
    for words in said:
        assert words in outcome.err


def assert_printable(text: str) -> None:
    """No traceback, and no character that could steer a terminal."""
    assert "Traceback" not in text
    assert "fault in stakebook" not in text
    found = re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066\u2067\u200b\ufeff]", text)
    assert not found, [hex(ord(c)) for c in found]


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Let the clock of the machine stand at a moment."""

    class Stopped(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Stopped:  # noqa: ARG003
            return cls.fromisoformat(moment.isoformat())

    with patch("cli.context.datetime", Stopped):
        yield


@contextmanager
def _streams(stdin: bytes) -> Iterator[tuple[io.TextIOWrapper, io.TextIOWrapper]]:
    given = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    with (
        _temporary() as text_out,
        _temporary() as text_err,
        patch.multiple(sys, stdin=given, stdout=text_out, stderr=text_err),
    ):
        yield text_out, text_err


@contextmanager
def _temporary() -> Iterator[io.TextIOWrapper]:
    made, path = tempfile.mkstemp()
    try:
        with open(path, "w", encoding="utf-8", newline="", opener=lambda *_: made) as stream:
            yield stream
    finally:
        os.unlink(path)


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    return Path(stream.name).read_bytes().decode()


def passed(ledger: Any) -> int:
    """The position up to which a ledger passes its replay."""
    from ledger.replay import replayed
    from projections.readmodel.rebuild import rebuilt_read_model

    with (
        tempfile.TemporaryDirectory() as folder,
        rebuilt_read_model(Path(folder, "replay.views.db"), ledger.id) as fresh,
    ):
        return max(replayed(ledger, fresh), default=0)


def without_names(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer in JSON without the names that the command line gives beside ids."""
    answer["cut"].pop("names")
    for row in answer["rows"]:
        for column in NAME_COLUMNS & row.keys():
            del row[column]
    return answer
