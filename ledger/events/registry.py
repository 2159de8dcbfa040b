"""The registry of event types: the whole vocabulary, in this order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

# ruff: noqa: F401, I001 (importing a topic registers its types, and the order is theirs)
from ledger.events import parties
from ledger.events import sources
from ledger.events import capital
from ledger.events import trusts
from ledger.events import deals
from ledger.events import investments
from ledger.events import offerings
from ledger.events import governance
from ledger.events import projects
from ledger.events import corrections
from ledger.events import seals
from ledger.events.base import REGISTERED, Event, class_of
from ledger.events.introspection import Mention, referring


def event_types() -> Mapping[str, type[Event]]:
    """Every event type by stored name, in the order of the vocabulary."""
    return REGISTERED


def event_class(type_name: str) -> type[Event]:
    """The class of a stored type name; Refused (UNKNOWN_TYPE) with the nearest names."""
    return class_of(type_name)


def mentions(type_name: str, data: Mapping[str, Any]) -> Iterator[Mention]:
    """Every reference in an event's data, citations and clauses included."""
    for name, kind, parts in referring(event_class(type_name)):
        if name not in data:
            continue
        if kind is not None:
            value = data[name]
            for word in value if isinstance(value, list | tuple) else (value,):
                yield Mention(name, kind, word)
            continue
        for place, item in enumerate(data[name]):
            for inner, inner_kind, _ in parts:
                if inner_kind is not None and item.get(inner) is not None:
                    yield Mention(f"{name}[{place + 1}].{inner}", inner_kind, item[inner])
