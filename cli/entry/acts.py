"""What people call events, and what usually follows an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ledger.events.registry import event_types
from ledger.vocabulary.finding import meant, named


class Following(NamedTuple):
    """An event that usually follows another: the question, its type, and which fields it takes."""

    question: str
    type_name: str
    fields: Mapping[str, str]  # from those of the event before


FOLLOWING = {
    "shares-repurchased": Following(
        "Were they cancelled?",
        "shares-cancelled",
        {"share_class": "share_class", "shares": "shares"},
    ),
    "board-seat-granted": Following(
        "Was a director appointed to it?",
        "director-appointed",
        {"company": "company", "nominated_by": "party"},
    ),
    "agreement-signed": Following(
        "Is it in force?", "agreement-in-force", {"agreement": "agreement"}
    ),
    "director-left": Following(
        "Was a successor appointed?", "director-appointed", {"company": "company"}
    ),
}


def types_called(words: str) -> tuple[list[str], bool]:
    """The event types that words may mean, the likeliest first, and whether they name one."""
    if one := named(words):
        return [one], True
    spoken = words.casefold().replace("-", " ").split()
    alike = [name for name in event_types() if spoken and all(word in name for word in spoken)]
    return (alike, True) if len(alike) == 1 else (meant(words, told()), False)


def told() -> dict[str, str]:
    """What the classes of events say of themselves."""
    return {name: cls.__doc__ or "" for name, cls in event_types().items()}
