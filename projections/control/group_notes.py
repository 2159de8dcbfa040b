"""What an answer on groups says beside its rows: what is denied, struck, not settled, not known."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from projections.answer import Answer
from projections.control.found import Found
from projections.control.law_votes import strike_notes
from projections.control_rows import GroupRow
from projections.subjects.checked_figures import four_places
from projections.subjects.impossible import impossible_balances
from projections.told import Told, told

MISSING = "a register, a stake-disclosed or a relationship-began"
NO_ADVICE = "This follows from what is recorded; whether anybody controls in law is an opinion."


def add_notes(answer: Answer[GroupRow], found: Found) -> None:
    """Add to an answer all that is to be said of it."""
    of = told("party", found.company)
    if not answer.rows:
        if found.structure.electorates or found.network.company(found.company).stakes:
            answer.none(f"Nobody is on record to control {of}, and it controls nobody.")
        else:
            answer.gap(
                f"no event at this cut tells who holds or controls {of}, or what it holds",
                MISSING,
            )
    odd = (
        *_ended(found),
        *_rings(found),
        *_denials(answer, found),
        *_struck(found),
        *_own(found),
        *_odd(found),
    )
    for words in odd:
        answer.note(words)
    if any(row["by"] == "seats" for row in answer.rows):
        answer.note("A board may have more members than are on record: control by seats is only"
                    " possible.")  # fmt: skip
    if answer.rows:
        answer.note(NO_ADVICE)


def _ended(found: Found) -> Iterator[Told]:
    """Who has ended and still stands in a register, or is asked about."""
    network = found.network
    accounts = dict.fromkeys(
        block.account
        for electorate in found.structure.electorates.values()
        for block in electorate.blocks
        if not block.voters
    )
    for party in dict.fromkeys([found.company, *accounts]):
        if (end := network.has_ended(party)) is not None:
            yield Told(
                f"{told('party', party)} has ended ({told('event', end.key)}): who has its votes is"
                " not known, and nobody controls it."
            )


def _rings(found: Found) -> Iterator[Told]:
    for ring in found.sure.rings():
        names = ", ".join(told("party", one) for one in sorted(ring))
        yield Told(f"Self-controlled ring: {names} hold a majority of one another, and nobody else"
                   " controls them.")  # fmt: skip


def _denials(answer: Answer[GroupRow], found: Found) -> Iterator[Told]:
    """Control that the votes make and a recorded statement denies, or the other way round."""
    pairs = {(row["party"], row["in_control_of"]): row for row in answer.rows}
    parties = {party for pair in pairs for party in pair} | {found.company}
    seen = set[str]()
    for one in (r for party in sorted(parties) for r in found.network.relations(party)):
        if one.kind in ("no-control", "no-concert") and one.fact.key not in seen:
            seen.add(one.fact.key)
            what = "control of" if one.kind == "no-control" else "acting in concert with"
            law = (one.fact.text("denied_for") or "").replace("-", " ")
            words = f"{told('party', one.party)} denies {what} {told('party', one.of)} for {law}"
            counted = (one.party, one.of) in found.structure.denied or (
                one.kind == "no-concert"
                and one.of not in found.structure.concerts.get(one.party, ())
            )
            by = told("event", one.fact.key)
            if counted:
                share = _share(found, one.party, one.of)
                yield Told(f"{words} ({by}), which is counted here{share}.")
            else:
                yield Told(f"{words} ({by}); --for {one.fact.text('denied_for')} counts that.")


def _share(found: Found, party: str, company: str) -> str:
    """The part of the votes that a denial does not turn into control."""
    if company not in found.structure.electorates:
        return ""
    tally = found.sure.tally(company, found.sure.group(party).voting)
    return (
        f": it has {four_places(tally.votes / tally.base * 100)}% of the votes"
        if tally.base
        else ""
    )


def _struck(found: Found) -> Iterator[Told]:
    settled = found.settled
    if settled is None:
        return
    yield from strike_notes(settled)
    for company in _crossed(found):
        if found.structures.law(company) is None:
            yield Told(
                f"No event tells the law of {told('party', company)}, so none takes votes in it"
                f" away; a jurisdiction (party-details-changed) tells it, or --law {company}=CODE."
            )


def _crossed(found: Found) -> Iterator[str]:
    """The companies of which a holder is itself held by them, or by what they control."""
    electorates = found.structure.electorates
    for company, electorate in electorates.items():
        members = found.sure.alone(company).members
        for voter in electorate.by_voter:
            other = electorates.get(voter)
            if voter != company and other and not members.isdisjoint(other.by_voter):
                yield company
                break


def _own(found: Found) -> Iterator[Told]:
    """Disclosed stakes of companies in themselves."""
    for company in sorted(found.network.looked_up):
        known = found.network.company(company)
        own = [stake for stake in known.stakes if stake.holder == company]
        if own and not known.is_counted:
            part = own[-1].fact.need("percent")
            yield Told(f"{told('party', company)} is disclosed to have {part}% of itself: nobody"
                       " votes these shares.")  # fmt: skip


def _odd(found: Found) -> Iterator[Told]:
    """Stakes that make more than the whole, registers whose votes are not told."""
    for company, electorate in found.structure.electorates.items():
        known = found.network.company(company)
        if known.has_register and not known.is_counted:
            yield Told(f"The votes in {told('party', company)} cannot be counted: no event tells"
                       " the votes per share of a class.")  # fmt: skip
        own = (stake.low for stake in known.stakes if stake.holder == company)
        for share_class in known.at_cut.classes if known.is_counted else ():
            held = known.at_cut.register.held(share_class)
            yield from map(Told, impossible_balances(known.at_cut, share_class, held))
        whole = sum((block.low for block in electorate.blocks), max(own, default=Fraction()))
        if not known.is_counted and whole > 1:
            yield Told(
                f"The stakes disclosed in {told('party', company)} make at least"
                f" {four_places(whole * 100)}% of the whole: they are of different dates, or"
                " sources disagree."
            )
