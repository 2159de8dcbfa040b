"""Tables written as Parquet files, by an optional library that is imported only here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.context import OpenedLedger, progress
from ledger.events.envelope import Recorded
from ledger.storage.atomic_file import appearing
from ledger.values.refusals import Refusal, Refused

if TYPE_CHECKING:
    from projections.analysis.tables import Column, Row

ROW_GROUP = 50_000


def export_tables(ledger: Path, folder: Path) -> dict[str, int]:
    """Write every table of a ledger into a folder, as NAME.parquet; returns their numbers of rows.

    The folder is made if need be. Files of an earlier export are replaced when all are written.
    """
    from projections.analysis.tables import rows

    _library()
    with OpenedLedger(ledger, "ro") as opened:
        index, log = opened.index, opened.ledger.events_after(0)
        with progress("exporting", index.position) as advance:
            return write_tables(rows(index, _until(log, index.position, advance)), folder)


def write_tables(rows: Iterable[tuple[str, Row]], folder: Path) -> dict[str, int]:
    """Write rows, each with the name of its table, as they come; a file for every table."""
    from projections.analysis.tables import TABLES

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as opened:
            writers = {}
            for name, columns in TABLES.items():
                draft = opened.enter_context(appearing(folder / f"{name}.parquet", replace=True))
                writers[name] = opened.enter_context(closing(_Writer(draft, columns)))
            for name, row in rows:
                writers[name].add(row)
            for writer in writers.values():
                writer.finish()
    except OSError as error:
        raise Refused(
            Refusal.FILE_TROUBLE,
            f"{folder} cannot be written: {error.strerror or error}.",
            "Check that its folder exists, permissions and free space.",
        ) from None
    return {name: writer.written for name, writer in writers.items()}


def _until(
    log: Iterable[Recorded], position: int, advance: Callable[[int], None]
) -> Iterable[Recorded]:
    for recorded in log:
        if recorded.position > position:
            return
        advance(recorded.position)
        yield recorded


def _library() -> Any:
    try:
        import pyarrow.parquet
    except ImportError:
        raise click.UsageError(
            "Writing Parquet needs pyarrow. Install it with: pip install 'stakebook[parquet]'"
        ) from None
    return pyarrow


class _Writer:
    """One Parquet file, written a group of rows at a time."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._arrow, self._columns = _library(), columns
        self._schema = self._arrow.schema([(c.name, self._type(c.holds)) for c in columns])
        self._values: list[list[object]] = [[] for _ in columns]
        self.written = 0
        self._stream = path.open("wb")  # arrow takes no name that is not UTF-8
        self._file = self._arrow.parquet.ParquetWriter(
            self._stream, self._schema, compression="zstd"
        )

    def add(self, row: Row) -> None:
        """Write one row, sooner or later."""
        for column, values in zip(self._columns, self._values, strict=True):
            values.append(row.get(column.name))
        self.written += 1
        if self.written % ROW_GROUP == 0:
            self._flush()

    def finish(self) -> None:
        """Write what is left."""
        self._flush()
        self.close()

    def close(self) -> None:
        """Close the file, finished or not."""
        self._file.close()
        self._stream.close()

    def _flush(self) -> None:
        arrays = [
            self._array(values, column.holds, field.type)
            for column, values, field in zip(self._columns, self._values, self._schema, strict=True)
        ]
        self._file.write_table(self._arrow.table(arrays, schema=self._schema))
        for values in self._values:
            values.clear()

    def _array(self, values: list[object], holds: str, type: Any) -> Any:
        if holds == "instant":  # in UTC, and written without a zone
            values = [None if v is None else str(v).removesuffix("Z") for v in values]
        if holds in ("day", "instant"):
            return self._arrow.array(values, self._arrow.string()).cast(type)
        return self._arrow.array(values, type)

    def _type(self, holds: str) -> Any:
        arrow = self._arrow
        return {
            "text": arrow.string(),
            "day": arrow.date32(),
            "instant": arrow.timestamp("us"),
            "number": arrow.decimal128(38, 0),
            "small": arrow.int64(),
            "flag": arrow.bool_(),
        }[holds]
