"""A holding explained: its movements with the running balance, or the disclosure chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ledger.model.across import received_class, written
from ledger.model.fact import Fact
from ledger.model.movements import ACROSS, MOVEMENTS
from ledger.model.register import Reshaped, issuer_of
from ledger.time.exclusions import Excluded
from ledger.time.view import View
from projections.answer import complete, percentage, whole
from projections.control.members import members
from projections.explain.across import counted_fields, counted_words
from projections.explain.explanation import (
    Explanation,
    claims_about,
    division,
    explaining,
    number,
    plans,
    signed,
    unused,
)
from projections.explain.steps import Walk, add_trusts, disclosure_words, excluded_trusts
from projections.rows import Row
from projections.share_rows import CountedFields
from projections.subjects import bases
from projections.subjects.carried import carried, carried_words
from projections.subjects.fractions import fraction_of
from projections.subjects.holdings import holdings
from projections.subjects.register_at_cut import CHECKS
from projections.told import told

_WORDS = ("share", "stake", "holding", "owner", "capital")
MOST_TERMS = 12


def explain_holdings(view: View, holder: str, issuer: str, digits: int = 2) -> Explanation:
    """What a holder holds in an issuer, in its own name and through trusts, and why."""
    holder, issuer = view.identities.of(holder), view.identities.of(issuer)
    query = complete(view, holdings(view, issuer, holder, digits, members=members))
    explained = explaining(query, query.rows)
    balances = _Balances(explained, holder, digits)
    walk = Walk(view, issuer, balances.after).to_cut()
    add_trusts(explained, walk, walk.accounts_of(holder))
    spoken = _add_disclosures(explained, walk, holder)
    explained.in_order()
    for row in query.rows:
        for line in _arithmetic(explained, row, view):
            explained.reckon(line)
    if explained.rows and not query.rows:
        whose, of = told("party", holder), told("party", issuer)
        explained.note(f"The movements leave {whose} no shares of {of} at this cut.")
    used = {fact.key for fact in explained.steps}
    own = [account or issuer for account in walk.accounts_of(holder)]
    whole = balances.whole(query.rows)
    left = spoken + unused(view, f"issuer:{issuer}", used, lambda fact: _why(fact, own, whole))
    left += excluded_trusts(view, explained, holder)
    left += plans(view, issuer, holder) + claims_about(view, issuer, _WORDS)
    return explained.finish(view, left + claims_about(view, holder, _WORDS))


class _Balances:
    """Writes a step for each event that changes a holder's balances or their percentages."""

    def __init__(self, explained: Explanation, holder: str, digits: int) -> None:
        self._explained, self._holder, self._digits = explained, holder, digits
        self._before: dict[tuple[str, str], Fraction] = {}
        self._issued: dict[str, Fraction] = {}
        self._whole: dict[tuple[str, str], str] = {}

    def after(self, walk: Walk, fact: Fact) -> None:
        """Look at the register after a fact."""
        if fact.type in CHECKS:
            return
        classes = [fact.need("share_class"), fact.text("into_class")]
        if fact.type in ACROSS:
            classes = [c for c in sorted(written(fact)) if issuer_of(c) == walk.issuer]
        for share_class in dict.fromkeys(c for c in classes if c):
            issued = bases.issued(walk, share_class)
            if issued != self._issued.get(share_class, Fraction()):
                digits, of = walk.register.digits(share_class), told("class", share_class)
                self._whole[fact.key, share_class] = (
                    f"by it {number(issued, digits)} {of} are issued"
                )
            for account in walk.accounts_of(self._holder):
                self._look(walk, fact, share_class, account, issued)
            self._issued[share_class] = issued

    def whole(self, rows: Sequence[Row]) -> dict[str, str]:
        """What the shares issued became of the classes of some rows, by the keys of the events."""
        classes = {row["share_class"] for row in rows}
        return {key: said for (key, of), said in self._whole.items() if of in classes}

    def _look(
        self, walk: Walk, fact: Fact, share_class: str, account: str, issued: Fraction
    ) -> None:
        pair = share_class, account
        before = self._before.get(pair, Fraction())
        balance = walk.register.shares(share_class, account)
        self._before[pair] = balance
        named = fact in walk.made_of.get(pair, [])[-1:]
        diluted = bool(balance) and issued != self._issued.get(share_class)
        if not (named or diluted or balance != before):
            return
        digits = walk.register.digits(share_class)
        name, percent = account or walk.issuer, percentage(balance, issued, self._digits)
        moved = f"{signed(balance - before, digits)} =" if balance != before else "stays at"
        of = f"{number(issued, digits)} {told('class', share_class)}" + (
            f", {percent}%" if percent else ""
        )
        state = f"{told('party', name)} {moved} {number(balance, digits)} of {of}"
        fields: CountedFields = {}
        if fact.type in ACROSS:
            received = received_class(fact) == share_class
            fields = counted_fields(walk.view, fact, name, received)
            for line in counted_words(walk.view, fact, name, share_class):
                self._explained.reckon(line)
        elif reshaped := self._reshaped(walk, fact, share_class):
            fields = fraction_of(reshaped, account)
            state += f" ({words})" if (words := fields.get("rounding")) else ""
        self._explained.add_step(
            fact,
            state,
            share_class=share_class,
            holder=name,
            delta=whole(balance - before, digits),
            balance=whole(balance, digits),
            issued=whole(issued, digits),
            percent=percent,
            **fields,
        )

    def _reshaped(self, walk: Walk, fact: Fact, share_class: str) -> Reshaped | None:
        last = walk.register.reshaped[-1:]
        return next((one for one in last if (one.fact, one.into) == (fact, share_class)), None)


