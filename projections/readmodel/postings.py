"""Postings: the posted movements of the read model, summed where a question asks for a balance.

Each leg of a plain movement is a posting on an account of a class, by day, sequence and position;
what it adds to the whole class stands on the account ``WHOLE``. A posting counts from the position
``since`` until the position ``until``, at which an amendment, or news of its source, made it
something else; from the day ``known`` until the day ``known_until``; and from the floor of standing
``floor`` to the floor ``floor_until``. An amended movement has postings for each of its versions.
``carried`` has the balance of an account at the end of each month in which it moved, over the
postings that count now, with everything known, at the weakest floor. So a balance with everything
known and recorded is one row carried forward and the postings of a month; any other is the sum of
the postings the cut lets through.

A posted movement is found by its class, issuer and parties through its postings. Indexing it
under each of them as well would double the rows.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from ledger.events.envelope import Recorded
from ledger.model.movements import OF_TRUSTS, SIGNS
from ledger.model.posted import FoldKey, Limits, PostingSummary, Split, end_of
from ledger.model.register import TREASURY, legs
from ledger.model.subject import parse_subject
from ledger.values.dates import FOREVER, parse_effective
from projections.readmodel.days import day_of, number_of, numbers_of
from projections.readmodel.legs import COLUMNS, Legs
from projections.readmodel.validity import is_valid

OPEN = 2**62  # the end of what still counts
NEVER = 99_999_999  # a day after every other, on which what is known is known no more
FOUND_BY_POSTINGS = frozenset(SIGNS).difference(OF_TRUSTS)  # those are found by the trust as well
ISSUER, WHOLE = 0, -1  # accounts that are no party: treasury, and the sum of all
MOST_READ = 10_000  # postings of a class, at once
WEAKEST = 3  # the floor that lets everything through
UNLIMITED = f"known_until = {NEVER} AND floor_until = {WEAKEST}"
CARRIED = f"until = {OPEN} AND {UNLIMITED}"
# The days alone bound what is read; +day keeps the rest from being taken for a bound instead.
_UPTO = "day <= :day AND (+day, sequence, position) <= (:day, :sequence, :position)"
_AFTER = (
    " AND day >= :after_day"
    " AND (+day, sequence, position) > (:after_day, :after_sequence, :after_position)"
)
WITHOUT = " AND (:without IS NULL OR position NOT IN (SELECT value FROM json_each(:without)))"
_MEANT = (
    " AND since <= :now AND until > :now AND known <= :known AND known_until > :known"
    " AND floor <= :rank AND floor_until >= :rank" + WITHOUT
)


def places(
    connection: sqlite3.Connection, has_posting: str, given: dict[str, Any], limits: Limits,
    upto: FoldKey, now: int,
) -> Iterator[FoldKey]:  # fmt: skip
    """The place of each posted movement that has any of the postings that a clause finds."""
    rows = connection.execute(
        f"SELECT DISTINCT day, sequence, position FROM {has_posting} AND {_UPTO}{_MEANT}",
        given | _fold_key(upto) | _cut(limits, now) | {"without": None},
    )
    return ((day_of(day), sequence, position) for day, sequence, position in rows)


def posted_at(
    connection: sqlite3.Connection, issuer: str, limits: Limits, position: int,
    event: Callable[[int], Recorded], without: Collection[Recorded] = (),
) -> Postings:  # fmt: skip
    """The posted movements of an issuer's register at a cut, without some of them; ``event`` finds
    one by position."""
    rows = connection.execute(
        "SELECT id, subject FROM subjects s WHERE subject >= ? AND subject < ?"
        " AND EXISTS (SELECT 1 FROM accounts a WHERE a.class = s.id)",
        (f"class:{issuer}/", f"class:{issuer}0"),
    )
    classes = {parse_subject(subject).id: id for id, subject in rows}
    return Postings(connection, classes, limits, position, event, without)


class Postings:
    """The posted movements of a register, of classes by their numbers, as a read model has them at
    a cut."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        classes: Mapping[str, int],
        limits: Limits,
        position: int,
        event: Callable[[int], Recorded],
        without: Collection[Recorded] = (),
    ) -> None:
        self._connection, self._event = connection, event
        self._everything = limits.known_by == FOREVER and limits.rank == WEAKEST
        self._position = position
        self._numbers: dict[str, int | None] = {}  # of accounts
        self._cut = _cut(limits, position) | {"without": positions_of(without)}
        self._without = without
        self._classes = classes
        self._read: dict[str, Legs] = {}
        self.classes: Sequence[str] = sorted(classes)

    def look_ahead(self, upto: FoldKey) -> None:
        for share_class, number in self._classes.items():
            given = {"class": number, "most": MOST_READ + 1} | _fold_key(upto) | self._cut
            rows = self._connection.execute(_ALL_LEGS, given).fetchall()
            if len(rows) <= MOST_READ:
                names = self._connection.execute(_NAMES, given)
                accounts = {on: _account(subject) for on, subject in names}
                keys, end = partial(_keys_at, self._connection), numbers_of(upto)
                self._read[share_class] = Legs(rows, accounts | {WHOLE: None}, end, keys)

    def _known(self, share_class: str, upto: FoldKey) -> Legs | None:
        """The legs of a class, if those up to a moment were read ahead."""
        legs = self._read.get(share_class)
        return legs if legs is not None and numbers_of(upto) <= legs.upto else None

    def shares(self, share_class: str, account: str | None, upto: FoldKey) -> int:
        if (legs := self._known(share_class, upto)) is not None:
            return legs.shares(account, numbers_of(upto))
        return sum(
            self._summed(_CARRIED, _SUMMED, self._given(share_class, account, upto)).values()
        )

    def held(self, share_class: str, upto: FoldKey) -> Mapping[str, int]:
        if (legs := self._known(share_class, upto)) is not None:
            return legs.held(numbers_of(upto))
        found = self._summed(_ALL_CARRIED, _ALL_SUMMED, self._given(share_class, None, upto))
        return {_account(subject): shares for subject, shares in found.items() if shares}

    def valid(self, splits: Mapping[str, Sequence[Split]]) -> bool:
        return all(
            is_valid(
                self._connection, _MEANT, {"class": number} | self._cut, splits.get(share_class, ())
            )
            for share_class, number in self._classes.items()
        )

    def lowest(self, share_class: str, account: str, day: str) -> int:
        given = self._given(share_class, account, (day, 0, 0))
        if given is None:
            return 0
        found = self._connection.execute(_LATER, given).fetchone()
        return min(0, -int(found[0] or 0))

    def moves(self) -> Iterator[tuple[FoldKey, tuple[str, str], int]]:
        of = {number: share_class for share_class, number in self._classes.items()}
        rows = self._connection.execute(
            "SELECT day, sequence, position, class, s.subject, delta FROM postings"
            f" LEFT JOIN subjects s ON s.id = account WHERE class IN ({_numbers(list(of))})"
            f" AND account >= 0{_MEANT} ORDER BY day, sequence, position",
            self._cut,
        )
        for day, sequence, position, number, subject, delta in rows:
            yield (day_of(day), sequence, position), (of[number], _account(subject)), delta

    def _summed(
        self, carried: str, summed: str, given: dict[str, Any] | None
    ) -> dict[str | None, int]:
        """Sums from what is carried forward if that is what the cut asks for, else of postings; by
        the subjects of the accounts where there are several."""
        if given is None:
            return {}
        if self._everything:
            rows = self._connection.execute(carried, given).fetchall()
            if all(reached <= self._position for reached, *_ in rows):
                taken = self._taken_out(given)
                return {subject: n - taken.get(account, 0) for _, account, subject, n in rows}
            self._everything = False  # what is carried counts what was recorded later
        rows = self._connection.execute(summed, given).fetchall()
        return {subject: shares or 0 for subject, shares in rows}

    def _taken_out(self, given: dict[str, Any]) -> Mapping[int, int]:
        """What the movements that are left out add to each account of a class by a moment."""
        found, upto = dict[int, int](), (given["day"], given["sequence"], given["position"])
        for share_class, account, *place, shares in self._left_out if self._without else ():
            if share_class == given["class"] and tuple(place) <= upto:
                found[account] = found.get(account, 0) + shares
        return found

    @cached_property
    def _left_out(self) -> list[tuple[int, ...]]:
        """The postings, carried forward, of the movements that are left out: class, account, day,
        sequence, position, and what each adds."""
        keys = [key for event in self._without for key in self._keys(event)]
        given = {"keys": json.dumps(keys)} | self._cut
        return self._connection.execute(_LEFT_OUT, given).fetchall()

    def _keys(self, event: Recorded) -> Iterator[tuple[int, int, int, int, int]]:
        """The keys that the postings of a movement have, or would have, as it was recorded."""
        data = event.data
        of, dated = self._classes.get(data["share_class"]), parse_effective(data["effective_on"])
        for account in {WHOLE, *(self._number(one) for one, _ in legs(event.type, data))}:
            if of is not None and account is not None and dated.first == dated.last:
                sequence = int(data.get("sequence", 0))
                yield of, account, number_of(dated.first), sequence, event.position

    def has_posting(
        self, share_class: str, account: str | None, after: FoldKey | None, upto: FoldKey
    ) -> bool:
        if (legs := self._known(share_class, upto)) is not None:
            return legs.has_posting(account, after and numbers_of(after), numbers_of(upto))
        rows = self._select("1", share_class, account, after, upto, " LIMIT 1")
        return bool(rows)

    def days(
        self, share_class: str, account: str | None, after: FoldKey | None, upto: FoldKey
    ) -> Sequence[str]:
        rows = self._select("DISTINCT day", share_class, account, after, upto, " ORDER BY day")
        return [day_of(day) for (day,) in rows]

    def last(self, share_class: str, account: str | None, upto: FoldKey) -> FoldKey | None:
        backwards = " ORDER BY day DESC, sequence DESC, position DESC LIMIT 1"
        rows = self._select("day, sequence, position", share_class, account, None, upto, backwards)
        return next(((day_of(day), sequence, position) for day, sequence, position in rows), None)

    def on(self, share_class: str, account: str, day: str) -> Sequence[Recorded]:
        rows = self._select("position", share_class, account, (day, -1, 0), end_of(day), "")
        return [self._event(position) for (position,) in rows]

    def later(self, share_class: str, day: str) -> Iterator[Recorded]:
        found = self._connection.execute(
            "SELECT DISTINCT position FROM accounts JOIN postings USING (class, account)"
            f" WHERE class = :class AND day > :day{_MEANT} ORDER BY position",
            {"class": self._classes[share_class], "day": number_of(day)} | self._cut,
        )
        return (self._event(position) for (position,) in found)

    def summaries(
        self, share_class: str, account: str | None, after: FoldKey | None, upto: FoldKey, most: int
    ) -> Mapping[str, PostingSummary]:
        if (legs := self._known(share_class, upto)) is not None:
            return legs.summaries(account, after and numbers_of(after), numbers_of(upto), most)
        given = self._given(share_class, account, upto)
        if given is None:
            return {}
        where = _where(account, after) + _MEANT
        if after is not None:
            given |= _after(after)
        counted = self._connection.execute(
            "SELECT account, s.subject, count(*), max(rank) FROM postings"
            f" LEFT JOIN subjects s ON s.id = account WHERE {where} GROUP BY account",
            given,
        ).fetchall()
        listed: dict[int, list[tuple[str, int, str]]] = {}
        few = [on for on, _, count, _ in counted if count <= most]
        if few:
            chosen = "" if len(few) == len(counted) else f" AND account IN ({_numbers(few)})"
            for on, day, sequence, key in self._connection.execute(
                "SELECT account, day, sequence, e.key FROM postings p JOIN events e"
                f" USING (position) WHERE {where}{chosen}",
                given,
            ):
                listed.setdefault(on, []).append((day_of(day), sequence, key))
        return {
            _account(s): PostingSummary(n, rank, listed.get(on, ())) for on, s, n, rank in counted
        }

    def trusts(self, share_class: str, upto: FoldKey) -> Sequence[str]:
        if (legs := self._known(share_class, upto)) is not None:
            return legs.trusts(numbers_of(upto))
        rows = self._connection.execute(
            "SELECT DISTINCT subject FROM postings INDEXED BY postings_in_trust"
            f" JOIN subjects s ON s.id = account WHERE class = :class AND entrusted = 1 AND {_UPTO}"
            f" {_MEANT} ORDER BY subject",
            self._given(share_class, None, upto) or {"class": -1},
        )
        return [_account(subject) for (subject,) in rows]

    def _select(
        self,
        what: str,
        share_class: str,
        account: str | None,
        after: FoldKey | None,
        upto: FoldKey,
        ending: str,
    ) -> list[tuple[Any, ...]]:
        given = self._given(share_class, account, upto)
        if given is None:
            return []
        if after is not None:
            given |= _after(after)
        where = _where(account, after)
        sql = f"SELECT {what} FROM postings WHERE {where}{_MEANT}{ending}"
        return self._connection.execute(sql, given).fetchall()

    def _given(self, share_class: str, account: str | None, upto: FoldKey) -> dict[str, Any] | None:
        """The numbers of a class, an account and a moment; None where nothing is posted there."""
        of, on = self._classes.get(share_class), self._number(account)
        if of is None or on is None:
            return None
        return {"class": of, "account": on} | _fold_key(upto) | self._cut

    def _number(self, account: str | None) -> int | None:
        if account is None or account == TREASURY:
            return WHOLE if account is None else ISSUER
        if account not in self._numbers:
            row = self._connection.execute(
                "SELECT id FROM subjects WHERE subject = ?", (f"party:{account}",)
            ).fetchone()
            self._numbers[account] = int(row[0]) if row else None
        return self._numbers[account]


