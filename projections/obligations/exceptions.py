"""Exceptions: whether what a clause does not forbid is what an event does, as far as it is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from ledger.model.fact import Fact
from ledger.model.movements import MOVEMENTS
from ledger.time.view import View
from ledger.values.dates import days_before
from projections.control.network import Network
from projections.obligations.acts import Act
from projections.obligations.binding import Bound
from projections.obligations.figures import Standing
from projections.obligations.limits import CEILING
from projections.obligations.record import acts_before, approvals, is_by
from projections.obligations.sets import are_affiliates
from projections.subjects.trusts import trust_at


class Exempt(NamedTuple):
    """An exception of a clause that an event falls under, surely or perhaps."""

    terms: dict[str, Any]
    surely: bool


class Tested(NamedTuple):
    """An exception of a clause held against an event: whether each thing that it says is so; None
    where the record does not tell it."""

    terms: dict[str, Any]
    found: Sequence[tuple[str, bool | None]]

    @property
    def applies(self) -> bool | None:
        """Whether the event falls under it; None where it perhaps does."""
        said = [is_so for _, is_so in self.found]
        return False if False in said else None if None in said else True


def tested(view: View, before: Standing | None, clause: Bound, act: Act) -> list[Tested]:
    """The exceptions of a clause, each held against an event."""
    return [
        Tested(one, list(_each(view, before, clause, act, one)))
        for one in clause.many("exceptions")
    ]


def exempt(view: View, before: Standing | None, clause: Bound, act: Act) -> Exempt | None:
    """The exception that an event falls under; one that only may be it where no other surely is."""
    found = tested(view, before, clause, act)
    for surely in (True, None):
        for one in found:
            if one.applies is surely:
                return Exempt(one.terms, bool(surely))
    return None


def _each(
    view: View, before: Standing | None, clause: Bound, act: Act, terms: dict[str, Any]
) -> Iterator[tuple[str, bool | None]]:
    """Each thing that an exception says by its field, and whether it is so; None where the record
    does not tell it."""
    yield from _conditions(view, clause, act, terms)
    if "percent" in terms:
        yield "percent", _is_within(view, before, clause, act, terms)


def _conditions(
    view: View, clause: Bound, act: Act, terms: dict[str, Any]
) -> Iterator[tuple[str, bool | None]]:
    """Whether each thing but its size is so."""
    for name, value in terms.items():
        match name:
            case "transferor":
                yield name, act.giver == value
            case "transferee":
                yield name, act.taker == value
            case "event":
                yield name, act.fact.type == value
            case "ground":
                yield name, act.fact.text("ground") == value
            case "consent_of":
                yield name, any(is_by(one, value) for one in approvals(view, clause, act.fact))
            case "among":
                yield name, _is_among(view, act, value)
            case "text":
                yield name, None


def _is_within(
    view: View, before: Standing | None, clause: Bound, act: Act, terms: dict[str, Any]
) -> bool | None:
    """Whether an event moves no more than a part of all shares, with the earlier ones of its party
    that fell under the exception."""
    if before is None:
        return None
    part, left = _part(before, clause, act), Fraction(terms["percent"])
    if part is None:
        return None
    for one in map(Act, _earlier(view, clause, act, terms)):
        at = Standing(view.on(days_before(one.fact.order[0], 1)), before.issuer)
        moved = _part(at, clause, one)
        if moved is None:
            return None
        left -= moved if moved <= left else 0
    return part <= left


def _part(before: Standing, clause: Bound, act: Act) -> Fraction | None:
    """The shares that an event moves, in percent of those issued before; None where that is not
    told."""
    of = before.base("issued", clause.text("share_class") or act.share_class)
    return act.shares / of * 100 if of and act.shares is not None else None


def _earlier(view: View, clause: Bound, act: Act, terms: dict[str, Any]) -> list[Fact]:
    """The earlier events by which the same party moved shares under a clause as an exception
    says."""
    who = _mover(clause, act)
    subject = f"party:{who}" if who else f"issuer:{act.issuer}"

    def alike(one: Fact) -> bool:
        earlier = Act(one)
        same = _mover(clause, earlier) == who and act.issuer in earlier.issuers
        if not same or one.order < clause.since.order:
            return False
        return all(is_so is not False for _, is_so in _conditions(view, clause, earlier, terms))

    return acts_before(view, subject, MOVEMENTS, act.fact, alike)


def _mover(clause: Bound, act: Act) -> str | None:
    """Whose shares a clause looks at: who gains them under a ceiling, else who gives them."""
    return act.taker if clause.kind == CEILING else act.giver


def _is_among(view: View, act: Act, among: str) -> bool | None:
    """Whether who gains shares belongs to those that an exception names."""
    giver, taker, issuer = act.giver, act.taker, act.issuer
    if taker is None:
        return False
    network = Network(view)
    match among:
        case "affiliates":
            return giver is not None and are_affiliates(view, giver, taker)
        case "members":
            register = Standing(view, issuer).at_cut.register if issuer else None
            return register is not None and any(
                register.shares(c, taker) > 0 for c in register.classes
            )
        case "employees":
            return _stands_in(network, taker, issuer, "employment")
        case "fund-investors":
            return _stands_in(network, taker, giver, "member") or None
        case "family-trusts":
            trust = trust_at(view, taker)
            return trust is not None and giver in trust.terms.get("settlors", ())
        case _:
            return None  # no event tells who is family


def _stands_in(network: Network, party: str, of: str | None, kind: str) -> bool:
    return any(
        (one.party, one.of, one.kind) == (party, of, kind) for one in network.relations(party)
    )
