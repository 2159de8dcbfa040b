"""The arithmetic of a register of shares: what each movement does to balances, exactly.

Balances are fractions so that a split of a register seen in part (an early known-by, a high floor
of standing) is still exact; in the whole register the rules keep every balance a number of whole
shares, or of those parts of a share that the class counts.
Issuer-held shares are one account, ``TREASURY``.

Some movements are replayed one by one. Beneath them lie the posted movements, known only by their
sums. Every movement is linear in the balances, so what the posted ones are worth later is found
from their sums between the splits and reclassifications: a segment is such a sum, and the factor it
has been multiplied by since. What is not linear, such as rounding, is added to each account as a
replayed amount at its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple, Protocol

from ledger.model.fact import Fact
from ledger.model.fractions import Settled, dividing, least, settle, terms_of
from ledger.model.movements import BY_TYPE, GIVING, SIGNS, legs_of, rounds, takes_all
from ledger.model.posted import NOTHING, FoldKey, Posted
from ledger.values.refusals import Unhandled
from ledger.values.share_counts import fits

TREASURY = ""
MOST_PLACES = 40  # of a number that is told exactly as a decimal
_BEGINNING: FoldKey = ("", 0, 0)
_NONE = Fraction()

Pair = tuple[str, str]  # a class and an account


def issuer_of(share_class: str) -> str:
    """The issuer's id in a share class id."""
    return share_class.partition("/")[0]


def account_of(share_class: str, party: str) -> str:
    """The account a party's shares of a class stand on: its own id, or treasury for the issuer."""
    return TREASURY if party == issuer_of(share_class) else party


def simplest(number: Fraction) -> int | Fraction:
    """The same number, as an int where it is whole: those are added and compared much faster."""
    return number.numerator if number.denominator == 1 else number


def legs(type_name: str, data: Mapping[str, Any]) -> list[tuple[str, int]]:
    """The accounts that a movement adds shares to or takes them from, with the sign; an issuer that
    is not named stands on its treasury account."""
    if takes_all(type_name, data):
        return []
    issuer = issuer_of(data["share_class"])
    return [
        (party if (party := data.get(field, issuer)) != issuer else TREASURY, sign)
        for field, sign in legs_of(type_name, data)
    ]


def named(type_name: str, data: Mapping[str, Any]) -> list[str]:
    """The accounts that a movement names: those of its legs, where it has the new shares from, and
    whom it gives what fractions make together."""
    given = [data.get(field) for field in GIVING]
    accounts = [account for account, _ in legs(type_name, data)]
    accounts += [_source(data["share_class"], one) for one in given if one not in (None, "new")]
    return list(dict.fromkeys(accounts))


def _source(share_class: str, supply: str) -> str:
    return TREASURY if supply == "treasury" else account_of(share_class, supply)


class Around(Protocol):
    """What a register reads of what lies around it."""

    def moves(self, fact: Fact) -> Mapping[Pair, Fraction]:
        """What an event adds to accounts that reads another class."""

    def digits(self, share_class: str) -> int:
        """The decimals of the shares of a class."""


class Segment(NamedTuple):
    """Posted movements of a class in an interval (upto None: still open), the factor they have
    been multiplied by, and the movements that did so."""

    share_class: str
    after: FoldKey | None
    upto: FoldKey | None
    factor: Fraction
    by: tuple[Fact, ...]


class Reshaped(NamedTuple):
    """What an event that is not linear made: of which exact results in which class, and the
    decimals of its shares."""

    fact: Fact
    into: str
    exact: Mapping[str, Fraction]
    settled: Settled
    digits: int = 0

    @property
    def places(self) -> int:
        """The most decimals to which exact results are told; none of a class of whole shares."""
        return MOST_PLACES if self.digits else 0


class Alone:
    """Around a register in which no event reads another, and all shares are whole."""

    def moves(self, fact: Fact) -> Mapping[Pair, Fraction]:
        raise Unhandled(fact.type, "a register that reads no other")

    def digits(self, share_class: str) -> int:
        return 0


ALONE = Alone()