_ON = "class = :class AND account = :account"
_BALANCE = (
    "coalesce((SELECT balance FROM carried WHERE {on} AND month < :month"
    " ORDER BY month DESC LIMIT 1), 0) + coalesce((SELECT sum(delta) FROM postings"
    f" WHERE {{on}} AND day >= :month * 100 AND {_UPTO} AND {CARRIED}), 0)"
)
_REACHED = "(SELECT position FROM read_model)"  # read in one statement with what is carried
_CARRIED = f"SELECT {_REACHED}, :account, NULL, {_BALANCE.format(on=_ON)}"
_ALL_CARRIED = (
    f"SELECT {_REACHED}, a.account, s.subject,"
    f" {_BALANCE.format(on='class = a.class AND account = a.account')}"
    " FROM accounts a LEFT JOIN subjects s ON s.id = a.account"
    " WHERE a.class = :class AND a.account >= 0"
)
_LATER = (
    "SELECT max(later) FROM (SELECT sum(sum(delta)) OVER (ORDER BY day DESC) AS later"
    f" FROM postings WHERE {_ON} AND day > :day{_MEANT} GROUP BY day)"
)
_SUMMED = f"SELECT NULL, sum(delta) FROM postings WHERE {_ON} AND {_UPTO}{_MEANT}"
_ALL_SUMMED = (
    "SELECT s.subject, sum(delta) FROM postings LEFT JOIN subjects s ON s.id = account"
    f" WHERE class = :class AND account >= 0 AND {_UPTO}{_MEANT} GROUP BY account"
)
_LEG = "SELECT class, account, day, sequence, position, delta FROM"
_LEFT_OUT = (
    f"{_LEG} json_each(:keys) CROSS JOIN postings ON class = json_extract(value, '$[0]')"
    " AND account = json_extract(value, '$[1]') AND day = json_extract(value, '$[2]')"
    " AND sequence = json_extract(value, '$[3]') AND position = json_extract(value, '$[4]')"
    f" AND since = position AND {CARRIED} UNION ALL {_LEG} postings INDEXED BY postings_again"
    f" WHERE position IN (SELECT value FROM json_each(:without)) AND since > position AND {CARRIED}"
)
_ALL_LEGS = (
    f"SELECT {COLUMNS} FROM postings WHERE class = :class AND {_UPTO}{_MEANT}"
    " ORDER BY account, day, sequence, position LIMIT :most"
)
_NAMES = (
    "SELECT a.account, s.subject FROM accounts a LEFT JOIN subjects s ON s.id = a.account"
    " WHERE a.class = :class"
)
_KEYS = "SELECT e.position, e.key FROM json_each(?) j CROSS JOIN events e ON e.position = j.value"


