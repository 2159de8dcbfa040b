"""What instruments on a principal become at their caps, and what it takes to know that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from math import floor
from typing import NamedTuple

from ledger.model.grants import Instrument
from ledger.model.vesting import months_between
from ledger.values.dates import later_by
from ledger.values.quantities import Amount, Money, parse_money, parse_percent
from projections.told import told


class Capped(NamedTuple):
    """An instrument on a principal with a cap: what converts, and on what capitalisation."""

    instrument: Instrument
    amount: Fraction
    cap: Fraction
    post_money: bool


def capped(one: Instrument, day: str) -> Capped | str:
    """What of an instrument converts on a day; or, in a clause, why that is not known."""
    cap, base, principal = (
        one.terms.get("cap"),
        one.terms.get("cap_base"),
        one.terms.get("principal"),
    )
    if principal is None:
        return "it has neither shares nor a principal"
    if cap is None:
        return "it has no cap"
    if base is None:
        return "its cap is neither of post-money nor of pre-money"
    limit, amount = parse_money(cap), with_interest(one, parse_money(principal), day)
    if amount is None:
        return "its interest has no method or no count of days"
    if limit.currency != amount.currency:
        return "its cap is in another currency"
    return Capped(one, amount.value, Fraction(limit.amount), base == "post-money")


def converted(shares: int | Fraction, capped: Iterable[Capped]) -> Mapping[str, int] | None:
    """The whole shares each becomes, of so many shares without them; None where they take all.

    Of post-money caps the capitalisation counts all that converts: it is the rest over what is left
    of one by the parts that principal makes of cap. Of pre-money caps it counts none of them.
    """
    found = list(capped)
    before = {o.instrument.id: o.amount * shares / o.cap for o in found if not o.post_money}
    left = 1 - sum((o.amount / o.cap for o in found if o.post_money), Fraction())
    if left <= 0:
        return None
    whole = (shares + sum(before.values(), Fraction())) / left
    after = {o.instrument.id: o.amount * whole / o.cap for o in found if o.post_money}
    return {id: floor(number) for id, number in (before | after).items()}


def with_interest(one: Instrument, principal: Money, day: str) -> Amount | None:
    """Principal and interest on a day; None where it is not told how interest is counted.

    Compound interest is added each year; of a year begun it is simple.
    """
    rate, method, count = (one.terms.get(n) for n in ("interest", "interest_method", "day_count"))
    amount = Amount.of(principal)
    if rate is None:
        return amount
    if method is None or count is None:
        return None
    yearly, since = Fraction(parse_percent(rate)) / 100, one.granted.order[0]
    if method == "compound":
        years = months_between(since, day) // 12
        amount, since = amount.times((1 + yearly) ** years), later_by(since, years, "years")
    return amount.times(1 + yearly * _years(since, day, count))


def _years(first: str, last: str, count: str) -> Fraction:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    if end <= start:
        return Fraction()
    if count == "30/360":
        days = (end.year - start.year) * 360 + (end.month - start.month) * 30
        days += min(end.day, 30) - min(start.day, 30)
        return Fraction(days, 360)
    return Fraction((end - start).days, int(count.removeprefix("act/")))


def not_known(one: Instrument, why: str) -> str:
    """That an instrument has no number of shares, in words."""
    return f"{told('instrument', one.id)} of {told('party', one.holder)}: {why}"
