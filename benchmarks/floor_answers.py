"""What the floors answer: a question with its evidence, and the holdings of a whole market."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from math import gcd
from operator import itemgetter
from typing import Any

from benchmarks.floor_fold import OPEN, Split, fold, number_of, splits_of

_CUT = f"until = {OPEN} AND known <= :known AND known_until > :known AND day <= :day"
_QUESTION = (
    "SELECT c.subject, p.account, a.subject, day, sequence, position, delta, rank, key"
    " FROM subjects c JOIN postings p ON p.class = c.id JOIN events USING (position)"
    " JOIN subjects a ON a.id = p.account"
    f" WHERE c.subject >= 'class:' || :issuer || '/' AND c.subject < 'class:' || :issuer || '0'"
    f" AND {_CUT} ORDER BY p.class, p.account, day, sequence, position"
)
_SPLITS = (
    "SELECT c.subject, day, sequence, position, new, old, rank, key FROM subjects c"
    " JOIN splits s ON s.class = c.id JOIN events USING (position)"
    " WHERE c.subject >= 'class:' || :issuer || '/' AND c.subject < 'class:' || :issuer || '0'"
    " AND known <= :known AND day <= :day ORDER BY s.class, day, sequence, position"
)
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
    given = {"issuer": issuer, "day": number_of(as_of), "known": number_of(known_by)}
    splits, standings = model.execute(_SPLITS, given).fetchall(), _standings(model)
    found = list[Row]()
    for share_class, rows in groupby(model.execute(_QUESTION, given), itemgetter(0)):
        of = [split[1:] for split in splits if split[0] == share_class]
        scaling: list[Split] = [(one[:3], one[3], one[4]) for one in of]
        held = list[tuple[str, int, int, int, list[str] | None]]()
        for _, moves in groupby(rows, itemgetter(1)):
            legs = list(moves)
            ((_, shares),) = fold(((1, *leg[3:7]) for leg in legs), scaling)
            after = [one for one in of if one[:3] > legs[0][3:6]]
            made_of = [(*leg[3:6], leg[7], leg[8]) for leg in legs]
            made_of = sorted(made_of + [(*one[:3], *one[5:]) for one in after])
            events = [one[4] for one in made_of]
            rank = max(one[3] for one in made_of)
            held.append((legs[0][2], shares, len(events), rank, events))
        found += rows_of(standings, share_class, held)
    return found


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
