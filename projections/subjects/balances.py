"""Balances: the accounts of a register as rows of an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from ledger.model.register import TREASURY, simplest
from projections.answer import exact, percentage, whole
from projections.holding_rows import BeneficiaryRow, HoldingRow
from projections.subjects import bases
from projections.subjects.attributed import OF_OTHERS
from projections.subjects.beside import unregistered
from projections.subjects.provenance import NONE, Provenance, provenance_of
from projections.subjects.register_at_cut import RegisterAtCut
from projections.subjects.remainder import NOT_KNOWN, rest_of
from projections.subjects.trusts import Benefit, Trust

OWN_NAME = "own name"  # the capacity of who holds for itself
TREASURY_SHARES = "treasury"  # that of an issuer
CAPACITIES = {"direct": OWN_NAME, "aggregate": "own name and in trust", **OF_OTHERS}


def registered_row(
    at_cut: RegisterAtCut, share_class: str, account: str, digits: int
) -> HoldingRow:
    """What the register of a class has on one account, and the events that it rests on."""
    provenance = provenance_of(at_cut, share_class, account).get(account, NONE)
    register = at_cut.register
    (balance,) = balances(at_cut, share_class, {account: register.shares(share_class, account)})
    row = balance_row(balance, digits)
    class_totals(at_cut, [share_class]).add_to(row)
    add_provenance(row, provenance)
    return row


class Balance(NamedTuple):
    """What a row of a register says apart from its evidence: an account of a class in its whole."""

    issuer: str
    share_class: str
    account: str
    shares: Fraction
    issued: Fraction
    trust: Trust | None
    decimals: int = 0


def balances(
    at_cut: RegisterAtCut, share_class: str, held: Mapping[str, Fraction]
) -> Iterator[Balance]:
    """The balances on some accounts of a class, the largest first."""
    issuer, trusts = at_cut.issuer, at_cut.trusts
    issued, decimals = bases.issued(at_cut, share_class), at_cut.register.digits(share_class)
    for account in sorted(sorted(held), key=lambda a: simplest(held[a]), reverse=True):
        trust = trusts.get(account)
        yield Balance(issuer, share_class, account, held[account], issued, trust, decimals)


def add_provenance(row: HoldingRow, provenance: Provenance) -> None:
    """Let a row say which events it is made of, and the weakest standing among them."""
    row["standing"] = provenance.standing
    row["events"] = provenance.events
    row["events_count"] = provenance.number


class ClassTotals(NamedTuple):
    """What every row of a class says of the class, or of the classes it means."""

    issued: str
    treasury: str
    outstanding: str

    def add_to(self, row: HoldingRow) -> None:
        """Let a row say it."""
        row["issued"], row["treasury"], row["outstanding"] = self


def class_totals(at_cut: RegisterAtCut, classes: Sequence[str]) -> ClassTotals:
    """The totals of a class, or of several together."""
    register = at_cut.register
    digits = max(map(register.digits, classes), default=0)
    issued = _sum(bases.issued(at_cut, c) for c in classes)
    treasury = _sum(map(register.treasury, classes))
    return ClassTotals(*(whole(one, digits) for one in (issued, treasury, issued - treasury)))


def _sum(shares: Iterable[Fraction]) -> Fraction:
    return sum(shares, Fraction())


def balance_row(balance: Balance, digits: int) -> HoldingRow:
    """The row of a balance, its percentages with so many digits."""
    issuer, share_class, account, shares, issued, trust, decimals = balance
    capacity = OWN_NAME
    if account == NOT_KNOWN:
        capacity = NOT_KNOWN
    if account == TREASURY:
        capacity = TREASURY_SHARES
    elif trust is not None and not trust.is_own:
        capacity = trust.capacity
    holder = account or issuer
    row: HoldingRow = {
        "issuer": issuer,
        "share_class": share_class,
        "holder": holder,
        "shares": whole(shares, decimals),
        "percent": percentage(shares, issued, digits),
        "percent_of": "issued",
        "percent_exact": exact(shares, issued),
        "basis": "register",
        "basis_detail": "register",
        "capacity": capacity,
        "trustee": None,
        "title_holder": holder,
        "economic_owner": holder,
        "fraction": "1",
        "voting": "holder" if account else None,
        "votes_by": account or None,
        "disposal_by": holder,
    }
    if trust is not None:
        _entrust(row, trust)
    return row


def _entrust(row: HoldingRow, trust: Trust) -> None:
    """Let a row say who has title, benefit, votes and disposal by the terms of a trust."""
    row["trustee"] = trust.trustee
    row["title_holder"] = trust.trustee or row["holder"]
    row["economic_owner"] = trust.beneficiary
    row["fraction"] = "1" if trust.beneficiary else None
    row["beneficiaries"] = [
        _beneficiary(one, any(other.income for other in trust.benefits)) for one in trust.benefits
    ]
    row["voting"], row["votes_by"] = trust.voting, trust.votes_by
    row["disposal_by"] = trust.disposal_by


def _beneficiary(benefit: Benefit, income: bool) -> BeneficiaryRow:
    return {
        "party": benefit.party,
        "fraction": str(benefit.low) if benefit.low == benefit.high else None,
        "benefit": "income" if benefit.income else "capital" if income else "whole",
    }


def trustees_of(row: Mapping[str, Any]) -> list[str]:
    """The trustees of a row, where a trust has the shares."""
    return row["trustee"].split(", ") if row["trustee"] else []


def owners_of(row: Mapping[str, Any]) -> list[str]:
    """For whom the shares of a row are: the beneficiaries, or who holds for itself."""
    named = [one["party"] for one in row.get("beneficiaries", ())]
    return named or [owner for owner in (row["economic_owner"],) if owner]


def rest_rows(at_cut: RegisterAtCut, digits: int = 2) -> Iterator[HoldingRow]:
    """A row for the shares of each class that neither the register nor a disclosure gives to
    anybody."""
    for share_class in at_cut.classes:
        if (rest := rest_of(at_cut, share_class)) is None:
            continue
        left = unregistered(at_cut, share_class).get(NOT_KNOWN)
        if left is None:
            continue
        issued, places = bases.issued(at_cut, share_class), at_cut.register.digits(share_class)
        balance = Balance(at_cut.issuer, share_class, NOT_KNOWN, left, issued, None, places)
        row = balance_row(balance, digits)
        row["basis"], row["standing"] = "asserted", rest.by.standing
        row["basis_detail"] = f"asserted {rest.by.on}, {rest.by.standing}"
        row["voting"] = row["votes_by"] = row["economic_owner"] = None
        row["events"], row["events_count"] = [rest.by.key], 1
        class_totals(at_cut, [share_class]).add_to(row)
        yield row
