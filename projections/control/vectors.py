"""Economic interests in very many companies at once: who has what of each in the end, exactly.

Companies are taken from owners to owned. What is of a company in the end is the sum of what is of
its owners; companies that hold one another are solved together, by whole numbers alone. Stakes that
are no exact parts of a whole, and loops that are too long, are left to ``interests``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import gcd, lcm
from typing import NamedTuple

from projections.control.flows import MOST, components

_LONG = 128  # bits of a denominator above which it is made as small as it can be


class Stakes(NamedTuple):
    """The parts of a company's capital: how many there are, and how many each owner has."""

    whole: int
    owners: Mapping[str, int]


class Ends(NamedTuple):
    """Who has a company in the end: parts of ``whole``; under None what nobody is known to have."""

    whole: int
    parts: Mapping[str | None, int]


class Found(NamedTuple):
    """A company with who has it in the end: None where that is left to others, for good reason, or
    because it rests on a loop that is too ``long``."""

    company: str
    ends: Ends | None
    long: bool = False


def ends(
    stakes: Mapping[str, Stakes], left: Mapping[str, Sequence[str]], most: int = MOST
) -> Iterator[Found]:
    """Each company after its owners. Those that are ``left`` to others, by their owners, are not
    worked out, nor what rests on them."""
    into = {
        company: [o for o in owners if o in stakes or o in left]
        for company, owners in (*((c, of.owners) for c, of in stakes.items()), *left.items())
    }
    uses = Counter(owner for owners in into.values() for owner in owners)
    found, long = dict[str, Ends](), set[str]()
    for loop in components(into):
        solved = _of_loop(loop, stakes, into, found, most)
        found |= solved
        if len(loop) > most or any(owner in long for c in loop for owner in into[c]):
            long.update(loop)
        for company in loop:
            yield Found(company, solved.get(company), company in long)
        for owner in (owner for company in loop for owner in into[company]):
            uses[owner] -= 1
            if not uses[owner]:
                found.pop(owner, None)


def _of_loop(
    loop: Sequence[str],
    stakes: Mapping[str, Stakes],
    into: Mapping[str, Sequence[str]],
    found: Mapping[str, Ends],
    most: int,
) -> dict[str, Ends]:
    """Who has the companies of a loop in the end; nothing where that is left to others."""
    among = {company: n for n, company in enumerate(loop)}
    known = all(c in stakes and all(o in found or o in among for o in into[c]) for c in loop)
    if not known or len(loop) > most:
        return {}
    own = [_outside(stakes[company], into[company], found, among) for company in loop]
    if len(loop) == 1 and loop[0] not in into[loop[0]]:
        (company,) = loop
        return {company: _reduced(own[0].whole * stakes[company].whole, own[0].parts)}
    return _solved(loop, [stakes[company] for company in loop], own, among)


def _outside(
    of: Stakes, owners: Sequence[str], found: Mapping[str, Ends], among: Mapping[str, int]
) -> Ends:
    """What comes to the ends through owners outside of a loop: parts of the stakes times a
    denominator."""
    through = [owner for owner in owners if owner not in among]
    by = lcm(*(found[owner].whole for owner in through))
    parts = defaultdict[str | None, int](int)
    for owner, number in of.owners.items():
        if owner in found and owner not in among:
            whole, inner = found[owner]
            times = number * (by // whole)
            for end, part in inner.items():
                parts[end] += part * times
        elif owner not in among:
            parts[owner] += number * by
    if unknown := of.whole - sum(of.owners.values()):
        parts[None] += unknown * by
    return Ends(by, parts)


def _solved(
    loop: Sequence[str], of: Sequence[Stakes], own: Sequence[Ends], among: Mapping[str, int]
) -> dict[str, Ends]:
    """The ends of companies that hold one another; nothing where they hold all of themselves."""
    matrix = []
    for n, one in enumerate(of):
        row = [0] * len(of)
        for owner, number in one.owners.items():
            if owner in among:
                row[among[owner]] -= number
        row[n] += one.whole
        matrix.append(row)
    inverse = _inverse(matrix)
    if inverse is None:
        return {}
    whole, adjoint = inverse
    by = lcm(*(one.whole for one in own))
    found = {}
    for company, row in zip(loop, adjoint, strict=True):
        parts = defaultdict[str | None, int](int)
        for factor, inflow in zip(row, own, strict=True):
            times = factor * (by // inflow.whole)
            for end, part in inflow.parts.items():
                parts[end] += part * times
        if sum(parts.values()) != whole * by:
            raise ArithmeticError(f"The interests in {company} do not make the whole.")
        found[company] = _reduced(whole * by, parts)
    return found


def _inverse(matrix: list[list[int]]) -> tuple[int, list[list[int]]] | None:
    """The determinant of a matrix and what, divided by it, is the inverse, without fractions
    (Bareiss) and in its own place; None where it is 0. No stake is below nothing, so no pivot on
    the way is."""
    work, before = matrix, 1
    for column, chosen in enumerate(work):
        pivot, chosen[column] = chosen[column], before
        if not pivot:
            return None
        for row in work:
            if row is not chosen:
                factor, row[column] = row[column], 0
                row[:] = [
                    (a * pivot - factor * b) // before for a, b in zip(row, chosen, strict=True)
                ]
        before = pivot
    return before, work


def _reduced(whole: int, parts: Mapping[str | None, int]) -> Ends:
    if whole.bit_length() <= _LONG:
        return Ends(whole, parts)
    by = gcd(whole, *parts.values())
    return Ends(whole // by, {end: part // by for end, part in parts.items()})
