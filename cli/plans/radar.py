"""The radar: the thresholds crossed, day by day, and what was due; or how far the next ones are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from cli.labels import Labels
from cli.plans.figures import UNKNOWN, count, joined, known_words, listed
from cli.screen import DATES, Block, Column, Line, Screen
from projections.answer import Answer
from projections.radar_rows import RadarRow

_CROSSINGS = (
    Column("day", most=DATES), Column("holder", wrap=True), Column("passed", wrap=True),
    Column("due", most=DATES), Column("notice", wrap=True),
)  # fmt: skip
_DISTANCES = (
    Column("holder", wrap=True), Column("of", wrap=True), Column("%", "right"),
    Column("next up"), Column("buys", "right"), Column("or new", "right"),
    Column("next down"), Column("sells", "right", yields=1),
)  # fmt: skip
_FLAT = (
    Column("kind"), Column("day"), Column("holder"), Column("of whom"), Column("rule"),
    Column("base"), Column("class"), Column("before", "right"), Column("after", "right"),
    Column("threshold"), Column("direction"), Column("passive"), Column("duty"), Column("due"),
    Column("status"), Column("disclosed by"), Column("late", "right"), Column("form"),
    Column("known"), Column("events"),
)  # fmt: skip
_STATUS = {
    "none": "none on record", "open": "still open", "no-duty": "no duty: passive",
    "not-told": "none on record", "in-time": "in time", "noted": "no duty: back by evening",
}  # fmt: skip


@dataclass(frozen=True)
class RadarPlan:
    """How the radar of an issuer is told."""

    issuer: str
    holder: str | None
    distance: bool

    def screen(self, answer: Answer[RadarRow], labels: Labels) -> Screen:
        """The crossings, or distances, as a person reads them."""
        what = "Distance from thresholds in" if self.distance else "Thresholds crossed in"
        title = f"{what} {labels.heading('party', self.issuer)}"
        if self.holder is not None:
            title += f" by {labels.title('party', self.holder)}"
        notes = [labels.read(note) for note in answer.notes]
        if labels.flat and not self.distance and answer.rows:
            return Screen(title, [Block(_FLAT, [_flat(row, labels) for row in answer.rows])], notes)
        return Screen(title, list(self._blocks(answer.rows, labels)), notes)

    def _blocks(self, rows: Sequence[RadarRow], labels: Labels) -> Iterator[Block]:
        """A block for each rule."""
        headings = [f"{row['rule']}: {row['duty']}, {row['deadline']}" for row in rows]
        for heading in dict.fromkeys(headings):
            found = [row for row, own in zip(rows, headings, strict=True) if own == heading]
            if self.distance:
                lines = [_distance(row, labels) for row in found]
                yield Block(_DISTANCES, lines, heading)
                continue
            alike = [list(group) for _, group in groupby(found, _alike)]
            yield Block(
                _CROSSINGS, [_crossing(group, labels, self.issuer) for group in alike], heading
            )


def _alike(row: RadarRow) -> tuple[object, ...]:
    """What rows have in common that are told on one line: all but base and threshold."""
    return (
        row["day"], row["day_first"], row["holder"], row["kind"], row["direction"], row["due_on"],
        row["status"], row["disclosed_by"], row["passive"], row["percent_reported"],
        row["form_filed"], row["standing"], row["of_whom"], row["waived_by"],
    )  # fmt: skip


def _crossing(rows: Sequence[RadarRow], labels: Labels, issuer: str) -> Line:
    row = rows[0]
    passed = ", ".join(dict.fromkeys(str(one["threshold"]) for one in rows))
    cells = (
        crossed_on(row),
        joined(labels.name("party", row["holder"]), labels.marks.sign(row["standing"])),
        labels.figure(f"{row['direction']} {passed}", "radar", issuer, row["holder"]),
        _due(row), _notice(row),
    )  # fmt: skip
    return Line(cells, list(_under(rows, labels)))


def crossed_on(row: Mapping[str, Any]) -> str:
    """The day of a crossing, or the days between which it was."""
    day: str = row["day"] or ""
    first: str | None = row["day_first"]
    return f"between {first} and {day}" if first else day


def _under(rows: Sequence[RadarRow], labels: Labels) -> Iterator[str]:
    """What is said under a crossing: of what it is, with whom, and what was disclosed of it."""
    row = rows[0]
    figures = [
        f"{one['percent_before'] or 'not told before'} to {one['percent_after']} %" for one in rows
    ]
    for figure in dict.fromkeys(figures):
        bases = [
            _base(one, labels) for one, told in zip(rows, figures, strict=True) if told == figure
        ]
        yield f"{figure} of {_together(bases)}"
    if row["of_whom"]:
        yield "counts with " + ", ".join(labels.short("party", one) for one in row["of_whom"])
    if row["passive"]:
        yield "passive: its own number is the same"
    if row["percent_reported"]:
        yield f"counted from {row['percent_reported']} %, as if each change was reported"
    if row["disclosed_by"]:
        name = labels.name("event", row["disclosed_by"])
        yield f"disclosed by {name}, known {known_words(row['disclosure_known_on'])}"
    elif row["form_filed"]:
        yield f"filed as {row['form_filed']}, where {row['form_due']} is due"
    for what, events in (("withdrawn", row["withdrawn_by"]), ("waived", row["waived_by"])):
        if events:
            yield f"{what} by " + ", ".join(labels.name("event", key) for key in events)


def _together(words: Iterable[str]) -> str:
    return " and ".join(dict.fromkeys(words))


def _base(row: RadarRow, labels: Labels) -> str:
    if row["share_class"] is not None:
        return labels.name("class", row["share_class"])
    return {"capital-par": "capital"}.get(row["base"], row["base"].replace("-", " "))


def _due(row: RadarRow) -> str:
    if row["due_on"] is None:
        return UNKNOWN
    star = "*" if row["due_may_move"] else ""
    if row["due_first_on"]:
        return f"between {row['due_first_on']} and {row['due_on']}{star}"
    return f"{row['due_on']}{star}"


def _notice(row: RadarRow) -> str:
    if row["status"] in ("late", "perhaps-late"):
        days = _late(row)
        return f"{days} day{'' if days == '1' else 's'} late"
    return _STATUS.get(row["status"], row["status"])


def _late(row: RadarRow) -> str:
    """By how many days a notice is late, or by how few and how many."""
    late, most = row["late"], row["late_at_most"]
    if late is None:
        return UNKNOWN
    return str(late) if most is None else f"{late} to {most}"


def _distance(row: RadarRow, labels: Labels) -> Line:
    cells = (
        labels.name("party", row["holder"]), _base(row, labels), row["percent_after"] or UNKNOWN,
        row.get("threshold_up") or UNKNOWN, count(row.get("bought_up")),
        count(row.get("issued_up")), row.get("threshold_down") or UNKNOWN,
        count(row.get("sold_down")),
    )  # fmt: skip
    whom = ", ".join(labels.short("party", one) for one in row["of_whom"])
    return Line(cells, [f"counts with {whom}"] if whom else [])


def _flat(row: RadarRow, labels: Labels) -> Line:
    """A row for programs, every column."""
    cells = (
        row["kind"], crossed_on(row), labels.name("party", row["holder"]),
        listed(labels.name("party", one) for one in row["of_whom"]), row["rule"], row["base"],
        row["share_class"], row["percent_before"], row["percent_after"], row["threshold"],
        row["direction"], "yes" if row["passive"] else "no", row["duty"], _due(row), row["status"],
        row["disclosed_by"], _late(row), row["form_filed"],
        row["known_on"], listed(row.get("events", ())),
    )  # fmt: skip
    return Line(tuple(cell or UNKNOWN for cell in cells))
