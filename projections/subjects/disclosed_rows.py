"""Disclosed rows: positions that no register tells, by the latest disclosure of each holder."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ledger.model.fact import Fact
from ledger.values.dates import in_words
from projections.answer import Answer, exact, percentage, whole
from projections.holding_rows import HoldingRow
from projections.subjects import bases
from projections.subjects.balances import CAPACITIES, class_totals
from projections.subjects.beside import beside, beside_words
from projections.subjects.carried import Carried, carried, carried_words, latest
from projections.subjects.checked_figures import (
    UPPER_BOUNDS,
    agrees_within,
    bands_meet,
    four_places,
    is_point,
)
from projections.subjects.register_at_cut import RegisterAtCut
from projections.subjects.stated import classes_meant
from projections.told import told


def disclosed(
    answer: Answer[HoldingRow], at_cut: RegisterAtCut, digits: int = 2
) -> Iterable[HoldingRow]:
    """The latest disclosure of each holder who has no line in a register."""
    in_part = set[str]()
    for share_class in at_cut.classes:
        found = beside(at_cut, share_class)
        in_part |= {one.by.key for one in found.positions}
        for words in beside_words(at_cut, share_class, found):
            answer.note(words)
    for (_, holder, interest), facts in latest(at_cut).items():
        chosen = max(facts, key=at_cut.view.preference)
        others = [fact for fact in facts if not _says_the_same(fact, chosen)]
        if others:
            keys = ", ".join(told("event", fact.key) for fact in others)
            answer.note(
                f"Sources disagree on what {told('party', holder)} holds in"
                f" {told('party', at_cut.issuer)} {chosen.on}:"
                f" {told('event', chosen.key)} is preferred, {keys} says otherwise."
            )
        now = carried(at_cut, chosen)
        if now.by:
            answer.note(carried_words(at_cut, chosen, now))
        row = _disclosed_row(at_cut, holder, interest, chosen, now, len(others))
        if chosen.key in in_part and now.number is not None:
            issued = bases.issued(at_cut, chosen.text("share_class") or at_cut.capital[0])
            row["percent"], row["percent_of"] = percentage(now.number, issued, digits), "issued"
            row["percent_exact"] = exact(now.number, issued)
        yield row


def _disclosed_row(
    at_cut: RegisterAtCut, holder: str, interest: str, fact: Fact, now: Carried, others: int
) -> HoldingRow:
    percent, upto = fact.percent(), fact.text("percent_to")
    when, share_class = in_words(fact.since, fact.at_latest), fact.text("share_class")
    counted = at_cut.register.digits(share_class) if share_class else at_cut.digits
    row: HoldingRow = {
        "issuer": at_cut.issuer,
        "share_class": share_class,
        "holder": holder,
        "shares": None if now.number is None else whole(now.number, counted),
        "percent": fact.text("percent"),
        "percent_of": fact.text("percent_of"),
        "percent_exact": str(Fraction(percent) / 100) if percent and is_point(fact) else None,
        "basis": "disclosed",
        "basis_detail": f"disclosed {when}, {fact.standing}",
        "capacity": CAPACITIES[interest],
        "trustee": None,
        "title_holder": holder,
        "economic_owner": holder,
        "fraction": "1",
        "voting": None,
        "votes_by": None,
        "disposal_by": None,
        "standing": fact.standing,
        "events": [fact.key, *(one.key for one in now.by)],
        "events_count": 1 + len(now.by),
        "issued": None,
        "outstanding": None,
        "treasury": None,
        "qualifier": fact.data.get("qualifier", "exactly"),
        "disclosed_on": fact.since,
        "at_latest": fact.at_latest,
        "sources": [cited.source for cited in fact.citations],
        "others": others,
    }
    if upto is not None:
        row["percent_to"] = upto
    if classes := classes_meant(at_cut, fact):
        class_totals(at_cut, classes).add_to(row)
    return row


def _says_the_same(one: Fact, other: Fact) -> bool:
    """Whether two disclosures agree on what both say: one may be the other, less precisely."""
    for name in ("shares", "percent", "votes"):
        ours, theirs = one.text(name), other.text(name)
        if ours is None or theirs is None:
            continue
        bases = {one.text("percent_of"), other.text("percent_of")}
        if name == "percent" and len(bases) > 1 and "unstated" not in bases:
            continue
        if name == "percent" and "percent_to" in {*one.data, *other.data}:
            if not bands_meet(one, other):
                return False
            continue
        if ours == theirs and one.text("qualifier") == other.text("qualifier"):
            continue
        if not any(
            agrees_within(printed, Fraction(value), fact.data.get("qualifier", "exactly"))
            for printed, value, fact in ((ours, theirs, one), (theirs, ours, other))
        ):
            return False
    return True


def note_too_much(answer: Answer[HoldingRow], issuer: str, rows: list[HoldingRow]) -> None:
    """Disclosed stakes that cannot all stand together, being more than the whole."""
    for of in ("issued", "outstanding", "votes"):
        least = (r for r in rows if r["percent_of"] == of and r["qualifier"] not in UPPER_BOUNDS)
        stakes = [Fraction(r["percent"]) for r in least if r["percent"]]
        total = sum(stakes, Fraction())
        if total > 100:
            answer.note(
                f"The disclosed stakes in {told('party', issuer)} add up to {four_places(total)}%"
                f" of {of}: they are of different dates, or sources disagree."
            )
