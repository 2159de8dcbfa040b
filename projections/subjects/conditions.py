"""Conditions and proceedings: where they stand, what waits for them, what they have ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.time.doubts import is_absent
from ledger.time.happenings import answering
from ledger.time.history import KINDS, subjects_of
from ledger.time.view import View
from ledger.values.text import EventReference, parse_event_reference
from projections.answer import Answer, sentence
from projections.rows import DealRow
from projections.subjects.thread_rows import deal_of, passed, set_since, thread_row
from projections.subjects.threads import Thread
from projections.told import ANY, STEP, Told, told

SETTLING = ("condition-settled", "proceeding-decided")
WAITS = "waits"  # the status of what is agreed and waits for a condition
OPEN = "open"
LAPSED = "lapsed"  # of a condition, open when what waits for it ended
_ENDING = {
    "agreement": ("agreement-in-force", "agreement-ended"),
    "deal": ("deal-abandoned", "deal-completed", "negotiation-opened", "agreement-signed"),
}


class State(NamedTuple):
    """Where a condition stands, and the events that tell it, the deciding one last."""

    status: str
    events: list[Fact]


def state_of(view: View, condition: str, setting: Fact | None) -> State:
    """Where a condition stands at the cut, whether it is settled by name or by what meets it."""
    status, events = "open", [setting] if setting else []
    for fact in sorted(_settling(view, condition, setting), key=lambda fact: fact.order):
        outcomes = {one["condition"]: str(one["outcome"]) for one in fact.many("settles")}
        if fact.type == "condition-settled":
            outcomes[condition] = fact.need("outcome")
        outcome = outcomes.get(condition, "satisfied")
        if outcome not in ("extended", status):
            status = "open" if outcome == "reopened" else outcome
            events.append(fact)
    return State(status, events)


def _settling(view: View, condition: str, setting: Fact | None) -> Iterator[Fact]:
    found = view.about(f"condition:{condition}", types=SETTLING).counted
    yield from (f for f in found if f.type != SETTLING[0] or f.need("condition") == condition)
    if setting is not None and (met_by := setting.text("met_by")):
        yield from happened(view, met_by, setting.order[0])


def happened(view: View, met_by: str, since: str) -> Iterator[Fact]:
    """The certain facts from a day on that the words of an event reference name."""
    return happened_as(view, parse_event_reference(met_by), since)


def happened_as(view: View, wanted: EventReference, since: str) -> Iterator[Fact]:
    """The certain facts from a day on that an event reference names."""
    for fact in answering(wanted, view.history, view.fact):
        certain = view.about(f"key:{fact.key}").counted
        yield from (one for one in certain if one.order[0] >= since)


def condition_row(answer: Answer[DealRow], view: View, thread: Thread) -> DealRow | None:
    """The row of a condition; None for one that nothing sets."""
    setting = thread.last("condition-set")
    if setting is None:
        return None
    state = state_of(view, thread.id, setting)
    if state.status == OPEN and (end := _end_of(view, setting)) is not None:
        state = State(LAPSED, [*state.events, end])
    facts = [*thread.steps, *(fact for fact in state.events if fact not in thread.steps)]
    row = thread_row(deal_of(thread), "condition", thread.id, facts, state.status)
    set_since(row, state.events[-1])
    stops = [step for step in thread.steps if "long_stop_on" in step.data]
    row |= {
        "title": setting.need("text"),
        "party": setting.text("party"),
        "standing": state.events[-1].standing,
        "expected": stops[-1].need("long_stop_on") if stops else None,
    }
    if state.status == OPEN and passed(row["expected"], view):
        answer.note(long_stop_note(thread.id, str(row["expected"])))
    return row


def _end_of(view: View, setting: Fact) -> Fact | None:
    """The event that ended the agreement, or else the deal, that waits for a condition."""
    for kind, types in _ENDING.items():
        if (id := setting.text(kind)) is not None:
            steps = view.about(f"{kind}:{id}", types=types).counted
            if steps and steps[-1].type in ("agreement-ended", "deal-abandoned", "deal-completed"):
                return steps[-1]
    return None


def hinge(status: str, steps: Iterable[Fact]) -> str:
    """What a condition will do that may still be met: end what stands, or let begin what waits."""
    if status not in OPEN:
        return ""
    ends = any(step.text("effect") == "subsequent" for step in steps)
    return "Ends if: " if ends else "Waits for: "


def long_stop_note(condition: str, day: str) -> Told:
    """That the day has passed by which a condition was to be met."""
    return Told(
        f"{told(ANY, condition)} was to be met by {day}, and no event at this cut says that it was;"
        " nothing ends by that alone, and either party may be free to end what waits for it."
    )


def proceeding_row(thread: Thread) -> DealRow:
    """The row of proceedings: open, or as they were last decided."""
    opened, newest = thread.last("proceeding-opened"), thread.steps[-1]
    decided = newest.type == "proceeding-decided"
    status = newest.need("outcome") if decided else "open"
    row = thread_row(deal_of(thread), "proceeding", thread.id, thread.steps, status)
    set_since(row, newest if decided else thread.steps[0])
    row["standing"] = newest.standing
    row["expected"] = None if decided else newest.text("until")
    if opened is not None:
        seeks = opened.text("seeks")
        row["party"] = opened.need("body")
        row["title"] = opened.need("kind").replace("-", " ") + (f": {seeks}" if seeks else "")
    return row


def contingent(view: View, subject: str | None) -> Iterator[DealRow]:
    """What is agreed and waits for a condition, of everything or of what speaks of a subject."""
    history, found = view.history, dict[int, tuple[str, Recorded]]()
    if subject is None:
        for condition in history.subjects("condition:"):
            for recorded in history.mentioning(condition):
                found.setdefault(recorded.position, (condition, recorded))
    else:
        for recorded in conditional(view, *(f"{kind}:{subject}" for kind in sorted(KINDS))):
            about = {*subjects_of(recorded.type, recorded.data), *history.moved(recorded)}
            if conditions := [one for one in about if one.startswith("condition:")]:
                found[recorded.position] = min(conditions), recorded
    for _, recorded in sorted(found.values(), key=lambda one: (one[0], one[1].position)):
        fact = view.fact(recorded)
        if fact is None or not (is_waiting(view, fact) or _will_wait(view, fact)):
            continue
        told_of = {one.partition(":")[2] for one in subjects_of(fact.type, fact.data)}
        if subject is None or subject in told_of:
            yield _contingent_row(fact)


def conditional(view: View, *subjects: str) -> Iterator[Recorded]:
    """The events about any of some subjects that depend on a condition, or may as amended: no
    movement does."""
    history = view.history
    for subject in view.identities.widened(subjects):
        for recorded in history.each(subject):
            if "conditional_on" in recorded.data or history.is_amended(recorded.key):
                yield recorded


def _contingent_row(fact: Fact) -> DealRow:
    named = ("company", "agreement", "issuer", "deal", "share_class")
    about = next((fact.need(name) for name in named if name in fact.data), fact.type)
    row = thread_row(fact.text("deal"), "contingent", about, [fact], WAITS)
    return row | {"step": fact.type, "title": sentence(fact), "party": fact.text("party")}


def _will_wait(view: View, fact: Fact) -> bool:
    """Whether a fact of a later date is known, and waits for a condition as well."""
    waits = fact.depending is not None and bool(fact.depending.waits)
    return waits and fact.known.last <= min(view.cut.as_of, view.cut.known_by)


def is_waiting(view: View, fact: Fact) -> bool:
    """Whether a fact is agreed, and waits for a condition."""
    if fact.depending is None or not is_absent(fact, view.cut):
        return False
    return fact.depending.away_on(view.cut.as_of)[0] is None


def absence_notes(view: View, facts: Iterable[Fact]) -> Iterator[str]:
    """Of facts that would count but for what they depend on: what they wait for, or what ended
    them."""
    for fact in facts:
        event = told(STEP, f"{fact.key} ({fact.type})")
        waiting = is_waiting(view, fact)
        yield f"{event} {'is agreed and' if waiting else 'no longer counts:'} {absent(view, fact)}."


def absent(view: View, fact: Fact) -> str:
    """Why a fact does not count, in a few words; empty where it does, or where that is its date."""
    if fact.depending is None or not is_absent(fact, view.cut):
        return ""
    away, _ = fact.depending.away_on(view.cut.as_of)
    if away is None:
        waits = fact.depending.waits or [one["condition"] for one in fact.many("conditional_on")]
        return f"waits for {' and '.join(told('condition', condition) for condition in waits)}"
    kind, _, id = away.about.partition(":")
    by = f" with {kind} {told(kind, id)}" if kind else ""
    return f"{away.reason}{by} ({told('event', away.by)})"
