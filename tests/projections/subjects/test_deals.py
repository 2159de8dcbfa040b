"""Deals: what is not known is said, and one event is known on one date wherever it is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.helpers import dated, new_ledger, run

PRESS = {"type": "source-registered", "source": "press", "title": "Report", "kind": "press",
         "publisher": "Press", "published_on": "2024-03"}  # fmt: skip


def rows(path: Path, *words: str) -> list[dict[str, Any]]:
    """The rows of an answer."""
    outcome = run(path, *words, "--format", "json")
    assert outcome.code == 0, outcome.err
    found: list[dict[str, Any]] = json.loads(outcome.out)["rows"]
    return found


def test_talks_say_when_they_were_last_heard_of(tmp_path: Path) -> None:
    talks = {"deal": "merger", "standing": "official"}
    path = new_ledger(
        tmp_path,
        dated("negotiation-opened", parties=["acme", "bolt"], about="a merger", **talks),
        dated("statement-made", speaker="acme", statement="they go on", **talks)
        | {"effective_on": "2024-01-15"},
    )
    (row,) = rows(path, "deals", "merger", "--as-of", "2026-11-01")
    assert (row["status"], row["since"], row["last_heard"]) == (
        "negotiating", "2023-11-08", "2024-01-15",
    )  # fmt: skip
    for question in ("deals", "pending"):
        table = run(path, question, "--as-of", "2026-11-01").out
        assert "last told" in table
        assert "2024-01-15" in table


def test_silence_does_not_say_that_something_failed(tmp_path: Path) -> None:
    path = new_ledger(
        tmp_path,
        dated("milestone-expected", deal="d", milestone="m", title="M", expected_on="2023-12"),
        dated("offering-planned", offering="ipo", issuer="acme", window="2023-12"),
        dated("project-announced", project="p", title="P", parties=["acme"], expected_on="2023-12"),
    )
    before = run(path, "pending", "--as-of", "2023-12-31").out
    after = run(path, "pending", "--as-of", "2024-01-01").out
    assert "not known" not in before
    for said in (
        "No event at this cut tells whether milestone M was met by 2023-12.",
        "The window of Listing of Acme (2023-12) is over, not known whether it was held.",
        "P was expected by 2023-12, not known whether it came about.",
    ):
        assert said in after
    (milestone,) = [r for r in rows(path, "pending") if r["kind"] == "milestone"]
    assert milestone["status"] == "not known whether met"


def test_an_event_is_known_on_one_date_wherever_it_is_told(tmp_path: Path) -> None:
    """That of a source of a month: some day of it."""
    cited = {"citations": [{"source": "press"}]}
    path = new_ledger(
        tmp_path,
        PRESS,
        dated("claim-recorded", key="five", subject="acme", attribute="staff", value="5", **cited),
        dated("claim-recorded", key="six", subject="acme", attribute="staff", value="6"),
        dated(
            "offering-planned", key="plan", offering="ipo", issuer="acme", window="2024", **cited
        ),
    )
    known = "2024-03-01..2024-03-31"
    told = [
        *(r for r in rows(path, "timeline") if r["event"] in ("five", "plan")),
        *rows(path, "show", "five"),
        *rows(path, "show", "plan"),
        *rows(path, "explain", "offering", "ipo"),
        *(r for r in rows(path, "claims", "acme") if r["events"] == ["five"]),
        *(c for r in rows(path, "conflicts") for c in r["claims"] if c["event"] == "five"),
    ]
    assert len(told) == 7
    assert {row["known_on"] for row in told} == {known}
