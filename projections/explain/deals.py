"""A deal, an investment or an offering explained: its steps with the status after each."""

from __future__ import annotations

from decimal import Decimal

from ledger.model.fact import Fact
from ledger.model.threads import OWN_KINDS
from ledger.time.exclusions import Excluded
from ledger.time.view import View
from ledger.values.dates import worded
from ledger.values.quantities import added, less
from projections.answer import Answer, complete
from projections.explain.explanation import Explanation, claims_about, explaining, unused
from projections.rows import Row
from projections.subjects.deals import PARTS, deals, row_of
from projections.subjects.threads import Thread, threads
from projections.told import told

_STATE = (
    "status", "committed", "paid", "amount", "currency", "qualifier", "percent", "expected",
    "since",
)  # fmt: skip


def explain_thread(view: View, kind: str, id: str) -> Explanation:
    """The status of a deal, investment or offering, with its amounts, and what made them so."""
    query = complete(view, deals(view, id))
    figure = [row for row in query.rows if (row["kind"], row["subject"]) == (kind, id)]
    explained = explaining(query, figure)
    found = view.about(f"{kind}:{id}", types=OWN_KINDS[kind].types).certain
    disputed: list[Excluded] = []
    for thread in threads(view, found, kind):
        if thread.id == id:
            _add_steps(explained, view, kind, thread)
            disputed = _disputed(thread)
    if figure:
        for line in _arithmetic(explained, kind, figure[0]):
            explained.reckon(line)
    else:
        explained.note(f"No event at this cut gives the {kind} {id} a status.")
    used = {fact.key for fact in explained.steps}
    left = disputed + unused(view, f"{kind}:{id}", used, lambda fact: _why(fact, kind))
    return explained.finish(view, left + claims_about(view, id))


def _add_steps(explained: Explanation, view: View, kind: str, thread: Thread) -> None:
    for count in range(1, len(thread.steps) + 1):
        row = row_of(Answer(), view, kind, Thread(thread.id, thread.steps[:count], [], view))
        state = {name: row.get(name) for name in _STATE} if row else dict.fromkeys(_STATE)
        explained.add_step(thread.steps[count - 1], _words(state), **state)


def _words(state: Row) -> str:
    if state["status"] is None:
        return "no status yet"
    stated = [name for name in ("committed", "paid") if state[name] is not None]
    words = [str(state["status"])]
    words += [f"{name} {state['currency']} {_grouped(state[name])}" for name in stated]
    if state["amount"] is not None and state["committed"] is None:
        words.append(f"amount {state['currency']} {_grouped(state['amount'])}")
    words += [f"{state['percent']}%"] if state["percent"] is not None else []
    words += [f"expected {worded(state['expected'])}"] if state["expected"] else []
    return ", ".join(words)


def _disputed(thread: Thread) -> list[Excluded]:
    """The steps that contradict their thread, with the step they cannot follow."""
    left = []
    for contradiction in thread.contradictions:
        step, other = contradiction
        if other and contradiction.reported_twice:
            left.append(Excluded(step, "repeats", f"it says again what {other.key} tells"))
            continue
        against = f"{other.key} ({other.standing})" if other else "that nothing had begun"
        left.append(Excluded(step, "set aside", f"it cannot stand with {against}"))
    return left


def _arithmetic(explained: Explanation, kind: str, figure: Row) -> list[str]:
    deciding = explained.rows[0]
    for before, row in zip([None, *explained.rows], explained.rows, strict=False):
        if before is None or row["status"] != before["status"]:
            deciding = row
    event = told("event", deciding["event"])
    lines = [f"status {figure['status']}: since {event} ({deciding['type']})"]
    if kind != "investment":
        return lines
    amount, currency = figure["amount"], figure["currency"]
    stated = [r["event"] for r in explained.rows if r["amount"] == amount]
    if amount is not None and stated:
        words = "committed" if figure["committed"] is not None else "planned"
        lines.append(
            f"{words}: {figure['qualifier']} {currency} {_grouped(amount)}, one statement only"
            f" (first told by {told('event', stated[0])}); statements of one investment do not add"
            " up"
        )
    return lines + _paid(explained, figure)


def _paid(explained: Explanation, figure: Row) -> list[str]:
    payments = [
        money
        for fact in explained.steps
        if fact.type == "investment-paid" and not fact.repeats and (money := fact.money())
    ]
    lines = []
    for currency in dict.fromkeys(money.currency for money in payments):
        amounts = [money.amount for money in payments if money.currency == currency]
        total = _grouped(str(added(amounts)))
        summed = " + ".join(_grouped(str(amount)) for amount in amounts)
        lines.append(f"paid: {currency} {summed} = {currency} {total}")
    if not payments:
        lines.append("paid: no event tells of a payment")
    committed, paid = figure["committed"], figure["paid"]
    if committed is not None and paid is not None:
        open_ = _grouped(str(less(Decimal(committed), Decimal(paid))))
        lines.append(f"committed - paid = {_grouped(committed)} - {_grouped(paid)} = {open_}")
    return lines


def _grouped(amount: str) -> str:
    return f"{Decimal(amount):,f}"


def _why(fact: Fact, kind: str) -> tuple[str, str]:
    """Why a certain event that names the thread is no step of it."""
    for other in PARTS:
        if other != kind and other in fact.data:
            return "no effect", f"it is a step of the {other} {fact.need(other)}"
    return "no effect", f"it does not change the status of the {kind}"
