"""The radar: thresholds crossed under dated rules, when notices were due, what was disclosed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.model.register import TREASURY
from ledger.time.log import Log
from ledger.time.view import Cut, View
from ledger.values.refusals import Refusal
from projections.changes.impact import impact
from projections.radar.calendars import Calendar, due, period_end
from projections.radar.crossings import Has
from projections.radar.distance import least_down, least_up
from projections.radar.positions import Positions
from projections.radar.published import Total
from projections.radar.radar import Asked, radar
from projections.radar.rule import Deadline, Rule
from projections.radar.rule_files import built_in, parse_rules
from projections.subjects.ballots import ballots, can_be_counted, totals
from projections.subjects.reaching import alone
from projections.subjects.register_at_cut import register_at_cut
from projections.subjects.voting_rights import Rights
from projections.told import told
from tests import histories
from tests.helpers import accept, assert_refused, dated, party, run
from tests.projections.subjects.record import (
    COMMON,
    PREFERRED,
    REGISTRATIONS,
    on,
    opened,
    recorded,
    settled,
    sold,
)
from tests.test_alliance import REGISTER, loaded

JAPAN = "[{market: jp, closed: [2024-07-15]}]"
RULES = ("DE-33", "FR-L233-7", "UK-DTR5", "US-13D", "JP-5")


def _on(day: str, type: str, key: str, **fields: Any) -> dict[str, Any]:
    return dated(type, key=key, **fields) | {"effective_on": day}


def _moved(day: str, key: str, shares: int, source: str = "rest", to: str = "h") -> dict[str, Any]:
    fields = {"transferor": source, "transferee": to, "shares": str(shares)}
    return _on(day, "shares-transferred", key, share_class="corvo/common", **fields)


def _world() -> list[dict[str, Any]]:
    """A company of 10,000 shares, of which a holder has 490 on New Year's Day 2024."""
    return [
        *(party(id) for id in ("corvo", "h", "rest", "other")),
        {"type": "share-class-created", "share_class": "corvo/common", "key": "class",
         "votes_per_share": "1"},
        _on("2024-01-01", "register-opened", "o1", share_class="corvo/common", holder="h",
            shares="490"),
        _on("2024-01-01", "register-opened", "o2", share_class="corvo/common", holder="rest",
            shares="9510"),
    ]  # fmt: skip


def _ledger(folder: Path, *events: Mapping[str, Any]) -> Path:
    ledger = folder / "radar.db"
    assert run(ledger, "init").code == 0
    accept(ledger, *_world(), *events)
    return ledger


def _rows(ledger: Path, *words: str) -> list[dict[str, Any]]:
    outcome = run(ledger, "radar", "corvo", *words, "--format", "json")
    assert outcome.code == 0, outcome.err
    rows: list[dict[str, Any]] = json.loads(outcome.out)["rows"]
    return rows


