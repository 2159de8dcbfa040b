"""What became of fractions, of one register and of several, and who is paid for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import accept, dated, joined, new_ledger, run

ACME, BOLT = "acme/common", "bolt/common"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of Acme, Bolt has 76, Fund One 17 and the treasury 7."""
    since = {"effective_on": "2020-01-02", "share_class": ACME}
    out_of = {"share_class": ACME, "distributed_class": BOLT, "supply": "new"}
    cash = {"fractions": "cash", "fraction_price": "EUR 12"}
    return new_ledger(
        tmp_path_factory.mktemp("fractions"),
        dated("shares-transferred", transferor="bolt", transferee="fund-one", shares="17") | since,
        dated("shares-repurchased", holder="bolt", shares="7") | since,
        dated("shares-distributed", key="spin", ratio="1:3", **out_of, **cash),
        dated("shares-split", key="split", share_class=ACME, ratio="1:3", sequence="2", **cash),
        dated(
            "shares-exchanged",
            key="merger",
            share_class=BOLT,
            into_class=ACME,
            ratio="41917:1000000",
            cash="EUR 1.25",
            sequence="3",
            **cash,
        ),
    )


def shown(ledger: Path, key: str) -> dict[str, tuple[str, str, str | None]]:
    answer: dict[str, Any] = json.loads(run(ledger, "show", key, "--format", "json").out)
    rows = answer["rows"][0]["fractions"]
    return {row["holder"]: (row["exact"], row["shares"], row["cash"]) for row in rows}


def test_a_company_owes_itself_nothing_for_its_fractions(ledger: Path) -> None:
    """76, 17 and 7 in treasury, at 1:3: 25 1/3, 5 2/3 and 2 1/3."""
    assert shown(ledger, "split") == {
        "acme": ("7/3", "2", None),
        "bolt": ("76/3", "25", "EUR 4"),
        "fund-one": ("17/3", "5", "EUR 8"),
    }
    told = joined(run(ledger, "show", "split").out)
    assert "3 holders of common shares of Acme with fractions: 1 1/3 shares ceased" in told
    assert "EUR 12 is due for them" in told


def test_distributions_and_exchanges_tell_their_fractions(ledger: Path) -> None:
    """Bolt's own part of 25 goes to its treasury, which the merger leaves out."""
    assert shown(ledger, "spin") == {
        "bolt": ("76/3", "25", None),
        "fund-one": ("17/3", "5", "EUR 8"),
    }
    assert shown(ledger, "merger") == {"fund-one": ("41917/200000", "0", "EUR 2.51502")}
    assert "left 1 holder of common shares of Acme" in joined(run(ledger, "show", "merger").out)


@pytest.mark.parametrize(("issuer", "events"), [("acme", 2), ("bolt", 1)])
def test_holdings_tell_of_the_fractions_of_their_own_shares(
    ledger: Path, issuer: str, events: int
) -> None:
    told = joined(run(ledger, "holdings", issuer).out)
    assert told.count("with fractions:") == events, told


def test_an_exchange_names_the_issuer_of_what_it_brings(ledger: Path) -> None:
    told = joined(run(ledger, "timeline", "acme").out)
    assert "are exchanged for 41917:1000000 common shares of Acme, for EUR 1.25 a share" in told


def test_a_receipt_names_the_issuer_where_registers_of_several_change(tmp_path: Path) -> None:
    out_of = {"share_class": ACME, "distributed_class": BOLT, "supply": "new"}
    ledger = new_ledger(tmp_path, dated("shares-distributed", ratio="1:1", **out_of))
    sold = {"transferor": "bolt", "transferee": "fund-one", "shares": "40", "share_class": ACME}
    told = joined(
        accept(ledger, dated("shares-transferred", **sold) | {"effective_on": "2021"}).out
    )
    assert "Fund-One, common shares of Acme 0 -> 40" in told
    assert "Fund-One, common shares of Bolt 0 -> 40" in told
