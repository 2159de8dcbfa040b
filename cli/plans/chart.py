"""Charts on a screen: a line of blocks a holder, and its changes under it; or terms in bars."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cli.labels import Labels
from cli.page import width
from cli.pictures.blocks import ASCII, BLOCKS, bar
from cli.pictures.chart import Chart, Line, Step, charted, told_figure
from cli.pictures.gantt import Gantt, Lane, gantt, lane_bar
from cli.plans.figures import UNKNOWN, count
from cli.screen import Block, Column, Screen
from cli.screen import Line as ScreenLine
from ledger.values.quantities import rounded
from projections.answer import Answer
from projections.chart_rows import StakeRow, TermRow

_CELLS, _WIDE = 40, 60
_STAKES = (
    Column("from"), Column("%", "right"), Column("number", "right"), Column("why", wrap=True),
    Column("known on the day", wrap=True),
)  # fmt: skip
_TERMS = (Column(), Column("what", wrap=True), Column("when", wrap=True))
_LEGEND = "{low} to {high}: 0 to {most}%, the most in so many days. {none}: no figure."


@dataclass(frozen=True)
class ChartPlan:
    """How stakes over time are told: of which issuer, in which measure, between which days."""

    issuer: str
    measure: str
    days: tuple[str, str]
    most: int
    plain: bool

    def chart(self, answer: Answer[StakeRow], labels: Labels, limits: str = "") -> Chart:
        """The chart of an answer."""
        what = "Stakes in" if self.measure == "capital" else "Votes that can be cast in"
        title = f"{what} {labels.heading('issuer', self.issuer)}"
        title = f"{title}, {limits}" if limits else title
        unplaced = [row["event"] for row in answer.possible]
        rows = answer.rows
        return charted(rows, labels, title, self.measure, self.days, self.most, unplaced)

    def screen(self, answer: Answer[StakeRow], labels: Labels) -> Screen:
        """The chart as a person reads it."""
        chart = self.chart(answer, labels)
        notes = [labels.read(note) for note in answer.notes]
        if not chart.lines:
            return Screen(chart.title, [], notes)
        levels = ASCII if self.plain else BLOCKS
        none = "." if self.plain else "·"
        most = rounded(chart.most, 2)
        legend = _LEGEND.format(none=none, low=levels[0], high=levels[-1], most=most)
        if any(line.has_unstated_base for line in chart.lines):
            legend += " of ?: of a base that is not stated."
        title = f"{chart.title}, {chart.unit}, {chart.first} to {chart.last}"
        blocks = [self._block(chart, line, levels, labels) for line in chart.lines]
        return Screen(title, blocks, [*notes, *chart.remarks[: bool(chart.left_out)], legend])

    def _led(self, labels: Labels) -> Callable[[Step, str], str]:
        """A figure of a step, which leads to its explanation on that day."""
        kind = "holdings" if self.measure == "capital" else "votes"

        def led(step: Step, text: str) -> str:
            asked = f"explain {kind} {self.issuer} {step.row['holder']} --as-of={step.since}"
            return labels.command(asked, text)

        return led

    def _block(self, chart: Chart, line: Line, levels: str, labels: Labels) -> Block:
        wide = _CELLS if (width() or _WIDE * 2) < 100 else _WIDE
        name = f"{line.name}, disclosed" if line.disclosed else line.name
        heading = f"{bar(chart, line, wide, levels)}  {name}"
        found = [ScreenLine(cells) for cells in _rows(line, self._led(labels))]
        return Block(_STAKES, found, heading)


def _rows(line: Line, led: Callable[[Step, str], str]) -> Iterator[tuple[str, ...]]:
    for step in line.steps:
        when, percent, number, *others = _cells(step)
        yield when, led(step, percent), led(step, number), *others
        if step in line.ends:
            yield step.until, UNKNOWN, UNKNOWN, line.ended, ""


def _cells(step: Step) -> tuple[str, ...]:
    now = step.row["now"]
    percent = told_figure(now).replace("%", "") if now and now["percent"] else UNKNOWN
    why = step.why or ("" if step.row["then"] != "same" or now is None else "became known")
    number = count(now["number"]) if now else UNKNOWN
    return step.when, percent, number, why, step.known


@dataclass(frozen=True)
class TermsPlan:
    """How terms over time are told: of which company, between which days."""

    company: str
    days: tuple[str, str]
    plain: bool

    def chart(self, answer: Answer[TermRow], labels: Labels, limits: str = "") -> Gantt:
        """The chart of an answer."""
        title = f"Terms of {labels.heading('party', self.company)}"
        title = f"{title}, {limits}" if limits else title
        return gantt(answer.rows, labels, title, self.days, len(answer.possible))

    def screen(self, answer: Answer[TermRow], labels: Labels) -> Screen:
        """The chart as a person reads it."""
        chart = self.chart(answer, labels)
        notes = [labels.read(note) for note in answer.notes]
        if not chart.lanes:
            return Screen(chart.title, [], notes)
        title = f"{chart.title}, {chart.first} to {chart.last}"
        headings = dict.fromkeys(lane.heading for lane in chart.lanes)
        blocks = [self._block(chart, heading) for heading in headings]
        full, light, perhaps = "#-?" if self.plain else "█░?"
        legend = f"{full}: in force, or in office; {light}: signed; {perhaps}: perhaps."
        return Screen(title, blocks, [*notes, legend])

    def _block(self, chart: Gantt, heading: str) -> Block:
        cells = _CELLS // 2 if (width() or _WIDE * 2) < 100 else _CELLS
        marks = "#-?." if self.plain else "█░?·"
        lines = [
            ScreenLine((lane_bar(chart, lane, cells, marks), lane.name, _times(lane)))
            for lane in chart.lanes
            if lane.heading == heading
        ]
        return Block(_TERMS, lines, heading)


def _times(lane: Lane) -> str:
    return "; ".join(term.words for term in lane.terms)
