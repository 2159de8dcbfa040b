"""Governance: rights to seats, who sits, who holds office, agreements and clauses in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Literal

from ledger.model.board import BOARD, Board
from ledger.model.fact import Fact
from ledger.model.restrictions import EVERY, name_of
from ledger.model.threads import OWN_KINDS, Contradiction, contradictions
from ledger.time.view import View
from ledger.values.refusals import Unhandled
from projections.answer import Answer, keys, weakest
from projections.rows import GovernanceRow
from projections.subjects.clauses import (
    Clause,
    clauses_at,
    stray_exceptions,
    terms_of,
    trigger_note,
)
from projections.subjects.conditions import absence_notes, is_waiting
from projections.subjects.existence import note_existence
from projections.subjects.governance_notes import APPROVALS, approval_notes, holdover_notes
from projections.subjects.notices import notice_notes
from projections.subjects.seats import Placed, placed, seat_notes, seats_of, steps_of
from projections.subjects.thread_rows import passed
from projections.told import told

AGREEMENT_STEPS = OWN_KINDS["agreement"].types
CAPS = ("voting-cap-agreed", "voting-cap-lifted")
TYPES = (*BOARD, *AGREEMENT_STEPS, *CAPS)


Kind = Literal["seat", "director", "officer", "agreement", "clause"]


def governance(view: View, company: str) -> Answer[GovernanceRow]:
    """Seats, directors, officers, agreements and clauses of a company at the view's cut."""
    company = view.identities.of(company)
    answer = Answer[GovernanceRow](about=[((f"party:{company}",), TYPES)])
    found = view.about(f"party:{company}", types=TYPES)
    answer.add_possible(p for p in found.possible if p.fact.text("company") in (None, company))
    board, caps = Board(), _Caps()
    for fact in found.counted:
        _see(fact, company, board, caps)
    for note in absence_notes(view, (f for f in found.absent if _governs(f, company))):
        answer.note(note)
    rights = list(placed(view, board))
    for right in rights:
        answer.rows += [_seat_row(company, right, seat) for seat in seats_of(right)]
    answer.rows += [_director_row(company, fact) for fact in _listed(board.directors.values())]
    answer.rows += [_officer_row(company, fact) for fact in _listed(board.officers.values())]
    _add_agreements(answer, view, company)
    _add_caps(answer, company, caps)
    note_existence(answer, view, company)
    _add_notes(answer, view, company, board, found.counted)
    for party in sorted({fact.text("nominated_by") or "" for fact in board.directors.values()}):
        seated = len(board.nominees(party))
        if party and seated > board.most(party):
            answer.note(
                f"{seated} director(s) are said to be nominated by {told('party', party)}, which"
                f" has a recorded right to {board.most(party)} seat(s)."
            )
    sitting = [*board.directors.values(), *board.officers.values()]
    for note in (*chain.from_iterable(map(seat_notes, rights)), *_term_notes(view, sitting)):
        answer.note(note)
    told_of = [*found.counted, *(f for f in found.absent if not is_waiting(view, f))]
    if not answer.rows and any(_governs(fact, company) for fact in told_of):
        answer.none(
            f"No seat, office or agreement of {told('party', company)} is left: all recorded have"
            " ended."
        )
    elif not answer.rows:
        answer.gap(f"no event at this cut tells who governs {told('party', company)}")
    return answer


def _term_notes(view: View, sitting: Iterable[Fact]) -> Iterator[str]:
    """Of whom the term has run out, while nothing says that they left."""
    for fact in _listed(sitting):
        until = fact.text("term_ends_on")
        if passed(until, view):
            yield (
                f"The term of {told('party', fact.text('person') or 'somebody')} as"
                f" {fact.text('role') or 'director'} ended {until}; no event at this cut tells"
                " whether it was renewed."
            )


SURVIVES = "survives"  # the status of a clause whose agreement has ended


def _add_notes(
    answer: Answer[GovernanceRow], view: View, company: str, board: Board, facts: Iterable[Fact]
) -> None:
    """Say whose term is over, and what was approved or refused."""
    steps = [fact for fact in facts if fact.type in AGREEMENT_STEPS]
    about = {f"agreement:{fact.need('agreement')}" for fact in steps}
    about |= {f"deal:{deal}" for fact in steps if (deal := fact.text("deal"))}
    subjects = (f"party:{company}", *sorted(about))
    answer.about.append((subjects, APPROVALS))
    sitting = _listed(board.directors.values())
    for note in (*holdover_notes(view, company, sitting), *approval_notes(view, subjects)):
        answer.note(note)


