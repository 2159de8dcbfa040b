"""Wording: things and events told with names in place of ids."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.model.fact import Fact, Possible
from ledger.model.register import issuer_of
from ledger.time.view import View
from projections.names import Names
from projections.registers.document import Column, Table, Value
from projections.sentences import SHARES_OF, sentence
from projections.told import STEP, read

DATED = (Column("Date", "date"), Column("What happened"), Column("Standing"))


class Wording:
    """How a document calls the things of a view, ``company`` being the one it is about."""

    def __init__(self, view: View, company: str) -> None:
        self.view, self.company, self.names = view, company, Names(view)

    def party(self, id: str) -> str:
        """The name of a party."""
        return self.names.name("party", id)

    def formerly(self, party: str) -> str:
        """The earlier names of a party, each with the day until which it bore it."""
        return "; ".join(f"{name} until {until}" for name, until in self.names.former(party))

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

    def stands(self, key: str) -> Fact | None:
        """An event as it stands at the cut; None where it was taken back."""
        (recorded,) = self.view.history.mentioning(f"key:{key}")
        return self.view.fact(recorded)

    def remark(self, note: str) -> str:
        """A remark of an answer, with names."""
        return read(note, self._named)

    def _named(self, kind: str, id: str) -> str:
        stands = self.stands(id.partition(" ")[0]) if kind == STEP else None
        return f'"{self.event(stands)}"' if stands else self.names.short(kind, id)

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
