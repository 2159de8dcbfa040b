"""An official acceptance of an offer is one that the offer and the register leave room for."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.model.movements import MOVEMENTS
from ledger.model.offers import OFFERS, Offer, given_by
from ledger.model.posted import end_of
from ledger.model.register import Register, account_of, issuer_of
from ledger.rules.new_events import NewEvents
from ledger.time.view import View
from ledger.values.refusals import Refusal, Refused, shown, to_run


class Unfounded(NamedTuple):
    """An acceptance that cannot be, of the offer as it stood: too late, or of too many shares."""

    fact: Fact
    offer: str
    held: Fraction | None = None
    day: str = ""
    last_day: str = ""
    options: tuple[str, ...] = ()


def acceptances_hold(view: View, new_events: NewEvents) -> Iterator[tuple[Recorded, Refused]]:
    """Official acceptances are in time, of an option that there is and of shares held that day."""
    touched = dict.fromkeys(new_events.touched("offer:"), "offer:{}")
    for issuer in new_events.touched("issuer:"):
        for made in view.about(f"issuer:{issuer}", types=("offer-made",)).certain:
            touched.setdefault(made.need("offer"), f"issuer:{issuer}")
    for offer, subject in touched.items():
        for found in unfounded(view, offer):
            event = new_events.attribute_to(subject.format(offer), found.fact.recorded.position)
            yield event, _refusal(found, event)
            break


def unfounded(view: View, id: str) -> Iterator[Unfounded]:
    """The official acceptances of an offer that cannot be, by its own official steps."""
    offer = Offer(id)
    for step in view.about(f"offer:{id}", types=OFFERS).counted:
        if step.standing == "official":
            if step.type == "offer-accepted" and offer.made is not None and step.whole():
                yield from _of_one(view, offer, step)
            offer.take(step)


def _of_one(view: View, offer: Offer, step: Fact) -> Iterator[Unfounded]:
    options = tuple(one["option"] for one in offer.terms.get("options", ()))
    last, days = offer.last_day, step.effective
    if last is not None and days is not None and days.first > last:
        yield Unfounded(step, offer.id, last_day=last)
    elif options and step.text("option") not in (None, *options):
        yield Unfounded(step, offer.id, options=options)
    elif (day := offer.limited_on(step)) is not None:
        holder = step.need("holder")
        held = held_on(view, offer.classes, holder, day)
        if held is not None and held < step.whole():
            movements = view.about(f"subject:{offer.id}", types=MOVEMENTS).counted
            held += given_by(movements, offer, holder, day)
        if held is not None and held < step.whole():
            yield Unfounded(step, offer.id, held, day)


def held_on(view: View, classes: list[str], holder: str, day: str) -> Fraction | None:
    """What a holder has of some classes at the end of a day; None where no register tells it."""
    found: list[Fraction] = []
    for share_class in classes:
        register = register_on(view, issuer_of(share_class), day)
        account = account_of(share_class, holder)
        if not register.issued(share_class):
            continue
        if not register.has_line(share_class, account) and _hides(view, register, share_class):
            return None
        found.append(register.shares(share_class, account))
    return sum(found, Fraction()) if found else None


def register_on(view: View, issuer: str, day: str) -> Register:
    """The balances of an issuer at the end of a day."""
    register = Register(view.posted(issuer), view.across.around(issuer))
    for fact in view.unposted(f"issuer:{issuer}", MOVEMENTS).counted:
        if fact.order[0] <= day:
            register.apply(fact)
    register.advance(end_of(day))
    return register


def _hides(view: View, register: Register, share_class: str) -> bool:
    """Whether somebody without a line may be among those that one line counts together."""
    return any(
        fact.text("kind") == "other"
        for account in register.held(share_class)
        if account
        for fact in view.about(f"new-party:{account}").certain
    )


def _refusal(found: Unfounded, event: Recorded) -> Refused:
    fact, offer = found.fact, found.offer
    own = fact.recorded.position == event.position
    what = "It" if own else f"#{fact.recorded.position} {shown(fact.key)}"
    said = "or record a source's word with standing reported or as claim-recorded."
    see = f" See {to_run('deals', offer)}."
    if found.last_day:
        return Refused(
            Refusal.CONTRADICTORY_STEP,
            f"{what} (offer-accepted, {fact.when}) accepts the offer {offer}, which closes on"
            f" {found.last_day}.",
            f"Record offer-amended with the later closes_on first, {said}{see}",
            "effective_on" if own else "",
        )
    if found.options:
        return Refused(
            Refusal.BAD_CHOICE,
            f"{what} (offer-accepted, {fact.when}): {shown(fact.need('option'))} is no option of"
            f" the offer {offer}.",
            f"Name one of {', '.join(found.options)}.{see}",
            "option" if own else "",
        )
    return Refused(
        Refusal.SHARES_NOT_THERE if own else Refusal.BREAKS_LATER_EVENT,
        f"On {found.day} {fact.need('holder')} holds {found.held} of the shares that the offer"
        f" {offer} is for, not the {fact.need('shares')} that {what.lower() if own else what}"
        " accepts it for.",
        f"Correct the number, record the missing movement first, {said}{see}",
        "shares" if own else "",
    )
