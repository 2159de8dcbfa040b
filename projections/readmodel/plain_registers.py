"""Registers whose every movement is posted and whose shares have one vote each, all at once."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping

from ledger.model.posted import FoldKey, Limits
from ledger.model.register import TREASURY, issuer_of
from projections.readmodel.postings import at_cut
from projections.readmodel.sums import REPLAYED, texts

_PLAIN = {"share_class", "name", "standing", "votes_per_share"}
_CREATED = (
    "SELECT json_extract(e.data, '$.data') FROM indexed JOIN events e USING (position) WHERE"
    " subject = (SELECT id FROM subjects WHERE subject = 'type:share-class-created')"
    " AND position <= ?"
)
_ENTRUSTED = (
    "SELECT DISTINCT s.subject FROM postings p INDEXED BY postings_in_trust"
    " JOIN subjects s ON s.id = p.class WHERE p.entrusted = 1"
)
_SUMS = (
    "SELECT class, account, sum(delta) FROM postings WHERE account >= 0 AND {upto}{meant}"
    " GROUP BY class, account ORDER BY class, account"
)


def plain_registers(
    connection: sqlite3.Connection, limits: Limits, upto: FoldKey, position: int
) -> Iterator[tuple[str, Mapping[str, int]]]:
    """By issuer, the shares on each account at a cut, of all classes together."""
    created, odd = _classes(connection, position)
    odd |= {s.partition(":")[2] for (s,) in connection.execute(REPLAYED, (position, position))}
    odd |= {issuer_of(s.partition(":")[2]) for (s,) in connection.execute(_ENTRUSTED)}
    names = texts(connection, "class")
    accounts = texts(connection, "party") | {0: TREASURY}
    found = defaultdict[str, dict[str, int]](dict)
    where, given = at_cut(limits, upto, position)
    for number, account, shares in connection.execute(_SUMS.format(**where), given):
        share_class = names[number]
        issuer = issuer_of(share_class)
        if share_class not in created:
            odd.add(issuer)
        elif shares:
            on = accounts[account]
            held = found[issuer]
            held[on] = held.get(on, 0) + shares
    return ((issuer, held) for issuer, held in found.items() if issuer not in odd)


def _classes(connection: sqlite3.Connection, position: int) -> tuple[set[str], set[str]]:
    """The classes of which no more is told than their names, and the issuers of others."""
    created, odd = set[str](), set[str]()
    for (text,) in connection.execute(_CREATED, (position,)):
        data = json.loads(text)
        one = data["share_class"]
        plain = data["standing"] == "official" and data.get("votes_per_share") == "1"
        if plain and data.keys() <= _PLAIN and one not in created:
            created.add(one)
        else:
            odd.add(issuer_of(one))
    return created, odd
