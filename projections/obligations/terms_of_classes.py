"""Consents that a class carries: what may not be done without its holders."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.time.class_terms import class_terms
from ledger.values.quantities import parse_limit
from ledger.values.refusals import Refused
from projections.obligation_rows import VerdictRow
from projections.obligations.acts import Act
from projections.obligations.binding import Bound
from projections.obligations.case import Case
from projections.obligations.clause_rules import said_of


def class_consents(case: Case, act: Act) -> Iterator[VerdictRow]:
    """What the terms of the classes of an issuer say of an event of a type that they name."""
    for issuer in sorted(act.issuers):
        terms = class_terms(case.after, issuer)
        for share_class in terms.created:
            one = terms.of(share_class)
            for consent in one.told.get("consents", ()):
                if consent["matter"] != act.fact.type or act.fact is one.created:
                    continue
                by = one.by["consents"]
                limits = {"above": consent["limits"]} if _is_limit(consent.get("limits")) else {}
                asked = {
                    "clause": consent["matter"], "kind": "consent", "issuer": issuer,
                    "consent_of_class": share_class, "events": (act.fact.type,),
                    "text": consent.get("limits") or "", **limits,
                }  # fmt: skip
                bound = Bound("", asked, (by,), by, ())
                for row in said_of(case, bound, act):
                    row |= {"agreement": None, "clause": None}
                    yield row


def _is_limit(text: str | None) -> bool:
    """Whether the limits of a consent are a number that can be compared."""
    try:
        return text is not None and parse_limit(text) is not None
    except Refused:
        return False
