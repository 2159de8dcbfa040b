"""Fractional shares: where events count shares, and which types speak of whole ones alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ledger.values.share_counts import digits_of

CREATED, FIELD = "share-class-created", "fraction_digits"
IN_WHOLE = {  # types that speak of whole shares alone, and what they are about
    "pool-reserved": "Pools",
    "instrument-granted": "Instruments",
    "instrument-exercised": "Instruments",
    "shares-restricted": "Restrictions",
    "offer-made": "Offers",
    "offer-amended": "Offers",
    "share-right-granted": "Rights on a number of shares",
}


class Counted(NamedTuple):
    """A count of shares with decimals: where it stands, its text, and of which class it is."""

    place: str
    text: str
    share_class: str | None


def may_be_fractional(type_name: str, data: Mapping[str, Any]) -> bool:
    """Whether an event speaks of parts of shares, or may have to do with a class that has them."""
    return (
        type_name == CREATED
        or type_name in IN_WHOLE
        or data.get("fractions") == "issue"
        or "pool" in data
        or next(counts(data), None) is not None
    )


def counts(data: Mapping[str, Any]) -> Iterator[Counted]:
    """The counts of shares with decimals of an event."""
    own = data.get("share_class")
    if "." in (shares := data.get("shares", "")):
        yield Counted("shares", shares, own)
    if digits_of(total := data.get("total", "")):
        yield Counted("total", total, received(data))
    for n, one in enumerate(data.get("excluded", ())):
        if "." in one.get("shares", ""):
            yield Counted(f"excluded[{n}].shares", one["shares"], own)


def received(data: Mapping[str, Any]) -> str:
    """The class of the new shares of a movement."""
    found = data.get("distributed_class") or data.get("into_class") or data["share_class"]
    return str(found)
