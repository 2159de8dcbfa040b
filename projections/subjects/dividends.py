"""Dividends: what is declared and paid of each, and what each holder is due.

Entitled are the holders at the end of the record day, treasury shares apart; where no record day is
told, those at the end of the day of payment. Of a dividend with a choice, a holder has a row for
each option that it chose, and one for what it gets by default.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NotRequired, TypedDict

from ledger.model.fact import Fact
from ledger.model.register import TREASURY, issuer_of
from ledger.time.view import View
from ledger.values.dates import parse_days
from ledger.values.quantities import Amount
from ledger.values.refusals import Unhandled
from projections.answer import Answer, keys, weakest, whole
from projections.subjects.dividend_choices import Choices, Due, Part, brought, choices_of
from projections.subjects.offers import TYPES as OFFERS
from projections.subjects.register_at_cut import register_at_cut
from projections.subjects.share_rights import moved_dividends
from projections.told import Told, told

DIVIDENDS = ("dividend-declared", "dividend-paid")


class DividendRow(TypedDict):
    """What a holder is due of a dividend; of one without a holder that is not known."""

    dividend: str | None
    share_class: str
    holder: str | None
    shares: str | None
    per_share: str | None
    amount: str | None
    currency: str | None
    in_class: str | None
    new_shares: str | None
    out_of: str | None
    record_on: str | None
    ex_on: str | None
    payable_on: str | None
    status: str
    paid_on: str | None
    option: NotRequired[str | None]
    options: NotRequired[list[str]]
    default_option: NotRequired[str | None]
    standing: str
    events: list[str]


@dataclass(slots=True)
class Dividend:
    """A dividend declared, and its payments: to all who are entitled, or to one holder."""

    declared: Fact
    payments: list[Fact] = field(default_factory=list)

    @property
    def paid(self) -> Fact | None:
        """The payment to all."""
        return next((fact for fact in self.payments if "holder" not in fact.data), None)

    def paid_to(self, holder: str, option: str | None = None) -> Fact | None:
        """The payment that reached a holder; of a part of its shares, that of the option chosen."""
        own = (fact for fact in self.payments if fact.text("holder") in (None, holder))
        return next((f for f in own if not option or f.text("option") in (None, option)), None)


def dividends_of(facts: Iterable[Fact]) -> list[Dividend]:
    """The dividends that facts declare, in their order.

    A payment is of the dividend whose id it gives; without one, of the earliest of its amount a
    share that is not paid to all.
    """
    found: list[Dividend] = []
    for fact in facts:
        take(found, fact)
    return found


def take(found: list[Dividend], fact: Fact) -> bool:
    """Take a declaration or a payment into account; whether a payment is of any dividend found."""
    match fact.type:
        case "dividend-declared":
            found.append(Dividend(fact))
            return True
        case "dividend-paid":
            of = next((one for one in found if _pays(fact, one)), None)
            if of is not None:
                of.payments.append(fact)
            return of is not None
        case _:
            raise Unhandled(fact.type, "dividends")


def _pays(fact: Fact, dividend: Dividend) -> bool:
    declared = dividend.declared
    if fact.need("share_class") != declared.need("share_class"):
        return False
    if (paid := dividend.paid) is not None and paid.text("option") == fact.text("option"):
        return False
    if (id := fact.text("dividend")) is not None:
        return id == declared.text("dividend")
    return fact.money("per_share") == declared.money("per_share")


def dividends(view: View, subject: str | None = None) -> Answer[DividendRow]:
    """What each holder is due of the dividends of an issuer, of a class, or of everybody."""
    kinds = [f"{kind}:{subject}" for kind in ("issuer", "class")]
    about = kinds if subject else [f"type:{name}" for name in DIVIDENDS]
    answer = Answer[DividendRow](
        about=[
            (about, DIVIDENDS),
            (about if subject else [f"type:{name}" for name in OFFERS], OFFERS),
        ]
    )
    facts = view.about(*about, types=DIVIDENDS)
    answer.add_possible(facts.possible)
    for one in dividends_of(facts.counted):
        answer.rows += _rows(view, answer, one)
    if not answer.rows:
        answer.gap("no event at this cut declares a dividend", "a dividend-declared")
    return answer


def _rows(view: View, answer: Answer[DividendRow], dividend: Dividend) -> Iterator[DividendRow]:
    held = _entitled(view, answer, dividend)
    choices = choices_of(view, dividend.declared)
    if not held:
        yield _row(view, dividend, None, None, Due())
        return
    outstanding, exact = sum(held.values(), Fraction()), True
    for holder, shares in sorted(held.items(), key=lambda one: (-one[1], one[0])):
        parts = choices.parts(holder, shares) if choices else [Part(None, shares)]
        for part in parts:
            due = choices.due(part) if choices else None
            if part.known and due is None:
                due = _due(dividend.declared, part.shares, outstanding)
            row = _row(view, dividend, holder, part.shares, due or Due())
            exact = exact and "/" not in (row["new_shares"] or "")
            yield _chosen(view, dividend, choices, part, row) if choices else row
    for note in choices.notes if choices else ():
        answer.note(note)
    if not exact:
        of = told("class", dividend.declared.need("share_class"))
        answer.note(Told(f"What is due in kind on {of} is exact: fractions are not rounded here."))


def _due(declared: Fact, shares: Fraction, outstanding: Fraction) -> Due:
    """What some shares bring by what is declared for all."""
    per_share, amount = declared.money("per_share"), declared.money("amount")
    money = None
    if per_share is not None:
        money = Amount.of(per_share).times(shares)
    elif amount is not None:
        money = Amount.of(amount).times(shares / outstanding)
    in_class = declared.text("in_class")
    return Due(money, shares * declared.ratio() if in_class else None, in_class)


def _chosen(
    view: View, dividend: Dividend, choices: Choices, part: Part, row: DividendRow
) -> DividendRow:
    """The row of a part, with its option and what reached the holder of it."""
    holder = str(row["holder"])
    in_shares = row["new_shares"] is not None
    paid = dividend.paid_to(holder, part.option)
    if in_shares and (paid is None or paid.text("option") is None):
        paid = brought(view, choices, holder)
    facts = [dividend.declared, *_acceptances(choices, holder, part), *([paid] if paid else [])]
    row["status"] = "paid" if paid else "declared"
    row["paid_on"] = paid.since if paid else None
    row["standing"], row["events"] = weakest(facts), keys(facts)
    row["option"] = part.option
    return row


def _acceptances(choices: Choices, holder: str, part: Part) -> Iterator[Fact]:
    for offer in choices.offers:
        fact = offer.accepted.get(holder)
        if fact is not None and (not part.known or fact.text("option") == part.option):
            yield fact


def _entitled(view: View, answer: Answer[DividendRow], dividend: Dividend) -> dict[str, Fraction]:
    """The shares of each who is entitled; of nobody where that is not known, which is noted."""
    declared, paid = dividend.declared, dividend.paid
    share_class = declared.need("share_class")
    recorded = declared.text("record_on") or (paid.since if paid else None)
    of, event = told("class", share_class), told("event", declared.key)
    if recorded is None:
        answer.note(Told(f"{event}: no record day is told, so who is entitled is not known."))
        return {}
    days = parse_days(recorded)
    if days.first != days.last:
        answer.note(Told(f"{event}: the record day is told as {recorded}, which is no one day."))
        return {}
    if days.last > view.cut.as_of:
        answer.note(Told(f"{event}: who is entitled is settled at the end of {recorded}."))
        return {}
    at_cut = register_at_cut(view.on(days.last), issuer_of(share_class), checking=False)
    for words in moved_dividends(at_cut, share_class, declared.money("per_share")):
        answer.note(words)
    held = {a: n for a, n in at_cut.register.held(share_class).items() if a != TREASURY}
    if not held:
        answer.note(Told(f"{event}: the register has no holders of {of} on {recorded}."))
    return held


def _row(
    view: View,
    dividend: Dividend,
    holder: str | None,
    shares: Fraction | None,
    due: Due,
) -> DividendRow:
    declared, digits = dividend.declared, view.across.digits
    paid = dividend.paid if holder is None else dividend.paid_to(holder)
    facts, total = [declared, *([paid] if paid else [])], declared.money("amount")
    money = due.money if due.money or holder else (Amount.of(total) if total else None)
    in_class = declared.text("in_class") if due.shares or holder is None else None
    in_class = due.in_class if due.shares and due.in_class else in_class
    places = digits(in_class or declared.need("share_class"))
    row: DividendRow = {
        "dividend": declared.text("dividend"),
        "share_class": declared.need("share_class"),
        "holder": holder,
        "shares": None if shares is None else whole(shares, digits(declared.need("share_class"))),
        "per_share": declared.text("per_share"),
        "amount": money.number if money else None,
        "currency": money.currency if money else None,
        "in_class": in_class,
        "new_shares": None if due.shares is None else whole(due.shares, places),
        "out_of": declared.text("out_of"),
        "record_on": declared.text("record_on"),
        "ex_on": declared.text("ex_on"),
        "payable_on": declared.text("payable_on"),
        "status": "paid" if paid else "declared",
        "paid_on": paid.since if paid else None,
        "standing": weakest(facts),
        "events": keys(facts),
    }
    if options := declared.many("options"):
        row["options"] = [_option(one) for one in options]
        row["default_option"] = declared.text("default_option")
    return row


def _option(option: dict[str, str]) -> str:
    """A choice that holders have, in words."""
    told_of = [option[name] for name in ("cash", "ratio") if option.get(name)]
    told_of += [told("class", option["into_class"])] if option.get("into_class") else []
    return Told(f"{option['option']}: {' '.join(told_of)}" if told_of else option["option"])