_Caps = dict[tuple[str, str, str], Fact]  # by issuer, holder and name


def _see(fact: Fact, company: str, board: Board, caps: _Caps) -> None:
    """Take into account a fact that names a company."""
    match fact.type:
        case seated if seated in BOARD:
            if fact.need("company") == company:
                board.apply(fact)
        case "voting-cap-agreed":
            caps[*_capped(fact), name_of(fact, "cap")] = fact
        case "voting-cap-lifted":
            for of in [of for of in caps if of[:2] == _capped(fact)]:
                if fact.text("cap") in (None, of[2]):
                    del caps[of]
        case step if step in AGREEMENT_STEPS:
            return  # agreements are followed one by one, for few of their steps name a company
        case _:
            raise Unhandled(fact.type, "the question of governance")


def _capped(fact: Fact) -> tuple[str, str]:
    """Of which issuer a cap is, and on whose votes: nobody's name stands for every holder."""
    return fact.need("issuer"), fact.text("holder") or EVERY


def _governs(fact: Fact, company: str) -> bool:
    """Whether a fact is about the board, an agreement or a cap of a company."""
    return fact.text("company") in (None, company)


def _listed(facts: Iterable[Fact]) -> list[Fact]:
    return sorted(facts, key=lambda fact: fact.listed)


def _row(company: str, kind: Kind, facts: list[Fact], since: Fact | None = None) -> GovernanceRow:
    """What every row has; it is since the last of its facts, unless another is given."""
    since = since or facts[-1]
    return {
        "company": company,
        "kind": kind,
        "party": None,
        "person": None,
        "role": None,
        "since": since.since,
        "at_latest": since.at_latest,
        "until": None,
        "standing": weakest(facts),
        "events": keys(facts),
    }


def _seat_row(company: str, one: Placed, sitting: Fact | None) -> GovernanceRow:
    right = one.right
    facts = [*right.facts, sitting] if sitting else right.facts
    row = _row(company, "seat", facts, right.facts[0])
    row |= {
        "party": one.party,
        "role": right.seat,
        "person": sitting.text("person") if sitting else None,
    }
    if right.of_class:
        row["holders_of"] = right.of_class
    if right.steps:
        row["terms"] = steps_of(right.steps)
    return row


def _director_row(company: str, fact: Fact) -> GovernanceRow:
    return _row(company, "director", [fact]) | {
        "party": fact.text("nominated_by"),
        "person": fact.text("person"),
        "role": fact.text("role") or "director",
        "until": fact.text("term_ends_on"),
    }


def _officer_row(company: str, fact: Fact) -> GovernanceRow:
    row = _row(company, "officer", [fact])
    row |= {
        "person": fact.text("person"),
        "role": fact.need("role"),
        "until": fact.text("term_ends_on"),
    }
    if signs := fact.text("signs"):
        row["signs"] = signs
    return row


def _add_agreements(answer: Answer[GovernanceRow], view: View, company: str) -> None:
    signed = view.about(f"party:{company}", types=AGREEMENT_STEPS)
    for agreement in sorted({fact.need("agreement") for fact in signed.certain}):
        found = view.about(f"agreement:{agreement}", types=AGREEMENT_STEPS)
        answer.about.append(((f"agreement:{agreement}",), AGREEMENT_STEPS))
        answer.add_possible(found.possible)
        _add_agreement(answer, view, company, agreement, found.certain)


def _add_agreement(
    answer: Answer[GovernanceRow], view: View, company: str, agreement: str, steps: list[Fact]
) -> None:
    disputed = _disputed(view, steps)
    kept = [step for step in steps if step not in [one.step for one in disputed]]
    for one in disputed:
        if not one.reported_twice:
            of, by = told("agreement", agreement), told("event", one.step.key)
            answer.note(f"Sources disagree on {of}: {by} contradicts the record.")
    signed = [step for step in kept if step.type == "agreement-signed"]
    in_force = [step for step in kept if step.type == "agreement-in-force"]
    if not (signed or in_force):
        return
    since, over = (in_force or signed)[-1], is_over(view, kept)
    if not over:
        for note in (*notice_notes(view, "agreement", agreement), *_stray_notes(agreement, kept)):
            answer.note(note)
        answer.rows.append(_agreement_row(company, agreement, kept, since))
    for clause in clauses_at(view, kept):
        if clause.ended or (over and clause.data.get("survives") != "yes"):
            continue
        row = _clause_row(company, agreement, since, clause)
        if over:
            row.setdefault("status", SURVIVES)
        answer.rows.append(row)
        if (came := trigger_note(view, agreement, clause)) is not None:
            answer.note(came)


