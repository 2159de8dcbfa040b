"""Balances: the accounts of a register as rows of an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from ledger.model.register import TREASURY, Register, simplest
from projections.answer import Row, exact, percentage, whole
from projections.subjects.provenance import NONE, Evidence, evidence_of
from projections.subjects.register_at_cut import Position
from projections.subjects.trusts import Trust


def registered_row(position: Position, share_class: str, account: str, digits: int) -> Row:
    """What the register of a class has on one account, and the events that it rests on."""
    rests = evidence_of(position, share_class, account).get(account, NONE)
    register = position.register
    (balance,) = balances(position, share_class, {account: register.shares(share_class, account)})
    return balance_row(balance, digits, totals_of(register, share_class)) | evidence_row(rests)


class Balance(NamedTuple):
    """What a row of a register says apart from its evidence: an account of a class in its whole."""

    issuer: str
    share_class: str
    account: str
    shares: Fraction
    issued: Fraction
    trust: Trust | None


def balances(
    position: Position, share_class: str, held: Mapping[str, Fraction]
) -> Iterator[Balance]:
    """The balances on some accounts of a class, the largest first."""
    issuer, trusts = position.issuer, position.trusts
    issued = position.register.issued(share_class)
    for account in sorted(sorted(held), key=lambda a: simplest(held[a]), reverse=True):
        yield Balance(issuer, share_class, account, held[account], issued, trusts.get(account))


def evidence_row(rests: Evidence) -> Row:
    return {
        "standing": rests.standing,
        "events": rests.events,
        "events_count": rests.number,
    }


def totals_of(register: Register, share_class: str) -> Row:
    """What every row of a class says of the class."""
    return {
        "issued": whole(register.issued(share_class)),
        "outstanding": whole(register.outstanding(share_class)),
        "treasury": whole(register.treasury(share_class)),
    }


def balance_row(balance: Balance, digits: int, totals: Row) -> Row:
    issuer, share_class, account, shares, issued, trust = balance
    capacity = "own name"
    if account == TREASURY:
        capacity = "treasury"
    elif trust is not None:
        capacity = f"trustee for {trust.beneficiary}"
    return {
        "issuer": issuer,
        "share_class": share_class,
        "holder": account or issuer,
        "shares": whole(shares),
        "percent": percentage(shares, issued, digits),
        "percent_of": "issued",
        "percent_exact": exact(shares, issued),
        "basis": "register",
        "capacity": capacity,
        "trustee": trust.trustee if trust else None,
        "economic_owner": (trust.beneficiary if trust else account) or issuer,
        **totals,
    }
