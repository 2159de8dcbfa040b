"""Dividends: what is declared and paid of each, and what each holder is due.

Entitled are the holders at the end of the record day, treasury shares apart; where no record day is
told, those at the end of the day of payment.
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

    def paid_to(self, holder: str) -> Fact | None:
        """The payment that reached a holder."""
        own = (fact for fact in self.payments if fact.text("holder") in (None, holder))
        return next(own, None)


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
    if fact.need("share_class") != declared.need("share_class") or dividend.paid is not None:
        return False
    if (id := fact.text("dividend")) is not None:
        return id == declared.text("dividend")
    return fact.money("per_share") == declared.money("per_share")


def dividends(view: View, subject: str | None = None) -> Answer[DividendRow]:
    """What each holder is due of the dividends of an issuer, of a class, or of everybody."""
    kinds = [f"{kind}:{subject}" for kind in ("issuer", "class")]
    about = kinds if subject else [f"type:{name}" for name in DIVIDENDS]
    answer = Answer[DividendRow](about=[(about, DIVIDENDS)])
    facts = view.about(*about, types=DIVIDENDS)
    answer.add_possible(facts.possible)
    for one in dividends_of(facts.counted):
        answer.rows += _rows(view, answer, one)
    if not answer.rows:
        answer.gap("no event at this cut declares a dividend", "a dividend-declared")
    return answer


def _rows(view: View, answer: Answer[DividendRow], dividend: Dividend) -> Iterator[DividendRow]:
    declared = dividend.declared
    share_class = declared.need("share_class")
    held = _entitled(view, answer, dividend)
    if not held:
        yield _row(dividend, None, None, None, None)
        return
    outstanding = sum(held.values(), Fraction())
    per_share, amount = declared.money("per_share"), declared.money("amount")
    for holder, shares in sorted(held.items(), key=lambda one: (-one[1], one[0])):
        due = None
        if per_share is not None:
            due = Amount.of(per_share).times(shares)
        elif amount is not None:
            due = Amount.of(amount).times(shares / outstanding)
        in_kind = shares * declared.ratio() if declared.text("in_class") else None
        yield _row(dividend, holder, shares, due, in_kind)
    if in_kind is not None and in_kind.denominator != 1:
        of = told("class", share_class)
        answer.note(Told(f"What is due in kind on {of} is exact: fractions are not rounded here."))


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
    dividend: Dividend,
    holder: str | None,
    shares: Fraction | None,
    due: Amount | None,
    in_kind: Fraction | None,
) -> DividendRow:
    declared = dividend.declared
    paid = dividend.paid if holder is None else dividend.paid_to(holder)
    facts, total = [declared, *([paid] if paid else [])], declared.money("amount")
    amount = due if due or holder else (Amount.of(total) if total else None)
    row: DividendRow = {
        "dividend": declared.text("dividend"),
        "share_class": declared.need("share_class"),
        "holder": holder,
        "shares": None if shares is None else whole(shares),
        "per_share": declared.text("per_share"),
        "amount": amount.number if amount else None,
        "currency": amount.currency if amount else None,
        "in_class": declared.text("in_class"),
        "new_shares": None if in_kind is None else whole(in_kind),
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
    told_of = [option[name] for name in ("cash", "ratio", "into_class") if option.get(name)]
    return f"{option['option']}: {' '.join(told_of)}" if told_of else option["option"]
