"""Totals over time as a person reads them: what is folded is of one day."""

from __future__ import annotations

from pathlib import Path

from tests.helpers import dated, joined, new_ledger, run


def test_holdings_brought_forward_are_of_the_day_on_which_they_are(tmp_path: Path) -> None:
    opened = {"share_class": "acme/b", "holder": "fund-two", "shares": "30"}
    ledger = new_ledger(
        tmp_path,
        dated("register-opened", **opened) | {"effective_on": "2020-06-01"},
        dated("balance-asserted", share_class="acme/b", total="capital", shares="130"),
    )
    told = joined(run(ledger, "votes", "acme", "--totals", COLUMNS="120").out)
    assert "2020-01-01 +100 100" in told
    assert "2020-06-01 +30 130" in told
