"""Meetings: each with its resolutions, their results, and who voted how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cli.labels import Labels
from cli.plans.figures import UNKNOWN, count, date_words, dated, joined, listed
from cli.screen import DATES, Block, Column, Line, Screen
from ledger.values.dates import worded
from projections.answer import Answer
from projections.subjects.meetings import CastRow, MeetingRow

_LAST = (Column("standing", from_width=120), Column("events", "right", from_width=120))
_RESOLUTIONS = (
    Column("resolution", wrap=True), Column("id", from_width=100), Column("result", wrap=True),
    Column("for", "right"), Column("against", "right"), Column("% for", "right"),
    Column("needed", wrap=True, from_width=100), *_LAST,
)  # fmt: skip
_MEETINGS = (Column("date", most=DATES), Column("meeting", wrap=True), Column("status"), *_LAST)
_FLAT = tuple(
    Column(heading, "right" if heading in ("for", "against", "% for", "events") else "left")
    for heading in (
        "kind", "id", "meeting", "title", "body", "status", "date", "record day", "for", "against",
        "abstained", "% for", "% of", "majority", "of", "cast", "standing", "events",
    )
)  # fmt: skip


def meetings_screen(company: str, answer: Answer[MeetingRow], labels: Labels) -> Screen:
    """The meetings and resolutions of a company as a person reads them."""
    told = _Told(answer.rows, labels)
    if labels.flat:
        blocks = [Block(_FLAT, [told.flat(row) for row in answer.rows])] if answer.rows else []
    else:
        blocks = list(told.blocks())
    title = f"Meetings of {labels.heading('party', company)}"
    return Screen(title, blocks, [labels.read(note) for note in answer.notes])


@dataclass(frozen=True)
class _Told:
    rows: Sequence[MeetingRow]
    labels: Labels

    def blocks(self) -> Iterator[Block]:
        """The meetings that decided nothing on record, then each with its resolutions."""
        resolutions = [row for row in self.rows if row["kind"] == "resolution"]
        deciding = {row["meeting"] for row in resolutions} - {None}
        held = [row for row in self.rows if row["kind"] == "meeting"]
        bare = [self._meeting(row) for row in held if row["meeting"] not in deciding]
        if bare:
            yield Block(_MEETINGS, bare, "Meetings")
        called = {row["meeting"] for row in held if row["meeting"] is not None}
        for row in held:
            if row["meeting"] in deciding:
                own = [one for one in resolutions if one["meeting"] == row["meeting"]]
                yield Block(_RESOLUTIONS, [self._resolution(one) for one in own], _heading(row))
        rest = [one for one in resolutions if one["meeting"] not in called]
        if rest:
            lines = [self._resolution(one, _day(one)) for one in rest]
            yield Block(_RESOLUTIONS, lines, "In writing, or at no meeting on record")

    def _meeting(self, row: MeetingRow) -> Line:
        day = joined(self.labels.marks.sign(row["standing"]), _day(row))
        what = ": ".join(filter(None, (row["body"], row["title"])))
        return Line((day, what, row["status"], *self._evidence(row)))

    def _resolution(self, row: MeetingRow, day: str = "") -> Line:
        led = self.labels.evidence
        cells = (
            listed(filter(None, (row["title"], day))), row["subject"] or "",
            joined(self.labels.marks.sign(row["standing"]), row["status"]),
            *(led(row["events"], text) for text in (
                count(row["votes_for"]), count(row["votes_against"]), _percent(row),
            )),
            _needed(row),
            *self._evidence(row),
        )  # fmt: skip
        return Line(cells, [self._cast(one) for one in row["cast"]])

    def _evidence(self, row: MeetingRow) -> tuple[str, str]:
        return row["standing"], self.labels.evidence(row["events"])

    def _cast(self, one: CastRow) -> str:
        holder, proxy = self.labels.name("party", one["holder"]), one["proxy"]
        by = f", by {self.labels.name('party', proxy)}" if proxy else ""
        choice = "abstained" if one["choice"] == "abstain" else one["choice"]
        return f"{holder}: {count(one['votes'])} {choice}{by}"

    def flat(self, row: MeetingRow) -> Line:
        """A row for programs, every column."""
        cells = (
            row["kind"], row["subject"], row["meeting"], row["title"], row["body"], row["status"],
            _day(row), row["record_on"], row["votes_for"],
            row["votes_against"], row["abstained"], row["percent_for"], row["percent_for_of"],
            row["majority"], row["majority_of"], listed(map(self._cast, row["cast"])),
            *self._evidence(row),
        )  # fmt: skip
        return Line(tuple(cell or UNKNOWN for cell in cells))


def _heading(row: MeetingRow) -> str:
    body = (row["body"] or "meeting").capitalize()
    record = f", record day {date_words(row['record_on'])}" if row["record_on"] else ""
    return f"{body}, {_day(row)}, {row['status']}{record}"


def _day(row: MeetingRow) -> str:
    """The day of a meeting, or else of what is told of it."""
    return worded(row["held_on"]) if row["held_on"] else dated(row["since"], row["at_latest"])


def _percent(row: MeetingRow) -> str:
    if row["percent_for"] is None:
        return UNKNOWN
    of = row["percent_for_of"]
    return row["percent_for"] + (f" of {of}" if of not in (None, "cast") else "")


def _needed(row: MeetingRow) -> str:
    return " of ".join(filter(None, (row["majority"], row["majority_of"]))) or UNKNOWN
