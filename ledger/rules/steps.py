"""An official step that contradicts the record's own official history is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.model.threads import THREADS, Contradiction, contradictions, thread_of
from ledger.rules.new_events import NewEvents
from ledger.time.conditions import RIGHTS
from ledger.time.history import AMENDMENTS
from ledger.time.view import View
from ledger.values.refusals import Refusal, Refused, shown, to_run
from ledger.values.warnings import Warned, WarningKind


def steps_agree(view: View, new_events: NewEvents) -> Iterator[tuple[Recorded, Refused]]:
    """The official steps of every thread touched can be taken in the order of their dates."""
    for found in new_events.worked_out(_contradictions, view):
        if found.step.standing == "official":
            event = new_events.attribute_to(_subject(found.step), found.step.recorded.position)
            yield event, _refusal(found, event, new_events)


def contradicting(view: View, new_events: NewEvents) -> list[Warned]:
    """Warnings of new steps that are kept although they contradict the official record."""
    return [
        Warned(
            WarningKind.CONTRADICTS_THE_RECORD,
            f"#{c.step.recorded.position} {c.step.key} ({c.step.standing}) is kept as what its"
            f" source says; it contradicts {_earlier(c)}.",
            position=c.step.recorded.position,
        )
        for c in new_events.worked_out(_contradictions, view)
        if c.step.standing != "official"
        and new_events.has(c.step.recorded.position)
        and not c.reported_twice
    ]


def _contradictions(view: View, new_events: NewEvents) -> Iterator[Contradiction]:
    """The contradictions in every thread that the news touch; a thread is found by its last id.

    What has ended by itself may be said to end.
    """
    for thread in THREADS:
        field, kind = thread.fields[-1], thread.about
        for touched in new_events.touched_by(view, kind, thread.changing):
            found = view.about(f"{kind}:{touched}", types=thread.changing)
            ended = _by_thread((f for f in found.absent if f.type in RIGHTS), field, touched)
            for ids, steps in _by_thread(found.certain, field, touched).items():
                for one in contradictions(steps):
                    before = (f for f in ended.get(ids, ()) if f.order < one.step.order)
                    if one.earlier is not None or next(before, None) is None:
                        yield one


def _by_thread(
    facts: Iterable[Fact], field: str, touched: str
) -> dict[tuple[str, ...], list[Fact]]:
    ids: dict[tuple[str, ...], list[Fact]] = {}
    for fact in facts:
        found = thread_of(fact)
        if found is not None and fact.need(field) == touched:
            ids.setdefault(found, []).append(fact)
    return ids


def _subject(fact: Fact) -> str:
    thread = next(t for t in THREADS if fact.type in t.changing)
    return f"{thread.about}:{fact.need(thread.fields[-1])}"


def _earlier(found: Contradiction) -> str:
    if found.earlier is None:
        return "a record in which nothing has begun that it could end"
    earlier = found.earlier
    return f"#{earlier.recorded.position} {shown(earlier.key)} ({earlier.type}, {earlier.when})"


def _refusal(found: Contradiction, event: Recorded, new_events: NewEvents) -> Refused:
    step, earlier = found.step, found.earlier
    told = earlier is not None and not new_events.has(earlier.recorded.position)
    see = f" See {to_run('show', earlier.recorded.position)}." if earlier and told else ""
    what = "It" if step.recorded.position == event.position else f"#{step.recorded.position}"
    if event.type in (*AMENDMENTS, "source-corrected", "source-retracted"):
        return Refused(
            Refusal.CONTRADICTORY_STEP,
            f"Without it #{step.recorded.position} {step.key} ({step.type}, {step.when}) would"
            f" contradict {_earlier(found)}.",
            "Correct or retract that event first, or record a source's word as claim-recorded."
            f"{see}",
        )
    return Refused(
        Refusal.CONTRADICTORY_STEP,
        f"{what} ({step.type}, {step.when}) contradicts {_earlier(found)}.",
        "If it says the same again, give reaffirms; if a source claims otherwise, record it with"
        f" standing reported or as claim-recorded.{see}",
    )
