"""Entries of public lists: a code, its name, and the events that say it, or why none does.

A way to say a code is one or more events in order, written ``offer-made kind=tender +
offer-closed``. Fields stand with the value that makes the event this one: ``a|b`` is one of two,
``-`` is left out, ``+`` is given, and the words of ``TESTS`` look at the value. An event marked
``!`` is found to have this code by itself, for no other code of the list has one like it; after the
mark stands whether holders must choose, where the event tells it: ``MAND``, ``CHOS`` or ``VOLU``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Literal, NamedTuple

from ledger.values.quantities import parse_ratio

Outcome = Literal["said", "declared", "out"]
OUTCOMES: Mapping[Outcome, str] = {
    "said": "event types",
    "declared": "a claim or a local type",
    "out": "out",
}
NOT_GIVEN, GIVEN = "-", "+"


def _of_another_issuer(value: str, data: Mapping[str, Any]) -> bool:
    return value.split("/")[0] != str(data["share_class"]).split("/")[0]


TESTS: Mapping[str, tuple[str, Callable[[str, Mapping[str, Any]], bool]]] = {
    "above-1": ("above 1", lambda value, _: parse_ratio(value) > 1),
    "below-1": ("below 1", lambda value, _: parse_ratio(value) < 1),
    "of-another-issuer": ("of another issuer", _of_another_issuer),
    "a-general-meeting": ("a general meeting", lambda v, _: "general meeting" in v.casefold()),
}


class Said(NamedTuple):
    """An event that says a code, or a part of it: its type, and its fields that matter."""

    type: str
    fields: Mapping[str, str]
    decides: bool = False
    choice: str = ""

    def fits(self, data: Mapping[str, Any]) -> bool:
        """Whether the data of an event of the type have the fields so."""
        return all(_fits(data.get(name), wanted, data) for name, wanted in self.fields.items())


def _fits(value: Any, wanted: str, data: Mapping[str, Any]) -> bool:
    if wanted in TESTS:
        return value is not None and TESTS[wanted][1](value, data)
    if wanted == GIVEN:
        return value is not None
    return any(value is None if one == NOT_GIVEN else value == one for one in wanted.split("|"))


class Entry(NamedTuple):
    """A code of a list: how it is said, or in ``why`` what else becomes of it."""

    code: str
    name: str
    outcome: Outcome
    ways: tuple[str, ...] = ()
    why: str = ""

    @property
    def said(self) -> tuple[tuple[Said, ...], ...]:
        """Each way to say it, event by event."""
        return tuple(map(parse_way, self.ways))


class Listing(NamedTuple):
    """A public list: its name in JSON and in a few letters, what it is, where it was read."""

    name: str
    short: str
    title: str
    read: str
    entries: tuple[Entry, ...]

    def count(self, outcome: Outcome) -> int:
        """How many entries come to an outcome."""
        return sum(entry.outcome == outcome for entry in self.entries)


def said(code: str, name: str, *ways: str, why: str = "") -> Entry:
    """A code that event types say."""
    return Entry(code, name, "said", ways, why)


def declared(code: str, name: str, why: str) -> Entry:
    """A code without an effect of its own, for a claim or for a type that the ledger declares."""
    return Entry(code, name, "declared", ("claim-recorded", "declared-event-recorded"), why)


def out(code: str, name: str, why: str) -> Entry:
    """A code that is none of this ledger's business."""
    return Entry(code, name, "out", (), why)


@cache
def parse_way(text: str) -> tuple[Said, ...]:
    """The events of a way to say a code."""
    return tuple(map(_parse_said, text.split(" + ")))


def _parse_said(text: str) -> Said:
    type_name, *fields = text.split()
    pairs = dict(field.split("=", 1) for field in fields)
    name, decides, choice = type_name.partition("!")
    return Said(name, pairs, bool(decides), choice)
