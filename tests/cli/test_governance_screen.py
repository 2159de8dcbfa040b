"""Governance as a person reads it."""

from __future__ import annotations

from pathlib import Path

from tests.helpers import dated, joined, new_ledger, run


def test_a_kind_of_clauses_that_is_not_told_is_named(tmp_path: Path) -> None:
    """Clauses of other kinds are told, so that there are none is not what is said."""
    clause = {"clause": "c1", "kind": "standstill", "party": "bolt", "issuer": "acme"}
    signed = dated("agreement-signed", agreement="pact", parties=["acme", "bolt"], clauses=[clause])
    ledger = new_ledger(tmp_path, signed)
    told = joined(run(ledger, "governance", "acme", "--kind", "lock-up").out)
    assert "clauses of kind lock-up of Acme" in told
