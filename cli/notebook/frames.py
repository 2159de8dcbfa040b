"""Rows as tables of pandas and polars, two optional libraries that are imported only here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from typing import TYPE_CHECKING, Any

from cli.notebook.made import (
    AMOUNT,
    COUNT,
    DATE,
    DECIMAL,
    EXACT,
    INSTANT,
    Column,
    Row,
    columns_of,
    made,
)
from cli.notebook.values import Money, PartialDate, decimal, instant, partial_date

if TYPE_CHECKING:
    import pandas
    import polars

Plain = Sequence[Mapping[str, Any]]
_PLAIN = frozenset((int, bool, str, Fraction, Decimal, Money, PartialDate, datetime))
_MOST = 2**63 - 1  # that 64 bits hold


def to_pandas(row: type[Row], plain: Plain, floats: bool) -> pandas.DataFrame:
    """Rows as a table of pandas."""
    pd = _library("pandas")
    exact = [made(row, one) for one in plain] if floats else []
    found: dict[str, Any] = {}
    for column in _present(row, plain):
        written = [one.get(column.name) for one in plain]
        if floats and column.holds in (COUNT, AMOUNT, DECIMAL, EXACT) and not column.each:
            values = [getattr(one, column.field) for one in exact]
            numbers = [None if value is None else float(value) for value in values]
            whole = column.holds == COUNT and _whole(written)
            found[column.field] = pd.array(
                _integers(written) if whole else numbers, dtype="Int64" if whole else "Float64"
            )
            continue
        found[column.field] = pd.array(*_for_pandas(column, written))
        for name, days in _ends(column, written):
            found[name] = pd.array(days, dtype="datetime64[s]")
    return pd.DataFrame(found)


def _for_pandas(column: Column, written: list[Any]) -> tuple[list[Any], str]:
    """Values with the type that pandas keeps them in."""
    if column.each or not column.holds <= _PLAIN:
        return written, "object"
    if column.holds == COUNT and _whole(written):
        return _integers(written), "Int64"
    if column.holds in (frozenset((int,)), frozenset((bool,))):
        return written, "Int64" if int in column.holds else "boolean"
    return written, "datetime64[us, UTC]" if column.holds == INSTANT else "string"


def to_polars(row: type[Row], plain: Plain) -> polars.DataFrame:
    """Rows as a table of polars."""
    pl = _library("polars")
    found = []
    for column in _present(row, plain):
        written = [one.get(column.name) for one in plain]
        found.append(pl.Series(column.field, *_for_polars(pl, column, written), strict=False))
        found += [pl.Series(name, days, pl.Date) for name, days in _ends(column, written)]
    table: polars.DataFrame = pl.DataFrame(found)
    return table


def _for_polars(pl: Any, column: Column, written: list[Any]) -> tuple[list[Any], Any]:
    """Values with the type that polars keeps them in."""
    if column.each and column.holds == frozenset((str,)):
        return written, pl.List(pl.String)
    if column.each or not column.holds <= _PLAIN:
        return [None if one is None else json.dumps(one) for one in written], pl.String
    if column.holds == COUNT and _whole(written):
        return _integers(written), pl.Int64
    if column.holds in (DECIMAL, AMOUNT, EXACT, COUNT) and not any("/" in str(w) for w in written):
        numbers = [None if one is None else decimal(one) for one in written]
        places = max((-int(n.as_tuple().exponent) for n in numbers if n is not None), default=0)
        return numbers, pl.Decimal(38, max(places, 0))
    if column.holds in (frozenset((int,)), frozenset((bool,))):
        return written, pl.Int64 if int in column.holds else pl.Boolean
    if column.holds == INSTANT:
        return [one and instant(one) for one in written], pl.Datetime("us", "UTC")
    return written, pl.String


def _present(row: type[Row], plain: Plain) -> Iterator[Column]:
    """The columns that any row has; all of them where there are no rows."""
    names = {name for one in plain for name in one}
    return (one for one in columns_of(row) if not plain or one.name in names)


def _ends(column: Column, written: list[Any]) -> Iterator[tuple[str, list[date | None]]]:
    """The first and the last day of each date of a column."""
    if column.holds != DATE:
        return
    days = [None if one is None else partial_date(one) for one in written]
    yield f"{column.field}_first", [day.first if day else None for day in days]
    yield f"{column.field}_last", [day.last if day else None for day in days]


def _whole(written: list[Any]) -> bool:
    """Whether all numbers are whole, and none is too large for 64 bits."""
    numbers = [Fraction(one) for one in written if one is not None]
    return all(one.denominator == 1 and abs(one) <= _MOST for one in numbers)


def _integers(written: list[Any]) -> list[int | None]:
    return [None if one is None else int(one) for one in written]


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise ImportError(
            f"{name} is not installed. Run: pip install 'stakebook[notebooks]'"
        ) from None
