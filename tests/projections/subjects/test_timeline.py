"""Timelines: everything about a subject, page by page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers import dated, new_ledger, run

OTHERS = {"transferor": "fund-one", "transferee": "fund-two", "shares": "1"}
DEAL, PLAN, ORDER = {"deal": "merger"}, {"investment": "stake"}, {"agreement": "pact"}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_ledger(
        tmp_path_factory.mktemp("timeline"),
        dated("shares-issued", key="issue", share_class="acme/b", holder="fund-one", shares="9"),
        dated("shares-transferred", key="trade", share_class="acme/b", **OTHERS),
        dated("shares-repurchased", key="buyback", share_class="acme/b", holder="fund-two",
              shares="1"),
        dated("claim-recorded", key="claim", subject="acme/b", attribute="price", value="5"),
        dated("negotiation-opened", key="talks", parties=["acme", "bolt"], about="x", **DEAL),
        dated("deal-completed", key="done", **DEAL),
        dated("milestone-expected", key="goal", milestone="m", title="M", expected_on="2024",
              **DEAL),
        dated("investment-planned", key="plan", investor="acme", investee="bolt", **PLAN),
        dated("investment-released", key="release", **PLAN),
        dated("agreement-signed", key="signs", title="P", parties=["acme", "bolt"], **ORDER),
        dated("agreement-ended", key="ends", **ORDER),
        dated("claim-recorded", key="said", subject="stake", attribute="size", value="5"),
        dated("negotiation-opened", key="other-talks", parties=["bolt"], about="y", deal="other"),
        dated("milestone-expected", key="other-goal", milestone="m", title="M", deal="other",
              expected_on="2024"),
        dated("shares-transferred", key="elsewhere", share_class="bolt/common", **OTHERS)
        | {"transferor": "bolt", "effective_on": "2024-01-01"},
        dated("register-opened", key="bolt-opened", share_class="bolt/common", holder="bolt",
              shares="5"),
    )  # fmt: skip


def events(ledger: Path, *words: str) -> list[str]:
    """The keys of the events of a timeline."""
    outcome = run(ledger, "timeline", *words, "--format", "json")
    assert outcome.code == 0, outcome.err
    return [row["event"] for row in json.loads(outcome.out)["rows"]]


def test_all_of_a_company_is_in_its_timeline(ledger: Path) -> None:
    """Its register, trades between others included, and every step of its threads; each once."""
    found = events(ledger, "acme")
    assert len(found) == len(set(found))
    assert set(found) == {
        "party-acme", "class-common", "class-b", "opened", "issue", "trade", "buyback", "claim",
        "talks", "done", "goal", "plan", "release", "signs", "ends", "said",
    }  # fmt: skip


def test_of_other_subjects_is_told_what_names_them(ledger: Path) -> None:
    assert events(ledger, "merger") == ["talks", "done", "goal"]
    assert events(ledger, "fund-two") == ["party-fund-two", "trade", "buyback", "elsewhere"]


def test_the_timeline_of_a_company_has_pages(ledger: Path) -> None:
    whole = events(ledger, "acme")
    told = events(ledger, "acme", "--limit", "5", "--oldest")
    while len(told) < len(whole):
        told += events(ledger, "acme", "--limit", "5", "--after", told[-1])
    assert told == whole
