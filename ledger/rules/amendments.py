"""A correction speaks of an earlier event that stands, and leaves it a valid event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from ledger.events.envelope import Recorded
from ledger.events.local import DeclaredEventRecorded
from ledger.events.registry import mentions
from ledger.events.validation import make_event
from ledger.model.fact import Fact
from ledger.model.register import issuer_of
from ledger.model.subject import parse_subject
from ledger.rules.fractional import unfit
from ledger.rules.local import unlike_declared
from ledger.rules.new_events import NewEvents, required
from ledger.rules.references import is_known, reaffirmed_later
from ledger.time.history import AMENDMENTS, OWN_FIELDS, SOURCE_EVENTS, History, root_of, target_of
from ledger.time.view import View
from ledger.values.refusals import Refusal, Refused, shown, to_run

_TOGETHER = (Refusal.FIELDS_DISAGREE, Refusal.SAME_HOLDER, Refusal.MISSING_FIELD)


def proposals_fit(view: View, new_events: NewEvents) -> Iterator[tuple[Recorded, Refused]]:
    """Every value that a correction proposes is one that its field takes.

    It comes before the other rules, for these read the values. What fields say together is looked
    at when all amendments are applied.
    """
    for event in new_events.events(new_events.amending):
        if event.type == "event-corrected" and view.asks_all_rules:
            problem = _unfit(event, view.history)
            if problem is not None:
                yield event, problem


def _unfit(correction: Recorded, history: History) -> Refused | None:
    """Why a value does not fit what it is proposed for.

    A field of an amendment itself is its own, unless it proposes a value for one of that name.
    What it proposes is for the event that it names or, through that one, for the root.
    """
    target = target_of(correction, history)
    root = root_of(target, history) if target else None
    if target is None or root is None:
        return None
    proposed = {change["field"] for change in target.data.get("changes", ())}
    named = target_of(target, history) if target.type in AMENDMENTS else None
    for change in correction.data["changes"]:
        own = target is root or change["field"] in OWN_FIELDS - proposed
        owners = [target] if own else [root] if named in (None, root) else [named, root]
        refused = [_not_taken(one, change) for one in owners]
        if all(refused):
            return refused[0]
    return None


def _not_taken(owner: Recorded, change: Mapping[str, Any]) -> Refused | None:
    field, value = change["field"], change.get("value")
    data = {name: kept for name, kept in owner.data.items() if name != field}
    try:
        make_event(owner.type, data if value is None else data | {field: value})
    except Refused as refused:
        own = refused.place.partition("[")[0].partition(".")[0] == field
        together = owner.type not in AMENDMENTS and refused.refusal in _TOGETHER
        return refused if own and not together else None
    return None


def amendments_hold(view: View, new_events: NewEvents) -> Iterator[tuple[Recorded, Refused]]:
    """What is corrected exists, is earlier, is not retracted, and stays an event of its type."""

    @cache  # an event is as sound after one of its amendments as after another
    def invalid(root: str) -> Refused | None:
        return _invalid(view, view.history.mentioning(f"key:{root}")[0])

    @cache
    def fallen(source: str) -> Refused | None:
        return _fallen(view, source)

    for event in new_events.events(new_events.amending):
        problem = None
        if event.type in AMENDMENTS:
            root = root_of(event, view.history)
            problem = _misplaced(view, event, root) or (invalid(root.key) if root else None)
        elif event.type in ("source-corrected", "source-retracted"):
            problem = fallen(event.data["source"])
        if problem is not None:
            yield event, problem


def _misplaced(view: View, event: Recorded, root: Recorded | None) -> Refused | None:
    """What is wrong with what an amendment names, if anything is."""
    target = view.history.mentioning(f"key:{event.data['event']}")[0]
    if target.position >= event.position:
        return _refused(f"#{target.position} is recorded later than its amendment.", "Swap them.")
    gone = _retracted_by(view, target, event)
    if gone is not None:
        return _refused(
            f"{shown(target.key)} is already retracted, by #{gone.position}.",
            f"Retract {shown(gone.key)} to revive it{_reviving(gone, event)}.",
        )
    if event.type == "event-corrected":
        problem = _misdirected(target, {change["field"] for change in event.data["changes"]})
        if problem is not None:
            return problem
    if root is None:
        return _refused("The chain of corrections leads to no event.", "Name the event itself.")
    return None


def _misdirected(target: Recorded, fields: set[str]) -> Refused | None:
    """What is wrong with correcting these fields of an amendment, if it is one."""
    own = sorted(fields - OWN_FIELDS)
    if target.type == "event-retracted" and own:
        return _refused(f"A retraction has no field {shown(own[0])}.", "Retract it instead.")
    about = "event" if target.type in AMENDMENTS else "source"
    if target.type in (*AMENDMENTS, "source-corrected", "source-retracted") and about in fields:
        return _refused(
            f"{shown(target.key)} stays about the {about} it names.",
            "Retract it, and record another one.",
        )
    return None


def _reviving(gone: Recorded, event: Recorded) -> str:
    """The command that takes a retraction back, if that is recorded before a batch."""
    if gone.recorded_at == event.recorded_at:
        return ""
    return f": {to_run('retract', gone.position, '--because', '...')}"


def _retracted_by(view: View, target: Recorded, event: Recorded) -> Recorded | None:
    for other in view.history.mentioning(f"event:{target.key}", ("event-retracted",)):
        if target.position < other.position < event.position:
            fact = view.fact(other)
            if fact is not None:
                return other
    return None


def _invalid(view: View, root: Recorded) -> Refused | None:
    """What is wrong with the root after all its amendments, if anything is."""
    fact = view.fact(root)
    if fact is None:
        fallen = _fallen(view, root.data["source"]) if root.type in SOURCE_EVENTS else None
        return _still_referred_to(view, root) or fallen
    try:
        corrected = make_event(root.type, fact.data)
    except Refused as refused:
        return refused
    for mention in mentions(root.type, corrected.data):
        wanted = required(mention) if mention.kind.must_exist or view.asks_all_rules else None
        if wanted is not None and not is_known(view, *wanted):
            return Refused(
                Refusal.UNKNOWN_REFERENCE,
                f"No {wanted[0]} {shown(wanted[1])} is recorded.",
                "Register it first.",
                mention.field,
            )
    problem = unfit(view.history, root.type, corrected.data)
    if problem is None and root.type == DeclaredEventRecorded.type and view.asks_all_rules:
        problem = unlike_declared(view, replace(root, data=corrected.data))
    if problem is not None:
        return problem
    reaffirmed = corrected.data.get("reaffirms")
    later = reaffirmed_later(view.history, reaffirmed, root) if reaffirmed else iter(())
    return next(later, None) or _still_referred_to(view, root)


def _fallen(view: View, source: str) -> Refused | None:
    """What is wrong when registrations fall with the source they rest on."""
    for resting in view.history.mentioning(f"source:{source}"):
        problem = _still_referred_to(view, resting) if view.fact(resting) is None else None
        if problem is not None:
            return problem
    return None


def _still_referred_to(view: View, root: Recorded) -> Refused | None:
    """A registration may not vanish, or change its id, under events that speak of it."""
    for kind, id in _introduced(view, root):
        if view.about(f"new-{kind}:{id}").certain:
            continue
        resting = {fact.recorded.position: fact for fact in _speaking_of(view, kind, id)}
        others = [resting[at] for at in sorted(resting) if at != root.position]
        if others:
            return _refused(
                f"{shown(id)} is spoken of by {len(others)} events, the first"
                f" #{others[0].recorded.position} {others[0].key}.",
                "Retract those first, or correct the registration's other fields. See"
                f" {to_run('timeline', id)}.",
            )
    return None


def _speaking_of(view: View, kind: str, id: str) -> Iterator[Fact]:
    """What speaks of a thing; of a party also the classes of which it is the issuer."""
    yield from view.about(f"{kind}:{id}").certain
    if kind == "party" and view.asks_all_rules:
        for fact in view.about(f"issuer:{id}", types=("share-class-created",)).certain:
            if issuer_of(fact.need("share_class")) == id:
                yield fact


def _introduced(view: View, root: Recorded) -> Iterator[tuple[str, str]]:
    """The kind and id of all that an event makes known, by itself or as any correction has it."""
    for mention in mentions(root.type, root.data):
        if mention.kind.introduces:
            yield mention.kind.refers, mention.id
    for kind, id in map(parse_subject, view.history.moved(root)):
        if kind.startswith("new-") and view.asks_all_rules:
            yield kind.removeprefix("new-"), id


def _refused(wrong: str, remedy: str) -> Refused:
    return Refused(Refusal.BAD_AMENDMENT, wrong, remedy, "event")
