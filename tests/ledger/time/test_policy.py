"""Policies: which of the sources that disagree is preferred, chosen by the question."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.values.refusals import Refusal
from tests.helpers import assert_refused, dated, new_ledger, run


def source(id: str, day: str) -> dict[str, str]:
    """A source published on a day."""
    named = {"type": "source-registered", "source": id, "key": f"source-{id}", "title": id.title()}
    return named | {"kind": "press", "publisher": "A paper", "published_on": day}


SOURCES = (
    source("filing", "2023-01-01"),
    source("paper", "2023-02-01"),
    source("weekly", "2023-03-01"),
)
SAID_BY = {"filing": "official", "paper": "reported", "weekly": "unnamed"}


def told(type: str, name: str, values: tuple[str, str, str], **fields: str) -> list[dict[str, Any]]:
    """One thing told by the three sources with three values of a field."""
    return [
        dated(type, key=f"{type}-{by}", **fields, **{name: value})
        | {"standing": standing, "citations": [{"source": by}]}
        for (by, standing), value in zip(SAID_BY.items(), values, strict=True)
    ]


EVENTS = (
    *SOURCES,
    *told("claim-recorded", "value", ("1", "2", "3"), subject="acme", attribute="plants"),
    *told(
        "stake-disclosed",
        "percent",
        ("10", "20", "30"),
        issuer="bolt",
        holder="fund-one",
        percent_of="issued",
    ),
    *told(
        "investment-committed",
        "amount",
        ("EUR 1", "EUR 2", "EUR 3"),
        investment="in-bolt",
        investor="acme",
        investee="bolt",
    ),
    *told("offering-cancelled", "reason", ("one", "two", "three"), offering="ipo")[:1],
    dated("offering-completed", key="ipo-done", offering="ipo")
    | {"standing": "reported", "effective_on": "2023-12-01", "citations": [{"source": "paper"}]},
)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three sources that tell the same things differently."""
    return new_ledger(tmp_path_factory.mktemp("policy"), *EVENTS)


def rows(ledger: Path, *words: str) -> list[dict[str, Any]]:
    """The rows of an answer."""
    outcome = run(ledger, *words, "--format", "json")
    assert outcome.code == 0, outcome.err
    found: list[dict[str, Any]] = json.loads(outcome.out)["rows"]
    return found


# policy, and which of the three sources (1, 2, 3) is preferred; whether the listing is done
POLICIES = (
    (None, 1, "cancelled"),
    ("standing", 1, "cancelled"),
    ("latest", 3, "completed"),
    ("source:paper", 2, "completed"),
    ("source:weekly,paper", 3, "completed"),
    ("source:filing,paper", 1, "cancelled"),
)


@pytest.mark.parametrize(("policy", "best", "status"), POLICIES, ids=[str(p[0]) for p in POLICIES])
def test_every_question_prefers_by_the_policy(
    ledger: Path, policy: str | None, best: int, status: str
) -> None:
    words = ("--policy", policy) if policy else ()
    claims = rows(ledger, "claims", "acme", *words)
    assert [row["value"] for row in claims if row["preferred"]] == [str(best)]
    (held,) = rows(ledger, "holdings", "bolt", *words)
    assert held["percent"] == str(10 * best)
    (investment,) = rows(ledger, "deals", "in-bolt", *words)
    assert investment["amount"] == str(best)
    (offering,) = rows(ledger, "deals", "ipo", *words)
    assert offering["status"] == status
    by = list(SAID_BY)[best - 1]
    preferred = {row["preferred"] for row in rows(ledger, "conflicts", "acme", *words)}
    assert f"claim-recorded-{by}" in preferred


REASONS = (
    ("standing", "better standing (official over reported)"),
    ("latest", "it became known later"),
    ("source:paper", "its source comes first in the policy"),
)


@pytest.mark.parametrize(("policy", "why"), REASONS)
def test_a_conflict_names_the_rule_that_decides(ledger: Path, policy: str, why: str) -> None:
    found = rows(ledger, "conflicts", "acme", "--policy", policy)
    assert [row["why"] for row in found if row["attribute"] == "plants"] == [why]


def test_a_policy_never_sees_past_the_cut(ledger: Path) -> None:
    words = ("claims", "acme", "--policy", "latest", "--known-by", "2023-02-15")
    assert [row["value"] for row in rows(ledger, *words) if row["preferred"]] == ["2"]


def test_a_policy_is_told_in_the_cut_and_in_words(ledger: Path) -> None:
    words = ("claims", "acme", "--policy", "source:paper,filing")
    answer = json.loads(run(ledger, *words, "--format", "json").out)
    assert answer["cut"]["policy"] == "source:paper,filing"
    note = "Where sources disagree, preferred are paper, then filing, then by standing."
    assert note in answer["notes"]
    assert run(ledger, *words).out.splitlines()[0].endswith("policy source:paper,filing")
    plain = run(ledger, "claims", "acme", "--policy", "standing").out
    assert plain == run(ledger, "claims", "acme").out


@pytest.mark.parametrize("command", [("timeline",), ("governance", "acme"), ("votes", "acme")])
def test_every_question_takes_a_policy(ledger: Path, command: tuple[str, ...]) -> None:
    for policy, _, _ in POLICIES[1:]:
        assert run(ledger, *command, "--policy", policy).code == 0


@pytest.mark.parametrize("policy", ["", "newest", "Standing", "source", "official"])
def test_an_unknown_policy_is_refused(ledger: Path, policy: str) -> None:
    outcome = run(ledger, "claims", "acme", "--policy", policy)
    assert_refused(outcome, Refusal.BAD_CHOICE, "--policy", "latest")


@pytest.mark.parametrize("policy", ["source:", "source:papr", "source:paper,", "source:paper,,x"])
def test_an_unknown_source_is_refused(ledger: Path, policy: str) -> None:
    outcome = run(ledger, "claims", "acme", "--policy", policy)
    assert_refused(outcome, Refusal.UNKNOWN_SUBJECT)
