"""Everything recorded as tables for analysis: one row for each version of each event.

Every row carries the limits between which it stands, so that a question at any cut is a filter:
see ``docs/analysis.md`` for the columns and the queries. Rows come in the order of the log, a table
at a time being of no use for a log that does not fit in memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from math import lcm
from typing import NamedTuple

from ledger.events.envelope import Recorded
from ledger.model.across import written
from ledger.model.board import BOARD
from ledger.model.fact import Fact
from ledger.model.movements import ACROSS, MOVEMENTS, RESHAPING, rounds, takes_all
from ledger.model.register import Register, issuer_of
from ledger.model.threads import OWN_KINDS
from ledger.time.history import SOURCE_EVENTS
from ledger.time.identities import IDENTIFYING
from ledger.values.dates import BEGINNING
from projections.analysis.versions import Timeline, Version, Versions
from projections.subjects import deals

Value = str | int | bool | None
Row = dict[str, Value]
LARGEST = 10**38 - 1  # what 38 decimal digits hold


class Column(NamedTuple):
    """A column: its name and what it holds: text, day, instant, number, small (number) or flag."""

    name: str
    holds: str = "text"


def _columns(**holds: str) -> tuple[Column, ...]:
    return tuple(Column(name, held) for name, held in holds.items())


LIMITS = _columns(
    effective_first="day", effective_last="day", known_first="day", known_last="day",
    standing="text", sequence="number", known_from="day", known_until="day",
    recorded_from="instant", recorded_until="instant", floor_from="small", floor_until="small",
)  # fmt: skip
HEAD = _columns(position="small", key="text", type="text", first_report="text", repeats="flag")

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
    "events": (*HEAD, *_columns(stream="text", timeless="flag", data="text"), *LIMITS),
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


def rows(history: Timeline, log: Iterable[Recorded]) -> Iterator[tuple[str, Row]]:
    """Every row with the name of its table, for the events of a log that the history holds."""
    versions = Versions(history)
    commons = _Commons(_identified(history, versions))
    for recorded in log:
        reporting = recorded.type not in MOVEMENTS and history.knows(f"event:{recorded.key}")
        for version in versions.of(recorded):
            shared = _shared(version)
            yield "events", _event_row(version, shared)
            yield from (("movements", row) for row in _movement_rows(version, shared, commons))
            if reporting or (
                version.first_report != recorded.key and recorded.type not in MOVEMENTS
            ):
                yield "movements", shared | {"does": "reports"}
            for name, (types, fields) in FIELDS.items():
                if recorded.type in types:
                    yield name, shared | {field: version.fact.text(field) for field in fields}
    for issuer, common in commons.found():
        yield "issuers", {"issuer": issuer, "common": common}


def _identified(history: Timeline, versions: Versions) -> frozenset[str]:
    """The ids that are one party with another at some cut."""
    events = history.mentioning(f"type:{IDENTIFYING}", (IDENTIFYING,))
    facts = [version.fact for event in events for version in versions.of(event)]
    return frozenset(fact.need(field) for fact in facts for field in ("party", "same_as"))


def _shared(version: Version) -> Row:
    """The columns that every table of versions has."""
    fact, days, known = version.fact, version.fact.effective, version.fact.known
    return {
        "position": fact.recorded.position,
        "key": fact.key,
        "type": fact.type,
        "first_report": version.first_report,
        "repeats": "reaffirms" in fact.data,
        "effective_first": days.first if days and days.first != BEGINNING else None,
        "effective_last": days.last if days and not fact.endless else None,
        "known_first": known.first if version.known_from and known.first != BEGINNING else None,
        "known_last": known.last if version.known_from else None,
        "standing": fact.standing,
        "sequence": int(fact.data.get("sequence", "0")),
        "known_from": version.known_from,
        "known_until": version.known_until,
        "recorded_from": version.recorded_from,
        "recorded_until": version.recorded_until,
        "floor_from": version.floor_from,
        "floor_until": version.floor_until,
    }


def _event_row(version: Version, shared: Row) -> Row:
    fact = version.fact
    return shared | {
        "stream": fact.recorded.originator_id,
        "timeless": fact.timeless,
        "data": json.dumps(dict(fact.data), ensure_ascii=False, sort_keys=True),
    }


def _movement_rows(version: Version, shared: Row, commons: _Commons) -> Iterator[Row]:
    """What a movement does: adds to accounts, or scales a class (perhaps into another)."""
    fact = version.fact
    if fact.type not in MOVEMENTS:
        return
    share_class = fact.need("share_class")
    issuer = issuer_of(share_class)
    if rounds(fact.data) or (takes_all(fact.type, fact.data) and fact.type not in RESHAPING):
        for one in sorted(written(fact) if fact.type in ACROSS else {share_class}):
            commons.not_linear(issuer_of(one))
            yield shared | {"does": "round", "issuer": issuer_of(one), "share_class": one}
        return
    if fact.type in RESHAPING:
        ratio = fact.ratio()
        commons.scaled(issuer, fact, ratio.denominator)
        yield shared | {
            "does": "scale",
            "issuer": issuer,
            "share_class": share_class,
            "into_class": fact.text("into_class") or share_class,
            "new": ratio.numerator,
            "old": ratio.denominator,
        }
        return
    alone = Register()  # what a movement adds to an empty register is what it adds to any
    for into, account in alone.apply(fact):
        change = alone.shares(into, account)
        commons.added(issuer, account or issuer, change.denominator)
        yield shared | {
            "does": "add",
            "issuer": issuer,
            "share_class": into,
            "into_class": into,
            "holder": account or issuer,
            "delta": change.numerator,
            "new": 1,
            "old": change.denominator,
        }


class _Commons:
    """For each issuer a number that every fraction of its shares, at any cut, divides.

    The old side of each ratio once, as no share goes through one split twice. Of an issuer with an
    account whose id is ``identified`` with another there is none.
    """

    def __init__(self, identified: frozenset[str]) -> None:
        self._identified = identified
        self._added: dict[str, int] = {}
        self._scaled: dict[str, dict[int, int]] = {}
        self._rounded: set[str] = set()

    def not_linear(self, issuer: str) -> None:
        """What becomes of the shares is no sum of multiples."""
        self._added.setdefault(issuer, 1)
        self._rounded.add(issuer)

    def added(self, issuer: str, holder: str, denominator: int) -> None:
        """A movement adds a number of shares over a denominator to the account of a holder."""
        if self._identified.intersection((issuer, holder)):
            self.not_linear(issuer)
        self._added[issuer] = lcm(self._added.get(issuer, 1), denominator)

    def scaled(self, issuer: str, fact: Fact, denominator: int) -> None:
        """A version of a split or reclassification divides by a denominator."""
        self._added.setdefault(issuer, 1)
        if denominator != 1:
            steps = self._scaled.setdefault(issuer, {})
            position = fact.recorded.position
            steps[position] = lcm(steps.get(position, 1), denominator)

    def found(self) -> Iterator[tuple[str, int | None]]:
        """Each issuer with its number, in order; None where the tables cannot tell its shares."""
        for issuer, common in sorted(self._added.items()):
            for denominator in self._scaled.get(issuer, {}).values():
                common *= denominator
            told = issuer not in self._rounded and common <= LARGEST
            yield issuer, common if told else None
