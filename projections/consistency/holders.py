"""Checks of what holders have beside shares: rights, certificates, offers, transfers lodged."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.model.offers import CHOICE, Offer, asked
from ledger.model.register import TREASURY, account_of
from ledger.time.history import known_ids
from ledger.time.view import View
from ledger.values.quantities import parse_ratio
from ledger.values.share_counts import MOST_DIGITS
from projections.answer import whole
from projections.consistency.finding import Finding
from projections.subjects.certificates import certificates, live
from projections.subjects.deals import deals, overdue_note
from projections.subjects.offers import Moved, OfBook, moved_under, offer_at, published
from projections.subjects.register_at_cut import RegisterAtCut
from projections.subjects.share_rights import rows_of, shortfalls
from projections.subjects.taken import taken
from projections.told import COUNT, told


def rights_within_holdings(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """No right is on more shares than its holder has, nor those together that share no share."""
    for words in shortfalls(at_cut, rows_of(at_cut)):
        yield Finding(at_cut.issuer, None, words.marked)


def certificates_as_holdings(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """Where certificates of a class are recorded, a holder's live ones are for what it holds."""
    for share_class in at_cut.classes:
        if not certificates(at_cut.view, share_class):
            continue
        found, register = live(at_cut.view, share_class), at_cut.register
        holders = {account for account in register.held(share_class) if account != TREASURY}
        for holder in sorted({*holders, *found}):
            held = register.shares(share_class, account_of(share_class, holder))
            facts = found.get(holder, [])
            certified = sum(fact.whole() for fact in facts)
            if held != certified:
                words = (
                    f"{told('party', holder)} holds {told(COUNT, at_cut.count(share_class, held))}"
                    f" {told('class', share_class)}, its live certificates are for"
                    f" {told(COUNT, certified)}."
                )
                yield Finding(share_class, facts[-1].key if facts else None, words)


def acceptances_within_holdings(view: View) -> Iterator[Finding]:
    """Nobody accepts an offer for shares with more than it holds on the day that counts."""
    for offer in _offers(view):
        book = OfBook(view, offer)
        for holder, fact in offer.accepted.items():
            day = offer.limited_on(fact)
            held = book.held_on(holder, day) if day else None
            if held is not None and asked(fact) > held:
                counts = told(COUNT, asked(fact)), told(COUNT, whole(held, book.digits))
                words = "accepts with {} shares, and holds {}.".format(*counts)
                yield Finding(offer.id, fact.key, f"{told('party', holder)} {words}")


def offers_as_taken(view: View) -> Iterator[Finding]:
    """What moves under an offer that was closed, and what is published of it, is what it takes."""
    for offer in _offers(view):
        if offer.closed is None:
            continue
        result = taken(offer, OfBook(view, offer))
        for words in published(offer, result):
            yield Finding(offer.id, offer.closed.key, words)
        moved, others = moved_under(view, offer)
        if result.shares is None or others or not moved:
            continue
        if offer.kind == CHOICE:
            yield from _chosen_shares(offer, moved)
            continue
        for holder in sorted({*result.shares, *moved}):
            counts = moved.get(holder, 0), result.shares.get(holder, 0)
            if counts[0] != counts[1] and (holder in result.shares or not result.incomplete):
                numbers = (told(COUNT, whole(n, MOST_DIGITS)) for n in counts)
                words = "{} shares moved, by its terms {} are taken.".format(*numbers)
                yield Finding(offer.id, None, f"{told('party', holder)}: {words}")


def _chosen_shares(offer: Offer, moved: Moved) -> Iterator[Finding]:
    """What came under a choice of dividend is what the options chosen give, but for a fraction."""
    ratios = {one["option"]: one.get("ratio") for one in offer.terms.get("options", ())}
    for holder in sorted(moved):
        fact = offer.accepted.get(holder)
        ratio = ratios.get(fact.text("option") or "") if fact else None
        due = fact.shares() * parse_ratio(ratio) if fact and ratio else None
        if due is not None and abs(due - moved[holder]) >= 1:
            numbers = told(COUNT, whole(moved[holder], MOST_DIGITS)), told(COUNT, int(due))
            words = "{} shares moved, by what it chose {} are due.".format(*numbers)
            yield Finding(offer.id, None, f"{told('party', holder)}: {words}")


def transfers_in_time(view: View) -> Iterator[Finding]:
    """A transfer that is lodged is registered or refused within two months."""
    for transfer in known_ids(view.history, "transfer"):
        for row in deals(view, transfer).rows:
            due = row["expected"] if row["kind"] == "transfer" else None
            if due is not None and due < view.cut.as_of:
                words = overdue_note("transfer", transfer, due).marked
                yield Finding(transfer, row["events"][0], words)


def _offers(view: View) -> Iterator[Offer]:
    for id in known_ids(view.history, "offer"):
        offer = offer_at(view, id)
        if offer is not None and offer.made is not None:
            yield offer


OF_REGISTERS = (rights_within_holdings, certificates_as_holdings)
OF_THE_REST = (acceptances_within_holdings, offers_as_taken, transfers_in_time)
