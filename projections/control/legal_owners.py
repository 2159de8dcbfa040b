"""Owners of a company by law: the European rules on money laundering, and significant control."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from projections.control.blocked import ofac
from projections.control.capital import Capital
from projections.control.flows import total
from projections.control.interests import Between, Ownership
from projections.control.kernel import HALF, Control
from projections.control.owner_rules import (
    OWNER,
    Look,
    Owner,
    Threshold,
    economic,
)

_WHOLE = Fraction(1)


class _Limb(NamedTuple):
    """One way in which a rule finds an owner."""

    by: str
    certain: bool
    part: Between | None = None
    of: str | None = None
    through: tuple[str, ...] = ()


def launderers(look: Look, threshold: Threshold) -> Iterator[Owner]:
    """By interests multiplied, control, or both in one chain; and the parties to trusts."""
    for party in look.ultimate:
        limbs = list(_limbs(look, party, threshold))
        if limbs:
            yield _owner(party, limbs)
    yield from look.trusts(threshold)


def _owner(party: str, limbs: list[_Limb]) -> Owner:
    """An owner by all its limbs; the figure is that of the first certain one that has any."""
    certain = any(limb.certain for limb in limbs)
    kept = [limb for limb in limbs if limb.certain or not certain]
    by = ", ".join(dict.fromkeys(limb.by for limb in kept))
    through = tuple(dict.fromkeys(one for limb in kept for one in limb.through))
    first = next((limb for limb in kept if limb.part is not None), kept[0])
    return Owner(party, OWNER, by, first.part, first.part, certain, through, first.of)


def _limbs(look: Look, party: str, threshold: Threshold) -> Iterator[_Limb]:
    parts = (("capital", look.capital.told), ("votes", look.votes))
    for of, owners in parts:
        part = owners.held_by(party).parts.get(look.company)
        if part is not None and (sure := threshold.judge(part)) is not None:
            yield _Limb(f"{of} multiplied", sure, part, of)
    for control in look.controls:
        group = control.group(party)
        if look.company in group.entries:
            through = tuple(one for one in sorted(group.members) if _stands(look, one, party))
            yield _Limb("control", control.sure, through=through)
        yield from _mixed(look, party, control, threshold)


def _stands(look: Look, one: str, party: str) -> bool:
    """Whether a company stands between a party and the one that is looked at."""
    electorate = look.structure.electorates.get(look.company)
    return one not in (party, look.company) and bool(electorate and one in electorate.by_voter)


def _mixed(look: Look, party: str, control: Control, threshold: Threshold) -> Iterator[_Limb]:
    """Who controls those with a direct interest, and who has an interest in those that control."""
    members = control.group(party).members - {look.company}
    for of, owners in (("capital", look.capital.told), ("votes", look.votes)):
        held = owners.owners.get(look.company, {})
        between = tuple(one for one in held if one in members and one != party)
        if between:
            part = _sum(held, members)
            if threshold.meets(part.low if control.sure else part.high):
                yield _Limb("controls who has an interest", control.sure, part, of, between)
    reach = look.capital.told.held_by(party)
    for one in look.structure.electorates:
        interest = reach.parts.get(one)
        if interest is None or one == look.company:
            continue
        if look.company in control.group(one).entries and threshold.meets(
            interest.low if control.sure else interest.high
        ):
            yield _Limb("interest in who controls", control.sure, interest, "capital", (one,))


def _sum(held: Mapping[str, Between], who: Iterable[str]) -> Between:
    parts = [held[one] for one in who if one in held]
    high = min(total(part.high for part in parts), _WHOLE)
    return Between(min(total(part.low for part in parts), _WHOLE), high)


def significant(look: Look, threshold: Threshold) -> Iterator[Owner]:
    """With shares by par value or votes, held directly or by the last of a chain of majority
    stakes; by the right to a majority of the board, or on record. Parties to a concert hold all."""
    capital = Capital(look.network, [look.company], upward=True, by_par=True).told
    for party in look.ultimate:
        limbs = list(_significant(look, capital, party, threshold))
        if limbs:
            yield _owner(party, limbs)
    yield from look.trusts(threshold)


def _significant(
    look: Look, capital: Ownership, party: str, threshold: Threshold
) -> Iterator[_Limb]:
    company = look.company
    together = {party, *look.structure.concerts.get(party, ())}
    for control in look.controls:
        chain = {one for member in together for one in _majorities(look, control, member)}
        for of, owners in (("shares", capital), ("votes", look.votes)):
            held = owners.owners.get(company, {})
            part = _sum(held, chain)
            if threshold.meets(part.low if control.sure else part.high):
                between = tuple(one for one in held if one in chain and one != party)
                base = "capital" if of == "shares" else of
                yield _Limb(of, control.sure, part, base, between)
        electorate = look.structure.electorates.get(company)
        seats = sum(electorate.seats.get(one, 0) for one in chain) if electorate else 0
        if electorate and seats * 2 > electorate.board and electorate.board_known:
            yield _Limb("board", control.sure)
        if any(company in look.structure.recorded.get(one, ()) for one in chain):
            yield _Limb("control", control.sure)
    for relation in look.network.relations(company):
        if relation.kind == "significant-control" and (relation.party, relation.of) == (
            party,
            company,
        ):
            yield _Limb("on record", certain=True)


def _majorities(look: Look, control: Control, party: str) -> set[str]:
    """A party and those below it, link by link of a majority of votes or of control on record."""
    found, pending = {party}, [party]
    structure = look.structure
    while pending:
        one = pending.pop()
        for company, electorate in structure.electorates.items():
            if company in found or company == look.company:
                continue
            seats = electorate.seats.get(one, 0) * 2 > electorate.board and electorate.board_known
            if (
                seats
                or company in structure.recorded.get(one, ())
                or control.tally(company, {one}).exceeds(HALF)
            ):
                found.add(company)
                pending.append(company)
    return found


def band_of(part: Between | None) -> str | None:
    """The band of a register of significant control that a part surely lies in."""
    found = {_band(end) for end in part} if part is not None else set()
    return found.pop() if len(found) == 1 else None


def _band(part: Fraction) -> str | None:
    if part >= Fraction(3, 4):
        return "75-or-more"
    if part > HALF:
        return "over-50-under-75"
    return "over-25-to-50" if part > Fraction(1, 4) else None


class Rule(NamedTuple):
    """A rule of who is an owner: what finds them, its own threshold, and where it stands."""

    find: Callable[[Look, Threshold], Iterator[Owner]]
    threshold: Threshold
    words: str


_QUARTER = Fraction(1, 4)
RULES: Mapping[str, Rule] = {
    "economic": Rule(economic, Threshold(Fraction(), above=True), "stakes multiplied along chains"),
    "amlr": Rule(
        launderers,
        Threshold(_QUARTER),
        "Regulation (EU) 2024/1624, articles 51 to 54 and 58, from 2027-07-10",
    ),
    "amld": Rule(
        launderers,
        Threshold(_QUARTER, above=True),
        "Directive (EU) 2015/849, article 3(6); states differ in whether they multiply interests",
    ),
    "psc": Rule(
        significant,
        Threshold(_QUARTER, above=True),
        "Companies Act 2006, schedule 1A; a company of the chain that keeps such a register itself"
        " may stand in for those behind it",
    ),
    "ofac": Rule(ofac, Threshold(HALF), "OFAC FAQ 398, 399, 401; control counts for nothing"),
}
