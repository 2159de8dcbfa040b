"""Distances: how many shares or votes bring a holder to the far side of its next thresholds."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from fractions import Fraction

from ledger.values.dates import FOREVER
from ledger.values.quantities import rounded
from projections.answer import whole
from projections.radar.crossings import Has, Scan
from projections.radar.percentages import percentage_words
from projections.radar.positions import Base
from projections.radar.rule import Rule
from projections.radar_rows import RadarRow

_DIGITS = 4
_NEAR = Fraction(1, 100)  # of a threshold: holders with less than this part of the lowest are far


def distance_rows(scan: Scan, holder: str | None) -> Iterator[RadarRow]:
    """The distance of each holder, or one, from its next thresholds, at the end of the last day."""
    steps = deque(scan.positions.steps(), maxlen=1)
    if not steps:
        return
    last = steps[0]
    day = scan.positions.view.cut.as_of
    day = last.after.day if day == FOREVER else day
    position, attribution = last.after, last.attribution
    everyone = position.holders | attribution.parties
    for rule in scan.valid(day):
        if rule.test != "crossing" or not rule.thresholds:
            continue
        for base in scan.bases(rule, position):
            if (total := position.whole(base)) is None:
                continue
            for one in sorted(everyone - {scan.positions.issuer}):
                accounts = attribution.accounts(one, rule.counted(base.name))
                has = Has(position.number(base, accounts), total)
                near = has.percent >= rule.thresholds[0] * _NEAR
                others = [a for a in accounts if a != one and position.of(base, a)]
                if one == holder or (holder is None and near):
                    yield _row(rule, one, others, base, has, day)


def _row(
    rule: Rule,
    holder: str,
    others: list[str],
    base: Base,
    has: Has,
    day: str,
) -> RadarRow:
    above = next((t for t in rule.thresholds if not rule.is_over(has.percent, t)), None)
    below = [t for t in rule.thresholds if rule.down and not rule.is_under(has.percent, t)]
    total = has.of.number if has.of else Fraction()
    row: RadarRow = {
        "kind": "distance", "rule": rule.id, "applies_to": rule.subject, "holder": holder,
        "of_whom": others, "base": base.name,
        "share_class": base.share_class, "number_before": None, "number_after": whole(has.number),
        "total": whole(total), "total_by": has.of.by.key if has.of and has.of.by else None,
        "percent_before": None, "percent_before_exact": None,
        "percent_after": rounded(has.percent, _DIGITS),
        "percent_after_exact": str(has.percent / 100), "percent_reported": None,
        "threshold": None, "direction": None, "passive": False, "day": day, "day_first": None,
        "duty": rule.duty, "deadline": rule.deadline.words, "due_on": None, "due_first_on": None,
        "due_may_move": False, "disclosed_by": None, "disclosure_known_on": None, "late": None,
        "late_at_most": None, "form_due": rule.form or None, "form_filed": None,
        "status": "distance", "withdrawn_by": [], "waived_by": [], "known_on": None,
        "law": rule.law, "certainty": rule.certainty, "standing": "official", "events": [],
        "threshold_up": None, "bought_up": None, "issued_up": None, "threshold_down": None,
        "sold_down": None, "cancelled_down": None,
    }  # fmt: skip
    if above is not None:
        row["threshold_up"] = percentage_words(above)
        row["bought_up"] = _text(least_up(rule, has, above, 0))
        row["issued_up"] = _text(least_up(rule, has, above, 1))
    if below:
        row["threshold_down"] = percentage_words(below[-1])
        row["sold_down"] = _text(least_down(rule, has, below[-1], 0))
        row["cancelled_down"] = _text(least_down(rule, has, below[-1], 1))
    return row


def least_up(rule: Rule, has: Has, threshold: Fraction, new: int) -> int | None:
    """The smallest number n with which (h + n) of (B + n * new) is over a threshold; None where
    none is."""
    part, total = threshold / 100, has.of.number if has.of else Fraction()
    slope = 1 - new * part
    if slope <= 0:
        return None
    found = _least((part * total - has.number) / slope, rule.up == ">")
    limit = None if new else total - has.number
    return found if limit is None or found <= limit else None


def least_down(rule: Rule, has: Has, threshold: Fraction, new: int) -> int | None:
    """The smallest number n with which (h - n) of (B - n * new) is under a threshold; None where
    none is."""
    part, total = threshold / 100, has.of.number if has.of else Fraction()
    slope = 1 - new * part
    if slope <= 0:
        return None
    found = _least((has.number - part * total) / slope, rule.down == "<")
    return found if found <= has.number else None


def _least(bound: Fraction, strictly: bool) -> int:
    """The smallest whole number, none below 0, that is at a bound, or strictly above it."""
    found = -(-bound.numerator // bound.denominator)
    if strictly and found == bound:
        found += 1
    return max(found, 0)


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)
