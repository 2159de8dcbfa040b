"""Counts of shares have no more decimals than their class, and those of a class never change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.events.envelope import Recorded
from ledger.model.fractional import CREATED, FIELD, IN_WHOLE, counts, received
from ledger.rules.new_events import NewEvents
from ledger.time.fraction_digits import fraction_digits
from ledger.time.history import History
from ledger.time.view import View
from ledger.values.refusals import Refusal, Refused, shown
from ledger.values.share_counts import digits_of

_CLASSES = ("share_class", "into_class")


def counts_fit(view: View, new_events: NewEvents) -> Iterator[tuple[Recorded, Refused]]:
    """Every count of shares is one that its class can have."""
    for event in new_events.events(new_events.fractional):
        problem = unfit(view.history, event.type, event.data) or _counted_otherwise(view, event)
        if problem is not None:
            yield event, problem
    for event in new_events.events(new_events.correcting([FIELD])):
        yield event, _never_changes("Create another class, and retract what is about this one.")


def unfit(history: History, type_name: str, data: Mapping[str, Any]) -> Refused | None:
    """What is wrong with the counts of shares of an event, if anything is."""
    for place, count, share_class in counts(data):
        problem = _excess(history, count, share_class)
        if problem is not None:
            return problem.at(place)
    if data.get("fractions") == "issue":
        into = received(data)
        if not fraction_digits(history, into):
            return Refused(
                Refusal.FIELDS_DISAGREE,
                f"No fractions of {into} can be issued: its shares are whole.",
                "Give fractions down, up, nearest, cash or to-party. Only a class that was created"
                f" with {FIELD} has fractional shares.",
                "fractions",
            )
    return _in_whole(history, type_name, data)


def _excess(history: History, count: str, share_class: str | None) -> Refused | None:
    given = digits_of(count)
    if share_class is None:
        return Refused(
            Refusal.BAD_NUMBER,
            f"{shown(count)} has decimals, and no class is named that has fractional shares.",
            "Give share_class, or a whole number.",
        )
    digits = fraction_digits(history, share_class)
    if given <= digits:
        return None
    if digits:
        return Refused(
            Refusal.BAD_NUMBER,
            f"{shown(count)} has {given} decimals; {share_class} counts its shares to {digits}.",
            f"Write it with at most {digits} decimals.",
        )
    return Refused(
        Refusal.BAD_NUMBER,
        f"{shown(count)} is not a whole number, and the shares of {share_class} are whole.",
        f"Write a whole number. Only a class that was created with {FIELD} has fractional shares.",
    )


def _in_whole(history: History, type_name: str, data: Mapping[str, Any]) -> Refused | None:
    """The refusal of what counts whole shares alone, of a class that has others too."""
    what = "Pools" if "pool" in data else IN_WHOLE.get(type_name)
    if what is None or (type_name == "share-right-granted" and "shares" not in data):
        return None
    named = [(name, data[name]) for name in _CLASSES if name in data]
    named += [("prices", one["share_class"]) for one in data.get("prices", ())]
    for place, share_class in named:
        if digits := fraction_digits(history, share_class):
            return Refused(
                Refusal.FIELDS_DISAGREE,
                f"{what} count whole shares; those of {share_class} have {digits} decimals.",
                "Record what is agreed as claim-recorded, and the shares when they move"
                " (shares-issued, shares-transferred, shares-exchanged).",
                place,
            )
    return None


def _counted_otherwise(view: View, event: Recorded) -> Refused | None:
    """The refusal of another number of decimals than an earlier creation of the class told."""
    if event.type != CREATED:
        return None
    digits, told = fraction_digits(view.history, event.data["share_class"]), event.data.get(FIELD)
    if told is None or int(told) == digits:
        return None  # what says less is told by the first
    return _never_changes("Choose another id for the class.")


def _never_changes(remedy: str) -> Refused:
    return Refused(
        Refusal.FIELDS_DISAGREE,
        "The decimals of the shares of a class never change.",
        remedy,
        FIELD,
    )
