"""Distributions and exchanges: what they add and take, worked out from the balances they read.

Both read one class, and write classes that may be of other issuers. A holder is who has more than
no shares; an account below zero, of a register seen in part, receives nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.model.fractions import Settled, Terms, settle, terms_of
from ledger.model.posted import FoldKey, end_of
from ledger.model.register import TREASURY, Pair, account_of, issuer_of
from ledger.values.dates import parse_days
from ledger.values.refusals import Unhandled

CANCELLED, NEW = "cancelled", "new"
_NONE = Fraction()


class Outcome(NamedTuple):
    """What an event that reads a class does, by holder: ``counted`` are the shares that count,
    ``settled`` what is received for them, ``cash`` the money due for old shares, ``left_out`` the
    holders whose shares do not count; ``moves`` is what it adds to accounts of classes."""

    counted: Mapping[str, Fraction]
    settled: Settled
    cash: Mapping[str, Fraction]
    left_out: Mapping[str, Fraction]
    moves: Mapping[Pair, Fraction]

    @property
    def created(self) -> Mapping[str, Fraction]:
        """By how many shares each class becomes more; below zero where shares cease."""
        found: dict[str, Fraction] = {}
        for (share_class, _), shares in self.moves.items():
            found[share_class] = found.get(share_class, _NONE) + shares
        return found


def source_of(fact: Fact) -> str:
    """The issuer whose register an event reads."""
    return issuer_of(fact.need("share_class"))


def received_class(fact: Fact) -> str | None:
    """The class of which shares are received; None where none are."""
    return fact.text("distributed_class") or fact.text("into_class")


def written(fact: Fact) -> set[str]:
    """The classes whose balances an event changes."""
    old = {fact.need("share_class")} if fact.type == "shares-exchanged" else set()
    received = received_class(fact)
    return old | {received} if received else old


def reads_at(fact: Fact) -> FoldKey:
    """The last moment of which an event reads the balances: the end of its record day, or else just
    before its own place."""
    day, sequence, position = fact.order
    before = fact.order if fact.place is not None else (day, sequence, position - 1)
    record_on = fact.text("record_on")
    return before if record_on is None else min(end_of(parse_days(record_on).last), before)


def outcome(fact: Fact, held: Mapping[str, Fraction], digits: int = 0) -> Outcome:
    """What an event does to classes, given the balances of the class it reads; ``digits`` are the
    decimals of a share of the class received."""
    share_class = fact.need("share_class")
    issuer = issuer_of(share_class)
    holders = {account or issuer: shares for account, shares in held.items() if shares > 0}
    terms = terms_of(fact.data, digits)
    match fact.type:
        case "shares-distributed":
            left_out = _without_treasury(fact, holders, issuer)
            counted = {party: n for party, n in holders.items() if party not in left_out}
            moves = defaultdict[Pair, Fraction](Fraction)
            settled = _receive(fact, terms, counted, moves)
            _supply(fact, settled, moves)
            return Outcome(counted, settled, {}, left_out, moves)
        case "shares-exchanged":
            return _exchange(fact, terms, holders, held)
        case _:
            raise Unhandled(fact.type, "what moves shares across registers")


def _without_treasury(
    fact: Fact, holders: Mapping[str, Fraction], issuer: str
) -> dict[str, Fraction]:
    included = fact.data.get("treasury") == "included"
    return {} if included or issuer not in holders else {issuer: holders[issuer]}


def _receive(
    fact: Fact,
    terms: Terms,
    counted: Mapping[str, Fraction],
    moves: dict[Pair, Fraction],
) -> Settled:
    """Add what each holder receives, and what the fractions make together."""
    received = received_class(fact)
    if received is None:
        return Settled({}, _NONE, {}, {}, _NONE)
    ratio = fact.ratio()
    exact = {party: shares * ratio for party, shares in counted.items()}
    settled = settle(terms, exact, issuer_of(received))
    gained = {**settled.whole}
    if terms.to is not None and settled.gained:
        gained[terms.to] = gained.get(terms.to, _NONE) + settled.gained
    for party, shares in gained.items():
        moves[received, account_of(received, party)] += shares
    return settled


def _supply(fact: Fact, settled: Settled, moves: dict[Pair, Fraction]) -> None:
    """Take the sum of what is received from the supplier; what nobody receives stays with it."""
    share_class, supply = received_class(fact), fact.text("supply") or NEW
    if share_class is None or supply == NEW:
        return
    account = TREASURY if supply == "treasury" else account_of(share_class, supply)
    moves[share_class, account] -= settled.received


def _exchange(
    fact: Fact, terms: Terms, holders: Mapping[str, Fraction], held: Mapping[str, Fraction]
) -> Outcome:
    share_class, only = fact.need("share_class"), fact.text("holder")
    concerned = {p: n for p, n in holders.items() if only in (None, p)}
    limits = _excluded(fact)
    left_out = {
        party: shares if (out := limits[party]) is None else min(shares, out)
        for party, shares in concerned.items()
        if party in limits
    }
    counted = {
        party: shares - left_out.get(party, _NONE)
        for party, shares in concerned.items()
        if shares > left_out.get(party, _NONE)
    }
    moves = defaultdict[Pair, Fraction](Fraction)
    taker = fact.data.get("old_shares", CANCELLED)
    if taker == CANCELLED:
        ceasing = held if only is None else {account_of(share_class, only): concerned.get(only)}
        for account, n in ceasing.items():
            moves[share_class, account] -= n or _NONE
    else:
        for party, n in counted.items():
            moves[share_class, account_of(share_class, party)] -= n
            moves[share_class, account_of(share_class, taker)] += n
    settled = _receive(fact, terms, counted, moves)
    _supply(fact, settled, moves)
    money = fact.money("cash")
    each = Fraction(money.amount) if money else _NONE
    cash = {party: shares * each for party, shares in counted.items()} if money else {}
    return Outcome(counted, settled, cash, left_out, moves)


def _excluded(fact: Fact) -> dict[str, Fraction | None]:
    """The holders whose shares are left out of an exchange, with how many (None: all)."""
    said: dict[str, Fraction | None] = {}
    for one in fact.many("excluded"):
        shares = Fraction(one["shares"]) if one.get("shares") else None
        before = said.get(one["holder"], _NONE)
        said[one["holder"]] = None if shares is None or before is None else before + shares
    if said or "holder" in fact.data:
        return said
    taker, into = fact.data.get("old_shares", CANCELLED), fact.text("into_class")
    parties = [source_of(fact), fact.text("paid_by"), into and issuer_of(into)]
    parties.append(None if taker == CANCELLED else taker)
    return {party: None for party in parties if party}
