"""What floors and ceilings say of new events: whether a holding moved against them at the end of a
day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.model.movements import RESHAPING
from ledger.time.existence import end_of_party
from ledger.values.dates import next_day
from projections.obligation_rows import Verdict, VerdictRow
from projections.obligations.acts import Act
from projections.obligations.binding import Bound
from projections.obligations.case import Case, found, last_day
from projections.obligations.clause_rules import from_signature
from projections.obligations.exceptions import exempt
from projections.obligations.limits import (
    CEILING,
    Judged,
    compared_words,
    judged,
    limit_text,
    measured_text,
    number_of,
)
from projections.obligations.record import acts_before, approvals, covering, is_by
from projections.subjects.clauses import exception_words
from projections.told import Told, told

_BEGUN: Mapping[str, Verdict] = {
    "kept": "permitted", "broken": "breaches", "untold": "cannot be told",
}  # fmt: skip
_GONE = "has ended, and whoever succeeds it is bound only where that is recorded"


def held_to(case: Case, clause: Bound, act: Act) -> Iterator[VerdictRow]:
    """What a floor or a ceiling says of the end of a day on which new events move shares."""
    issuer = str(clause.issuer)
    for party in bound_parties(case, clause):
        then, now = (
            judged(case.then(issuer), clause, party),
            judged(case.now(issuer), clause, party),
        )
        if then == now:
            continue
        if (end := end_of_party(case.after, party, next_day(case.day))) is not None:
            words = Told(f"{told('party', party)} {_GONE} ({told('event', end.key)})")
            yield _row(case, clause, act, (party, "noted", words), now, [end])
            continue
        if clause.dormant:
            words = Told(f"it has not started: {compared_words(clause, now, party).marked}")
            yield _row(case, clause, act, (party, "noted", words), now)
            continue
        verdict, words, by = _verdict(case, clause, (then, now), party)
        row = _row(case, clause, act, (party, verdict, words), now, by)
        if verdict == "needs":
            row["needs"], row["of"] = "consent", [str(clause.text("consent_of"))]
        yield from_signature(clause, row)


def begun(case: Case, clause: Bound, before: Bound | None, act: Act) -> Iterator[VerdictRow]:
    """What a floor or a ceiling says of the holdings of the day on which it begins to bind, or on
    which its terms change: ``before`` is as it stood without the new events."""
    was_on = before is not None and not before.dormant
    for party in bound_parties(case, clause):
        now = judged(case.now(str(clause.issuer)), clause, party)
        if was_on and before and judged(case.then(str(before.issuer)), before, party) == now:
            continue
        words = compared_words(clause, now, party)
        if clause.dormant:
            words = Told(f"it has not started: {words.marked}")
        verdict = "noted" if clause.dormant else _BEGUN[now.state]
        yield from_signature(clause, _row(case, clause, act, (party, verdict, words), now))


def bound_parties(case: Case, clause: Bound) -> list[str]:
    """Those whose holding a limit is of: whom it names, else the parties of the agreement or, of
    what binds members, those who move on the day."""
    if clause.bound:
        return list(clause.bound)
    if clause.binds in (None, "signatories"):
        return [one for one in clause.parties if one != clause.issuer]
    moving = {one for act in case.acts for one in (act.giver, act.taker) if one}
    return sorted(moving - {clause.issuer})


def _verdict(
    case: Case, clause: Bound, found_: tuple[Judged, Judged], party: str
) -> tuple[Verdict, Told, list[Fact]]:
    then, now = found_
    words = compared_words(clause, now, party)
    if now.state == "untold":
        return "cannot be told", words, []
    if now.state == "kept":
        beyond = clause.text("reach") == "group-and-derivatives"
        more = " on shares; derivatives are not known" if beyond else ""
        return "permitted", Told(f"{words.marked}{more}"), []
    against = moved_against(case, clause, party)
    if not against:
        if clause.text("passive") == "counts" and then.state != "broken":
            return "breaches", words, []
        return "noted", Told(f"{words.marked}; its own number does not move that way"), []
    excused = excuse(case, clause, party)
    if excused is not None:
        says = Told(f"{words.marked}; {excused.why}")
        return "permitted" if excused.surely else "cannot be told", says, excused.by
    if clause.text("consent_of") is not None:
        asked = (
            f"{words.marked}; it needs the consent of {told('party', clause.text('consent_of'))}"
        )
        return "needs", Told(asked), []
    return "breaches", words, []


def moved_against(case: Case, clause: Bound, party: str) -> bool:
    """Whether a party's own number moves against a limit on the day: of shares that are made more
    or fewer for all, its part."""
    issuer = str(clause.issuer)
    then, now = case.then(issuer), case.now(issuer)
    change = number_of(now, clause, party) - number_of(then, clause, party)
    if any(act.fact.type in RESHAPING and issuer in act.issuers for act in case.acts):
        was, is_ = judged(then, clause, party).figure, judged(now, clause, party).figure
        change = ((is_.percent if is_ else None) or Fraction()) - (
            (was.percent if was else None) or Fraction()
        )
    return change > 0 if clause.kind == CEILING else change < 0


class Excuse(NamedTuple):
    """Why a movement against a limit is allowed, surely or perhaps, and by which events."""

    why: str
    surely: bool
    by: list[Fact]


def excuse(case: Case, clause: Bound, party: str) -> Excuse | None:
    """Why a movement against a limit is allowed: each of the day's falls under an exception, or
    the other side agreed to it."""
    acts = [act for act in case.standing_acts if moves_against(clause, act, party)]
    if not acts:
        return None
    falls = [exempt(case.after, case.then(str(clause.issuer)), clause, act) for act in acts]
    sure = [one for one in falls if one is not None and one.surely]
    if len(sure) == len(acts):
        return Excuse(f"an exception applies: {exception_words(sure[0].terms)}", True, [])
    agreed = [
        one for one in approvals(case.after, clause, acts[0].fact)
        if not is_by(one, party) and (clause.text("consent_of") in (None, one.need("by")))
    ]  # fmt: skip
    if agreed:
        earlier = acts_before(
            case.after, f"party:{party}", (acts[0].fact.type,), acts[0].fact,
            lambda one: moves_against(clause, Act(one), party),
        )  # fmt: skip
        given = covering(agreed, acts[0].fact, earlier)
        if given is not None:
            by = told("party", given.need("by"))
            return Excuse(f"{by} agreed to it ({told('event', given.key)})", True, [given])
    if all(one is not None for one in falls):
        perhaps = next(one for one in falls if one is not None)
        return Excuse(f"an exception may apply: {exception_words(perhaps.terms)}", False, [])
    return None


def moves_against(clause: Bound, act: Act, party: str) -> bool:
    """Whether an event moves shares of a party against a limit."""
    moving = act.taker if clause.kind == CEILING else act.giver
    return moving == party and clause.issuer in act.issuers


def _row(
    case: Case, clause: Bound, act: Act, of: tuple[str, Verdict, Told], now: Judged,
    by: list[Fact] | None = None,
) -> VerdictRow:  # fmt: skip
    party, verdict, words = of
    return found(
        clause, act, verdict, words.marked, party=party, by=by or [],
        measured=measured_text(clause, now.figure), limit=limit_text(clause),
        base=now.figure.base if now.figure else clause.text("base"),
        until=last_day(case.after, clause),
        first=None if verdict == "permitted" else case.day,
    )  # fmt: skip
