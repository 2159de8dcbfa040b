"""Ranges: the lowest and highest figures over what is in doubt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import dated, new_ledger, run


def asked(ledger: Path, *words: str) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The rows of a question by holder, and its notes."""
    outcome = run(ledger, *words, "--range", "--format", "json")
    assert outcome.code == 0, outcome.err
    answer = json.loads(outcome.out)
    return {row["holder"]: row for row in answer["rows"]}, answer["notes"]


def shares(row: dict[str, Any]) -> tuple[str, str, str, str]:
    """The range of shares and of the percentage."""
    return row["shares_low"], row["shares_high"], row["percent_low"], row["percent_high"]


def sale(key: str, count: str, on: str, seller: str = "bolt", buyer: str = "fund-one") -> Any:
    """A transfer of acme/common."""
    to = {"transferor": seller, "transferee": buyer, "shares": count}
    return dated("shares-transferred", key=key, share_class="acme/common", **to) | {
        "effective_on": on
    }


HOLDINGS = ("holdings", "acme", "--as-of", "2023-11-10")


def test_without_doubt_the_range_is_the_figure(tmp_path: Path) -> None:
    rows, notes = asked(new_ledger(tmp_path, sale("one", "30", "2023-11-01")), *HOLDINGS)
    assert shares(rows["bolt"]) == ("70", "70", "70.00", "70.00")
    assert not [note for note in notes if note.startswith("The ranges")]


def test_possible_sales_and_a_possible_issue(tmp_path: Path) -> None:
    issue = dated("shares-issued", key="new", share_class="acme/common", holder="fund-two")
    ledger = new_ledger(
        tmp_path,
        sale("one", "30", "2023-11"),
        sale("two", "10", "unknown"),
        issue | {"shares": "100", "effective_on": "2023-H2"},
    )
    rows, notes = asked(ledger, *HOLDINGS)
    assert shares(rows["bolt"]) == ("60", "100", "30.00", "100.00")
    assert shares(rows["fund-one"]) == ("0", "40", "0.00", "40.00")
    assert shares(rows["fund-two"]) == ("0", "100", "0.00", "50.00")
    assert "The ranges hold over every choice among: new, one, two." in notes


def test_a_choice_that_leaves_an_account_below_zero_is_left_out(tmp_path: Path) -> None:
    ledger = new_ledger(
        tmp_path,
        sale("on", "30", "2023-11"),
        sale("further", "20", "2023-11", "fund-one", "fund-two") | {"sequence": "1"},
    )
    rows, _ = asked(ledger, *HOLDINGS)
    assert shares(rows["fund-one"])[:2] == ("0", "30")
    assert shares(rows["fund-two"])[:2] == ("0", "20")


def test_many_doubts_are_added_up_and_that_is_said(tmp_path: Path) -> None:
    sales = [sale(f"s{n}", "1", "2023-11") for n in range(12)]
    rows, notes = asked(new_ledger(tmp_path, *sales), *HOLDINGS)
    assert shares(rows["bolt"]) == ("88", "100", "88.00", "100.00")
    assert any(note.startswith("12 events are in doubt") for note in notes)


def stake(key: str, holder: str, issuer: str = "bolt", **said: str) -> dict[str, Any]:
    """A disclosure of a holding."""
    return dated("stake-disclosed", key=key, issuer=issuer, holder=holder, **said)


def test_disclosures_that_disagree_where_there_is_no_register(tmp_path: Path) -> None:
    issued = {"percent_of": "issued"}
    ledger = new_ledger(
        tmp_path,
        stake("one", "fund-one", percent="15", **issued),
        stake("two", "fund-one", percent="20", **issued),
    )
    rows, _ = asked(ledger, "holdings", "bolt")
    assert shares(rows["fund-one"]) == (None, None, "15", "20")


@pytest.mark.parametrize(("later", "low"), [([], "90"), ([sale("s", "1", "2023-11-09")], "99")])
def test_a_disclosure_widens_the_register_until_a_movement_overtakes_it(
    tmp_path: Path, later: list[Any], low: str
) -> None:
    said = stake("said", "bolt", "acme", shares="90", share_class="acme/common")
    rows, _ = asked(new_ledger(tmp_path, said, *later), *HOLDINGS)
    assert rows["bolt"]["shares_low"] == low


def test_votes_that_may_be_restored_or_capped(tmp_path: Path) -> None:
    ledger = new_ledger(
        tmp_path,
        sale("one", "40", "2023-11-01"),
        dated("voting-cap-agreed", key="cap", issuer="acme", holder="bolt", percent="15")
        | {"effective_on": "2023-11"},
        sale("two", "10", "2023-11"),
    )
    rows, _ = asked(ledger, "votes", "acme", "--as-of", "2023-11-10")
    bolt = rows["bolt"]
    assert (bolt["votes_low"], bolt["votes_high"]) == ("50", "60")
    assert (bolt["after_caps_low"], bolt["after_caps_high"]) == ("15", "60")


def test_a_trust_that_may_be_settled(tmp_path: Path) -> None:
    trust = {"type": "party-registered", "party": "trust-one", "kind": "trust", "name": "T"}
    settled = {"trust": "trust-one", "settlor": "bolt", "beneficiary": "bolt"}
    placed = {"trust": "trust-one", "holder": "bolt", "shares": "60"}
    ledger = new_ledger(
        tmp_path,
        trust,
        dated("trust-settled", key="t", trustee="fund-one", voting="neutral", **settled)
        | {"effective_on": "2023-11"},
        dated("shares-placed-in-trust", key="in", share_class="acme/common", **placed)
        | {"effective_on": "2023-11"},
    )
    rows, notes = asked(ledger, "votes", "acme", "--as-of", "2023-11-10")
    assert (rows["bolt"]["votes_low"], rows["bolt"]["votes_high"]) == ("40", "100")
    assert "trust-one has no certain votes; it may have up to 60." in notes


def test_the_tables_show_the_ranges(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path, sale("one", "30", "2023-11"))
    assert "shares low" in run(ledger, *HOLDINGS, "--range").out
    assert "after caps high" in run(ledger, "votes", "acme", "--range").out
    assert "shares low" not in run(ledger, *HOLDINGS).out
