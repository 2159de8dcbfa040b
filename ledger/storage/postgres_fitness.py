"""What a server tells of itself: its version, settings, rights, guards and standbys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import psycopg

from ledger.storage.draft_tables import DRAFTS
from ledger.storage.postgres_tables import FUNCTIONS, TRIGGERS
from ledger.storage.server import SAFE

_SETTINGS = (*SAFE, "server_encoding", "data_checksums", "wal_log_hints")
_SERVER = """SELECT current_setting('server_version_num')::int AS version,
  clock_timestamp() AS now, current_user::text AS role,
  (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
  has_table_privilege('stakebook.stored_events', 'UPDATE, DELETE, TRUNCATE') AS may_change,
  has_table_privilege('stakebook.stored_events', 'INSERT') AS may_append,
  has_table_privilege('stakebook.draft_events', 'INSERT') AS may_draft,
  (SELECT four_eyes FROM stakebook.ledger) AS four_eyes,
  current_setting('synchronous_standby_names') AS standby_names,
  (SELECT require_standby FROM stakebook.ledger) AS require_standby,
  (SELECT id FROM stakebook.ledger) AS ledger,
  (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()) AS tls,
  r.rolname::text AS owner, r.rolcanlogin AS owner_logs_in,
  (SELECT max(clock_timestamp() - xact_start) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()) AS oldest
FROM pg_class AS c JOIN pg_roles AS r ON r.oid = c.relowner
WHERE c.oid = 'stakebook.stored_events'::regclass"""
_STANDBYS = "SELECT application_name, sync_state FROM pg_stat_replication ORDER BY 1"
_TRIGGERS = """SELECT tgrelid::regclass::text, tgname, tgenabled::text,
  tgfoid::regproc::text, tgqual IS NULL
FROM pg_trigger WHERE NOT tgisinternal AND tgrelid IN
  (SELECT oid FROM pg_class WHERE relnamespace = 'stakebook'::regnamespace)"""
_FUNCTIONS = """SELECT proname, prosrc, prosecdef, coalesce(proconfig::text, '') FROM pg_proc
WHERE pronamespace = 'stakebook'::regnamespace"""
_COLUMNS = """SELECT table_name, column_name, collation_name FROM information_schema.columns
WHERE table_schema = 'stakebook' AND data_type = 'text'"""
_UNLOGGED = """SELECT relname FROM pg_class WHERE relnamespace = 'stakebook'::regnamespace
  AND relkind = 'r' AND relpersistence <> 'p' ORDER BY 1"""
_LEAF = """SELECT pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = 'stakebook.stored_events'::regclass AND contype = 'c' AND convalidated"""
_OPEN = f"""SELECT relname FROM pg_class WHERE relnamespace = 'stakebook'::regnamespace
  AND relname IN ('{"', '".join(DRAFTS)}') AND NOT relrowsecurity"""
_MADE = re.compile(
    r"CREATE (?:CONSTRAINT )?TRIGGER (\w+) .*?ON stakebook\.(\w+).* stakebook\.(\w+)\(", re.DOTALL
)
_PATH = '{"search_path=stakebook, pg_catalog, pg_temp"}'


def fitness_of(connection: psycopg.Connection[Any]) -> dict[str, Any]:
    """What a server tells of itself and of the ledger in it."""
    cursor = connection.execute(_SERVER)
    row = cursor.fetchone() or ()
    told = dict(zip([column.name for column in cursor.description or ()], row, strict=True))
    asked = ", ".join(f"current_setting('{name}')" for name in _SETTINGS)
    values = connection.execute(f"SELECT {asked}").fetchone() or ()
    return told | {
        "settings": dict(zip(_SETTINGS, values, strict=True)),
        "standbys": connection.execute(_STANDBYS).fetchall(),
        "schema": list(_wrong(connection)),
    }


def _wrong(connection: psycopg.Connection[Any]) -> Iterator[str]:
    """How the guards of a ledger differ from those that this release makes."""
    found = {
        (table.removeprefix("stakebook."), name): (calls.removeprefix("stakebook."), always)
        for table, name, enabled, calls, always in connection.execute(_TRIGGERS)
        if enabled in ("O", "A")
    }
    for statement in TRIGGERS:
        if made := _MADE.match(statement):
            name, table, calls = made.groups()
            if found.get((table, name)) != (calls, True):
                yield f"the trigger {name} of {table} is missing, disabled or another one"
    stored = {name: told for name, *told in connection.execute(_FUNCTIONS)}
    for name, statement in FUNCTIONS.items():
        head, body, _ = statement.split("$body$")
        definer = "SECURITY DEFINER" in head
        if stored.get(name) != [body, definer, _PATH if definer else ""]:
            yield f"the function {name} is missing or another one"
    for (table,) in connection.execute(_UNLOGGED):
        yield f"the server empties {table} after a crash: it is UNLOGGED"
    for (table,) in connection.execute(_OPEN):
        yield f"everybody sees every row of {table}"
    leaf = " ".join(text for (text,) in connection.execute(_LEAF))
    if leaf != "CHECK ((leaf = sha256(('\\x00'::bytea || state))))":
        yield "the leaf hash of an event is not checked"
    for table, column, collation in connection.execute(_COLUMNS):
        if collation != "C" and (table, column) != ("ledger", "moved"):
            yield f"{table}.{column} is not sorted by its bytes"
