"""Connections to a PostgreSQL server: none is used before its settings were found to be safe."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

import psycopg
from psycopg.conninfo import conninfo_to_dict

from ledger.storage.postgres_tables import FORMAT
from ledger.storage.server import SAFE, Server, is_here, refuse_weak, unreadable
from ledger.storage.stored_log import Asked
from ledger.values.refusals import Damaged, Refusal, Refused, StakebookError

CONNECT_SECONDS = 5
LOCK_SECONDS = 30
TURNS = 10  # in a second that the client waits
PATIENCE = 60  # seconds without a byte from the server
QUEUE_PATIENCE = 300  # the same where others may be served first: the limit of one lock is of each
LOST = ("08", "57", "25P03", "25P04")  # states of a session that the server has ended
OLDEST = 150_000  # PostgreSQL 15
# Of the session, whatever the role or the database has them set to: whoever stands still or is
# gone does not keep the lock, a cancelled wait is heard of, texts mean what they say, and what is
# read under the lock is all that is there.
_SESSION = {
    "idle_in_transaction_session_timeout": "20s",  # before others give up, who wait
    "tcp_keepalives_idle": "30",  # of a machine that is gone in the middle of what it sends
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
    "search_path": "stakebook,pg_catalog,pg_temp",
    "TimeZone": "UTC",
    "DateStyle": "ISO",
    "IntervalStyle": "postgres",
    "client_min_messages": "warning",
    "standard_conforming_strings": "on",
    "default_transaction_isolation": r"read\ committed",
}
_NAMES = (*SAFE, "server_version_num", "server_encoding", "client_encoding")
_LOOK = (
    f"SELECT {', '.join(f'current_setting({name!r})' for name in _NAMES)},"
    " current_setting('synchronous_standby_names'), current_setting('transaction_read_only'),"
    " pg_is_in_recovery(), to_regclass('stakebook.ledger') IS NOT NULL"
)
_FORMAT = "SELECT format FROM stakebook.ledger"
_LEDGER = (
    "SELECT id, require_standby, moved, actors, four_eyes, session_user::text FROM stakebook.ledger"
)


class Found(NamedTuple):
    """What a connection has found: of which ledger it is, whether it is to a standby, whether
    events say who recorded them, whether it takes two people, and the role that is logged in."""

    ledger_id: str
    standby: bool
    actors: bool
    four_eyes: bool
    login: str


class Patient(psycopg.Connection[Any]):
    """A connection that is given up once the server has said nothing for too long."""

    in_queue = False  # whether it stands behind others
    cancelled_after: int | None = None  # seconds without a byte, where that helps

    def wait(self, gen: Any, *given: Any, **named: Any) -> Any:
        limited = named.get("timeout") is not None  # as where news are listened for
        return super().wait(gen if limited else self._heard(gen), *given, **named)

    def _heard(self, gen: Any) -> Generator[Any, Any, Any]:
        """The same turns of waiting; psycopg.OperationalError where one lasts too long."""
        silent, ready = 0, None
        seconds = QUEUE_PATIENCE if self.in_queue else PATIENCE
        while True:
            try:
                wanted = gen.send(ready)
            except StopIteration as ended:
                return ended.value
            ready = yield wanted
            silent = 0 if ready else silent + 1
            if self.cancelled_after is not None and silent == self.cancelled_after * TURNS:
                with suppress(psycopg.Error):  # the connection is given up in the end
                    self.cancel_safe(timeout=CONNECT_SECONDS)
            if silent > seconds * TURNS:
                self.close()
                raise psycopg.OperationalError(f"the server has said nothing for {seconds} s")


@contextmanager
def queueing(connection: Patient) -> Iterator[None]:
    """Have more patience inside: others may be served before."""
    connection.in_queue = True
    try:
        yield
    finally:
        connection.in_queue = False


def connect(server: Server, *, writing: bool = False) -> Patient:
    """A connection to a server, in autocommit mode; errors in words for a user."""
    try:
        options = conninfo_to_dict(server.url)
    except psycopg.ProgrammingError as error:
        raise unreadable(str(error).strip()) from None
    host = server.hosts[0] if server.hosts else ""
    if host and not all(map(is_here, server.hosts)):
        options.setdefault("sslmode", "verify-full")
        for each in server.hosts:
            refuse_weak(server, each, str(options["sslmode"]))
    if writing:
        options["target_session_attrs"] = "read-write"
    options.setdefault("connect_timeout", CONNECT_SECONDS)
    session = {"lock_timeout": f"{LOCK_SECONDS}s"} | _SESSION
    options["options"] = " ".join(f"-c {name}={value}" for name, value in session.items())
    given: Any = {**options, "client_encoding": "UTF8", "application_name": "stakebook"}
    try:
        connection = Patient.connect(**given, autocommit=True)
    except psycopg.Error as error:
        raise server_error(server, error) from None
    used = connection.info.get_parameters().get("sslmode", "prefer")
    try:
        refuse_weak(server, connection.info.host or "/", used)
    except Refused:
        connection.close()
        raise
    return connection


def checked(server: Server, connection: psycopg.Connection[Any], *, writing: bool = False) -> Found:
    """What a new connection has found, once its settings are known to be safe for what it does.

    Raises Damaged where the server might lose what it says is recorded, Refused where there is no
    ledger.
    """
    row = connection.execute(_LOOK).fetchone()
    values = dict(zip(_NAMES, row or (), strict=False))
    standbys, _read_only, standby, there = (row or ())[len(_NAMES) :]
    if int(values["server_version_num"]) < OLDEST:
        raise _unsafe(server, f"is of version {values['server_version_num']}", "Use PostgreSQL 15")
    for name in ("server_encoding", "client_encoding"):
        if values[name] != "UTF8":
            raise _unsafe(server, f"has {name}={values[name]}", "Make the database with UTF8")
    if not there:
        raise Refused(
            Refusal.NO_LEDGER,
            f"There is no ledger at {server}.",
            "An administrator makes one with `stakebook init`.",
        )
    written = connection.execute(_FORMAT).fetchone()
    if written is None:
        raise Damaged(f"The ledger at {server} has no identity: making it was interrupted.")
    if written[0] != FORMAT:
        raise Damaged(f"{server} is of format {written[0]}; this release reads {FORMAT}.")
    ((ledger_id, require_standby, moved, actors, four_eyes, login),) = connection.execute(
        _LEDGER
    ).fetchall()
    if writing:
        if moved is not None:
            raise Refused(
                Refusal.LEDGER_MOVED,
                f"The ledger at {server} was moved to {moved}, and takes no more events.",
                "Name that with --ledger.",
            )
        refuse_spoiled(values)
        if require_standby and not standbys:
            raise Damaged(
                "The ledger requires a standby, and synchronous_standby_names is empty."
                " Nothing was recorded; set it, as the ledger was made to be kept."
            )
    return Found(ledger_id, standby, actors != "none", four_eyes, login)


def refuse_spoiled(values: Mapping[str, str]) -> None:
    """Raise Damaged where a setting lets the server lose what it says is recorded."""
    for name, safe in SAFE.items():
        if values[name] not in safe:
            raise Damaged(
                f"The server runs with {name}={values[name]} and may lose what it records."
                f" Nothing was recorded; set {name} to {' or '.join(safe)}."
            )


def fetched(connection: psycopg.Connection[Any], *asked: Asked) -> list[list[Any]]:
    """The rows that each of some questions finds, asked in one round trip.

    They are one text, and no pipeline: one of those ends with a message after which the server lets
    a session stand still for ever.
    """
    if len(asked) == 1:
        return [_sent(connection, asked[0]).fetchall()]
    cursor, found = psycopg.ClientCursor(connection), list[list[Any]]()
    sql = "; ".join(each for each, _ in asked).replace("?", "%s")
    cursor.execute(sql, [value for _, values in asked for value in values])
    while True:
        found.append(cursor.fetchall() if cursor.description else [])
        if not cursor.nextset():
            return found


def _sent(connection: psycopg.Connection[Any], asked: Asked) -> psycopg.Cursor[Any]:
    sql, values = asked
    return connection.cursor(binary=True).execute(sql.replace("?", "%s"), tuple(values))


@contextmanager
def in_words(server: Server) -> Iterator[None]:
    """Errors of the server inside are raised in words for a user."""
    try:
        yield
    except psycopg.Error as error:
        raise server_error(server, error) from None


def server_error(server: Server, error: Exception, *, writing: bool = False) -> StakebookError:
    """What a user can do about an error of the server."""
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    state = getattr(cause, "sqlstate", None) or ""
    message = "; ".join(line.strip(" \t.?") for line in str(error).splitlines() if line.strip())
    nothing = " Nothing was recorded." if writing else ""
    if state in ("55P03", "40001", "40P01"):
        return Refused(
            Refusal.LEDGER_BUSY,
            f"{server} is being written by somebody else.{nothing}",
            "Try again when it has finished.",
        )
    if state.startswith(("42501", "25006")):
        return Refused(
            Refusal.SERVER_REFUSED,
            f"{server} refuses this: {message}.{nothing}",
            "Ask who keeps the ledger for the role that this needs.",
        )
    if state == "P0001":
        return Damaged(f"{server} refuses what would damage the log: {message}.{nothing}")
    if state and not state.startswith((*LOST, "28", "3D", "53")):
        return Damaged(
            f"{server} fails: {message} ({state}).{nothing} `stakebook doctor` tells more."
        )
    return Refused(
        Refusal.SERVER_UNREACHABLE,
        f"{server} cannot be used: {message}.{nothing}",
        "Check the URL, the network and the server; what was read before is asked with --offline.",
    )


def _unsafe(server: Server, what: str, remedy: str) -> Refused:
    return Refused(Refusal.SERVER_UNSAFE, f"The server of {server} {what}.", f"{remedy}.")
