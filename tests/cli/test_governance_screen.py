"""Governance as a person reads it."""

from __future__ import annotations

from pathlib import Path

from tests.helpers import dated, joined, new_ledger, run


def test_a_kind_of_clauses_that_is_not_told_is_named(tmp_path: Path) -> None:
    """Clauses of other kinds are told, so that there are none is not what is said."""
    clause = {"clause": "c1", "kind": "standstill", "party": "bolt", "issuer": "acme", "text": "x"}
    of = {"agreement": "pact", "title": "Pact", "parties": ["acme", "bolt"]}
    signed = dated("agreement-signed", clauses=[clause], **of)
    ledger = new_ledger(tmp_path, signed)
    told = joined(run(ledger, "governance", "acme", "--kind", "lock-up").out)
    assert "clauses of kind lock-up of Acme" in told


def test_a_right_to_seats_says_from_when_it_is_to_so_many(tmp_path: Path) -> None:
    """Not that all of them are from the day on which the first was granted."""
    right = {"company": "acme", "party": "bolt"}
    ledger = new_ledger(
        tmp_path,
        dated("board-seat-granted", key="one", **right),
        dated("board-seat-granted", key="two", **right) | {"effective_on": "2024-05-01"},
    )
    told = joined(run(ledger, "governance", "acme").out)
    assert "a right to 2 seats since 2023-11-08, to so many since 2024-05-01." in told
