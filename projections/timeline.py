"""Timelines and single events: the history itself, as it stands at a cut."""

from __future__ import annotations

from ledger.envelope import Recorded
from ledger.fact import Fact
from ledger.history import AMENDMENTS, History
from ledger.refusals import Refusal, Refused, nearest, shown
from ledger.view import View
from projections.answer import Answer, Row, sentence

SUBJECT_KINDS = (
    "party", "class", "source", "subject", "deal", "agreement", "investment", "offering",
    "milestone", "project",
)  # fmt: skip


def timeline(view: View, subject: str | None = None) -> Answer:
    """Every event at the cut, or those that speak of a subject, in the order of the fold."""
    answer = Answer()
    if subject is None:
        found = view.about(*view.history.subjects("type:"))
    else:
        found = view.about(*(f"{kind}:{subject}" for kind in SUBJECT_KINDS))
    answer.rows = [_row(fact) for fact in found.certain]
    answer.add_possible(found.possible)
    if not answer.rows:
        what = f" about {subject}" if subject else ""
        answer.note(f"Not known: no dated event{what} at this cut.")
    return answer


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
    found = list(history.mentioning(f"key:{event}"))
    if not found:
        wanted = event.removeprefix("#")
        for subject in history.subjects("key:"):
            (recorded,) = history.mentioning(subject)
            if wanted in (str(recorded.position), recorded.id):
                return recorded
        keys = [subject.removeprefix("key:") for subject in history.subjects("key:")]
        raise Refused(
            Refusal.UNKNOWN_SUBJECT,
            f"No event {shown(event)} is recorded at this cut.",
            nearest(event, keys) or "Give its key, its position as #12, or its id.",
        )
    return found[0]


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
