"""Official events that cite no source: counted where they are found, and the first of them told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest

from ledger.model.fact import Fact, uncited
from ledger.model.movements import MOVEMENTS, classes_of
from ledger.model.register import issuer_of
from ledger.model.subject import parse_subject
from ledger.time.history import known_ids
from ledger.time.view import View
from projections.consistency.finding import Finding

MOST_LISTED = 100


def official_events_cite(view: View) -> Iterator[Finding]:
    """Every official event but registrations and record-keeping cites a source."""
    found = (uncited_in(view, part) for part in places(view))
    for fact in sorted((f for facts in found for f in facts), key=lambda f: f.recorded.position):
        yield _finding(fact)


def places(view: View) -> list[str]:
    """Where events are looked for: movements by their issuers, others by their types."""
    types = (s for s in view.history.subjects("type:") if parse_subject(s).id not in MOVEMENTS)
    return [*types, *(f"issuer:{issuer}" for issuer in known_ids(view.history, "issuer"))]


def uncited_in(view: View, place: str) -> Iterator[Fact]:
    """The official events of a place that cite no source, possible ones too, in no order; one of
    several issuers with the first of them."""
    kind, id = parse_subject(place)
    if kind == "type":
        facts = (fact for fact, _ in view.each(place) if isinstance(fact, Fact))
        yield from (fact for fact in facts if uncited(fact.data))
        return
    found = view.about(place, types=MOVEMENTS)
    for fact in (*found.certain, *(possible.fact for possible in found.possible)):
        if uncited(fact.data) and id == _first_issuer(view, fact):
            yield fact


def _first_issuer(view: View, fact: Fact) -> str:
    issuers = {issuer_of(share_class) for share_class in classes_of(fact.data)}
    if view.identities:
        same = {other for issuer in issuers for other in view.identities.all_of(issuer)}
        issuers = {one for one in same if view.history.knows(f"issuer:{one}")}
    return min(issuers)


def counted(facts: Iterable[Fact]) -> tuple[int, str]:
    """How many facts, and the positions of the first of them: a text, for it is read at once."""
    positions = [fact.recorded.position for fact in facts]
    return len(positions), " ".join(map(str, nsmallest(MOST_LISTED, positions)))


def first_of(parts: Iterable[str]) -> list[int]:
    """The first positions of all, of those that were counted in parts. None is in a part that
    begins after so many others."""
    beginning = {int(part.partition(" ")[0]): part for part in parts if part}
    first = nsmallest(MOST_LISTED, beginning)
    return nsmallest(MOST_LISTED, (int(one) for at in first for one in beginning[at].split(" ")))


def listed(view: View, positions: Sequence[int]) -> Iterator[Finding]:
    """The findings at some positions."""
    for recorded in view.history.at_each(positions):
        fact = view.fact(recorded)
        if fact is not None:
            yield _finding(fact)


def _finding(fact: Fact) -> Finding:
    stream, when = fact.recorded.originator_id, fact.since or "an unknown date"
    words = f"{fact.recorded.name}, {fact.type} of {when}, cites no source."
    return Finding(parse_subject(stream).id, fact.key, words)
