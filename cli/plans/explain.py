"""Explanations: the figure and its arithmetic first, then the sources, then the events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from cli.labels import Labels
from cli.plans.figures import dated, joined
from cli.plans.lateness import late
from cli.render import cell_of, heading
from cli.screen import Block, Column, Line, Screen
from ledger.values.dates import worded
from projections.columns import NAMED
from projections.explain.explanation import NOT_YET_KNOWN, REASONS, Explanation
from projections.explained_rows import ExcludedRow, SourceRow, StepRow
from projections.rows import Row
from projections.told import read

EVENTS = (Column(), Column("", "right", yields=1), Column(wrap=True), Column())
_PAIRS = (Column(wrap=True), Column(wrap=True))
_ALONE = (Column(wrap=True),)
_DATES = ("since", "effective_on", "disclosed_on")


class References:
    """The sources of events, numbered as they are cited; those of one event have one number."""

    def __init__(self, labels: Labels) -> None:
        self._labels = labels
        self._numbers: dict[tuple[str, ...], int] = {}

    def to(self, row: StepRow) -> str:
        """``[2]``; empty where an event cites nothing."""
        sources = tuple(dict.fromkeys(row["sources"]))
        if not sources:
            return ""
        return f"[{self._numbers.setdefault(sources, len(self._numbers) + 1)}]"

    def lines(self) -> Iterator[str]:
        """``[1] IR BANK, 2017; Ameblo, 2018``."""
        for sources, number in self._numbers.items():
            yield f"[{number}] {'; '.join(self._labels.name('source', one) for one in sources)}"


@dataclass(frozen=True)
class ExplainPlan:
    """How an explanation is told: in a summary that ``brief`` makes, or in full.

    ``why`` gives the title from the figure; ``columns`` are those of the figure, told in full.
    """

    why: Callable[[Explanation, Labels], str]
    brief: Callable[[Explanation, Labels, References], Sequence[Block]]
    columns: Sequence[str]
    full: bool = False

    def screen(self, explained: Explanation, labels: Labels) -> Screen:
        """The explanation as a person reads it."""
        title = self.why(explained, labels)
        notes = [read(note, labels.short) for note in explained.notes]
        remark = "" if explained.rows or explained.figure else "No event at this cut makes it."
        if self.full:
            blocks = [b for b in _whole(explained, labels, self.columns) if b.lines or b.closing]
            return Screen(title, blocks, notes, remark=remark)
        references = References(labels)
        blocks = [block for block in self.brief(explained, labels, references) if block.lines]
        left = len(explained.left)
        more = f"{left} event{'' if left == 1 else 's'} left out, and each step: --full"
        return Screen(title, blocks, [*references.lines(), *notes, more], remark=remark)


def when_of(row: Row, labels: Labels) -> str:
    """The date of an event, with its standing where it is not official, and whether it was told
    late."""
    when = dated(row["effective_on"], row["at_latest"])
    return joined(when, labels.marks.sign(row["standing"]), late(row))


def event_line(
    row: StepRow, labels: Labels, references: References, state: str = "", after: str = ""
) -> Line:
    """A step in a line: its date, place, sentence and sources; what it leads to, underneath."""
    what = state + (labels.sentence(row["event"]) or row["what"]) + amended(row, labels)
    cells = when_of(row, labels), labels.name("event", row["event"]), what, references.to(row)
    return Line(cells, [f"-> {after}"] if after else [])


def amended(row: StepRow, labels: Labels) -> str:
    """What corrected an event, retracted it or supports it, in brackets."""
    keys = ", ".join(labels.name("event", key) for key in row["amended_by"])
    return f" (amended by {keys})" if keys else ""


def changing(rows: Sequence[StepRow], *told: str) -> Iterator[StepRow]:
    """The steps after which anything told is otherwise than before."""
    before: tuple[object, ...] | None = None
    for row in rows:
        after = tuple(row.get(name) for name in told)
        if after != before and not row["repeats"]:
            yield row
        before = after


def _whole(explained: Explanation, labels: Labels, columns: Sequence[str]) -> Iterator[Block]:
    """Everything that an explanation tells."""
    for row in explained.figure:
        yield Block(_PAIRS, list(_fields(row, columns, labels)), "The figure")
    yield Block(EVENTS[:3], list(_steps(explained.rows, labels)), "Its events, as they count")
    arithmetic = [Line((read(line, labels.short),)) for line in explained.arithmetic]
    yield Block(_ALONE, arithmetic, "Arithmetic")
    sources = [Line((_source(row, labels),)) for row in explained.sources]
    yield Block(_ALONE, sources, "Sources")
    for reason, rows in groupby(explained.excluded, key=lambda row: row["reason"]):
        lines = [_excluded(row, labels) for row in rows]
        yield Block(EVENTS[:3], lines, f"Left out: {REASONS[reason]}")


def _fields(row: Row, columns: Sequence[str], labels: Labels) -> Iterator[Line]:
    for name in columns:
        value = row.get(name)
        if value in (None, []) and not (name in _DATES and row.get("at_latest")):
            continue
        kind = NAMED.get(name)
        if kind is not None:
            ids = value if isinstance(value, list) else str(value).split(", ")
            told = ", ".join(labels.name(kind or str(row.get("kind") or ""), id) for id in ids)
        else:
            told = cell_of(row, name)
        yield Line((heading(name), told))
    for reason in row.get("reasons", ()):
        yield Line(("because", read(reason, labels.short)))


def _steps(rows: Sequence[StepRow], labels: Labels) -> Iterator[Line]:
    for _, group in groupby(rows, key=lambda row: row["event"]):
        same = list(group)
        row = same[0]
        marks = [f"amended by {labels.name('event', key)}" for key in row["amended_by"]]
        marks += [f"recorder {row['recorder']}"] if "recorder" in row else []
        marks += [f"repeats {labels.name('event', row['repeats'])}"] if row["repeats"] else []
        what = labels.sentence(row["event"]) or row["what"]
        shown = f" ({', '.join(marks)})" if marks else ""
        states = [f"-> {read(one['state'], labels.short)}" for one in same]
        cells = when_of(row, labels) or "always", labels.name("event", row["event"])
        yield Line((*cells, f"{what}{shown}"), [row["event"], *states])


def _source(row: SourceRow, labels: Labels) -> str:
    where = f", {row['locator']}" if row["locator"] else ""
    by = f", {row['publisher']}" if row["publisher"] else ""
    published = worded(row["published_on"] or "on an unknown day")
    title = f'"{row["title"]}"' if row["title"] else "of unknown title"
    events = ", ".join(labels.name("event", key) for key in row["events"])
    return f"{row['source']}{where}: {title}{by}, published {published} (for {events})"


def _excluded(row: ExcludedRow, labels: Labels) -> Line:
    what = labels.sentence(row["event"]) or row["what"]
    cells = dated(row["effective_on"], row["at_latest"]), labels.name("event", row["event"]), what
    standing = "" if row["standing"] == "official" else f" ({row['standing']})"
    return Line(cells, [f"{row['event']}{standing}: {read(row['why'], labels.short)}"])


def count_the_unknown(explained: Explanation, known_by: str) -> None:
    """Tell of what became known after a day by its number alone."""
    shown = [one for one in explained.left if one.reason != NOT_YET_KNOWN]
    if count := len(explained.left) - len(shown):
        what = "1 event that speaks" if count == 1 else f"{count} events that speak"
        explained.note(
            f"{what} of it became known after {known_by}: --not-yet-known lists what is hidden."
        )
    explained.left = shown
