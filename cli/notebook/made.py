"""Rows made from what an answer has in JSON: each text as what it stands for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import partial
from types import NoneType, UnionType
from typing import Any, NamedTuple, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from cli.notebook import values
from cli.notebook.kinds import exact_column
from cli.notebook.values import Money, PartialDate

Convert = Callable[[Any], Any]
Made = TypeVar("Made", bound="Row")


class Row:
    """A row of an answer. What is unknown, or is not in this row, is None."""

    def __repr__(self) -> str:
        told = ((one.field, getattr(self, one.field)) for one in columns_of(type(self)))
        shown = (f"{name}={value!r}" for name, value in told if value is not None)
        return f"{type(self).__name__}({', '.join(shown)})"


class Column(NamedTuple):
    """A field of a row: the column of the answer, and the types of what it holds but None."""

    field: str
    name: str
    holds: frozenset[type]
    each: bool  # whether it holds several
    convert: Convert


COUNT = frozenset((int, Fraction))
COUNT_OR_WORD = frozenset((int, Fraction, str))
AMOUNT = frozenset((Decimal, Fraction))
DECIMAL, EXACT = frozenset((Decimal,)), frozenset((Fraction,))
MONEY, DATE, INSTANT = frozenset((Money,)), frozenset((PartialDate,)), frozenset((datetime,))
_CONVERT: Mapping[frozenset[type], Convert] = {
    COUNT: values.count,
    COUNT_OR_WORD: values.count_or_word,
    AMOUNT: values.amount,
    DECIMAL: values.decimal,
    EXACT: Fraction,
    MONEY: values.money,
    DATE: values.partial_date,
    INSTANT: values.instant,
}


def made(row: type[Made], plain: Mapping[str, Any]) -> Made:
    """A row from the values that JSON has of it.

    A percentage that has its exact fraction beside it is made of that.
    """
    found, make = dict[str, Any](), cast("Callable[..., Made]", row)
    for column in columns_of(row):
        exact, value = plain.get(exact_column(column.name)), plain.get(column.name)
        if exact is not None:
            found[column.field] = 100 * Fraction(exact)
        else:
            found[column.field] = None if value is None else column.convert(value)
    return make(**found)


_COLUMNS = dict[type[Row], tuple[Column, ...]]()


def columns_of(row: type[Row]) -> tuple[Column, ...]:
    """The columns that rows of a type have."""
    if row not in _COLUMNS:
        _COLUMNS[row] = tuple(_column(field, hint) for field, hint in get_type_hints(row).items())
    return _COLUMNS[row]


def _column(field: str, hint: Any) -> Column:
    name, parts = field.removesuffix("_"), _parts(hint)
    each = len(parts) == 1 and get_origin(parts[0]) is tuple
    held = _parts(get_args(parts[0])[0]) if each else parts
    holds = frozenset(held if all(isinstance(part, type) for part in held) else (object,))
    inner = next(filter(_is_row, held), None)
    convert = partial(made, inner) if inner else _CONVERT.get(holds, _as_it_is)
    return Column(field, name, holds, each, partial(_each, convert) if each else convert)


def _is_row(held: Any) -> bool:
    return isinstance(held, type) and issubclass(held, Row)


def _parts(hint: Any) -> list[Any]:
    """The types that a hint joins, None apart."""
    joined = get_args(hint) if get_origin(hint) in (UnionType, Union) else (hint,)
    return [part for part in joined if part is not NoneType]


def _each(convert: Convert, plain: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(None if value is None else convert(value) for value in plain)


def _as_it_is(value: Any) -> Any:
    return value
