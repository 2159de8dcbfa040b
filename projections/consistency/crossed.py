"""Checks of companies that hold one another: what the law of an issuer says of that."""

from __future__ import annotations

from collections.abc import Iterator

from projections.consistency.finding import Finding
from projections.control.kernel import Control
from projections.control.law import Laws, share_companies_crossed
from projections.control.law_votes import Meeting, reason
from projections.control.network import Network
from projections.control.structure import Structures
from projections.subjects.checked_figures import four_places
from projections.subjects.register_at_cut import RegisterAtCut
from projections.told import COUNT, told


def votes_that_law_takes_away(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """Votes that the issuer's law takes away are suspended on record."""
    if (meeting := _meeting(at_cut)) is None:
        return
    known = meeting.structures.network.company(at_cut.issuer)
    for strike in meeting.strikes:
        ballot = known.ballots.get(strike.account)
        if ballot is not None:
            number = told(COUNT, at_cut.count(at_cut.classes[0], ballot.held - ballot.suspended))
            words = f"{told('party', strike.account)} has {number} votes that nobody suspended"
            yield Finding(at_cut.issuer, None, f"{words}: {reason(strike)}.")
    for company, account in meeting.settled.unsettled:
        if company == at_cut.issuer:
            words = f"whether the votes of {told('party', account)} fall away by law is not settled"
            yield Finding(at_cut.issuer, None, f"{words}: the laws swing.")


def rings_have_an_owner(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """Companies that control one another are controlled by somebody else."""
    told_of = at_cut.classes or at_cut.disclosures
    if not told_of or (network := _circle(at_cut)) is None:
        return
    structures = Structures(network)
    for ring in Control(structures.of(structures.below(at_cut.issuer))).rings():
        if at_cut.issuer == min(ring):
            names = ", ".join(told("party", one) for one in sorted(ring))
            words = f"{names} hold a majority of one another: a self-controlled ring"
            yield Finding(at_cut.issuer, None, f"{words}, which nobody else controls.")


def share_companies_not_crossed(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """No French company by shares has shares of one that has more than 10% of it."""
    if (meeting := _meeting(at_cut)) is None:
        return
    for other, here, there in share_companies_crossed(
        at_cut.issuer, meeting.structure, meeting.companies
    ):
        issuer, holder = told("party", at_cut.issuer), told("party", other)
        words = f"{issuer} has {four_places(here * 100)}% of {holder}, which has"
        words += f" {four_places(there * 100)}% of {issuer}: failing agreement, the smaller holding"
        yield Finding(at_cut.issuer, None, f"{words} is sold (Code de commerce, L.233-29).")


def _meeting(at_cut: RegisterAtCut) -> Meeting | None:
    """The issuer's meeting by its own law; None where nothing that it reaches holds it, for which
    no register is walked."""
    if not at_cut.classes or _circle(at_cut) is None:
        return None
    return Meeting.of(at_cut.view, at_cut.issuer, Laws())


def _circle(at_cut: RegisterAtCut) -> Network | None:
    """The network of an issuer; None where nothing that it reaches holds it."""
    issuer, network = at_cut.issuer, Network(at_cut.view)
    return network if any(issuer in network.held_by(c) for c in network.below([issuer])) else None


CHECKS = (votes_that_law_takes_away, rings_have_an_owner, share_companies_not_crossed)
