"""The tables of one ledger or of many as one dataset, gathered by as many processes as are free."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from itertools import groupby, islice
from pathlib import Path
from typing import Any, NamedTuple

import click

from cli.context import OpenedLedger, progress
from cli.parquet import LEDGERS, Dataset, arranged, dataset, library
from cli.workers import made
from ledger.storage.beside import cores
from ledger.storage.head import Peek
from ledger.storage.opening import peek
from ledger.transparency.merkle import Frontier
from ledger.transparency.signed_notes import encoded
from ledger.values.refusals import Refusal, Refused
from projections.analysis.commons import Commons
from projections.analysis.tables import Tables, Values

PART = 5_000  # events that are gathered at a time
FEW = 4 * PART  # events for which no other process is started


class Part(NamedTuple):
    """Some events of a ledger as it was when it was looked at."""

    ledger: Path
    looked: Peek
    after: int
    upto: int

    @property
    def events(self) -> int:
        return self.upto - self.after


class Gathered(NamedTuple):
    """The rows of a part, what they say of issuers, and when its last event was recorded."""

    part: Part
    tables: dict[str, Any]
    commons: Commons
    recorded_to: str | None


def export_tables(ledgers: Sequence[Path], folder: Path, jobs: int | None = None) -> dict[str, int]:
    """Write every table of some ledgers into a folder; the number of rows of each table.

    Rows are sorted by ledger, then as in its log, whatever the order given and however many
    processes there are: all that are free, unless said.
    """
    library()
    parts = _parts(ledgers)
    events = sum(part.events for part in parts)
    if jobs is None:
        jobs = cores() if events > FEW else 1
    with dataset(folder) as writer, progress("exporting", events) as advance:
        with closing(made(_gathering, parts, jobs)) as gathered:
            told = _told(gathered, advance)
            for (ledger, looked), of_one in groupby(told, key=lambda one: one.part[:2]):
                _write(ledger, looked, of_one, writer)
        return writer.written


def _parts(ledgers: Sequence[Path]) -> list[Part]:
    """The ledgers cut into parts, in the order of their ids."""
    looked = dict[str, tuple[Path, Peek]]()
    for ledger in ledgers:
        seen = peek(ledger)
        if seen.id in looked:
            raise _twice(looked[seen.id][0], ledger)
        looked[seen.id] = ledger, seen
    found = list[Part]()
    for _, (ledger, seen) in sorted(looked.items()):
        starts = [*range(0, seen.position, PART)] or [0]
        if len(starts) > 1:
            with OpenedLedger(ledger, "ro") as opened:
                opened.index  # noqa: B018 (brought up to the log here, with its progress shown)
        found += [Part(ledger, seen, at, min(at + PART, seen.position)) for at in starts]
    return found


def _twice(one: Path, other: Path) -> click.UsageError:
    return click.UsageError(
        f"{one} and {other} are one ledger, whose shares would be counted twice. Name it once; of"
        " copies, the one that goes further."
    )


@contextmanager
def _gathering() -> Iterator[Callable[[Part], Gathered]]:
    """What gathers parts, with the ledger of the last one kept open for the next."""
    opened = _Opened()
    try:
        yield opened.gathered
    finally:
        opened.close()


class _Opened:
    """The ledger whose parts are being gathered."""

    def __init__(self) -> None:
        self._of: tuple[Path, Peek] | None = None
        self._exit = ExitStack()

    def gathered(self, part: Part) -> Gathered:
        """The rows of a part; Refused if its ledger is not the one that was looked at."""
        if self._of != (part.ledger, part.looked):
            self._open(part)
        self._index.look_ahead(part.after, part.upto)
        log = [*islice(self._ledger.events_after(part.after), part.events)]
        tables = arranged(self._tables.of(log), part.looked.id)
        recorded_to = log[-1].recorded_at if log else None
        return Gathered(part, tables, self._tables.take_commons(), recorded_to)

    def _open(self, part: Part) -> None:
        self.close()
        opened = self._exit.enter_context(OpenedLedger(part.ledger, "ro"))
        index = opened.index.at(part.looked.position)
        if opened.ledger.id != part.looked.id or index.position != part.looked.position:
            raise Refused(
                Refusal.FILE_TROUBLE,
                f"{part.ledger} was replaced while it was read.",
                "Run the export again.",
            )
        self._ledger, self._index, self._tables = opened.ledger, index, Tables(index)
        self._of = part.ledger, part.looked

    def close(self) -> None:
        self._exit.close()
        self._of = None


def _told(gathered: Iterator[Gathered], advance: Callable[[int], None]) -> Iterator[Gathered]:
    """The same, while the number of events that are done is told."""
    done = 0
    for one in gathered:
        done += one.part.events
        advance(done)
        yield one


def _write(ledger: Path, looked: Peek, parts: Iterator[Gathered], writer: Dataset) -> None:
    """Write the parts of one ledger, and after the last what all of them together say."""
    commons, recorded_to = Commons(), None
    for gathered in parts:
        writer.add(gathered.tables)
        commons.merge(gathered.commons)
        recorded_to = gathered.recorded_to
    root = encoded(Frontier(looked.position, looked.peaks).root())
    about: Values = ledger.name, looked.position, root, recorded_to
    rows: list[tuple[str, Values]] = [("issuers", found) for found in commons.found()]
    writer.add(arranged([*rows, (LEDGERS, about)], looked.id))
