"""What a distribution or an exchange counted of a holder, and what the holder received for it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ledger.model.across import Outcome, reads_at, received_class
from ledger.model.fact import Fact
from ledger.model.fractions import mixed, terms_of
from ledger.model.register import MOST_PLACES
from ledger.time.view import View
from projections.answer import whole
from projections.explain.explanation import number
from projections.share_rows import CountedFields
from projections.subjects.fractions import exact_money
from projections.told import told


def counted_fields(view: View, fact: Fact, holder: str, received: bool) -> CountedFields:
    """The shares of a holder that count, of which class and day; the fraction that is left of what
    it receives, and the money that is due for it and for its old shares."""
    outcome = view.across.outcome(fact)
    if holder not in outcome.counted:
        return {}
    digits = _digits(view, fact)
    fields: CountedFields = {
        "counted": whole(outcome.counted[holder], digits[0]),
        "counted_class": fact.need("share_class"),
        "counted_on": reads_at(fact)[0],
        "cash": _cash(fact, outcome, holder, received),
    }
    if received:
        fraction = outcome.settled.left.get(holder)
        fields["ratio"] = fact.text("ratio")
        fields["fraction"] = None if fraction is None else whole(fraction, _places(digits[1]))
    return fields


def _cash(fact: Fact, outcome: Outcome, holder: str, received: bool) -> str | None:
    """The money due to a holder: for its fraction where it receives shares, else for the old."""
    price, due = terms_of(fact.data).price, outcome.settled.cash
    if not received:
        price, due = fact.money("cash"), outcome.cash
    return exact_money(price, due[holder]) if price and holder in due else None


def counted_words(view: View, fact: Fact, holder: str, share_class: str) -> Iterator[str]:
    """The same in words: the line of arithmetic from what was held to what is received."""
    outcome = view.across.outcome(fact)
    if holder not in outcome.counted:
        return
    of, day = told("class", fact.need("share_class")), reads_at(fact)[0]
    (own, into), places = _digits(view, fact), _places(_digits(view, fact)[1])
    held = f"{told('party', holder)}: {number(outcome.counted[holder], own)} {of} on {day}"
    if received_class(fact) == share_class:
        exact = outcome.counted[holder] * fact.ratio()
        line = f"{held} x {fact.need('ratio')} = {mixed(exact, places)}"
        got = outcome.settled.whole.get(holder, Fraction())
        yield line + (f", of which {number(got, into)} are received" if got != exact else "")
        cash, fraction = _cash(fact, outcome, holder, True), outcome.settled.left.get(holder)
        if cash and fraction:
            yield f"{told('party', holder)}: {fraction} x {fact.need('fraction_price')} = {cash}"
    elif cash := _cash(fact, outcome, holder, False):
        yield f"{held} x {fact.need('cash')} = {cash}"


def _digits(view: View, fact: Fact) -> tuple[int, int]:
    """The decimals of the shares that an event counts, and of those that are received."""
    own, into = fact.need("share_class"), received_class(fact)
    return view.across.digits(own), view.across.digits(into or own)


def _places(digits: int) -> int:
    """The most decimals to which an exact number is told, of shares with so many."""
    return MOST_PLACES if digits else 0
