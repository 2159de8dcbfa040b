"""Bases: of what a percentage is taken, each by one rule (docs/arithmetic.md, Bases).

``InIssue`` has the bases that are sums of shares, ``Totals`` those of votes; ``counts.py`` has
both, and what rights to shares and authorities tell. Whatever asks for a base asks these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple, Protocol, Self, get_args

from ledger.model.fact import Fact
from ledger.model.register import Register, account_of
from ledger.time.class_terms import ClassTerms, class_terms
from ledger.time.view import View
from ledger.values.base_words import VoteBase
from projections.subjects.checked_figures import CheckedFigure
from projections.subjects.reaching import Members
from projections.subjects.remainder import Known, rest_of
from projections.subjects.trusts import Trust

OF_VOTES = (*get_args(VoteBase), "mutual-votes")
OF_ISSUER = (*OF_VOTES, "capital", "capital-par")  # whichever class a statement names
_MEANT = {  # older and looser words, and the bases that each can mean
    "votes": get_args(VoteBase),
    "theoretical-votes": ("gross-votes",),
    "exercisable-votes": ("net-votes",),
    "unstated": ("issued", "outstanding"),
}
WORDS = {
    "issued": "issued shares",
    "outstanding": "shares outstanding",
    "capital": "the shares of all classes",
    "capital-par": "the capital by par value",
    "diluted": "the shares with all rights to shares",
    "authorised": "shares authorised",
    "gross-votes": "gross votes",
    "held-votes": "held votes",
    "net-votes": "net votes",
    "mutual-votes": "mutual votes",
}
IN_FULL = WORDS | {  # as terms and clauses are told
    "issued": "shares issued",
    "capital": "shares issued",
    "gross-votes": "votes of all shares, treasury shares included",
    "held-votes": "votes held",
    "net-votes": "votes that can be cast",
    "present": "votes present at a meeting",
    "cast": "votes cast",
}
_NONE = Fraction()


class Balances(Protocol):
    """What a walked register tells."""

    issuer: str
    view: View
    trusts: dict[str, Trust | None]
    asserted: list[Fact]
    checked: list[CheckedFigure]
    members: Members | None

    @property
    def day(self) -> str:
        """The day at the end of which it stands."""

    @property
    def register(self) -> Register:
        """The balances."""

    @property
    def classes(self) -> list[str]:
        """The classes in issue."""

    @property
    def capital(self) -> list[str]:
        """Those that are shares."""

    @property
    def terms(self) -> ClassTerms:
        """The terms of the classes at the cut."""

    @property
    def known_classes(self) -> int:
        """How many classes of the issuer are created or in issue."""

    @property
    def digits(self) -> int:
        """The most decimals of their shares."""

    def has_line(self, share_class: str, holder: str) -> bool:
        """Whether any movement named the holder."""

    def counts_several(self, account: str) -> bool:
        """Whether an account is of several shareholders who are counted together."""

    def may_hide(self, share_class: str) -> bool:
        """Whether the holder may be among shareholders counted together."""

    def view_on(self, day: str) -> View:
        """Its view as of a day, the same one when it is asked again."""

    def on(self, day: str) -> Balances | None:
        """The same on another day; None where that is after the cut."""


class Voting(Protocol):
    """The votes on an account."""

    held: Fraction
    suspended: Fraction
    treasury: Fraction


def votes_of(base: str, ballot: Voting | None) -> Fraction:
    """What an account has of a base of votes; what only a law forbids to cast is held."""
    if ballot is None:
        return _NONE
    match base:
        case "gross-votes" if ballot.treasury:
            return ballot.held + ballot.treasury
        case "net-votes" if ballot.suspended:
            return ballot.held - ballot.suspended
        case _:
            return ballot.held


class Totals(NamedTuple):
    """All votes of an issuer: with those of treasury shares (G), those held (V), and those of them
    that can be cast (C)."""

    gross: Fraction = _NONE
    held: Fraction = _NONE
    castable: Fraction = _NONE

    @classmethod
    def of(cls, ballot: Voting) -> Totals:
        """What one account adds to them."""
        return cls(*(votes_of(base, ballot) for base in get_args(VoteBase)))

    def whole(self, base: str) -> Fraction:
        """All of a base of votes."""
        return {"gross-votes": self.gross, "net-votes": self.castable}.get(base, self.held)

    def less(self, other: Totals) -> Totals:
        """These without others."""
        return Totals(*(one - two for one, two in zip(self, other, strict=True)))

    def more(self, other: Totals) -> Totals:
        """These and others."""
        return Totals(*(one + two for one, two in zip(self, other, strict=True)))


@dataclass(frozen=True, slots=True)
class InIssue:
    """The shares in issue of each class, those included that nobody is known to hold.

    ``pars`` has what a share of each class of capital is worth by par value: of a single class 1,
    for its par makes no difference; None where a class tells none, or another currency's.
    """

    issued: Mapping[str, Fraction] = field(default_factory=dict)
    outstanding: Mapping[str, Fraction] = field(default_factory=dict)
    pars: Mapping[str, Fraction] | None = field(default_factory=dict)
    capital: Sequence[str] = ()

    @classmethod
    def at(cls, at_cut: Balances, terms: ClassTerms) -> Self:
        """The shares of a register as it stands, by the terms of its classes then."""
        every = {c: issued(at_cut, c) for c in at_cut.classes}
        held = {c: shares - at_cut.register.treasury(c) for c, shares in every.items()}
        capital = [c for c in every if terms.of(c).is_capital]
        return cls(every, held, _pars(capital, terms), capital)

    def whole(self, base: str, classes: Sequence[str]) -> Fraction | None:
        """All of a base of shares; None where the record does not tell it."""
        match base:
            case "issued":
                return _sum(self.issued.get(c, _NONE) for c in classes)
            case "outstanding":
                return _sum(self.outstanding.get(c, _NONE) for c in classes)
            case "capital" | "capital-par":
                return self.part(base, self.capital, lambda c: self.issued[c])
            case _:
                return None

    def part(
        self, base: str, classes: Sequence[str], shares: Callable[[str], Fraction]
    ) -> Fraction | None:
        """What some shares of classes are of a base of shares."""
        if base == "capital-par":
            if self.pars is None:
                return None
            return _sum(par * shares(c) for c, par in self.pars.items() if c in classes)
        among = self.capital if base == "capital" else classes
        return _sum(shares(c) for c in among if c in classes)

    def more(self, share_class: str, shares: Fraction) -> InIssue:
        """The same, with more shares of a class held by others than the issuer."""
        issued, outstanding = dict(self.issued), dict(self.outstanding)
        issued[share_class] += shares
        outstanding[share_class] += shares
        return InIssue(issued, outstanding, self.pars, self.capital)


def in_issue(at_cut: Balances, base: str) -> InIssue:
    """What a register tells of a base on the way to its cut."""
    terms = at_cut.terms
    if base == "capital-par":  # which may be amended; the kind of a class is not
        terms = class_terms(at_cut.view, at_cut.issuer, at_cut.register.fold_key)
    return InIssue.at(at_cut, terms)


def issued(at_cut: Known, share_class: str) -> Fraction:
    """All shares of a class, those included that nobody is known to hold."""
    rest = rest_of(at_cut, share_class)
    return at_cut.register.issued(share_class) + (rest.shares if rest else 0)


def meant(word: str) -> tuple[str, ...]:
    """The bases that a word can mean: of most words, just the base of that name."""
    return _MEANT.get(word, (word,))


def classes_of(at_cut: Balances, share_class: str | None) -> list[str]:
    """The class that a statement names; where it names none, those that are shares."""
    if share_class is not None:
        return [share_class]
    return at_cut.capital if len(at_cut.classes) > 1 else at_cut.classes


def asserted(at_cut: Balances, base: str, classes: Sequence[str]) -> Sequence[Fact]:
    """The newest assertion, as far as the register is walked, of a base of classes or of all."""
    found = [
        fact
        for fact in at_cut.asserted
        if base in meant(fact.need("total"))
        and (base in OF_ISSUER or [fact.need("share_class")] == list(classes))
    ]
    return found[-1:]


def is_of_votes(word: str) -> bool:
    """Whether a word names a base of votes."""
    return meant(word)[0] in OF_VOTES


def is_counted(word: str) -> bool:
    """Whether a word names a base that a register alone does not tell."""
    return meant(word)[0] in (*OF_VOTES, "diluted", "authorised")


def accounts(
    issuer: str, trusts: Mapping[str, Trust | None], holder: str, interest: str
) -> dict[str, Fraction]:
    """The accounts that an interest is in, each with the part that is surely the holder's."""
    found = {account_of(f"{issuer}/", holder): Fraction(1)}
    for name, trust in trusts.items() if interest == "aggregate" else ():
        if trust is not None and (share := trust.least_for(holder)):
            found[name] = found.get(name, _NONE) + share
    return found


def held(at_cut: Balances, share_class: str, holder: str, interest: str) -> Fraction:
    """A holder's shares of a class; with an aggregate interest, those in trust for it as well."""
    return held_on(at_cut, share_class, accounts(at_cut.issuer, at_cut.trusts, holder, interest))


def held_on(at_cut: Balances, share_class: str, parts: Mapping[str, Fraction]) -> Fraction:
    """The shares of a class on accounts, of each the part that counts."""
    shares = at_cut.register.shares
    return _sum(shares(share_class, account) * part for account, part in parts.items())


def _pars(capital: Sequence[str], terms: ClassTerms) -> Mapping[str, Fraction] | None:
    if len(capital) < 2:
        return dict.fromkeys(capital, Fraction(1))
    prices = {c: terms.of(c).price("par_value") for c in capital}
    told = {c: price for c, price in prices.items() if price is not None and price.value}
    if len(told) < len(prices) or len({price.currency for price in told.values()}) != 1:
        return None
    return {c: price.value for c, price in told.items()}


def _sum(shares: Iterable[Fraction]) -> Fraction:
    return sum(shares, _NONE)
