"""Which event types say each code of the public lists, and which code an event certainly has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from ledger.vocabulary.cap_tables import JOCF, OCF, OCF_CHANGES
from ledger.vocabulary.entries import GIVEN, NOT_GIVEN, TESTS, Entry, Listing, Said
from ledger.vocabulary.iso20022 import CAEV, CAEV_OLDER, FUNCTIONS
from ledger.vocabulary.registers import BCGOV, BODS, CDM, UK

LISTS: tuple[Listing, ...] = (
    CAEV, CAEV_OLDER, FUNCTIONS, OCF, OCF_CHANGES, JOCF, BODS, BCGOV, UK, CDM,
)  # fmt: skip


def entries() -> Iterator[tuple[Listing, Entry]]:
    """Every code of every list."""
    return ((listing, entry) for listing in LISTS for entry in listing.entries)


def codes_of(type_name: str) -> list[tuple[Listing, Entry]]:
    """The codes that an event type says, or a part of."""
    return [found for found in entries() if type_name in types_of(found[1])]


def types_of(entry: Entry) -> list[str]:
    """The event types that say a code, in their order."""
    return list(dict.fromkeys(step.type for way in entry.said for step in way))


def words_of_ways(entry: Entry, code: Callable[[str], str] = str) -> str:
    """The ways to say a code in words; ``code`` marks what is written as it stands."""
    return ", or ".join(" then ".join(_words_of(step, code) for step in way) for way in entry.said)


def _words_of(step: Said, code: Callable[[str], str]) -> str:
    fields = [_condition(name, value, code) for name, value in step.fields.items()]
    return code(step.type) + (f" ({', '.join(fields)})" if fields else "")


def _condition(name: str, wanted: str, code: Callable[[str], str]) -> str:
    if wanted in TESTS:
        return f"{code(name)} {TESTS[wanted][0]}"
    if wanted in (NOT_GIVEN, GIVEN):
        return f"{'with' if wanted == GIVEN else 'without'} {code(name)}"
    values = ["nothing" if one == NOT_GIVEN else code(one) for one in wanted.split("|")]
    return f"{code(name)}: {' or '.join(values)}"


def action_codes(type_name: str, data: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The ISO 20022 event code (CAEV) and choice (CAMV) of an event; None where not certain."""
    fitting = [one for one in _deciding().get(type_name, ()) if one[0].fits(data)]
    if len(fitting) != 1:
        return None, None
    step, entry = fitting[0]
    return entry.code, step.choice or None


@cache
def _deciding() -> Mapping[str, list[tuple[Said, Entry]]]:
    """The events that decide a code by themselves, by type."""
    found: dict[str, list[tuple[Said, Entry]]] = {}
    for entry in CAEV.entries:
        for step in (step for way in entry.said for step in way if step.decides):
            found.setdefault(step.type, []).append((step, entry))
    return found
