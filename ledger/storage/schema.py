"""The tables of a ledger file, and whether a file has these and nothing else."""

from __future__ import annotations

from collections.abc import Iterable

TABLES = (
    """CREATE TABLE IF NOT EXISTS ledger (
        only INTEGER PRIMARY KEY CHECK (only = 1), id TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE IF NOT EXISTS stored_events (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        originator_id TEXT NOT NULL,
        originator_version INTEGER NOT NULL,
        topic TEXT NOT NULL,
        state BLOB NOT NULL,
        key TEXT NOT NULL UNIQUE,
        content BLOB NOT NULL,
        leaf BLOB NOT NULL,
        UNIQUE (originator_id, originator_version)
    ) STRICT""",
    """CREATE TABLE IF NOT EXISTS frontier (
        only INTEGER PRIMARY KEY CHECK (only = 1), size INTEGER NOT NULL, peaks BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE IF NOT EXISTS checkpoints (
        number INTEGER PRIMARY KEY AUTOINCREMENT, size INTEGER NOT NULL, note TEXT NOT NULL UNIQUE
    ) STRICT""",
    "CREATE INDEX IF NOT EXISTS stored_events_content ON stored_events (content)",
    """CREATE TRIGGER IF NOT EXISTS events_are_never_changed BEFORE UPDATE ON stored_events
        BEGIN SELECT RAISE(ABORT, 'recorded events are never changed: append a correction'); END""",
    """CREATE TRIGGER IF NOT EXISTS events_are_never_deleted BEFORE DELETE ON stored_events
        BEGIN SELECT RAISE(ABORT, 'recorded events are never deleted: append a retraction'); END""",
    """CREATE TRIGGER IF NOT EXISTS checkpoints_are_never_changed BEFORE UPDATE ON checkpoints
        BEGIN SELECT RAISE(ABORT, 'checkpoints are never changed'); END""",
    """CREATE TRIGGER IF NOT EXISTS checkpoints_are_never_deleted BEFORE DELETE ON checkpoints
        BEGIN SELECT RAISE(ABORT, 'checkpoints are never deleted'); END""",
    "INSERT INTO frontier VALUES (1, 0, x'') ON CONFLICT DO NOTHING",
)
# What SQLite adds by itself, for AUTOINCREMENT and ANALYZE.
_SQLITE = (
    "CREATE TABLE sqlite_sequence(name,seq)",
    "CREATE TABLE sqlite_stat1(tbl,idx,stat)",
    "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)",
)

Row = tuple[str, str, str | None]  # type, name and sql of a row of sqlite_master


def unlike(rows: Iterable[Row]) -> str:
    """How the schema of a file differs from that of a ledger, in words; empty when it does not."""
    expected, found = {_named(statement): statement for statement in _stored()}, set()
    for kind, name, sql in rows:
        if sql is None and kind == "index" and name.startswith("sqlite_autoindex_"):
            continue
        if kind == "table" and sql in _SQLITE:
            continue
        if (kind, name) not in expected:
            return f"has a {kind} {name[:60]!a} that is not of a ledger"
        if sql != expected[kind, name]:
            return f"has another {kind} {name} than a ledger has"
        found.add((kind, name))
    for kind, name in expected:
        if (kind, name) not in found:
            return f"lacks the {kind} {name}"
    return ""


def _stored() -> Iterable[str]:
    """The statements that make something, as SQLite keeps them."""
    making = (statement for statement in TABLES if statement.startswith("CREATE "))
    return (statement.replace(" IF NOT EXISTS", "", 1) for statement in making)


def _named(statement: str) -> tuple[str, str]:
    _, kind, name = statement.split(maxsplit=3)[:3]
    return kind.lower(), name
