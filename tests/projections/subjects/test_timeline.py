"""Timelines: everything about a subject, page by page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ledger.events.registry import event_types
from ledger.events.topics import KINDS, topic_of
from ledger.model.movements import SIGNS
from tests.helpers import assert_usage, dated, new_ledger, run

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


def test_of_a_timeline_kinds_of_event_and_days_can_be_asked_for(ledger: Path) -> None:
    """A kind has the types of its topics alone, and every event is of some kind; days hold what
    certainly took effect in them."""
    whole = events(ledger, "acme")
    kinds = {kind: events(ledger, "acme", "--kind", kind) for kind in KINDS}
    assert {key for found in kinds.values() for key in found} == set(whole)
    assert kinds["deals"] == ["talks", "done", "goal", "plan", "release"]
    several = events(ledger, "acme", "--kind", "agreements", "--kind", "claims")
    assert several == ["claim", "signs", "ends", "said"]
    assert events(ledger, "acme", "--from", "2020", "--to", "2023-10") == ["opened"]
    assert events(ledger, "acme", "--from", "2023-11-09") == []
    assert "no dated event" in run(ledger, "timeline", "acme", "--from", "2024").out
    assert_usage(run(ledger, "timeline", "--from", "2025", "--to", "2024"), "is after --to 2024")


def test_an_event_has_the_iso_codes_that_it_alone_decides(tmp_path: Path) -> None:
    """In JSON and CSV; a person reads sentences."""
    ledger = new_ledger(
        tmp_path,
        dated("dividend-declared", key="paid-out", share_class="acme/common", per_share="EUR 1"),
        dated("shares-split", key="split", share_class="acme/common", ratio="1:2"),
        dated("shares-transferred", key="trade", share_class="acme/common", transferor="bolt",
              transferee="fund-one", shares="5"),
        dated("dividend-declared", key="chosen", share_class="acme/common", per_share="EUR 1",
              dividend="interim"),
        dated("offer-made", key="choice", offer="scrip", offeror="acme", kind="dividend-choice",
              share_class="acme/common", dividend="interim"),
        {"type": "event-corrected", "event": "split", "because": "misread", "known_on": "2024",
         "correction": "clerical", "changes": [{"field": "ratio", "value": "2:1"}]},
    )  # fmt: skip
    told = run(ledger, "timeline", "acme", "--kind", "register", "--kind", "dividends",
               "--from", "2023", "--format", "json")  # fmt: skip
    codes = {row["event"]: (row["caev"], row["camv"]) for row in json.loads(told.out)["rows"]}
    assert codes == {
        "paid-out": ("DVCA", "MAND"), "split": ("SPLF", "MAND"), "trade": (None, None),
        "chosen": (None, None),
    }  # fmt: skip
    assert "caev,camv" in run(ledger, "timeline", "acme", "--format", "csv").out.splitlines()[0]
    assert "SPLF" not in run(ledger, "timeline", "acme").out


def test_every_type_of_event_has_one_topic() -> None:
    """Movements that can be posted are all of one, for a timeline knows only their places."""
    assert {topic_of(name) for name in event_types()} <= set(KINDS)
    found = {topic_of(name) for name in SIGNS if name != "instrument-exercised"}
    assert found == {"register"}, "which is found in whole, for it names an instrument"


def test_the_trusts_of_a_company_are_in_its_timeline(tmp_path: Path) -> None:
    """Those that name it, and those that hold its shares."""
    ledger = new_ledger(
        tmp_path,
        {"type": "party-registered", "key": "party-trust", "party": "the-trust", "name": "T",
         "kind": "trust"},
        dated("trust-settled", key="settled", trust="the-trust", settlors=["fund-one"],
              trustees=["fund-two"], beneficiaries=[{"party": "fund-one"}], voting="neutral"),
        dated("shares-placed-in-trust", key="placed", holder="bolt", trust="the-trust",
              share_class="acme/common", shares="1"),
        dated("trust-amended", key="amended", trust="the-trust", voting="as-instructed"),
    )  # fmt: skip
    assert {"settled", "placed", "amended"} <= set(events(ledger, "acme"))
    assert {"settled", "placed", "amended"} <= set(events(ledger, "fund-two"))
