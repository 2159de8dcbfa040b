"""Validity: whether accounts of a class keep their shares, by sums over its postings.

Between splits a balance is a sum. So that sums across splits can be compared, each posting is
counted in units of which every share, before and after any split, is a whole number: a share before
a split 2:1 is two units, one after it is one. A balance is below zero where its sum is, and whole
where its units make whole shares.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from ledger.model.posted import Split
from projections.readmodel.days import number_of

MOST_UNITS = 9 * 10**6  # of a share: with the most shares of a posting they fit into 64 bits


def is_valid(
    connection: sqlite3.Connection,
    meant: str,
    given: Mapping[str, Any],
    splits: Sequence[Split],
) -> bool:
    """Whether no account of a class ends any day below zero, or a day of a split with a part of a
    share; False where sums cannot tell. ``meant`` says which postings count, of what is given."""
    units = _units(splits)
    if max(units) > MOST_UNITS:
        return False
    counted = _in_units(splits, units)
    of_class = f"FROM postings WHERE class = :class AND account >= 0{meant}"
    below = (
        "SELECT 1 FROM (SELECT sum(moved) OVER (PARTITION BY account ORDER BY day) AS balance FROM"
        f" (SELECT account, day, sum({counted}) AS moved {of_class} GROUP BY account, day))"
        " WHERE balance < 0 LIMIT 1"
    )
    broken = (
        f"SELECT 1 FROM (SELECT sum({counted}) AS balance {of_class} AND day <= :day"
        " GROUP BY account) WHERE balance % :unit <> 0 LIMIT 1"
    )
    days = {number_of(day): unit for ((day, *_), _), unit in zip(splits, units[1:], strict=True)}
    asked = [(below, given), *((broken, {**given, "day": d, "unit": u}) for d, u in days.items())]
    try:
        return all(connection.execute(sql, one).fetchone() is None for sql, one in asked)
    except sqlite3.OperationalError as error:
        if "overflow" not in str(error):
            raise
        return False


def _units(splits: Sequence[Split]) -> list[int]:
    """How many units a share is before the first split, after it, after the second, and so on."""
    worth = [Fraction(1)]
    for _, ratio in splits:
        worth.append(worth[-1] * ratio)
    whole = lcm(*(one.numerator for one in worth))
    return [int(whole / one) for one in worth]


def _in_units(splits: Sequence[Split], units: Sequence[int]) -> str:
    """What a posting adds to an account or takes from it, in units."""
    if not splits:
        return "delta"
    cases = " ".join(
        f"WHEN (day, sequence, position) < ({number_of(day)}, {sequence}, {position}) THEN {unit}"
        for ((day, sequence, position), _), unit in zip(splits, units, strict=False)
    )
    return f"delta * CASE {cases} ELSE {units[-1]} END"
