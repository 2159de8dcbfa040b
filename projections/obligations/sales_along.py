"""Clauses on who else sells when somebody does: tag-along and drag-along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from ledger.model.allocation import down, parts_of
from ledger.model.fact import Fact
from ledger.model.register import issuer_of
from ledger.values.dates import days_before, later_by
from projections.obligation_rows import VerdictRow
from projections.obligations.acts import Act
from projections.obligations.binding import Bound
from projections.obligations.case import Case, concerns, counted, found, holders, named
from projections.obligations.figures import percent_text
from projections.obligations.record import approvals, is_by, notices, offers
from projections.obligations.transfers import beneficiaries, is_sale
from projections.told import told


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
        alike = (one for one in case.standing_acts if is_sale(one) and one.issuer == act.issuer)
        selling = [one for one in alike if concerns(clause, one)]
        if act not in selling[:1]:
            return  # told once of all sellers of the day
        sellers = {str(one.giver) for one in selling}
    else:
        return
    issuer = clause.issuer or act.issuer
    forced = act.fact.type == "offer-made" or _is_dragged(case, act)
    if issuer is None or not concerns(clause, act):
        return
    if clause.bound and not sellers & {*clause.bound} and not forced:
        return
    then, share_class = case.then(issuer), clause.text("share_class")
    base = clause.text("base") or "issued"
    of = then.base(base, share_class)
    each = [has for one in sellers if (has := then.has(base, one, "own", share_class)) is not None]
    if not of or len(each) < len(sellers):
        yield found(clause, act, "cannot be told", "what it is measured on is not told")
        return
    has = sum(each, Fraction())
    limit = Fraction(clause.text("percent") or 0)
    share = has / of * 100
    known: dict[str, Any] = {
        "measured": percent_text(share, limit),
        "limit": clause.text("percent"),
        "base": base,
        "party": min(sellers),
    }
    who = named(sorted(sellers))
    if share < limit:
        words = f"{who} has {percent_text(share)}%, and {clause.text('percent')}% may require it"
        yield found(clause, act, "breaches" if forced else "noted", words, **known)
        return
    others = [one for one in holders(then, share_class) if one not in (*sellers, act.taker)]
    held = {one: case.count(share_class, then.shares(one, "own", share_class)) for one in others}
    numbers = ", ".join(f"{told('party', one)} {counted(n)}" for one, n in held.items())
    floor = clause.price
    words = f"{who} has {percent_text(share)}% and may require the others to sell: {numbers}"
    words += f"; at no less than {floor}" if floor else ""
    if floor and act.price and floor.currency == act.price.currency and act.price < floor:
        low = f"{act.price} is less than {floor}, at which others may be required to sell"
        yield found(clause, act, "breaches", low, **known)
        return
    yield found(clause, act, "permitted", words, of=others, **known)


def _is_dragged(case: Case, act: Act) -> bool:
    """Whether a sale is under an offer that requires it."""
    offer = act.fact.text("under")
    made = case.after.about(f"offer:{offer}", types=("offer-made",)).counted if offer else []
    return any(one.text("kind") == "drag" for one in made)