def positions_of(without: Collection[Recorded]) -> str | None:
    """The positions of events as a query is given them, if there are any."""
    return json.dumps([event.position for event in without]) if without else None


def _where(account: str | None, after: FoldKey | None) -> str:
    on = _ON if account is not None else "class = :class AND account >= 0"
    return f"{on} AND {_UPTO}{_AFTER if after is not None else ''}"


def at_cut(
    limits: Limits, upto: FoldKey, now: int, after: FoldKey | None = None
) -> tuple[dict[str, str], dict[str, Any]]:
    """The conditions on postings that count at a cut, with what is given for them."""
    given = (
        _fold_key(upto) | _cut(limits, now) | {"without": None} | (_after(after) if after else {})
    )
    return {"upto": _UPTO + (_AFTER if after else ""), "meant": _MEANT}, given


def _cut(limits: Limits, now: int) -> dict[str, Any]:
    return {"known": number_of(limits.known_by), "rank": limits.rank, "now": now}


def _fold_key(upto: FoldKey) -> dict[str, int]:
    day, sequence, position = numbers_of(upto)
    return {"day": day, "sequence": sequence, "position": position, "month": day // 100}


def _keys_at(connection: sqlite3.Connection, positions: Sequence[int]) -> Mapping[int, str]:
    return dict(connection.execute(_KEYS, (json.dumps(positions),)).fetchall())


def _after(fold_key: FoldKey) -> dict[str, int]:
    names = ("after_day", "after_sequence", "after_position")
    return dict(zip(names, numbers_of(fold_key), strict=True))


def _account(subject: str | None) -> str:
    return TREASURY if subject is None else parse_subject(subject).id


def _numbers(ids: Sequence[int]) -> str:
    return ",".join(map(str, ids))
