"""Since when and until when agreements, clauses and offices of a company last, up to the cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ledger.model.fact import Fact, ids_of
from ledger.time.view import View
from ledger.values.dates import BEGINNING, FOREVER
from projections.answer import Answer, keys
from projections.chart_rows import TermRow
from projections.control.spans import Span, spans
from projections.obligations.governed import governance
from projections.rows import GovernanceRow
from projections.subjects.governance import steps_in_force
from projections.told import told

_KINDS = ("agreement", "clause", "director", "officer")
SIGNED = "signed"
_Key = tuple[str, str, str]  # kind, lane, status
_Span = Span[_Key, GovernanceRow]


def terms(
    view: View, company: str, party: str | None = None, first: str = BEGINNING, last: str = FOREVER
) -> Answer[TermRow]:
    """The times of agreements, clauses, directors and officers, those of one lane together.

    ``first`` and ``last`` leave out what had ended, or had not begun; with a ``party`` there is
    what it is a party to, its nominees, and its own offices.
    """
    company = view.identities.of(company)
    found = governance(view, company)
    answer = Answer[TermRow](about=found.about)
    answer.possible = list(found.possible)
    over = spans(view, lambda on: _by_key(on, company))
    rows = [_row(company, span) for span in over.found if party is None or _of(span, party)]
    lanes = list(dict.fromkeys((row["kind"], row["lane"]) for row in sorted(rows, key=_place)))
    for lane in sorted(lanes, key=lambda one: _KINDS.index(one[0])):
        own = [row for row in rows if (row["kind"], row["lane"]) == lane]
        answer.rows += [
            row
            for row in sorted(own, key=_place)
            if (row["since"] or BEGINNING) <= last and (row["until"] or FOREVER) > first
        ]
    if over.first is not None:
        answer.note(f"Days before {over.first} are not looked at: there are very many events.")
    if not answer.rows:
        answer.gap(f"no event at this cut tells who governs {told('party', company)}")
    return answer


def _by_key(on: View, company: str) -> Mapping[_Key, GovernanceRow]:
    found = dict[_Key, GovernanceRow]()
    for row in governance(on, company).rows:
        if row["kind"] in _KINDS:
            found.setdefault((row["kind"], _lane(row), _status(on, row)), row)
    return found


def _lane(row: GovernanceRow) -> str:
    parts = {
        "agreement": [row.get("agreement")],
        "clause": [
            row.get("agreement"), row.get("clause"), row.get("issuer"), row["party"], row["role"]
        ],
        "director": [row["person"]],
        "officer": [row["person"], row["role"]],
    }  # fmt: skip
    return " ".join(part for part in parts[row["kind"]] if part)


def _status(on: View, row: GovernanceRow) -> str:
    if row["kind"] in ("director", "officer"):
        return "in office"
    if row["kind"] == "agreement":
        return row["role"] or SIGNED
    agreement = row.get("agreement")
    binds = agreement is None or "clause" not in row or steps_in_force(on, agreement)
    return row.get("status") or ("in force" if binds else SIGNED)


def _row(company: str, span: _Span) -> TermRow:
    row = span.value
    began = [fact for fact in span.began_by if fact.key in row["events"]]
    named = {row.get("agreement"), row["person"]} - {None}
    ended = [fact for fact in span.ended_by if named & ids_of(fact)]
    return {
        "company": company,
        "kind": row["kind"],  # type: ignore[typeddict-item]
        "lane": span.key[1],
        "agreement": row.get("agreement"),
        "clause": row.get("clause"),
        "person": row["person"],
        "role": None if row["kind"] == "agreement" else row["role"],
        "party": row["party"],
        "title": row.get("title"),
        "status": span.key[2],
        "since": span.since,
        "until": span.until,
        "earliest": _earliest(began),
        "ends_earliest": _earliest(ended),
        "standing": row["standing"],
        "began_by": keys(began),
        "ended_by": keys(ended),
    }


def _of(span: _Span, party: str) -> bool:
    row = span.value
    return party in (row["party"], row["person"], *row.get("parties", ()))


def _place(row: TermRow) -> tuple[str, str]:
    return row["since"] or BEGINNING, row["lane"]


def _earliest(events: Sequence[Fact]) -> str | None:
    """The first day on which something can have happened, where it is dated by several."""
    dated = [f.effective for f in events if f.effective and f.effective.first < f.effective.last]
    first = min((days.first for days in dated), default=None)
    return "unknown" if first == BEGINNING else first
