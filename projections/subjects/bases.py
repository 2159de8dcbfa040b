"""Bases: of what a percentage is taken, each by one rule (docs/arithmetic.md, Bases)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Protocol

from ledger.model.fact import Fact
from ledger.model.register import Register, account_of
from ledger.time.class_terms import class_terms
from ledger.time.view import View
from projections.subjects.checked_figures import CheckedFigure
from projections.subjects.remainder import Known, rest_of
from projections.subjects.trusts import Trust

OF_VOTES = ("gross-votes", "held-votes", "net-votes", "mutual-votes")
OF_ISSUER = (*OF_VOTES, "capital")  # totals of an issuer, whichever class a statement names
_MEANT = {  # older and looser words, and the bases that each can mean
    "votes": ("gross-votes", "held-votes", "net-votes"),
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
_NONE = Fraction()


class Balances(Protocol):
    """What a walked register tells."""

    issuer: str
    view: View
    trusts: dict[str, Trust | None]
    asserted: list[Fact]
    checked: list[CheckedFigure]

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
    def known_classes(self) -> int:
        """How many classes of the issuer are created or in issue."""

    @property
    def digits(self) -> int:
        """The most decimals of their shares."""

    def interest(self, share_class: str, holder: str, interest: str) -> Fraction:
        """A holder's shares."""

    def has_line(self, share_class: str, holder: str) -> bool:
        """Whether any movement named the holder."""

    def counts_several(self, account: str) -> bool:
        """Whether an account is of several shareholders who are counted together."""

    def may_hide(self, share_class: str) -> bool:
        """Whether the holder may be among shareholders counted together."""

    def on(self, day: str) -> Balances | None:
        """The same on another day; None where that is after the cut."""


class Voting(Protocol):
    """The votes on an account."""

    held: Fraction
    suspended: Fraction
    treasury: Fraction


class Totals(Protocol):
    """All votes of an issuer."""

    @property
    def gross(self) -> Fraction:
        """With those of treasury shares (G)."""

    @property
    def held(self) -> Fraction:
        """Those held (V)."""

    @property
    def castable(self) -> Fraction:
        """Those of them that can be cast (C)."""


class Counted(Protocol):
    """What is counted beyond the balances of a register."""

    @property
    def ballots(self) -> Mapping[str, Voting]:
        """The votes by account."""

    @property
    def totals(self) -> Totals:
        """All votes."""

    @property
    def diluted(self) -> Mapping[str | None, Fraction]:
        """Fully diluted shares by account, under None all that are somebody's; empty where they are
        not known."""

    def authorised(self, classes: Sequence[str]) -> Fraction | None:
        """The shares authorised of classes."""


def meant(word: str) -> tuple[str, ...]:
    """The bases that a word can mean: of most words, just the base of that name."""
    return _MEANT.get(word, (word,))


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


def whole(
    at_cut: Balances, base: str, classes: Sequence[str], counted: Counted | None = None
) -> Fraction | None:
    """All that a percentage of a base is taken of; None where the record does not tell it."""
    register = at_cut.register
    match base:
        case "issued" | "capital":
            return sum((issued(at_cut, c) for c in classes), _NONE)
        case "outstanding":
            return sum((issued(at_cut, c) - register.treasury(c) for c in classes), _NONE)
        case "capital-par":
            return _at_par(at_cut, {c: issued(at_cut, c) for c in at_cut.capital})
    return None if counted is None else _counted(base, classes, counted)


def issued(at_cut: Known, share_class: str) -> Fraction:
    """All shares of a class, those included that nobody is known to hold."""
    rest = rest_of(at_cut, share_class)
    return at_cut.register.issued(share_class) + (rest.shares if rest else 0)


def _counted(base: str, classes: Sequence[str], counted: Counted) -> Fraction | None:
    match base:
        case "diluted":
            return counted.diluted.get(None)
        case "authorised":
            return counted.authorised(classes)
        case "gross-votes":
            return counted.totals.gross
        case "held-votes" | "mutual-votes":  # what only a law forbids to cast is held
            return counted.totals.held
        case "net-votes":
            return counted.totals.castable
        case _:
            return None


def part(
    at_cut: Balances,
    base: str,
    classes: Sequence[str],
    holder: str,
    interest: str = "direct",
    counted: Counted | None = None,
) -> Fraction | None:
    """What a holder has of a base, by itself or with what is held for it."""
    if base == "capital-par":
        return _at_par(at_cut, {c: at_cut.interest(c, holder, interest) for c in at_cut.capital})
    if base not in (*OF_VOTES, "diluted"):
        return sum((at_cut.interest(c, holder, interest) for c in classes), _NONE)
    if counted is None:
        return None
    found = _NONE
    for account, times in accounts(at_cut, holder, interest).items():
        found += times * _of_account(base, account, counted)
    return found


def _of_account(base: str, account: str, counted: Counted) -> Fraction:
    if base == "diluted":
        return counted.diluted.get(account, _NONE)
    if (one := counted.ballots.get(account)) is None:
        return _NONE
    of = one.held - (one.suspended if base == "net-votes" else 0)
    return of + (one.treasury if base == "gross-votes" else 0)


def accounts(at_cut: Balances, holder: str, interest: str) -> dict[str, Fraction]:
    """The accounts that an interest is in, each with the part that is surely the holder's."""
    found = {account_of(f"{at_cut.issuer}/", holder): Fraction(1)}
    for name, trust in at_cut.trusts.items() if interest == "aggregate" else ():
        if trust is not None and (share := trust.least_for(holder)):
            found[name] = found.get(name, _NONE) + share
    return found


def _at_par(at_cut: Balances, shares: Mapping[str, Fraction]) -> Fraction | None:
    """Shares at the par value of their classes; None where a class has none told, or another
    currency's."""
    terms = class_terms(at_cut.view, at_cut.issuer, at_cut.register.fold_key)
    pars = {c: terms.of(c).price("par_value") for c in shares}
    told = [par for par in pars.values() if par is not None]
    if len(told) < len(shares) or len({par.currency for par in told}) != 1:
        return None
    return sum((shares[c] * par.value for c, par in pars.items() if par is not None), _NONE)
