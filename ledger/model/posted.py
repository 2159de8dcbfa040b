"""Posted movements: those of a register that need no replay, known by their sums.

Most movements can be posted: they are of one day, known on one day, and add to accounts or take
from them; an amended one is posted in each of its versions. What they make of a balance at a cut is
a sum, which a history that keeps postings can look up. All other movements are replayed one by one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, Protocol

from ledger.events.envelope import Recorded

FoldKey = tuple[str, int, int]  # a place in the fold: day, sequence within it, position
Split = tuple[FoldKey, Fraction]  # by which the shares of a class become so many times as many
LAST = 10**38  # after every sequence, which has at most 38 digits, and every position
MOST_COUNTED = 1_000  # of what takes effect later, which may be almost everything


class Limits(NamedTuple):
    """The limits of a cut that posted movements are compared with, the as-of date apart."""

    known_by: str
    rank: int


class PostingSummary(NamedTuple):
    """The posted movements that a balance is made of.

    ``listed`` gives day, sequence and key of each, and is empty where there are too many.
    """

    number: int
    rank: int
    listed: Sequence[tuple[str, int, str]]


class Summed(NamedTuple):
    """What posted movements of a class leave on an account after so many of its splits and before
    the next one, how many they are, the rank of the weakest, and whether any places it in trust."""

    account: str
    splits: int
    shares: int
    number: int
    rank: int
    entrusted: int


class Hidden(NamedTuple):
    """How many events each limit of a cut leaves out, each event under the first that does.

    ``uncited`` counts those of ``known_by`` that were recorded without source or known date, and
    ``since`` and ``until`` are the first and last day on which they became known.
    """

    as_of: int = 0
    known_by: int = 0
    standing: int = 0
    uncited: int = 0
    since: str | None = None
    until: str | None = None

    @property
    def total(self) -> int:
        return self.as_of + self.known_by + self.standing

    def __add__(self, other: Any) -> Hidden:
        """Both together, of events that are not the same."""
        days = [day for day in (self.since, self.until, other.since, other.until) if day]
        return Hidden(
            self.as_of + other.as_of,
            self.known_by + other.known_by,
            self.standing + other.standing,
            self.uncited + other.uncited,
            min(days, default=None),
            max(days, default=None),
        )


class Posted(Protocol):
    """The posted movements of an issuer's register at a cut; an interval is (after, upto]."""

    classes: Sequence[str]

    def look_ahead(self, upto: FoldKey) -> None:
        """Read at once, if it is not very much, what is going to be asked of every account."""

    def shares(self, share_class: str, account: str | None, upto: FoldKey) -> int:
        """The sum on an account; with None, of the whole class."""

    def valid(self, splits: Mapping[str, Sequence[Split]]) -> bool:
        """Whether no account ends any day below zero, or a day on which one of some splits of its
        class takes place with a part of a share, other movements apart; False where that is not
        sure."""

    def lowest(self, share_class: str, account: str, day: str) -> int:
        """How far below its last sum an account ends any day from one on: 0 or less."""

    def held(self, share_class: str, upto: FoldKey) -> Mapping[str, int]:
        """The sum on each account where it is not nothing."""

    def moves(self) -> Iterator[tuple[FoldKey, tuple[str, str], int]]:
        """Each leg of every movement, in the order of the fold: what it adds to which class and
        account."""

    def has_posting(
        self, share_class: str, account: str | None, after: FoldKey | None, upto: FoldKey
    ) -> bool:
        """Whether any movement touches an account; with None, the class."""

    def days(
        self, share_class: str, account: str | None, after: FoldKey | None, upto: FoldKey
    ) -> Sequence[str]:
        """The days on which a movement touches an account (None: any of the class), ascending."""

    def last(self, share_class: str, account: str | None, upto: FoldKey) -> FoldKey | None:
        """The place of the last movement that touches an account; with None, the class."""

    def on(self, share_class: str, account: str, day: str) -> Sequence[Recorded]:
        """The movements that touch an account on a day, in no order."""

    def later(self, share_class: str, day: str) -> Iterator[Recorded]:
        """The movements after a day, in log order."""

    def summaries(
        self, share_class: str, account: str | None, after: FoldKey | None, upto: FoldKey, most: int
    ) -> Mapping[str, PostingSummary]:
        """What is posted on an account (None: on each), listing up to ``most`` of an account."""

    def trusts(self, share_class: str, upto: FoldKey) -> Sequence[str]:
        """The trusts that shares were placed in."""


class Registers(Protocol):
    """The registers of all issuers at the end of a day of a cut, by their posted movements."""

    def replayed(self) -> Collection[str]:
        """The issuers of which some movements, other than splits and their like, are not posted."""

    def summed(
        self, splits: Mapping[str, Sequence[FoldKey]]
    ) -> Iterator[tuple[str, Sequence[Summed]]]:
        """What stands on the accounts of some classes between their splits, class by class."""

    def legs_on(
        self, pairs: Iterable[tuple[str, str]]
    ) -> Mapping[tuple[str, str], Sequence[tuple[FoldKey, int]]]:
        """What each movement adds to some accounts of parties in classes."""


class Nothing:
    """No posted movements: every one is replayed."""

    classes: Sequence[str] = ()

    def look_ahead(self, upto: FoldKey) -> None:
        pass

    def shares(self, share_class: str, account: str | None, upto: FoldKey) -> int:
        return 0

    def valid(self, splits: Mapping[str, Sequence[Split]]) -> bool:
        return True

    def lowest(self, share_class: str, account: str, day: str) -> int:
        return 0

    def held(self, share_class: str, upto: FoldKey) -> Mapping[str, int]:
        return {}

    def moves(self) -> Iterator[tuple[FoldKey, tuple[str, str], int]]:
        return iter(())

    def has_posting(
        self, share_class: str, account: str | None, after: FoldKey | None, upto: FoldKey
    ) -> bool:
        return False

    def days(
        self, share_class: str, account: str | None, after: FoldKey | None, upto: FoldKey
    ) -> Sequence[str]:
        return ()

    def last(self, share_class: str, account: str | None, upto: FoldKey) -> FoldKey | None:
        return None

    def on(self, share_class: str, account: str, day: str) -> Sequence[Recorded]:
        return ()

    def later(self, share_class: str, day: str) -> Iterator[Recorded]:
        return iter(())

    def summaries(
        self, share_class: str, account: str | None, after: FoldKey | None, upto: FoldKey, most: int
    ) -> Mapping[str, PostingSummary]:
        return {}

    def trusts(self, share_class: str, upto: FoldKey) -> Sequence[str]:
        return ()


NOTHING = Nothing()


def end_of(day: str) -> FoldKey:
    """The moment after everything that happened on a day."""
    return day, LAST, LAST