def _agreement_row(company: str, agreement: str, kept: list[Fact], since: Fact) -> GovernanceRow:
    titled = [step for step in kept if step.text("title")]
    title = titled[-1].need("title") if titled else agreement
    return _row(company, "agreement", kept, since) | {
        "role": OWN_KINDS["agreement"].statuses[since.type],
        "title": title,
        "what": title,
        "parties": parties_of(kept),
        "until": next((s.text("until") for s in reversed(kept) if s.text("until")), None),
        "agreement": agreement,
    }


def _clause_row(company: str, agreement: str, since: Fact, found: Clause) -> GovernanceRow:
    clause, fact, dormant, widened_by, _ = found
    latest = max(fact, since, key=lambda f: f.order)
    facts = [fact, *widened_by]
    row = _row(company, "clause", facts if since in facts else [*facts, since], latest)
    row |= {
        "party": clause.get("party"),
        "role": clause["kind"],
        "clause": clause["clause"],
        "issuer": clause.get("issuer"),
        "percent": clause.get("percent"),
        "text": clause["text"],
        "what": _worded(clause["text"], clause.get("percent"), clause.get("issuer")),
        "agreement": agreement,
    }
    if terms := terms_of(clause):
        row["terms"] = terms
    if dormant:
        row["status"] = "dormant"
    return row


def _stray_notes(agreement: str, steps: list[Fact]) -> Iterator[str]:
    for clause, fact in stray_exceptions(steps):
        of, by = told("agreement", agreement), told("event", fact.key)
        yield f"An exception ({by}) is from the clause {clause}, which {of} does not have."


def steps_in_force(view: View, agreement: str) -> list[Fact]:
    """The steps of an agreement that is in force at the cut; none of another."""
    kept = undisputed(view, agreement)
    return kept if _once_in_force(kept) and not is_over(view, kept) else []


def undisputed(view: View, agreement: str) -> list[Fact]:
    steps = view.about(f"agreement:{agreement}", types=AGREEMENT_STEPS).certain
    disputed = [one.step for one in _disputed(view, steps)]
    return [step for step in steps if step not in disputed]


def _once_in_force(steps: list[Fact]) -> bool:
    return any(step.type == "agreement-in-force" for step in steps)


def parties_of(steps: list[Fact]) -> list[str]:
    """Who is party to an agreement, after those who joined and left."""
    found: list[str] = []
    for step in steps:
        found = list(step.many("parties")) or found
        found = [*found, *(p for p in step.many("parties_joined") if p not in found)]
        found = [party for party in found if party not in step.many("parties_left")]
    return found


def is_over(view: View, steps: list[Fact]) -> bool:
    """Whether an agreement has ended, and was not revived, or ran until an earlier day."""
    ends = [step for step in steps if step.type in ("agreement-in-force", "agreement-ended")]
    terms = [step for step in steps if "until" in step.data]
    ended = bool(ends) and ends[-1].type == "agreement-ended"
    return ended or (bool(terms) and passed(terms[-1].text("until"), view))


def _disputed(view: View, steps: list[Fact]) -> list[Contradiction]:
    """The steps of an agreement that contradict preferred ones."""
    return contradictions((step for step in steps if not step.repeats), view.weight)


def _worded(text: str, percent: str | None, issuer: str | None) -> str:
    """A clause in one line: its words, its percentage and whose shares it is about."""
    figure = " ".join(filter(None, (f"{percent}%" if percent else "", issuer and f"of {issuer}")))
    return ", ".join(filter(None, (text, figure)))


def _add_caps(answer: Answer[GovernanceRow], company: str, caps: _Caps) -> None:
    for (issuer, holder, _), fact in sorted(
        caps.items(), key=lambda one: (one[0][:2], one[1].order)
    ):
        if company in (issuer, holder):
            answer.rows.append(
                _row(company, "clause", [fact])
                | {
                    "party": holder or None,
                    "role": "voting-cap",
                    "issuer": issuer,
                    "percent": fact.text("percent"),
                    "text": fact.text("scope"),
                    "what": _worded(fact.text("scope") or "", fact.text("percent"), issuer),
                    "agreement": fact.text("agreement"),
                }
            )
