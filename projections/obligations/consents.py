"""Clauses on what is done: reserved matters, consultation, notice, pre-emption."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from ledger.model.allocation import largest_remainder, parts_of
from ledger.model.fact import Fact, ids_of
from ledger.model.offers import Offer
from ledger.model.register import issuer_of
from ledger.values.dates import days_before, later_by
from projections.obligation_rows import IN_WORDS, VerdictRow
from projections.obligations.acts import Act
from projections.obligations.binding import Bound
from projections.obligations.case import (
    READ_IT,
    Case,
    concerns,
    counted,
    found,
    holders,
    named,
    over,
)
from projections.obligations.record import (
    REFUSED,
    acts_before,
    approvals,
    covering,
    free_from,
    is_by,
    is_by_class,
    notices,
    offers,
)
from projections.told import told


def is_matter(clause: Bound, act: Act) -> bool:
    """Whether an event is of a type that a clause names, of the company or party it is about."""
    if act.fact.type not in clause.many("events"):
        return False
    if clause.text("share_class") is not None:
        return act.share_class in (None, clause.text("share_class"))
    if clause.text("issuer") is not None:
        return clause.text("issuer") in act.issuers | ids_of(act.fact)
    bound = clause.bound or tuple(clause.parties)
    return bool(set(bound) & (ids_of(act.fact) | act.issuers))


def consent(case: Case, clause: Bound, act: Act) -> Iterator[VerdictRow]:
    """What needs the consent of somebody: reserved matters, by type of event and from a size on."""
    if clause.kind == "consent" and not is_matter(clause, act):
        if not clause.many("events") and touches(clause, act):
            yield found(clause, act, "cannot be told", IN_WORDS)
        return
    bears, size = over(case, clause, act)
    limit = clause.text("above")
    if bears is None:
        words = f"its size is not told, and what is above {limit} needs consent"
        yield found(clause, act, "cannot be told", words, limit=limit)
        return
    if not bears:
        words = f"{size} is not above {limit}"
        yield found(clause, act, "permitted", words, measured=size, limit=limit)
        return
    yield from _consented(case, clause, act, (size, limit))


def _consented(
    case: Case, clause: Bound, act: Act, known: tuple[str | None, str | None]
) -> Iterator[VerdictRow]:
    """Whether the consent that an event needs is on record."""
    size, limit = known
    measured: dict[str, Any] = {"measured": size, "limit": limit}
    earlier = acts_before(
        case.after, _subject(clause, act), (act.fact.type,), act.fact,
        lambda one: clause.kind != "consent" or is_matter(clause, Act(one)),
    )  # fmt: skip
    agreed = approvals(case.after, clause, act.fact)
    missing, by = list[str](), list[Fact]()
    for party in consenting(clause, act):
        given = covering([one for one in agreed if is_by(one, party)], act.fact, earlier)
        missing += [] if given else [party]
        by += [given] if given else []
    if (of_class := clause.text("consent_of_class")) is not None:
        percent = clause.text("consent_percent")
        of = [one for one in agreed if is_by_class(one, of_class, percent)]
        given = covering(of, act.fact, earlier)
        by += [given] if given else []
        if given is None:
            part = f"{percent}% of " if percent else ""
            words = f"it needs the consent of {part}the holders of {told('class', of_class)}"
            yield found(
                clause, act, "needs", words, needs="consent", of=[of_class], by=by, **measured
            )
    if missing:
        words = f"it needs the consent of {named(missing)}"
        for one in approvals(case.after, clause, act.fact, REFUSED):
            words += f"; {told('party', one.need('by'))} refused it ({told('event', one.key)})"
        yield found(clause, act, "needs", words, needs="consent", of=missing, by=by, **measured)
    elif of_class is None and not by:
        words = f"whose consent it needs is not told: {READ_IT}"
        yield found(clause, act, "cannot be told", words, **measured)
    elif by and (of_class is None or given is not None):
        events = ", ".join(told("event", one.key) for one in by)
        yield found(clause, act, "permitted", f"consent is on record: {events}", by=by, **measured)


def _subject(clause: Bound, act: Act) -> str:
    if act.share_class is not None:
        return f"issuer:{issuer_of(act.share_class)}"
    return f"party:{clause.issuer or act.issuer or next(iter(clause.bound or clause.parties), '')}"


def consenting(clause: Bound, act: Act) -> list[str]:
    """The parties whose consent a clause asks for: whom it names, else the other side."""
    if (party := clause.text("consent_of")) is not None:
        return [party]
    if clause.text("consent_of_class") is not None:
        return []
    if clause.many("counterparties"):
        return list(clause.many("counterparties"))
    doing = {act.giver, act.issuer, *clause.bound}
    return [one for one in clause.others if one not in doing]


def touches(clause: Bound, act: Act) -> bool:
    """Whether an event is about what a clause in words is about, as far as it says it."""
    ids = ids_of(act.fact) | act.issuers
    if clause.issuer is not None:
        return clause.issuer in ids
    return bool(set(clause.bound or clause.parties) & ids)


def told_before(case: Case, clause: Bound, act: Act) -> Iterator[VerdictRow]:
    """Consultation and notice: the others are told so many days before."""
    if not is_matter(clause, act):
        if not clause.many("events") and touches(clause, act):
            yield found(clause, act, "cannot be told", IN_WORDS)
        return
    bears, size = over(case, clause, act)
    limit = clause.text("above")
    if not bears:
        verdict = "cannot be told" if bears is None else "permitted"
        words = f"{size or 'its size, which is not told,'} is not above {limit}"
        if bears is None:
            words = f"its size is not told, the clause is about what is above {limit}"
        yield found(clause, act, verdict, words, measured=size, limit=limit)  # type: ignore[arg-type]
        return
    days = int(clause.text("notice_days") or 0)
    doing = {act.giver, act.issuer, *clause.bound}
    others = [one for one in clause.others if one not in doing]
    agreed = approvals(case.after, clause, act.fact)
    given = [
        one for one in notices(case.after, clause)
        if later_by(one.order[0], days, "days") <= case.day
    ]  # fmt: skip
    open_ = [
        one for one in others
        if not any(not n.many("to") or one in n.many("to") for n in given)
        and not any(is_by(w, one) for w in agreed)
    ]  # fmt: skip
    if open_ or not (given or agreed):
        words = f"{named(open_) if open_ else 'the other side'} is to be told"
        words += f" {days} days before: by {days_before(case.day, days)}" if days else " before"
        yield found(
            clause, act, "needs", words, needs="notice", of=open_, measured=size, limit=limit,
            first=later_by(case.day, days, "days") if days else None,
        )  # fmt: skip
        return
    yield found(clause, act, "permitted", "it was told", by=[*given, *agreed], limit=limit)


def pre_emption(case: Case, clause: Bound, act: Act) -> Iterator[VerdictRow]:
    """Pre-emption: of new shares each is offered its part first."""
    if not act.issues or act.shares is None or not concerns(clause, act):
        return
    issuer = str(act.issuer)
    bears, size = over(case, clause, act)
    if bears is False:
        words = f"{size} is not above {clause.text('above')}"
        yield found(clause, act, "permitted", words, measured=size, limit=clause.text("above"))
        return
    parts = entitlements(case, clause, act)
    if parts is None:
        base = clause.text("base")
        yield found(clause, act, "cannot be told", f"the parts are of {base}, which is not counted")
        return
    agreed = approvals(case.after, clause, act.fact)
    whole = [one for one in agreed if one.text("kind") == "disapplication"]
    if whole:
        words = f"it does not apply ({told('event', whole[0].key)})"
        yield found(clause, act, "permitted", words, by=whole)
        return
    made = [
        one for one in offers(case.after, clause, ("pre-emption", "priority"), None) if one.made
    ]
    made = [one for one in made if one.made and one.made.need("offeror") == issuer]
    open_ = [p for p in parts if p != act.taker and not any(is_by(one, p) for one in agreed)]
    if not open_:
        words = "whoever is entitled takes it up, or has waived it"
        yield found(clause, act, "permitted", words, by=agreed)
        return
    if made:
        yield _offered(case, clause, act, made[-1], open_)
        return
    notice = int(clause.text("notice_days") or 0)
    for party in open_:
        shares = case.count(act.share_class, parts[party])
        words = f"{told('party', party)} is to be offered {counted(shares)} of them first"
        yield found(
            clause, act, "needs", words, needs="offer", of=[party], shares=shares, party=issuer,
            base=clause.text("base") or "outstanding",
            first=later_by(case.day, notice + 1, "days") if notice else None,
        )  # fmt: skip


def entitlements(case: Case, clause: Bound, act: Act) -> dict[str, int] | None:
    """The part of new shares of each who is entitled, in whole shares, those of the largest
    fractions rounded up while any are left; None where what it is measured of is not counted."""
    issuer, base = str(act.issuer), clause.text("base") or "outstanding"
    then, of_class = case.then(issuer), clause.text("holders_of")
    of = then.base(base, of_class)
    if of is None or act.shares is None:
        return None
    entitled = [one for one in _entitled(case, clause, act) if one != issuer]
    every = {one: then.has(base, one, "own", of_class) for one in entitled}
    held = {one: has for one, has in every.items() if has}
    if not of:
        return {}
    rest = of - sum(held.values(), Fraction())
    parts = parts_of(int(act.shares), {**held, "": rest})
    parts.pop("", None)
    return largest_remainder(parts, sorted(parts))


def _entitled(case: Case, clause: Bound, act: Act) -> Sequence[str]:
    issuer = str(act.issuer)
    if (of_class := clause.text("holders_of")) is not None:
        return holders(case.then(issuer), of_class)
    named_ones = clause.many("counterparties") or [one for one in clause.bound if one != issuer]
    if named_ones:
        return list(named_ones)
    if clause.binds in ("members", "holders-of-class") or len(clause.parties) < 2:
        return holders(case.then(issuer), clause.of_class)
    return clause.parties


def _offered(case: Case, clause: Bound, act: Act, offer: Offer, open_: Sequence[str]) -> VerdictRow:
    """What an offer of the new shares on record leaves to be waited for."""
    first = free_from(clause, offer)
    by = [one for one in (offer.made, offer.closed) if one]
    if first is None or case.day >= first:
        words = f"the new shares were offered first ({told('event', by[0].key)})"
        return found(clause, act, "permitted", words, by=by)
    words = f"the offer of them ({told('event', by[0].key)}) runs until the day before {first}"
    return found(clause, act, "needs", words, needs="answer", of=list(open_), by=by, first=first)
