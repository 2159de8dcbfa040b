"""Explanations: a figure with its events in order, its arithmetic, its sources, and the rest."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Unpack

from ledger.model.fact import Fact
from ledger.model.threads import OWN_KINDS
from ledger.time.exclusions import Excluded, excluded
from ledger.time.history import subjects_of
from ledger.time.view import View
from ledger.time.visibility import is_known
from ledger.values.dates import parse_published
from projections.answer import Answer, named_event, recorder, sentence, whole
from projections.explained_rows import ExcludedRow, SourceRow, StepFields, StepRow
from projections.names import source_fields
from projections.rows import Row
from projections.told import Told, counted, plain

NOT_YET_KNOWN = "not yet known"
REASONS = {  # why an event does not count, in the order in which the reasons are told
    "later": "takes effect after the date asked about",
    NOT_YET_KNOWN: "not yet known on the date asked about",
    "possible": "possible, not certain",
    "undated": "of an unknown date",
    "waiting": "agreed, and waiting for a condition",
    "suspended": "suspended until a condition is met again",
    "ended": "ended by what it depended on",
    "lapsed": "ended with its agreement",
    "over": "past the last day that it gives",
    "called off": "called off before it took effect",
    "retracted": "retracted",
    "fallen": "fallen with its source",
    "below the floor": "of a standing below the floor",
    "corrected": "corrected away",
    "planned": "planned or agreed, not done",
    "claimed": "said by a source, not counted",
    "repeats": "repeats another",
    "set aside": "contradicted and set aside",
    "superseded": "superseded by a later or better disclosure",
    "checked only": "compared with the figure, not counted in it",
    "of the whole": "counted in the whole of which the percentage is, not in the part",
    "of others": "concerns others, without effect here",
    "no effect": "of another matter",
}
PLANS = tuple(  # they name both parties; an approval names one
    name
    for kind in ("deal", "investment", "offering")
    for name, step in OWN_KINDS[kind].steps.items()
    if not step.ends and name != "approval-granted"
)


@dataclass(slots=True)
class Explanation(Answer[StepRow]):
    """An answer whose rows are the steps to a figure; the figure is as its own query gives it.

    ``left`` are the events left out, each once, in the order in which they are told.
    """

    figure: Sequence[Row] = ()
    arithmetic: list[str] = field(default_factory=list)
    sources: list[SourceRow] = field(default_factory=list)
    left: list[Excluded] = field(default_factory=list)
    steps: list[Fact] = field(default_factory=list)

    def add_step(self, fact: Fact, state: str, **fields: Unpack[StepFields]) -> None:
        """One event of the figure, with the state after it in words and in fields."""
        self.steps.append(fact)
        row: StepRow = {
            "event": fact.key,
            "type": fact.type,
            "effective_on": fact.since,
            "at_latest": fact.at_latest,
            "known_on": fact.known_on,
            "standing": fact.standing,
            "what": sentence(fact),
            **fields,
            "state": Told(state),
            "sources": [cited.source for cited in fact.citations],
            "amended_by": list(fact.amendments),
            **recorder(fact.recorded),
            "repeats": fact.text("reaffirms") if fact.repeats else None,
        }
        self.rows.append(row)

    def reckon(self, line: str) -> None:
        """One line of the arithmetic, once; the ids in it may be marked with their kinds."""
        if plain(line) not in self.arithmetic:
            self.arithmetic.append(Told(line))

    def in_order(self) -> None:
        """Put the steps in the order of the fold."""
        placed = sorted(zip(self.steps, self.rows, strict=True), key=lambda pair: pair[0].order)
        self.steps, self.rows = [fact for fact, _ in placed], [row for _, row in placed]

    @property
    def excluded(self) -> list[ExcludedRow]:
        """The events left out."""
        return [
            {**named_event(fact), "reason": reason, "why": Told(why)}
            for fact, reason, why in self.left
        ]

    def finish(self, view: View, left: Iterable[Excluded]) -> Explanation:
        """Add the sources of the steps and the events left out."""
        self.sources = _sources(view, self.steps)
        self.left = _in_order(_with_the_unknown(view, left))
        if view.cut.recorded_by:
            self.note(f"What was recorded after {view.cut.recorded_by} is not looked at.")
        return self


def explaining(query: Answer[Any], figure: Sequence[Row]) -> Explanation:
    """The beginning of an explanation of some of the rows that a query gives."""
    outcome = "answered" if figure else "none" if query.rows else query.outcome
    explained = Explanation(possible=query.possible, notes=query.notes, figure=figure)
    explained.outcome, explained.hidden = outcome, query.hidden
    return explained


def unused(
    view: View,
    subject: str,
    used: Collection[str],
    why: Callable[[Fact], tuple[str, str]],
    types: Collection[str] | None = None,
) -> list[Excluded]:
    """Every event about a subject that is no step: left out by the view, or for a reason given."""
    counted = view.about(subject, types=types).counted
    found = excluded(view, subject, types=types, counted=counted)
    return found + [Excluded(fact, *why(fact)) for fact in counted if fact.key not in used]


def plans(view: View, *parties: str) -> list[Excluded]:
    """The plans and agreements that speak of all the parties, as events that move nothing."""
    wanted = {f"party:{party}" for party in parties}
    return [
        left
        for left in unused(view, f"party:{parties[0]}", (), _is_plan, PLANS)
        if left.fact.type in PLANS and wanted <= subjects_of(left.fact.type, left.fact.data)
    ]


def claims_about(view: View, subject: str, words: Collection[str] = ()) -> list[Excluded]:
    """The claims about a subject; with words, those whose attribute has one of them."""
    return [
        left
        for left in unused(view, f"subject:{subject}", (), _is_claim, ("claim-recorded",))
        if left.fact.type == "claim-recorded"
        and (not words or any(word in left.fact.need("attribute") for word in words))
    ]


def number(value: Fraction, digits: int = 0) -> str:
    """A number of shares or votes with its digits grouped; a fraction stays one."""
    return counted(whole(value, digits))


def signed(value: Fraction, digits: int = 0) -> str:
    """A change, with its sign."""
    return f"- {number(-value, digits)}" if value < 0 else f"+ {number(value, digits)}"


def division(part: Fraction, base: Fraction, shown: str | None, decimals: int = 0) -> str:
    """A percentage spelled out: part / base, its first decimals, what is shown of it."""
    divided = f"{number(part, decimals)} / {number(base, decimals)}"
    if base <= 0:
        return f"{divided}: there is nothing to divide by"
    scaled = part / base * 10**8
    digits = str(int(abs(scaled) // 1)).rjust(7, "0")
    more = "" if scaled.denominator == 1 else "..."
    sign = "-" if scaled < 0 else ""
    percent = f"{sign}{digits[:-6]}.{digits[-6:]}{more}%"
    return f"{divided} = {percent} -> {shown}"


def _is_plan(_: Fact) -> tuple[str, str]:
    return "planned", "it tells what is meant to be, not what is done"


def _is_claim(_: Fact) -> tuple[str, str]:
    return "claimed", "a claim stands beside the record and moves nothing"


def _with_the_unknown(view: View, left: Iterable[Excluded]) -> Iterator[Excluded]:
    """What is left out, all that is not yet known under that reason, whatever else it is."""
    for one in left:
        if one.reason == NOT_YET_KNOWN or is_known(view, one.fact.recorded):
            yield one
        else:
            why = f"it became known after {view.cut.known_by}"
            yield Excluded(one.fact, NOT_YET_KNOWN, why)


def _in_order(left: Iterable[Excluded]) -> list[Excluded]:
    order = list(REASONS)
    once = {one.fact.key: one for one in reversed(list(left))}
    return sorted(once.values(), key=lambda one: (order.index(one.reason), one.fact.listed))


def _sources(view: View, facts: Iterable[Fact]) -> list[SourceRow]:
    """The citations behind facts and their amendments, each once, by date of publication."""
    cited: dict[tuple[str, str], list[str]] = {}
    for fact in facts:
        amending = (r for key in fact.amendments for r in view.history.mentioning(f"key:{key}"))
        for one in (fact, *filter(None, map(view.fact, amending))):
            for source, locator in one.citations:
                keys = cited.setdefault((source, locator or ""), [])
                keys += [] if one.key in keys else [one.key]
    rows = [_source_row(view, *where, keys) for where, keys in cited.items()]
    return sorted(rows, key=lambda row: (_day(row), row["source"], row["locator"] or ""))


def _source_row(view: View, source: str, locator: str, events: list[str]) -> SourceRow:
    found = source_fields(view.whole, source)
    return {
        "source": source,
        "locator": locator or None,
        "title": found["title"],
        "publisher": found["publisher"],
        "published_on": found["published_on"],
        "events": events,
    }


def _day(row: SourceRow) -> str:
    days = parse_published(row["published_on"])
    return days.last if days else ""
