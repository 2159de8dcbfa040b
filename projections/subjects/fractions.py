"""What became of the fractions that splits and conversions left: whole shares, cash, nothing."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import floor

from ledger.model.across import received_class, source_of
from ledger.model.fact import Fact
from ledger.model.fractions import mixed, terms_of
from ledger.model.movements import ACROSS, rounds
from ledger.model.register import MOST_PLACES, Register, Reshaped, account_of, issuer_of
from ledger.time.view import View
from ledger.values.quantities import Money, rounded
from projections.answer import whole
from projections.sentences import money_words
from projections.share_rows import CountedFields, FractionRow
from projections.subjects.register_at_cut import register_at_cut
from projections.told import COUNT, told

_ROUNDED = {
    "cash": "rounded down", "down": "rounded down", "to-party": "rounded down",
    "up": "rounded up", "nearest": "rounded", "issue": "rounded to what the class counts",
}  # fmt: skip


def of_event(view: View, fact: Fact) -> Reshaped | None:
    """What became of the fractions that an event left; None where it left none at the cut."""
    day = fact.order[0]
    if not rounds(fact.data) or day > view.cut.as_of:
        return None
    if fact.type in ACROSS:
        return _across(view.on(day), fact)
    register = register_at_cut(view.on(day), issuer_of(fact.need("share_class")), checking=False)
    return next((one for one in left(register.register) if one.fact.key == fact.key), None)


def left_across(view: View, issuer: str) -> Iterator[Reshaped]:
    """The distributions and exchanges that left fractions of an issuer's shares."""
    for fact in view.across.of(issuer):
        one = _across(view, fact)
        if one is not None and issuer_of(one.into) == issuer:
            yield one


def _across(view: View, fact: Fact) -> Reshaped | None:
    """What became of the fractions that a distribution or an exchange left."""
    into = received_class(fact)
    counted = {one.key for one in view.across.of(source_of(fact))}
    if into is None or fact.key not in counted:
        return None
    found = view.across.outcome(fact)
    exact = {party: shares * fact.ratio() for party, shares in found.counted.items()}
    digits = view.across.digits(into)
    return Reshaped(fact, into, exact, found.settled, digits) if found.settled.left else None


def left(register: Register) -> Iterator[Reshaped]:
    """The events of a register that left fractions, and what became of them."""
    return (one for one in register.reshaped if one.settled.left)


def fraction_rows(one: Reshaped) -> list[FractionRow]:
    """What an event made of each account that had a fraction, and what the party of them gains."""
    settled, price = one.settled, price_of(one)
    issuer = issuer_of(one.into)
    rows: list[FractionRow] = [
        {
            "holder": account or issuer,
            "exact": whole(one.exact[account], one.places),
            "fraction": whole(part, one.places),
            "shares": whole(settled.whole[account], one.digits),
            "cash": exact_money(price, settled.cash[account])
            if price and account in settled.cash
            else None,
        }
        for account, part in settled.left.items()
    ]
    if settled.gained:
        rows.append(
            {
                "holder": one.fact.need("fractions_to"),
                "exact": None,
                "fraction": None,
                "shares": whole(settled.gained, one.digits),
                "cash": None,
            }
        )
    return rows


def price_of(one: Reshaped) -> Money | None:
    """The price by which cash is due for fractions; None where none is."""
    return terms_of(one.fact.data).price if one.settled.cash else None


