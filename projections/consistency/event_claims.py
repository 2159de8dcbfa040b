"""Claims that speak of events: whether one is done, and which of two came first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ledger.model.fact import Fact, ids_of
from ledger.time.view import View
from ledger.values.dates import overlap
from ledger.values.text import parse_event_reference

_TOLD = frozenset(["earlier", "later", "tells"])


@dataclass(slots=True)
class EventClaim:
    """A claim, and what cannot be true if the claim is.

    ``order`` holds the events said to be earlier and later, if their dates contradict the claim.
    ``against`` holds the claims and events that contradict the state claimed, and ``together`` all
    that is recorded of the event claimed.
    """

    claim: Fact
    order: tuple[Sequence[Fact], Sequence[Fact]] | None = None
    against: list[Fact] = field(default_factory=list)
    together: list[Fact] = field(default_factory=list)


def event_claims(view: View) -> Iterator[EventClaim]:
    """The claims of the view that contradict the events they speak of, or each other."""
    claims = _telling(view)
    for claim in claims:
        if "earlier" in claim.data:
            earlier = named(view, claim.need("earlier"))
            later = named(view, claim.need("later"))
            if earlier and later and not _any_order(earlier, later):
                yield EventClaim(claim, (earlier, later))
        if "tells" in claim.data:
            yield _against_its_event(
                view, claim, [c for c in claims if c.text("tells") == claim.text("tells")]
            )


def _telling(view: View) -> Sequence[Fact]:
    """The claims that tell of events, which are few of all claims."""
    history, claim = view.history, ("claim-recorded",)
    telling = (
        f"key:{one.key}"
        for one in history.written(*claim, *(f'"{field}":' for field in sorted(_TOLD)))
        if not _TOLD.isdisjoint(one.data) or history.is_amended(one.key)
    )
    return view.about(*telling, types=claim).certain


def named(view: View, event_reference: str) -> list[Fact]:
    """The events that words such as ``offering-cancelled ampere-ipo on 2024-01`` name: those of a
    known date, where there are any."""
    wanted = parse_event_reference(event_reference)
    found = [
        fact
        for fact in view.every((wanted.type,)).certain
        if fact.effective is not None
        and overlap(fact.effective, wanted.on)
        and set(wanted.about) <= ids_of(fact)
    ]
    return [fact for fact in found if not fact.undated] or found


def _against_its_event(view: View, claim: Fact, claims: list[Fact]) -> EventClaim:
    events = named(view, claim.need("tells"))
    event_claim = EventClaim(claim, together=[*claims, *events])
    if events and not any(_may_hold(claim, event) for event in events):
        event_claim.against += events
    event_claim.against += [other for other in claims if _denies(claim, other)]
    return event_claim


def _may_hold(claim: Fact, event: Fact) -> bool:
    """Whether a claim that an event is done, or not yet, may be true given the event's date."""
    if claim.effective is None or event.effective is None:
        return True
    if claim.need("state") == "done":
        return event.effective.first <= claim.effective.last
    return event.effective.last >= claim.effective.first


def _denies(claim: Fact, other: Fact) -> bool:
    """Whether one claim has an event done and the other has it still to come at a later time."""
    done, still = (claim, other) if claim.need("state") == "done" else (other, claim)
    if done.need("state") != "done" or still.need("state") == "done":
        return False
    return bool(done.effective and still.effective and still.effective.first > done.effective.last)


def _any_order(earlier: list[Fact], later: list[Fact]) -> bool:
    """Whether some event of the first may have come before some event of the second."""
    return any(_may_precede(one, other) for one in earlier for other in later)


def _may_precede(earlier: Fact, later: Fact) -> bool:
    return bool(
        earlier.effective and later.effective and earlier.effective.first <= later.effective.last
    )
