"""Sums: what all registers come to at once, where every movement but splits is posted."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

from ledger.model.posted import FoldKey, Limits, Summed, end_of
from ledger.model.register import TREASURY, Pair
from projections.readmodel.days import day_of
from projections.readmodel.postings import ISSUER, at_cut

REPLAYED = (
    "SELECT DISTINCT s.subject FROM replayed r JOIN subjects s ON s.id = r.subject"
    " WHERE r.since <= ? AND r.until > ? AND s.subject >= 'issuer:' AND s.subject < 'issuer;'"
)
_CLASSES = (
    "SELECT j.value, s.id FROM json_each(?) j"
    " CROSS JOIN subjects s ON s.subject = 'class:' || j.value"
)
_SUMMED = (
    "SELECT account, sum(delta), count(*), max(rank), max(entrusted) FROM postings"
    " WHERE class = :class AND account >= 0 AND {upto}{meant} GROUP BY account"
)
_LEGS = (
    "SELECT j.key, day, sequence, position, delta FROM json_each(:pairs) j"
    " CROSS JOIN subjects a ON a.subject = 'party:' || json_extract(j.value, '$[1]')"
    " CROSS JOIN subjects c ON c.subject = 'class:' || json_extract(j.value, '$[0]')"
    " CROSS JOIN postings ON class = c.id AND account = a.id AND {upto}{meant}"
)


class Sums:
    """The registers of all issuers at the end of a day, by the sums of their posted movements."""

    def __init__(
        self, connection: sqlite3.Connection, limits: Limits, as_of: str, position: int
    ) -> None:
        self._connection, self._position = connection, position
        self._limits, self._end = limits, end_of(as_of)

    def replayed(self) -> set[str]:
        now = (self._position, self._position)
        return {s.partition(":")[2] for (s,) in self._connection.execute(REPLAYED, now)}

    def summed(self, splits: Mapping[str, Sequence[FoldKey]]) -> Iterator[tuple[str, list[Summed]]]:
        asked = json.dumps([*splits])
        for share_class, number in self._connection.execute(_CLASSES, (asked,)).fetchall():
            places, found = [*splits[share_class], self._end], list[Summed]()
            for before, (after, upto) in enumerate(pairwise([None, *places])):
                rows = self._ask(_SUMMED, {"class": number}, upto or self._end, after)
                found += (Summed(self._accounts[on], before, *sums) for on, *sums in rows)
            yield share_class, found

    @cached_property
    def _accounts(self) -> Mapping[int, str]:
        """The names of the accounts of parties, by their numbers."""
        return texts(self._connection, "party") | {ISSUER: TREASURY}

    def legs_on(self, pairs: Iterable[Pair]) -> Mapping[Pair, list[tuple[FoldKey, int]]]:
        found, asked = defaultdict[Pair, list[tuple[FoldKey, int]]](list), [*dict.fromkeys(pairs)]
        rows = self._ask(_LEGS, {"pairs": json.dumps(asked)}, self._end)
        for key, day, sequence, position, delta in rows:
            found[asked[key]].append(((day_of(day), sequence, position), delta))
        return found

    def _ask(
        self, sql: str, given: dict[str, Any], upto: FoldKey, after: FoldKey | None = None
    ) -> sqlite3.Cursor:
        where, limits = at_cut(self._limits, upto, self._position, after)
        return self._connection.execute(sql.format(**where), limits | given)


def texts(connection: sqlite3.Connection, kind: str) -> dict[int, str]:
    """The ids of a kind, by their numbers."""
    start = len(kind) + 1
    rows = connection.execute(
        "SELECT id, substr(subject, ?) FROM subjects WHERE subject >= ? AND subject < ?",
        (start + 1, f"{kind}:", f"{kind};"),
    )
    return dict(rows)
