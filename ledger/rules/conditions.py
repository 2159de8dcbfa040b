"""Conditions are settled once, in no circle; what is called off has not yet taken effect."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.rules.new_events import NewEvents
from ledger.time.history import AMENDMENTS, WITHDRAWAL
from ledger.time.view import View
from ledger.values.refusals import Refusal, Refused, shown, to_run

_FINAL = ("satisfied", "waived", "failed")


def conditions_hold(view: View, new_events: NewEvents) -> Iterator[tuple[Recorded, Refused]]:
    """No condition waits for itself, and none is officially settled when it is settled."""
    for condition in new_events.touched("condition:"):
        subject = f"condition:{condition}"
        for recorded in view.history.mentioning(subject):
            fact = view.fact(recorded)
            if fact is not None and fact.depending is not None and fact.depending.circle:
                yield new_events.attribute_to(subject, recorded.position), _circular(fact)
        before: Fact | None = None
        for fact in view.about(subject, types=("condition-settled",)).counted:
            official = fact.need("condition") == condition and fact.standing == "official"
            if not official:
                continue
            outcome, settled = fact.need("outcome"), before and before.need("outcome")
            if settled in _FINAL and outcome in (*_FINAL, "extended") and before is not None:
                event = new_events.attribute_to(subject, fact.recorded.position)
                yield event, _settled_before(fact, before, condition)
            elif outcome == "reopened" and settled not in _FINAL:
                event = new_events.attribute_to(subject, fact.recorded.position)
                yield event, _never_settled(fact, condition)
            else:
                before = fact if outcome != "extended" else before


def withdrawals_are_in_time(
    view: View, new_events: NewEvents
) -> Iterator[tuple[Recorded, Refused]]:
    """Nothing is officially called off that has taken effect by the day."""
    for key in new_events.touched("event:"):
        for recorded in view.history.mentioning(f"event:{key}", (WITHDRAWAL,)):
            withdrawal = view.fact(recorded)
            target = next(map(view.fact, view.history.mentioning(f"key:{key}")), None)
            if withdrawal is None or target is None or withdrawal.need("event") != key:
                continue
            event = new_events.attribute_to(f"event:{key}", recorded.position)
            if target.type in (*AMENDMENTS, WITHDRAWAL) or target.effective is None:
                yield event, _no_action(target)
            elif withdrawal.standing == "official" and _took_effect(target, withdrawal):
                yield event, _too_late(target, withdrawal)


def _took_effect(target: Fact, withdrawal: Fact) -> bool:
    """Whether an event surely took effect before the day on which it is called off."""
    if target.depending is not None and target.depending.waits:
        return False
    effective, day = target.effective, withdrawal.effective
    return effective is not None and day is not None and effective.last < day.first


def _circular(fact: Fact) -> Refused:
    return Refused(
        Refusal.CONTRADICTORY_STEP,
        f"#{fact.recorded.position} {shown(fact.key)} would wait for itself, through the conditions"
        " that it depends on.",
        "Name the event that really meets the condition in met_by, or leave conditional_on out.",
        "conditional_on",
    )


def _settled_before(fact: Fact, before: Fact, condition: str) -> Refused:
    return Refused(
        Refusal.CONTRADICTORY_STEP,
        f"#{fact.recorded.position} has the condition {condition} {fact.need('outcome')}, and"
        f" #{before.recorded.position} {shown(before.key)} settled it on {before.when}:"
        f" {before.need('outcome')}.",
        "Record condition-settled with outcome reopened first, or what a source says with standing"
        f" reported. See {to_run('show', before.recorded.position)}.",
        "outcome",
    )


def _never_settled(fact: Fact, condition: str) -> Refused:
    return Refused(
        Refusal.CONTRADICTORY_STEP,
        f"#{fact.recorded.position} reopens the condition {condition}, which was not settled.",
        "Record how it was settled first.",
        "outcome",
    )


def _no_action(target: Fact) -> Refused:
    return Refused(
        Refusal.CONTRADICTORY_STEP,
        f"#{target.recorded.position} {shown(target.key)} ({target.type}) is no action that could"
        " be called off.",
        f"Retract it, if it is wrong: {to_run('retract', target.key, '--because', 'REASON')}.",
        "event",
    )


def _too_late(target: Fact, withdrawal: Fact) -> Refused:
    return Refused(
        Refusal.CONTRADICTORY_STEP,
        f"#{target.recorded.position} {shown(target.key)} ({target.type}) took effect on"
        f" {target.when}, before {withdrawal.when}, the day on which it is called off.",
        "If it never happened, retract it:"
        f" {to_run('retract', target.key, '--because', 'REASON')}.",
        "event",
    )
