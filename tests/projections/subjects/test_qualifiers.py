"""Doubt is told: qualifiers, speakers and remarks reach whoever reads an answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import accept, dated, new_ledger, run

STAFF = {"subject": "acme", "attribute": "staff", "value": "10000", "unit": "people"}
IN_BOLT = {"investment": "in-bolt", "investor": "acme", "investee": "bolt"}

# an event, and the words in which it is told
MOST_LISTED: dict[str, tuple[dict[str, Any], str]] = {
    "about": (
        dated("claim-recorded", **STAFF, qualifier="about"),
        "acme: staff is said to be about 10000 people",
    ),
    "exactly": (dated("claim-recorded", **STAFF), "acme: staff is said to be 10000 people"),
    "a commitment's limits": (
        dated("investment-committed", **IN_BOLT, amount="EUR 600", qualifier="at-most")
        | {"percent": "15", "percent_qualifier": "about"},
        "acme commits to invest at most EUR 600 in bolt, for about 15%",
    ),
    "a plan's percentage": (
        dated("investment-planned", **IN_BOLT, percent="15", percent_qualifier="at-most"),
        "acme plans to invest in bolt, for at most 15%",
    ),
    "a disclosure's": (
        dated("stake-disclosed", issuer="bolt", holder="acme", percent="50", percent_of="issued")
        | {"qualifier": "at-least"},
        "acme is disclosed to hold at least 50% of the issued shares of bolt",
    ),
    "who speaks": (
        dated("statement-made", deal="merger", speaker="acme", statement="all is well"),
        "A statement is made for acme on merger: all is well",
    ),
    "nobody known to speak": (
        dated("statement-made", deal="merger", statement="all is well"),
        "A statement is made on merger: all is well",
    ),
    "where": (
        dated("project-announced", project="vans", title="shared vans", parties=["acme", "bolt"])
        | {"place": "Europe"},
        "acme and bolt announce a project, Europe: shared vans",
    ),
}


@pytest.mark.parametrize(("event", "words"), MOST_LISTED.values(), ids=MOST_LISTED)
def test_an_event_is_told_with_its_doubt(tmp_path: Path, event: dict[str, Any], words: str) -> None:
    ledger = new_ledger(tmp_path, event | {"key": "told"})
    (row,) = json.loads(run(ledger, "show", "told", "--format", "json").out)["rows"]
    assert row["what"] == words


def test_a_table_of_claims_shows_qualifier_unit_and_remark(tmp_path: Path) -> None:
    claim = dated("claim-recorded", **STAFF, qualifier="about", note="seen on a poster")
    ledger = new_ledger(tmp_path, claim)
    (line,) = (text for text in run(ledger, "claims", "acme").out.splitlines() if "staff" in text)
    assert "about 10,000 people" in line
    assert line.endswith("seen on a poster")


def test_a_table_of_deals_shows_what_a_project_is(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path)
    accept(ledger, MOST_LISTED["where"][0])
    assert "Shared vans" in run(ledger, "deals").out


def test_a_source_cited_twice_is_named_once_in_a_table(tmp_path: Path) -> None:
    source = {"type": "source-registered", "source": "poster", "title": "A poster", "key": "poster"}
    source |= {"kind": "other", "publisher": "Acme plc", "published_on": "2023-11-09"}
    places = [{"source": "poster", "locator": place} for place in ("top", "bottom")]
    ledger = new_ledger(tmp_path, source, dated("claim-recorded", **STAFF, citations=places))
    assert run(ledger, "claims", "acme").out.count("Acme plc, 2023-11-09") == 1
