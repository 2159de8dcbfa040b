"""What a half-typed word may become: ids of what is recorded, with their names, words and dates.

It looks at the read model as it lies there, by its indexes and not for long, and never builds or
writes it. Where there is none, or it cannot be read, nothing is proposed and nothing said. It does
without the classes of the events, which take longer to load than a shell may wait.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    import sqlite3

    from ledger.storage.server import Place

THINGS = (  # whatever an event may be about
    *("party", "issuer", "class", "agreement", "deal", "investment", "offering", "milestone"),
    *("project", "relationship", "pool", "instrument", "right", "restriction", "offer"),
    *(
        "condition",
        "proceeding",
        "transfer",
        "meeting",
        "resolution",
        "source",
        "subject",
        "event",
        "key",
    ),
)
MOST = 50  # proposals
SECONDS = 0.1  # to look for them
_NAMED = 2_000  # parties whose names are looked at; ids are found among any number
_LAST = "\U0010ffff"
_PREFIXES = {"party": "new-party", "class": "new-class", "source": "new-source"}
_BY_SUBJECT = (
    "SELECT subject FROM subjects WHERE subject >= ? AND subject < ? ORDER BY subject LIMIT ?"
)
_ABOUT = (
    "SELECT e.data FROM subjects s JOIN indexed i ON i.subject = s.id"
    " JOIN events e ON e.position = i.position WHERE s.subject = ? LIMIT ?"
)
_NAMES = ("name", "title")
_DAYS = ("today", "yesterday")
_CORRECTING = {
    "--because": "text", "--kind": "clerical|new-information", "--without": "text",
    "--dry-run": "",
}  # fmt: skip
_OF_EVENTS = ("show", "correct", "edit", "retract", "corroborate")  # their argument is an event


class Proposed(click.ParamType[str]):
    """A text taken as it is typed, for which shells propose ids of some kinds, or words."""

    name = "text"

    def __init__(self, *kinds: str, words: Sequence[str] = ()) -> None:
        self._kinds, self._words = kinds, words

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        words = [CompletionItem(word) for word in self._words if word.startswith(incomplete)]
        return [*words, *proposed(_ledger(ctx), self._kinds, incomplete)]


EVENT = Proposed("key")
DATE = Proposed(words=_DAYS)


def proposed(ledger: Place, kinds: Collection[str], typed: str) -> list[CompletionItem]:
    """Ids of things of some kinds that are proposed to a shell, their names for help."""
    from cli.safe_text import safe

    found = candidates(ledger, kinds, typed)
    return [CompletionItem(id, help=safe(name) or None) for id, name in found if safe(id) == id]


def of_events(words: Sequence[str], typed: str) -> list[CompletionItem] | None:
    """What is proposed after words of commands that record; None of those of any other command."""
    ledger, rest = _after_ledger(words)
    if rest and rest[0] in _OF_EVENTS and len(rest) == 1 and not typed.startswith("-"):
        return proposed(ledger, ("key",), typed)
    if not rest or rest[0] not in ("append", "correct"):
        return None
    from cli.option_words import APPEND, SHARED, TYPES

    if rest[0] == "correct":
        own = TYPES.get(_type_of(ledger, rest[1]) if len(rest) > 1 else "", {})
        return _option_or_value(ledger, own | _CORRECTING, rest[-1], typed)

    if len(rest) == 1 and not typed.startswith("-"):
        return [CompletionItem(name) for name in TYPES if name.startswith(typed)]
    type_name = next((word for word in rest[1:] if word in TYPES), "")
    options = TYPES[type_name] | SHARED if type_name else APPEND
    return _option_or_value(ledger, options, rest[-1], typed)


def _option_or_value(
    ledger: Place, options: Mapping[str, str], before: str, typed: str
) -> list[CompletionItem]:
    """Options, or after one that takes a value, its values."""
    if takes := options.get(before, ""):
        return _values(ledger, takes, typed)
    return [CompletionItem(option) for option in options if option.startswith(typed)]


def _values(ledger: Place, takes: str, typed: str) -> list[CompletionItem]:
    """The values of an option: of a kind of thing, a date, a file, or one of some words."""
    if takes == "@subject":
        return proposed(ledger, THINGS, typed)
    if takes.startswith("@"):
        return proposed(ledger, takes[1:].split(","), typed)
    if takes == "file":
        return [CompletionItem(typed, type="file")]
    words = {"date": _DAYS, "text": ()}.get(takes, takes.split("|"))
    return [CompletionItem(word) for word in words if word.startswith(typed)]


def _after_ledger(words: Sequence[str]) -> tuple[Place, list[str]]:
    """The ledger that words of the command line name, and the words after that."""
    from os import environ

    named, rest = environ.get("STAKEBOOK_LEDGER") or "stakebook.db", list(words)
    while rest and rest[0].startswith("--ledger"):
        option, given, value = rest.pop(0).partition("=")
        if option != "--ledger" or not (given or rest):
            break
        named = value if given else rest.pop(0)
    from ledger.storage.server import place_of

    return place_of(named), rest


def _ledger(ctx: click.Context) -> Place:
    from ledger.storage.server import place_of

    return place_of(ctx.find_root().params.get("ledger") or "stakebook.db")


def candidates(
    ledger: Place, kinds: Collection[str], typed: str, most: int = MOST
) -> list[tuple[str, str]]:
    """Ids of things of some kinds that begin with what is typed, or whose names do; with names."""
    found = dict[str, str]()

    def look(db: sqlite3.Connection) -> None:
        for kind in kinds:
            for id, name in _of_kind(db, kind, typed, most):
                found.setdefault(id, name)

    looked(ledger, look)
    return list(found.items())[:most]


def _type_of(ledger: Place, event: str) -> str:
    """The type of an event named by its key or position; empty where none is found."""
    found = list[str]()
    number = event.removeprefix("#")
    by, value = ("position", number) if number.isdecimal() else ("key", event)

    def look(db: sqlite3.Connection) -> None:
        for (data,) in db.execute(f"SELECT data FROM events WHERE {by} = ?", (value,)):
            found.append(str(json.loads(data).get("type", "")))

    looked(ledger, look)
    return found[0] if found else ""


def looked(ledger: Place, look: Callable[[sqlite3.Connection], None]) -> None:
    """Look at the read model of a ledger, if it is there and only for so long."""
    import sqlite3

    until = time.monotonic() + SECONDS
    with suppress(OSError, ValueError, sqlite3.Error):
        address = f"{_views_of(ledger).resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=0)) as db:
            db.set_progress_handler(lambda: time.monotonic() > until, 10_000)
            look(db)


def _views_of(ledger: Place) -> Path:
    """The read model on this machine; no server is asked."""
    from projections.readmodel.index import views_path

    if isinstance(ledger, Path):
        return views_path(ledger)
    from cli.local import views_of

    return views_of(ledger._replace(offline=True))


def _of_kind(db: sqlite3.Connection, kind: str, typed: str, most: int) -> Iterator[tuple[str, str]]:
    if kind in ("key", "event"):
        keys = db.execute(
            "SELECT key FROM events WHERE key >= ? AND key < ? ORDER BY key LIMIT ?",
            (typed, typed + _LAST, most),
        )
        yield from ((key, "") for (key,) in keys)
        return
    prefix = f"{_PREFIXES.get(kind, kind)}:"
    rows = db.execute(_BY_SUBJECT, (prefix + typed, prefix + typed + _LAST, most)).fetchall()
    for (subject,) in rows:
        id = subject.removeprefix(prefix)
        yield id, _name(db, kind, id)
    if kind == "party" and typed and len(rows) < most:
        yield from _by_name(db, typed)


def _name(db: sqlite3.Connection, kind: str, id: str) -> str:
    """The name under which a thing was registered, or was first called."""
    subject = f"{_PREFIXES.get(kind, 'new-party' if kind == 'issuer' else kind)}:{id}"
    for (data,) in db.execute(_ABOUT, (subject, 5)):
        fields = _fields(data)
        for name in _NAMES:
            if isinstance(told := fields.get(name), str):
                return told
    return ""


def _by_name(db: sqlite3.Connection, typed: str) -> Iterator[tuple[str, str]]:
    wanted = _folded(typed)
    for (data,) in db.execute(_ABOUT, ("type:party-registered", _NAMED)):
        fields = _fields(data)
        if wanted and _folded(str(fields.get("name", ""))).startswith(wanted):
            yield str(fields["party"]), str(fields["name"])


def _fields(data: str) -> dict[str, Any]:
    """The fields in the stored bytes of an event."""
    stored = json.loads(data)
    fields = stored.get("data", stored)
    return fields if isinstance(fields, dict) else {}


def _folded(name: str) -> str:
    import unicodedata

    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in letters if not unicodedata.combining(c)).strip()
