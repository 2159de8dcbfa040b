"""Lots: each holder's shares in parts by their votes, and what became of each lot."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.model.lots import Change, Part
from ledger.model.movements import RESHAPING
from ledger.model.register import TREASURY, Pair
from ledger.time.registrations import Registrations, Stretch, months_of, registrations
from ledger.time.view import View
from projections.answer import Answer, keys, whole
from projections.share_rows import LotRow
from projections.subjects.ballots import TREASURY_VOTES, can_be_counted, counting
from projections.subjects.elsewhere import rests_on
from projections.subjects.provenance import NONE, provenance_of
from projections.subjects.reaching import alone
from projections.subjects.register_at_cut import TYPES as POSITION_TYPES
from projections.subjects.register_at_cut import RegisterAtCut, register_at_cut
from projections.subjects.votes import note_rounded_lots, note_uncounted, note_unsaid_lots
from projections.subjects.voting_rights import TYPES, Rights
from projections.told import COUNT, Told, told


def lots(view: View, issuer: str) -> Answer[LotRow]:
    """The shares of an issuer by holder and lot, with their votes, which add up to all votes held.

    ``since`` is the day on which the shares of a lot came into the holder's name, the last of them
    where they came on several; where the terms of the class tell after how many months shares may
    have votes, the reasons say how many came when. ``events`` are those that granted a lot or
    changed it, also on the account of another from which it came with its votes; of ordinary
    shares, those that the balance is made of.
    """
    issuer = view.identities.of(issuer)
    about = [((f"issuer:{issuer}",), (*POSITION_TYPES, *TYPES)), *rests_on(view, issuer)]
    answer: Answer[LotRow] = Answer(about=about)
    rights = Rights(view, alone)
    at_cut = register_at_cut(view, issuer, rights, checking=False)
    answer.add_possible(at_cut.possible)
    if not can_be_counted(at_cut, rights):
        note_uncounted(answer, at_cut, rights)
        return answer
    told_period = any(months_of(rights, c) is not None for c in at_cut.classes)
    entered, _ = registrations(view, issuer, every=told_period)
    for share_class in at_cut.classes:
        held = at_cut.register.held(share_class)
        made_of = provenance_of(at_cut, share_class)
        for account in sorted(held, key=lambda one: (-held[one], one)):
            events = made_of.get(account, NONE).events
            answer.rows += _rows(at_cut, rights, entered, (share_class, account), events)
        if rights.terms.rounds(share_class):
            of = told("class", share_class)
            answer.note(
                f"The votes of a holder's {of} are counted together, and what is over is dropped:"
                " ordinary shares first, then lot by lot."
            )
    note_unsaid_lots(answer, rights)
    note_rounded_lots(answer, rights)
    return answer


def _rows(
    at_cut: RegisterAtCut, rights: Rights, entered: Registrations, pair: Pair, events: list[str]
) -> Iterator[LotRow]:
    share_class, account = pair
    parts = rights.parts(pair, at_cut.register.shares(*pair))
    seen = list[Part]()
    for part in sorted(parts, key=lambda part: part.lot is not None):
        before = rights.votes(share_class, counting(seen))
        seen.append(part)
        votes = rights.votes(share_class, counting(seen)) - before
        changes = rights.lots.history(pair, part.lot.name) if part.lot else []
        of_part = [one for one in entered.of(pair) if one.lot == (part.lot and part.lot.name)]
        since = max((one.since for one in of_part), default=part.lot.since) if part.lot else None
        reasons: list[str] = [change_words(at_cut, change) for change in changes]
        months = months_of(rights, share_class)
        reasons += (
            _entered(at_cut, share_class, one, months)
            for one in of_part
            if months is not None or (part.lot and one.brought_forward)
        )
        yield {
            "issuer": at_cut.issuer,
            "holder": account or at_cut.issuer,
            "share_class": share_class,
            "lot": part.named,
            "shares": at_cut.count(share_class, part.shares),
            "factor": part.factor,
            "votes": "0" if account == TREASURY else whole(votes, at_cut.digits),
            "since": since,
            "reasons": [TREASURY_VOTES] if account == TREASURY else reasons,
            "events": keys(change.by for change in changes) if part.lot else events,
        }


def _entered(at_cut: RegisterAtCut, share_class: str, one: Stretch, months: int | None) -> Told:
    """Since when shares are in a holder's name."""
    number = told(COUNT, at_cut.count(share_class, one.shares))
    return Told(f"{number} {registered_words(one, months)} ({told('event', one.by.key)})")


def registered_words(one: Stretch, months: int | None) -> str:
    """Since when shares are in a holder's name, and when so many months are over."""
    if one.bearer:
        return "are bearer shares"
    latest = " at the latest" if one.brought_forward else ""
    complete = None if months is None else one.complete(months)
    over = f", {months} months on {complete}" if complete else ""
    return f"in its name since {one.since}{latest}{over}"


def change_words(at_cut: RegisterAtCut, change: Change) -> Told:
    """What an event did to a lot, in words."""
    by = told("event", change.by.key)
    number = told(COUNT, at_cut.count(change.pair[0], abs(change.shares)))
    if change.by.type == "double-votes-granted":
        what = f"{number} granted" if change.shares else "granted"
        return Told(f"{what} {times_words(change.factor)} votes ({by})")
    what = "more" if change.shares > 0 else "gone"
    if change.by.type in RESHAPING:
        what = f"{'more' if change.shares > 0 else 'fewer'} by the ratio"
    if change.by.type == "double-votes-ended":
        what = "ended"
    elif change.origin is not None:
        what = f"came with their votes from {told('party', change.origin[0][1])}"
    return Told(f"{number} {what} ({by})")


def times_words(factor: int) -> str:
    """How many times the votes of an ordinary share, in words."""
    return "double" if factor == 2 else f"{factor} times the"
