"""What is paid on shares: an amount paid belongs to shares, which take it along when they pass.

A holder's shares of one price and amount paid are a tranche. Where a movement does not say which
shares pass, those on which least is unpaid pass first; the other choices give a range, which is as
wide as any of them can make it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.model.movements import BY_TYPE, SPLITTING
from ledger.model.register import Register, account_of, legs
from ledger.time.class_terms import TYPES as CLASS_TYPES
from ledger.time.class_terms import ClassTerms
from ledger.values.dates import parse_days
from ledger.values.quantities import Amount, parse_price
from projections.holding_rows import HoldingRow, TrancheRow
from projections.subjects.register_at_cut import RegisterAtCut, register_at_cut
from projections.subjects.watcher import Watcher

TYPES = ("shares-paid-up", "call-made")
_NONE = Fraction()


class Kind(NamedTuple):
    """What tells the shares of a tranche from others; None where it is not told."""

    price: Amount | None
    paid: Amount | None
    lot: str | None

    @property
    def unpaid(self) -> Fraction | None:
        """What is unpaid on one share."""
        if self.price is None or self.paid is None or self.price.currency != self.paid.currency:
            return None
        return max(self.price.value - self.paid.value, _NONE)

    @property
    def place(self) -> tuple[bool, Fraction, str, str]:
        """The place in which shares pass where nothing says which."""
        unpaid = self.unpaid
        return unpaid is None, unpaid or _NONE, str(self.price), self.lot or ""

    def scaled(self, ratio: Fraction) -> Kind:
        """The same after so many new shares for an old one."""
        price, paid = (money and money.times(1 / ratio) for money in (self.price, self.paid))
        return Kind(price, paid, self.lot)


class Part(NamedTuple):
    """How many shares are of a kind, and how few and how many they may be."""

    shares: Fraction
    low: Fraction
    high: Fraction


Tranches = dict[Kind, Part]
_UNTOLD = Kind(None, None, None)


class Call(NamedTuple):
    """A call on the shares of a class, or of one holder: the amount paid a share that it asks."""

    fact: Fact
    share_class: str
    account: str | None
    asked: Amount


class Paid(Watcher):
    """What is paid on the shares of an issuer, folded along with its register."""

    types: tuple[str, ...] = (*CLASS_TYPES, *TYPES)

    def __init__(self) -> None:
        self.tranches: dict[tuple[str, str], Tranches] = defaultdict(dict)
        self.calls: list[Call] = []
        self._terms = ClassTerms()

    def see(self, fact: Fact, register: Register) -> None:
        """Take terms, a payment, a call or a movement just applied into account."""
        if fact.type in CLASS_TYPES:
            self._terms.see(fact)
        elif fact.type == "shares-paid-up":
            self._pay(fact)
        elif fact.type == "call-made":
            share_class, holder = fact.need("share_class"), fact.text("holder")
            account = None if holder is None else account_of(share_class, holder)
            asked = Amount.of(parse_price(fact.need("per_share")))
            self.calls.append(Call(fact, share_class, account, asked))
        else:
            self._move(fact, register)

    def _move(self, fact: Fact, register: Register) -> None:
        movement, share_class = BY_TYPE[fact.type], fact.need("share_class")
        if fact.type in SPLITTING:
            self._terms.see(fact)
            self._reshape(share_class, share_class, fact.ratio())
        elif movement.reshapes:
            self._reshape(share_class, fact.text("into_class") or share_class, fact.ratio())
        elif not movement.converts:
            self._pass(fact, share_class)
        elif fact.text("holder"):
            self._convert(fact, share_class)
        self._settle(register)

    def _pass(self, fact: Fact, share_class: str) -> None:
        moved = legs(fact.type, fact.data)
        taken = [account for account, sign in moved if sign < 0]
        given = [account for account, sign in moved if sign > 0]
        if taken == given:
            return  # to the same party, under another id
        shares = Fraction(fact.shares())
        passing = {self._kind(fact): Part(shares, shares, shares)}
        if taken:
            passing = self._take(share_class, taken[0], shares, _lots(fact))
        for account in given:
            _add(self.tranches[share_class, account], passing)

    def _convert(self, fact: Fact, share_class: str) -> None:
        account = account_of(share_class, fact.need("holder"))
        passing = self._take(share_class, account, Fraction(fact.shares()), {})
        ratio, into = fact.ratio(), fact.need("into_class")
        _add(self.tranches[into, account], _scaled(passing, ratio))

    def _reshape(self, share_class: str, into: str, ratio: Fraction) -> None:
        for of, account in [pair for pair in self.tranches if pair[0] == share_class]:
            found = self.tranches.pop((of, account))
            _add(self.tranches[into, account], _scaled(found, ratio))
        self.calls = [
            call._replace(share_class=into, asked=call.asked.times(1 / ratio))
            if call.share_class == share_class
            else call
            for call in self.calls
        ]

    def _settle(self, register: Register) -> None:
        """Let the tranches of each account be as many shares as the register has on it."""
        for share_class in {*register.classes, *(of for of, _ in self.tranches)}:
            held = register.held(share_class)
            accounts = {account for of, account in self.tranches if of == share_class}
            for account in {*held, *accounts}:
                found = self.tranches[share_class, account]
                left = held.get(account, _NONE) - sum((p.shares for p in found.values()), _NONE)
                if left > 0:
                    _add(found, {_UNTOLD: Part(left, left, left)})
                elif left < 0:
                    self._take(share_class, account, -left, {})

    def _kind(self, fact: Fact) -> Kind:
        """The kind of shares that are issued; a price that is not told is at least the par."""
        par = self._terms.of(fact.need("share_class")).price("par_value")
        price, paid = (fact.text(name) for name in ("price", "paid_per_share"))
        each = Amount.of(parse_price(price)) if price else par
        return Kind(each, Amount.of(parse_price(paid)) if paid else None, fact.text("lot"))

    def _take(
        self, share_class: str, account: str, shares: Fraction, lots: Mapping[str, Fraction]
    ) -> Tranches:
        """Take shares out of an account: of the lots named, else as nobody says which."""
        found, passing = self.tranches[share_class, account], Tranches()
        for lot, number in lots.items():
            of_lot = {kind: part for kind, part in found.items() if kind.lot == lot}
            _add(passing, _passing(found, of_lot, number))
        left = shares - sum(lots.values(), _NONE)
        if left > 0:
            _add(passing, _passing(found, dict(found), left))
        return passing

    def _pay(self, fact: Fact) -> None:
        share_class, holder = fact.need("share_class"), fact.text("holder")
        paid, lot = Amount.of(parse_price(fact.need("per_share"))), fact.text("lot")
        account = None if holder is None else account_of(share_class, holder)
        for of, one in list(self.tranches):
            if of != share_class or account not in (None, one):
                continue
            found = self.tranches[of, one]
            of_lot = {kind: part for kind, part in found.items() if lot in (None, kind.lot)}
            less = {
                kind: part
                for kind, part in of_lot.items()
                if kind.paid is None or kind.paid.value < paid.value
            }
            fits = {
                k: part for k, part in less.items() if not k.price or k.price.value >= paid.value
            }
            less = fits or (less if holder else {})  # of all shares, those that it can be paid on
            number = sum((part.shares for part in less.values()), _NONE)
            if "shares" in fact.data:
                number = min(number, Fraction(fact.shares()))
            passing = _passing(found, less, number, least_paid_first=True)
            for kind, part in passing.items():
                _add(found, {kind._replace(paid=paid): part})


def _lots(fact: Fact) -> dict[str, Fraction]:
    """The lots that a movement names, with their shares."""
    return {one["lot"]: Fraction(one["shares"]) for one in fact.many("lots")}


def _scaled(tranches: Tranches, ratio: Fraction) -> Tranches:
    return {
        kind.scaled(ratio): Part(*(number * ratio for number in part))
        for kind, part in tranches.items()
    }


def _add(found: Tranches, more: Tranches) -> None:
    for kind, part in more.items():
        before = found.get(kind, Part(_NONE, _NONE, _NONE))
        found[kind] = Part(*(a + b for a, b in zip(before, part, strict=True)))


def _passing(
    found: Tranches, of: Tranches, shares: Fraction, *, least_paid_first: bool = False
) -> Tranches:
    """Take shares out of tranches, of those given; returns what passes."""
    passing, left = Tranches(), shares
    whole = sum((part.shares for part in of.values()), _NONE)
    shares = min(shares, whole)
    for kind in sorted(of, key=lambda kind: kind.place, reverse=least_paid_first):
        part = of[kind]
        point = min(left, part.shares)
        left -= point
        others = sum((other.high for k, other in of.items() if k != kind), _NONE)
        low = min(point, max(shares - others, _NONE))
        high = max(point, min(shares, part.high))
        if high:
            passing[kind] = Part(point, low, high)
        kept = part.shares - point
        rest = Part(
            kept, min(kept, max(part.low - high, _NONE)), max(kept, min(part.high, whole) - low)
        )
        found[kind] = rest
        if not rest.high:
            del found[kind]
    return passing


class Standing(NamedTuple):
    """What is unpaid on an account: as it stands, the least and the most; None where not told."""

    unpaid: Amount | None
    low: Amount | None
    high: Amount | None
    tranches: list[TrancheRow]


def standing(tranches: Tranches) -> Standing:
    """What is unpaid on tranches in all."""
    rows = [
        TrancheRow(
            shares=str(part.shares),
            price=kind.price and str(kind.price),
            paid_per_share=kind.paid and str(kind.paid),
            lot=kind.lot,
        )
        for kind, part in sorted(tranches.items(), key=lambda one: one[0].place)
        if part.shares
    ]
    unpaid = {kind: kind.unpaid for kind in tranches}
    currencies = {kind.price.currency for kind in tranches if kind.price}
    if None in unpaid.values() or len(currencies) != 1:
        return Standing(None, None, None, rows)
    (currency,) = currencies
    each = {kind: value or _NONE for kind, value in unpaid.items()}
    point = sum((part.shares * each[kind] for kind, part in tranches.items()), _NONE)
    low, high = (Amount(currency, _extreme(tranches, each, most=most)) for most in (False, True))
    return Standing(Amount(currency, point), low, high, rows)


def _extreme(tranches: Tranches, each: Mapping[Kind, Fraction], *, most: bool) -> Fraction:
    """The least or the most that can be unpaid on tranches."""
    left = sum((part.shares - part.low for part in tranches.values()), _NONE)
    found = sum((part.low * each[kind] for kind, part in tranches.items()), _NONE)
    for kind in sorted(tranches, key=lambda kind: each[kind], reverse=most):
        more = min(left, tranches[kind].high - tranches[kind].low)
        found, left = found + more * each[kind], left - more
    return found


def paid_at(at_cut: RegisterAtCut) -> Paid | None:
    """What is paid on the shares of a register at a cut; None where nothing tells of payments."""
    told = any(fact.text("paid_per_share") for fact in at_cut.counted)
    issuer = f"issuer:{at_cut.issuer}"
    if not told and not at_cut.view.about(issuer, types=TYPES).counted:
        return None
    paid = Paid()
    register_at_cut(at_cut.view, at_cut.issuer, paid, whole=True, checking=False)
    return paid


def add_paid(at_cut: RegisterAtCut, rows: Sequence[HoldingRow]) -> None:
    """Give the rows of a register what is paid and unpaid on their shares, where that is told."""
    if (paid := paid_at(at_cut)) is None:
        return
    for row in rows:
        share_class = row["share_class"] or ""
        tranches = paid.tranches.get((share_class, account_of(share_class, row["holder"])), {})
        if all(kind.paid is None for kind in tranches):
            continue
        found = standing(tranches)
        row["tranches"] = found.tranches
        row["unpaid"] = found.unpaid and str(found.unpaid)
        if found.low != found.high:
            row["unpaid_low"], row["unpaid_high"] = str(found.low), str(found.high)


def overdue(at_cut: RegisterAtCut) -> Iterator[tuple[Call, str, Fraction]]:
    """Calls not paid by their day, each with an account and its shares on which less is paid."""
    for call, payers in unpaid_calls(at_cut):
        if parse_days(call.fact.need("due_on")).last < at_cut.view.cut.as_of:
            yield from ((call, account, shares) for account, shares in payers.items())


def unpaid_calls(at_cut: RegisterAtCut) -> Iterator[tuple[Call, dict[str, Fraction]]]:
    """The calls that are not paid, each with the accounts and shares on which less is paid."""
    paid = paid_at(at_cut)
    for call in paid.calls if paid else ():
        if paid and (payers := dict(_unanswered(paid, call))):
            yield call, payers


def _unanswered(paid: Paid, call: Call) -> Iterator[tuple[str, Fraction]]:
    """The accounts on whose shares less is paid than a call asks."""
    for (of, account), tranches in sorted(paid.tranches.items()):
        if of != call.share_class or call.account not in (None, account):
            continue
        less = [
            part.shares
            for kind, part in tranches.items()
            if kind.paid is not None and kind.paid.value < call.asked.value
        ]
        if short := sum(less, _NONE):
            yield account, short
