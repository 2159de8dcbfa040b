"""Who recorded an event, as the event itself says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ledger.values.refusals import Refused
from ledger.values.text import checked_text

BY, DATABASE, APPROVED_BY = "by", "database", "approved_by"
FIELDS = {BY, DATABASE, APPROVED_BY, "key", "signature", "via"}  # the last three are reserved
LONGEST = 200


class Person(NamedTuple):
    """Who says that they record; ``named`` where they were asked for, with --by."""

    name: str = "unknown"
    named: bool = False


def checked_person(name: str) -> str:
    """The name of whoever records, as it is kept."""
    return checked_text(name, LONGEST)


def is_actor(actor: Any) -> bool:
    """Whether what stands in an event's bytes says who recorded it, as an append writes it."""
    try:
        return has_shape(actor) and all(checked_person(text) == text for text in actor.values())
    except Refused:
        return False


def has_shape(actor: Any) -> bool:
    """Whether it is texts under the names that an actor has."""
    if not isinstance(actor, dict) or BY not in actor or not actor.keys() <= FIELDS:
        return False
    return {str} == set(map(type, actor.values()))


def in_words(actor: Mapping[str, str] | None) -> str:
    """Who recorded an event and how far that is proven; empty where nothing is said."""
    if not actor:
        return ""
    by, login = actor[BY], actor.get(DATABASE)
    if login is None:
        return f"says {by}"
    approved = f", approved by {actor[APPROVED_BY]}" if APPROVED_BY in actor else ""
    return by + approved if login in (by, actor.get(APPROVED_BY)) else f"says {by}, login {login}"