def fractions_note(one: Reshaped) -> str:
    """What became of all the fractions that an event left."""
    settled = one.settled
    number = len(settled.left)
    holders = "1 holder" if number == 1 else f"{number} holders"
    words = [
        f"{told('event', one.fact.key)} left {holders} of {told('class', one.into)} with fractions"
    ]
    if settled.gained:
        words.append(
            f"{told('party', one.fact.need('fractions_to'))} received"
            f" {told(COUNT, whole(settled.gained, one.digits))} for them"
        )
    if settled.ceased > 0:
        words.append(f"{_shares(settled.ceased, one.places)} ceased")
    elif settled.ceased < 0:
        added = "were" if settled.ceased < -1 else "was"
        words.append(f"{_shares(-settled.ceased, one.places)} {added} added by rounding")
    if price := price_of(one):
        due = money_text(exact_money(price, sum(settled.cash.values(), Fraction())))
        words.append(f"{due} is due for them")
    elif one.fact.text("fractions") == "cash":
        words.append("cash is due for them, at a price not recorded")
    return f"{words[0]}: {', '.join(words[1:])}." if words[1:] else f"{words[0]}."


def exchanges_for_money(view: View, issuer: str) -> Iterator[Fact]:
    """The exchanges of an issuer's shares for which money is due."""
    return (
        one for one in view.across.of(issuer) if one.data.get("cash") and source_of(one) == issuer
    )


def exchanged_note(view: View, fact: Fact, holder: str | None) -> str | None:
    """What is due for the old shares of an exchange, to all or to a holder; None if nothing is."""
    outcome, price = view.across.outcome(fact), fact.money("cash")
    paid = {party: due for party, due in outcome.cash.items() if holder in (None, party)}
    if price is None or not paid:
        return None
    shares = sum((outcome.counted[party] for party in paid), Fraction())
    due = money_text(exact_money(price, sum(paid.values(), Fraction())))
    of = fact.need("share_class")
    number = told(COUNT, whole(shares, view.across.digits(of)))
    return (
        f"{told('event', fact.key)} exchanged {told('class', of)},"
        f" {number} in all: {due} is due for them."
    )


def _shares(number: Fraction, places: int) -> str:
    of = " of a share" if number < 1 else " share" if number == 1 else " shares"
    return f"{mixed(number, places)}{of}"


def fraction_words(one: Reshaped, account: str) -> str:
    """What an event made of an account's shares: ``100 x 1/3 = 33 1/3, rounded down``."""
    settled, fact = one.settled, one.fact
    words = []
    if account in settled.left:
        ratio, exact = fact.ratio(), one.exact[account]
        words.append(f"{mixed(exact / ratio, one.places)} x {ratio} = {mixed(exact, one.places)}")
        words.append(_ROUNDED[fact.need("fractions")])
        if (price := price_of(one)) and account in settled.cash:
            words.append(f"{money_text(exact_money(price, settled.cash[account]))} due")
    to = fact.text("fractions_to")
    if settled.gained and to is not None and account == account_of(one.into, to):
        words.append(f"{whole(settled.gained, one.digits)} for the fractions of all")
    return ", ".join(words)


def fraction_of(one: Reshaped, account: str) -> CountedFields:
    """What an event made of an account's shares, as fields of a step: in words, the fraction that
    it had, the cash due for it exactly."""
    settled, price = one.settled, price_of(one)
    words = fraction_words(one, account)
    found: CountedFields = {"rounding": words} if words else {}
    if account in settled.left:
        found["fraction"] = whole(settled.left[account], one.places)
    if price and account in settled.cash:
        found["cash"] = exact_money(price, settled.cash[account])
    return found


def exact_money(price: Money, amount: Fraction) -> str:
    """An amount with at least the digits of its price, as a fraction where no decimal is exact:
    ``EUR 19/3``."""
    least = -int(price.amount.as_tuple().exponent)
    places = range(least, MOST_PLACES)
    digits = next((n for n in places if 10**n % amount.denominator == 0), None)
    return f"{price.currency} {amount if digits is None else rounded(amount, digits)}"


def money_text(money: str) -> str:
    """An exact amount of money as people read it; one without end is cut: ``EUR 6.33...``."""
    currency, _, amount = money.partition(" ")
    if "/" not in amount:
        return money_words(money)
    return money_words(f"{currency} {rounded(Fraction(floor(Fraction(amount) * 100), 100), 2)}...")
