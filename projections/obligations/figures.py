"""What a clause measures: the shares or votes of a party, of how many (docs/arithmetic.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from ledger.model.register import account_of
from ledger.time.view import View
from ledger.values.quantities import rounded
from projections.answer import whole
from projections.control.members import members
from projections.obligations.binding import Bound
from projections.obligations.sets import Counted, counted_with
from projections.subjects.ballots import reached
from projections.subjects.bases import IN_FULL, classes_of
from projections.subjects.counts import Count
from projections.subjects.register_at_cut import RegisterAtCut, register_at_cut
from projections.subjects.voting_rights import Rights
from projections.told import COUNT, told

UNSAID = ("issued", "net-votes")  # what a percentage is measured of where the clause does not say
Counting = Callable[[View, str, str | None], Counted]
_PLACES = (4, 8, 18)


class Figure(NamedTuple):
    """How many shares or votes a party has, and of how many; ``at_least`` where others that the
    clause counts with it may have more."""

    base: str
    has: Fraction
    of: Fraction
    at_least: bool = False
    digits: int = 0

    @property
    def percent(self) -> Fraction | None:
        return self.has / self.of * 100 if self.of > 0 else None

    @property
    def words(self) -> str:
        """The figure in words, with what it is made of."""
        return self.words_beside(None)

    def words_beside(self, limit: Fraction | None) -> str:
        """The figure in words, with as many decimals as tell it from a limit."""
        counts = (told(COUNT, whole(number, self.digits)) for number in (self.has, self.of))
        share = "no part" if self.percent is None else f"{percent_text(self.percent, limit)}%"
        return f"{share} ({'{} of {}'.format(*counts)} {IN_FULL[self.base]})"


def percent_text(share: Fraction, limit: Fraction | None = None) -> str:
    """A percentage with four decimals, or with as many as tell it from a limit."""
    for places in _PLACES:
        text = rounded(share, places)
        if limit is None or share == limit or Fraction(text) != limit:
            return text
    return str(share)


class Standing:
    """The register and the votes of an issuer on one day, of which clauses ask figures."""

    def __init__(self, view: View, issuer: str, counted: Counting = counted_with) -> None:
        self.view, self.issuer, self._found = view, issuer, counted
        self._rights = Rights(view, members)
        self._sets: dict[tuple[str, str | None], tuple[list[str], bool]] = {}

    @cached_property
    def at_cut(self) -> RegisterAtCut:
        return register_at_cut(self.view, self.issuer, self._rights, checking=False)

    @cached_property
    def _count(self) -> Count:
        return Count(self.at_cut, self._rights)

    def classes(self, share_class: str | None) -> list[str]:
        """The class that is named, or every class of capital."""
        return classes_of(self.at_cut, share_class)

    def accounts(self, party: str, reach: str | None) -> list[str]:
        """The accounts that count as a party's: its own; unless ``own`` is all that counts, those
        held in trust for it, or that vote as it instructs."""
        return list(self._parts(party, reach))

    def _parts(self, party: str, reach: str | None) -> dict[str, Fraction]:
        """The accounts that count as a party's, and what part of each: of a trust, what is for it,
        and for those whose shares count with its, at the least."""
        if reach == "instructed":
            return dict.fromkeys(reached(self.at_cut, self._rights, reach, party), Fraction(1))
        counted, _ = self._counted(party, reach)
        found = {account_of(f"{self.issuer}/", one): Fraction(1) for one in counted}
        for name, trust in self.at_cut.trusts.items() if reach != "own" else ():
            part = _sum(trust.least_for(one) for one in counted) if trust else Fraction()
            if part and name not in found:
                found[name] = part
        return found

    def _counted(self, party: str, reach: str | None) -> tuple[list[str], bool]:
        if (party, reach) not in self._sets:
            self._sets[party, reach] = self._found(self.view, party, reach)
        return self._sets[party, reach]

    def is_told(self, party: str) -> bool:
        """Whether the register tells what a party holds."""
        at_cut = self.at_cut
        if not at_cut.classes:
            return False
        told_of = any(at_cut.has_line(c, party) for c in at_cut.classes)
        return told_of or not any(map(at_cut.may_hide, at_cut.classes))

    def shares(self, party: str, reach: str | None, share_class: str | None = None) -> Fraction:
        """The shares that count as a party's."""
        held, classes = self.at_cut.register.shares, self.classes(share_class)
        parts = self._parts(party, reach).items()
        return _sum(held(c, account) * part for account, part in parts for c in classes)

    def operands(
        self, base: str, party: str, reach: str | None, share_class: str | None
    ) -> dict[str, tuple[Fraction, Fraction]]:
        """The accounts that count as a party's, each with the part that does and what it has of a
        base."""
        classes = self.classes(share_class)
        return {
            account: (part, has)
            for account, part in self._parts(party, reach).items()
            if (has := self._count.of(base, account, classes)) is not None
        }

    def figure(
        self, base: str, party: str, reach: str | None, share_class: str | None
    ) -> Figure | None:
        """What a party has of a base; None where the record does not tell it."""
        of, has = self.base(base, share_class), self.has(base, party, reach, share_class)
        counted, more = self._counted(party, reach)
        if of is None or has is None or not any(map(self.is_told, counted)):
            return None
        digits = 0 if base == "capital-par" else self.at_cut.digits
        return Figure(base, has, of, more, digits)

    def has(
        self, base: str, party: str, reach: str | None, share_class: str | None
    ) -> Fraction | None:
        """What counts as a party's of a base; None where the record does not tell it."""
        return self._count.part(base, self._parts(party, reach), self.classes(share_class))

    def percent(
        self, base: str, share_class: str | None, of: str, shares: Fraction
    ) -> Fraction | None:
        """What some shares of a class are in percent of a base; None where that is not told."""
        worth, whole = self._count.worth(base, of, shares), self.base(base, share_class)
        return worth / whole * 100 if worth is not None and whole else None

    def by_class(self, base: str, share_class: str | None) -> dict[str, Fraction]:
        """What each class adds to all of a base of shares."""
        found = self._count.in_issue
        of_all = base in ("capital", "capital-par")
        shares = found.outstanding if base == "outstanding" else found.issued
        each = {
            c: found.part(base, [c], shares.__getitem__)
            for c in (found.capital if of_all else self.classes(share_class))
            if c in shares
        }
        return {c: number for c, number in each.items() if number}

    def base(self, base: str, share_class: str | None = None) -> Fraction | None:
        """All that a percentage is measured of; None where the record does not tell it."""
        return self._count.whole(base, self.classes(share_class))


def figures(at: Standing, clause: Bound, party: str, reach: str | None) -> Sequence[Figure]:
    """What a clause measures of a party: on its base or, where it names none, on issued shares and
    on the votes that can be cast. Empty where the record does not tell it."""
    named, share_class = clause.text("base"), clause.text("share_class")
    bases = (named,) if named else ("issued",) if share_class else UNSAID
    found = [at.figure(base, party, reach, share_class) for base in bases]
    if found[0] is None:
        return ()
    return [one for one in found if one is not None]


def _sum(numbers: Iterable[Fraction]) -> Fraction:
    return sum(numbers, Fraction())