def _add_disclosures(explained: Explanation, walk: Walk, holder: str) -> list[Excluded]:
    """A step for each disclosure carried forward, with the one chosen after it; the rest."""
    latest: dict[tuple[str | None, str], list[Fact]] = {}
    spoken: list[Fact] = []
    for fact in walk.disclosures:
        share_class = fact.text("share_class")
        if fact.need("holder") != holder or walk.tells_position(fact):
            continue
        facts = latest.setdefault((share_class, str(fact.data.get("interest", "direct"))), [])
        if facts and facts[-1].order[0] != fact.order[0]:
            facts.clear()
        facts.append(fact)
        spoken.append(fact)
        chosen = max(facts, key=walk.view.preference)
        words = "" if chosen is fact else f", but {told('event', chosen.key)} is preferred"
        state = f"{told('party', holder)} is disclosed at {disclosure_words(fact)}{words}"
        explained.add_step(fact, state, holder=holder, chosen=chosen.key)
    last = [max(facts, key=walk.view.preference) for facts in latest.values()]
    for one in last:
        now = carried(walk, one)
        for fact in now.by:
            explained.add_step(fact, carried_words(walk, one, now), holder=holder, chosen=one.key)
    chosen_last = {fact.key for fact in last}
    chosen_keys = ", ".join(told("event", key) for key in sorted(chosen_last))
    why = f"{chosen_keys} is carried forward instead"
    return [Excluded(fact, "superseded", why) for fact in spoken if fact.key not in chosen_last]


def _arithmetic(explained: Explanation, row: Row, view: View) -> list[str]:
    name, share_class = row["holder"], row["share_class"]
    holder, of = told("party", name), told("class", share_class)
    if row["basis"] == "disclosed":
        key, *since = (told("event", one) for one in row["events"])
        what = "nothing is computed" if not since else f"multiplied by {', '.join(since)}"
        lines = [f"{holder}: as printed in {key}, carried forward; {what}."]
        if row["percent_exact"]:
            lines.append(f"{holder}: {row['percent']} / 100 = {row['percent_exact']}")
        return lines
    own = [
        Fraction(step["delta"] or 0)
        for step in explained.rows
        if (step["holder"], step.get("share_class")) == (name, share_class)
    ]
    changes = [change for change in own if change]
    shares, issued = Fraction(row["shares"]), Fraction(row["issued"])
    digits = view.across.digits(share_class)
    summed = " ".join(signed(one, digits) for one in changes).removeprefix("+ ")
    if len(changes) > MOST_TERMS:
        summed = f"the sum of {len(changes)} changes"
    treasury, outstanding = Fraction(row["treasury"]), Fraction(row["outstanding"])
    return [
        f"{holder}, {of}: {summed} = {number(shares, digits)}",
        f"{of} issued: outstanding {number(outstanding, digits)} + treasury"
        f" {number(treasury, digits)}"
        f" = {number(issued, digits)}",
        f"{holder}, {of}: {division(shares, issued, row['percent'], digits)}",
    ]


def _why(fact: Fact, own: list[str], whole: Mapping[str, str]) -> tuple[str, str]:
    """Why a certain event about the issuer is no step."""
    if fact.type in CHECKS:
        if fact.text("holder") in (None, *own):
            return "checked only", "the register is counted; this is only compared with it"
        return "of others", f"it speaks of what {told('party', fact.need('holder'))} holds"
    if fact.key in whole:
        return "of the whole", whole[fact.key]
    if fact.type in MOVEMENTS:
        return "of others", "by it neither this balance nor the number of issued shares changes"
    return "no effect", "it moves no shares"
