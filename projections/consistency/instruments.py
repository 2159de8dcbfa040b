"""Checks of instruments: no event uses more than is open, and no pool is exceeded."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor

from ledger.model.register import issuer_of
from ledger.time.instruments import instruments_of
from ledger.time.view import View
from projections.consistency.finding import Finding
from projections.told import COUNT, told

_TYPES = ("instrument-granted", "pool-reserved")


def instruments_within_what_is_open(view: View) -> Iterator[Finding]:
    """No event uses, passes on or ends more of an instrument than is open, or has vested; no pool
    has less than what is granted of it."""
    facts = view.every(_TYPES).certain
    issuers = {f.text("issuer") or issuer_of(f.need("share_class")) for f in facts}
    for issuer in sorted(issuers):
        found = instruments_of(view, issuer)
        for fact, _, wrong, *_ in found.problems:
            kind = "pool" if fact.type == "pool-reserved" else "instrument"
            yield Finding(fact.need(kind), fact.key, wrong)
        for pool in found.pools.values():
            left = found.available(pool)
            if left < 0:
                above = f"{told(COUNT, -floor(left))} shares above what is reserved."
                yield Finding(pool.id, pool.facts[-1].key, f"its grants are {above}")
