"""The board pack: a company on a few pages, with what is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from ledger.model.board import BOARD, Board
from ledger.model.fact import Possible
from ledger.time.view import View
from ledger.values.dates import worded
from projections.answer import Answer, complete
from projections.consistency.conflicts import conflicts
from projections.control.members import members
from projections.holding_rows import HoldingRow
from projections.obligations.governed import governance
from projections.registers.agreements import agreements_of, listed
from projections.registers.directors import sitting
from projections.registers.document import (
    Block,
    Column,
    Document,
    Notes,
    Part,
    Table,
    Value,
    Words,
    count_value,
)
from projections.registers.wording import Wording, begun
from projections.rows import DealRow, StatementRow, VoteRow
from projections.sentences import money_words
from projections.subjects.balances import owners_of, trustees_of
from projections.subjects.conditions import hinge
from projections.subjects.holdings import holdings
from projections.subjects.pending import pending
from projections.subjects.timeline import find_event
from projections.subjects.votes import votes
from projections.told import counted

_HOLDINGS = (
    Column("Holder"), Column("Capacity", under=True), Column("Shares", "number"),
    Column("% of issued", "percent"), Column("Basis"), Column("Standing"),
)  # fmt: skip
_VOTES = (
    Column("Holder"), Column("Why", under=True), Column("Votes held", "number"),
    Column("% held", "percent"), Column("May cast", "number"), Column("% of castable", "percent"),
)  # fmt: skip
_PENDING = (
    Column("Expected"), Column("What"), Column("Amount"), Column("Status"), Column("Standing"),
)  # fmt: skip
_CONFLICTS = (Column("Matter"), Column("What is claimed"), Column("What would settle it"))


def board_pack(view: View, company: str) -> Document:
    """Holdings, votes, board, agreements, what is pending, and conflicts of a company."""
    company = view.identities.of(company)
    wording = Wording(view, company)
    held, cast, open_ = (
        holdings(view, company, members=members),
        votes(view, company, members),
        pending(view, company),
    )
    governed = governance(view, company)
    answers: tuple[Answer[Any], ...] = (held, cast, governed, open_)
    for answer in answers:
        complete(view, answer)
    parts = [
        Part("Holdings", [*_holdings(wording, held), *_notes(wording, held)]),
        Part("Votes", [*_votes(wording, cast), *_notes(wording, cast)]),
        Part("Board", [*_board(wording), *_notes(wording, governed)]),
        Part("Agreements", [_agreements(wording)]),
        Part("Pending", [*_pending(wording, open_), *_notes(wording, open_)]),
        Part("Open conflicts", [conflict_table(wording, company, "Open conflicts")]),
    ]
    if possible := _possible(view, answers):
        parts.append(Part("Not certain at this cut", [*wording.possible("Not certain", possible)]))
    what = "Holdings, votes, board, agreements in force, what is pending and what sources dispute."
    about = [about for answer in answers for about in answer.about]
    return Document("Board pack", wording.party(company), what, parts, about)


def _notes(wording: Wording, answer: Answer[Any]) -> list[Block]:
    """The remarks of an answer, with names."""
    notes = [wording.remark(note).replace("votes_percent", "% held") for note in answer.notes]
    return [Notes(notes)] if notes else []


def _possible(view: View, answers: Iterable[Answer[Any]]) -> list[Possible]:
    """What is only possible in any of some answers, each once."""
    why = {row["event"]: row["why"] for answer in answers for row in answer.possible}
    facts = ((view.fact(find_event(view, key)), words) for key, words in why.items())
    return [Possible(fact, words) for fact, words in facts if fact is not None]


def _board(wording: Wording) -> Iterator[Block]:
    board = Board()
    for fact in wording.view.about(f"party:{wording.company}", types=BOARD).counted:
        if fact.need("company") == wording.company:
            board.apply(fact)
    return sitting(wording, board, particulars=False)


def _agreements(wording: Wording) -> Block:
    found = agreements_of(wording.view, wording.company)
    if any(one.row for one in found):
        return listed(wording, found)
    return Words("No agreement in force or signed is recorded.")


def _holdings(wording: Wording, answer: Answer[HoldingRow]) -> Iterator[Block]:
    for share_class in dict.fromkeys(row["share_class"] for row in answer.rows):
        rows = [row for row in answer.rows if row["share_class"] == share_class]
        issued = next((row["issued"] for row in rows if row.get("issued")), None)
        title = "Disclosed" if share_class is None else begun(wording.share_class(share_class))
        total: dict[str, Value] = {}
        if issued is not None:
            total = {"Holder": "Issued", "Shares": count_value(issued)}
        yield Table(title, _HOLDINGS, [_holding(wording, row) for row in rows], total)
    if not answer.rows:
        yield Words("No holding is recorded at this cut.")


def _holding(wording: Wording, row: HoldingRow) -> tuple[Value, ...]:
    capacity, shares, exact = row["capacity"], row["shares"], row["percent_exact"]
    if capacity == "own name":
        capacity = ""
    elif owners_of(row) not in ([], [row["holder"]]):
        how = "in trust for" if row["trustee"] else "for"
        capacity = f"{how} {wording.parties(owners_of(row))}"
        if row["trustee"]:
            capacity += f", trustee {wording.parties(trustees_of(row))}"
    qualifier = row.get("qualifier", "exactly")
    percent: Value = row["percent"]
    if exact is not None:
        percent = Fraction(exact) * 100
    elif percent is not None and qualifier != "exactly":
        percent = f"{qualifier.replace('-', ' ')} {percent}"
    count: Value = None if shares is None else count_value(shares)
    if shares is not None and row["basis"] == "disclosed" and qualifier != "exactly":
        count = f"{qualifier.replace('-', ' ')} {counted(shares)}"
    basis = row["basis"]
    if basis == "disclosed" and row.get("disclosed_on"):
        basis_words = f"disclosed {row['disclosed_on']}"
    else:
        basis_words = str(basis)
    return (
        wording.party(row["holder"]), capacity, count, percent, basis_words,
        row.get("standing", ""),
    )  # fmt: skip


def _votes(wording: Wording, answer: Answer[VoteRow]) -> Iterator[Block]:
    rows: list[tuple[Value, ...]] = []
    for row in answer.rows:
        held, cast = row["votes"], row["after_caps"]
        exact = row["votes_percent_exact"]
        rows.append(
            (
                wording.party(row["holder"]),
                _reasons(row["votes"], row["after_caps"]),
                None if held is None else count_value(held),
                row["votes_percent"] if exact is None else Fraction(exact) * 100,
                None if cast is None else count_value(cast),
                row["after_caps_percent"],
            )
        )
    yield Table("Votes", _VOTES, rows) if rows else Words("The votes cannot be counted.")
    if any(row["reasons"] for row in answer.rows):
        yield Words(
            f"Why a holder may cast fewer: stakebook explain votes {wording.company} HOLDER"
        )


def _reasons(held: str | None, cast: str | None) -> str:
    if held is None or cast is None or Fraction(cast) == Fraction(held):
        return ""
    return "reduced by suspension, neutrality or a cap"


def _pending(wording: Wording, answer: Answer[DealRow]) -> Iterator[Block]:
    rows = [_open(wording, row) for row in answer.rows]
    yield Table("Pending", _PENDING, rows) if rows else Words("Nothing recorded is pending.")


def _open(wording: Wording, row: DealRow) -> tuple[Value, ...]:
    kind, subject = row["kind"], row["subject"]
    if kind == "scheduled":
        stands = wording.stands(row["events"][0])
        what = wording.event(stands) if stands else row.get("title") or ""
    elif kind == "dividend":
        what = f"Dividend on {wording.share_class(subject)}"
    else:
        named = row.get("title") or f"{kind} {wording.names.name(kind, subject)}"
        parties = (row["party"] or "").split(", ") if kind == "deal" else []
        what = begun(": ".join(filter(None, (named, wording.parties(filter(None, parties))))))
        if kind == "condition":
            what = hinge(row["status"], filter(None, map(wording.stands, row["events"]))) + what
    amount = f"{row['currency']} {row['amount']}" if row["amount"] else ""
    if amount:
        qualifier = (row["qualifier"] or "exactly").replace("-", " ")
        amount = f"{qualifier} {money_words(amount)}".removeprefix("exactly ")
    due, status = worded(row["expected"] or ""), row["status"].replace("-", " ")
    return due, what, amount, status, row["standing"]


def conflict_table(wording: Wording, subject: str | None, title: str) -> Block:
    """The conflicts in which anything speaks of a subject, or all."""
    rows: list[tuple[Value, ...]] = []
    for row in conflicts(wording.view, subject=subject).rows:
        of, preferred = row["subject"], row["preferred"]
        named = wording.names.name(wording.names.kind_of(of), of)
        lines = [
            f"{one['value']} ({one['standing']}, {', '.join(_sources(wording, one)) or 'no source'}"
            f"{', preferred' if one['event'] == preferred else ''})"
            for one in row["claims"]
        ]
        rows.append(
            (f"{named}: {row['attribute'].replace('-', ' ')}", "; ".join(lines), row["settle"])
        )
    return Table(title, _CONFLICTS, rows) if rows else Words("No conflict is open.")


def _sources(wording: Wording, row: StatementRow) -> list[str]:
    return [wording.names.name("source", source) for source in row["sources"]]
