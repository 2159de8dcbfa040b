"""Investments: what is committed, paid, released and open, each change kept."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TypedDict

from ledger.model.fact import Fact
from ledger.model.threads import OWN_KINDS
from ledger.values.quantities import added, less, plain
from projections.answer import Answer
from projections.rows import DealRow
from projections.subjects.thread_rows import deal_of, set_since, thread_row
from projections.subjects.threads import Thread
from projections.told import ANY, Told, told

STATUSES = OWN_KINDS["investment"].statuses


class Totals(TypedDict):
    """The amounts of an investment."""

    amount: str | None
    currency: str | None
    qualifier: str | None
    committed: str | None
    paid: str | None
    stated: Fact | None


def investment_row(answer: Answer[DealRow], thread: Thread) -> DealRow:
    """The row of an investment: its newest terms, what was paid and what is released of them."""
    paid = thread.last("investment-paid")
    bound = thread.last("investment-committed", "investment-confirmed")
    deciding = bound or thread.last("investment-planned") or thread.steps[-1]
    totals = _totals(answer, thread)
    releases = _releases(thread, totals)
    released = _amount_released(releases, totals)
    owed = less(Decimal(totals["committed"] or 0), released)
    whole = any(release.money() is None for release in releases)
    settled = bool(released) and owed <= Decimal(totals["paid"] or 0)
    if whole or (settled and (paid is None or releases[-1].order > paid.order)):
        deciding = releases[-1]
    status = STATUSES[deciding.type]
    if paid is not None and status != "released" and Decimal(totals["paid"] or 0) >= owed:
        deciding, status = paid, "paid"
    meant = thread.preferred("investor")
    row = thread_row(deal_of(thread), "investment", thread.id, thread.steps, status)
    first = thread.first("investment-" + status) or deciding
    if status == "paid":
        first = deciding = _completing(thread, totals, released)
    elif status == "released":
        first = deciding
    row |= {
        "amount": totals["amount"],
        "currency": totals["currency"],
        "qualifier": totals["qualifier"],
        "committed": totals["committed"],
        "paid": totals["paid"],
    }
    if released and totals["committed"] is not None:
        row["released"] = plain(released)
        row["owed"] = _owed(row, whole)
    set_since(row, first)
    row["standing"] = deciding.standing
    row["party"] = meant.text("investor") if meant else None
    row["investee"] = meant.text("investee") if meant else None
    _add_stake(answer, row, thread, bound)
    row["announcements"] = len(thread.steps)
    row["terms"] = _terms(row)
    within = thread.last("investment-committed")
    if within is not None and within.text("within"):
        row["within"] = within.text("within")
    if row["amount"] is None:
        answer.note(no_amount_note(thread.id))
    if totals["paid"] is None and status in ("committed", "released"):
        answer.note(unpaid_note(thread.id))
    return row


def _releases(thread: Thread, totals: Totals) -> list[Fact]:
    """The releases from the newest terms, for what was released before is not in these."""
    stated = totals["stated"]
    return [
        step
        for step in thread.steps
        if step.type == "investment-released"
        and not step.repeats
        and (stated is None or step.order > stated.order)
    ]


def _amount_released(releases: list[Fact], totals: Totals) -> Decimal:
    """How much is released where it is said, in the currency of the commitment."""
    money = [release.money() for release in releases]
    return added(m.amount for m in money if m and m.currency == totals["currency"])


def _owed(row: DealRow, whole: bool) -> str:
    """What is still owed: committed, less what is released and what is paid."""
    left = less(Decimal(row.get("committed") or 0), Decimal(row.get("released") or 0))
    return "0" if whole else plain(max(less(left, Decimal(row.get("paid") or 0)), Decimal()))


def still_open(row: DealRow) -> Decimal:
    """What an investment that is committed still owes."""
    if row["status"] != "committed" or row.get("committed") is None:
        return Decimal()
    return Decimal(row.get("owed") or _owed(row, whole=False))


def note_sums(answer: Answer[DealRow]) -> None:
    """Note of each deal with several commitments what they sum up to, those within others once."""
    sums: dict[tuple[str, str], list[DealRow]] = {}
    for row in answer.rows:
        of = row["deal"], row["currency"]
        if row["kind"] == "investment" and of[0] and of[1] and still_open(row):
            sums.setdefault((of[0], of[1]), []).append(row)
    for (deal, currency), rows in sums.items():
        known = {row["subject"] for row in rows}
        counted = [row for row in rows if row.get("within") not in known]
        total = plain(added(map(still_open, counted)))
        inside = f", {len(rows) - len(counted)} within others" if len(counted) < len(rows) else ""
        if len(rows) > 1:
            answer.note(
                f"Committed to {told(ANY, deal)} and open: {told('money', f'{currency} {total}')}"
                f" ({len(rows)} investments{inside})."
            )


def _add_stake(answer: Answer[DealRow], row: DealRow, thread: Thread, bound: Fact | None) -> None:
    """The percentage, which belongs to the step that states it: a plan's is not a commitment's."""
    of = told(ANY, thread.id)
    committed = [s for s in thread.steps if s.type == "investment-committed"]
    stating = committed if bound is not None and committed else thread.steps
    types = tuple({step.type for step in stating})
    stake = thread.preferred("percent", *types)
    row["percent"] = stake.text("percent") if stake else None
    row["percent_qualifier"] = stake.data.get("percent_qualifier", "exactly") if stake else None
    if stake:
        stated = [step for step in _not_amended(stating) if step.text("percent")]
        _note_others(answer, f"the percentage of {of}", _stake(stake), stated, _stake)
    elif (plan := thread.preferred("percent")) is not None:
        event = told("event", plan.key)
        answer.note(f"{event} ({plan.type}) told of {_stake(plan)}; no commitment to {of} does.")


def _not_amended(steps: list[Fact]) -> list[Fact]:
    """The steps without those that a later commitment of the same investor and standing changes."""
    bound = [step for step in steps if step.type == "investment-committed"]

    def changed(step: Fact) -> bool:
        return any(
            later.standing == step.standing
            and later.text("investor") == step.data.get("investor", later.text("investor"))
            and later.order[0] > step.order[0]
            for later in bound
        )

    return [step for step in steps if not changed(step)]


def _completing(thread: Thread, totals: Totals, released: Decimal) -> Fact:
    """The payment with which as much as is committed was paid."""
    paid, payments = Decimal(), [s for s in thread.steps if s.type == "investment-paid"]
    for payment in payments:
        money = None if payment.repeats else payment.money()
        if money is not None and money.currency == totals["currency"]:
            paid = added((paid, money.amount))
        if paid >= less(Decimal(totals["committed"] or 0), released):
            return payment
    return payments[-1]


def _terms(row: DealRow) -> str | None:
    """What is put in for what, in words: ``at most EUR 600,000,000, 15%``."""
    amount = ""
    if row["amount"]:
        amount = f"{row['qualifier']} {row['currency']} {Decimal(row['amount']):,f}"
    stake = f"{row['percent_qualifier']} {row['percent']}%" if row["percent"] else ""
    words = ", ".join(filter(None, (amount, stake))).replace("exactly ", "")
    return words.replace("at-most", "at most").replace("at-least", "at least") or None


def _totals(answer: Answer[DealRow], thread: Thread) -> Totals:
    """The amounts of an investment: the preferred statement counts, payments add up."""
    stated = thread.preferred("amount", "investment-committed", "investment-confirmed")
    stated = stated or thread.preferred("amount", "investment-considered", "investment-planned")
    payments = [s for s in thread.steps if s.type == "investment-paid" and not s.repeats]
    sums: dict[str, Decimal] = {}
    for payment in payments:
        money = payment.money()
        if money is not None:
            sums[money.currency] = added((sums.get(money.currency, Decimal()), money.amount))
        else:
            answer.note(f"Not known: {told('event', payment.key)} gives no amount for the payment.")
    money = stated.money() if stated else None
    _note_other_amounts(answer, thread, stated)
    committed = money if stated and stated.type.endswith(("committed", "confirmed")) else None
    paid = sums.get(money.currency) if money else next(iter(sums.values()), None)
    currency = money.currency if money else next(iter(sums), None)
    for other in (one for one in sums if one != currency):
        of, money_too = told(ANY, thread.id), told("money", f"{other} {plain(sums[other])}")
        answer.note(f"{of}: {money_too} was paid as well.")
    return {
        "amount": money.number if money else None,
        "currency": currency,
        "qualifier": stated.data.get("qualifier", "exactly") if stated else None,
        "committed": committed.number if committed else None,
        "paid": plain(paid) if paid is not None else None,
        "stated": stated,
    }


def _note_other_amounts(answer: Answer[DealRow], thread: Thread, stated: Fact | None) -> None:
    """One note for the amounts that differ from the preferred one, each with who says it."""
    if stated is None:
        return
    types = ("investment-committed", "investment-confirmed")
    steps = _not_amended([step for step in thread.steps if step.type in types])
    steps = [step for step in steps if step.text("amount")]
    of = told(ANY, thread.id)
    _note_others(answer, f"the amount of {of}", _amount(stated), steps, _amount)


def _note_others(
    answer: Answer[DealRow], what: str, first: str, steps: list[Fact], words: Callable[[Fact], str]
) -> None:
    stated: dict[str, list[str]] = {first: []}
    for step in steps:
        stated.setdefault(words(step), []).append(step.key)
    if len(stated) > 1:
        listed = "; ".join(
            f"{value} ({', '.join(told('event', key) for key in sorted(who))})"
            for value, who in stated.items()
        )
        answer.note(f"Sources differ on {what}: {listed}.")


def _stake(step: Fact) -> str:
    how = told("words", step.data.get("percent_qualifier", "exactly"))
    return f"{how} {step.need('percent')}%"


def _amount(step: Fact) -> str:
    qualifier = told("words", step.data.get("qualifier", "exactly"))
    return f"{qualifier} {told('money', step.need('amount'))}"


def no_amount_note(investment: str) -> Told:
    """That nothing tells how much is to be put in."""
    of = told(ANY, investment)
    return Told(f"Not known: no event at this cut gives an amount for {of}.")


def unpaid_note(investment: str) -> Told:
    """That nothing tells of a payment."""
    into = told(ANY, investment)
    return Told(f"No event at this cut tells that any money was paid into {into}.")
