"""Classes of shares that are counted to decimals, from the words of an event to every answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.values.refusals import Refusal
from tests.helpers import accept, append, assert_refused, dated, joined, lines, new_ledger, run

FINE = "bolt/fine"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = new_ledger(tmp_path_factory.mktemp("fractional"))
    created = {"type": "share-class-created", "share_class": FINE, "fraction_digits": "2"}
    accept(made, created | {"key": "fine"})
    accept(
        made,
        dated("shares-issued", share_class=FINE, holder="fund-one", shares="1631424.23"),
        dated("shares-issued", share_class=FINE, holder="fund-two", shares="262810.22", key="two"),
        dated("shares-issued", share_class=FINE, holder="acme", shares="100"),
        dated("dividend-declared", share_class=FINE, per_share="EUR 2", record_on="2023-11-08"),
    )
    return made


def refused(ledger: Path, refusal: Refusal, *said: str, **fields: Any) -> None:
    assert_refused(append(ledger, lines(dated(**fields))), refusal, *said)


def rows(ledger: Path, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run(ledger, *words, "--format", "json").out)["rows"]
    return found


def test_decimals_are_text_in_programs_and_grouped_for_people(ledger: Path) -> None:
    first, *_ = rows(ledger, "holdings", "bolt")
    assert (first["shares"], first["issued"]) == ("1631424.23", "1894334.45")
    assert first["percent_exact"] == "163142423/189433445"
    for question in ("holdings", "votes"):
        told = joined(run(ledger, question, "bolt").out)
        assert "1,631,424.23" in told
        assert "1,894,334.45" in told
        assert "/100" not in told
    assert "1,631,424.23 fine shares" in joined(run(ledger, "timeline", "bolt").out)
    assert "1631424.23," in run(ledger, "holdings", "bolt", "--format", "csv").out


def test_every_answer_has_them(ledger: Path) -> None:
    explained = joined(run(ledger, "explain", "holdings", "bolt", "fund-two", "--full").out)
    assert "262,810.22 / 1,894,334.45" in explained
    assert "/100" not in run(ledger, "explain", "votes", "bolt", "fund-two", "--full").out
    (diluted, *_) = rows(ledger, "diluted", "bolt")
    assert (diluted["diluted"], diluted["percent"]) == ("1631424.23", "86.12")
    (due, *_) = rows(ledger, "dividends", "bolt")
    assert (due["shares"], due["amount"]) == ("1631424.23", "3262848.46")
    assert [row["issued"] for row in rows(ledger, "classes", "bolt") if row["holders"]] == [
        "1894334.45"
    ]
    assert run(ledger, "check").code == 0
    assert "read model  same" in run(ledger, "replay").out


def test_ranges_and_checks_have_them(ledger: Path) -> None:
    accept(ledger, dated("stake-disclosed", share_class=FINE, issuer="bolt", holder="fund-two",
                         shares="262810.21", key="told"))  # fmt: skip
    (low, *_) = rows(ledger, "holdings", "bolt", "--range")
    assert (low["shares_low"], low["shares_high"]) == ("1631424.23", "1631424.23")
    told = joined(run(ledger, "check").out)
    assert "262810.21" in told
    assert "the register 262810.22" in told
    run(ledger, "retract", "told", "--because", "a slip")
    unnamed = dated("stake-disclosed", issuer="fund-one", holder="acme", share_class="fund-one/a")
    accept(ledger, {"type": "share-class-created", "share_class": "fund-one/a",
                    "fraction_digits": "1"}, unnamed | {"shares": "2.5"})  # fmt: skip
    (row,) = rows(ledger, "holdings", "fund-one", "--range")
    assert (row["shares"], row["shares_low"]) == ("2.5", "2.5")


def test_documents_have_them(ledger: Path, tmp_path: Path) -> None:
    page = tmp_path / "members.html"
    assert run(ledger, "print", "members", "bolt", str(page)).code == 0
    assert "1,631,424.23" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ("0.125", '"0.125" has 3 decimals; bolt/fine counts its shares to 2.'),
        ("0.1234567", "is not a number of at most 6 decimals"),
        ("0.00", "is not a number of shares above zero"),
        ("1.", "is not a whole number"),
        (".5", "is not a whole number"),
        ("1e3", "is not a whole number"),
    ],
)
def test_other_decimals_are_refused(ledger: Path, shares: str, said: str) -> None:
    moved = {"type": "shares-issued", "share_class": FINE, "holder": "acme", "shares": shares}
    refused(ledger, Refusal.BAD_NUMBER, said, **moved)


def test_the_shares_of_other_classes_are_whole(ledger: Path) -> None:
    moved = {"share_class": "acme/common", "shares": "1.5"}
    whole = "the shares of acme/common are whole"
    issued = {"type": "shares-issued", "holder": "bolt"}
    refused(ledger, Refusal.BAD_NUMBER, whole, **issued, **moved)
    asserted = {"type": "balance-asserted", "total": "issued"}
    refused(ledger, Refusal.BAD_NUMBER, whole, **asserted, **moved)
    split = {"type": "shares-split", "share_class": "acme/common", "ratio": "1:3"}
    issue = "No fractions of acme/common can be issued"
    refused(ledger, Refusal.FIELDS_DISAGREE, issue, **split, fractions="issue")
    disclosed = {"type": "stake-disclosed", "issuer": "bolt", "holder": "acme", "shares": "1.5"}
    refused(ledger, Refusal.BAD_NUMBER, "no class is named", **disclosed)


@pytest.mark.parametrize(
    ("type_name", "fields", "said"),
    [
        ("pool-reserved", {"issuer": "bolt", "pool": "p", "shares": "5"}, "Pools count whole"),
        (
            "shares-restricted",
            {"restriction": "r", "holder": "acme", "shares": "5", "months": "12"},
            "Restrictions count whole",
        ),
        (
            "offer-made",
            {"offer": "o", "kind": "tender", "offeror": "acme", "price": "EUR 1"},
            "Offers count whole",
        ),
    ],
)
def test_what_counts_whole_shares_is_refused_by_name(
    ledger: Path, type_name: str, fields: dict[str, str], said: str
) -> None:
    event = {"type": type_name, "share_class": FINE, **fields}
    refused(ledger, Refusal.FIELDS_DISAGREE, said, **event)


def test_the_decimals_of_a_class_never_change(ledger: Path) -> None:
    never = "The decimals of the shares of a class never change."
    corrected = run(ledger, "correct", "fine", "--fraction-digits", "3", "--because", "typo")
    assert_refused(corrected, Refusal.FIELDS_DISAGREE, never)
    again = {"type": "share-class-created", "share_class": "acme/b", "fraction_digits": "1"}
    assert_refused(append(ledger, lines(again)), Refusal.FIELDS_DISAGREE, never)


def test_a_correction_keeps_to_them(ledger: Path) -> None:
    wrong = run(ledger, "correct", "two", "--shares", "262810.225", "--because", "typo")
    assert_refused(wrong, Refusal.BAD_NUMBER, "has 3 decimals")
    moved = run(ledger, "correct", "two", "--share-class", "bolt/common", "--because", "typo")
    assert_refused(moved, Refusal.BAD_NUMBER, "the shares of bolt/common are whole")


def test_what_is_left_over_is_refused_unless_it_is_issued(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path)
    accept(ledger, {"type": "share-class-created", "share_class": FINE, "fraction_digits": "1"})
    accept(ledger, dated("shares-issued", share_class=FINE, holder="acme", shares="10.5"))
    split = dated("shares-split", share_class=FINE, ratio="1:4") | {"effective_on": "2023-12-01"}
    left = "acme 1/40 (10.4 of 10.5 divide)"
    assert_refused(
        append(ledger, lines(split)), Refusal.SPLIT_LEAVES_FRACTION, left, "--fractions issue,"
    )
    accept(ledger, split | {"fractions": "issue", "key": "joined"})
    (row,) = rows(ledger, "holdings", "bolt")
    assert row["shares"] == "2.6"
    ((found,),) = (row["fractions"] for row in rows(ledger, "show", "joined"))
    assert (found["exact"], found["shares"], found["fraction"]) == ("2.625", "2.6", "0.025")


def test_all_of_a_class_converts_to_the_last_decimal(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path)
    accept(ledger, {"type": "share-class-created", "share_class": FINE, "fraction_digits": "1"})
    other = {"type": "share-class-created", "share_class": "bolt/b", "fraction_digits": "2"}
    accept(ledger, other, dated("shares-issued", share_class=FINE, holder="acme", shares="10.5"))
    converted = dated("shares-converted", share_class=FINE, into_class="bolt/b", ratio="1:4")
    accept(ledger, converted | {"effective_on": "2023-12-01"})
    found = {row["share_class"]: row["shares"] for row in rows(ledger, "holdings", "bolt")}
    assert found == {"bolt/b": "2.6", FINE: "0.1"}
