"""Restricted shares: how many of a holder's shares have vested, and how many have not."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import floor

from ledger.model.instruments import RESTRICTIONS
from ledger.time.instruments import folded, of_issuer
from projections.answer import Answer, whole
from projections.holding_rows import HoldingRow
from projections.subjects.register_at_cut import RegisterAtCut
from projections.told import COUNT, Told, told

MOST_NAMED = 5  # holders who are named one by one


def add_vesting(answer: Answer[HoldingRow], at_cut: RegisterAtCut, rows: list[HoldingRow]) -> None:
    """Let rows of restricted shares say how many have vested, and say so in a note."""
    if not _any(at_cut):
        return
    found = of_issuer(at_cut.view, at_cut.issuer)
    answer.add_possible(one for one in found.possible.values() if one.fact.type in RESTRICTIONS)
    unvested = folded(found.bearing()).unvested_shares(at_cut.view.cut.as_of)
    notes = []
    for row in rows:
        number = unvested.get((row["share_class"] or "", row["holder"]), 0)
        if not number or row["basis"] != "register" or row["shares"] is None:
            continue
        shares = Fraction(row["shares"])
        number = min(number, max(0, floor(shares)))
        row["vested"], row["unvested"] = whole(shares - number), str(number)
        notes.append(
            f"{told(COUNT, number)} of {told(COUNT, whole(shares))}"
            f" {told('class', row['share_class'])} of {told('party', row['holder'])} have not"
            " vested; they vote, and may be bought back."
        )
    _tell(answer, notes)


def _tell(answer: Answer[HoldingRow], notes: Iterable[str]) -> None:
    notes = list(notes)
    for note in notes[:MOST_NAMED]:
        answer.note(Told(note))
    if len(notes) > MOST_NAMED:
        answer.note(f"{len(notes) - MOST_NAMED} more holders have shares that have not vested.")


def _any(at_cut: RegisterAtCut) -> bool:
    """Whether any shares of the issuer were ever restricted, or exercised before they vested."""
    about, history = f"issuer:{at_cut.issuer}", at_cut.view.history
    if history.mentioning(about, RESTRICTIONS):
        return True
    if not history.knows("type:instrument-exercised"):
        return False
    exercised = history.mentioning(about, ("instrument-exercised",))
    return any(event.data.get("early") == "yes" for event in exercised)
