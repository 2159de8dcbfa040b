"""What a chart of stakes shows: a line a holder, in steps, and what was known on the day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import groupby, pairwise

from cli.labels import Labels
from cli.pictures.drawing import QUALIFIERS, of_base
from cli.plans.figures import count
from ledger.values.dates import BEGINNING, FOREVER, later_by
from projections.chart_rows import FigureRow, StakeRow
from projections.told import how_many, told_rounded

UNITS = {"capital": "% of the shares issued", "votes": "% of the votes that can be cast"}
MOST = 8  # holders, so that lines can be told apart
NOTHING = "nothing"
FAR = "9000"  # a day after it is no limit


@dataclass(frozen=True)
class Step:
    """What a line has from a day until another, as known now, and what was known on the day."""

    since: str
    until: str
    row: StakeRow

    @cached_property
    def now(self) -> Fraction | None:
        """The part, in percent, as known now."""
        return _percent(self.row["now"])

    @cached_property
    def then(self) -> Fraction | None:
        """The part, in percent, that was known on the day, where another was."""
        return _percent(self.row["known_then"])

    @property
    def when(self) -> str:
        """The day of the step, or the days on one of which it was."""
        earliest, since = self.row["earliest"], self.row["since"]
        if since is None:
            return "before"
        if earliest is None:
            return since
        return f"by {since}" if earliest == "unknown" else f"{earliest}..{since}"

    @property
    def why(self) -> str:
        """What made the step, where one was made."""
        words = ", ".join(self.row["causes"])
        if self.row["made"] == "passive":
            return f"by {words}"
        return words or {"dated": "by its date", "start": ""}.get(self.row["made"] or "", "")

    @property
    def known(self) -> str:
        """What was known on the day, where that is not the same."""
        if self.row["then"] == "same":
            return ""
        told, now = self.row["known_then"], self.row["now"]
        if told is None:
            return self.row["then"].replace("-", " ")
        words = told_figure(told)
        return f"{words}, {count(told['number'])}" if words == told_figure(now) else words


@dataclass(frozen=True)
class Line:
    """What one holder has over time."""

    holder: str
    name: str
    disclosed: bool
    steps: Sequence[Step]

    @cached_property
    def most(self) -> Fraction:
        """The most it ever has, as known now or then."""
        known = (part for step in self.steps for part in (step.now, step.then))
        return max((part for part in known if part is not None), default=Fraction())

    @property
    def has_percent(self) -> bool:
        """Whether it ever has a percentage, as known now or then."""
        return any(step.now is not None or step.then is not None for step in self.steps)

    @property
    def is_of_another_base(self) -> bool:
        """Whether a percentage of it is of another base than those of a register."""
        return self.disclosed and any(of_base(base) for base in self._bases)

    @property
    def has_unstated_base(self) -> bool:
        """Whether nobody says of what a percentage of it is."""
        return "unstated" in self._bases

    @property
    def _bases(self) -> set[str | None]:
        return {step.row["now"]["percent_of"] for step in self.steps if step.row["now"]}

    @property
    def ends(self) -> Sequence[Step]:
        """The steps after which it has nothing for a while, or to the end."""
        following = pairwise([*self.steps, None])
        return [
            step
            for step, after in following
            if step and step.row["until"] == step.until
            if after is None or after.since != step.until
        ]

    @property
    def ended(self) -> str:
        """What there is where it has nothing."""
        return "no longer told" if self.disclosed else "nothing"

    @property
    def last(self) -> Step:
        """The last step in which it has anything, as known now or, if never, then."""
        return next((s for s in reversed(self.steps) if s.row["now"]), self.steps[-1])


@dataclass(frozen=True)
class Chart:
    """The lines of a chart between two days."""

    title: str
    unit: str
    first: str
    last: str
    lines: Sequence[Line]
    left_out: int = 0
    unplaced: Sequence[str] = field(default_factory=list)
    unlimited: str = ""  # what the title sets no limit on

    @cached_property
    def most(self) -> Fraction:
        """The most that any line reaches."""
        return max((line.most for line in self.lines), default=Fraction())

    @property
    def drawn(self) -> Sequence[Line]:
        """The lines that ever have a percentage."""
        return [line for line in self.lines if line.has_percent]

    @property
    def remarks(self) -> list[str]:
        """What is not drawn."""
        found = []
        if self.left_out:
            others = how_many(self.left_out, "holder")
            found.append(f"{others} of less not drawn: see --most.")
        if self.unplaced:
            events = how_many(len(self.unplaced), "event")
            found.append(f"Not drawn, for it is not certain that they count: {events}.")
        for line in self.lines:
            if not line.has_percent:
                figure = line.last.row["now"] or line.last.row["known_then"]
                found.append(
                    f"Not drawn, for no percentage is told: {line.name}, {told_figure(figure)}."
                )
        return found


def charted(
    rows: Sequence[StakeRow],
    labels: Labels,
    title: str,
    measure: str,
    days: tuple[str, str],
    most: int = MOST,
    unplaced: Sequence[str] = (),
) -> Chart:
    """The chart of some rows between two days; of very many holders those who ever had most."""
    first, last = _bounds(rows, days)
    lines = [_line(list(of), labels, first, last) for _, of in groupby(rows, lambda r: r["line"])]
    lines = [line for line in lines if line.steps]
    kept = sorted(lines, key=lambda line: -line.most)[:most]
    left_out = len(lines) - len(kept)
    return Chart(title, UNITS[measure], first, last, kept, left_out, unplaced)


def lines_of(chart: Chart) -> Iterator[str]:
    """What a chart shows, in words."""
    for line in chart.lines:
        unit = "% of what is told" if line.is_of_another_base else chart.unit
        yield f"{line.name}{', disclosed' if line.disclosed else ''} ({unit}):"
        for step in line.steps:
            known = f"; known on the day: {step.known}" if step.known else ""
            why = f", {step.why}" if step.why else ""
            yield f"  {step.when}: {told_figure(step.row['now'])}{why}{known}"
            if step in line.ends:
                yield f"  {step.until}: {line.ended}"
    yield from chart.remarks


def told_figure(figure: FigureRow | None) -> str:
    """A figure in words: its percentage, or else its number."""
    if figure is None:
        return NOTHING
    qualifier = figure["qualifier"] or ""
    if figure["percent"] is None:
        return qualifier or f"{count(figure['number'])} shares"
    base = figure["percent_of"]
    of = "" if base == "net-votes" else of_base(base)
    return f"{QUALIFIERS.get(qualifier, '')}{told_rounded(figure['percent'])}%{of}"


def _bounds(rows: Sequence[StakeRow], days: tuple[str, str]) -> tuple[str, str]:
    """The days between which is drawn: those asked for, else from the first step to the cut."""
    known = [
        d for r in rows for d in (r["since"], r["until"], r["earliest"]) if d and d != "unknown"
    ]
    last = days[1]
    if last > FAR:
        last = later_by(max(known, default="2000-01-01"), 1, "years")
    first = days[0]
    if first == BEGINNING:
        first = min(known, default=last)
    return first, max(first, last)


def _line(rows: Sequence[StakeRow], labels: Labels, first: str, last: str) -> Line:
    made = [
        Step(max(row["since"] or BEGINNING, first), min(row["until"] or FOREVER, last), row)
        for row in rows
    ]
    steps = [step for step in made if step.since <= step.until]
    name = labels.name("party", rows[0]["holder"])
    return Line(rows[0]["holder"], name, rows[0]["basis"] != "register", steps)


def _percent(figure: FigureRow | None) -> Fraction | None:
    if figure is None or figure["percent_exact"] is None:
        return None
    return Fraction(figure["percent_exact"]) * 100
