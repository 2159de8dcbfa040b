"""What every holder has of an issuer at the end of many days: shares in capital, or votes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Literal, NamedTuple

from ledger.model.fact import Fact
from ledger.time.class_terms import ClassTerms, class_terms
from ledger.time.view import View
from projections.answer import exact, percentage
from projections.changes.compare import Lines, row_of
from projections.changes.days import Days, RegisterDays
from projections.changes.register_days import Register
from projections.chart_rows import FigureRow
from projections.questions import QUESTIONS
from projections.rows import Row
from projections.subjects.holdings import Line
from projections.subjects.register_walk import Asked

Measure = Literal["capital", "votes"]
QUESTION: Mapping[Measure, str] = {"capital": "holdings", "votes": "votes"}


class Figure(NamedTuple):
    """What a holder has: a number, what it is a part of, and the part."""

    holder: str
    basis: str
    number: str | None
    of: str | None
    part: Fraction | None
    base: str | None
    qualifier: str | None = None

    def row(self, digits: int) -> FigureRow:
        """The figure as text, its percentage with so many digits."""
        part, one = self.part, Fraction(1)
        return {
            "number": self.number,
            "of": self.of,
            "percent": None if part is None else percentage(part, one, digits),
            "percent_exact": None if part is None else exact(part, one),
            "percent_of": self.base,
            "qualifier": self.qualifier,
        }


Figures = Mapping[str, Figure]  # by the line that a chart draws of it


class FiguresOnDays:
    """The figures of an issuer as one view knows them, on any of its days."""

    def __init__(self, view: View, issuer: str, measure: Measure) -> None:
        self.view, self.issuer, self._measure = view, issuer, measure
        self._found: dict[str, Figures] = {}

    @cached_property
    def _register(self) -> Register:
        return Register.begun(self.view, self.issuer)

    @cached_property
    def _days(self) -> Days:
        question = QUESTIONS[QUESTION[self._measure]]
        ending = any(f.depending and f.depending.away for f in self._register.seen.values())
        if ending or not self._register.may_be_walked:
            return Days(self.view, question, self.issuer)
        return RegisterDays(self._register, question, self.issuer)

    @property
    def stops(self) -> set[str]:
        """The days on which a figure can change."""
        return self._days.stops | self._register.stops

    @property
    def seen(self) -> Iterable[Fact]:
        """The events that were looked at."""
        return (self._register.seen | self._days.seen).values()

    @property
    def asked(self) -> set[Asked]:
        """The subjects that were looked at."""
        return self._register.asked

    def prepare(self, days: Iterable[str]) -> None:
        """Walk through some days at once."""
        self._days.prepare(days)

    def on(self, day: str) -> Figures:
        """The figures at the end of a day, each by its line."""
        if day not in self._found:
            lines = self._days.lines(day)
            made = self._shares(lines) if self._measure == "capital" else _votes(lines)
            self._found[day] = dict(made)
        return self._found[day]

    @cached_property
    def _terms(self) -> ClassTerms:
        return class_terms(self.view, self.issuer)

    def _shares(self, lines: Lines) -> Iterator[tuple[str, Figure]]:
        """The registered shares of each holder in the capital, then what is known otherwise."""
        rows = {words: row_of(line) for words, line in lines.items()}
        registered = {w: row for w, row in rows.items() if row["basis"] == "register"}
        terms = self._terms
        capital = {w: r for w, r in registered.items() if terms.of(r["share_class"]).is_capital}
        held, whole = defaultdict[str, Fraction](Fraction), dict[str, Fraction]()
        for words, row in (capital or registered).items():
            line = lines[words]
            held[row["holder"]] += Fraction(row["shares"])
            whole[row["share_class"]] = (
                line.balance.issued if isinstance(line, Line) else Fraction(row["issued"])
            )
        issued = sum(whole.values(), Fraction())
        base = "capital" if len(whole) > 1 else "issued"
        for holder, shares in held.items():
            part = shares / issued if issued > 0 else None
            yield holder, Figure(holder, "register", str(shares), str(issued), part, base)
        for words, row in rows.items():
            if row["basis"] in ("disclosed", "asserted"):
                yield f"{row['basis']} {words}", _stated(row)


def _stated(row: Row) -> Figure:
    percent, upto, qualifier = row["percent"], row.get("percent_to"), row.get("qualifier")
    part = row["percent_exact"] or (percent and not upto and str(Fraction(percent) / 100)) or None
    if upto:
        qualifier = f"{percent} to {upto}%"
    known, qualifier = part and Fraction(part), None if qualifier == "exactly" else qualifier
    base = row["percent_of"] if percent else None
    return Figure(row["holder"], row["basis"], row["shares"], None, known or None, base, qualifier)


def _votes(lines: Lines) -> Iterator[tuple[str, Figure]]:
    """The votes that each holder may cast; under a cap it shares with others, at most."""
    for row in map(row_of, lines.values()):
        if row["group"]:
            continue
        number, of = row["after_caps"], row["net_votes"]
        qualifier = None if number is not None else "at-most"
        number = row.get("after_caps_high") if number is None else number
        if number is None:
            continue
        base = Fraction(of or 0)
        part = Fraction(number) / base if base > 0 else None
        yield (
            row["holder"],
            Figure(row["holder"], "register", number, of, part, "net-votes", qualifier),
        )
