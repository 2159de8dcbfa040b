"""Tables written as Parquet files, by an optional library that is imported only here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledger.storage.atomic_file import appearing
from ledger.values.refusals import Refusal, Refused
from projections.analysis.tables import LEDGER, TABLES, Column

if TYPE_CHECKING:
    from projections.analysis.tables import Values

ROW_GROUP = 100_000
LEDGERS = "ledgers"
FILES: Mapping[str, Sequence[Column]] = {
    **{name: (LEDGER, *columns) for name, columns in TABLES.items()},
    LEDGERS: (
        LEDGER, Column("file"), Column("events", "small"), Column("root"),
        Column("recorded_to", "instant"),
    ),
}  # fmt: skip


def arranged(rows: Iterable[tuple[str, Values]], ledger: str) -> dict[str, Any]:
    """Rows, each with the name of its table, as Arrow tables with the id of their ledger."""
    found = defaultdict[str, list["Values"]](list)
    for name, row in rows:
        found[name].append(row)
    return {name: _arranged(name, ledger, values) for name, values in found.items()}


def _arranged(name: str, ledger: str, rows: Sequence[Values]) -> Any:
    arrow, columns = library(), FILES[name]
    schema = arrow.schema([(column.name, _type(arrow, column.holds)) for column in columns])
    if not rows:
        return schema.empty_table()
    given = [ledger] * len(rows), *zip(*rows, strict=True)
    arrays = [_array(arrow, *one) for one in zip(given, columns, schema.types, strict=True)]
    return arrow.table(arrays, schema=schema)


@contextmanager
def dataset(folder: Path) -> Iterator[Dataset]:
    """What writes every table into a folder, which is made if need be, as NAME.parquet.

    Files of an earlier export are replaced when all are written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as opened:
            writers = {}
            for name in reversed([*FILES]):  # the first is closed, and has its name, last
                draft = opened.enter_context(appearing(folder / f"{name}.parquet", replace=True))
                writers[name] = opened.enter_context(closing(_Writer(draft, name)))
            yield Dataset(writers)
            for writer in writers.values():
                writer.finish()
    except OSError as error:
        raise Refused(
            Refusal.FILE_TROUBLE,
            f"{folder} cannot be written: {error.strerror or error}.",
            "Check that its folder exists, permissions and free space.",
        ) from None


class Dataset:
    """The tables that are being written."""

    def __init__(self, writers: Mapping[str, _Writer]) -> None:
        self._writers = writers

    def add(self, tables: Mapping[str, Any]) -> None:
        """Write Arrow tables, sooner or later, after what was added before."""
        for name, table in tables.items():
            self._writers[name].add(table)

    @property
    def written(self) -> dict[str, int]:
        """The number of rows of each table."""
        return {name: self._writers[name].written for name in FILES}


def library() -> Any:
    """pyarrow, or what to do for want of it."""
    try:
        import pyarrow.parquet
    except ImportError:
        raise click.UsageError(
            "Writing Parquet needs pyarrow. Install it with: pip install 'stakebook[parquet]'"
        ) from None
    return pyarrow


class _Writer:
    """One Parquet file, written a group of rows at a time, however they come."""

    def __init__(self, path: Path, name: str) -> None:
        self._arrow = library()
        self._waiting, self._rows = [_arranged(name, "", [])], 0
        self.written = 0
        self._stream = path.open("wb")  # arrow takes no name that is not UTF-8
        self._file = self._arrow.parquet.ParquetWriter(
            self._stream, self._waiting[0].schema, compression="zstd"
        )

    def add(self, table: Any) -> None:
        """Write a table, sooner or later."""
        self._waiting.append(table)
        self._rows += table.num_rows
        self.written += table.num_rows
        if self._rows >= ROW_GROUP:
            self._write(self._rows - self._rows % ROW_GROUP)

    def finish(self) -> None:
        """Write what is left."""
        self._write(self._rows)
        self.close()

    def close(self) -> None:
        """Close the file, finished or not."""
        self._file.close()
        self._stream.close()

    def _write(self, rows: int) -> None:
        """Write so many of the rows that wait."""
        table = self._arrow.concat_tables(self._waiting)
        self._file.write_table(table.slice(0, rows), row_group_size=ROW_GROUP)
        self._waiting, self._rows = [table.slice(rows)], self._rows - rows


def _array(arrow: Any, values: Sequence[object], column: Column, type: Any) -> Any:
    if column.holds == "instant":  # in UTC, and written without a zone
        values = [None if v is None else str(v).removesuffix("Z") for v in values]
    if column.holds in ("day", "instant"):
        return arrow.array(values, arrow.string()).cast(type)
    return arrow.array(values, type)


def _type(arrow: Any, holds: str) -> Any:
    return {
        "text": arrow.string(),
        "day": arrow.date32(),
        "instant": arrow.timestamp("us"),
        "number": arrow.decimal128(38, 0),
        "small": arrow.int64(),
        "flag": arrow.bool_(),
    }[holds]
