"""Conflicts: those of the alliance, all and no others; each rule catches and lets pass."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.model.fact import ids_of
from ledger.time.log import Log
from ledger.time.view import Cut, View
from ledger.values.refusals import Refusal
from projections.consistency.checks import check
from projections.consistency.conflicts import conflicts
from projections.rows import Row
from projections.subjects.holdings import holdings
from tests import histories
from tests.helpers import accept, append, assert_refused, dated, lines, new_ledger, run
from tests.projections.readmodel.test_histories import index_of
from tests.test_alliance import PRESS, REGISTER, loaded

OF_THE_REGISTER = {
    ("ama", "signed-on", "value"),
    ("mitsubishi", "nissan-share-after-sale", "value"),
    ("renault-nissan-trust", "third-sale-shares", "value"),
    ("state-governance-agreement", "signed-on", "value"),
}
OF_BOTH = OF_THE_REGISTER | {
    ("ampere", "capacity-projected", "value"),
    ("ampere-ipo", "order-of-cancellation", "order"),
    ("renault", "nissan-votes-in-renault", "done"),
}
SETS: tuple[tuple[str, list[str], set[tuple[str, str, str]]], ...] = (
    ("press", [PRESS], set()),
    ("register", [REGISTER], OF_THE_REGISTER),
    ("both", [PRESS, REGISTER], OF_BOTH),
    ("both, turned", [REGISTER, PRESS], OF_BOTH),
)


SPOKEN_OF = (*histories.HOLDERS, "boreal", *histories.CLASSES, "merger", "stake", "ipo")


def found(ledger: Path, *words: str) -> list[dict[str, Any]]:
    """The rows of ``conflicts``."""
    outcome = run(ledger, "conflicts", *words, "--format", "json")
    assert outcome.code == 0, outcome.err
    rows: list[dict[str, Any]] = json.loads(outcome.out)["rows"]
    return rows


def kinds(rows: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """What each row is about."""
    return [(row["subject"], row["attribute"], row["kind"]) for row in rows]


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("sets", "expected"), [s[1:] for s in SETS], ids=[s[0] for s in SETS])
def test_the_conflicts_of_the_alliance_and_no_others(
    tmp_path: Path, sets: list[str], expected: set[tuple[str, str, str]]
) -> None:
    assert kinds(found(loaded(tmp_path / "deal.db", sets))) == sorted(expected)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The articles and the record."""
    return loaded(tmp_path_factory.mktemp("both") / "both.db", [PRESS, REGISTER])


def test_when_the_votes_of_nissan_began(both: Path) -> None:
    (row,) = (r for r in found(both, "renault") if r["attribute"] == "nissan-votes-in-renault")
    assert [(c["value"], c["effective_on"]) for c in row["claims"]] == [
        ("to be granted", "2023-04"),
        ("held now, under the new terms", "2023-07"),
        ("voting-rights-restored", "2023-11-08"),
    ]
    assert row["preferred"] == "renault-votes-nissan-finance-restored"
    assert row["why"] == "better standing (official over reported)"


def test_before_the_event_nothing_contradicts_what_was_said_of_it(both: Path) -> None:
    at = ("--as-of", "2023-08-31", "--known-by", "2023-08-31")
    assert "nissan-votes-in-renault" not in {row["attribute"] for row in found(both, *at)}


def test_the_two_dates_of_an_agreement(both: Path) -> None:
    (row,) = found(both, "ama")
    assert {claim["value"] for claim in row["claims"]} == {"2000-12-20", "2001-12-20"}
    assert row["preferred"] == "ama-signed"
    (row,) = found(both, "state-governance-agreement")
    assert {claim["value"] for claim in row["claims"]} == {"2016-02-04", "2016-04-04"}


def test_the_policy_decides_who_is_preferred(both: Path) -> None:
    (row,) = found(both, "ampere", "--policy", "source:electrive-2023-06-20")
    assert row["preferred"] == "ampere-capacity-2023-06"
    assert row["why"] == "its source comes first in the policy"


def test_every_format_tells_the_conflict(both: Path) -> None:
    for form in ("table", "csv", "markdown"):
        outcome = run(both, "conflicts", "ampere", "--format", form)
        assert outcome.code == 0
        value = "480000" if form == "csv" else "480,000"
        assert f"{value} electric vehicles a year" in outcome.out
    assert "To settle: " in run(both, "conflicts", "ampere", COLUMNS="80").out
    assert "No conflict of Honda Motor is found" in run(both, "conflicts", "honda").out


def claim(key: str, value: str, **fields: str) -> dict[str, Any]:
    """A claim about acme, of attribute staff unless another is given."""
    about = {"subject": "acme", "attribute": "staff", "value": value, "key": key}
    return dated("claim-recorded", **{**about, **fields})


