"""Checks of what the terms of a class demand of those who hold it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ledger.model.register import TREASURY, account_of, issuer_of
from ledger.values.dates import parse_days
from ledger.values.quantities import parse_ratio
from projections.consistency.finding import Finding
from projections.subjects.paid import overdue, paid_at
from projections.subjects.register_at_cut import RegisterAtCut, register_at_cut
from projections.told import COUNT, told


def attached_shares(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """Nobody holds more shares that are attached to others than those others allow."""
    register = at_cut.register
    for share_class in at_cut.classes:
        terms = at_cut.terms.of(share_class)
        if (attached := terms.text("attached_to")) is None:
            continue
        each = parse_ratio(terms.text("per_share") or "1:1")
        for account, shares in register.held(share_class).items():
            allowed = each * register.shares(attached, account)
            if account != TREASURY and shares > allowed:
                holder, of = told("party", account), told("class", attached)
                has = told(COUNT, at_cut.count(share_class, shares))
                may = told(COUNT, at_cut.count(share_class, allowed))
                words = f"{holder} holds {has}, and by what it holds of {of} may hold {may}."
                yield Finding(share_class, terms.by["attached_to"].key, words)


def receipts_as_deposited(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """Depositary receipts in issue stand for the shares on the depositary's account."""
    for share_class in at_cut.classes:
        terms = at_cut.terms.of(share_class)
        represented, depositary = terms.text("represents"), terms.text("depositary")
        if represented is None or depositary is None:
            continue
        stand_for = at_cut.register.issued(share_class) / parse_ratio(
            terms.told["receipts_per_share"]
        )
        issuer = issuer_of(represented)
        theirs = at_cut if issuer == at_cut.issuer else _other(at_cut, issuer)
        account = account_of(represented, depositary)
        deposited = theirs.register.shares(represented, account)
        if stand_for != deposited:
            of, holder = told("class", represented), told("party", depositary)
            missing = stand_for - deposited
            least, has, short = (
                told(COUNT, theirs.count(represented, n))
                for n in (stand_for, deposited, abs(missing))
            )
            words = (
                f"the receipts stand for {least} {of}, {holder} holds"
                f" {has}: {short}"
                f" {'too few' if missing > 0 else 'more'}."
            )
            yield Finding(share_class, terms.by["represents"].key, words)


def rights_not_expired(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """Of a class that has expired nothing is in issue."""
    for share_class in at_cut.classes:
        expires = at_cut.terms.of(share_class).text("expires_on")
        issued = at_cut.register.issued(share_class)
        if expires and issued and parse_days(expires).last < at_cut.view.cut.as_of:
            number = told(COUNT, at_cut.count(share_class, issued))
            words = f"{number} are open after {expires}, when they expired."
            yield Finding(share_class, at_cut.terms.of(share_class).by["expires_on"].key, words)


def treasury_paid_out_of_profit(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """What is bought back out of capital is cancelled. (Companies Act 2006, s.724.)"""
    found = at_cut.view.about(f"issuer:{at_cut.issuer}", types=("shares-repurchased",))
    for fact in found.counted:
        if fact.text("out_of") == "capital" and fact.text("then") == "treasury":
            share_class = fact.need("share_class")
            words = (
                f"{told(COUNT, at_cut.count(share_class, fact.shares()))} are kept as treasury"
                " shares, and"
            )
            yield Finding(share_class, fact.key, f"{words} were paid out of capital.")


def calls_paid(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """What is called on shares is paid by the day on which it is due."""
    for call, account, shares in overdue(at_cut):
        holder = told("party", account or at_cut.issuer)
        number = told(COUNT, at_cut.count(call.share_class, shares))
        words = (
            f"on {number} of {holder} less than {call.asked} a share is paid,"
            f" due {call.fact.need('due_on')}."
        )
        yield Finding(call.share_class, call.fact.key, words)


def paid_within_price(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """No more is paid on a share than it was issued at."""
    paid = paid_at(at_cut)
    for (share_class, account), tranches in sorted((paid.tranches if paid else {}).items()):
        for kind, part in tranches.items():
            price, each = kind.price, kind.paid
            if price and each and price.currency == each.currency and each.value > price.value:
                holder = told("party", account or at_cut.issuer)
                shares = at_cut.count(share_class, part.shares)
                words = f"{each} is paid on {told(COUNT, shares)} of {holder}, issued at {price}."
                yield Finding(share_class, None, words)


def _other(at_cut: RegisterAtCut, issuer: str) -> RegisterAtCut:
    return register_at_cut(at_cut.view, issuer, checking=False)


OF_CLASSES: tuple[Callable[[RegisterAtCut], Iterator[Finding]], ...] = (
    attached_shares,
    receipts_as_deposited,
    rights_not_expired,
    treasury_paid_out_of_profit,
    calls_paid,
    paid_within_price,
)
