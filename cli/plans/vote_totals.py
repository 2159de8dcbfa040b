"""Totals over time: a block for each total, the events between what is stated of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from cli.labels import Labels
from cli.plans.figures import UNKNOWN, count, date_words
from cli.screen import Block, Column, Line, Screen
from projections.answer import Answer
from projections.subjects.bases import WORDS
from projections.subjects.totals_over_time import ENDED
from projections.vote_rows import TotalRow

_MOST = 12  # changes between two totals that are told one by one
_COLUMNS = (
    Column("day"), Column("change", "right"), Column("recorded", "right"),
    Column("stated", "right"), Column("gap", "right"),
)  # fmt: skip
_FLAT = (
    Column("total"), Column("class"), Column("kind"), *_COLUMNS, Column("since"),
    Column("unexplained", "right"), Column("what"),
)  # fmt: skip


@dataclass(frozen=True)
class TotalsPlan:
    """How the totals of an issuer are told."""

    issuer: str

    def screen(self, answer: Answer[TotalRow], labels: Labels) -> Screen:
        """The totals as a person reads them."""
        title = f"Votes in {labels.heading('party', self.issuer)}"
        notes = [labels.read(note) for note in answer.notes]
        if labels.flat:
            lines = [_flat(row, labels) for row in answer.rows]
            return Screen(title, [Block(_FLAT, lines)] if lines else [], notes)
        blocks = [
            Block(_COLUMNS, list(_lines([*rows], labels)), _heading(base, share_class, labels))
            for (base, share_class), rows in groupby(
                answer.rows, lambda row: (row["base"], row["share_class"])
            )
        ]
        if blocks:
            notes.append(
                "A line without change is a total at the end of its day. Gap: stated less recorded."
            )
        return Screen(title, blocks, notes)


def _heading(base: str, share_class: str | None, labels: Labels) -> str:
    if share_class is None:
        return WORDS[base]
    return f"{labels.name('class', share_class)}, {base}"


def _lines(rows: Sequence[TotalRow], labels: Labels) -> Iterator[Line]:
    for changes, group in groupby(rows, lambda row: row["kind"] == "change"):
        if not changes:
            yield from (_point(row, labels) for row in group)
            continue
        for day, found in groupby(group, lambda row: _opened(row, labels)):
            told = [*found]
            if day and len(told) > 1:
                yield _folded(told, day, f"{len(told)} holdings brought forward")
            elif len(told) > _MOST:
                first, told = told[: 1 - _MOST], told[1 - _MOST :]
                yield _folded(first, "", f"{len(first)} changes: in --format json")
                yield from (_change(row, labels) for row in told)
            else:
                yield from (_change(row, labels) for row in told)


def _opened(row: TotalRow, labels: Labels) -> str | None:
    """The day on which a change brings a holding forward; None of another change."""
    facts = [labels.fact(event) for event in row["events"]]
    opens = bool(facts) and all(fact and fact.type == "register-opened" for fact in facts)
    return row["day"] if opens else None


def _folded(rows: Sequence[TotalRow], day: str, words: str) -> Line:
    """Several changes as one line."""
    delta = sum((Fraction(row["delta"] or 0) for row in rows), Fraction())
    cells = (date_words(day) if day else "", _signed(delta), count(rows[-1]["recorded"]), "", "")
    return Line(cells, [words])


def _change(row: TotalRow, labels: Labels) -> Line:
    cells = (_day(row), _signed(row["delta"]), count(row["recorded"]), "", "")
    return Line(cells, [_what(row, labels)])


def _what(row: TotalRow, labels: Labels) -> str:
    """The events of a row in sentences, each with its place in the log."""
    ended = ENDED if row["what"].startswith(ENDED) else ""
    told = [
        f"{ended}{sentence} ({labels.name('event', event)})"
        for event in row["events"]
        if (sentence := labels.sentence(event))
    ]
    return "; ".join(told) or row["what"]


def _point(row: TotalRow, labels: Labels) -> Line:
    gap = "" if row["gap"] is None else _signed(row["gap"]) if row["gap"] != "0" else "0"
    stated = "" if row["stated"] is None else count(row["stated"])
    return Line((_day(row), "", count(row["recorded"]), stated, gap), list(_under(row, labels)))


def _under(row: TotalRow, labels: Labels) -> Iterator[str]:
    """What stands under a total: whose it is, and what its gap is made of."""
    if row["kind"] == "start":
        yield "before the days asked about"
    if row["kind"] != "statement":
        return
    by = ", ".join(labels.name("event", event) for event in row["events"])
    words = [f"stated by {by}"]
    if row["gap"] is None:
        words.append("not recorded how many votes a share has")
    elif row["gap"] != "0":
        words += _explained(row, labels)
    yield "; ".join(words)


def _explained(row: TotalRow, labels: Labels) -> Iterator[str]:
    since = f"since {row['since']}, when they agreed" if row["since"] else "from the beginning"
    yield f"recorded {_signed(row['delta'])} {since}"
    for name, word in (("agrees_without", "without"), ("agrees_with", "with")):
        if events := row[name]:  # type: ignore[literal-required]
            told = " and ".join(labels.name("event", event) for event in events)
            yield f"would agree {word} {told}"
    if row["unexplained"] != "0":
        yield f"unexplained: {_signed(row['unexplained'])}"
    if row["gap"] == row["gap_before"]:
        yield "the gap of the statement before"


def _flat(row: TotalRow, labels: Labels) -> Line:
    share_class = row["share_class"]
    return Line((
        row["base"], labels.name("class", share_class) if share_class else UNKNOWN, row["kind"],
        _day(row), _signed(row["delta"]), count(row["recorded"]), count(row["stated"]),
        _signed(row["gap"]), date_words(row["since"]), _signed(row["unexplained"]),
        _what(row, labels),
    ))  # fmt: skip


def _day(row: TotalRow) -> str:
    return date_words(row["day"])


def _signed(number: str | Fraction | None) -> str:
    """A number with its sign."""
    if number is None:
        return UNKNOWN
    return f"{'+' if Fraction(number) > 0 else ''}{count(number)}"
