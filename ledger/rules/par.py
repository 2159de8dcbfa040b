"""A split of a class whose par value is on record says what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.model.movements import SPLITTING
from ledger.rules.new_events import NewEvents
from ledger.time.class_terms import TYPES
from ledger.time.view import View
from ledger.values.refusals import Refusal, Refused


def splits_tell_par(view: View, new_events: NewEvents) -> Iterator[tuple[Recorded, Refused]]:
    """Where a par value was recorded before a split, the split says whether it scales or stays.

    A split of the first schema had no field for it.
    """
    for share_class in new_events.touched("class:"):
        subject = f"class:{share_class}"
        for fact in view.about(subject, types=SPLITTING).counted:
            changing = (fact.recorded, *(one.recorded for one in view.amendments(fact.recorded)))
            if not any(new_events.has(event.position) for event in changing) or _tells(fact):
                continue
            if any(_gives_par(view, one, fact) for one in view.history.mentioning(subject, TYPES)):
                yield new_events.attribute_to(subject, fact.recorded.position), _untold(fact)


def _tells(fact: Fact) -> bool:
    older = fact.recorded.before is not None
    return older or fact.ratio() == 1 or fact.text("par") is not None


def _gives_par(view: View, terms: Recorded, split: Fact) -> bool:
    """Whether a par value was recorded before a split, at first or by a correction."""
    last = split.recorded.position
    amended = (one for one in view.amendments(terms) if one.recorded.position < last)
    told = [terms.data, *(one.data for one in amended)]
    return terms.position < last and any(
        "par_value" in data or any(c.get("field") == "par_value" for c in data.get("changes", ()))
        for data in told
    )


def _untold(fact: Fact) -> Refused:
    return Refused(
        Refusal.MISSING_FIELD,
        f"{fact.need('share_class')} has a par value, and the split on {fact.when} does not say"
        " what becomes of it.",
        "Give --par scales where the par value of a share is divided with it, as in the United"
        " Kingdom, or --par stays where it is unchanged, as Delaware allows.",
        "par",
    )
