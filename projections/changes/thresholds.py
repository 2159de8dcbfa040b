"""Thresholds: the shares of issued shares and of votes whose crossing is to be notified.

A percentage is above a threshold when it is at it or over it. A crossing is of the end of one day
against the end of the day before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from ledger.time.view import View
from ledger.values.quantities import rounded
from projections.answer import Answer
from projections.radar.laws import laws_of
from projections.radar.percentages import parse_percentage, percentage_words
from projections.radar.rule import chosen
from projections.radar.rule_files import built_in
from projections.rows import CrossingRow, EventNameRow
from projections.subjects.checked_figures import UPPER_BOUNDS

USUAL = tuple(Fraction(n, d) for n, d in (
    (5, 1), (10, 1), (15, 1), (20, 1), (25, 1), (30, 1), (100, 3), (50, 1), (200, 3), (90, 1)
))  # fmt: skip
PLACES = 18  # far finer than any two share counts can differ by


class Standing(NamedTuple):
    """What a holder has on a day: its percentage, exactly enough, and its shares or votes."""

    percent: Fraction
    number: str


Standings = dict[tuple[str, str | None], Standing]  # by holder and class


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


def holdings_standings(answer: Answer[Any]) -> Standings:
    """Each holder's percentage of the issued shares of each class, with what is in trust for it;
    the largest disclosed. Nobody is known to have what is not known, or at most so much."""
    found: Standings = {}
    for row in sorted(answer.rows, key=lambda row: row["basis"] != "register"):
        if row["percent_exact"] is None or row["percent_of"] != "issued":
            continue
        if row["basis"] == "asserted" or row.get("qualifier") in UPPER_BOUNDS:
            continue
        percent, shares = Fraction(row["percent_exact"]) * 100, row["shares"]
        key = row["economic_owner"] or row["holder"], row["share_class"]
        had = found.get(key)
        if had is not None and row["basis"] == "register":
            found[key] = Standing(
                had.percent + percent, str(Fraction(had.number) + Fraction(shares))
            )
        else:
            has = Standing(percent, str(shares))
            found[key] = max(has, had or has)
    return found


def votes_standings(answer: Answer[Any]) -> Standings:
    """Each holder's percentage of the votes that can be cast, before caps."""
    return {
        (row["holder"], None): Standing(Fraction(row["exercisable_percent"]), row["exercisable"])
        for row in answer.rows
        if row["exercisable_percent"] is not None
    }


def crossings(
    of: str,
    then: Standings,
    now: Standings,
    day: str,
    thresholds: Sequence[Fraction],
) -> Iterator[Crossing]:
    """The thresholds passed between two ends of day, the second being that of ``day``."""
    nothing = Standing(Fraction(), "0")
    for holder, share_class in sorted({*then, *now}, key=str):
        before = then.get((holder, share_class), nothing)
        after = now.get((holder, share_class), nothing)
        if before.percent == after.percent:
            continue
        low, high = min(before.percent, after.percent) - 1, max(before.percent, after.percent) + 1
        for threshold in thresholds:
            if not low <= threshold <= high:  # far from both
                continue
            up = _above(after, threshold)
            if up != _above(before, threshold):
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


def _above(has: Standing, threshold: Fraction) -> bool:
    if has.percent >= threshold:
        return True
    return has.percent == _as_votes(threshold.numerator, threshold.denominator)


@cache
def _as_votes(over: int, under: int) -> Fraction:
    """A threshold rounded as percentages of votes are, to ``PLACES``."""
    return Fraction(rounded(Fraction(over, under), PLACES))