def stake(key: str, percent: str, **fields: str) -> dict[str, Any]:
    """A disclosure of what a fund holds of bolt, which has no register."""
    said = {"issuer": "bolt", "holder": "fund-one", "percent": percent, "percent_of": "issued"}
    return dated("stake-disclosed", key=key, **{**said, **fields})


def committed(key: str, amount: str, **fields: str) -> dict[str, Any]:
    """A commitment to one investment."""
    said = {"investment": "in-bolt", "investor": "acme", "investee": "bolt", "amount": amount}
    return dated("investment-committed", key=key, **{**said, **fields})


FREED = {"issuer": "acme", "holder": "bolt", "reason": "no longer controlled"}
SUSPENDED = dated(
    "voting-rights-suspended",
    key="off",
    **{**FREED, "reason": "controlled"},
) | {"effective_on": "2021-01-01"}
RESTORED = dated("voting-rights-restored", key="restored", **FREED)
NOW = {"tells": "voting-rights-restored acme bolt", "attribute": "votes"}
PAID = dated("investment-paid", key="paid", investment="in-bolt", amount="EUR 5")
ORDER = {"attribute": "order", "earlier": "investment-paid in-bolt"} | {
    "later": "voting-rights-restored acme"
}

# what is recorded, and the conflicts that are to be found in it
CASES: dict[str, tuple[list[dict[str, Any]], list[tuple[str, str, str]]]] = {
    "values that differ": (
        [claim("one", "100"), claim("two", "200")],
        [("acme", "staff", "value")],
    ),
    "rounding": ([claim("one", "43"), claim("two", "43.40")], []),
    "another unit": ([claim("one", "100", unit="people"), claim("two", "2", unit="plants")], []),
    "another time": ([claim("one", "100"), claim("two", "200", effective_on="2024")], []),
    "amounts under a ceiling": (
        [claim("one", "EUR 600", qualifier="at-most"), claim("two", "EUR 599")],
        [],
    ),
    "amounts above a ceiling": (
        [claim("one", "EUR 600", qualifier="at-most"), claim("two", "EUR 700")],
        [("acme", "staff", "value")],
    ),
    "other currencies": ([claim("one", "EUR 600"), claim("two", "USD 700")], []),
    "dates, one of them coarse": ([claim("one", "2001-12-20"), claim("two", "2001-12")], []),
    "commitments of one day": (
        [committed("one", "EUR 600"), committed("two", "EUR 700")],
        [("in-bolt", "amount", "value")],
    ),
    "a commitment raised later": (
        [committed("one", "EUR 600"), committed("two", "EUR 700", effective_on="2024-01-01")],
        [],
    ),
    "a commitment told again with another amount": (
        [
            committed("one", "EUR 600"),
            committed("two", "EUR 700", effective_on="2024-01-01", reaffirms="one"),
        ],
        [("in-bolt", "amount", "value")],
    ),
    "exactly within at most": (
        [committed("one", "EUR 600", qualifier="at-most"), committed("two", "EUR 600")],
        [],
    ),
    "windows of one day": (
        [
            dated("offering-planned", key="w1", offering="ipo", issuer="bolt", window="2024-H1"),
            dated("offering-planned", key="w2", offering="ipo", issuer="bolt", window="2024-H2"),
        ],
        [("ipo", "window", "value")],
    ),
    "disclosures of one day": (
        [stake("one", "15"), stake("two", "20")],
        [("bolt", "stake-of-fund-one", "value")],
    ),
    "disclosures on two bases": ([stake("one", "15"), stake("two", "16", percent_of="votes")], []),
    "disclosures of two days": ([stake("one", "15"), stake("two", "16", effective_on="2024")], []),
    "a disclosure against the register": (
        [stake("one", "90", issuer="acme", holder="bolt")],
        [("acme", "stake-of-bolt", "register")],
    ),
    "a disclosure the register rounds to": (
        [stake("one", "100", issuer="acme", holder="bolt")],
        [],
    ),
    "a month in which the register was once so": (
        [
            dated(
                "shares-issued",
                key="more",
                share_class="acme/common",
                holder="fund-one",
                shares="9",
            ),
            stake("one", "100", issuer="acme", holder="bolt", effective_on="2023-11"),
        ],
        [],
    ),
    "an asserted balance": (
        [dated("balance-asserted", key="a", share_class="acme/common", total="issued", shares="9")],
        [("acme", "issued", "register")],
    ),
    "disclosed votes": (
        [stake("one", "90", issuer="acme", holder="bolt", percent_of="votes")],
        [("acme", "votes-of-bolt", "register")],
    ),
    "done before it was done": (
        [SUSPENDED, RESTORED, claim("now", "now", state="done", effective_on="2023-07", **NOW)],
        [("acme", "votes", "done")],
    ),
    "to come when it was done": (
        [SUSPENDED, RESTORED, claim("soon", "soon", state="will", effective_on="2024", **NOW)],
        [("acme", "votes", "done")],
    ),
    "to come before, done after": (
        [
            SUSPENDED,
            RESTORED,
            claim("soon", "soon", state="will", effective_on="2023-07", **NOW),
            claim("now", "now", state="done", effective_on="2024", **NOW),
        ],
        [],
    ),
    "done, then not yet": (
        [
            claim("now", "now", state="done", effective_on="2023-07", **NOW),
            claim("still", "not yet", state="not-yet", effective_on="2023-09", **NOW),
        ],
        [("acme", "votes", "done")],
    ),
    "an order the dates deny": (
        [SUSPENDED, RESTORED, PAID | {"effective_on": "2024"}, claim("order", "first", **ORDER)],
        [("acme", "order", "order")],
    ),
    "an order the dates bear out": (
        [SUSPENDED, RESTORED, PAID | {"effective_on": "2022"}, claim("order", "first", **ORDER)],
        [],
    ),
    "an order of undated events": (
        [SUSPENDED, RESTORED, PAID | {"effective_on": "unknown"}, claim("order", "first", **ORDER)],
        [],
    ),
    "a step after the end": (
        [
            dated("offering-cancelled", key="off", offering="ipo"),
            dated("offering-completed", key="on", offering="ipo", standing="reported")
            | {"effective_on": "2024-01-01"},
        ],
        [("ipo", "offering", "step")],
    ),
    "one step told by two": (
        [
            dated("offering-cancelled", key="off", offering="ipo"),
            dated("offering-cancelled", key="also", offering="ipo", standing="reported"),
        ],
        [],
    ),
    "two dates of one agreement": (
        [
            dated("agreement-signed", key="s", agreement="pact", title="Pact", parties=["acme"]),
            claim("one", "2023-12-08", subject="pact", attribute="signed-on", effective_on="2024"),
        ],
        [("pact", "signed-on", "value")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_rule_finds_what_cannot_be_true_and_nothing_else(tmp_path: Path, name: str) -> None:
    events, expected = CASES[name]
    assert kinds(found(new_ledger(tmp_path, *events))) == expected


def test_a_retraction_ends_a_conflict(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path, claim("one", "100"), claim("two", "200"))
    accept(ledger, {"type": "event-retracted", "key": "r", "event": "two", "because": "misread"})
    assert found(ledger) == []


@pytest.mark.parametrize(
    ("fields", "refusal", "said"),
    [
        ({"tells": "deal-completed merger"}, Refusal.FIELDS_DISAGREE, "tells and state"),
        ({"later": "deal-completed merger"}, Refusal.FIELDS_DISAGREE, "earlier and later"),
        ({"tells": "deal-done merger", "state": "done"}, Refusal.UNKNOWN_TYPE, "deal-completed"),
        ({"tells": "deal-completed", "state": "done"}, Refusal.BAD_IDENTIFIER, "what the event"),
        ({"tells": "deal-completed a on 2023-13", "state": "done"}, Refusal.BAD_DATE, "month"),
        ({"tells": "deal-completed merger", "state": "maybe"}, Refusal.BAD_CHOICE, "not-yet"),
    ],
)
def test_an_event_is_named_in_full_or_refused(
    tmp_path: Path, fields: dict[str, str], refusal: Refusal, said: str
) -> None:
    ledger = new_ledger(tmp_path)
    assert_refused(append(ledger, lines(claim("one", "now", **fields))), refusal, said)


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_random_histories_are_answered_alike_from_the_log_and_the_read_model(
    data: st.DataObject,
) -> None:
    """Every history has an answer, whatever the cut and policy; the index gives the log's."""
    events = histories.history(data.draw(histories.drafts()))
    cut = data.draw(st.one_of(st.just(Cut()), histories.cuts(0).map(lambda drawn: drawn[0])))
    policy = data.draw(st.sampled_from(["standing", "latest", "source:article,leak"]))
    log = View(Log(events), cut._replace(policy=policy))
    index = View(index_of(events), cut._replace(policy=policy))
    for ask in (conflicts, check, lambda view: holdings(view, "acme", ranged=True)):
        assert ask(log) == ask(index)
    told = [(row, _named(log, row)) for row in conflicts(log).rows]
    for subject in SPOKEN_OF:
        speaking = [row for row, ids in told if subject in ids]
        assert conflicts(log, subject).rows == conflicts(index, subject).rows == speaking
    for row in holdings(log, "acme", ranged=True).rows:
        if row["basis"] == "register":
            low, high = Fraction(row["shares_low"]), Fraction(row["shares_high"])
            assert low <= Fraction(row["shares"]) <= high
    assert not [row for row in check(log).rows if row["check"] == "conservation"]


def _named(view: View, row: Row) -> set[str]:
    """Whom and what a conflict speaks of."""
    (facts,) = zip(
        *(view.about(f"key:{claim['event']}").certain for claim in row["claims"]), strict=True
    )
    return {row["subject"]}.union(*map(ids_of, facts))
