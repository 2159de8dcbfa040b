"""Dividends as a person reads them: what is summed is of one kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.helpers import dated, joined, new_ledger, run

OPTIONS = [{"option": "eur", "cash": "EUR 0.5"}, {"option": "usd", "cash": "USD 0.6"}]


def chosen(folder: Path, **terms: Any) -> str:
    """A dividend of which one holder takes dollars, as a person reads it."""
    of: dict[str, Any] = {"share_class": "acme/common", "record_on": "2023-11-20", **terms}
    ledger = new_ledger(
        folder,
        dated("shares-issued", share_class="acme/common", holder="fund-one", shares="40"),
        dated("dividend-declared", dividend="final", options=OPTIONS, **of),
        dated("offer-made", offer="choice", offeror="acme", kind="dividend-choice",
              dividend="final", options=OPTIONS, closes_on="2023-12-20", **of),
        dated("offer-accepted", offer="choice", holder="fund-one", shares="40", option="usd",
              effective_on="2023-11-30"),
    )  # fmt: skip
    outcome = run(ledger, "dividends", "acme", "--as-of", "2023-12-01", COLUMNS="100")
    assert outcome.code == 0, outcome.err
    return joined(outcome.out)


@pytest.mark.parametrize(
    ("terms", "total"),
    [
        ({"default_option": "eur"}, "Total 140 EUR 50 and USD 24"),
        ({}, "Total 140 >= USD 24"),
    ],
)
def test_a_total_is_of_each_currency_and_at_least_what_is_known(
    tmp_path: Path, terms: dict[str, Any], total: str
) -> None:
    """What two currencies are together is no figure, nor is what one gets who chose nothing."""
    assert total in chosen(tmp_path, **terms)
