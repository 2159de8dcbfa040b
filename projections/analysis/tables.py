"""Everything recorded as tables for analysis: one row for each version of each event.

Every row carries the limits between which it stands, so that a question at any cut is a filter:
see ``docs/analysis.md`` for the columns and the queries. Rows come in the order of the log, a table
at a time being of no use for a log that does not fit in memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from ledger.events.actor import in_words
from ledger.events.envelope import Recorded
from ledger.model.across import written
from ledger.model.board import BOARD
from ledger.model.fact import Fact
from ledger.model.movements import ACROSS, MOVEMENTS, RESHAPING, SIGNS, rounds, takes_all
from ledger.model.register import Register, issuer_of, legs
from ledger.model.threads import OWN_KINDS
from ledger.time.conditions import depends
from ledger.time.history import SOURCE_EVENTS
from ledger.time.identities import IDENTIFYING
from ledger.values.dates import BEGINNING
from projections.analysis.commons import Commons
from projections.analysis.versions import Timeline, Version, Versions
from projections.subjects import deals

Value = str | int | bool | None
Row = dict[str, Value]
Values = tuple[Value, ...]  # a row, in the order of the columns of its table


class Column(NamedTuple):
    """A column: its name and what it holds: text, day, instant, number, small (number) or flag."""

    name: str
    holds: str = "text"


def _columns(**holds: str) -> tuple[Column, ...]:
    return tuple(Column(name, held) for name, held in holds.items())


LEDGER = Column("ledger")  # before all others, where tables hold more than one ledger
LIMITS = _columns(
    effective_first="day", effective_last="day", known_first="day", known_last="day",
    standing="text", sequence="number", known_from="day", known_until="day",
    recorded_from="instant", recorded_until="instant", floor_from="small", floor_until="small",
)  # fmt: skip
HEAD = _columns(
    position="small", key="text", type="text", first_report="text", repeats="flag", depends="flag"
)

FIELDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "parties": (
        ("party-registered", "party-renamed", "party-ended"),
        ("party", "kind", "name", "lei"),
    ),
    "sources": (
        SOURCE_EVENTS,
        ("source", "title", "kind", "publisher", "published_on", "sha256"),
    ),
    "disclosures": (
        ("stake-disclosed",),
        (
            "issuer", "holder", "share_class", "shares", "votes", "percent", "percent_of",
            "qualifier", "interest",
        ),
    ),
    "seats": (
        BOARD,
        ("company", "party", "person", "nominated_by", "role", "seats", "agreement"),
    ),
    "deals": (
        deals.TYPES,
        (
            *OWN_KINDS, "investor", "investee", "issuer", "amount", "percent", "window",
            "expected_on",
        ),
    ),
}  # fmt: skip
TABLES: Mapping[str, tuple[Column, ...]] = {
    "events": (
        *HEAD, *_columns(stream="text", timeless="flag", data="text", recorder="text"), *LIMITS,
    ),
    "movements": (
        *HEAD,
        *_columns(
            does="text", issuer="text", share_class="text", into_class="text", holder="text",
            delta="number", new="number", old="number",
        ),
        *LIMITS,
    ),
    "issuers": _columns(issuer="text", common="number"),
    **{
        name: (*HEAD, *(Column(field) for field in fields), *LIMITS)
        for name, (_, fields) in FIELDS.items()
    },
}  # fmt: skip
_KINDS = {  # of each type of events: the tables of its fields
    type: tuple((name, fields) for name, (types, fields) in FIELDS.items() if type in types)
    for types, _ in FIELDS.values()
    for type in types
}
_REPORTS: Values = ("reports", *[None] * 7)
_WRITER = json.JSONEncoder(ensure_ascii=False, sort_keys=True)


def as_dicts(rows: Iterable[tuple[str, Values]]) -> Iterator[tuple[str, Row]]:
    """The same rows with the names of their columns."""
    names = {name: [column.name for column in columns] for name, columns in TABLES.items()}
    return ((name, dict(zip(names[name], values, strict=True))) for name, values in rows)


def rows(history: Timeline, log: Iterable[Recorded]) -> Iterator[tuple[str, Values]]:
    """Every row with the name of its table, for the events of a log that the history holds."""
    tables = Tables(history)
    yield from tables.of(log)
    yield from tables.issuers()


class Tables:
    """The rows of a history, gathered over its log or over a part of it."""

    def __init__(self, history: Timeline) -> None:
        self._history, self._versions = history, Versions(history)
        self._identified = _identified(history, self._versions)
        self.commons = Commons(self._identified)

    def take_commons(self) -> Commons:
        """What was gathered about issuers since this was last asked."""
        taken, self.commons = self.commons, Commons(self._identified)
        return taken

    def of(self, log: Iterable[Recorded]) -> Iterator[tuple[str, Values]]:
        """The rows of some events of the log, in its order."""
        for recorded in log:
            moving = recorded.type in MOVEMENTS
            reporting = not moving and self._history.knows(f"event:{recorded.key}")
            kinds = _KINDS.get(recorded.type, ())
            for version in self._versions.of(recorded):
                fact = version.fact
                depending = depends(fact, self._history)
                head, limits = (*_head(version), depending), _limits(version)
                said = fact.recorded.originator_id, fact.timeless, _WRITER.encode(dict(fact.data))
                by = in_words(fact.recorded.actor) or None
                yield "events", (*head, *said, by, *limits)
                if moving:
                    for moved in _movements(fact, depending, self.commons):
                        yield "movements", head + moved + limits
                elif reporting or version.first_report != recorded.key:
                    yield "movements", head + _REPORTS + limits
                for name, fields in kinds:
                    yield name, head + tuple(map(fact.text, fields)) + limits

    def issuers(self) -> Iterator[tuple[str, Values]]:
        """The rows of the issuers whose movements were gathered."""
        return (("issuers", found) for found in self.commons.found())


def _identified(history: Timeline, versions: Versions) -> frozenset[str]:
    """The ids that are one party with another at some cut."""
    events = history.mentioning(f"type:{IDENTIFYING}", (IDENTIFYING,))
    facts = [version.fact for event in events for version in versions.of(event)]
    return frozenset(fact.need(field) for fact in facts for field in ("party", "same_as"))


def _head(version: Version) -> Values:
    """What the columns of ``HEAD`` hold, but for the last."""
    fact = version.fact
    event = fact.recorded
    return event.position, event.key, event.type, version.first_report, "reaffirms" in fact.data


def _limits(version: Version) -> Values:
    """What the columns of ``LIMITS`` hold."""
    fact, days, known = version.fact, version.fact.effective, version.fact.known
    return (
        days.first if days and days.first != BEGINNING else None,
        days.last if days and not fact.endless else None,
        known.first if version.known_from and known.first != BEGINNING else None,
        known.last if version.known_from else None,
        fact.standing,
        int(fact.data.get("sequence", "0")),
        version.known_from,
        version.known_until,
        version.recorded_from,
        version.recorded_until,
        version.floor_from,
        version.floor_until,
    )


def _movements(fact: Fact, depends: bool, commons: Commons) -> Iterator[Values]:
    """What a movement does: adds to accounts, or scales a class (perhaps into another)."""
    share_class = fact.need("share_class")
    issuer = issuer_of(share_class)
    of_all = takes_all(fact.type, fact.data) and fact.type not in RESHAPING
    if depends or of_all or rounds(fact.data):
        for one in sorted(written(fact) if fact.type in ACROSS else {share_class}):
            commons.not_linear(issuer_of(one))
            yield "round", issuer_of(one), one, None, None, None, None, None
    elif fact.type in RESHAPING:
        ratio, into = fact.ratio(), fact.text("into_class") or share_class
        commons.scaled(issuer, fact.recorded.position, ratio.denominator)
        yield "scale", issuer, share_class, into, None, None, ratio.numerator, ratio.denominator
    else:
        for into, account, change in added(fact):
            holder, over = account or issuer, change.denominator
            commons.added(issuer, holder, over)
            yield "add", issuer, into, into, holder, change.numerator, 1, over


def added(fact: Fact) -> list[tuple[str, str, int | Fraction]]:
    """What a movement adds to an empty register, and so to any: class, account, shares."""
    if fact.type not in SIGNS:
        alone = Register()
        return [(*pair, alone.shares(*pair)) for pair in alone.apply(fact)]
    share_class, shares = fact.need("share_class"), fact.shares()
    moved = legs(fact.type, fact.data)
    sums = dict[str, int]()
    for account, sign in moved:
        sums[account] = sums.get(account, 0) + sign
    return [(share_class, account, sums[account] * shares) for account, _ in moved]
