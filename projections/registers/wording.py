"""Wording: events told with names in place of ids, and persons left unnamed where that is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact, Possible
from ledger.model.register import issuer_of
from ledger.time.history import AMENDMENTS
from ledger.time.view import View
from projections.names import NAMING, Names
from projections.registers.document import Column, Table, Value
from projections.sentences import SHARES_OF, sentence

_SHORTEST = 3  # of an id that is looked for in running text
DATED = (Column("Date", "date"), Column("What happened"), Column("Standing"))


class Wording:
    """How a document calls the things of a view, ``company`` being the one it is about."""

    def __init__(self, view: View, company: str) -> None:
        self.view, self.company, self.names = view, company, Names(view)

    def party(self, id: str) -> str:
        """The name of a party."""
        return self.names.name("party", id)

    def parties(self, ids: Iterable[str]) -> str:
        """The names of several parties."""
        return ", ".join(map(self.party, ids))

    def share_class(self, id: str) -> str:
        """A class by its name, with its issuer where that is another company."""
        name, issuer = self.names.name("class", id), issuer_of(id)
        label, _, whose = name.partition(" of ")
        if whose and self.party(issuer).casefold().startswith(whose.casefold()):
            name = label
        if not set(SHARES_OF) & set(name.casefold().split()):
            name += " shares"
        return name if issuer == self.company else f"{name} of {self.party(issuer)}"

    def source(self, id: str) -> str:
        """A source: its publisher and date, and its id, under which the record has it."""
        return self.names.title("source", id)

    def sources(self, fact: Fact) -> str:
        """The sources of an event, each with the place in it."""
        cited = (
            self.source(c.source) + (f", {c.locator}" if c.locator else "") for c in fact.citations
        )
        return "; ".join(dict.fromkeys(cited))

    def event(self, fact: Fact) -> str:
        """An event in a sentence, with names."""
        return begun(sentence(self.names, fact))

    def possible(self, title: str, possible: Iterable[Possible]) -> list[Table]:
        """A table of what may have happened, with why that is not certain; none where nothing."""
        columns = (*DATED[:2], Column("Why it is not certain"), DATED[2])
        found = sorted(possible, key=lambda one: one.fact.listed)
        rows: list[tuple[Value, ...]] = [
            (f.when, self.event(f), begun(why), f.standing) for f, why in found
        ]
        return [Table(title, columns, rows)] if rows else []


def begun(text: str) -> str:
    """A text as it begins a line: with a capital letter."""
    return text[:1].upper() + text[1:]


class Redaction:
    """Persons without their names: each is "person N" in every register of a ledger, N being its
    place among the persons registered.

    What is replaced are ids and recorded names, present and former, wherever they stand as words.
    """

    def __init__(self, view: View) -> None:
        self._whole = View(view.history)

    @cached_property
    def persons(self) -> dict[str, str]:
        """What persons are called by their ids and names, the longest first."""
        found: dict[str, str] = {}
        for number, recorded in enumerate(filter(self._is_person, self._registrations()), 1):
            for word in self._called(recorded):
                found.setdefault(word, f"person {number}")
        return dict(sorted(found.items(), key=lambda item: (-len(item[0]), item[0])))

    def _registrations(self) -> Sequence[Recorded]:
        return self._whole.history.mentioning("type:party-registered")

    def _is_person(self, recorded: Recorded) -> bool:
        fact = self._whole.fact(recorded)
        return "person" in (recorded.data["kind"], fact.text("kind") if fact else None)

    def _called(self, registration: Recorded) -> set[str]:
        """The id of a person and every name that anything recorded gives it, withdrawn or not."""
        id, history = str(registration.data["party"]), self._whole.history
        names = {id if len(id) >= _SHORTEST else ""}
        for recorded in history.mentioning(f"party:{id}", NAMING):
            names.add(recorded.data.get("name", ""))
            for amendment in history.mentioning(f"event:{recorded.key}", AMENDMENTS):
                changes = amendment.data.get("changes", ())
                names |= {c.get("value") or "" for c in changes if c["field"] == "name"}
        return names - {""}

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        words = "|".join(map(re.escape, self.persons))
        return re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])") if words else None

    def words(self, text: str) -> str:
        """A text without the names and ids of persons."""
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda found: self.persons[found[0]], text)
