"""Texts in the fields of events: names, titles, notes, clauses and claims."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from re import compile as pattern
from typing import Any

TEXTS = (  # the fields that hold words, those that name something first
    "name", "title", "publisher", "text", "statement", "about", "topic", "terms", "matter",
    "summary", "scope", "change", "reason", "because", "role", "body", "venue", "place",
    "voting_exceptions", "note", "inferred_from", "address", "lei", "isin", "aliases",
    "registration", "designation", "legal_form", "nationality", "occupation",
    "country_of_residence", "former_names", "symbol", "numbers", "consideration", "form",
    "registry", "reference", "matters", "exceptions", "votes_on", "seeks", "earn_out", "wording",
)  # fmt: skip
SEALS = ("old_key", "new_key", "signature")  # written like words, and none
IN_EVERY_CLAIM = ("attribute", "value", "unit")
HELD = frozenset([*TEXTS, "clauses", *IN_EVERY_CLAIM])
TOKENS = "unicode61 remove_diacritics 2"  # how FTS5 takes words apart
_UNSPACED = pattern("([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af])")


def words_in(data: Mapping[str, Any]) -> str:
    """All words in the fields of an event, and in what it proposes to change, as searched."""
    said = [data[name] for name in sorted(data.keys() & HELD)]
    said += [change.get("value") for change in data.get("changes", ()) if change["field"] in HELD]
    return searched(" ".join(_strings(said))) if said else ""


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _strings([value[name] for name in sorted(value)])
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _strings(one)


def searched(text: str) -> str:
    """A text as it is indexed and searched: each letter of scripts without spaces a word."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _UNSPACED.sub(r" \1 ", "".join(c if c.isprintable() else " " for c in plain))
