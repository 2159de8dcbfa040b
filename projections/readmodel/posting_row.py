"""A posting as the read model has it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from projections.readmodel.postings import NEVER, WEAKEST


class PostingRow(NamedTuple):
    """A posting as the read model has it; classes, accounts and types are numbers of subjects, days
    are numbers such as 20231108."""

    share_class: int
    account: int
    day: int
    sequence: int
    position: int
    since: int
    known: int
    floor: int
    until: int
    known_until: int
    floor_until: int
    type: int
    rank: int
    entrusted: int
    delta: int

    @property
    def key(self) -> tuple[int, ...]:
        """What tells a posting from others of its table."""
        return self[:8]

    @property
    def carried(self) -> int:
        """What it adds to the balances that are carried forward: those with everything known, at
        the weakest floor."""
        return self.delta if self.known_until == NEVER and self.floor_until == WEAKEST else 0

    def at(self, since: int) -> PostingRow:
        """The same from another position on."""
        return self._replace(since=since)


def merged(rows: Iterable[PostingRow]) -> list[PostingRow]:
    """The postings of the versions of one movement, each from a day on and in that order; of an
    account to which one version adds as much as the one before, one for both."""
    found = dict[tuple[int, ...], PostingRow]()
    for row in rows:
        same = row._replace(known=0, known_until=0)
        before = found.pop((*same, row.known), None)
        one = row if before is None else row._replace(known=before.known)
        found[*same, row.known_until] = one
    return list(found.values())
