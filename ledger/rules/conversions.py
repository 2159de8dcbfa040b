"""Classes that convert into one another do not go round in a circle."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.envelope import Recorded
from ledger.model.movements import SPLITTING
from ledger.rules.new_events import NewEvents
from ledger.time.class_terms import TYPES, ClassTerms
from ledger.time.view import View
from ledger.values.refusals import Refusal, Refused


def conversions_end(view: View, new_events: NewEvents) -> Iterator[tuple[Recorded, Refused]]:
    """On no day do official terms of classes lead from a class back to itself."""
    for issuer in new_events.touched("issuer:") if _is_asked(view, new_events) else ():
        found = ClassTerms()
        for fact in view.about(f"issuer:{issuer}", types=(*TYPES, *SPLITTING)).counted:
            if fact.standing != "official":
                continue
            found.see(fact)
            circle = _circle(found, fact.need("share_class")) if fact.type in TYPES else []
            if circle:
                event = new_events.attribute_to(f"issuer:{issuer}", fact.recorded.position)
                yield event, _refusal(circle)
                return


def _is_asked(view: View, new_events: NewEvents) -> bool:
    """Whether new events are terms of classes, or let earlier ones read otherwise."""
    if new_events.has_any(TYPES):
        return True
    amending = bool(new_events.affecting) and view.asks_all_rules
    return amending and not set(TYPES).isdisjoint(new_events.touched("type:"))


def _circle(terms: ClassTerms, share_class: str) -> list[str]:
    """The classes on the way from a class back to itself; empty where there is no way back."""
    passed = [share_class]
    while (into := terms.of(passed[-1]).text("converts_into")) is not None:
        if into == share_class:
            return [*passed, share_class]
        if into in passed:
            return []
        passed.append(into)
    return []


def _refusal(circle: list[str]) -> Refused:
    return Refused(
        Refusal.FIELDS_DISAGREE,
        f"{' converts into '.join(circle)}: the terms go round in a circle.",
        "Name the class that the shares become in the end.",
        "converts_into",
    )
