"""What an offer takes of what is accepted, by the rule that it names; else why it is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, Protocol

from ledger.model.allocation import (
    Rule,
    capped,
    clearing_price,
    down,
    largest_remainder,
    parts_of,
    pro_rata,
)
from ledger.model.offers import Offer, asked
from ledger.values.quantities import Money, parse_limit, parse_price
from projections.told import COUNT, told

NO_RULE = "the offer names no scaling rule"
_RULES: Mapping[str, Rule] = {"largest-remainder": largest_remainder, "down": down}


class Base(NamedTuple):
    """Somebody entitled, and what it held on the day that decides."""

    holder: str
    shares: Fraction


class Book(Protocol):
    """What registers tell of those to whom an offer is addressed."""

    def held(self, holder: str) -> Fraction | None: ...

    def outstanding(self, holder: str | None = None) -> Fraction | None: ...

    def entitled(self) -> list[Base] | None: ...


@dataclass(slots=True)
class Taken:
    """What is taken of each holder; None with ``why`` where it is not known.

    ``incomplete`` says that more was accepted than acceptances are told of.
    """

    shares: dict[str, int] | None = None
    why: str = ""
    limit: int | None = None
    least: int | None = None
    entitlements: dict[str, int] | None = None
    incomplete: bool = False
    lines: list[str] = field(default_factory=list)


class NotKnown(Exception):
    """Something that a figure needs is not told."""


def taken(offer: Offer, book: Book) -> Taken:
    """What an offer takes of each acceptance; while it is open, what it would take now."""
    found = Sharing(offer, book)
    result = Taken()
    try:
        result.limit = found.limit("at_most")
        result.entitlements = found.entitlements(result.limit)
        result.incomplete = found.of > offer.total
        result.shares = found.shares(result.limit, result.entitlements)
    except NotKnown as error:
        result.why = str(error)
    try:
        result.least = found.limit("at_least")
    except NotKnown:
        result.least = None
    result.lines = found.lines
    if result.shares is not None and result.limit is not None and found.of >= result.limit:
        left = result.limit - sum(result.shares.values())
        if left and not result.incomplete and found.is_taken:
            result.lines.append(f"Left over, for no share is cut: {told(COUNT, left)}.")
    return result


class Sharing:
    """The sharing out of one offer; ``lines`` tell how it comes about."""

    def __init__(self, offer: Offer, book: Book) -> None:
        self._offer, self._book, self.lines = offer, book, list[str]()
        self._asked = {name: asked(fact) for name, fact in offer.accepted.items()}
        stated = offer.closed.text("accepted") if offer.closed else None
        self.of = max(offer.total, int(stated or 0))

    @property
    def is_taken(self) -> bool:
        """Whether it takes anything: it is open, or was closed with success."""
        return self._offer.closed is None or self._offer.closed.need("result") == "successful"

    def limit(self, name: str) -> int | None:
        """The most or the least shares; None without such a limit."""
        written = self._offer.terms.get(name)
        if written is None:
            return self._number_offered() if name == "at_most" else None
        limit = parse_limit(written)
        if isinstance(limit, int):
            return limit
        if isinstance(limit, Decimal):
            return self._part(limit, name)
        if self._offer.kind == "dutch-auction":
            return None  # it depends on the price that is found
        return self._worth(limit, self._price(), name)

    def _number_offered(self) -> int | None:
        offered = self._offer.terms.get("shares")
        return int(offered) if offered is not None else None

    def _part(self, percent: Decimal, name: str) -> int:
        whole = self._book.outstanding()
        if whole is None:
            raise NotKnown("no register tells of how many shares its limit is a percentage")
        found = int(whole * Fraction(percent) / 100)
        words = f"{name.replace('_', ' ').capitalize()} {percent}% of"
        self.lines.append(f"{words} {told(COUNT, whole)} outstanding = {told(COUNT, found)}.")
        return found

    def _price(self) -> Money:
        price = self._offer.terms.get("price")
        if price is None:
            raise NotKnown("its limit is in money, and no price is told")
        return parse_price(price)

    def _worth(self, limit: Money, price: Money, name: str) -> int:
        if limit.currency != price.currency or not price.amount:
            raise NotKnown("its limit and its price are not in one currency")
        found = _floor(limit, price)
        words = f"{name.replace('_', ' ').capitalize()} {_money(limit)} / {_money(price)}"
        self.lines.append(f"{words} = {told(COUNT, found)} shares.")
        return found

    def entitlements(self, limit: int | None) -> dict[str, int] | None:
        """What each is entitled to, where the offer goes by entitlements."""
        terms = self._offer.terms
        if limit is None or not ("allocation" in terms or self._by_entitlement):
            return None
        base = self._book.entitled()
        if base is not None:
            rule = _RULES[terms.get("allocation", "down")]
            weights = {one.holder: one.shares for one in base}
            return rule(parts_of(limit, weights), list(weights))
        if "allocation" in terms:
            raise NotKnown("entitlements go by holdings on a record day, and none has come")
        found = {}
        for name in self._asked:
            held, whole = self._book.held(name), self._book.outstanding(name)
            if held is None or whole is None:
                raise NotKnown(f"no register tells what {told('party', name)} holds")
            found[name] = int(limit * held / whole)
        return found

    @property
    def _by_entitlement(self) -> bool:
        return self._offer.terms.get("scaling") == "entitlement-first"

    def shares(self, limit: int | None, entitlements: dict[str, int] | None) -> dict[str, int]:
        """What is taken of each."""
        closed = self._offer.closed
        if closed is not None and not self.is_taken:
            self.lines.append(f"Nothing is taken: the offer is {closed.need('result')}.")
            return dict.fromkeys(self._asked, 0)
        if self._offer.kind == "dutch-auction":
            return self._at_one_price(limit)
        if entitlements is not None and limit is not None:
            return self._by_part(limit, entitlements)
        if limit is None or self.of <= limit:
            return dict(self._asked)
        self._need_rule("all-tenders", self.of, limit)
        return self._all_tenders(limit, self._asked, self.of)

    def _need_rule(self, rule: str, of: int, limit: int) -> None:
        """Nothing is known of more than is taken where the offer goes by no rule or another."""
        scaling = self._offer.terms.get("scaling")
        if scaling != rule:
            counts = told(COUNT, of), told(COUNT, limit)
            self.lines.append("{} are accepted, at most {} are taken.".format(*counts))
            raise NotKnown(NO_RULE if scaling is None else f"{scaling} is no rule for its kind")

    def _all_tenders(self, limit: int, asked: Mapping[str, int], of: int) -> dict[str, int]:
        odd = self._odd_lots(asked)
        first = pro_rata(odd, limit)
        rest = {name: shares for name, shares in asked.items() if name not in odd}
        left, of = limit - sum(first.values()), of - sum(odd.values())
        if odd:
            size = self._offer.terms["odd_lots"]
            lots = told(COUNT, sum(first.values()))
            self.lines.append(f"Holders of fewer than {size} who give all are first: {lots}.")
        if of:
            part = min(Fraction(1), Fraction(left, of))
            counts = told(COUNT, left), told(COUNT, of)
            self.lines.append("Of each acceptance {} / {} = {}.".format(*counts, part))
        return first | pro_rata(rest, left, of)

    def _odd_lots(self, asked: Mapping[str, int]) -> dict[str, int]:
        size = self._offer.terms.get("odd_lots")
        if size is None:
            return {}
        if self.of > self._offer.total:
            raise NotKnown("not every acceptance is told, and odd lots are taken first")
        found = {}
        for name, shares in asked.items():
            held = self._book.held(name)
            if held is None:
                raise NotKnown(f"no register tells whether {told('party', name)} holds an odd lot")
            if held < int(size) and shares >= held:
                found[name] = shares
        return found

    def _by_part(self, limit: int, entitlements: dict[str, int]) -> dict[str, int]:
        """Each its own part first, the rest among those who ask for more."""
        if self.of > self._offer.total:
            raise NotKnown("not every acceptance is told, and what one leaves goes to the others")
        first = {name: min(n, entitlements.get(name, 0)) for name, n in self._asked.items()}
        more = {name: n - first[name] for name, n in self._asked.items() if n > first[name]}
        left = limit - sum(first.values())
        terms = self._offer.terms
        if more and "odd_lots" in terms:
            raise NotKnown("it does not say how odd lots and entitlements go together")
        if not more or not left:
            return first
        counts = told(COUNT, left), told(COUNT, sum(more.values()))
        self.lines.append("{} are left by entitlements, {} more are asked for.".format(*counts))
        if self._by_entitlement:
            given = pro_rata(more, left)
        elif terms.get("excess") == "yes":
            weights = {one.holder: one.shares for one in self._book.entitled() or ()}
            rule = _RULES[terms["allocation"]]
            given = capped(more, weights, min(left, sum(more.values())), rule, list(weights))
        elif terms.get("excess") == "no":
            return first
        else:
            raise NotKnown("the offer does not say whether more than an entitlement may be had")
        return {name: shares + given.get(name, 0) for name, shares in first.items()}

    def _at_one_price(self, limit: int | None) -> dict[str, int]:
        """What is taken at the lowest price that fills the offer, of those who ask no more."""
        bids = {name: self._bid(name) for name, shares in self._asked.items() if shares}
        if self.of > self._offer.total:
            raise NotKnown("not every acceptance is told, and the price is found from all")
        if not bids:
            return dict(self._asked)
        money = self._money_limit(limit)
        currencies = {one.currency for one in (*bids.values(), *([money] if money else []))}
        if len(currencies) > 1:
            raise NotKnown("the prices are in several currencies")
        (currency,) = currencies
        prices = {name: bid.amount for name, bid in bids.items()}

        def fills(price: Decimal) -> int:
            if money is not None:
                return _floor(money, Money(currency, price))
            return self.of if limit is None else limit

        asked = {name: self._asked[name] for name in bids}
        price = clearing_price(asked, prices, fills)
        self.lines.append(f"The lowest price at which it is filled is {currency} {price}.")
        if money is not None:
            self._worth(money, Money(currency, price), "at_most")
        none = dict.fromkeys(self._asked, 0)
        return none | self._at(price, prices, fills(price))

    def _money_limit(self, limit: int | None) -> Money | None:
        written = self._offer.terms.get("at_most")
        found = parse_limit(written) if written and limit is None else None
        return found if isinstance(found, Money) else None

    def _at(self, price: Decimal, prices: Mapping[str, Decimal], limit: int) -> dict[str, int]:
        """What is taken of those who ask no more than a price."""
        asked = {name: self._asked[name] for name, one in prices.items() if one <= price}
        of = sum(asked.values())
        if of <= limit:
            return asked
        if self._offer.terms.get("scaling") != "price-first":
            self._need_rule("all-tenders", of, limit)
            return self._all_tenders(limit, asked, of)
        below = {name: shares for name, shares in asked.items() if prices[name] < price}
        first = pro_rata(below, limit)
        taken = sum(first.values())
        if first:
            self.lines.append(f"Those who ask less are first: {told(COUNT, taken)}.")
        rest = {name: shares for name, shares in asked.items() if name not in below}
        return first | self._all_tenders(limit - taken, rest, sum(rest.values()))

    def _bid(self, name: str) -> Money:
        price = self._offer.accepted[name].text("price")
        if price is None:
            raise NotKnown(f"no price is told at which {told('party', name)} accepts")
        money = parse_price(price)
        if not money.amount:
            raise NotKnown(f"{told('party', name)} accepts at no price")
        return money


def _floor(amount: Money, price: Money) -> int:
    return int(Fraction(amount.amount) / Fraction(price.amount))


def _money(money: Money) -> str:
    return told("money", str(money))
