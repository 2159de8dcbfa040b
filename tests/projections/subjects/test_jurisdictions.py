"""Jurisdictions: the law of one country is never taken for that of another."""

from __future__ import annotations

import pytest

from projections.subjects.deals import deals
from projections.subjects.jurisdictions import country_of
from tests.projections.subjects.record import COMMON, at, on, opened, record


@pytest.mark.parametrize(
    ("jurisdiction", "country"),
    [
        ("fr", "fr"), ("us-de", "us"), ("de-by", "de"), ("uk", "gb"), ("uk-sct", "gb"),
        ("france", "fr"), ("england-and-wales", "gb"), ("germany", "de"),
        ("denmark", "denmark"), ("delaware", "delaware"), ("french-polynesia", "french-polynesia"),
    ],
)  # fmt: skip
def test_a_jurisdiction_is_of_a_country_by_its_code_or_its_name(
    jurisdiction: str, country: str
) -> None:
    assert country_of(jurisdiction) == country


@pytest.mark.parametrize(
    ("jurisdiction", "due"),
    [("gb", "2021-03-01"), ("england", "2021-03-01"), ("uk", "2021-03-01"), ("gabon", None)],
)
def test_two_months_to_register_a_transfer_are_of_british_law(
    jurisdiction: str, due: str | None
) -> None:
    law = on("2020-01-01", "law", "party-details-changed", party="acme", jurisdiction=jurisdiction)
    of = {"share_class": COMMON, "transferor": "alice", "transferee": "bob", "shares": "1"}
    lodged = on("2021-01-01", "lodged", "transfer-lodged", transfer="deed", **of)
    [row] = deals(at(record(opened("alice", 10), law, lodged))).rows
    assert (row["kind"], row["expected"]) == ("transfer", due)
