"""Balances of a floor, worked out of its postings; nothing is loaded that no question needs."""

from __future__ import annotations

import sqlite3
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

OPEN, NEVER = 2**62, 99_999_999  # the ends of what still counts, and of what is known
STANDS = f"until = {OPEN} AND known_until = {NEVER}"
Row = tuple[int, ...]
Split = tuple[tuple[int, int, int], int, int]  # its place in the fold, new shares, old ones


class Wrong(Exception):
    """What a floor refuses: which event, and what of it is wrong."""


def run_named(floors: Mapping[str, Callable[..., None]], module: str) -> None:
    """Run the floor that the command line names, with the arguments after it."""
    try:
        floors[sys.argv[1]](*sys.argv[2:])
    except Wrong as wrong:
        sys.exit(f"python -m {module}: {wrong}")


def read_only(path: str) -> sqlite3.Connection:
    """A connection that writes nothing."""
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


@cache
def number_of(day: str) -> int:
    """A whole day as a number, such as 20231108."""
    if len(day) != 10:
        raise Wrong(f"{day} is not one day")
    return int(day.replace("-", ""))


def fold(rows: Iterable[Row], splits: Sequence[Split]) -> Iterator[tuple[int, int]]:
    """The balance of each account, from (account, day, sequence, position, delta) in that order;
    Wrong where one ends a day below zero, or a split leaves a fraction."""
    for account, moves in groupby(rows, itemgetter(0)):
        held, last, done = 0, 0, 0
        for _, day, sequence, position, delta in moves:
            if day != last and held < 0:
                raise Wrong(f"account {account} is below zero on {last}")
            while done < len(splits) and splits[done][0] < (day, sequence, position):
                held, done = scaled(held, splits[done]), done + 1
            held, last = held + delta, day
        if held < 0:
            raise Wrong(f"account {account} is below zero on {last}")
        for split in splits[done:]:
            held = scaled(held, split)
        yield account, held


def scaled(shares: int, split: Split) -> int:
    """A balance after a split."""
    whole, left = divmod(shares * split[1], split[2])
    if left:
        raise Wrong(f"a split of {split[1]}:{split[2]} leaves a fraction of {shares} shares")
    return whole


def splits_of(connection: sqlite3.Connection, which: str, *given: Any) -> dict[int, list[Split]]:
    """The splits that a condition picks, by class, in the order of the fold."""
    found = defaultdict[int, list[Split]](list)
    rows = connection.execute(
        "SELECT class, day, sequence, position, new, old FROM splits"
        f" WHERE {which} ORDER BY class, day, sequence, position",
        given,
    )
    for of, day, sequence, position, new, old in rows:
        found[of].append(((day, sequence, position), new, old))
    return found
