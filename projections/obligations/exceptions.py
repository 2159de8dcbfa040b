"""Exceptions: whether what a clause does not forbid is what an event does, as far as it is told."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from ledger.time.view import View
from projections.control.network import Network
from projections.obligations.acts import Act
from projections.obligations.binding import Bound
from projections.obligations.figures import Standing
from projections.obligations.record import approvals, is_by
from projections.obligations.sets import are_affiliates
from projections.subjects.trusts import trust_at


class Exempt(NamedTuple):
    """An exception of a clause that an event falls under, surely or perhaps."""

    terms: dict[str, Any]
    surely: bool


def exempt(view: View, before: Standing | None, clause: Bound, act: Act) -> Exempt | None:
    """The exception that an event falls under; one that only may be it where no other surely is."""
    perhaps = None
    for one in clause.many("exceptions"):
        found = list(_each(view, before, clause, act, one))
        if False in found:
            continue
        if None not in found:
            return Exempt(one, True)
        perhaps = perhaps or Exempt(one, False)
    return perhaps


def _each(
    view: View, before: Standing | None, clause: Bound, act: Act, terms: dict[str, Any]
) -> Iterator[bool | None]:
    """Whether each thing that an exception says is so; None where the record does not tell it."""
    for name, value in terms.items():
        match name:
            case "transferor":
                yield act.giver == value
            case "transferee":
                yield act.taker == value
            case "event":
                yield act.fact.type == value
            case "ground":
                yield act.fact.text("ground") == value
            case "consent_of":
                yield any(is_by(one, value) for one in approvals(view, clause, act.fact))
            case "percent":
                yield _is_within(before, clause, act, Fraction(value))
            case "among":
                yield _is_among(view, act, value)
            case "text":
                yield None


def _is_within(before: Standing | None, clause: Bound, act: Act, percent: Fraction) -> bool | None:
    """Whether an event moves no more than a part of what the clause is measured of."""
    if before is None or act.shares is None:
        return None
    of = before.base("issued", clause.text("share_class") or act.share_class)
    return None if not of else act.shares / of * 100 <= percent


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
