"""What a half-typed word may become: ids of what is recorded, with their names, choices and dates.

It looks at the read model as it lies there, by its indexes, and never builds or writes it. Where
there is none, or it is not to be read, there is nothing to propose, and nothing is said of it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing
from pathlib import Path

MOST = 50  # proposals
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


def candidates(
    ledger: Path, kinds: Collection[str], typed: str, most: int = MOST
) -> list[tuple[str, str]]:
    """Ids of things of some kinds that begin with what is typed, or whose names do; with names."""
    from projections.readmodel.index import views_path

    try:
        address = f"{views_path(ledger).resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=0)) as db:
            found = dict[str, str]()
            for kind in kinds:
                for id, name in _of_kind(db, kind, typed, most):
                    found.setdefault(id, name)
            return list(found.items())[:most]
    except (OSError, ValueError, sqlite3.Error):
        return []


def _of_kind(db: sqlite3.Connection, kind: str, typed: str, most: int) -> Iterator[tuple[str, str]]:
    if kind in ("key", "event"):
        rows = db.execute(
            "SELECT key FROM events WHERE key >= ? AND key < ? ORDER BY key LIMIT ?",
            (typed, typed + _LAST, most),
        )
        yield from ((key, "") for (key,) in rows)
        return
    prefix = f"{_PREFIXES.get(kind, kind)}:"
    rows = db.execute(_BY_SUBJECT, (prefix + typed, prefix + typed + _LAST, most))
    for (subject,) in rows.fetchall():
        id = subject.removeprefix(prefix)
        yield id, _name(db, kind, id)
    if kind == "party" and typed:
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


def _fields(data: str) -> dict[str, object]:
    """The fields in the stored bytes of an event."""
    stored = json.loads(data)
    fields = stored.get("data", stored)
    return fields if isinstance(fields, dict) else {}


def _folded(name: str) -> str:
    import unicodedata

    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in letters if not unicodedata.combining(c)).strip()
