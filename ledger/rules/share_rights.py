"""An official end of a right in shares is of a right that there is, on no more than it is on."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.model.register import issuer_of
from ledger.model.share_rights import CARRYING, RIGHTS, right_of
from ledger.rules.new_events import NewEvents
from ledger.time.view import View
from ledger.values.refusals import Refusal, Refused, shown, to_run


def rights_can_end(view: View, new_events: NewEvents) -> Iterator[tuple[Recorded, Refused]]:
    """No official share-right-ended ends what was not granted, or was ended before."""
    touched = dict.fromkeys(new_events.touched("right:"), "right:{}")
    for issuer in new_events.touched("issuer:"):
        for granted in view.about(f"issuer:{issuer}", types=RIGHTS[:1]).certain:
            touched.setdefault(granted.need("right"), f"issuer:{issuer}")
    for right, subject in touched.items():
        found = _unfounded(view, right)
        if found is not None:
            fact, wrong = found
            event = new_events.attribute_to(subject.format(right), fact.recorded.position)
            yield event, _refusal(fact, wrong, event, right)


def _unfounded(view: View, id: str) -> tuple[Fact, str] | None:
    """The first official end that cannot be, and why."""
    named = view.about(f"right:{id}", types=RIGHTS).counted
    steps = [f for f in named if f.standing == "official" and f.need("right") == id]
    granted = next((step for step in steps if step.type == "share-right-granted"), None)
    ends = [step for step in steps if step.type == "share-right-ended"]
    early = [end for end in ends if granted is None or end.order < granted.order]
    if early:
        return early[0], f"no event grants the right {id} before"
    if granted is None or not ends:
        return None
    right = right_of(granted, [*ends, *_carrying(view, issuer_of(granted.need("share_class")))])
    if right.short is None:
        return None
    fact, more = right.short
    if right.ended is not None and right.ended is not fact:
        return fact, f"the right {id} has ended on {right.ended.when}"
    return fact, f"the right {id} is on {fact.whole() - more} shares, not on {fact.whole()}"


def _carrying(view: View, issuer: str) -> list[Fact]:
    """What reshapes the shares of an issuer, and those that they are exchanged for."""
    found: dict[int, Fact] = {}
    issuers = [issuer]
    for one in issuers:
        for fact in view.unposted(f"issuer:{one}", CARRYING).counted:
            found[fact.recorded.position] = fact
            into = issuer_of(fact.text("into_class") or one)
            issuers += [into] if into not in issuers else []
    return list(found.values())


def _refusal(fact: Fact, wrong: str, event: Recorded, right: str) -> Refused:
    own = fact.recorded.position == event.position
    what = "It" if own else f"#{fact.recorded.position} {shown(fact.key)}"
    return Refused(
        Refusal.CONTRADICTORY_STEP,
        f"{what} (share-right-ended, {fact.when}) cannot be: {wrong}.",
        "Record share-right-granted first, correct the number, or record a source's word with"
        f" standing reported. See {to_run('timeline', right)}.",
        "shares" if own and "shares" in fact.data else "",
    )
