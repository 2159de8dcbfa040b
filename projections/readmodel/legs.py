"""Legs: the postings of a class up to a moment, read at once and kept for what is asked of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from ledger.model.posted import PostingSummary
from projections.readmodel.days import Place, day_of

COLUMNS = "account, day, sequence, position, rank, entrusted, delta"
_account: Callable[[tuple[int, ...]], int] = itemgetter(0)
_place: Callable[[tuple[int, ...]], Place] = itemgetter(1, 2, 3)
_rank: Callable[[tuple[int, ...]], int] = itemgetter(4)
_delta: Callable[[tuple[int, ...]], int] = itemgetter(6)
_Rows = Sequence[tuple[int, ...]]


class Legs:
    """The postings of a class up to a moment, by the names of their accounts: None for all of them.

    ``rows`` have ``COLUMNS``, and come by account and in the order of the fold; ``keys`` finds
    those of the events at positions.
    """

    def __init__(
        self,
        rows: Iterable[tuple[int, ...]],
        names: Mapping[int, str | None],
        upto: Place,
        keys: Callable[[Sequence[int]], Mapping[int, str]],
    ) -> None:
        self.upto, self._find_keys = upto, keys
        self._keys: Mapping[int, str] | None = None
        self._on = {names[on]: [*legs] for on, legs in groupby(rows, _account)}
        self._whole = self._on.pop(None, [])

    def shares(self, account: str | None, upto: Place) -> int:
        """The sum on an account; with None, of the class."""
        return _sum(self._legs(account), self._end(upto))

    def held(self, upto: Place) -> dict[str, int]:
        """The sum on each account where it is not nothing."""
        end = self._end(upto)
        found = ((account, _sum(legs, end)) for account, legs in self._on_accounts())
        return {account: shares for account, shares in found if shares}

    def has_posting(self, account: str | None, after: Place | None, upto: Place) -> bool:
        """Whether any movement touches an account; with None, the class."""
        end = self._end(upto)
        every = self._on.values() if account is None else (self._legs(account),)
        return any(_between(legs, after, end) for legs in every)

    def trusts(self, upto: Place) -> list[str]:
        """The accounts that shares were placed in as trusts, sorted."""
        end = self._end(upto)
        found = (
            account
            for account, legs in self._on_accounts()
            if any(leg[5] for leg in _between(legs, None, end))
        )
        return sorted(found)

    def summaries(
        self, account: str | None, after: Place | None, upto: Place, most: int
    ) -> dict[str, PostingSummary]:
        """What an account is made of, or each, listing up to ``most`` of one."""
        found, end = dict[str, PostingSummary](), self._end(upto)
        every = self._on_accounts() if account is None else ((account, self._legs(account)),)
        for on, all_legs in every:
            if legs := _between(all_legs, after, end):
                listed = self._listed(legs) if len(legs) <= most else ()
                found[on] = PostingSummary(len(legs), max(map(_rank, legs)), listed)
        return found

    def _listed(self, legs: _Rows) -> list[tuple[str, int, str]]:
        if self._keys is None:
            positions = {leg[3] for legs in self._on.values() for leg in legs}
            self._keys = self._find_keys(sorted(positions))
        keys = self._keys
        return [(day_of(leg[1]), leg[2], keys[leg[3]]) for leg in legs]

    def _on_accounts(self) -> Iterator[tuple[str, _Rows]]:
        return ((account, legs) for account, legs in self._on.items() if account is not None)

    def _legs(self, account: str | None) -> _Rows:
        return self._whole if account is None else self._on.get(account, ())

    def _end(self, upto: Place) -> Place | None:
        """Where a moment ends the legs; None where it is no earlier than the last of all."""
        return upto if upto < self.upto else None


def _between(legs: _Rows, after: Place | None, end: Place | None) -> _Rows:
    first = bisect_right(legs, after, key=_place) if after is not None else 0
    if end is not None:
        return legs[first : bisect_right(legs, end, key=_place)]
    return legs[first:] if first else legs


def _sum(legs: _Rows, end: Place | None) -> int:
    return sum(map(_delta, _between(legs, None, end)))
