"""What was disclosed of a crossing: which disclosure matches it, and how late it was published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.time.view import View
from ledger.values.dates import ALWAYS, Days, parse_published
from ledger.values.quantities import printed_unit
from projections.radar.crossings import Crossing
from projections.radar.rule import VOTES, Rule
from projections.subjects.checked_figures import LOWER_BOUNDS, UPPER_BOUNDS

TYPES = ("stake-disclosed",)


class Disclosed(NamedTuple):
    """The disclosure that matches a crossing, and the form in which it was filed; without one that
    discharges the duty, the form of one that does not."""

    by: Fact | None = None
    published: Days | None = None
    form: str | None = None


class Disclosures:
    """The disclosures of stakes in an issuer, in the order in which they were published."""

    def __init__(self, view: View, issuer: str) -> None:
        found = view.about(f"issuer:{issuer}", types=TYPES).certain
        facts = [fact for fact in found if fact.known != ALWAYS]
        self.facts = sorted(facts, key=lambda fact: (fact.known.last, fact.order))

    def of(self, crossing: Crossing, first: str, back: str) -> Disclosed:
        """The first disclosure that matches a crossing on some day from ``first`` on, which was
        undone on the day ``back``: of the same holder or its group, of the same class, beyond the
        threshold passed, and in the form that is due."""
        other: str | None = None
        for fact in self.facts:
            if why_not(fact, crossing, first, back):
                continue
            filed = fact.text("form")
            if is_another_form(fact, crossing.rule):
                other = other or filed
                continue
            return Disclosed(fact, fact.known, filed)
        return Disclosed(form=other)


def is_another_form(fact: Fact, rule: Rule) -> bool:
    """Whether a disclosure was filed in a form that does not discharge the duty of a rule."""
    due, filed = rule.form, fact.text("form")
    return bool(due and filed and due.casefold() not in filed.casefold())


def lateness(published: Days, due: Days) -> tuple[int, int]:
    """By how many days a notice is late, at least and at most; 0 where it is in time."""
    least, most = _between(due.last, published.first), _between(due.first, published.last)
    return max(least, 0), max(most, 0)


def _between(start: str, end: str) -> int:
    return date.fromisoformat(end).toordinal() - date.fromisoformat(start).toordinal()


def why_not(fact: Fact, crossing: Crossing, first: str, back: str) -> str:
    """Why a disclosure is not of a crossing on some day from ``first`` on, which was undone on the
    day ``back``; empty where it is, whatever its form."""
    holder = fact.need("holder")
    if holder != crossing.holder and holder not in crossing.accounts:
        return "it is of another holder"
    if crossing.base.share_class is not None and fact.text("share_class") not in (
        None, crossing.base.share_class,
    ):  # fmt: skip
        return "it is of another class"
    triggered = parse_published(fact.text("triggered_on"))
    if triggered is not None:
        is_then = triggered.first <= crossing.day and first <= triggered.last
    else:
        is_then = fact.effective is not None and first <= fact.effective.last < back
    if not is_then:
        return "it is of a position of another time"
    return "" if _is_beyond(fact, crossing) else "it tells nothing on the far side of the threshold"


def _is_beyond(fact: Fact, crossing: Crossing) -> bool:
    """Whether any figure that a disclosure prints may be on the far side of the threshold."""
    rule = crossing.rule
    if rule.test != "crossing":
        return True
    for low, high in _percentages(fact, crossing):
        if (
            rule.is_over(high, crossing.threshold)
            if crossing.up
            else rule.is_under(low, crossing.threshold)
        ):
            return True
    return False


def _percentages(fact: Fact, crossing: Crossing) -> Sequence[tuple[Fraction, Fraction]]:
    """The percentages that a disclosure tells, each from and to by its printed precision."""
    found: list[tuple[Fraction, Fraction]] = []
    qualifier = fact.text("qualifier") or "exactly"
    if (text := fact.text("percent")) is not None:
        low, high = Fraction(text), Fraction(fact.text("percent_to") or text)
        half = printed_unit(text) / 2
        found.append((low - half, high + half))
    whole = crossing.after.of
    names = ("votes",) if crossing.base.name in VOTES else ("shares",)
    for name in names:
        if whole is not None and (number := fact.text(name)) is not None:
            percent = Fraction(number) / whole.number * 100
            found.append((percent, percent))
    if qualifier in LOWER_BOUNDS:
        return [(low, Fraction(100)) for low, _ in found]
    return [(Fraction(), high) for _, high in found] if qualifier in UPPER_BOUNDS else found
