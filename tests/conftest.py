"""What tests share: repeatable random cases, a small ledger, read models closed at the end.

Random histories are drawn the same way in every run; ``STAKEBOOK_FRESH=1`` draws new ones.
"""

from __future__ import annotations

import gc
import os
import random
import shutil
import signal
import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from projections.readmodel import opening
from tests import helpers
from tests.helpers import new_ledger, stored
from tests.on_server import OnServer
from tests.servers import Cluster, Deals, cluster, new_deals

# Started in the background, tests and what they start would not hear Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
os.environ.pop("COLUMNS", None)  # tables are as wide as they need to be, whatever runs the tests
MEMORY = Path("/dev/shm")  # where a file is durable at once: disks are slow, and none is tested
if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2 << 30:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    os.environ.setdefault("TMPDIR", str(MEMORY))  # of tests, and of what they start
settings.register_profile("fresh", deadline=None)  # what is slow is no fault
settings.register_profile("repeatable", deadline=None, derandomize=True, database=None)
settings.load_profile("fresh" if os.environ.get("STAKEBOOK_FRESH") else "repeatable")
gc.set_threshold(50_000, 20, 100)  # many small histories are made, and few of them are circles


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: some tests wait for locks and for processes."""
    return len(os.sched_getaffinity(0)) + 1


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of the cases of a test that is ``sampled(n)``, all but one in n are for the long runs.

    The one that takes longest comes first, so that nobody waits for it in the end.
    """
    tests = defaultdict[tuple[str, int], list[pytest.Item]](list)
    for item in items:
        mark = item.get_closest_marker("sampled")
        if mark and not item.get_closest_marker("whole"):
            tests[item.nodeid.partition("[")[0], mark.args[0]].append(item)
    for (test, one_in), cases in tests.items():
        few = random.Random(test).sample(cases, -(-len(cases) // one_in))
        for item in cases:
            if item not in few:
                item.add_marker("whole")
    items.sort(key=lambda item: "test_a_life_of_faults" not in item.name)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger to read and to copy."""
    return new_ledger(tmp_path_factory.mktemp("shared"))


@pytest.fixture
def ledger(shared: Path, tmp_path: Path) -> Path:
    """A ledger of its own for a test that writes."""
    return Path(shutil.copy(shared, tmp_path / "deal.db"))


@pytest.fixture
def unchanged(shared: Path) -> Iterator[Path]:
    """The shared ledger, and a check afterwards that not a byte of its events has changed."""
    before, began = stored(shared), time.monotonic()
    yield shared
    assert stored(shared) == before
    assert time.monotonic() - began < 30, "bad input must not keep the program busy"


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for no lock."""
    monkeypatch.setattr("ledger.storage.sqlite.LOCK_SECONDS", 0.01)
    monkeypatch.setattr("ledger.storage.files.LOCK_SECONDS", 0.01)


@pytest.fixture(autouse=True)
def _read_models_are_closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close what a read model connected to; newer Pythons warn of what is left open."""
    opened: list[sqlite3.Connection] = []
    connect = opening.connect

    def connected(path: Any) -> sqlite3.Connection:
        connection = connect(path)
        if threading.current_thread() is threading.main_thread():  # others are closed by their own
            opened.append(connection)
        return connection

    monkeypatch.setattr(opening, "connect", connected)
    yield
    for connection in opened:
        with suppress(sqlite3.ProgrammingError):  # of another thread, which closes its own
            connection.close()


@pytest.fixture(scope="session")
def server() -> Iterator[Cluster]:
    """A PostgreSQL server, for as long as the tests of this process run."""
    with cluster() as made:
        yield made


@pytest.fixture(scope="session", autouse=True)
def _on_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """With STAKEBOOK_STORE=server every ledger that a test names lies on a server."""
    if os.environ.get("STAKEBOOK_STORE") != "server":
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        patch.setattr(helpers, "on_server", OnServer(request.getfixturevalue("server")))
        yield


@pytest.fixture
def in_a_file() -> None:
    """Look into a file of a ledger, which there is none of on a server."""
    if helpers.on_server:
        pytest.skip("it looks into a file")


@pytest.fixture
def make_deals(
    server: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Deals]:
    """Makes a new ledger on the server, with logins; this machine has read nothing of it."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return partial(new_deals, server)


@pytest.fixture
def deals(make_deals: Callable[..., Deals]) -> Deals:
    """A new ledger on the server."""
    return make_deals()
