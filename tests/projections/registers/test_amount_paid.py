"""The register of members has what is paid on each member's shares, where that is told."""

from __future__ import annotations

from ledger.time.log import Log
from ledger.time.view import View
from projections.registers.members import members
from tests.histories import COMMON, WORLD, Draft, history


def test_a_member_has_what_is_paid_on_its_shares_and_what_is_not() -> None:
    dated = {"effective_on": "2020-02-01", "standing": "official"}
    more: list[Draft] = [
        ("shares-issued", "partly", {
            "share_class": COMMON, "holder": "acme-trust", "shares": "20", "price": "EUR 5",
            "paid_per_share": "EUR 2", **dated,
        }),
    ]  # fmt: skip
    document = members(View(Log(history([*WORLD, *more]))), "acme", "none")
    common = next(t for t in document.tables if t.title == "Common shares")
    paid = {row[1]: row[8] for row in common.rows}
    assert paid["Acme-Trust"] == "EUR 2 each on 20; EUR 60 unpaid"
    assert paid["Alice"] is None


def test_what_passes_to_another_id_of_its_holder_is_paid_as_it_was() -> None:
    dated = {"effective_on": "2020-02-01", "standing": "official", "share_class": COMMON}
    alix: Draft = "party-registered", "alix", {"party": "alix", "kind": "other", "name": "Alix"}
    more: list[Draft] = [
        ("shares-issued", "partly", dated | {
            "holder": "acme-trust", "shares": "20", "price": "EUR 5", "paid_per_share": "EUR 2",
        }),
        ("shares-transferred", "on", dated | {
            "transferor": "acme-trust", "transferee": "alix", "shares": "20",
        }),
        ("parties-identified", "one", {
            "party": "alix", "same_as": "acme-trust", "because": "one", "known_on": "2020-03-01",
        }),
    ]  # fmt: skip
    events = history([alix, *WORLD, *more])
    assert events[-1].key == "one"
    document = members(View(Log(events)), "acme", "none")
    common = next(t for t in document.tables if t.title == "Common shares")
    assert [row[8] for row in common.rows if row[8]] == ["EUR 2 each on 20; EUR 60 unpaid"]