def _named(*ids: str) -> list[str]:
    return [word for id in ids for word in ("--rule", id)]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A holder comes to 5 %, then to 5.1; shares are cancelled; a sale is corrected; it is up and
    down in a day; it sells in a month."""
    return _ledger(
        tmp_path_factory.mktemp("radar"),
        _moved("2024-07-10", "to-5", 10),
        _moved("2024-07-17", "to-5.1", 10),
        _on("2024-08-01", "shares-repurchased", "bought", share_class="corvo/common", holder="rest",
            shares="5000"),
        _on("2024-08-05", "shares-cancelled", "cancelled", share_class="corvo/common",
            shares="5000"),
        _moved("2024-09-02", "wrong", 500),
        {"type": "event-corrected", "event": "wrong", "because": "a typing error", "key": "mended",
         "changes": [{"field": "shares", "value": "5"}]},
        _moved("2024-10-01", "in", 1000) | {"sequence": "1"},
        _moved("2024-10-01", "out", 1000, "h", "other") | {"sequence": "2"},
        _moved("2024-11", "month", 300, "h", "other"),
    )  # fmt: skip


@pytest.fixture(scope="module")
def calendar(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("calendars") / "japan.yaml"
    file.write_text(JAPAN, encoding="utf-8")
    return str(file)


def test_exactly_five_percent_is_a_crossing_where_it_is_reached(story: Path) -> None:
    rows = _rows(story, *_named(*RULES), "--holder", "h", "--to", "2024-07-10")
    assert [(row["rule"], row["due_on"]) for row in rows] == [
        ("DE-33", "2024-07-18"), ("UK-DTR5", "2024-07-16"),
    ]  # fmt: skip
    assert {row["percent_after"] for row in rows} == {"5.0000"}


def test_more_than_five_percent_has_the_due_day_of_each_law(tmp_path: Path, calendar: str) -> None:
    ledger = _ledger(tmp_path, _moved("2024-07-10", "to-5.1", 20))
    rows = _rows(ledger, *_named(*RULES), "--holder", "h", "--calendar", calendar)
    due_on = {row["rule"]: row["due_on"] for row in rows}
    assert due_on == {
        "DE-33": "2024-07-18", "FR-L233-7": "2024-07-16", "UK-DTR5": "2024-07-16",
        "US-13D": "2024-07-17", "JP-5": "2024-07-18",
    }  # fmt: skip
    moves = {row["rule"]: row["due_may_move"] for row in rows}
    assert moves == dict.fromkeys(RULES, True) | {"JP-5": False}
    bases = [row["base"] for row in rows if row["rule"] == "FR-L233-7"]
    assert bases == ["capital-par", "gross-votes"]


def test_a_whole_percentage_is_rounded_down_before_it_is_tested(tmp_path: Path) -> None:
    ledger = _ledger(tmp_path, _moved("2024-07-10", "a", 10), _moved("2024-07-11", "b", 99))
    assert len(_rows(ledger, "--rule", "UK-DTR5", "--holder", "h", "--from", "2024-07-11")) == 0


def test_a_cancellation_is_a_passive_crossing(story: Path) -> None:
    (row,) = _rows(
        story, "--rule", "DE-33", "--holder", "h", "--from", "2024-08-01", "--to", "2024-08-31"
    )
    assert (row["day"], row["threshold"], row["passive"]) == ("2024-08-05", "10", True)
    assert row["due_on"] is None, "it counts from the issuer's publication, which is not recorded"
    assert row["events"] == ["cancelled"]


def test_a_correction_that_undoes_a_crossing_leaves_it_withdrawn(story: Path) -> None:
    rows = _rows(
        story, "--rule", "DE-33", "--holder", "h", "--from", "2024-09-01", "--to", "2024-09-30"
    )
    gone = [(row["kind"], row["threshold"], row["withdrawn_by"], row["status"]) for row in rows]
    assert gone == [
        ("withdrawn", "15", ["mended"], "withdrawn"), ("withdrawn", "20", ["mended"], "withdrawn"),
    ]  # fmt: skip


def test_what_a_correction_made_crossed_is_withdrawn_with_it(tmp_path: Path) -> None:
    ledger = _ledger(
        tmp_path,
        _moved("2024-09-02", "sale", 5),
        {"type": "event-corrected", "event": "sale", "because": "a typing error", "key": "mended",
         "changes": [{"field": "shares", "value": "500"}]},
        {"type": "event-retracted", "event": "mended", "because": "it was none", "key": "undone"},
    )  # fmt: skip
    [row] = _rows(ledger, "--rule", "DE-33", "--holder", "h")
    assert (row["kind"], row["threshold"], row["withdrawn_by"]) == ("withdrawn", "5", ["undone"])


def test_up_and_down_on_one_day_is_noted_and_no_crossing(story: Path) -> None:
    rows = _rows(
        story, "--rule", "DE-33", "--holder", "h", "--from", "2024-10-01", "--to", "2024-10-31"
    )
    assert {(row["kind"], row["status"]) for row in rows} == {("noted", "noted")}
    assert [row["threshold"] for row in rows] == ["15", "20", "25", "30"]


def test_a_crossing_in_some_month_is_due_within_days(story: Path) -> None:
    rows = _rows(story, "--rule", "DE-33", "--holder", "h", "--from", "2024-11-01")
    assert [(row["threshold"], row["direction"]) for row in rows] == [("5", "down"), ("10", "down")]
    assert {(row["day_first"], row["day"]) for row in rows} == {("2024-11-01", "2024-11-30")}
    assert {(row["due_first_on"], row["due_on"]) for row in rows} == {("2024-11-11", "2024-12-09")}


def test_a_crossing_in_some_month_is_told_as_such_wherever_it_is_told(story: Path) -> None:
    """On a screen, in a table for programs, where it is explained: its last day is not its day."""
    asked = "--rule", "DE-33", "--as-of", "2025-01-01"
    within = "between 2024-11-01 and 2024-11-30"
    listed = "radar", "corvo", *asked, "--from", "2024-11-01"
    why = "explain", "radar", "corvo", "h", *asked
    for words in ((*listed,), (*listed, "--format", "markdown"), why):
        assert within in " ".join(run(story, *words, COLUMNS="120").out.split()), words
    full = " ".join(run(story, *why, "--full", COLUMNS="120").out.split())
    assert "2024-11-01" in full.partition("Its events")[0]


def test_nothing_is_crossed_on_the_day_that_a_register_opens(story: Path) -> None:
    rows = _rows(story, "--rule", "DE-33", "--to", "2024-07-09")
    assert rows == []


def test_rules_follow_from_the_law_of_the_day(tmp_path: Path) -> None:
    ledger = _ledger(tmp_path, _moved("2024-07-10", "a", 20))
    outcome = run(ledger, "radar", "corvo")
    assert "no event at this cut tells the law of Corvo" in " ".join(outcome.out.split())
    law = _on("2024-01-01", "party-details-changed", "law", party="corvo", jurisdiction="fr")
    accept(ledger, law)
    rows = _rows(ledger, "--holder", "h")
    assert {row["rule"] for row in rows} == {"FR-L233-7"}
    moved = _on("2024-07-01", "party-details-changed", "law2", party="corvo", jurisdiction="japan")
    accept(ledger, moved)
    assert {row["rule"] for row in _rows(ledger, "--holder", "h")} == {"JP-5"}


def test_a_rule_that_has_no_version_for_a_day_says_so(tmp_path: Path) -> None:
    ledger = _ledger(tmp_path, _moved("2024-07-10", "a", 20))
    rules = tmp_path / "own.yaml"
    rules.write_text(
        "- {id: OWN, law: our articles, duty: tell the board, base: [capital], thresholds: ['5'],"
        " valid_from: 2025-01-01, deadline: {number: '1', unit: calendar-days}}\n"
    )
    outcome = run(ledger, "radar", "corvo", "--rules", str(rules))
    assert "2024-01-01 to 2024-07-10): no rule version of OWN" in " ".join(outcome.out.split())


def test_the_months_of_a_rule_begin_on_the_last_day_of_a_short_month(tmp_path: Path) -> None:
    rules = tmp_path / "own.yaml"
    rules.write_text(
        "- {id: CREEP, law: l, duty: d, base: [capital], test: creep, between: ['30', '50'],"
        " by: '1', months: '1', deadline: {text: t}}\n"
    )
    ledger = _ledger(
        tmp_path, _moved("2024-01-10", "most", 3010), _moved("2024-03-01", "more", 60),
        _moved("2024-03-31", "again", 50),
    )  # fmt: skip
    [row] = _rows(ledger, "--rules", str(rules), "--rule", "CREEP")
    assert (row["holder"], row["day"]) == ("h", "2024-03-31")


def test_a_crossing_is_known_when_the_last_of_its_events_surely_is(tmp_path: Path) -> None:
    ledger = _ledger(
        tmp_path, _moved("2024-07-10", "a", 10) | {"known_on": "2024-07/2024-12"},
        _moved("2024-07-10", "b", 10) | {"known_on": "2024-08-01"},
    )  # fmt: skip
    [row] = _rows(ledger, "--rule", "DE-33", "--holder", "h")
    assert (row["events"], row["known_on"]) == (["a", "b"], "2024-07-01..2024-12-31")


def test_rules_of_one_s_own_are_read_strictly(story: Path, tmp_path: Path) -> None:
    rules = tmp_path / "own.yaml"
    for text, said in (
        ("id: x", "no list of rules"),
        ("- {id: A, law: l, duty: d, base: [shoes], deadline: {text: t}}", "base"),
        ("- {id: A, law: l, duty: d, base: [capital], thresholds: ['101'], deadline: {text: t}}",
         "not a percentage"),
        ("- {id: A, law: l, duty: d, base: [capital], deadline: {text: t}}", "thresholds: missing"),
        ("- {id: A, law: l, duty: d, base: [capital], thresholds: ['5']}", "deadline: missing"),
        ("- {id: A, law: l, duty: d, bases: [capital]}", "no field of a rule"),
    ):  # fmt: skip
        rules.write_text(text)
        outcome = run(story, "radar", "corvo", "--rules", str(rules))
        assert_refused(outcome, Refusal.BAD_SHAPE, said)
    assert_refused(run(story, "radar", "corvo", "--rule", "nope"), Refusal.BAD_CHOICE, "DE-33")


def test_the_rules_of_the_release_are_dated_and_sourced() -> None:
    for rule in built_in():
        assert rule.law, rule.id
        assert rule.duty, rule.id
        assert rule.certainty != "memory" or rule.off, f"{rule.id} is on, and nothing confirms it"
        assert rule.off or (rule.source and rule.read_on), rule.id


def test_a_filing_counts_from_its_publication_and_in_its_form(tmp_path: Path) -> None:
    ledger = tmp_path / "bird.db"
    assert run(ledger, "init").code == 0

    def source(id: str, day: str) -> dict[str, Any]:
        named = {"type": "source-registered", "source": id, "title": id, "publisher": "SEC"}
        return named | {"kind": "filing", "published_on": day, "key": f"source-{id}"}

    stake = {
        "issuer": "bird", "holder": "elon", "share_class": "bird/common", "percent_of":
        "outstanding", "type": "stake-disclosed", "standing": "official",
    }  # fmt: skip
    accept(
        ledger, party("bird"), party("elon"),
        {"type": "share-class-created", "share_class": "bird/common", "key": "class"},
        _on("2013-04-01", "party-details-changed", "law", party="bird", jurisdiction="us-de"),
        source("g", "2022-04-04"), source("d", "2022-04-05"),
        stake | {"key": "g13", "percent": "9.2", "form": "13G", "triggered_on": "2022-03-14",
                 "effective_on": "2022-04-04", "citations": [{"source": "g"}]},
        stake | {"key": "d13", "percent": "9.1", "form": "13D", "replaces": "g13",
                 "effective_on": "2022-04-05", "citations": [{"source": "d"}]},
    )  # fmt: skip
    outcome = run(ledger, "radar", "bird", "--format", "json")
    rows = json.loads(outcome.out)["rows"]
    assert [(r["rule"], r["day"], r["due_on"], r["late"], r["form_filed"]) for r in rows] == [
        ("US-13D", "2022-03-14", "2022-03-24", 12, "13D"),
        ("US-13G-passive", "2022-03-14", "2022-03-24", 11, "13G"),
    ]  # fmt: skip
    known = run(ledger, "radar", "bird", "--rule", "US-13D", "--known-by", "2022-03-31")
    assert "2022-03-14" not in known.out


def test_a_notice_may_have_been_triggered_on_any_day_of_a_month() -> None:
    rule = {"id": "R", "law": "l", "duty": "d", "base": ["capital"], "thresholds": ["5"],
            "deadline": {"number": "1", "unit": "calendar-days"}}  # fmt: skip
    stake = {"issuer": "acme", "holder": "bolt", "percent": "9.2", "percent_of": "outstanding"}
    view = View(Log(recorded(
        on("2022-04-04", "told", "stake-disclosed", known_on="2022-04-04", triggered_on="2022-03",
           **stake),
    )))  # fmt: skip
    [row] = radar(view, "acme", Asked(rules=parse_rules([rule], "test"))).rows
    assert (row["day_first"], row["day"]) == ("2022-03-01", "2022-03-31")
    assert (row["due_first_on"], row["due_on"]) == ("2022-03-02", "2022-04-01")
    assert (row["disclosed_by"], row["late"], row["late_at_most"]) == ("told", 3, 33)


def test_what_is_disclosed_of_each_class_and_of_votes_is_a_position_of_its_own() -> None:
    def stake(day: str, key: str, percent: str, **of: str) -> histories.Draft:
        fields = {"issuer": "acme", "holder": "bolt", "percent": percent, "known_on": day}
        return on(day, key, "stake-disclosed", **fields | {"percent_of": "issued"} | of)

    view = View(Log(recorded(
        stake("2022-01-03", "common", "6", share_class=COMMON),
        stake("2022-01-03", "preferred", "2", share_class=PREFERRED),
        stake("2022-01-03", "votes", "12", percent_of="votes"),
        stake("2022-02-03", "less", "4", share_class=COMMON),
    )))  # fmt: skip
    rows = radar(view, "acme", Asked(rules=EVERY_FIFTH)).rows
    assert [(r["day"], r["threshold"], r["direction"], r["events"]) for r in rows] == [
        ("2022-01-03", "5", "up", ["common"]), ("2022-01-03", "10", "up", ["votes"]),
        ("2022-02-03", "5", "down", ["less"]),
    ]  # fmt: skip


def test_distances_are_the_smallest_numbers_on_the_far_side(story: Path) -> None:
    words = ("--rule", "FR-L233-7", "--distance", "--holder", "h", "--as-of", "2024-07-10")
    row = _rows(story, *words)[0]
    assert (row["threshold_up"], row["bought_up"], row["issued_up"]) == ("5", "1", "1")
    rule = next(one for one in built_in() if one.id == "FR-L233-7")
    for held, total, threshold in ((490, 10_000, 5), (33, 100, Fraction(100, 3)), (7, 13, 50)):
        has, part = Has(Fraction(held), Total(Fraction(total))), Fraction(threshold)
        for new in (0, 1):
            n = least_up(rule, has, part, new)
            assert n is not None
            assert Fraction(held + n, total + n * new) * 100 > part
            assert n == 0 or Fraction(held + n - 1, total + (n - 1) * new) * 100 <= part
            n = least_down(rule, has, part, new)
            assert n is not None
            assert Fraction(held - n, total - n * new) * 100 < part


def test_due_days_skip_closed_days_and_roll_where_the_law_says_so() -> None:
    christmas = Calendar(frozenset(["2024-12-25"]), "2024-12-01", "2024-12-31")
    assert due("2024-12-24", Deadline(1, "trading-days"), christmas) == ("2024-12-26", False)
    assert due("2024-12-30", Deadline(2, "trading-days"), christmas) == ("2025-01-01", True)
    assert due("2024-12-15", Deadline(10, rolls=True), christmas) == ("2024-12-26", False)
    assert due("2024-12-15", Deadline(10), christmas) == ("2024-12-25", False)
    assert due("2024-11-29", Deadline(2, "months"), christmas) == ("2025-01-29", False)
    assert due("2024-02-01", Deadline(45, counts_from="quarter-end"), christmas)[0] == "2024-05-15"  # type: ignore[index]
    assert [period_end("2024-02-10", p) for p in ("month-end", "quarter-end", "year-end")] == [
        "2024-02-29", "2024-03-31", "2024-12-31",
    ]  # fmt: skip


def test_shares_of_controlled_companies_and_of_a_concert_count_as_one_s_own(
    tmp_path: Path,
) -> None:
    acting = {"relationship": "pact", "party": "boss", "of": "other", "kind": "concert"}
    ledger = _ledger(
        tmp_path,
        party("boss"), party("minor"),
        {"type": "share-class-created", "share_class": "h/common", "key": "class-h",
         "votes_per_share": "1"},
        _on("2024-01-01", "register-opened", "h1", share_class="h/common", holder="minor",
            shares="100"),
        _moved("2024-02-01", "to-10", 510),
        _moved("2024-02-01", "others", 200, "rest", "other"),
        _on("2024-03-01", "shares-transferred", "gained", share_class="h/common",
            transferor="minor", transferee="boss", shares="51"),
        _on("2024-04-02", "relationship-began", "pact", **acting),
        _moved("2024-05-02", "to-15", 400),
    )  # fmt: skip
    rows = _rows(ledger, "--rule", "DE-33", "--holder", "boss")
    assert [(r["day"], r["threshold"], r["of_whom"], r["direction"]) for r in rows] == [
        ("2024-03-01", "3", ["h"], "up"), ("2024-03-01", "5", ["h"], "up"),
        ("2024-03-01", "10", ["h"], "up"), ("2024-05-02", "15", ["h", "other"], "up"),
    ]  # fmt: skip
    pact = [r["day"] for r in _rows(ledger, "--rule", "DE-33", "--holder", "other")]
    assert pact == ["2024-04-02"] * 3 + ["2024-05-02"], "each member has the whole"


def test_a_cancellation_in_nissan_brings_renault_back_over_forty_percent(tmp_path: Path) -> None:
    """Nothing else that was cancelled in the alliance passes a threshold of these rules."""
    ledger, found = loaded(tmp_path / "alliance.db", [REGISTER]), []
    for issuer in ("nissan", "renault"):
        outcome = run(ledger, "radar", issuer, *_named("NL-5.3", "FR-L233-7"), "--format", "json")
        rows = [row for row in json.loads(outcome.out)["rows"] if row["passive"]]
        found += [(r["day"], r["holder"], r["base"], r["threshold"], r["events"]) for r in rows]
    cancelled = ["nissan-cancellation-1"]
    assert found == [
        ("2023-12-15", "renault", base, "40", cancelled) for base in ("capital-par", "gross-votes")
    ]


def test_an_answer_that_rests_on_a_file_cannot_be_proven(story: Path, tmp_path: Path) -> None:
    words = ("prove-answer", "--out", str(tmp_path / "a.json"), "radar", "corvo")
    outcome = run(story, *words, "--calendar", "japan.yaml")
    assert_refused(outcome, Refusal.NOT_PROVABLE, "--calendar reads a file")


def test_impact_watches_the_thresholds_of_the_issuer_s_law(tmp_path: Path) -> None:
    ledger = _ledger(tmp_path)
    event = (
        "shares-transferred", "--share-class", "corvo/common", "--transferor", "h",
        "--transferee", "other", "--shares", "350", "--effective-on", "2024-07-10",
        "--standing", "official", "--dry-run", "--impact",
    )  # fmt: skip
    assert "3%" not in run(ledger, "append", *event).out
    law = _on("2024-01-01", "party-details-changed", "law", party="corvo", home_state="de")
    accept(ledger, law)
    assert " 3%" in run(ledger, "append", *event).out


def test_articles_ask_for_a_declaration_at_each_multiple_until_they_are_amended() -> None:
    clause = {"clause": "steps", "kind": "notice", "issuer": "acme", "percent": "0.5",
              "multiples": "yes", "base": "capital", "notice_days": "15",
              "text": "the votes above are lost for two years"}  # fmt: skip
    articles = {"agreement": "statutes", "title": "Articles", "parties": ["acme"]}
    later = [clause | {"percent": "3", "notice_days": "4"}]
    view = View(Log(recorded(
        opened("alice", 100), opened("carol", 9900),
        on("2023-01-01", "signed", "agreement-signed", clauses=[clause], **articles),
        on("2023-01-01", "force", "agreement-in-force", agreement="statutes"),
        sold("2022-05-01", "before", "carol", "alice", 50),
        sold("2024-05-01", "bought", "carol", "alice", 100),
        on("2025-01-01", "deed", "agreement-amended", agreement="statutes", clauses=later),
        sold("2025-05-01", "more", "carol", "alice", 100),
    )))  # fmt: skip
    answer = radar(view, "acme", Asked(holder="alice"))
    assert [(r["rule"], r["day"], r["threshold"], r["due_on"]) for r in answer.rows] == [
        ("statutes/steps", "2024-05-01", "2", "2024-05-16"),
        ("statutes/steps", "2024-05-01", "2.5", "2024-05-16"),
        ("statutes/steps", "2025-05-01", "3", "2025-05-05"),
    ]
    assert "statutes/steps: the votes above are lost for two years." in answer.notes
    missing = [gap.clause for gap in answer.gaps]
    assert missing == [f"no event at this cut tells the law of {told('party', 'acme')}"]
    assert not radar(view, "acme", Asked(holder="alice", rules=EVERY_FIFTH)).gaps


# The law: the radar says what a scan of every day says

EVERY_FIFTH = parse_rules(
    [
        {
            "id": "SCAN", "law": "a scan", "duty": "none", "deadline": {"text": "never"},
            "base": ["capital", "gross-votes", "held-votes", "net-votes"],
            "steps": {"from": "5", "to": "100", "by": "5"}, "up": ">", "down": "<=",
        }
    ],
    "scan",
)  # fmt: skip


def _around(days: set[str]) -> Iterator[str]:
    for day in sorted(days):
        yield (date.fromisoformat(day) - timedelta(1)).isoformat()


def _percents(history: Log, day: str) -> dict[tuple[str, str], Fraction] | None:
    """What each account has of each base at the end of a day, asked for by itself."""
    view = View(history, Cut(as_of=day))
    rights = Rights(view, alone)
    at_cut = register_at_cut(view, "acme", rights)
    found: dict[tuple[str, str], Fraction] = {}
    capital = [c for c in at_cut.classes if rights.terms.of(c).is_capital]
    whole = sum((at_cut.register.issued(c) for c in capital), Fraction())
    for c in capital:
        for account, shares in at_cut.register.held(c).items():
            place = "capital", account
            found[place] = found.get(place, Fraction()) + shares / whole * 100
    if can_be_counted(at_cut, rights):
        counted = ballots(at_cut, rights)
        gross, held, net = totals(counted)
        for account, one in counted.items():
            if account != TREASURY:
                of = {"gross-votes": (one.held, gross), "held-votes": (one.held, held),
                      "net-votes": (one.held - one.suspended, net)}  # fmt: skip
                found |= {(b, account): n / t * 100 for b, (n, t) in of.items() if t}
    return {key: value for key, value in found.items() if key[1] != TREASURY}


def _scanned(history: Log, rule: Rule, days: list[str]) -> set[tuple[str, ...]]:
    """Every crossing, by asking at the end of each day and of the day before."""
    found = set()
    for day, before in zip(days, _around(set(days)), strict=True):
        then, now = _percents(history, before), _percents(history, day)
        assert then is not None
        assert now is not None
        for base, account in {*then, *now}:
            was, is_ = (p.get((base, account), Fraction()) for p in (then, now))
            for threshold in rule.thresholds:
                if (was > threshold) != (is_ > threshold):
                    direction = "up" if is_ > threshold else "down"
                    found.add((day, account, base, str(threshold), direction))
    return found


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
@given(st.data())
def test_the_radar_says_what_a_scan_of_every_day_says(data: st.DataObject) -> None:
    drafts = [
        (type, key, body | ({"kind": "company"} if type == "party-registered" else {}))
        for type, key, body in data.draw(histories.drafts())
    ]
    history = Log(histories.history(drafts))
    positions = Positions.of(View(history), "acme")
    opened = {step.after.day for step in positions.steps() if step.opens}
    untold = {
        step.after.day
        for step in positions.steps()
        if None in (step.before.totals, step.after.totals)
    }
    answer = radar(View(history), "acme", Asked(rules=EVERY_FIFTH))
    rows = [row for row in answer.rows if row["kind"] == "crossing" and row["day"] not in untold]
    found = {
        (row["day"], row["holder"], row["base"], row["threshold"], row["direction"]) for row in rows
    }
    days = [day for day in positions.days if day not in opened | untold]
    scanned = _scanned(history, EVERY_FIFTH[0], days)
    apart = _left_out(history)
    assert {one for one in found if one[1] not in apart} == {
        one for one in scanned if one[1] not in apart
    }


AS_IMPACT = parse_rules(
    [
        {
            "id": "IMPACT", "law": "impact", "duty": "none", "deadline": {"text": "never"},
            "base": ["gross-votes", "held-votes", "net-votes"], "attribution": ["trusts"],
            "steps": {"from": "5", "to": "100", "by": "5"}, "up": ">=", "down": "<",
        }
    ],
    "impact",
)  # fmt: skip
OF_VOTES = {"gross votes": "gross-votes", "held votes": "held-votes", "net votes": "net-votes"}


@pytest.mark.parametrize("seed", range(4))
def test_impact_and_the_radar_say_the_same_of_votes(seed: int) -> None:
    """Of movements that are all new, on every base, trusts counted for whom they are."""
    random, events = Random(seed), [
        opened("alice", 200), opened("bob", 150), opened("carol", 550), opened("acme", 100),
        settled(day="2020-01-01", beneficiaries=[
            {"party": "alice", "fraction": "1/2"}, {"party": "bob", "fraction": "1/2"},
        ] if seed % 2 else [{"party": "alice"}]),
    ]  # fmt: skip
    count = len(recorded(*events))
    events += filter(None, (_random_event(random, n) for n in range(30)))
    whole = histories.history([*REGISTRATIONS, *events], histories.DAY)
    before, new = Log(whole[:count]), whole[count:]
    after = Log(new, before)
    rows = radar(View(after), "acme", Asked(rules=AS_IMPACT)).rows
    found = {
        (row["day"], row["holder"], row["base"], row["threshold"], row["direction"])
        for row in rows
        if row["kind"] == "crossing"
    }
    said = {
        (row["day"], row["holder"], OF_VOTES[base], row["threshold"], row["direction"])
        for row in impact(before, after, new, AS_IMPACT[0].thresholds).crossings
        if row["of"] != "issued shares"
        for base in (OF_VOTES if row["of"] == "votes" else row["of"].split(" and "))
    }
    assert len(found) > 5
    assert said == found


def _random_event(random: Random, number: int) -> histories.Draft | None:
    """A movement of few shares, or votes that are suspended or restored."""
    day = (date(2024, 1, 1) + timedelta(number // 2)).isoformat()
    key, shares = f"e{number}", random.randrange(1, 40)
    giver, taker = random.sample(("alice", "bob", "carol"), 2)
    of = {"share_class": COMMON, "shares": str(shares)}
    match random.choice(("sale", "placed", "returned", "cancelled", "issued", "suspended")):
        case "sale":
            return sold(day, key, giver, taker, shares)
        case "placed":
            return on(day, key, "shares-placed-in-trust", trust="acme-trust", holder=giver, **of)
        case "cancelled" if number < 10:
            return on(day, key, "shares-cancelled", holder="acme", **of)
        case "issued":
            return on(day, key, "shares-issued", holder=taker, **of)
        case "suspended":
            return on(
                day, key, "voting-rights-suspended", issuer="acme", holder=giver, reason="law"
            )
    return None


def _left_out(history: Log) -> set[str]:
    """Trusts, whose shares count for those behind them from the day of their terms."""
    facts = View(history).every(("trust-settled",)).certain
    return {fact.need("trust") for fact in facts}
