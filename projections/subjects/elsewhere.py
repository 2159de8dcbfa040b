"""Elsewhere: what a register rests on in the registers of other issuers."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.model.fact import Slice
from ledger.model.movements import MOVEMENTS, PLACING
from ledger.model.posted import Posted, end_of
from ledger.time.exclusions import About
from ledger.time.view import View


def rests_on(view: View, issuer: str | None) -> list[About]:
    """The events of other registers that an issuer's rests on."""
    sources = view.across.sources(issuer) if issuer else ()
    return [([f"issuer:{source}" for source in sources], MOVEMENTS)] if sources else []


def posted_in(view: View, issuer: str) -> list[Posted]:
    """The posted movements of a register, and of those that it rests on."""
    return [view.posted(one) for one in (issuer, *view.across.sources(issuer))]


def trusts_in(view: View, issuer: str, read: Slice) -> Iterator[str]:
    """The trusts of the registers that one rests on, given what is ``read`` there: they may receive
    shares of it."""
    for source in view.across.sources(issuer):
        posted, upto = view.posted(source), end_of(view.cut.as_of)
        yield from (trust for c in posted.classes for trust in posted.trusts(c, upto))
    yield from (fact.need("trust") for fact in read.certain if fact.type in PLACING)


def with_read(view: View, issuer: str, found: Slice) -> Slice:
    """What is found about a register, with the movements of those that it rests on."""
    read = view.across.read_by(issuer)
    return Slice(found.certain + read.certain, found.possible + read.possible)
