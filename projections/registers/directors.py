"""The list of directors: who sits on a board, who did, and who holds office."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from ledger.model.board import BOARD, Board, SeatRight
from ledger.model.fact import Fact
from ledger.time.view import View
from ledger.values.dates import parse_effective, worded
from projections.registers.document import (
    Block,
    Column,
    Document,
    Part,
    Regime,
    Table,
    Terms,
    Value,
    Words,
)
from projections.registers.particulars import Particulars
from projections.registers.wording import Wording
from projections.subjects.seats import steps_of
from projections.told import plain

_DAYS_TO_TELL = 14
_LAST = "9999-12-01"  # a day after which the calendar may not reach far enough
_PARTICULARS = Column("Service address, month of birth, nationality, occupation", under=True)
_SITTING = (
    Column("Director"), _PARTICULARS, Column("Role"), Column("Appointed", "date"),
    Column("Nominated by"), Column("Term ends", "date"), Column("Standing"),
)  # fmt: skip
_OFFICERS = (
    Column("Officer"), Column("Office"), Column("Appointed", "date"), Column("Term ends", "date"),
    Column("Standing"),
)  # fmt: skip
_CHANGES = (
    Column("Date", "date"), Column("What happened"), Column("Entered", "date"), Column("Standing"),
)  # fmt: skip
_UK = (
    "A company need not keep a register of directors of its own since 18 November 2025 (Economic"
    " Crime and Corporate Transparency Act 2023); the registrar keeps it. A change is to be told"
    f" to the registrar within {_DAYS_TO_TELL} days."
)


def directors(view: View, company: str, regime: Regime) -> Document:
    """The directors and officers of a company at the cut of a view, with every change."""
    company = view.identities.of(company)
    wording = Wording(view, company)
    found = view.about(f"party:{company}", types=BOARD)
    facts = [f for f in found.counted if f.need("company") == company]
    possible = [p for p in found.possible if p.fact.text("company") in (None, company)]
    board = Board()
    for fact in facts:
        board.apply(fact)
    uk = regime == "uk"
    parts = [
        Part("The company", [_company(wording, Particulars(view)), *([Words(_UK)] if uk else [])]),
        Part("Directors", list(sitting(wording, board))),
        Part("Changes", list(_changes(wording, facts, uk))),
    ]
    if possible:
        parts.append(Part("Not certain at this cut", [*wording.possible("Not certain", possible)]))
    title = "List of directors" if uk else "Register of directors"
    what = "Directors and officers, rights to seats, and every change."
    return Document(title, wording.party(company), what, parts, [((f"party:{company}",), BOARD)])


def sitting(wording: Wording, board: Board, particulars: bool = True) -> Iterator[Block]:
    """Tables of the directors, of seats that nobody is known to fill, and of the officers."""
    of = Particulars(wording.view)
    columns = tuple(c for c in _SITTING if particulars or c is not _PARTICULARS)
    rows = [
        tuple(v for c, v in zip(_SITTING, row, strict=True) if c in columns)
        for row in (_director(wording, of, f) for f in _in_order(board.directors.values()))
    ]
    if rows:
        yield Table("Directors", columns, rows)
    else:
        yield Words("No director is recorded at this cut.")
    yield from (Words(words) for right in board.rights for words in _right(wording, board, right))
    if officers := _in_order(board.officers.values()):
        yield Table("Officers", _OFFICERS, [_officer(wording, fact) for fact in officers])


def _right(wording: Wording, board: Board, right: SeatRight) -> Iterator[str]:
    """A right to seats that are not all known to be filled."""
    of_class, since = right.of_class, f"since {right.facts[0].when}"
    whose = f"Whoever holds {wording.share_class(of_class)}" if of_class else ""
    whose = whose or wording.party(right.holder)
    seat = {"director": "seat", "chair": "chair's seat", "observer": "observer's seat"}[right.seat]
    vacant = right.seats - len(board.nominees(right.holder))
    if right.steps:
        steps = plain(steps_of(right.steps))
        yield f"{whose} has the right to a number of seats {since}, {steps}."
    elif right.seat == "director" and vacant <= 0:
        return
    elif right.seat == "director" and not of_class:
        yield (
            f"{whose} has the right to {right.seats} seat{'s' * (right.seats > 1)} {since}; who"
            f" sits in {vacant} of them is not recorded."
        )
    elif right.seats > 0:
        yield f"{whose} has the right to {right.seats} {seat}{'s' * (right.seats > 1)} {since}."


def _company(wording: Wording, of: Particulars) -> Terms:
    return Terms(
        [
            ("Company", wording.party(wording.company)),
            ("Registered number", of.number(wording.company)),
            ("Number of directors set by the articles", None),
        ]
    )


def _in_order(facts: Iterable[Fact]) -> list[Fact]:
    return sorted(facts, key=lambda fact: fact.listed)


def _director(wording: Wording, of: Particulars, fact: Fact) -> tuple[Value, ...]:
    person, nominating = fact.text("person"), fact.text("nominated_by")
    return (
        None if person is None else wording.party(person), of.of_director(person),
        fact.text("role") or "director", fact.when,
        "" if nominating is None else wording.party(nominating),
        worded(fact.text("term_ends_on") or ""), fact.standing,
    )  # fmt: skip


def _officer(wording: Wording, fact: Fact) -> tuple[Value, ...]:
    return (
        wording.party(fact.need("person")), _office(fact), fact.when,
        worded(fact.text("term_ends_on") or ""), fact.standing,
    )  # fmt: skip


def _office(fact: Fact) -> str:
    """An office, and whether its holder may sign for the company."""
    signs = fact.text("signs")
    power = {"alone": "signs alone", "jointly": "signs jointly", "no": "does not sign"}
    return ", ".join(filter(None, (fact.need("role"), signs and power[signs])))


def _changes(wording: Wording, facts: list[Fact], uk: bool) -> Iterator[Block]:
    columns = (*_CHANGES, Column("Registrar to be told by", "date")) if uk else _CHANGES
    rows = []
    for fact in facts:
        row: tuple[Value, ...] = (
            fact.when, wording.event(fact), fact.recorded.recorded_at[:10], fact.standing,
        )  # fmt: skip
        rows.append((*row, _told_by(fact)) if uk else row)
    yield Table("Changes", columns, rows) if rows else Words("No change is recorded.")


def _told_by(fact: Fact) -> str:
    """The last day on which the registrar is told in time of a director; empty where unknown."""
    days = parse_effective(fact.data["effective_on"])
    of_directors = fact.type in ("director-appointed", "director-left")
    if not of_directors or days.first != days.last or days.last > _LAST:
        return ""
    return (date.fromisoformat(days.last) + timedelta(_DAYS_TO_TELL)).isoformat()
