"""What `stakebook doctor` looks at where the ledger is on a server."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from cli.context import now
from cli.follower import contact_in, folder_of, unchecked_in
from cli.health import Finding
from ledger.storage.opening import server_store
from ledger.storage.server import SAFE, Server
from ledger.values.clock import MAY_DIFFER
from ledger.values.refusals import Refused, StakebookError

SUPPORTED = {15: "2027-11", 16: "2028-11", 17: "2029-11", 18: "2030-11"}  # until when
LONG = timedelta(minutes=10)  # for a transaction that is open
_SETTINGS = SAFE | {
    "server_encoding": ("UTF8",),
    "data_checksums": ("on",),
    "wal_log_hints": ("on",),
}
_ADVISED = ("data_checksums", "wal_log_hints")


def server_findings(server: Server) -> Iterator[Finding]:
    """Everything there is to say about a ledger on a server, and about the server."""
    yield Finding("Python", platform.python_version())
    try:
        fitness = server_store(server).fitness()
    except StakebookError as error:
        wrong = error.wrong if isinstance(error, Refused) else str(error)
        to_do = error.remedy if isinstance(error, Refused) else "See what the server says."
        yield Finding("server", wrong, "problem", to_do)
        return
    yield _version(fitness["version"])
    yield from _settings(fitness["settings"])
    yield _transport(fitness)
    yield from _rights(fitness)
    yield from _schema(fitness)
    yield from _standbys(fitness)
    yield _transactions(fitness["oldest"])
    yield _clock(fitness["now"])
    yield _follower(fitness)


def _version(number: int) -> Finding:
    major = number // 10_000
    end = SUPPORTED.get(major)
    if end is None:
        return Finding("server", f"PostgreSQL {major}", "warning", "It was not tested on that.")
    return Finding("server", f"PostgreSQL {major}.{number % 10_000}, supported to {end}")


def _settings(settings: dict[str, str]) -> Iterator[Finding]:
    for name, safe in _SETTINGS.items():
        if settings[name] in safe:
            yield Finding(name, settings[name])
            continue
        verdict = "warning" if name in _ADVISED else "problem"
        yield Finding(name, settings[name], verdict, f"Set {name} to {' or '.join(safe)}.")


def _transport(fitness: dict[str, Any]) -> Finding:
    if fitness["tls"]:
        return Finding("transport", "TLS")
    if fitness["here"]:
        return Finding("transport", "on this machine alone")
    return Finding("transport", "not encrypted", "problem", "Use sslmode=verify-full.")


def _rights(fitness: dict[str, Any]) -> Iterator[Finding]:
    role = fitness["role"]
    if fitness["superuser"]:
        yield Finding("role", f"{role}, a superuser", "problem", "Ask with a role of fewer rights.")
    elif fitness["may_change"]:
        yield Finding(
            "role", f"{role}, may change events", "problem", "Revoke UPDATE and DELETE on them."
        )
    else:
        append = "may approve" if fitness["four_eyes"] else "may append"
        may = append if fitness["may_append"] else "may ask"
        may += ", may draft" if fitness["may_draft"] else ""
        yield Finding("role", f"{role}, {may}")
    owner = fitness["owner"]
    if fitness["owner_logs_in"]:
        yield Finding("owner", f"{owner}, may log in", "problem", f"ALTER ROLE {owner} NOLOGIN.")
    else:
        yield Finding("owner", f"{owner}, cannot log in")


def _schema(fitness: dict[str, Any]) -> Iterator[Finding]:
    if wrong := fitness["schema"]:
        to_do = "A recorder can damage this log: an administrator puts it right."
        yield Finding("schema", "; ".join(wrong), "problem", to_do)
    else:
        yield Finding("schema", "tables, checks and guards as this release makes them")


def _standbys(fitness: dict[str, Any]) -> Iterator[Finding]:
    named, there = fitness["standby_names"], fitness["standbys"]
    if fitness["require_standby"] and not named:
        yield Finding(
            "standbys", "required, and none is named", "problem", "Set synchronous_standby_names."
        )
    elif not named:
        yield Finding("standbys", "none is waited for", "ok")
    elif there and all(state is None for _, state in there):
        yield Finding("standbys", f"{len(there)} there; more is told to an auditor")
    elif not any(state in ("sync", "quorum") for _, state in there):
        yield Finding(
            "standbys",
            "named, and none is there",
            "problem",
            "Appends wait: bring one back.",
        )
    else:
        yield Finding("standbys", ", ".join(f"{name} ({state})" for name, state in there))


def _transactions(oldest: timedelta | None) -> Finding:
    if oldest is not None and oldest > LONG:
        minutes = int(oldest.total_seconds()) // 60
        return Finding(
            "transactions",
            f"one is open for {minutes} minutes",
            "warning",
            "It holds rows: end it.",
        )
    return Finding("transactions", "none is open for long")


def _clock(theirs: datetime) -> Finding:
    apart = abs(theirs - now())
    if apart > MAY_DIFFER:
        return Finding(
            "clock",
            f"{int(apart.total_seconds())} s from the server's",
            "problem",
            "Set the clock.",
        )
    return Finding("clock", "as the server's")


def _follower(fitness: dict[str, Any]) -> Finding:
    folder, seen = folder_of(fitness["ledger"]), fitness["head"]
    contact = contact_in(folder)
    if unchecked_in(folder).exists():
        to_do = "Run `stakebook replay`, which makes it anew."
        return Finding("follower", "built elsewhere, and not checked here", "warning", to_do)
    if contact is None:
        return Finding("follower", "nothing was read here yet; the next question does")
    if contact.position > seen.position or (
        contact.position == seen.position and contact.peek != seen
    ):
        return Finding(
            "follower", f"read #{contact.position}, which the server has not", "problem",
            "Ask a question: it says what to do.",
        )  # fmt: skip
    return Finding("follower", f"read to #{contact.position} of #{seen.position} at {contact.at}")
