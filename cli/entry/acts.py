"""What people call events, and what usually follows an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ledger.events.registry import event_types

EVERYDAY = {  # words that are in no name of a type
    "allotment": "shares-issued",
    "new-shares": "shares-issued",
    "sale-of-shares": "shares-transferred",
    "sale": "shares-transferred",
    "sell": "shares-transferred",
    "purchase": "shares-transferred",
    "round": "shares-issued",
    "buy-back": "shares-repurchased",
    "buyback": "shares-repurchased",
    "consolidation": "shares-split",
    "new-company": "party-registered",
    "new-party": "party-registered",
    "new-director": "director-appointed",
    "resignation": "director-left",
    "new-class": "share-class-created",
    "new-source": "source-registered",
    "correction": "event-corrected",
}


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
    """The event types that words name, and whether they are in the names: one by its whole name or
    by an everyday word, else those that have all the words in their names, else in what they tell.
    """
    wanted, types = words.casefold().replace("-", " ").split(), event_types()
    joined = "-".join(wanted)
    if joined in types or joined in EVERYDAY:
        return [EVERYDAY.get(joined, joined)], True
    named = [name for name in types if wanted and all(word in name for word in wanted)]
    if named:
        return named, True
    told = {name: f"{name} {cls.__doc__}".casefold() for name, cls in types.items()}
    return [name for name in types if wanted and all(word in told[name] for word in wanted)], False
