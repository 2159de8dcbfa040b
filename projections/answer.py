"""The shape of every answer: rows, possible changes, notes; plain values, ready for any format."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ledger.fact import STANDINGS, Fact, Possible
from ledger.quantities import rounded

Row = dict[str, Any]
CERTAIN = "certain"  # how an event stands that counts


@dataclass(slots=True)
class Answer:
    """What is certain at a cut (rows), what may be (possible), and remarks (notes).

    ``warnings`` has rows too; None where the question gives none.
    """

    rows: list[Row] = field(default_factory=list)
    possible: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    warnings: list[Row] | None = None
    _listed: set[str] = field(default_factory=set, init=False, repr=False, compare=False)
    _noted: set[str] = field(default_factory=set, init=False, repr=False, compare=False)

    def add_possible(self, possible: Iterable[Possible]) -> None:
        """List facts that may stand at the cut, each once."""
        if len(self._listed) != len(self.possible):
            self._listed = {row["event"] for row in self.possible}
        for fact, why in sorted(possible, key=lambda p: p.fact.listed):
            if fact.key not in self._listed:
                self._listed.add(fact.key)
                self.possible.append(
                    {
                        "event": fact.key,
                        "type": fact.type,
                        **dated(fact, "effective_on"),
                        "standing": fact.standing,
                        "what": sentence(fact),
                        "why": why,
                    }
                )

    def note(self, text: str) -> None:
        """Add a note, once."""
        if len(self._noted) != len(self.notes):
            self._noted = set(self.notes)
        if text not in self._noted:
            self._noted.add(text)
            self.notes.append(text)


def dated(fact: Fact | None, name: str = "since") -> Row:
    """When a fact took effect, for a row: the date as written, and the day that bounds it."""
    return {name: fact.since if fact else None, "at_latest": fact.at_latest if fact else None}


def sentence(fact: Fact) -> str:
    """A fact told in one sentence, from its type's wording; parts in brackets only if known."""
    from ledger.event import event_class  # only answers that tell events need the classes

    known = {"qualifier": "", "percent_qualifier": ""}  # exactly goes without saying
    known |= {name: _worded(name, value) for name, value in fact.data.items()}

    def told(optional: re.Match[str]) -> str:
        return optional[1] if all(f in known for f in re.findall(r"{(\w+)}", optional[1])) else ""

    words = re.sub(r"\[(.*?)\]", told, event_class(fact.type).sentence)
    return words.format_map(_Missing(known))


def qualified(value: str, qualifier: str | None) -> str:
    """A value as its qualifier has it: ``at most 15``; the plain value where it is exact."""
    if qualifier in (None, "exactly"):
        return value
    return f"{qualifier.replace('-', ' ')} {value}"


def weakest(facts: Iterable[Fact]) -> str:
    """The weakest standing among facts: what an answer made of them is worth."""
    return STANDINGS[max((fact.rank for fact in facts), default=0)]


def keys(facts: Iterable[Fact]) -> list[str]:
    """The keys of the facts an answer is made of, in an order that any reload keeps."""
    return list(dict.fromkeys(fact.key for fact in sorted(facts, key=lambda f: f.listed)))


def whole(value: Fraction) -> str:
    """A number of shares or votes as text; a fraction stays one."""
    return str(value.numerator) if value.denominator == 1 else str(value)


def percentage(part: Fraction, base: Fraction, digits: int) -> str | None:
    """part of base in percent, rounded half to even; None where the base is nothing."""
    return rounded(part / base * 100, digits) if base > 0 else None


def exact(part: Fraction, base: Fraction) -> str | None:
    """part / base as an exact fraction."""
    return str(part / base) if base > 0 else None


class _Missing(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "somebody" if name == "person" else "1" if name == "seats" else "unknown"


def _worded(name: str, value: Any) -> str:
    if name.endswith("qualifier"):
        return qualified("", value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
