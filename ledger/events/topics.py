"""What a reader asks for of a timeline: a topic, or a kind that holds the topics near to it."""

from __future__ import annotations

from ledger.vocabulary.guides import TOPIC_OF, TOPICS

KINDS = {topic: (topic,) for topic in TOPICS} | {
    "register": ("register", "capital", "disclosures"),
    "deals": ("deals", "investments", "offerings", "conditions"),
    "board": ("board", "meetings"),
}


def topic_of(type_name: str) -> str:
    """The topic of an event type."""
    return TOPIC_OF[type_name]
