"""What is on record that meets a need of a clause: consents, waivers, offers and notices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from ledger.model.fact import Fact
from ledger.model.offers import Offer
from ledger.time.view import View
from ledger.values.dates import later_by
from projections.obligations.acts import Act
from projections.obligations.binding import Bound, split_since
from projections.subjects.governance_notes import APPROVALS
from projections.subjects.offers import offer_at

GRANTED, REFUSED = APPROVALS
_RELEASING = ("consent", "waiver", "disapplication")


def approvals(view: View, clause: Bound, fact: Fact, type_name: str = GRANTED) -> list[Fact]:
    """The approvals, or refusals, by the view's day that name a clause, or an event under it."""
    parties = [f"party:{one}" for one in clause.parties]
    named = [clause.text("consent_of"), *clause.others]
    about = {*parties, *(f"party:{one}" for one in named if one), f"event:{fact.key}"}
    about.add(f"subject:{clause.agreement}")
    if consenting := clause.text("consent_of_class"):
        about.add(f"class:{consenting}")
    found = view.about(*sorted(about), types=(type_name,)).counted
    return [one for one in found if one.key != fact.key and _names(one, clause, fact)]


def _names(approval: Fact, clause: Bound, fact: Fact) -> bool:
    """Whether an approval is about a clause, or about an event and of no other clause."""
    if (of_event := approval.text("of_event")) is not None:
        return of_event == fact.key and approval.text("clause") in (None, clause.id)
    of, kind = approval.text("of"), approval.text("kind")
    if approval.text("clause") is not None:
        return approval.text("clause") == clause.id and of in (None, clause.agreement)
    if of == clause.agreement:
        return kind in _RELEASING or approval.type == REFUSED
    things = {fact.text(name) for name in ("under", "deal", "offer", "resolution")} - {None}
    return of is not None and of in things


def is_by(approval: Fact, party: str) -> bool:
    """Whether a party gave an approval."""
    return approval.need("by") == party


def is_by_class(approval: Fact, share_class: str, percent: str | None) -> bool:
    """Whether the holders of a class gave an approval, so many of them as are needed."""
    if approval.text("by_class") != share_class:
        return False
    if percent is None:
        return True
    agreed = approval.text("percent")
    return agreed is not None and Fraction(agreed) >= Fraction(percent)


def covering(found: Iterable[Fact], fact: Fact, earlier: Sequence[Fact]) -> Fact | None:
    """The approval that covers an event: one that names it, else the first of its day or before
    that no earlier event has used."""
    free = []
    for one in found:
        if one.text("of_event") == fact.key:
            return one
        if one.text("of_event") is None:
            free.append(one)
    for act in earlier:
        used = _first(free, act)
        free = [one for one in free if one is not used]
    return _first(free, fact)


def _first(free: Iterable[Fact], act: Fact) -> Fact | None:
    return next((one for one in free if one.order[0] <= act.order[0]), None)


def acts_before(
    view: View, subject: str, types: Sequence[str], fact: Fact, alike: Callable[[Fact], bool]
) -> list[Fact]:
    """The events before one, of some types, that need the same as it does."""
    found = view.about(subject, types=types).counted
    return [one for one in found if one.key != fact.key and one.order < fact.order and alike(one)]


def passed(view: View, facts: Iterable[Fact]) -> Fraction:
    """The shares that some events move, as splits since have left them."""
    found = Fraction()
    for act in map(Act, facts):
        if act.share_class and act.shares is not None:
            found += act.shares * split_since(view, act.share_class, act.fact)
    return found


def offers(view: View, clause: Bound, kinds: Sequence[str], offeror: str | None) -> list[Offer]:
    """The offers on record that a clause asks for, in the order in which they were made."""
    subjects = [f"agreement:{clause.agreement}"]
    subjects += [f"party:{offeror}"] if offeror else []
    made = view.about(*subjects, types=("offer-made",)).counted
    ids = [one.need("offer") for one in made if _asks(one, clause, kinds, offeror)]
    return [offer for id in ids if (offer := offer_at(view, id)) is not None and offer.made]


def _asks(made: Fact, clause: Bound, kinds: Sequence[str], offeror: str | None) -> bool:
    if made.need("kind") not in kinds or offeror not in (None, made.need("offeror")):
        return False
    if made.text("agreement") is None:
        return made.text("clause") is None
    return made.text("agreement") == clause.agreement and made.text("clause") in (None, clause.id)


def notices(view: View, clause: Bound) -> list[Fact]:
    """The notices given under a clause by the view's day."""
    found = view.about(f"agreement:{clause.agreement}", types=("notice-given",)).counted
    return [one for one in found if one.text("clause") == clause.id]


def free_from(clause: Bound, offer: Offer) -> str | None:
    """From which day on what was offered may be sold to others: that of the answer, else that on
    which the time for it is over."""
    if offer.closed is not None:
        return offer.closed.order[0]
    notice = clause.text("notice_days")
    if notice is not None and offer.made is not None:
        return later_by(offer.made.order[0], int(notice) + 1, "days")
    return later_by(offer.last_day, 1, "days") if offer.last_day else None
