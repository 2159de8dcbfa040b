"""Plain movements: those that can be posted, by what they say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.events.envelope import Recorded
from ledger.model.movements import LEG_FIELDS, PARTIES, legs_of, shares_moved
from ledger.model.register import issuer_of
from ledger.time.history import History, subjects_of
from ledger.values.dates import parse_effective
from projections.readmodel.postings import FOUND_BY_POSTINGS

MOST_SHARES = 10**12  # a movement of more is replayed: sums in SQLite are of 64 bits
MOST_SEQUENCE = 2**62
NO_FIELDS: frozenset[str] = frozenset()
FIELDS = {  # of a movement that its postings and its sources tell all references of
    name: {
        *LEG_FIELDS[name],
        *("share_class", "shares", "price", "effective_on", "sequence", "tense", "standing"),
        *("known_on", "citations", "inferred_from", "note"),
    }
    for name in FOUND_BY_POSTINGS
}


def is_plain(type_name: str, data: Mapping[str, Any]) -> bool:
    """Whether the fields of a movement, all else apart, let it be posted."""
    dated = parse_effective(data["effective_on"])
    return (
        dated.first == dated.last
        and bool(legs_of(type_name, data))
        and "reaffirms" not in data
        and "conditional_on" not in data
        and "paid_per_share" not in data  # what is paid is followed share by share
        and "." not in (shares := shares_moved(data))  # parts of shares are followed exactly
        and int(shares) <= MOST_SHARES
        and ("sequence" not in data or int(data["sequence"]) < MOST_SEQUENCE)
    )


def names_issuer(data: Mapping[str, Any]) -> bool:
    """Whether a party of a movement is the issuer, whose account is not indexed as a party's."""
    issuer = issuer_of(data["share_class"])
    return any(data.get(field) == issuer for field in PARTIES)


def is_reported_again(event: Recorded, history: History) -> bool:
    """Whether an event tells again what another does, or another what it tells."""
    again = f"reaffirmed:{event.key}"
    others = history.mentioning(again) if history.knows(again) else ()
    return "reaffirms" in event.data or any(o.data.get("reaffirms") == event.key for o in others)


def registers_of(event: Recorded) -> list[str]:
    """The subjects by which a movement is found when it has to be replayed."""
    return registers_among(subjects_of(event.type, event.data))


def registers_among(subjects: set[str]) -> list[str]:
    """Those of some subjects by which movements that are replayed are found."""
    return sorted(s for s in subjects if s.startswith(("issuer:", "party:")))
