"""A ledger on a server beside the same server bare: appends, bulk, several at once, and what a
follower waits.

    python -m benchmarks.server postgresql://postgres@127.0.0.1:5432/scratch

The database must be empty: an administrator's login makes a ledger in it. Figures of one run are
compared with the floor of the same run alone; disks and machines differ too much for more.
"""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from cli.context import new_id, now
from cli.making import make_ledger, make_on_server
from ledger.application import Ledger
from ledger.batch import Draft
from ledger.events.validation import make_event
from ledger.storage.opening import server_store
from ledger.storage.server import Server
from projections.readmodel.provisional import ReadModelFile

_COLUMNS = "position, originator_id, originator_version, topic, state, key, content, leaf"
_BARE = f"""CREATE TABLE bare AS SELECT {_COLUMNS} FROM stakebook.stored_events WHERE false;
ALTER TABLE bare ADD PRIMARY KEY (position);
ALTER TABLE bare ADD UNIQUE (originator_id, originator_version);
ALTER TABLE bare ADD UNIQUE (key);
CREATE INDEX ON bare (content, position)"""
_MARKS = ", ".join(["%s"] * 8)
_TYPES = ("int8", "text", "int8", "text", "bytea", "text", "bytea", "bytea")
_WRITERS = 8


def main(arguments: list[str] | None = None) -> None:
    """Measure, and print each figure beside its floor."""
    given = _parser().parse_args(arguments)
    server = Server(given.url)
    make_on_server(server, new_id())
    with Ledger(server, now, new_id) as ledger, closing(ReadModelFile(None)) as model:
        spent, stored = _timing(ledger), list[float]()
        single = []
        for seconds in _each(given.appends, lambda n: ledger.append([_draft(f"a{n}")], model)):
            single.append(seconds)
            stored.append(sum(spent))
            spent.clear()
        waits = list(_delays(server, ledger, model, given.appends))
        many = [_draft(f"b{number}") for number in range(given.bulk)]
        spent.clear()
        bulk = _seconds(lambda: ledger.append(many, model))
        loaded = sum(spent)
    with psycopg.connect(given.url, autocommit=True) as connection:
        connection.execute(_BARE)
        rows = connection.execute(f"SELECT {_COLUMNS} FROM stakebook.stored_events").fetchall()
        few, rest = rows[: given.appends], rows[-given.bulk :]
        bare = list(_each(len(few), lambda n: _commit(connection, few[n])))
        copied = _seconds(lambda: _copy(connection, rest))
    _say("one append, in the store", median(stored[1:]), "a bare commit", median(bare))
    in_a_file = median(_in_a_file(given.appends))
    _say("one append, with all rules", median(single), "in a file of SQLite", in_a_file)
    _say(f"{given.bulk:,} events in a batch, in the store", loaded, "a bare COPY", copied)
    print(f"the same with all rules: {bulk * 1e3:.1f} ms")
    at_once = _at_once(server, given.appends)
    print(f"{_WRITERS} writers at once: {_WRITERS * given.appends / at_once:.0f} appends a second")
    print(f"a follower that listens knows of an append {median(waits) * 1e3:.1f} ms after it")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("url", help="of an empty database, for an administrator")
    parser.add_argument("--appends", type=int, default=200, help="one at a time [200]")
    parser.add_argument("--bulk", type=int, default=20_000, help="events in one batch [20000]")
    return parser


def _draft(id: str) -> Draft:
    fields = {"party": id, "kind": "company", "name": f"Company {id}", "standing": "official"}
    return Draft(make_event("party-registered", fields), f"party-{id}")


def _seconds(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _timing(ledger: Ledger) -> list[float]:
    """The seconds that are spent in the store from now on: to begin, to send rows, to commit."""
    spent, hold, send = list[float](), ledger.stored.writing, ledger.stored.insert_columns

    @contextmanager
    def writing() -> Iterator[None]:
        with ExitStack() as stack:
            spent.append(_seconds(lambda: stack.enter_context(hold())))
            yield
            spent.append(_seconds(stack.close))

    ledger.stored.writing = writing  # type: ignore[method-assign]
    ledger.stored.insert_columns = (  # type: ignore[method-assign]
        lambda rows: spent.append(_seconds(lambda: send(rows)))
    )
    return spent


def _in_a_file(count: int) -> Iterator[float]:
    """The seconds that each append takes in a ledger that is a file on this machine's disk."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        make_ledger(path)
        with Ledger(path, now, new_id) as ledger, closing(ReadModelFile(None)) as model:
            yield from _each(count, lambda n: ledger.append([_draft(f"a{n}")], model))


def _at_once(server: Server, count: int) -> float:
    """The seconds that several processes take that append at once, each so many events."""
    with ProcessPoolExecutor(_WRITERS, get_context("spawn")) as pool:

        def write(each: int) -> None:
            list(pool.map(_write, repeat(server), range(_WRITERS), repeat(each)))

        write(1)  # to connect
        return _seconds(lambda: write(count))


def _write(server: Server, writer: int, count: int) -> None:
    with Ledger(server, now, new_id) as ledger, closing(ReadModelFile(None)) as model:
        for number in range(count):
            ledger.append([_draft(f"w{writer}-{count}-{number}")], model)


def _each(count: int, work: Callable[[int], Any]) -> Iterator[float]:
    """The seconds that each of some pieces of work takes, but for the first, which connects."""
    work(0)
    for number in range(1, count):
        yield _seconds(lambda number=number: work(number))  # type: ignore[misc]


def _commit(connection: psycopg.Connection[Any], row: tuple[Any, ...]) -> None:
    connection.execute(f"INSERT INTO bare VALUES ({_MARKS})", row)  # commits by itself


def _copy(connection: psycopg.Connection[Any], rows: list[tuple[Any, ...]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY bare FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types(_TYPES)
        for row in rows:
            copy.write_row(row)


def _delays(server: Server, ledger: Ledger, model: ReadModelFile, count: int) -> Iterator[float]:
    """The seconds between the receipt of each append and the moment at which a listener sees it."""
    seen, listening, done = dict[int, float](), threading.Event(), threading.Event()

    def follow() -> None:
        store = server_store(server)
        with store.reading() as log, store.listening(1) as turns:
            for _ in turns:
                position = log.peek().position
                seen.setdefault(position, time.perf_counter())
                listening.set()
                if done.is_set():
                    return

    follower = threading.Thread(target=follow, daemon=True)
    follower.start()
    listening.wait()
    for number in range(count):
        receipt = ledger.append([_draft(f"f{number}")], model)
        told = time.perf_counter()
        while receipt.size not in seen:
            time.sleep(0.0005)
        yield max(seen[receipt.size] - told, 0)
    done.set()
    follower.join()


def _say(what: str, ours: float, floor_name: str, floor: float) -> None:
    print(
        f"{what}: {ours * 1e3:.1f} ms; {floor_name}: {floor * 1e3:.1f} ms;"
        f" {ours / floor:.1f} times the floor"
    )


if __name__ == "__main__":
    main()
