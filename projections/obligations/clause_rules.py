"""What a clause says of one event: by the rule of its kind, after its exceptions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from projections.obligation_rows import VerdictRow
from projections.obligations import consents, others, sales_along, transfers
from projections.obligations.acts import Act
from projections.obligations.binding import Bound
from projections.obligations.case import READ_IT, Case, Rule, found
from projections.obligations.exceptions import exempt
from projections.obligations.limits import CEILING, FLOOR
from projections.subjects.clauses import exception_words
from projections.told import Told, told


def unnumbered(case: Case, clause: Bound, act: Act) -> Iterator[VerdictRow]:
    """A standstill that names no number, where a holding rises."""
    taker = act.taker
    if taker is None or not clause.binds_party(taker, act.share_class):
        return
    if clause.issuer is not None and clause.issuer in act.issuers and taker != clause.issuer:
        words = f"{told('party', taker)} gains shares, and the clause names no percentage"
        yield found(clause, act, "cannot be told", f"{words}: {READ_IT}", party=taker)
    del case


RULES: Mapping[str, Rule] = {
    CEILING: unnumbered,
    FLOOR: transfers.locked,
    "first-offer": transfers.first_offer,
    "first-refusal": transfers.first_offer,
    "tag-along": sales_along.tag_along,
    "drag-along": sales_along.drag_along,
    "transfer-restriction": transfers.restricted,
    "pre-emption": consents.pre_emption,
    "consent": consents.consent,
    "consultation": consents.told_before,
    "notice": consents.told_before,
    "rights-plan": others.rights_plan,
    "voting-cap": others.voting_cap,
    "put": others.option,
    "call": others.option,
    "board-seat": others.board_seat,
}
_EXEMPTED = ("breaches", "needs")


def said_of(case: Case, clause: Bound, act: Act) -> Iterator[VerdictRow]:
    """What a clause that names no limit of a holding says of an event."""
    rows = list(RULES.get(clause.kind, others.in_words)(case, clause, act))
    if not rows:
        return
    if clause.dormant:
        yield _dormant(clause, act)
        return
    told_of = any(row["verdict"] in _EXEMPTED for row in rows)
    issuer = clause.issuer or act.issuer
    falls = exempt(case.after, case.then(issuer) if issuer else None, clause, act)
    for row in rows:
        if told_of and falls is not None and row["verdict"] in (*_EXEMPTED, "noted"):
            words = f"an exception {'applies' if falls.surely else 'may apply'}"
            row |= {
                "verdict": "permitted" if falls.surely else "cannot be told",
                "needs": None,
                "what": Told(f"{words}: {exception_words(falls.terms)}"),
            }
            yield row
            return
        yield from_signature(clause, row)


def _dormant(clause: Bound, act: Act) -> VerdictRow:
    """What is said of a clause that has not started."""
    starts = clause.text("starts") or clause.text("condition")
    exercised = clause.kind in ("put", "call")
    words = f"it has not started: it waits for {starts}"
    return found(clause, act, "breaches" if exercised else "noted", words)


def from_signature(clause: Bound, row: VerdictRow) -> VerdictRow:
    """A row with the remark that no event says that the agreement is in force, where none does."""
    if clause.by_signature:
        marked = row["what"].marked if isinstance(row["what"], Told) else row["what"]
        remark = "no event says that the agreement is in force; it is applied from its signature"
        row["what"] = Told(f"{marked} ({remark})")
    return row
