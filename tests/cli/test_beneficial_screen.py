"""Who bears gain and loss, as a person reads it."""

from __future__ import annotations

from pathlib import Path

from tests.helpers import dated, joined, new_ledger, party, run


def test_what_is_not_known_has_its_range_beside_it(tmp_path: Path) -> None:
    """Of a discretionary trust each may have nothing or all, and so may nobody who is known."""
    terms = {"settlors": ["bolt"], "trustees": ["fund-two"], "kind": "discretionary"}
    of = [{"party": "bolt"}, {"party": "fund-one"}]
    ledger = new_ledger(
        tmp_path,
        party("pot", kind="trust"),
        dated("trust-settled", trust="pot", beneficiaries=of, **terms),
        dated("shares-placed-in-trust", trust="pot", holder="bolt", share_class="acme/common",
              shares="40"),
    )  # fmt: skip
    told = joined(run(ledger, "holdings", "acme", "--beneficial", COLUMNS="120").out)
    not_known = told.partition("Not known")[2]
    assert "held by Pot, 0 to 40 shares" in not_known
