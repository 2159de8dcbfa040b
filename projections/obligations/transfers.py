"""Clauses on who may sell to whom: lock-ups for a time, first offer, first refusal, tag, drag."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from ledger.model.fact import Fact
from ledger.model.offers import Offer
from ledger.model.register import issuer_of
from ledger.values.dates import days_before, later_by
from ledger.values.quantities import Amount, parse_price
from projections.obligation_rows import IN_WORDS, VerdictRow
from projections.obligations.acts import Act
from projections.obligations.binding import Bound, split_since
from projections.obligations.case import (
    READ_IT,
    Case,
    concerns,
    counted,
    found,
    holders,
    last_day,
    named,
    over,
)
from projections.obligations.consents import consent
from projections.obligations.figures import figures, percent_text
from projections.obligations.record import (
    acts_before,
    approvals,
    covering,
    free_from,
    is_by,
    offers,
    passed,
)
from projections.told import told

_TESTED = ("until", "starts", "exceptions", "above", "percent")
SALES = ("shares-transferred", "instrument-exercised", "shares-released-from-trust")


def is_sale(act: Act) -> bool:
    """Whether shares pass from one holder, not the issuer, to another."""
    sells = act.fact.type in SALES and act.passes
    return sells and act.giver != act.issuer and act.taker != act.giver


def locked(case: Case, clause: Bound, act: Act) -> Iterator[VerdictRow]:
    """A lock-up for a time: no shares leave before it is over."""
    giver = act.giver
    if giver is None or giver == act.issuer or not clause.binds_party(giver, act.share_class):
        return
    if not concerns(clause, act):
        return
    if not (clause.text("until") or clause.text("starts")):
        words = f"{told('party', giver)} gives shares, and the clause names no number and no time"
        yield found(clause, act, "cannot be told", f"{words}: {READ_IT}", party=giver)
        return
    yield from _forbidden(case, clause, act, giver, "no shares leave")


def restricted(case: Case, clause: Bound, act: Act) -> Iterator[VerdictRow]:
    """A restriction on transfers: by consent where it names whose, else as its time and its
    exceptions have it."""
    giver = act.giver
    if not is_sale(act) or giver is None or not clause.binds_party(giver, act.share_class):
        return
    if not concerns(clause, act):
        return
    bears, size = over(case, clause, act)
    if clause.text("consent_of") or clause.text("consent_of_class"):
        yield from consent(case, clause, act)
    elif not any(clause.terms.get(n) for n in _TESTED):
        yield found(clause, act, "cannot be told", IN_WORDS, party=giver)
    elif bears is None:
        words = f"its size is not told, the clause is about what is above {clause.text('above')}"
        yield found(clause, act, "cannot be told", words, party=giver)
    elif not bears:
        words = f"{size} is not above {clause.text('above')}"
        limit = clause.text("above")
        yield found(clause, act, "permitted", words, party=giver, measured=size, limit=limit)
    elif clause.text("percent") is not None:
        yield from _concentrating(case, clause, act, giver)
    else:
        yield from _forbidden(case, clause, act, giver, "no transfer is allowed")


def _concentrating(case: Case, clause: Bound, act: Act, giver: str) -> Iterator[VerdictRow]:
    """A restriction on transfers to whoever has more than a percentage after them."""
    taker, issuer = str(act.taker), str(act.issuer)
    limit = Fraction(str(clause.text("percent")))
    measured = figures(case.now(issuer), clause, taker, clause.text("reach"))
    shares = [one.percent for one in measured if one.percent is not None]
    above = {share > limit for share in shares}
    if len(above) != 1 or (measured[0].at_least and above == {False}):
        words = f"the record does not tell whether {told('party', taker)} has more than {limit}%"
        yield found(clause, act, "cannot be told", words, party=giver, limit=str(limit))
        return
    known: dict[str, Any] = {
        "measured": percent_text(shares[0], limit), "limit": str(clause.text("percent")),
        "base": measured[0].base,
    }  # fmt: skip
    words = f"{told('party', taker)} then has {measured[0].words}"
    if above == {False}:
        yield found(clause, act, "permitted", words, party=giver, **known)
        return
    rule = f"{words}: no transfer to who has more than {clause.text('percent')}% is allowed"
    for row in _forbidden(case, clause, act, giver, rule):
        yield row | known  # type: ignore[misc]


def _forbidden(case: Case, clause: Bound, act: Act, giver: str, rule: str) -> Iterator[VerdictRow]:
    """A breach until the clause is over, unless somebody released the giver from it."""
    until = last_day(case.after, clause)
    if (waiver := _released(case, clause, act)) is not None:
        words = f"{told('party', waiver.need('by'))} released it ({told('event', waiver.key)})"
        yield found(clause, act, "permitted", words, party=giver, by=[waiver], until=until)
        return
    words = f"{told('party', giver)} gives shares, and {rule}"
    words += f" until {until}" if until else " while it binds"
    yield found(clause, act, "breaches", words, party=giver, until=until)


def _released(case: Case, clause: Bound, act: Act) -> Fact | None:
    """The consent or waiver of another side that covers what a giver does."""
    agreed = [one for one in approvals(case.after, clause, act.fact) if one.need("by") != act.giver]
    if not agreed:
        return None
    earlier = acts_before(
        case.after, f"party:{act.giver}", SALES, act.fact,
        lambda one: Act(one).giver == act.giver,
    )  # fmt: skip
    return covering(agreed, act.fact, earlier)


def first_offer(case: Case, clause: Bound, act: Act) -> Iterator[VerdictRow]:
    """First offer or first refusal: offered to the others before it is sold to anybody else."""
    giver = act.giver
    if not is_sale(act) or giver is None or not concerns(clause, act):
        return
    if not any(clause.terms.get(n) for n in ("notice_days", "counterparties", "holders_of")):
        yield found(clause, act, "cannot be told", IN_WORDS, party=giver)
        return
    if not clause.binds_party(giver, act.share_class):
        return
    others = [one for one in beneficiaries(case, clause, act) if one not in (giver, act.taker)]
    agreed = approvals(case.after, clause, act.fact)
    open_ = [one for one in others if not any(is_by(w, one) for w in agreed)]
    if not open_:
        who = "is sold to who has the right" if not others else "who has the right waived it"
        yield found(clause, act, "permitted", who, party=giver, by=agreed)
        return
    made = [
        one for one in offers(case.after, clause, (clause.kind,), giver)
        if one.made and one.made.text("share_class") in (None, act.share_class)
        and not (one.closed and one.closed.need("result") in ("withdrawn", "replaced"))
    ]  # fmt: skip
    if made:
        yield _after_offer(case, clause, act, made[-1], open_)
    else:
        yield _offer_needed(case, clause, act, open_, "")


def _offer_needed(
    case: Case, clause: Bound, act: Act, to: Sequence[str], because: str
) -> VerdictRow:
    notice = int(clause.text("notice_days") or 0)
    words = f"{because}it is to be offered to {named(to)} first"
    if notice:
        by = days_before(case.day, notice + 1)
        words += f": for {case.day} by {by}, and an offer of {case.day} would run {notice} days"
    return found(
        clause, act, "needs", words, party=act.giver, needs="offer", of=list(to),
        first=later_by(case.day, notice + 1, "days") if notice else None,
    )  # fmt: skip


def _after_offer(
    case: Case, clause: Bound, act: Act, offer: Offer, open_: Sequence[str]
) -> VerdictRow:
    """What an offer on record leaves to be done."""
    made, closed = offer.made, offer.closed
    assert_made = made if made is not None else act.fact
    to = assert_made.many("to")
    missed = [one for one in open_ if to and one not in to]
    if missed:
        return _offer_needed(case, clause, act, missed, "")
    of = f"the offer of {assert_made.order[0]} ({told('event', assert_made.key)})"
    by = [assert_made, *([closed] if closed else [])]
    first = free_from(clause, offer)
    if first is None:
        words = f"{of} names no day by which it is answered, nor does the clause: {READ_IT}"
        return found(clause, act, "cannot be told", words, party=act.giver, by=by)
    if case.day < first:
        words = f"{of} is not declined and runs until the day before {first}"
        return found(
            clause, act, "needs", words, party=act.giver, by=by, needs="answer", of=list(open_),
            first=first,
        )  # fmt: skip
    window = clause.text("window_days")
    last = later_by(first, int(window), "days") if window else None
    if last is not None and case.day > last:
        return _offer_needed(case, clause, act, open_, f"{of} allowed a sale until {last}; ")
    return _terms_of_sale(case, clause, act, offer, open_, (of, by, last, first))


def _terms_of_sale(
    case: Case, clause: Bound, act: Act, offer: Offer, open_: Sequence[str],
    known: tuple[str, list[Fact], str | None, str],
) -> VerdictRow:  # fmt: skip
    """Whether a sale keeps to what was offered: how many shares, and at what price."""
    of, by, last, first = known
    asked = offer.terms.get("price")
    offered = _number(offer)
    sold = _sold_to_others(case, clause, act, first)
    splits = split_since(case.after, str(act.share_class), by[0])
    if offered is not None and act.shares is not None:
        offered *= splits
        left = max(offered - offer.total - sold, Fraction())
        if offer.total and act.shares > left:
            words = f"{of} is accepted for {counted(str(offer.total))} shares, which leaves"
            words += f" {counted(str(left))}"
            return found(clause, act, "breaches", words, party=act.giver, by=by)
        if act.shares > left:
            because = f"{of} was for {counted(str(offered))} shares"
            because += f", {counted(str(sold))} of them are sold; " if sold else "; "
            return _offer_needed(case, clause, act, open_, because)
    elif offer.total:
        words = f"{of} is accepted, and how many shares that leaves is not told"
        return found(clause, act, "cannot be told", words, party=act.giver, by=by)
    if asked is not None:
        least, price = Amount.of(parse_price(asked)).times(1 / splits), act.price
        if price is None or price.currency != least.currency:
            words = f"{of} was at {least}, and the price of the sale is not told in it"
            return found(
                clause, act, "cannot be told", words, party=act.giver, by=by, limit=str(least)
            )
        if price.value < least.value:
            because = f"{of} was at {least}, the sale is at {price}; "
            return _offer_needed(case, clause, act, open_, because)
    words = f"{of} was not taken up" if not offer.total else f"{of} leaves so many"
    return found(clause, act, "permitted", words, party=act.giver, by=by, until=last)


def _sold_to_others(case: Case, clause: Bound, act: Act, first: str) -> Fraction:
    """The shares that a seller has sold to others than those in whose favour a clause is, since
    the day on which it was free to do so."""
    entitled = beneficiaries(case, clause, act)
    earlier = acts_before(
        case.after, f"party:{act.giver}", SALES, act.fact,
        lambda one: one.order[0] >= first and _sells_alike(Act(one), act, entitled),
    )  # fmt: skip
    return passed(case.after, earlier)


def _sells_alike(one: Act, act: Act, entitled: Sequence[str]) -> bool:
    same = one.giver == act.giver and one.share_class == act.share_class
    return same and is_sale(one) and one.taker not in entitled


def _number(offer: Offer) -> Fraction | None:
    """How many shares an offer is for; None where it does not say a number."""
    for name in ("shares", "at_most"):
        told_of = str(offer.terms.get(name, ""))
        if told_of.isdigit():
            return Fraction(told_of)
    return None


def beneficiaries(case: Case, clause: Bound, act: Act) -> list[str]:
    """Those in whose favour a clause is: whom it names, the holders of its class, or the other
    parties."""
    if (of_class := clause.text("holders_of")) is not None:
        return holders(case.then(issuer_of(of_class)), of_class)
    if not clause.parties and act.issuer and not clause.many("counterparties"):
        return holders(case.then(act.issuer), clause.text("share_class"))
    return [one for one in clause.others if one != act.issuer]
