"""Deals: one with its steps, or many in a section a kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cli.labels import Labels
from cli.plans.figures import UNKNOWN, date_words, dated, joined
from cli.plans.threads import (
    TALK,
    amount,
    evidence,
    overdue,
    parties,
    qualified,
    share,
    since,
    stale,
    what,
)
from cli.screen import DATES, Block, Column, Line, Screen
from ledger.model.fact import Fact
from ledger.model.threads import OWN_KINDS
from ledger.values.dates import parse_published, place_of
from projections.answer import Answer
from projections.rows import DealRow
from projections.sentences import money_words
from projections.subjects.conditions import long_stop_note
from projections.subjects.deals import (
    OPEN,
    UNKNOWN_WHETHER_MET,
    overdue_note,
    undated_note,
)
from projections.subjects.investments import no_amount_note, unpaid_note

_SECTIONS = {
    "deal": "Deals", "investment": "Investments", "offering": "Offerings",
    "milestone": "Milestones", "project": "Projects", "condition": "Conditions",
    "proceeding": "Proceedings", "offer": "Offers to holders", "transfer": "Transfers lodged",
}  # fmt: skip
_TABLE = (
    Column("status"), Column("since", most=DATES), Column("what", wrap=True),
    Column("id", from_width=100), Column(yields=1),
    Column("standing", from_width=120), Column("events", "right", from_width=120),
)  # fmt: skip
_FACTS = (Column(), Column(wrap=True))
_STEPS = (
    Column("date", most=DATES), Column("step"), Column("what", wrap=True),
    Column("event", from_width=100),
)  # fmt: skip
_FLAT = tuple(
    Column(heading, "right" if heading in ("amount", "committed", "paid", "events") else "left")
    for heading in (
        "kind", "what", "id", "deal", "parties", "status", "since", "due", "last told", "amount",
        "committed", "paid", "share", "standing", "events", "set aside",
    )
)  # fmt: skip
_FLAT_STEPS = tuple(map(Column, ("of", "date", "step", "what", "standing", "event")))


@dataclass(frozen=True)
class DealsPlan:
    """How deals are told: all of them, or what goes under one id, with its steps."""

    subject: str | None
    whole: bool = False

    def screen(self, answer: Answer[DealRow], labels: Labels) -> Screen:
        """The deals as a person reads them."""
        if labels.flat:
            blocks = list(self._flat(answer.rows, labels))
            return Screen(
                self._title(answer.rows, labels), blocks, [*map(labels.read, answer.notes)]
            )
        if self.subject is None:
            blocks = list(_sections(answer.rows, labels))
        else:
            blocks = [block for row in answer.rows for block in self._whole(row, answer, labels)]
        told = [note for row in answer.rows for note in self._told(row)]
        told += map(undated_note, answer.possible)
        notes = [labels.read(note) for note in answer.notes if note not in told]
        return Screen(self._title(answer.rows, labels), blocks, notes, counted=TALK)

    def _title(self, rows: Sequence[DealRow], labels: Labels) -> str:
        if self.subject is None:
            return "Deals"
        if len(rows) == 1 and rows[0]["kind"] != "deal":
            kind = rows[0]["kind"]
            return f"{labels.title(kind, self.subject)}, {kind}"
        return f"Deal {self.subject}"

    def _told(self, row: DealRow) -> Iterator[str]:
        """The remarks on a row that the tables tell."""
        if self.subject is not None:
            yield no_amount_note(row["subject"])
            yield unpaid_note(row["subject"])
        if row["expected"]:
            yield overdue_note(row["kind"], row["subject"], row["expected"])
            yield long_stop_note(row["subject"], row["expected"])

    def _whole(self, row: DealRow, answer: Answer[DealRow], labels: Labels) -> Iterator[Block]:
        """One thread: how it stands, then its steps."""
        single = len(answer.rows) == 1
        heading = "" if single else what(row, labels)
        yield Block(_FACTS, [Line(pair) for pair in _standing(row, labels)], heading)
        steps = _steps_of(row, labels)
        shown = steps if self.whole else _first_told(steps)
        left = len(steps) - len(shown)
        plural = "" if left == 1 else "s"
        of = f" or statement{plural}" if row["kind"] == "deal" else " of these steps"
        all_steps = labels.command(f"deals {self.subject} --all-steps")
        more = [f"{left} further report{plural}{of}: {all_steps}"]
        lines = [_step_line(row, step, labels) for step in shown]
        yield Block(_STEPS, lines, "Steps", more if left else (), headed=False)

    def _flat(self, rows: Sequence[DealRow], labels: Labels) -> Iterator[Block]:
        if rows:
            yield Block(_FLAT, [_flat_line(row, labels) for row in rows])
        if rows and self.subject is not None:
            lines = [
                Line((row["subject"], *_step_line(row, step, labels, flat=True).cells))
                for row in rows
                for step in _steps_of(row, labels)
            ]
            yield Block(_FLAT_STEPS, lines, "Steps")


def _sections(rows: Sequence[DealRow], labels: Labels) -> Iterator[Block]:
    """A section for each kind of thread, the newest first."""
    for kind, heading in _SECTIONS.items():
        found = [row for row in rows if row["kind"] == kind]
        found.sort(key=lambda row: place_of(row["since"], row["at_latest"]), reverse=True)
        if found:
            yield Block(_TABLE, [_line(row, labels) for row in found], heading, headed=False)


def _line(row: DealRow, labels: Labels) -> Line:
    due = f"due {date_words(row['expected'])}" if parse_published(row["expected"]) else ""
    remarks = list(_remarks(row, labels))
    disputed = labels.marks.sign("disputed") if row.get("disputed") else ""
    status = joined(row["status"].replace(UNKNOWN_WHETHER_MET, "not known"), disputed)
    status = labels.linked(row["kind"], row["subject"], status)
    cells = (
        status,
        since(row, labels),
        what(row, labels),
        row["subject"],
        due,
        *evidence(row, labels),
    )
    return Line(cells, remarks)


def _remarks(row: DealRow, labels: Labels) -> Iterator[str]:
    """What was paid; that a thread which is not over is overdue, or was told of long ago."""
    if row.get("released"):
        yield _released(row)
    if row.get("paid"):
        yield f"{_paid(row)} paid"
    if _is_over(row):
        return
    if (days := overdue(row, labels.view.cut)) is not None:
        yield f"due {days:,} days ago; no event at this cut tells whether it happened"
    elif old := stale(row, labels.view.cut):
        yield old


def _flat_line(row: DealRow, labels: Labels) -> Line:
    paid, bound = row.get("paid"), row.get("committed")
    currency = row["currency"]
    return Line((
        row["kind"], what(row, labels), row["subject"], row["deal"] or UNKNOWN,
        parties(row, labels), row["status"], dated(row["since"], row["at_latest"]),
        date_words(row["expected"]), date_words(row["last_heard"]), amount(row, labels) or UNKNOWN,
        money_words(f"{currency} {bound}") if bound else UNKNOWN,
        money_words(f"{currency} {paid}") if paid else UNKNOWN, share(row, labels) or UNKNOWN,
        *evidence(row, labels), str(len(row.get("disputed", []))),
    ))  # fmt: skip


def _standing(row: DealRow, labels: Labels) -> Iterator[tuple[str, str]]:
    """How a thread stands: a word, and what is known of it."""
    cut, old = labels.view.cut, stale(row, labels.view.cut)
    days = None if _is_over(row) else overdue(row, cut)
    when = since(row, labels)
    undated = when == UNKNOWN or row["status"] == UNKNOWN_WHETHER_MET
    status = row["status"] if undated else f"{row['status']} since {when}"
    aged = old and not _is_over(row) and days is None
    told = f"{status}; {old}" if aged else status
    explained = row["kind"] in ("deal", "investment", "offering", "offer")
    yield "Status", labels.figure(told, row["kind"], row["subject"]) if explained else told
    if row["party"]:
        yield "Parties" if ", " in row["party"] else "Party", parties(row, labels)
    if row["kind"] == "investment":
        yield "Amount", _amount_words(row, labels)
        if row.get("percent"):
            yield "Share", _share_words(row, labels)
    if row["expected"]:
        ago = f", {days:,} days ago" if days is not None else ""
        late = f"{ago}; no event at this cut tells whether it happened" if ago else ""
        yield "Due", f"{date_words(row['expected'])}{late}"
    if row.get("place"):
        yield "Place", str(row.get("place"))


def _amount_words(row: DealRow, labels: Labels) -> str:
    told = amount(row, labels)
    if not told:
        return "not known"
    bound = " committed" if row.get("committed") else " planned"
    bound += f"; {_released(row)}" if row.get("released") else ""
    if row.get("paid"):
        return f"{told}{bound}; {_paid(row)} paid"
    unpaid = "; no event tells that money was paid" if row["status"] in _UNPAID else ""
    return told + bound + unpaid


def _released(row: DealRow) -> str:
    released, left = (money_words(f"{row['currency']} {row.get(k)}") for k in ("released", "owed"))
    return f"{released} released, {left} still owed"


def _paid(row: DealRow) -> str:
    return money_words(f"{row['currency']} {row.get('paid')}")


_UNPAID = ("committed", "released")


def _share_words(row: DealRow, labels: Labels) -> str:
    """The share that is put in for, and where it was told."""
    steps = [step for step in _steps_of(row, labels) if step.text("percent") == row.get("percent")]
    told = f", told {steps[0].when} ({_word(row['kind'], steps[0])})" if steps else ""
    return share(row, labels) + told


def _steps_of(row: DealRow, labels: Labels) -> list[Fact]:
    """The steps of a thread, those set aside included, in the order of the fold."""
    found = (labels.fact(key) for key in [*row["events"], *row.get("disputed", [])])
    return sorted((fact for fact in found if fact is not None), key=lambda fact: fact.listed)


def _first_told(steps: Sequence[Fact]) -> list[Fact]:
    """The steps without weaker reports of one, what tells one again, and talk."""
    best: dict[str, int] = defaultdict(lambda: len(steps) + 4)
    for step in steps:
        best[step.type] = min(best[step.type], step.rank)
    return [
        step
        for step in steps
        if step.type == "investment-paid"
        or not (step.repeats or step.rank > best[step.type] or step.type in TALK)
    ]


def _step_line(row: DealRow, step: Fact, labels: Labels, flat: bool = False) -> Line:
    """A step: when, what, on which terms."""
    when, sign = dated(step.since, step.at_latest), labels.marks.sign(step.standing)
    if step.key in row.get("disputed", []):
        sign = joined(sign, labels.marks.sign("disputed"))
    if row["kind"] == "investment":
        word, told = _word("investment", step), _step_terms(step, labels)
    else:
        word, told = "", labels.sentence(step.key) or step.type
    if flat:
        return Line((when, word or step.type, told or UNKNOWN, step.standing, step.key))
    return Line((when, joined(sign, word), told, labels.name("event", step.key)))


def _word(kind: str, step: Fact) -> str:
    """A step in one word."""
    if step.type == "investment-confirmed":
        return "confirmed"
    return OWN_KINDS[kind].statuses.get(step.type, step.type)


def _step_terms(step: Fact, labels: Labels) -> str:
    """The amount and the share that a step gives."""
    given = step.text("amount"), step.text("percent")
    money = qualified(labels, money_words(given[0]), step.text("qualifier")) if given[0] else ""
    part = qualified(labels, f"{given[1]}%", step.text("percent_qualifier")) if given[1] else ""
    return ", ".join(filter(None, (money, part, "told again" if step.repeats else "")))


def _is_over(row: DealRow) -> bool:
    """Whether nothing more is to come of a thread."""
    return row["status"] not in OPEN
