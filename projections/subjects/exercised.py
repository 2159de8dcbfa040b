"""Options of agreements that are exercised, while no transfer between the two sides is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ledger.model.fact import Fact
from ledger.model.register import issuer_of, legs
from ledger.time.view import View
from ledger.values.dates import later_by
from projections.answer import sentence
from projections.rows import DealRow
from projections.subjects.clauses import clauses_at
from projections.subjects.governance import parties_of, undisputed
from projections.subjects.thread_rows import thread_row

NOTICES = ("notice-given",)
_OPTIONS = ("put", "call")
_SALES = (
    "shares-transferred", "instrument-exercised", "shares-released-from-trust",
    "shares-repurchased",
)  # fmt: skip


def exercised(view: View, subject: str | None = None) -> Iterator[DealRow]:
    """The puts and calls exercised by a notice after which no shares have passed."""
    used = set[str]()
    for notice in view.every(NOTICES).counted:
        agreement, named = notice.text("agreement"), notice.text("clause")
        if notice.need("kind") != "exercise" or agreement is None or named is None:
            continue
        steps = undisputed(view.on(notice.order[0]), agreement)
        clause = next((c.data for c in clauses_at(view, steps) if c.data["clause"] == named), None)
        if clause is None or clause["kind"] not in _OPTIONS:
            continue
        sellers, buyers = _sides(clause, notice, parties_of(steps))
        done = next(_passing(view, clause, notice, sellers, buyers, used), None)
        if done is not None:
            used.add(done.key)
        elif subject in (
            None,
            agreement,
            _issuer(clause),
            clause.get("share_class"),
            *sellers,
            *buyers,
        ):
            yield _row(notice, clause, sellers, buyers)


def _issuer(clause: dict[str, Any]) -> str | None:
    share_class = clause.get("share_class")
    return clause.get("issuer") or (issuer_of(share_class) if share_class else None)


def _sides(
    clause: dict[str, Any], notice: Fact, parties: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Who is to give shares, and who to take them: who is bound by a put sells, by a call buys."""
    bound = [clause["party"]] if "party" in clause else list(clause.get("parties", ()))
    holders = bound or [notice.need("by")]
    others = list(clause.get("counterparties") or notice.many("to")) or [
        one for one in parties if one not in holders
    ]
    return (holders, others) if clause["kind"] == "put" else (others, holders)


def _passing(
    view: View,
    clause: dict[str, Any],
    notice: Fact,
    sellers: Sequence[str],
    buyers: Sequence[str],
    used: set[str],
) -> Iterator[Fact]:
    """The movements since the notice by which shares pass as it says."""
    issuer, share_class = _issuer(clause), clause.get("share_class")
    for fact in view.about(*(f"party:{one}" for one in sellers), types=_SALES).counted:
        of = fact.need("share_class")
        about = share_class in (None, of) and issuer in (None, issuer_of(of))
        if fact.key in used or fact.order < notice.order or not about:
            continue
        moved = [(one or issuer_of(of), sign) for one, sign in legs(fact.type, fact.data)]
        gives = any(sign < 0 and one in sellers for one, sign in moved)
        takes = any(sign > 0 and one in buyers for one, sign in moved)
        if gives and takes:
            yield fact


def _row(
    notice: Fact, clause: dict[str, Any], sellers: Sequence[str], buyers: Sequence[str]
) -> DealRow:
    row = thread_row(None, "exercise", notice.need("agreement"), [notice], "exercised")
    days, due = clause.get("notice_days"), notice.text("ends_on")
    if due is None and days is not None and notice.effective is not None:
        due = later_by(notice.effective.last, int(days), "days")
    return row | {
        "party": ", ".join(dict.fromkeys([*sellers, *buyers])),
        "title": sentence(notice),
        "terms": f"{clause['kind']} {clause['clause']}",
        "since": notice.since,
        "at_latest": notice.at_latest,
        "expected": due,
    }
