"""What the floors answer: a question with its evidence, and the holdings of a whole market."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from math import gcd
from operator import itemgetter
from typing import Any

from benchmarks.floor_fold import OPEN, Split, fold, number_of, scaled, splits_of

_CUT = f"until = {OPEN} AND known <= :known AND known_until > :known AND day <= :day"
_OF = "class IN (SELECT id FROM subjects WHERE subject >= :first AND subject < :last)"
_QUESTION = (
    "SELECT class, account, day, sequence, position, delta, rank, key FROM postings"
    f" JOIN events USING (position) WHERE {_OF} AND {_CUT}"
    " ORDER BY class, account, day, sequence, position"
)
_SPLITS = (
    "SELECT class, day, sequence, position, new, old, key FROM splits JOIN events USING (position)"
    f" WHERE {_OF} AND known <= :known AND day <= :day ORDER BY class, day, sequence, position"
)
_NAMES = "SELECT id, subject FROM subjects WHERE id IN (SELECT value FROM json_each(?))"
_SUMS = (
    "SELECT class, account, sum(delta), count(*), max(rank) FROM postings"
    f" WHERE {_CUT} AND class NOT IN (SELECT class FROM splits) GROUP BY class, account"
)
_SPLIT_CLASSES = (
    "SELECT class, account, day, sequence, position, delta, rank FROM postings"
    f" WHERE {_CUT} AND class IN (SELECT class FROM splits)"
    " ORDER BY class, account, day, sequence, position"
)
EVER = "9999-99-98"  # a day by which everything is known
Row = dict[str, Any]


def question(model: sqlite3.Connection, issuer: str, as_of: str, known_by: str) -> list[Row]:
    """The holdings in an issuer at a cut, each with the events that it is made of."""
    given = {"first": f"class:{issuer}/", "last": f"class:{issuer}0"}
    cut = {"day": number_of(as_of), "known": number_of(known_by)}
    splits = defaultdict[int, list[tuple[Split, str]]](list)
    for share_class, day, sequence, position, new, old, key in model.execute(_SPLITS, given | cut):
        splits[share_class].append((((day, sequence, position), new, old), key))
    sums = dict[tuple[int, int], Sum]()
    for share_class, account, *at, delta, rank, key in model.execute(_QUESTION, given | cut):
        one = sums.get((share_class, account))
        if one is None:
            later = [split for split in splits[share_class] if split[0][0] > tuple(at)]
            one = sums[share_class, account] = Sum(later)
        one.add(at, delta, rank, key)
    ids = json.dumps([id for pair in sums for id in pair])
    names, standings = dict(model.execute(_NAMES, (ids,)).fetchall()), _standings(model)
    found = list[Row]()
    for share_class, pairs in groupby(sums.items(), lambda pair: pair[0][0]):
        held = [(names[account], *one.ended()) for (_, account), one in pairs]
        found += rows_of(standings, names[share_class], held)
    return found


class Sum:
    """The balance of an account as its postings come, and what it is made of."""

    __slots__ = ("events", "rank", "shares", "splits")

    def __init__(self, splits: list[tuple[Split, str]]) -> None:
        self.shares, self.rank, self.splits, self.events = 0, 0, splits, list[str]()

    def add(self, at: list[int], delta: int, rank: int, key: str) -> None:
        """Add a posting, after the splits before it."""
        while self.splits and self.splits[0][0][0] < tuple(at):
            self._split()
        self.shares += delta
        self.rank = max(self.rank, rank)
        self.events.append(key)

    def ended(self) -> tuple[int, int, int, list[str]]:
        """The shares, the number of events, their weakest rank and the events, in the end."""
        while self.splits:
            self._split()
        return self.shares, len(self.events), self.rank, self.events

    def _split(self) -> None:
        split, key = self.splits.pop(0)
        self.shares = scaled(self.shares, split)
        self.events.append(key)


def market(model: sqlite3.Connection, as_of: str, known_by: str) -> Iterator[Row]:
    """The holdings of all issuers at a cut, by one scan."""
    names = dict(model.execute("SELECT id, subject FROM subjects").fetchall())
    standings = _standings(model)
    for share_class, sums in groupby(_summed(model, as_of, known_by), itemgetter(0)):
        held = ((names[account], *rest, None) for _, account, *rest in sums)
        yield from rows_of(standings, names[share_class], held)


def balances(model: sqlite3.Connection, as_of: str, known_by: str) -> int:
    """How many balances there are in the whole market at a cut, each worked out."""
    return sum(1 for row in _summed(model, as_of, known_by) if row[2])


def _summed(
    model: sqlite3.Connection, as_of: str, known_by: str
) -> Iterator[tuple[int, int, int, int, int]]:
    """The sum, number and weakest rank of the postings on each account of each class."""
    given = {"day": number_of(as_of), "known": number_of(known_by)}
    yield from model.execute(_SUMS, given)
    splits = splits_of(model, "known <= ? AND day <= ?", given["known"], given["day"])
    rows = model.execute(_SPLIT_CLASSES, given)
    for (share_class, account), moves in groupby(rows, itemgetter(0, 1)):
        legs, of = list(moves), splits.get(share_class, [])
        ((_, shares),) = fold((leg[1:6] for leg in legs), of)
        after = sum(at > legs[0][2:5] for at, *_ in of)
        yield share_class, account, shares, len(legs) + after, max(leg[6] for leg in legs)


def rows_of(
    standings: Sequence[str],
    subject: str,
    held: Iterable[tuple[str, int, int, int, list[str] | None]],
) -> list[Row]:
    """The rows of the balances of a class, the largest first."""
    there = [one for one in held if one[1]]
    share_class = subject.partition(":")[2]
    issuer = share_class.partition("/")[0]
    issued = sum(shares for _, shares, *_ in there)
    treasury = sum(shares for party, shares, *_ in there if party == f"party:{issuer}")
    there.sort(key=lambda one: (-one[1], one[0]))
    found = list[Row]()
    for party, shares, number, rank, events in there:
        hundredths = (shares * 20_000 + issued) // (2 * issued)
        row = {
            "issuer": issuer, "share_class": share_class, "holder": party.partition(":")[2],
            "shares": str(shares), "percent": f"{hundredths // 100}.{hundredths % 100:02}",
            "percent_exact": _ratio(shares, issued), "issued": str(issued),
            "treasury": str(treasury), "outstanding": str(issued - treasury),
            "standing": standings[rank], "events_count": number,
        }  # fmt: skip
        found.append(row if events is None else row | {"events": events})
    return found


def _standings(model: sqlite3.Connection) -> list[str]:
    return [name for (name,) in model.execute("SELECT name FROM standings ORDER BY rank")]


def _ratio(shares: int, issued: int) -> str:
    common = gcd(shares, issued)
    over = issued // common
    return f"{shares // common}/{over}" if over > 1 else str(shares // common)


def printed(rows: Iterable[Row]) -> str:
    """The rows as JSON."""
    return json.dumps({"rows": list(rows)}, ensure_ascii=False, separators=(",", ":"))
