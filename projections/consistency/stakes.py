"""Checks of stakes that are disclosed of companies without a register."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ledger.time.view import View
from projections.consistency.finding import Finding
from projections.control.flows import total
from projections.control.network import Company, Stake
from projections.subjects.checked_figures import four_places
from projections.subjects.register_at_cut import RegisterAtCut
from projections.told import told


def disclosed_stakes_within_the_whole(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """What holders are disclosed to have of one day, each itself, makes no more than the whole."""
    if at_cut.classes:
        return
    by_day = defaultdict[tuple[str, str], list[Stake]](list)
    for stake in Company(at_cut.view, at_cut.issuer).stakes:
        if stake.interest == "direct" and stake.fact.on is not None:
            by_day[stake.fact.on, stake.of].append(stake)
    for (day, of), stakes in sorted(by_day.items()):
        if total(stake.low for stake in stakes) > 1:
            least = four_places(total(stake.low for stake in stakes) * 100)
            whole = of.replace("-", " ")
            words = f"What is disclosed {day} makes at least {least}% of {whole}."
            yield Finding(at_cut.issuer, stakes[-1].fact.key, words)


def no_company_is_its_own_holder(view: View) -> Iterator[Finding]:
    """No company without a register is disclosed to have a part of itself."""
    for fact in view.every(("stake-disclosed",)).certain:
        issuer = fact.need("issuer")
        has_classes = view.about(f"issuer:{issuer}", types=("share-class-created",)).certain
        if fact.need("holder") == issuer and not has_classes:
            what = f"{percent}%" if (percent := fact.text("percent")) else "shares"
            words = f"{told('party', issuer)} is disclosed to have {what} of itself."
            yield Finding(issuer, fact.key, words)
