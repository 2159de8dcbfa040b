"""Thresholds: the shares of issued shares and of votes whose crossing is to be notified.

A percentage is above a threshold when it is at it or over it. A crossing is of the end of one day
against the end of the day before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from ledger.time.view import View
from projections.radar.attribution import Attribution
from projections.radar.laws import laws_of
from projections.radar.percentages import parse_percentage, percentage_words
from projections.radar.rule import chosen
from projections.radar.rule_files import built_in
from projections.rows import CrossingRow, EventNameRow, Row
from projections.subjects.checked_figures import UPPER_BOUNDS
from projections.subjects.vote_lines import Line

USUAL = tuple(Fraction(n, d) for n, d in (
    (5, 1), (10, 1), (15, 1), (20, 1), (25, 1), (30, 1), (100, 3), (50, 1), (200, 3), (90, 1)
))  # fmt: skip
OF_SHARES = "issued shares"
OF_VOTES = ("gross votes", "held votes", "net votes")
COUNTED = ("trusts",)  # what counts with a holder's own
_NONE = Fraction()


class Standing(NamedTuple):
    """What a holder has on a day with what is in trust for it: its percentage, and its shares or
    votes."""

    percent: Fraction | None  # of nothing, where no vote can be cast
    number: Fraction


class Standings(dict[tuple[str, str | None], Standing]):
    """What holders have of a base, by holder and class."""


class Crossing(NamedTuple):
    """A holder passing a threshold from the end of one day to the end of another."""

    of: str
    holder: str
    share_class: str | None
    threshold: Fraction
    day: str
    up: bool
    alone: bool  # its own number did not change: others' shares or votes did


def parse_thresholds(text: str) -> tuple[Fraction, ...]:
    """Percentages from ``5,33.33,100/3``; Refused (BAD_NUMBER) where one is none."""
    return tuple(sorted({parse_percentage(part.strip()) for part in text.split(",")}))


def usual_for(view: View, issuer: str) -> Sequence[Fraction]:
    """The thresholds of the rules that an issuer is or was under, by its law; the usual ones where
    no law is told."""
    laws = laws_of(view, issuer).laws
    rules = [rule for versions in chosen(built_in(), ()).values() for rule in versions]
    found = {
        threshold
        for rule in rules
        if any(law.is_told and law.is_under(rule.applies) for law in laws)
        for threshold in rule.thresholds
    }
    return tuple(sorted(found)) or USUAL


def holdings_standings(
    rows: Iterable[Row], attribution: Attribution, parties: Collection[str]
) -> Standings:
    """The percentage of the issued shares of each class that some parties have, with what is in
    trust for them; of others the largest disclosed. Nobody is known to have what is not known, or
    at most so much."""
    found, own = Standings(), Standings()
    for row in rows:
        if row["percent_exact"] is None or row["percent_of"] != "issued":
            continue
        if row["basis"] == "asserted" or row.get("qualifier") in UPPER_BOUNDS:
            continue
        has = Standing(Fraction(row["percent_exact"]) * 100, Fraction(row["shares"] or 0))
        if row["basis"] == "register":
            own[row["holder"], row["share_class"]] = has
        elif (owner := row["economic_owner"] or row["holder"]) in parties:
            key = owner, row["share_class"]
            found[key] = _most(has, found.get(key))
    classes = {share_class for _, share_class in own}
    for party in parties:
        accounts = attribution.accounts(party, COUNTED)
        for share_class in classes:
            parts = [
                (counted.part, own[account or attribution.issuer, share_class])
                for account, counted in accounts.items()
                if (account or attribution.issuer, share_class) in own
            ]
            if parts:
                percent = sum((part * (has.percent or _NONE) for part, has in parts), _NONE)
                has = Standing(percent, sum((part * has.number for part, has in parts), _NONE))
                found[party, share_class] = _most(has, found.get((party, share_class)))
    return found


def votes_standings(
    lines: Iterable[Line], attribution: Attribution, parties: Collection[str]
) -> dict[str, Standings]:
    """The percentage of the votes that some parties have, with those in trust for them, by each
    base of votes."""
    found = {base: Standings() for base in OF_VOTES}
    by_account = {line.account: line for line in lines}
    for party in parties:
        accounts = attribution.accounts(party, COUNTED).items()
        held = [(counted.part, by_account[a]) for a, counted in accounts if a in by_account]
        if not held:
            continue
        all_votes = sum((part * line.ballot.held for part, line in held), _NONE)
        suspended = sum((part * line.ballot.suspended for part, line in held), _NONE)
        totals = held[0][1].totals
        numbers = all_votes, all_votes, all_votes - suspended
        for base, number, total in zip(OF_VOTES, numbers, totals, strict=True):
            found[base][party, None] = Standing(number / total * 100 if total else None, number)
    return found


def crossings(
    of: str,
    then: Standings,
    now: Standings,
    day: str,
    thresholds: Sequence[Fraction],
) -> Iterator[Crossing]:
    """The thresholds passed between two ends of day, the second being that of ``day``."""
    nothing = Standing(_NONE, _NONE)
    for holder, share_class in sorted({*then, *now}, key=str):
        before = then.get((holder, share_class), nothing)
        after = now.get((holder, share_class), nothing)
        if before.percent is None or after.percent is None:
            continue
        for threshold in thresholds:
            up = after.percent >= threshold
            if up != (before.percent >= threshold):
                alone = before.number == after.number
                yield Crossing(of, holder, share_class, threshold, day, up, alone)


def crossing_row(
    issuer: str, crossing: Crossing, added: bool, events: list[EventNameRow]
) -> CrossingRow:
    """A crossing as plain values, with the events of its day."""
    return {
        "issuer": issuer,
        "change": "added" if added else "gone",
        "of": crossing.of,
        "holder": crossing.holder,
        "share_class": crossing.share_class,
        "threshold": percentage_words(crossing.threshold),
        "day": crossing.day,
        "direction": "up" if crossing.up else "down",
        "own_number_unchanged": crossing.alone,
        "events": events,
    }


def _most(one: Standing, other: Standing | None) -> Standing:
    return one if other is None else max(one, other, key=lambda has: has.percent or _NONE)


def of_words(bases: Collection[str]) -> str:
    """Of what a threshold is: of votes, where it is crossed on every base of them."""
    return "votes" if set(bases) == {*OF_VOTES} else " and ".join(bases)
