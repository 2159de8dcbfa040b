"""Checks of grants of extra votes against the shares that there are, and since when."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.model.register import TREASURY, issuer_of
from ledger.time.class_terms import TYPES as CLASS_TYPES
from ledger.time.registrations import MONTHS, Stretch, months_of, registrations
from ledger.time.view import View
from ledger.time.voting import GRANTS
from projections.answer import whole
from projections.consistency.finding import Finding
from projections.subjects.reaching import alone
from projections.subjects.register_at_cut import RegisterAtCut, register_at_cut
from projections.subjects.vote_lots import registered_words
from projections.subjects.voting_rights import Rights
from projections.told import COUNT, Told, told


def grants_within_the_shares(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """No more extra votes are granted than there are shares that have none; grants add up."""
    view = at_cut.view
    if not view.unposted(f"issuer:{at_cut.issuer}", (GRANTS,)).counted:
        return
    rights = Rights(view, alone)
    register_at_cut(view, at_cut.issuer, rights, checking=False)
    for fact, ordinary in rights.lots.short:
        share_class, holder = fact.need("share_class"), told("party", fact.need("holder"))
        number, there = (
            told(COUNT, at_cut.count(share_class, n)) for n in (fact.shares(), ordinary)
        )
        words = (
            f"{number} are granted, and {there} of {holder} had no extra votes then: grants add up,"
            " so one that restates a total is corrected to what it adds."
        )
        yield Finding(share_class, fact.key, words)


def grants_after_the_period(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """No votes are granted on shares registered for less time than the class asks for."""
    if not any(at_cut.terms.of(c).text(MONTHS) for c in at_cut.terms.created):
        return
    found, _ = registrations(at_cut.view, at_cut.issuer)
    for grant, one, months in found.early:
        share_class, complete = grant.need("share_class"), one.complete(months)
        of = told(COUNT, at_cut.count(share_class, one.shares))
        short = (
            f"are {months} months in its name on {complete}" if complete else "are bearer shares"
        )
        words = f"{of} of the shares of {told('party', grant.need('holder'))} {short}"
        yield Finding(share_class, grant.key, f"{words}, and have the votes from {grant.order[0]}.")


def ripe_shares_have_a_grant(view: View) -> Iterator[Finding]:
    """Shares registered for as long as their class asks for have a grant of votes."""
    told_of = view.every(CLASS_TYPES).counted
    for issuer in sorted({issuer_of(f.need("share_class")) for f in told_of if f.text(MONTHS)}):
        found, register = registrations(view, issuer, every=True)
        for (share_class, account), stretches in sorted(found.entries.items()):
            months = months_of(found, share_class)
            if months is None or account == TREASURY:
                continue
            for one in stretches:
                if one.is_ripe(months, view.cut.as_of):
                    digits = register.digits(share_class)
                    yield Finding(share_class, one.by.key, _ripe(one, account, months, digits))


def _ripe(one: Stretch, account: str, months: int, digits: int) -> Told:
    of = f"{told(COUNT, whole(one.shares, digits))} of {told('party', account)}"
    return Told(f"{of} are {registered_words(one, months)}: no grant of votes is recorded.")
