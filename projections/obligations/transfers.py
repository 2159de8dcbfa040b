"""Clauses on who may sell to whom: lock-ups for a time, first offer, first refusal, tag, drag."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from ledger.model.allocation import down, parts_of
from ledger.model.fact import Fact
from ledger.model.offers import Offer
from ledger.model.register import issuer_of
from ledger.values.dates import days_before, later_by
from ledger.values.quantities import Amount, parse_price
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
    last_day,
    named,
    over,
)
from projections.obligations.consents import consent
from projections.obligations.figures import percent_text
from projections.obligations.record import (
    acts_before,
    approvals,
    covering,
    free_from,
    is_by,
    notices,
    offers,
)
from projections.told import told

_SALES = ("shares-transferred", "instrument-exercised", "shares-released-from-trust")


def is_sale(act: Act) -> bool:
    """Whether shares pass from one holder, not the issuer, to another."""
    sells = act.fact.type in _SALES and act.passes
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
    elif not any(clause.terms.get(n) for n in ("until", "starts", "exceptions", "above")):
        yield found(clause, act, "cannot be told", IN_WORDS, party=giver)
    elif bears is None:
        words = f"its size is not told, the clause is about what is above {clause.text('above')}"
        yield found(clause, act, "cannot be told", words, party=giver)
    elif not bears:
        words = f"{size} is not above {clause.text('above')}"
        limit = clause.text("above")
        yield found(clause, act, "permitted", words, party=giver, measured=size, limit=limit)
    else:
        yield from _forbidden(case, clause, act, giver, "no transfer is allowed")


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
        case.after, f"party:{act.giver}", _SALES, act.fact,
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
    return _terms_of_sale(case, clause, act, offer, open_, (of, by, last))


def _terms_of_sale(
    case: Case, clause: Bound, act: Act, offer: Offer, open_: Sequence[str],
    known: tuple[str, list[Fact], str | None],
) -> VerdictRow:  # fmt: skip
    """Whether a sale keeps to what was offered: how many shares, and at what price."""
    of, by, last = known
    asked = offer.terms.get("price")
    offered = _number(offer)
    if offered is not None and act.shares is not None:
        left = max(offered - offer.total, Fraction())
        if offer.total and act.shares > left:
            words = f"{of} is accepted for {counted(str(offer.total))} shares, which leaves"
            words += f" {counted(str(left))}"
            return found(clause, act, "breaches", words, party=act.giver, by=by)
        if act.shares > offered:
            because = f"{of} was for {counted(str(offered))} shares; "
            return _offer_needed(case, clause, act, open_, because)
    elif offer.total:
        words = f"{of} is accepted, and how many shares that leaves is not told"
        return found(clause, act, "cannot be told", words, party=act.giver, by=by)
    if asked is not None:
        least, price = Amount.of(parse_price(asked)), act.price
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


def tag_along(case: Case, clause: Bound, act: Act) -> Iterator[VerdictRow]:
    """Tag-along: the others may sell along, in proportion to what they and the seller hold."""
    giver, number = act.giver, act.shares
    if not is_sale(act) or giver is None or number is None or not concerns(clause, act):
        return
    others = [one for one in beneficiaries(case, clause, act) if one not in (giver, act.taker)]
    if not clause.binds_party(giver, act.share_class) or giver in clause.many("counterparties"):
        return
    issuer = str(act.issuer)
    then = case.then(issuer)
    held = {one: _holding(case, clause, act, one) for one in [giver, *others]}
    held = {one: shares for one, shares in held.items() if shares > 0}
    along = [one for one in others if one in held]
    if not along or giver not in held:
        return
    threshold = clause.text("percent")
    issued = then.base("issued", None)
    part = number / issued * 100 if issued else Fraction()
    if threshold is not None and part < Fraction(threshold):
        words = f"a sale of {percent_text(part)}% is less than {threshold}%"
        measured = percent_text(part, Fraction(threshold))
        yield found(
            clause, act, "permitted", words, party=giver, measured=measured, limit=threshold
        )
        return
    shares = down(parts_of(int(number), held))
    told_to = notified(case, clause, act)
    for one in along:
        yield _tagging(case, clause, act, (one, shares[one], told_to))
    keeps = held[giver] - (number - sum(shares[one] for one in along))
    share = f", {percent_text(keeps / issued * 100)}% of all issued" if issued else ""
    words = f"if they do, {told('party', giver)} sells"
    sells = case.count(act.share_class, number - sum(shares[one] for one in along))
    words += f" {counted(sells)} and keeps {counted(case.count(act.share_class, keeps))}{share}"
    yield found(clause, act, "noted", words, party=giver, shares=sells)


def _holding(case: Case, clause: Bound, act: Act, party: str) -> Fraction:
    """What counts in sharing out a sale: the shares of the class that is sold, or that the clause
    names."""
    of = clause.text("holders_of") if party != act.giver else None
    named_class = of or clause.text("share_class") or act.share_class
    return case.then(issuer_of(str(named_class))).shares(party, "own", named_class)


def notified(case: Case, clause: Bound, act: Act) -> list[Fact]:
    """The notices of a sale that a clause asks for: given under it, or offers to sell along."""
    made = [one.made for one in offers(case.after, clause, ("co-sale",), act.giver) if one.made]
    given = [one for one in notices(case.after, clause) if one.need("by") == act.giver]
    return sorted([*made, *given], key=lambda fact: fact.order)


def _tagging(
    case: Case, clause: Bound, act: Act, one: tuple[str, int, Sequence[Fact]]
) -> VerdictRow:
    party, shares, told_to = one
    may = f"{told('party', party)} may sell {counted(str(shares))} on the same terms"
    waived = [w for w in approvals(case.after, clause, act.fact) if is_by(w, party)]
    if waived:
        words = f"{told('party', party)} waived it"
        return found(clause, act, "permitted", words, party=act.giver, by=waived, of=[party])
    notice = int(clause.text("notice_days") or 0)
    reached = [fact for fact in told_to if not fact.many("to") or party in fact.many("to")]
    reached = [f for f in reached if later_by(f.order[0], notice, "days") <= case.day]
    if reached:
        return found(
            clause, act, "permitted", f"{may}: it was told", party=act.giver, by=reached,
            of=[party], shares=str(shares),
        )  # fmt: skip
    words = f"{may}, and is to be told"
    words += f" {notice} days before: by {days_before(case.day, notice)}" if notice else ""
    return found(
        clause, act, "needs", words, party=act.giver, needs="notice", of=[party],
        shares=str(shares), first=later_by(case.day, notice, "days") if notice else None,
    )  # fmt: skip


def drag_along(case: Case, clause: Bound, act: Act) -> Iterator[VerdictRow]:
    """Drag-along: sellers with enough may require all others to sell on the same terms."""
    if act.fact.type == "offer-made" and act.fact.text("kind") == "drag":
        sellers = {act.fact.need("offeror")}
    elif is_sale(act):
        selling = [one for one in case.acts if is_sale(one) and one.issuer == act.issuer]
        if act is not selling[0]:
            return  # told once of all sellers of the day
        sellers = {str(one.giver) for one in selling}
    else:
        return
    issuer = clause.issuer or act.issuer
    if issuer is None or not concerns(clause, act):
        return
    then, share_class = case.then(issuer), clause.text("share_class")
    base = clause.text("base") or "issued"
    of = then.base(base, share_class)
    if of is None or not of:
        yield found(clause, act, "cannot be told", "what it is measured on is not told")
        return
    has = sum((then.shares(one, "own", share_class) for one in sellers), Fraction())
    limit = Fraction(clause.text("percent") or 0)
    share = has / of * 100
    known: dict[str, Any] = {
        "measured": percent_text(share, limit),
        "limit": clause.text("percent"),
        "base": base,
    }
    who = named(sorted(sellers))
    if share < limit:
        words = f"{who} has {percent_text(share)}%, and {clause.text('percent')}% may require it"
        forced = act.fact.type == "offer-made" or _is_dragged(case, act)
        yield found(clause, act, "breaches" if forced else "noted", words, **known)
        return
    others = [one for one in holders(then, share_class) if one not in (*sellers, act.taker)]
    held = {one: case.count(share_class, then.shares(one, "own", share_class)) for one in others}
    numbers = ", ".join(f"{told('party', one)} {counted(n)}" for one, n in held.items())
    floor = clause.text("price")
    words = f"{who} has {percent_text(share)}% and may require the others to sell: {numbers}"
    words += f"; at no less than {floor}" if floor else ""
    if floor is not None and act.price is not None:
        least = Amount.of(parse_price(floor))
        if act.price.currency == least.currency and act.price.value < least.value:
            low = f"{act.price} is less than {least}, at which others may be required to sell"
            yield found(clause, act, "breaches", low, **known)
            return
    yield found(clause, act, "permitted", words, of=others, **known)


def _is_dragged(case: Case, act: Act) -> bool:
    """Whether a sale is under an offer that requires it."""
    offer = act.fact.text("under")
    made = case.after.about(f"offer:{offer}", types=("offer-made",)).counted if offer else []
    return any(one.text("kind") == "drag" for one in made)
