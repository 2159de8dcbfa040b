"""Official trading at a venue is resumed only where it is officially suspended."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.rules.new_events import NewEvents
from ledger.time.view import View
from ledger.values.refusals import Refusal, Refused, shown


def trading_is_resumed(view: View, new_events: NewEvents) -> Iterator[tuple[Recorded, Refused]]:
    """Every official resumption follows an official suspension at its venue."""
    for share_class in new_events.touched("class:"):
        last: dict[str, Fact] = {}
        for fact in view.about(f"class:{share_class}", types=("listing-changed",)).counted:
            if fact.standing != "official":
                continue
            venue = fact.need("venue")
            before = last.get(venue)
            last[venue] = fact
            suspended = before is not None and before.need("status") == "suspended"
            if fact.need("status") == "resumed" and not suspended:
                position = fact.recorded.position
                event = new_events.attribute_to(f"class:{share_class}", position)
                yield event, _refusal(fact, before, event)


def _refusal(fact: Fact, before: Fact | None, event: Recorded) -> Refused:
    own = fact.recorded.position == event.position
    what = "It" if own else f"#{fact.recorded.position} {shown(fact.key)}"
    state = f"{before.need('status')} on {before.when}" if before else "of no status there"
    return Refused(
        Refusal.CONTRADICTORY_STEP,
        f"{what} resumes trading of {fact.need('share_class')} at {shown(fact.need('venue'))} on"
        f" {fact.when}, where it is not suspended: it is {state}.",
        "Record the suspension first, with the same venue; or record a source's word with standing"
        " reported.",
        "status" if own else "",
    )
