"""Pending: what is expected and when, the earliest first, with how long it is overdue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cli.labels import Labels
from cli.plans.figures import UNKNOWN, date_words, dated, joined
from cli.plans.threads import TALK, amount, evidence, overdue, parties, share, stale, what
from cli.screen import DATES, Block, Column, Line, Screen
from ledger.values.dates import FOREVER, parse_published
from projections.answer import Answer
from projections.rows import DealRow
from projections.subjects.deals import UNKNOWN_WHETHER_MET, overdue_note, undated_note

_COLUMNS = (
    Column("expected", most=DATES), Column(), Column("what", wrap=True),
    Column("id", from_width=100),
    Column("status", wrap=True), Column("standing", from_width=120),
    Column("events", "right", from_width=120),
)  # fmt: skip
_FLAT = tuple(
    Column(heading, "right" if heading in ("amount", "events") else "left")
    for heading in (
        "expected", "kind", "what", "id", "deal", "parties", "status", "since", "last told",
        "days overdue", "amount", "share", "standing", "events",
    )
)  # fmt: skip
_FOLDED = {"project": ("joint project", 3), "scheduled": ("scheduled change", 5)}


@dataclass(frozen=True)
class PendingPlan:
    """How what is pending is told: of everything or of a subject; many of a kind are counted."""

    subject: str | None
    whole: bool = False

    def screen(self, answer: Answer[DealRow], labels: Labels) -> Screen:
        """What is pending as a person reads it."""
        rows, cut = sorted(answer.rows, key=_when), labels.view.cut
        title = "Pending"
        if self.subject is not None:
            title += f" for {labels.heading(labels.kind_of(self.subject), self.subject)}"
        if labels.flat:
            notes = [labels.read(note) for note in answer.notes]
            lines = [_flat_line(row, labels) for row in rows]
            return Screen(title, [Block(_FLAT, lines)] if lines else [], notes)
        folded = Counter[str]() if self.whole else _folded(rows)
        late: dict[int, int] = {}  # by days overdue, the number of the note
        lines = [_line(row, labels, late) for row in rows if row["kind"] not in folded]
        told = {
            overdue_note(row["kind"], row["subject"], row["expected"])
            for row in rows
            if row["expected"] and row["kind"] not in folded and overdue(row, cut) is not None
        }
        told |= set(map(undated_note, answer.possible))
        notes = [*_late_notes(late), *(labels.read(n) for n in answer.notes if n not in told)]
        block = Block(_COLUMNS, lines, closing=list(self._more(folded, labels)))
        return Screen(title, [block] if rows else [], notes, counted=TALK)

    def _more(self, folded: Counter[str], labels: Labels) -> Iterator[str]:
        counts = [
            f"{number} {_FOLDED[kind][0]}{'' if number == 1 else 's'}"
            for kind, number in folded.items()
        ]
        if counts:
            of = f" {self.subject}" if self.subject else ""
            yield f"{', '.join(counts)}: {labels.command(f'pending{of} --all')}"


def _folded(rows: Sequence[DealRow]) -> Counter[str]:
    """The kinds of which there are many, each with its number."""
    counts = Counter(row["kind"] for row in rows)
    return Counter(
        {kind: counts[kind] for kind, (_, most) in _FOLDED.items() if counts[kind] > most}
    )


def _when(row: DealRow) -> tuple[str, str, str]:
    """The place of a row: by the last day on which it is expected; at the end those without one,
    by the first."""
    first, last = parse_published(row["expected"]) or (FOREVER, FOREVER)
    return last, first if last == FOREVER else "", row["subject"]


def _line(row: DealRow, labels: Labels, late: dict[int, int]) -> Line:
    status = row["status"].replace(UNKNOWN_WHETHER_MET, "not known")
    days = overdue(row, labels.view.cut)
    if days is not None:
        status = f"{status} ({late.setdefault(days, len(late) + 1)})"
    old = stale(row, labels.view.cut) if days is None else ""
    cells = (
        date_words(row["expected"]), labels.marks.sign(row["standing"]), what(row, labels),
        row["subject"], labels.linked(row["kind"], row["subject"], status), *evidence(row, labels),
    )  # fmt: skip
    return Line(cells, [old] if old else [])


def _flat_line(row: DealRow, labels: Labels) -> Line:
    days = overdue(row, labels.view.cut)
    return Line((
        date_words(row["expected"]), row["kind"], what(row, labels), row["subject"],
        row["deal"] or UNKNOWN, parties(row, labels), row["status"],
        dated(row["since"], row["at_latest"]), date_words(row["last_heard"]),
        UNKNOWN if days is None else str(days), amount(row, labels) or UNKNOWN,
        share(row, labels) or UNKNOWN, *evidence(row, labels),
    ))  # fmt: skip


def _late_notes(late: dict[int, int]) -> Iterator[str]:
    for days, number in late.items():
        ago = joined(f"{days:,}", "day ago" if days == 1 else "days ago")
        yield f"({number}) Due {ago}; no event at this cut tells whether it happened."
