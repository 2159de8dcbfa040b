"""The register of agreements: those of a company, where they stand, and their clauses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.time.view import View
from ledger.values.dates import worded
from projections.obligations.governed import governance
from projections.registers.document import Block, Column, Document, Part, Table, Terms, Value, Words
from projections.registers.wording import DATED, Wording
from projections.rows import GovernanceRow
from projections.subjects.governance import AGREEMENT_STEPS, parties_of
from projections.told import read

_CLAUSES = (
    Column("Kind"), Column("Party"), Column("Shares of"), Column("%", "percent"),
    Column("Terms"), Column("Since", "date"),
)  # fmt: skip
_LISTED = (
    Column("Agreement"), Column("Status"), Column("Since", "date"), Column("Between"),
    Column("Standing"),
)  # fmt: skip


_BEGIN = ("agreement-signed", "agreement-in-force", "agreement-amended")


class Agreement(NamedTuple):
    """An agreement, its steps that count, and its clauses at the cut."""

    id: str
    steps: list[Fact]
    row: GovernanceRow | None  # where it stands, unless it has ended
    clauses: list[GovernanceRow]


def agreements(view: View, company: str) -> Document:
    """The agreements of a company at the cut of a view, those that have ended after the others."""
    company = view.identities.of(company)
    wording, answer = Wording(view, company), governance(view, company)
    found = agreements_of(view, company)
    standing = [one for one in found if one.row is not None]
    ended = [one for one in found if one.row is None]
    parts = [Part("Agreements", [*_overview(wording, standing)])]
    parts += [Part(_title(one), list(_whole(wording, one))) for one in standing]
    caps = [row for row in answer.rows if row["role"] == "voting-cap"]
    if caps:
        rows = [_clause(wording, row) for row in caps]
        parts.append(Part("Caps on votes", [Table("Caps on votes", _CLAUSES, rows)]))
    if ended:
        rows = [
            (_title(one), "ended", one.steps[-1].when, _between(wording, one),
             one.steps[-1].standing)
            for one in ended
        ]  # fmt: skip
        parts.append(Part("Ended", [Table("Ended", _LISTED, rows)]))
    steps = view.about(f"party:{company}", types=AGREEMENT_STEPS).possible
    if steps:
        parts.append(Part("Not certain at this cut", [*wording.possible("Not certain", steps)]))
    what = "Agreements that the company is a party to, their steps and their clauses at the cut."
    return Document("Register of agreements", wording.party(company), what, parts, answer.about)


def agreements_of(view: View, company: str) -> list[Agreement]:
    """The agreements that a company is a party to, and those that bind its members."""
    rows = governance(view, company).rows
    begun = view.about(f"party:{company}", types=_BEGIN).certain
    begun = [
        f for f in begun if company in (f.text("of"), *f.many("parties"), *f.many("parties_joined"))
    ]
    found = []
    for id in dict.fromkeys(fact.need("agreement") for fact in begun):
        own = [row for row in rows if row.get("agreement") == id and row["role"] != "voting-cap"]
        steps = view.about(f"agreement:{id}", types=AGREEMENT_STEPS).counted
        steps = [fact for fact in steps if fact.need("agreement") == id]
        row = next((row for row in own if row["kind"] == "agreement"), None)
        found.append(Agreement(id, steps, row, [r for r in own if r["kind"] == "clause"]))
    return found


def listed(wording: Wording, found: list[Agreement]) -> Table:
    """A table of agreements that have not ended, a line each."""
    rows: list[tuple[Value, ...]] = [
        (_title(one), one.row["role"], worded(one.row["since"] or ""),
         _between(wording, one), one.row["standing"])
        for one in found if one.row is not None
    ]  # fmt: skip
    return Table("Agreements", _LISTED, rows)


def _overview(wording: Wording, standing: list[Agreement]) -> Iterator[Block]:
    if standing:
        yield listed(wording, standing)
    else:
        yield Words("No agreement in force or signed is recorded at this cut.")


def _title(one: Agreement) -> str:
    return next((s.need("title") for s in reversed(one.steps) if s.text("title")), one.id)


def _between(wording: Wording, one: Agreement) -> str:
    """Whom an agreement binds: its parties, and the members or holders for whom it is in force."""
    bound = [wording.parties(parties_of(one.steps))]
    for step in one.steps:
        match step.text("binds"):
            case "members":
                bound.append(f"the members of {wording.party(step.text('of') or wording.company)}")
            case "holders-of-class":
                bound.append(f"the holders of {wording.share_class(step.need('of_class'))}")
            case _:
                pass
    return ", ".join(dict.fromkeys(filter(None, bound)))


def _whole(wording: Wording, one: Agreement) -> Iterator[Block]:
    dates = {fact.type: fact for fact in one.steps}
    signed, in_force = dates.get("agreement-signed"), dates.get("agreement-in-force")
    first = signed or in_force or one.steps[0]
    until = next((s.text("until") for s in reversed(one.steps) if s.text("until")), None)
    row = one.row
    yield Terms(
        [
            ("Between", _between(wording, one) or None),
            ("Status", row["role"] if row else "ended"),
            ("Signed", None if signed is None else signed.when),
            ("In force", None if in_force is None else in_force.when),
            ("End of term", None if until is None else worded(until)),
            ("Sources", wording.sources(first) or None),
        ]
    )
    if one.clauses:
        rows = [_clause(wording, clause) for clause in one.clauses]
        yield Table(f"{_title(one)}: clauses", _CLAUSES, rows)
    else:
        yield Words("No clause of it is recorded.")
    dated = (signed, in_force)
    changes = [step for step in one.steps if step not in dated]
    if changes:
        told: list[tuple[Value, ...]] = [(s.when, wording.event(s), s.standing) for s in changes]
        yield Table(f"{_title(one)}: changes", DATED, told)


def _clause(wording: Wording, row: GovernanceRow) -> tuple[Value, ...]:
    party, issuer, percent = row["party"], row.get("issuer"), row.get("percent")
    return (
        (row["role"] or "").replace("-", " "), "" if party is None else wording.party(party),
        "" if issuer is None else wording.party(issuer),
        "" if percent is None else f"{percent}", _terms(wording, row), row["since"] or "",
    )  # fmt: skip


def _terms(wording: Wording, row: GovernanceRow) -> str:
    """What a clause says, in its words and in its fields, and that it has not started yet."""
    waits = "not started yet" if row.get("status") == "dormant" else ""
    terms = read(row.get("terms") or "", wording.names.short)
    return "; ".join(filter(None, (row.get("text"), terms, waits)))
