"""Clauses on votes, seats, calls and rights plans; and what of a clause in words is to be read."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil
from typing import Any

from ledger.model.fact import ids_of
from ledger.model.movements import MOVEMENTS
from ledger.values.quantities import Amount
from projections.obligation_rows import IN_WORDS, VerdictRow
from projections.obligations.acts import Act
from projections.obligations.binding import Bound
from projections.obligations.case import READ_IT, Case, concerns, counted, found, last_day
from projections.obligations.consents import touches
from projections.obligations.figures import figures, percent_text
from projections.obligations.record import acts_before, passed
from projections.obligations.transfers import SALES, is_sale
from projections.subjects.bases import IN_FULL
from projections.told import told

_SHARES = tuple(MOVEMENTS)
_DEALING = (
    "negotiation-opened", "deal-considered", "terms-agreed", "agreement-signed", "offer-made",
)  # fmt: skip
_READ = {  # the types of events about which a clause in words may be, by its kind
    "transfer-restriction": _SHARES,
    "exclusivity": _DEALING,
    "no-shop": _DEALING,
    "anti-dilution": ("shares-issued", "instrument-exercised", "instrument-granted"),
    "conduct": (*_SHARES, "dividend-declared", "capital-authorised", "agreement-amended"),
    "dividends": ("dividend-declared", "dividend-paid"),
    "quorum": ("meeting-held", "resolution-voted"),
    "deadlock": ("resolution-voted",),
    "leaver": ("relationship-ended", "shares-repurchased"),
    "adherence": ("shares-transferred", "shares-issued"),
    "registration": ("listing-changed",),
    "principle": (*_SHARES, "director-appointed", "board-seat-granted"),
    "other": (*_SHARES, "director-appointed", "board-seat-granted"),
}


def in_words(case: Case, clause: Bound, act: Act) -> Iterator[VerdictRow]:
    """A clause of a kind that no rule tests, where an event may be what it is about."""
    del case
    if act.fact.type in _READ.get(clause.kind, ()) and touches(clause, act):
        yield found(clause, act, "cannot be told", IN_WORDS)


def rights_plan(case: Case, clause: Bound, act: Act) -> Iterator[VerdictRow]:
    """A rights plan: who reaches so much by shares of its own sets it off."""
    taker, issuer, percent = act.taker, clause.issuer or act.issuer, clause.text("percent")
    if taker is None or issuer is None or taker == issuer or not concerns(clause, act):
        return
    if percent is None:
        yield found(clause, act, "cannot be told", f"its trigger is in words: {READ_IT}")
        return
    now, then = case.now(issuer), case.then(issuer)
    reach = clause.text("reach")
    measured = figures(now, clause, taker, reach)
    if not measured or measured[0].percent is None:
        yield found(clause, act, "cannot be told", "what it is measured on is not told")
        return
    limit, share = Fraction(percent), measured[0].percent
    least = ceil(limit * measured[0].of / 100)
    rises = now.shares(taker, reach) > then.shares(taker, reach)
    known: dict[str, Any] = {
        "measured": percent_text(share, limit), "limit": percent, "base": measured[0].base,
    }  # fmt: skip
    reached = f"{percent}% is {counted(str(least))} shares"
    who = f"{told('party', taker)} has {measured[0].words}"
    if share >= limit and rises:
        words = f"{who}: it would trigger the plan; {reached}"
        yield found(clause, act, "noted", words, party=taker, **known)
    else:
        yield found(clause, act, "permitted", f"{who}; {reached}", party=taker, **known)


def voting_cap(case: Case, clause: Bound, act: Act) -> Iterator[VerdictRow]:
    """A cap on votes: how many a holder may cast after an event, and whether it cast more."""
    party, issuer, percent = clause.text("party"), clause.issuer, clause.text("percent")
    if party is None or issuer is None or percent is None or issuer not in act.issuers:
        return
    base = clause.text("base") or "net-votes"
    now = case.now(issuer)
    reach = clause.text("reach") or "instructed"
    figure = now.figure(base, party, reach, clause.text("share_class"))
    if figure is None:
        yield found(clause, act, "cannot be told", f"{IN_FULL[base]} are not told")
        return
    most = Fraction(percent) * figure.of // 100
    known: dict[str, Any] = {"measured": str(figure.has), "limit": str(most), "base": base}
    if act.fact.type == "votes-cast":
        if act.fact.need("holder") == party:
            cast = Fraction(act.fact.need("votes"))
            verdict = "breaches" if cast > most else "permitted"
            words = f"{counted(str(cast))} votes are cast, {counted(str(most))} may be"
            yield found(clause, act, verdict, words, **known | {"measured": str(cast)})  # type: ignore[arg-type]
        return
    if act.fact.type not in MOVEMENTS:
        return
    words = f"of {counted(str(figure.has))} votes {counted(str(min(most, figure.has)))} may be cast"
    yield found(clause, act, "noted" if figure.has > most else "permitted", words, **known)


def option(case: Case, clause: Bound, act: Act) -> Iterator[VerdictRow]:
    """A put or a call: whether it may be exercised now, and at what price."""
    if not _exercises(clause, act):
        return
    until = last_day(case.after, clause)
    if clause.ended:
        words = (
            "it has ended" + (f" after {until}" if until else "") + ", and is not exercised then"
        )
        late = "breaches" if act.fact.type == "notice-given" else "noted"
        yield found(clause, act, late, words, until=until)  # type: ignore[arg-type]
        return
    agreed = clause.price
    if agreed and act.price and _differs(agreed, act.price):
        words = f"it is at {agreed}, not at {act.price}"
        yield found(clause, act, "breaches", words, until=until, limit=str(agreed))
        return
    most, earlier = clause.shares, _exercised_before(case, clause, act)
    if most is not None and act.shares is not None and act.shares + earlier > most:
        words = f"it is of {counted(str(most))} shares, not of {counted(str(act.shares))}"
        words += f" after {counted(str(earlier))} before" if earlier else ""
        yield found(clause, act, "breaches", words, until=until, limit=str(most))
        return
    words = "it may be exercised" + (f" until {until}" if until else "")
    yield found(clause, act, "permitted", words, until=until)


def _differs(one: Amount, other: Amount) -> bool:
    """Whether two amounts of one currency differ; of two, nothing is known."""
    return one.currency == other.currency and one.value != other.value


def _exercised_before(case: Case, clause: Bound, act: Act) -> Fraction:
    """The shares that earlier sales under an option passed, as splits since have left them."""
    if act.share_class is None or not clause.bound:
        return Fraction()
    earlier = acts_before(
        case.after, f"party:{clause.bound[0]}", SALES, act.fact,
        lambda one: one.order >= clause.since.order and _exercises(clause, Act(one)),
    )  # fmt: skip
    return passed(case.after, earlier)


def _exercises(clause: Bound, act: Act) -> bool:
    """Whether an event exercises a put or a call: a notice that names it, or a sale between the
    two sides."""
    fact = act.fact
    if fact.type == "notice-given":
        return (fact.text("kind"), fact.text("agreement"), fact.text("clause")) == (
            "exercise", clause.agreement, clause.id,
        )  # fmt: skip
    if not is_sale(act) or not concerns(clause, act):
        return False
    party, other = (act.giver, act.taker) if clause.kind == "put" else (act.taker, act.giver)
    sides = (*clause.others, clause.issuer)
    return party in clause.bound and other in sides


def board_seat(case: Case, clause: Bound, act: Act) -> Iterator[VerdictRow]:
    """A seat that depends on a holding: whether the right to it is left after an event."""
    party, issuer, percent = clause.text("party"), clause.issuer, clause.text("percent")
    if party is None or issuer is None or issuer not in act.issuers | ids_of(act.fact):
        return
    if percent is None or act.fact.type not in (*MOVEMENTS, "director-appointed"):
        return
    if act.fact.type == "director-appointed" and act.fact.text("nominated_by") != party:
        return
    measured = figures(case.now(issuer), clause, party, clause.text("reach"))
    if not measured or measured[0].percent is None:
        yield found(clause, act, "cannot be told", "what it is measured on is not told")
        return
    limit, share = Fraction(percent), measured[0].percent
    known: dict[str, Any] = {
        "measured": percent_text(share, limit),
        "limit": percent,
        "base": measured[0].base,
    }
    seats = clause.text("seats") or "1"
    who = f"{told('party', party)} has {measured[0].words}"
    if share >= limit:
        yield found(clause, act, "permitted", f"{who}: the right to {seats} is left", **known)
        return
    verdict = "breaches" if act.fact.type == "director-appointed" else "noted"
    words = f"{who}, less than {percent}%: no right to {seats} is left; nobody leaves by that"
    yield found(clause, act, verdict, words, **known)  # type: ignore[arg-type]
