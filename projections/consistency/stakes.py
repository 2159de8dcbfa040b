"""Checks of stakes that are disclosed of companies without a register."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.time.view import View
from projections.consistency.finding import Finding
from projections.told import told


def no_company_is_its_own_holder(view: View) -> Iterator[Finding]:
    """No company without a register is disclosed to have a part of itself."""
    for fact in view.every(("stake-disclosed",)).certain:
        issuer = fact.need("issuer")
        has_classes = view.about(f"issuer:{issuer}", types=("share-class-created",)).certain
        if fact.need("holder") == issuer and not has_classes:
            what = f"{percent}%" if (percent := fact.text("percent")) else "shares"
            words = f"{told('party', issuer)} is disclosed to have {what} of itself."
            yield Finding(issuer, fact.key, words)
