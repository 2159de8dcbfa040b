"""Economic interests through chains and loops of stakes: e = d (I - W)^-1, in exact fractions.

Companies, and trusts like them, are looked through to their owners. Loops are solved, not cut. A
loop that is wholly owned by itself has no outside owner and ends the look; so does one whose stakes
make so much more than the whole that no solution stands for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from projections.control.flows import MOST, Flows, components, reachable, solved, spread, total

_NOTHING, _WHOLE = Fraction(), Fraction(1)


class Between(NamedTuple):
    """A part of the whole: at the least, and at the most."""

    low: Fraction
    high: Fraction

    @property
    def is_exact(self) -> bool:
        """Whether it is one figure."""
        return self.low == self.high


def exactly(part: Fraction) -> Between:
    """A part that is known."""
    return Between(part, part)


NONE = exactly(_NOTHING)
Loop = tuple[str, ...]
Owners = Mapping[str, Mapping[str, Between]]  # by company: the part of each of its owners


class Oddity(NamedTuple):
    """What makes the stakes in a company no parts of a whole."""

    kind: str  # negative, self-holding or more-than-whole
    company: str
    owner: str
    part: Fraction


@dataclass(frozen=True)
class Interests:
    """Who has what of a company at the end of all chains: the holders, rings that have no outside
    owner, loops for which no solution stands, and nobody known. ``bounded`` where a loop on the way
    is too long to be solved."""

    holders: Mapping[str, Between]
    rings: Mapping[Loop, Between]
    unsolved: Mapping[Loop, Between]
    not_known: Between
    bounded: bool = False


@dataclass(frozen=True)
class Reach:
    """What a holder has of companies; None where no solution stands for a loop on
    the way.

    ``itself`` is the holder's part of itself, through others, which is not counted round again.
    """

    parts: Mapping[str, Between | None]
    itself: Between = NONE
    bounded: frozenset[str] = frozenset()


class Ownership:
    """The stakes in companies. What cannot be part of a whole is named in ``oddities``; stakes
    below nothing are left out. Loops of more than ``most`` companies give bounds."""

    def __init__(self, owners: Owners, most: int = MOST) -> None:
        self._given, self.most = owners, most

    @cached_property
    def owners(self) -> Owners:
        """By company: the part of each owner that has any."""
        return {
            company: {o: Between(max(p.low, _NOTHING), p.high) for o, p in of.items() if p.high > 0}
            for company, of in self._given.items()
        }

    @cached_property
    def oddities(self) -> list[Oddity]:
        """What makes the stakes in a company no parts of a whole."""
        found = []
        for company, of in self._given.items():
            for owner, part in of.items():
                if part.low < 0:
                    found.append(Oddity("negative", company, owner, part.low))
                elif owner == company and part.high:
                    found.append(Oddity("self-holding", company, owner, part.high))
            whole = total(part.low for part in self.owners[company].values())
            if whole > 1:
                found.append(Oddity("more-than-whole", company, company, whole))
        return found

    def ending_at(self, holder: str) -> Ownership:
        """The same, where nobody looks through a holder to its own owners."""
        return Ownership({c: of for c, of in self.owners.items() if c != holder}, self.most)

    @cached_property
    def _loops(self) -> list[Loop]:
        """The companies in loops, and those that own a part of themselves."""
        into = {c: [o for o in of if o in self.owners] for c, of in self.owners.items()}
        return [loop for loop in components(into) if len(loop) > 1 or loop[0] in into[loop[0]]]

    @cached_property
    def rings(self) -> list[Loop]:
        """The loops that are wholly owned by themselves."""
        return [loop for loop in self._loops if self._is_ring(loop)]

    def _is_ring(self, loop: Loop) -> bool:
        return all(
            total(part.low for part in self.owners[company].values()) == 1
            and all(owner in loop for owner in self.owners[company])
            for company in loop
        )

    @cached_property
    def unsolved(self) -> list[Loop]:
        """The loops for which no solution stands."""
        return [
            loop
            for loop in self._loops
            if loop not in self.rings and not self._converges(loop, low=True)
        ]

    def _converges(self, loop: Loop, *, low: bool) -> bool:
        """Whether what goes round in a loop becomes less each time."""
        flows = _flows({company: self.owners[company] for company in loop}, loop, low=low)
        sums = [total(of.values()) for of in flows.values()]
        linked = all(part for of in flows.values() for part in of.values())
        if max(sums) <= 1 and min(sums) < 1 and (linked or len(loop) > self.most):
            return True
        if len(loop) > self.most:
            return False
        found = solved(loop, dict.fromkeys(loop, Fraction(1)), flows)
        return found is not None and all(value > 0 for value in found.values())

    @cached_property
    def _ends(self) -> frozenset[str]:
        return frozenset(company for loop in (*self.rings, *self.unsolved) for company in loop)

    @cached_property
    def _through(self) -> Owners:
        """The stakes in the companies that are looked through."""
        return {c: of for c, of in self.owners.items() if c not in self._ends}

    @cached_property
    def _long(self) -> frozenset[str]:
        """The companies in loops that are too long to be solved."""
        long = (loop for loop in self._loops if len(loop) > self.most)
        return frozenset(company for loop in long for company in loop) - self._ends

    @cached_property
    def _is_exact(self) -> bool:
        return all(part.is_exact for of in self._through.values() for part in of.values())

    @cached_property
    def _stands_high(self) -> bool:
        """Whether the solution with all upper ends stands."""
        loops = [loop for loop in self._loops if not self._ends.intersection(loop)]
        return all(len(loop) <= self.most and self._converges(loop, low=False) for loop in loops)

    def _lacking(self, company: str) -> Fraction:
        """The part of a company that surely belongs to nobody known."""
        return max(1 - total(p.high for p in self._through[company].values()), _NOTHING)

    def of(self, company: str) -> Interests:
        """Who has what of a company at the end of all chains; nobody known, where nobody is told to
        have a part of it."""
        if company not in self.owners:
            return Interests({}, {}, {}, exactly(Fraction(1)))
        upward = self._upward(company)
        carried = spread({company: Fraction(1)}, self._out(upward, low=True), self.most)
        low, high = self._at_the_end(carried, low=True), None
        if self._is_exact:
            high = low if not self._long.intersection(upward) else None
        elif self._stands_high:
            most = spread({company: Fraction(1)}, self._out(upward, low=False), self.most)
            high = self._at_the_end(most, low=False)
        unknown = total(self._lacking(c) * p for c, p in carried.items() if c in self._through)
        known = total(low.values())
        parts = {
            end: _between(low.get(end, _NOTHING), known + unknown, _at(high, end))
            for end in dict.fromkeys([*low, *(high or ())])
        }
        not_known = Between(unknown, max(1 - known, unknown))
        bounded = bool(self._long.intersection(upward))
        if not bounded:
            self._check_whole(upward, parts.values(), not_known)
        return Interests(
            {end: part for end, part in parts.items() if end not in self._ends},
            _together(parts, self.rings), _together(parts, self.unsolved), not_known, bounded,
        )  # fmt: skip

    def _check_whole(
        self, upward: Iterable[str], parts: Iterable[Between], not_known: Between
    ) -> None:
        """Exact interests make the whole, unless stakes on the way make more than it."""
        odd = {one.company for one in self.oddities if one.kind == "more-than-whole"}
        found = [*parts, not_known]
        told = odd.isdisjoint(upward) and all(part.is_exact for part in found)
        if told and total(part.low for part in found) != 1:
            raise ArithmeticError("The interests in a company do not make the whole.")

    def _upward(self, company: str) -> list[str]:
        """A company and all that are looked through to its owners."""
        into = {c: [o for o in of if o in self._through] for c, of in self._through.items()}
        return list(reachable(into, [company]))

    def _out(self, among: Sequence[str], *, low: bool) -> Flows:
        """By owner: what of the companies it owns passes through it, among some companies."""
        out = defaultdict[str, dict[str, Fraction]](dict)
        for company, of in _flows(self._through, among, low=low).items():
            for owner, part in of.items():
                out[owner][company] = part
        return {company: out.get(company, {}) for company in among}

    def _at_the_end(self, carried: Mapping[str, Fraction], *, low: bool) -> dict[str, Fraction]:
        """What comes to those who are not looked through."""
        found = defaultdict[str, Fraction](Fraction)
        for company, part in carried.items():
            if company not in self._through:
                found[company] += part
            for owner, of in self._through.get(company, {}).items():
                if owner not in self._through:
                    found[owner] += part * (of.low if low else of.high)
        return dict(found)

    def held_by(self, holder: str) -> Reach:
        """What a holder has of the companies it has anything of, itself and through others."""
        return self.ending_at(holder)._reach(holder, self.owners.get(holder, {}))

    def _reach(self, holder: str, own: Mapping[str, Between]) -> Reach:
        out = defaultdict[str, list[str]](list)
        for company, of in self.owners.items():
            for owner in of:
                out[owner].append(company)
        down = list(reachable(out, [holder]))[1:]
        direct = {c: of[holder] for c, of in self._through.items() if holder in of}
        low_flows = _flows(self._through, self._through, low=True)
        low = spread({c: part.low for c, part in direct.items()}, low_flows, self.most)
        bounded = frozenset(reachable(out, self._long)).intersection(down)
        high = None
        if self._is_exact and not bounded:
            high = low
        elif self._stands_high:
            high_flows = _flows(self._through, self._through, low=False)
            high = spread({c: part.high for c, part in direct.items()}, high_flows, self.most)
        others = {} if high is low else spread(self._of_others(holder), low_flows, self.most)
        parts = dict[str, Between | None]()
        for company in down:
            if company in self._through:
                least = low.get(company, _NOTHING)
                taken = 1 - least if high is low else others.get(company, _NOTHING)
                parts[company] = _between(least, least + taken, _at(high, company))
            else:
                parts[company] = NONE
        lost = [company for loop in self.unsolved for company in loop if company in parts]
        parts |= dict.fromkeys(reachable(out, lost))
        found = [(part, of) for owner, of in own.items() if (part := parts.get(owner))]
        itself = (
            total(p.low * of.low for p, of in found),
            total(p.high * of.high for p, of in found),
        )
        return Reach(parts, Between(*itself), bounded)

    def _of_others(self, holder: str) -> dict[str, Fraction]:
        """By company: the part that surely belongs to others than a holder, or to nobody known."""
        return {
            company: self._lacking(company)
            + total(p.low for o, p in of.items() if o not in self._through and o != holder)
            for company, of in self._through.items()
        }


def _between(low: Fraction, sure: Fraction, high: Fraction | None) -> Between:
    """A part, with the smaller of its upper bounds: what surely is not the others', given that
    ``sure`` is all that is sure, and the solution with upper ends, where one stands. Where more
    than the whole is sure, nothing follows from what the others have."""
    most = 1 - (sure - low) if sure <= 1 else max(high or low, _WHOLE)
    return Between(low, max(most if high is None else min(most, high), low))


def _at(values: Mapping[str, Fraction] | None, place: str) -> Fraction | None:
    return None if values is None else values.get(place, _NOTHING)


def _together(parts: Mapping[str, Between], loops: Iterable[Loop]) -> dict[Loop, Between]:
    """What ends in each loop."""
    found = {loop: [parts[company] for company in loop if company in parts] for loop in loops}
    return {
        loop: Between(total(p.low for p in held), total(p.high for p in held))
        for loop, held in found.items()
        if held
    }


def _flows(owners: Owners, among: Iterable[str], *, low: bool) -> Flows:
    """The lower or the upper ends of the stakes that some companies have in one another."""
    among = frozenset(among)
    return {
        company: {o: part.low if low else part.high for o, part in of.items() if o in among}
        for company, of in owners.items()
        if company in among
    }
