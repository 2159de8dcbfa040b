"""The command of groups: names, rules and laws as a person reads and types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers import dated, new_ledger, run


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bolt has all of acme, which has 12 of 100 shares of bolt and is said to control fund-one."""
    bolt = {"share_class": "bolt/common"}
    return new_ledger(
        tmp_path_factory.mktemp("group"),
        {"type": "share-class-created", "key": "bolt-class", **bolt},
        dated("register-opened", key="b1", holder="acme", shares="12", **bolt),
        dated("register-opened", key="b2", holder="fund-two", shares="88", **bolt),
        dated("relationship-began", key="over", relationship="over", party="acme", of="fund-one",
              kind="control", basis="contract"),
    )  # fmt: skip


def test_who_is_above_and_what_is_below_by_name(ledger: Path) -> None:
    heading, *said = run(ledger, "group", "acme").out.splitlines()
    assert heading.startswith("Group of Acme")
    above, through, below = (line.split() for line in said[1:4])
    assert (above[0], above[-7:-5]) == ("Bolt", ["-", "100"])
    assert "Bolt" in through[1:]
    assert "recorded" in below


def test_a_company_whose_law_nobody_tells_is_named_with_the_way_out(ledger: Path) -> None:
    notes = json.loads(run(ledger, "group", "bolt", "--law", "GB", "--format", "json").out)["notes"]
    assert "Counted by law: the votes of acme in bolt fall away" in " ".join(notes)
    told = run(ledger, "votes", "bolt", "--law", "issuer").out
    assert "--law" in told
    assert "No event tells the law of" in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("group", "acme", "--law", "XX"), "no rules of 'XX' are known"),
        (("group", "acme", "--law", "acne=FR"), 'speaks of "acne"'),
        (("votes", "acme", "--law", "acne=FR"), 'speaks of "acne"'),
        (("votes", "acme", "--law", "FR", "--lots"), "not of their lots"),
        (("votes", "acme", "--classes", "--range"), "not of their classes"),
        (("votes", "acme", "--classes", "--lots"), "Give --lots or --classes"),
        (("votes", "acme", "--totals", "--law", "FR"), "not of totals over time"),
        (("votes", "acme", "--monthly"), "are of --totals"),
        (("group", "acne"), "Did you mean acme"),
        (("group",), "COMPANY, or --all"),
        (("group", "acme", "--all"), "takes no COMPANY"),
        (("owners",), "COMPANY, or --all"),
        (("owners", "--all", "--rule", "amlr"), "no rule but economic"),
    ],
)
def test_what_is_typed_wrong_is_refused(ledger: Path, words: tuple[str, ...], said: str) -> None:
    outcome = run(ledger, *words)
    assert outcome.code == 2
    assert said in outcome.err


def test_every_time_of_control_has_its_first_and_last_day(ledger: Path) -> None:
    rows = json.loads(run(ledger, "group", "acme", "--over-time", "--format", "json").out)["rows"]
    assert {(row["in_control_of"], row["until"]) for row in rows} >= {
        ("acme", None),
        ("fund-one", None),
    }
    assert "since" in run(ledger, "explain", "control", "acme").out


def test_who_controls_whom_of_all_parties(ledger: Path) -> None:
    rows = json.loads(run(ledger, "group", "--all", "--format", "json").out)["rows"]
    found = {(row["party_name"], row["in_control_of"], row["by"]) for row in rows}
    assert {("Acme plc", "fund-one", "recorded"), ("Bolt Ltd", "acme", "votes")} <= found
    heading, *lines = run(ledger, "group", "--all", "--format", "csv").out.splitlines()
    assert heading.startswith("party,in_control_of,by,")
    assert len(lines) == len(rows)
    assert "Bolt" in run(ledger, "group", "--all").out


def test_the_economic_owners_of_all_companies(ledger: Path) -> None:
    rows = json.loads(run(ledger, "owners", "--all", "--format", "json").out)["rows"]
    found = {(row["company"], row["party"]): row["percent_exact"] for row in rows}
    (alone,) = json.loads(run(ledger, "owners", "bolt", "--format", "json").out)["rows"]
    assert found["bolt", alone["party"]] == alone["percent_exact"]
    above = run(ledger, "owners", "--all", "--at", "99").out
    assert len(above.splitlines()) < len(run(ledger, "owners", "--all").out.splitlines()) + 1
    assert "Economic owners" in above


def test_where_nobody_is_told_to_hold_anything_it_is_said(tmp_path: Path) -> None:
    ledger = tmp_path / "empty.db"
    assert run(ledger, "init").code == 0
    answer = json.loads(run(ledger, "group", "--all", "--format", "json").out)
    assert (answer["rows"], answer["outcome"]) == ([], "not-known")
    assert "party" in run(ledger, "group", "--all", "--format", "csv").out
    answer = json.loads(run(ledger, "owners", "--all", "--format", "json").out)
    assert (answer["rows"], answer["outcome"]) == ([], "not-known")
