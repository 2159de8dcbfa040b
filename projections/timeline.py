"""Timelines and single events: the history itself, as it stands at a cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from heapq import nlargest, nsmallest

from ledger.envelope import Recorded
from ledger.fact import Fact, Possible
from ledger.history import AMENDMENTS, History
from ledger.refusals import Refusal, Refused, nearest, shown
from ledger.view import View
from projections.answer import Answer, Row, sentence

SUBJECT_KINDS = (
    "party", "class", "source", "subject", "deal", "agreement", "investment", "offering",
    "milestone", "project",
)  # fmt: skip
MOST_SHOWN = 1_000_000  # of a limit; heaps are not made for more


def timeline(
    view: View,
    subject: str | None = None,
    limit: int | None = None,
    after: str | None = None,
    before: str | None = None,
    oldest: bool = False,
) -> Answer:
    """Every event at the cut, or those that speak of a subject, in the order of the fold.

    At most ``limit`` events: the last ones, or the first ones if ``oldest`` says so or they are to
    come ``after`` an event; ``before`` an event, the last ones before it. However many events there
    are, only those shown are kept in memory. Raises Refused (UNKNOWN_SUBJECT) when the event to
    begin at is not recorded, or does not stand at the cut.
    """
    answer = Answer()
    if subject is None:
        subjects = list(view.history.subjects("type:"))
    else:
        subjects = [f"{kind}:{subject}" for kind in SUBJECT_KINDS]
    counted, possible = Counter[str](), list[Possible]()
    start, end = (None if event is None else _place(view, event) for event in (after, before))

    def between() -> Iterator[Fact]:
        for fact, why in view.each(*subjects):
            if why:
                possible.append(Possible(fact, why))
                continue
            counted["all"] += 1
            if (start is None or fact.order > start) and (end is None or fact.order < end):
                counted["between"] += 1
                yield fact

    forward = oldest or start is not None
    if limit is None:
        facts = sorted(between(), key=_order)
    else:
        limit = min(limit, MOST_SHOWN)
        facts = (nsmallest if forward else nlargest)(limit, between(), key=_order)
    facts.sort(key=_order)
    answer.rows = [_row(fact) for fact in facts]
    answer.add_possible(possible)
    if not counted["all"]:
        what = f" about {subject}" if subject else ""
        answer.note(f"Not known: no dated event{what} at this cut.")
    elif left := counted["between"] - len(facts):
        when, option, at = ("later", "after", -1) if forward else ("earlier", "before", 0)
        answer.note(
            f"{len(facts)} of {counted['all']} events are shown, {left} {when} ones are not:"
            f" go on with --{option} {facts[at].key}."
        )
    return answer


def _place(view: View, event: str) -> tuple[str, int, int]:
    """The place of an event in the fold."""
    fact = view.fact(find_event(view.history, event))
    if fact is None:
        raise Refused(
            Refusal.UNKNOWN_SUBJECT,
            f"{shown(event)} does not stand at this cut.",
            "Begin at an event that the timeline shows.",
        )
    return fact.order


def _order(fact: Fact) -> tuple[str, int, int]:
    return fact.order


def show(view: View, event: str) -> Answer:
    """One event whole: as it stands at the cut, as it was recorded, and what amended it.

    The event is named by its key, its position (``#12``) or its id. Raises Refused
    (UNKNOWN_SUBJECT) when the history holds no such event.
    """
    recorded = find_event(view.history, event)
    answer = Answer()
    fact = view.fact(recorded)
    row: Row = {
        "position": recorded.position,
        "id": recorded.id,
        "key": recorded.key,
        "type": recorded.type,
        "schema": recorded.schema,
        "stream": recorded.originator_id,
        "version": recorded.originator_version,
        "recorded_at": recorded.recorded_at,
        "effective_on": fact.since if fact else None,
        "known_on": _span(fact) if fact else None,
        "standing": fact.standing if fact else recorded.data["standing"],
        "what": sentence(fact) if fact else None,
        "data": dict(fact.data) if fact else None,
        "recorded_data": dict(recorded.data),
        "amended_by": [
            other.key for other in view.history.mentioning(f"event:{recorded.key}", AMENDMENTS)
        ],
        "sources": [cited.source for cited in fact.citations] if fact else [],
    }
    answer.rows.append(row)
    if fact is None:
        answer.note("The event does not stand at this cut: retracted, fallen or below the floor.")
    elif not view.about(f"key:{recorded.key}").certain:
        answer.note("The event is not certain at this cut (later, not yet known, or undated).")
    return answer


def find_event(history: History, event: str) -> Recorded:
    """The event with a key, a position (``#12`` or ``12``) or an id.

    Raises Refused (UNKNOWN_SUBJECT) when the history holds no such event.
    """
    event = event.encode(errors="backslashreplace").decode()
    wanted = event.removeprefix("#")
    subjects = [f"key:{event}", f"id:{wanted}"]
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
        subjects.insert(1, f"position:{int(wanted)}")
    for subject in subjects:
        for recorded in history.mentioning(subject):
            return recorded
    keys = (subject.removeprefix("key:") for subject in history.subjects("key:"))
    raise Refused(
        Refusal.UNKNOWN_SUBJECT,
        f"No event {shown(event)} is recorded at this cut.",
        nearest(event, keys) or "Give its key, its position as #12, or its id.",
    )


def _row(fact: Fact) -> Row:
    return {
        "effective_on": fact.since,
        "known_on": _span(fact),
        "recorded_at": fact.recorded.recorded_at,
        "position": fact.recorded.position,
        "event": fact.key,
        "type": fact.type,
        "what": sentence(fact),
        "standing": fact.standing,
        "sources": [cited.source for cited in fact.citations],
        "amended_by": list(fact.amendments),
    }


def _span(fact: Fact) -> str:
    return fact.known.last if fact.known.first == fact.known.last else "..".join(fact.known)