class Register:
    """The balances of an issuer's classes as movements are applied in the order of the fold.

    What lies ``around`` tells what a distribution or an exchange adds to them.
    """

    def __init__(self, posted: Posted = NOTHING, around: Around = ALONE) -> None:
        self.posted, self.fold_key, self._around = posted, _BEGINNING, around
        self._shares_at, self._held_at = cache(posted.shares), cache(posted.held)
        self.reshaped: list[Reshaped] = []
        self._replayed: dict[str, dict[str, int | Fraction]] = defaultdict(dict)
        self._segments = {c: [_open(c, None)] for c in posted.classes}
        self._held: dict[str, dict[str, Fraction]] = {}
        self._issued: dict[str, Fraction] = {}
        self._classes: list[str] | None = None  # as long as nothing moves

    def apply(self, fact: Fact) -> list[Pair]:
        """Apply one movement; returns the replayed (class, account) pairs whose balance it set."""
        if self._segments:
            self.advance(fact.order)
        if fact.type not in SIGNS:
            return self._reshape(fact)
        share_class = fact.need("share_class")
        return [
            self._add(share_class, account, sign * fact.shares())
            for account, sign in legs(fact.type, fact.data)
        ]

    def move(self, share_class: str, account: str, shares: int | Fraction) -> Pair:
        """Add shares to an account; returns the pair of class and account."""
        return self._add(share_class, account, shares)

    def advance(self, fold_key: FoldKey) -> None:
        """Go on to a moment: the posted movements up to it count."""
        if fold_key != self.fold_key:
            self.fold_key = fold_key
            if self._segments:
                self._forget()

    @property
    def classes(self) -> list[str]:
        """The classes with any share on any account, sorted."""
        if self._classes is None:
            every = self._all_classes()
            self._classes = sorted(c for c in every if self.issued(c) or self.held(c))
        return [*self._classes]

    @property
    def classes_moved(self) -> list[str]:
        """The classes that posted movements bear on, sorted."""
        return sorted(self._segments)

    def shares(self, share_class: str, account: str) -> Fraction:
        """The shares of a class on an account."""
        if share_class in self._held:
            return self._held[share_class].get(account, _NONE)
        replayed = Fraction(self._replayed[share_class].get(account, 0))
        return replayed + self._sum(share_class, account) if self._segments else replayed

    def held(self, share_class: str) -> Mapping[str, Fraction]:
        """The accounts of a class on which there is anything, with their shares."""
        if share_class not in self._held:
            found: dict[str, int | Fraction] = dict(self._replayed[share_class])
            for segment in self.segments(share_class):
                factor = simplest(segment.factor)
                for account, shares in self._moved(segment).items():
                    found[account] = found.get(account, 0) + shares * factor
            self._held[share_class] = {a: Fraction(n) for a, n in sorted(found.items()) if n}
        return self._held[share_class]

    def issued(self, share_class: str) -> Fraction:
        """All shares of a class, treasury included."""
        if share_class not in self._issued:
            replayed = sum(self._replayed[share_class].values(), Fraction())
            self._issued[share_class] = replayed + self._sum(share_class, None)
        return self._issued[share_class]

    def treasury(self, share_class: str) -> Fraction:
        """The shares of a class that its issuer holds."""
        return self.shares(share_class, TREASURY)

    def outstanding(self, share_class: str) -> Fraction:
        """Issued shares without treasury shares."""
        return self.issued(share_class) - self.treasury(share_class)

    def segments(self, share_class: str) -> list[Segment]:
        """The posted movements that the balances of a class rest on."""
        return self._segments.get(share_class, [])

    def digits(self, share_class: str) -> int:
        """The decimals of the shares of a class."""
        return self._around.digits(share_class)

    def is_possible(self, share_class: str, balance: int | Fraction) -> bool:
        """Whether a balance is one that an account of a class can have."""
        return balance >= 0 and (
            balance.denominator == 1 or fits(balance, self.digits(share_class))
        )

    def has_line(self, share_class: str, account: str) -> bool:
        """Whether any movement that the class rests on touched an account."""
        if account in self._replayed[share_class]:
            return True
        return any(
            self.posted.has_posting(t.share_class, account, t.after, t.upto or self.fold_key)
            for t in self.segments(share_class)
        )

    def _all_classes(self) -> set[str]:
        return {*self._replayed, *self._segments}

    def _sum(self, share_class: str, account: str | None) -> Fraction:
        """What the posted movements leave on an account; with None, in the class."""
        found = Fraction()
        for t in self.segments(share_class):
            of = t.share_class
            if t.upto is None:
                shares = self.posted.shares(of, account, self.fold_key)
            else:  # a segment ends where it ended, wherever the walk is
                shares = self._shares_at(of, account, t.upto)
            if t.after is not None:
                shares -= self._shares_at(of, account, t.after)
            found += shares * t.factor
        return found

    def _moved(self, segment: Segment) -> dict[str, int]:
        of = segment.share_class
        if segment.upto is None:
            held = dict(self.posted.held(of, self.fold_key))
        else:
            held = dict(self._held_at(of, segment.upto))
        if segment.after is not None:
            for account, shares in self._held_at(of, segment.after).items():
                held[account] = held.get(account, 0) - shares
        return held

    def _add(self, share_class: str, account: str, shares: int | Fraction) -> Pair:
        balances = self._replayed[share_class]
        balances[account] = balances.get(account, 0) + shares
        self._held.pop(share_class, None)
        self._classes = None
        if share_class in self._issued:
            self._issued[share_class] += shares
        return share_class, account

    def _reshape(self, fact: Fact) -> list[Pair]:
        """Make shares of a class more or fewer, or those of another: all of them, or some."""
        movement = BY_TYPE.get(fact.type)
        if movement is None:
            raise Unhandled(fact.type, "the register")
        if movement.across:
            return [self._add(*pair, simplest(n)) for pair, n in self._around.moves(fact).items()]
        share_class = fact.need("share_class")
        into = fact.need("into_class") if movement.converts else share_class
        if movement.reshapes:
            return self._scale(share_class, into, fact)
        return self._convert(share_class, into, fact)

    def _convert(self, share_class: str, into: str, fact: Fact) -> list[Pair]:
        """Turn some shares into those of another class: a holder's, or of all what divides, and
        all shares where something becomes of the fractions."""
        ratio = fact.ratio()
        if not takes_all(fact.type, fact.data):
            (account, _), *_ = legs(fact.type, fact.data)
            used: Mapping[str, Fraction] = {account: Fraction(fact.shares())}
        elif fact.text("fractions"):
            used = self.held(share_class)
        else:
            unit = least(ratio, self.digits(share_class), self.digits(into))
            used = dividing(self.held(share_class), unit)
        taken = [self._add(share_class, a, -simplest(n)) for a, n in used.items() if n]
        exact = {account: shares * ratio for account, shares in used.items() if shares}
        return taken + self._give(into, exact, fact)

    def _give(self, into: str, exact: Mapping[str, Fraction], fact: Fact) -> list[Pair]:
        """Add shares that an event makes of others, rounded as it says, from where it has them."""
        settled = self._settle(into, exact, fact)
        given = [self._add(into, a, simplest(n)) for a, n in settled.whole.items()]
        if settled.gained:
            to = account_of(into, fact.need("fractions_to"))
            given.append(self._add(into, to, simplest(settled.gained)))
        source = fact.text("supply") or "new"
        if source != "new":
            given.append(self._add(into, _source(into, source), -simplest(settled.received)))
        return given

    def _settle(self, into: str, exact: Mapping[str, Fraction], fact: Fact) -> Settled:
        digits = self.digits(into)
        settled = settle(terms_of(fact.data, digits), exact, TREASURY)
        if exact:
            self.reshaped.append(Reshaped(fact, into, exact, settled, digits))
        return settled

    def _scale(self, share_class: str, into: str, fact: Fact) -> list[Pair]:
        ratio, exact = fact.ratio(), dict[str, Fraction]()
        if rounds(fact.data):
            exact = {a: shares * ratio for a, shares in self.held(share_class).items()}
        closed = [
            segment._replace(
                upto=segment.upto or fact.order,
                factor=segment.factor * ratio,
                by=(*segment.by, fact),
            )
            for segment in self._segments.pop(share_class, [])
        ]
        if closed:
            self._segments[share_class] = [_open(share_class, fact.order)]
            self._segments.setdefault(into, []).extend(closed)
        old = self._replayed.pop(share_class, {})
        for account, shares in old.items():
            scaled = simplest(shares * ratio)
            self._replayed[into][account] = self._replayed[into].get(account, 0) + scaled
        self._forget()
        rounded = self._round(into, exact, fact)
        return list(dict.fromkeys([*((into, account) for account in old), *rounded]))

    def _round(self, into: str, exact: Mapping[str, Fraction], fact: Fact) -> list[Pair]:
        """Add to each account what it is more, or less, than its exact part of what was scaled."""
        settled = self._settle(into, exact, fact)
        more = {account: whole - exact[account] for account, whole in settled.whole.items()}
        if settled.gained:
            to = account_of(into, fact.need("fractions_to"))
            more[to] = more.get(to, _NONE) + settled.gained
        return [self._add(into, account, shares) for account, shares in more.items() if shares]

    def _forget(self) -> None:
        self._classes = None
        self._held.clear()
        self._issued.clear()


def _open(share_class: str, after: FoldKey | None) -> Segment:
    return Segment(share_class, after, None, Fraction(1), ())


class Violation(NamedTuple):
    """The last event of a day that ends with an impossible balance on an account."""

    fact: Fact
    share_class: str
    account: str
    balance: Fraction


def violations(facts: Iterable[Fact], around: Around, since: str = "") -> Iterator[Violation]:
    """The impossible balances of a register of which every movement is replayed, day by day from
    one on."""
    register = Register(around=around)
    for _, day in groupby(facts, key=lambda fact: max(fact.order[0], since)):
        set_by = {pair: fact for fact in day for pair in register.apply(fact)}
        balances = [(fact, *pair, register.shares(*pair)) for pair, fact in set_by.items()]
        found = [one for one in balances if not register.is_possible(one[1], one[3])]
        for one in sorted(found, key=lambda one: one[3] >= 0):  # what is not there comes first
            yield Violation(*one)
