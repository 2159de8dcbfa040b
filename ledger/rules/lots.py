"""Lots that events name: each is there, and of so many shares."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.model.lots import ORDINARY, said_lots
from ledger.model.movements import RESHAPING
from ledger.model.register import Pair, Register, issuer_of, legs
from ledger.time.view import View
from ledger.time.voting import VotingRights
from ledger.values.refusals import shown
from ledger.values.share_counts import count_text

_NAMING = ("shares-issued", "shares-paid-up")  # what names lots by what is paid on them
_NONE = Fraction()


class Unsound(NamedTuple):
    """Why an event about votes or lots cannot stand, and what to do."""

    fact: Fact
    wrong: str
    remedy: str
    place: str

    @property
    def identity(self) -> tuple[str, str]:
        return self.fact.key, self.place


def unsound_lots(
    view: View, fact: Fact, rights: VotingRights, register: Register
) -> Iterator[Unsound]:
    """What cannot be of the lots that an event names, of which the register has just applied what
    moves shares."""
    names = [one["lot"] for one in fact.many("lots")]
    if not names:
        return
    if fact.type in RESHAPING:
        yield from _reshaped(fact, rights, register)
    elif fact.standing == "official":
        yield from _leaving(view, fact, rights, register)


def _reshaped(fact: Fact, rights: VotingRights, register: Register) -> Iterator[Unsound]:
    share_class = fact.need("share_class")
    into = fact.text("into_class") or share_class
    for one in fact.many("lots"):
        name, holder = one["lot"], one.get("holder")
        found = [account for _, account in rights.holders_of(share_class, name)]
        if holder is None and len(found) > 1:
            several = ", ".join(sorted(found))
            yield _wrong(
                fact,
                f"there is a lot {shown(name)} of each of {several}, and whose is meant is not"
                " said.",
                f"Give its holder with each: {{lot: {name}, shares: ..., holder: {found[0]}}}.",
            )
        elif (holder not in found if holder else not found) and fact.standing == "official":
            yield _unknown(fact, name, share_class, holder, rights)
    if fact.standing != "official":
        return
    for pair, then in rights.lots_then(fact).items():
        there, said = register.shares(into, pair[1]), sum(then.values(), _NONE)
        if pair in rights.lots and said > there:
            digits = register.digits(into)
            yield _wrong(
                fact,
                f"the lots named of {pair[1]} are {count_text(said, digits)} shares, and it has"
                f" {count_text(there, digits)} {into} then.",
                "Give the shares of each lot after the event.",
            )


def _leaving(view: View, fact: Fact, rights: VotingRights, register: Register) -> Iterator[Unsound]:
    pair, shares, said = _giver(fact), Fraction(fact.shares()), said_lots(fact)
    digits, whole = register.digits(pair[0]), sum(said.values(), _NONE)
    if whole > shares:
        yield _wrong(
            fact,
            f"the lots named are {count_text(whole, digits)} shares, more than the"
            f" {count_text(shares, digits)} of the event.",
            "Give of each lot the shares that the event is of.",
        )
    moved = fact.type != "registration-changed"
    balance = register.shares(*pair) + (shares if moved else 0)
    there = {lot.name: lot.shares for lot in rights.lots.of(pair)}
    if there:
        there[ORDINARY] = rights.lots.ordinary(pair, balance)
    for name, number in said.items():
        if name in there:
            if number > there[name]:
                has = f"{count_text(there[name], digits)} {pair[0]} in the lot {shown(name)} then"
                yield _wrong(
                    fact,
                    f"{pair[1]} has {has}, not the {count_text(number, digits)} named.",
                    "Give of each lot at most what it has.",
                )
        elif name != ORDINARY and name not in _named_by_issues(view, pair[0]):
            yield _unknown(fact, name, pair[0], pair[1], rights)


def _giver(fact: Fact) -> Pair:
    """The account whose lots are named."""
    share_class = fact.need("share_class")
    if fact.type == "registration-changed":
        return share_class, fact.need("holder")
    account = next(account for account, sign in legs(fact.type, fact.data) if sign < 0)
    return share_class, account


def _named_by_issues(view: View, share_class: str) -> set[str]:
    issues = view.about(f"issuer:{issuer_of(share_class)}", types=_NAMING).counted
    return {lot for fact in issues if (lot := fact.text("lot"))}


def _unknown(
    fact: Fact, name: str, share_class: str, holder: str | None, rights: VotingRights
) -> Unsound:
    who = rights.lots.pairs(share_class)
    names = {lot.name for pair in who if holder in (None, pair[1]) for lot in rights.lots.of(pair)}
    there = f"its lots are: {', '.join(sorted(names))}" if names else "it has none"
    whose = holder or share_class
    return _wrong(
        fact,
        f"{whose} has no lot {shown(name)} then; {there}.",
        "Name a lot as it was granted or issued, or leave lots out.",
    )


def _wrong(fact: Fact, wrong: str, remedy: str) -> Unsound:
    return Unsound(fact, wrong, remedy, "lots")
