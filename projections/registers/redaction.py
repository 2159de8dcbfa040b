"""Redaction: documents that leave persons unnamed, each the same number in every document."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from ledger.events.envelope import Recorded
from ledger.time.history import AMENDMENTS
from ledger.time.view import View
from projections.names import NAMING

_SHORTEST = 3  # of an id, or of a part of a name, that is looked for in running text
_WORD = re.compile(r"[^\W_]+")
SEVERAL = "a person"  # in place of a part of a name that several persons bear


class _Phrase(NamedTuple):
    """A name or an id, where its first word begins in it, and what stands in its place."""

    text: str
    offset: int
    instead: str


class Redaction:
    """Persons without their names: each is "person N", N being its place among all persons that
    are registered.

    What is replaced are ids, recorded names, present and former, and words of these names that no
    other party bears, wherever they stand as words.
    """

    def __init__(self, view: View) -> None:
        self._whole = view.whole

    @cached_property
    def persons(self) -> Mapping[str, str]:
        """What stands in place of every id and name of a person, and of their parts."""
        found, parts = dict[str, str](), defaultdict[str, set[str]](set)
        others = set[str]()
        number = 0
        for recorded in self._registrations():
            names, id = self._names(recorded), str(recorded.data["party"])
            if not self._is_person(recorded):
                others |= {word.casefold() for name in names for word in _WORD.findall(name)}
                continue
            number += 1
            person = f"person {number}"
            for whole in (*names, *([id] if len(id) >= _SHORTEST else ())):
                found.setdefault(whole, person)
            for part in _parts(names):
                parts[part].add(person)
        for part, bearers in sorted(parts.items()):
            if part.casefold() not in others:
                found.setdefault(part, min(bearers) if len(bearers) == 1 else SEVERAL)
        return found

    def _registrations(self) -> Sequence[Recorded]:
        return self._whole.history.mentioning("type:party-registered")

    def _is_person(self, recorded: Recorded) -> bool:
        fact = self._whole.fact(recorded)
        return "person" in (recorded.data["kind"], fact.text("kind") if fact else None)

    def _names(self, registration: Recorded) -> list[str]:
        """Every name that anything recorded gives a party, withdrawn or not."""
        history, names = self._whole.history, set[str]()
        for recorded in history.mentioning(f"party:{registration.data['party']}", NAMING):
            names.add(recorded.data.get("name", ""))
            for amendment in history.mentioning(f"event:{recorded.key}", AMENDMENTS):
                changes = amendment.data.get("changes", ())
                names |= {c.get("value") or "" for c in changes if c["field"] == "name"}
        return sorted(names - {""})

    @cached_property
    def _phrases(self) -> dict[str, list[_Phrase]]:
        """The phrases to be replaced by their first words, the longest first."""
        found = defaultdict[str, list[_Phrase]](list)
        for text, instead in sorted(self.persons.items(), key=lambda item: -len(item[0])):
            first = _WORD.search(text)
            if first is not None:
                found[first[0]].append(_Phrase(text, first.start(), instead))
        return found

    def words(self, text: str) -> str:
        """A text without the names and ids of persons."""
        return "".join(self._pieces(text))

    def _pieces(self, text: str) -> Iterator[str]:
        done = 0
        for word in _WORD.finditer(text):
            for phrase in self._phrases.get(word[0], ()):
                start = word.start() - phrase.offset
                end = start + len(phrase.text)
                if start >= done and text.startswith(phrase.text, start) and _ends(text, end):
                    yield from (text[done:start], phrase.instead)
                    done = end
                    break
        yield text[done:]


def _parts(names: Sequence[str]) -> set[str]:
    """The words of a person's names that are long enough to be names themselves."""
    words = {word for name in names if " " in name for word in name.split(" ")}
    return {word for word in words if len(word) >= _SHORTEST and word[0].isupper()}


def _ends(text: str, end: int) -> bool:
    """Whether a word ends at a place of a text."""
    return not (text[end - 1].isalnum() and text[end : end + 1].isalnum())
