"""Happenings: the events that words such as ``investment-released delta-in-nido`` name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ledger.events.envelope import Recorded
from ledger.events.references import COMMON, REFERENCES
from ledger.model.fact import Fact, ids_of
from ledger.time.history import History
from ledger.values.dates import overlap
from ledger.values.text import EventReference


def answering(
    wanted: EventReference, history: History, read: Callable[[Recorded], Fact | None]
) -> Iterator[Fact]:
    """The events of a history, as they are read, that an event reference names."""
    for recorded in _candidates(wanted, history):
        fact = read(recorded)
        if fact is not None and answers_to(fact, wanted):
            yield fact


def answers_to(fact: Fact, wanted: EventReference) -> bool:
    """Whether a fact is one that an event reference names."""
    named = fact.type == wanted.type and set(wanted.about) <= ids_of(fact)
    return named and overlap(fact.effective, wanted.on)


def subjects_naming(wanted: EventReference, id: str) -> list[str]:
    """The subjects under which events of the type are indexed that speak of an id."""
    referring = (*REFERENCES.get(wanted.type, ()), *COMMON)
    return [f"{kind}:{id}" for kind in sorted({kind for _, _, kind, _ in referring} | {"issuer"})]


def _candidates(wanted: EventReference, history: History) -> list[Recorded]:
    """The events of the type that speak of the first of the ids that any of them speaks of."""
    for id in wanted.about:
        found = {
            recorded.position: recorded
            for subject in subjects_naming(wanted, id)
            for recorded in history.mentioning(subject, (wanted.type,))
        }
        if found:
            return [found[position] for position in sorted(found)]
    return []
