"""What a chart of terms shows: a lane for each agreement, clause and office."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from cli.labels import Labels
from cli.pictures.blocks import cell_days
from cli.pictures.chart import FAR
from cli.plans.figures import UNKNOWN
from ledger.values.dates import BEGINNING, FOREVER, later_by
from projections.chart_rows import TermRow
from projections.charts.terms import SIGNED


@dataclass(frozen=True)
class Term:
    """A time of a lane: it is sure from ``since`` until ``ends``, and perhaps from ``earliest`` and
    until ``until``."""

    status: str
    earliest: str
    since: str
    ends: str
    until: str
    open: bool
    began: str
    ended: str

    @property
    def words(self) -> str:
        """Its status, and when it began and ended."""
        until = f" until {self.ended}" if self.ended != UNKNOWN else ""
        return f"{self.status} {_since(self.began)}{until}"

    @property
    def signed(self) -> bool:
        """Whether it is signed only."""
        return self.status == SIGNED

    @property
    def fades_in(self) -> bool:
        """Whether it is not certain when it began."""
        return self.earliest < self.since

    @property
    def fades_out(self) -> bool:
        """Whether it is not certain when it ended."""
        return self.ends < self.until


@dataclass(frozen=True)
class Lane:
    """One agreement, clause or office, and its times."""

    heading: str
    name: str
    terms: Sequence[Term]


@dataclass(frozen=True)
class Gantt:
    """The lanes of a chart between two days."""

    title: str
    first: str
    last: str
    lanes: Sequence[Lane]
    unplaced: int = 0
    unlimited: str = ""  # what the title sets no limit on


def gantt(
    rows: Sequence[TermRow], labels: Labels, title: str, days: tuple[str, str], unplaced: int = 0
) -> Gantt:
    """The chart of some rows between two days."""
    known = [day for row in rows for day in (row["since"], row["until"], row["earliest"]) if day]
    known = [day for day in known if day != "unknown"]
    first, last = days
    if last > FAR:
        last = later_by(max(known, default="2000-01-01"), 1, "years")
    if first == BEGINNING:
        first = min(known, default=last)
    last = max(first, last)
    lanes = [
        Lane(_heading(of[0], labels), _name(of[0], labels), [_term(r, first, last) for r in of])
        for _, found in groupby(rows, lambda row: (row["kind"], row["lane"]))
        for of in [list(found)]
    ]
    order = list(dict.fromkeys(lane.heading for lane in lanes))
    lanes.sort(key=lambda lane: order.index(lane.heading))
    return Gantt(title, first, last, lanes, unplaced)


def terms_in_words(chart: Gantt) -> Iterator[str]:
    """What a chart shows, in words."""
    for lane in chart.lanes:
        yield f"{lane.heading}: {lane.name}: {'; '.join(term.words for term in lane.terms)}"
    if chart.unplaced:
        yield f"Not drawn, for it is not certain that they count: {chart.unplaced:,} events."


def lane_bar(chart: Gantt, lane: Lane, cells: int, marks: str) -> str:
    """A lane as a line of text; ``marks`` stand for in force, signed, perhaps and nothing."""
    days = cell_days(chart.first, chart.last, cells)
    return "".join(_mark(lane, day, chart.last, [*marks]) for day in days)


def _mark(lane: Lane, day: str, last: str, marks: Sequence[str]) -> str:
    full, light, perhaps, none = marks
    found = none
    for term in lane.terms:
        end = day == last and term.open
        if term.since <= day and (day < term.ends or end):
            return light if term.signed else full
        if term.earliest <= day < term.until:
            found = perhaps
    return found


def _name(row: TermRow, labels: Labels) -> str:
    match row["kind"]:
        case "agreement":
            return labels.name("agreement", row["agreement"])
        case "clause":
            who = f", {labels.name('party', row['party'])}" if row["party"] else ""
            return f"{row['clause'] or row['role']}{who}"
        case "officer":
            return f"{labels.name('party', row['person'])}, {row['role']}"
        case _:
            return labels.name("party", row["person"])


def _heading(row: TermRow, labels: Labels) -> str:
    if row["kind"] == "clause" and row["agreement"]:
        return f"Clauses of {labels.name('agreement', row['agreement'])}"
    return f"{row['kind'].capitalize()}s"


def _term(row: TermRow, first: str, last: str) -> Term:
    since = max(row["since"] or BEGINNING, first)
    until = min(row["until"] or FOREVER, last)
    earliest, ends = row["earliest"], row["ends_earliest"]
    return Term(
        status=row["status"],
        earliest=max(_bound(earliest, first), first) if earliest else since,
        since=since,
        ends=max(min(_bound(ends, since), until), since) if ends else until,
        until=until,
        open=row["until"] is None,
        began=_told(row["since"], earliest),
        ended=_told(row["until"], ends),
    )


def _bound(day: str, unknown: str) -> str:
    return unknown if day == "unknown" else day


def _told(day: str | None, earliest: str | None) -> str:
    if day is None:
        return UNKNOWN
    if earliest is None:
        return day
    return f"by {day}" if earliest == "unknown" else f"between {earliest} and {day}"


def _since(began: str) -> str:
    if began == UNKNOWN:
        return "before"
    return began if began.startswith(("by ", "between ")) else f"since {began}"
