"""Topics: what each event type is about, in one word that a reader can ask for.

A topic is that of the stream which the type is recorded in, but for the types named apart.
``KINDS`` are what a reader asks for: a topic, and for the register what is disclosed of it as well.
"""

from __future__ import annotations

from functools import cache

_OF_STREAM = {
    "register": "register",
    "disclosure": "disclosures",
    "votes": "votes",
    "governance": "board",
    "agreement": "agreements",
    "deal": "deals",
    "condition": "deals",
    "proceeding": "proceedings",
    "investment": "deals",
    "offering": "deals",
    "offer": "offers",
    "instrument": "instruments",
    "pool": "instruments",
    "right": "share-rights",
    "restriction": "share-rights",
    "transfer": "register",
    "project": "projects",
    "claims": "claims",
    "types": "claims",
    "party": "parties",
    "relationship": "relationships",
    "source": "sources",
    "event": "corrections",
    "signing-keys": "keys",
}
_APART = {
    "balance-asserted": "disclosures",
    "capital-authorised": "register",
    "dividend-declared": "dividends",
    "dividend-paid": "dividends",
    "double-votes-granted": "votes",
    "double-votes-ended": "votes",
    "trust-settled": "trusts",
    "trust-amended": "trusts",
    "trust-ended": "trusts",
    "approval-granted": "deals",
    "approval-refused": "deals",
    "notice-given": "deals",
    "meeting-called": "meetings",
    "meeting-held": "meetings",
    "resolution-voted": "meetings",
    "votes-cast": "meetings",
}
_TOPICS = tuple(dict.fromkeys(("register", *_APART.values(), *_OF_STREAM.values())))
KINDS = {topic: (topic,) for topic in _TOPICS} | {
    "register": ("register", "disclosures"),
    "board": ("board", "meetings"),
}


@cache
def topic_of(type_name: str) -> str:
    """The topic of an event type."""
    from ledger.events.registry import event_class  # to know the topics, no class is needed

    return _APART.get(type_name) or _OF_STREAM[event_class(type_name).stream.partition(":")[0]]
