"""Classes that convert into one another do not go round in a circle."""

from __future__ import annotations

from pathlib import Path

from ledger.values.refusals import Refusal
from tests.helpers import accept, append, assert_refused, lines, new_ledger, stored

CREATED = {
    "type": "share-class-created",
    "share_class": "acme/seed",
    "converts_into": "acme/common",
}
AMENDED = {
    "type": "share-class-amended", "effective_on": "2024-01-01", "standing": "official",
    "share_class": "acme/common", "converts_into": "acme/seed", "converts_at": "1:1",
}  # fmt: skip


def test_terms_that_lead_back_are_refused(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path, CREATED | {"converts_at": "2:1"})
    before = stored(ledger)
    assert_refused(append(ledger, lines(AMENDED)), Refusal.FIELDS_DISAGREE,
                   "acme/common converts into acme/seed converts into acme/common")  # fmt: skip
    assert stored(ledger) == before
    accept(ledger, AMENDED | {"standing": "reported"})


def test_a_chain_that_ends_is_accepted(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path, CREATED | {"converts_at": "2:1"})
    chain = {"type": "share-class-created", "share_class": "acme/series-a",
             "converts_into": "acme/seed", "converts_at": "3:1"}  # fmt: skip
    accept(ledger, chain)


def test_a_correction_that_leads_back_is_refused(tmp_path: Path) -> None:
    other = AMENDED | {"converts_into": "acme/b", "key": "other"}
    ledger = new_ledger(tmp_path, CREATED | {"converts_at": "2:1"}, other)
    change = {"field": "converts_into", "value": "acme/seed"}
    mended = {"type": "event-corrected", "event": "other", "because": "x", "changes": [change]}
    assert_refused(append(ledger, lines(mended)), Refusal.FIELDS_DISAGREE,
                   "acme/common converts into acme/seed converts into acme/common")  # fmt: skip
