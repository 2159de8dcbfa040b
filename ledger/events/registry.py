"""The registry of event types: the whole vocabulary, in this order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

# ruff: noqa: F401, I001 (importing a topic registers its types, and the order is theirs)
from ledger.events import parties
from ledger.events import relationships
from ledger.events import sources
from ledger.events import share_classes
from ledger.events import capital
from ledger.events import registration
from ledger.events import dividends
from ledger.events import disclosures
from ledger.events import voting
from ledger.events import share_rights
from ledger.events import instruments
from ledger.events import trusts
from ledger.events import offers
from ledger.events import deals
from ledger.events import conditions
from ledger.events import proceedings
from ledger.events import investments
from ledger.events import offerings
from ledger.events import governance
from ledger.events import meetings
from ledger.events import projects
from ledger.events import local
from ledger.events import corrections
from ledger.events import seals
from ledger.events.base import REGISTERED, Event, class_of
from ledger.events.introspection import Mention, Referring, referring


def event_types() -> Mapping[str, type[Event]]:
    """Every event type by stored name, in the order of the vocabulary."""
    return REGISTERED


def event_class(type_name: str) -> type[Event]:
    """The class of a stored type name; Refused (UNKNOWN_TYPE) with the nearest names."""
    return class_of(type_name)


def mentions(type_name: str, data: Mapping[str, Any]) -> Iterator[Mention]:
    """Every reference in an event's data, citations and clauses included."""
    for one in referring(event_class(type_name)):
        if one.name in data:
            yield from mentions_in(one, data[one.name])


def mentions_in(field: Referring, value: Any) -> Iterator[Mention]:
    """Every reference in the value of a field."""
    name, kind, parts = field
    if kind is not None:
        yield from (Mention(name, kind, word) for word in words_in(value) if word not in kind.words)
        return
    for place, item in enumerate(value):
        for inner, inner_kind, _ in parts:
            if inner_kind is not None and item.get(inner) is not None:
                for word in words_in(item[inner]):
                    yield Mention(f"{name}[{place + 1}].{inner}", inner_kind, word)


def words_in(value: Any) -> tuple[str, ...]:
    """The texts of a field that takes one or several."""
    return tuple(value) if isinstance(value, list | tuple) else (value,)
