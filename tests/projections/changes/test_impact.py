"""Amendments: the commands that record them, what they say changes, and that it is so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ledger.events.envelope import Recorded
from ledger.rules.new_events import bears_on
from ledger.time.history import known_ids
from ledger.time.log import Log
from ledger.time.view import Cut, View
from ledger.values.dates import BEGINNING
from ledger.values.refusals import Refusal, Refused
from projections.changes import compare as compared
from projections.changes import days
from projections.changes.days import AnswersOnDays
from projections.changes.impact import Impact, impact
from projections.changes.restated import AMENDING
from projections.changes.restatements import restatements
from projections.changes.succession import Succession
from projections.changes.thresholds import USUAL, parse_thresholds
from projections.questions import WATCHED
from projections.radar.percentages import percentage_words
from projections.subjects.holdings import holdings
from tests import ROOT, histories
from tests.helpers import (
    accept,
    append,
    assert_refused,
    assert_usage,
    dated,
    joined,
    lines,
    new_ledger,
    run,
)

slow = settings(
    max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
ALLIANCE = ROOT / "fixtures" / "alliance-register"
BECAUSE = ("--because", "typed wrongly")


# The law: the intervals say exactly what the answers say


def _one_event(data: st.DataObject) -> tuple[Log, Log, list[Recorded]]:
    """A history before and after one of its events, an amendment if there is any."""
    among = data.draw(st.sampled_from([(), histories.CONDITIONAL]))
    events = histories.history(data.draw(histories.drafts(among=among)))
    start = len(histories.WORLD)
    drawn = events[start:] or events
    chosen = data.draw(st.sampled_from([e for e in drawn if e.type in AMENDING] or drawn))
    before = Log(events[: chosen.position - 1])
    return before, Log([chosen], before), [chosen]


_Change: TypeAlias = tuple[str, str, str]  # an answer, a row, and its fields before and after


def _asked_directly(before: Log, after: Log, day: str) -> set[_Change]:
    """What differs on a day between all answers of two histories, touched or not."""
    found = set()
    cut = Cut(as_of=day)
    for one in WATCHED:
        histories = (before, after)
        for id in {id for kind in one.kinds for h in histories for id in known_ids(h, kind)}:
            then, now = (one.ask(View(history, cut), id) for history in histories)
            for row in compared.differing(then, now, one):
                found.add((one.name, row.row, json.dumps(row.fields)))
    return found


def _told(changes: Impact, day: str) -> set[_Change]:
    return {
        (change["answer"], change["row"], json.dumps(change["fields"]))
        for change in changes.changes
        if (change["from"] or "") <= day and (change["until"] is None or day < change["until"])
    }


def _around(days: set[str]) -> Iterator[str]:
    for day in sorted(days):
        yield (date.fromisoformat(day) - timedelta(1)).isoformat()
        yield day


@slow
@given(st.data())
def test_impact_says_what_the_answers_say_inside_and_outside_each_interval(
    data: st.DataObject,
) -> None:
    before, after, new = _one_event(data)
    found = impact(before, after, new)
    ends = {c[end] for c in found.changes for end in ("from", "until") if c[end]}
    for day in {*_around(ends), *histories.CUTS, "2020-10-01", "2021-01-02"}:
        assert _told(found, day) == _asked_directly(before, after, day), day


def test_a_cap_counts_up_to_its_last_day_on_both_sides_of_an_event() -> None:
    of = {"share_class": "acme/common", "effective_on": "2020-01-01", "standing": "official"}
    cap = {"issuer": "acme", "percent": "5", "cap": "pact", "every": "yes", "until": "2021-12-31"}
    kept = histories.history([
        *histories.WORLD,
        ("shares-issued", "of-alice", {"holder": "alice", "shares": "1000", **of}),
        ("voting-cap-agreed", "cap", cap | {"effective_on": "2021-03-01", "standing": "official"}),
        ("shares-issued", "of-bob", {"holder": "bob", "shares": "600", **of}),
    ], histories.DAY)  # fmt: skip
    before, after = Log(kept[:-1]), Log(kept)
    found = impact(before, after, kept[-1:])
    for day in ("2021-02-28", "2021-03-01", "2021-12-31", "2022-01-01"):
        assert _told(found, day) == _asked_directly(before, after, day), day


def _crossed(history: Log, thresholds: tuple[Fraction, ...]) -> set[tuple[str, ...]]:
    """Every crossing of issued shares in a history, day by day, by asking before and after."""
    found: set[tuple[str, ...]] = set()
    ends = {d for fact in View(history).about("issuer:acme", "issuer:boreal").certain
            for d in (fact.effective or ())}  # fmt: skip
    for day in sorted(ends - {BEGINNING}):
        then, now = (_percents(history, end) for end in _around({day}))
        for key in {*then, *now}:
            for threshold in thresholds:
                was, is_ = (key in p and p[key] >= threshold for p in (then, now))
                if was != is_:
                    found.add((*key, percentage_words(threshold), day, "up" if is_ else "down"))
    return found


def _percents(history: Log, day: str) -> dict[tuple[str, str, str], Fraction]:
    found: dict[tuple[str, str, str], Fraction] = {}
    for issuer in ("acme", "boreal"):
        for row in holdings(View(history, Cut(as_of=day)), issuer).rows:
            if row["percent_exact"] is None or row["percent_of"] != "issued":
                continue
            if row["basis"] == "asserted" or row.get("qualifier") == "at-most":
                continue
            key = issuer, row["economic_owner"] or row["holder"], str(row["share_class"])
            had, has = found.get(key, Fraction()), Fraction(row["percent_exact"]) * 100
            found[key] = had + has if row["basis"] == "register" else max(had, has)
    return found


@slow
@given(st.data())
def test_crossings_are_those_of_one_history_and_not_of_the_other(data: st.DataObject) -> None:
    before, after, new = _one_event(data)
    found = {
        (r["issuer"], r["holder"], str(r["share_class"]), r["threshold"], r["day"], r["direction"])
        for r in impact(before, after, new, USUAL).crossings
        if r["of"] == "issued shares"
    }
    assert found == _crossed(before, USUAL) ^ _crossed(after, USUAL)


@slow
@given(st.data())
def test_restatements_of_an_old_cut_never_change(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts()))
    count = data.draw(st.integers(0, len(events)))
    assume(count < len(events))

    def upto(position: int) -> Log:
        return Log(events[:position])

    earlier = restatements(View(Log(events[:count])), upto).rows
    known = [row["position"] for row in earlier]
    later = restatements(View(Log(events)), upto).rows
    again = [row for row in later if row["position"] <= count]
    assert [row["position"] for row in again] == known
    assert [row["changed"] for row in again] == [row["changed"] for row in earlier]


def _each_alone(events: list[Recorded]) -> None:
    """What restatements say that each amendment changed is what is found of it by itself."""
    rows = restatements(View(Log(events)), lambda position: Log(events[:position])).rows
    for row in rows:
        at = row["position"]
        alone = impact(Log(events[: at - 1]), Log(events[:at]), [events[at - 1]])
        assert row["changed"] == alone.as_json(), at


@slow
@given(st.data())
def test_amendments_one_after_another_change_what_each_changes_by_itself(
    data: st.DataObject,
) -> None:
    among = data.draw(st.sampled_from([(), histories.CONDITIONAL]))
    _each_alone(histories.history(data.draw(histories.drafts(most=40, among=among))))


def test_what_is_settled_between_two_amendments_is_not_forgotten() -> None:
    told = {"effective_on": "2021-01-01", "standing": "official"}
    seat = {"company": "boreal", "party": "alice", "conditional_on": [{"condition": "sale"}]}
    wrong = {"event": "seat", "because": "misread"}
    sale = {"condition": "sale", "effect": "precedent", "text": "it is sold"}
    _each_alone(histories.history([
        *histories.WORLD,
        ("condition-set", "sale", sale | told),
        ("board-seat-granted", "seat", seat | told | {"seats": "1"}),
        ("event-corrected", "two", wrong | {"changes": [{"field": "seats", "value": "2"}]}),
        ("condition-settled", "sold", {"condition": "sale", "outcome": "satisfied"} | told),
        ("event-corrected", "three", wrong | {"changes": [{"field": "seats", "value": "3"}]}),
    ]))  # fmt: skip


class Apart(Succession):
    """What is seen around an event, nothing of it carried over from another."""

    def around(self, event: Recorded) -> tuple[AnswersOnDays, AnswersOnDays]:
        before, after = (
            AnswersOnDays(View(self._upto(at), self._cut))
            for at in (event.position - 1, event.position)
        )
        return before, after


def _as_apart(events: list[Recorded], cut: Cut) -> None:
    """What is carried over from one amendment to the next changes nothing that is told."""

    def told() -> list[Any]:
        return restatements(View(Log(events), cut), lambda position: Log(events[:position])).rows

    carried = told()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("projections.changes.restatements.Succession", Apart)
        assert carried == told()


@slow
@given(st.data())
def test_at_any_cut_amendments_one_after_another_change_what_each_changes(
    data: st.DataObject,
) -> None:
    among = data.draw(st.sampled_from([(), histories.REGISTERS]))
    events = histories.history(data.draw(histories.drafts(most=40, among=among)))
    cut = data.draw(histories.cuts(0))[0]
    _as_apart(events, cut._replace(known_by=min(cut.as_of, cut.known_by)))


def test_what_changes_after_the_day_is_told_of_what_was_known_by_then() -> None:
    """Also where no more was known by the day than by the limit of the question."""
    bought = {"share_class": "acme/common", "transferor": "alice", "transferee": "bob"}
    bought |= {"shares": "10", "effective_on": "2030-01-01", "known_on": "2020-01-01"}
    wrong = {"event": "bought", "because": "misread"}
    events = histories.history([
        *histories.WORLD,
        ("shares-transferred", "bought", {**bought, "standing": "official"}),
        ("event-corrected", "ten", wrong | {"changes": [{"field": "shares", "value": "100"}]}),
    ])  # fmt: skip
    cut = Cut(as_of="2027-06-30", known_by="2027-06-30")
    _as_apart(events, cut)
    (row,) = restatements(View(Log(events), cut), lambda position: Log(events[:position])).rows
    assert {change["from"] for change in row["changed"]["changes"]} == {"2030-01-01"}


CITED = (
    "source-corrected", "source-retracted", "source-corrected", "shares-issued", "stake-disclosed",
    "shares-transferred", "shares-distributed", "director-appointed",
)  # fmt: skip


@slow
@given(st.data())
def test_a_subject_is_told_all_that_an_amendment_changed_of_it(data: st.DataObject) -> None:
    among = data.draw(st.sampled_from([(), CITED, CITED]))
    events = histories.history(data.draw(histories.drafts(among=among)))

    def upto(position: int) -> Log:
        return Log(events[:position])

    view = View(Log(events))
    every = {row["position"]: row["changed"] for row in restatements(view, upto).rows}
    subject = data.draw(st.sampled_from(["acme", "boreal", "alice", "fund-one", "filing"]))
    own = {f"{kind}:{subject}" for kind in ("issuer", "party", "source")}
    for row in restatements(view, upto, subject).rows:
        told, whole = row["changed"], every[row["position"]]
        for name in ("changes", "crossings", "events"):
            assert all(one in whole[name] for one in told[name]), "more is told of a subject"
        assert [c for c in told["changes"] if c["subject"] == subject] == [
            c for c in whole["changes"] if c["subject"] == subject
        ]
        reread = [view.history.mentioning(f"key:{one['event']}")[0] for one in whole["events"]]
        assert {e.key for e in reread if own & set(bears_on(e, view.history))} <= {
            one["event"] for one in told["events"]
        }


# Thresholds


def test_thresholds_are_read_exactly() -> None:
    assert parse_thresholds("50,100/3, 5") == (Fraction(5), Fraction(100, 3), Fraction(50))
    assert [percentage_words(t) for t in USUAL] == [
        "5", "10", "15", "20", "25", "30", "33 1/3", "50", "66 2/3", "90",
    ]  # fmt: skip
    assert percentage_words(Fraction("12.50")) == "12.5"


@pytest.mark.parametrize("text", ["", "0", "101", "-5", "1e1", "5,,6", "5/0", "x", "5;6", "1/2/3"])
def test_what_is_no_threshold_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="R206"):
        parse_thresholds(text)


# The commands


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Bolt is issued 100 shares, then sells 40 to Fund One, on the word of a notice."""
    return new_ledger(
        tmp_path,
        {"type": "source-registered", "source": "notice", "title": "Notice", "kind": "filing",
         "publisher": "AMF", "published_on": "2023-11-10", "key": "notice"},
        {"type": "source-registered", "source": "press", "title": "Press", "kind": "press",
         "publisher": "P", "published_on": "2023-11-09", "key": "press"},
        dated("shares-transferred", share_class="acme/common", transferor="bolt",
              transferee="fund-one", shares="40", key="sale", note="n",
              citations=[{"source": "notice"}]),
        dated("shares-transferred", share_class="acme/common", transferor="fund-one",
              transferee="fund-two", shares="30", key="resale")
        | {"effective_on": "2024-03-01"},
    )  # fmt: skip


def receipt(ledger: Path, *words: str) -> dict[str, Any]:
    outcome = run(ledger, *words, "--json")
    assert outcome.code == 0, outcome.err
    found: dict[str, Any] = json.loads(outcome.out)
    return found


def shares(ledger: Path, *words: str) -> dict[str, str]:
    outcome = run(ledger, "holdings", "acme", "--format", "json", *words)
    assert outcome.code == 0, outcome.err
    return {row["holder"]: row["shares"] for row in json.loads(outcome.out)["rows"]}


def test_correct_records_the_fields_given_and_tells_intervals(ledger: Path) -> None:
    told = receipt(ledger, "correct", "sale", "--shares", "35", *BECAUSE)
    (event,) = told["events"]
    assert (event["type"], event["status"]) == ("event-corrected", "recorded")
    changes = [
        (c["row"], c["fields"]["shares"], c["from"], c["until"])
        for c in told["impact"]["changes"]
        if c["answer"] == "holdings"
    ]
    assert changes == [
        ("acme/common bolt", ["60", "65"], "2023-11-08", None),
        ("acme/common fund-one", ["40", "35"], "2023-11-08", "2024-03-01"),
        ("acme/common fund-one", ["10", "5"], "2024-03-01", None),
    ]
    assert shares(ledger) == {"bolt": "65", "fund-two": "30", "fund-one": "5"}
    assert told["impact"]["events"] == [
        {"event": "sale", "position": 11, "type": "shares-transferred", "stands": [True, True],
         "known": ["2023-11-10", "2023-11-10"], "at_latest": [None, None],
         "fields": {"shares": ["40", "35"]}}
    ]  # fmt: skip


def test_an_answer_for_an_old_recorded_by_never_changes(ledger: Path) -> None:
    shown = json.loads(run(ledger, "show", "resale", "--format", "json").out)
    cut = ("holdings", "acme", "--recorded-by", shown["rows"][0]["recorded_at"])
    before = run(ledger, *cut)
    run(ledger, "correct", "sale", "--shares", "35", *BECAUSE)
    run(ledger, "retract-source", "notice", *BECAUSE)
    assert run(ledger, *cut) == before


@pytest.mark.parametrize("name", ["sale", "#11", "11"])
def test_an_event_is_named_by_key_or_position(ledger: Path, name: str) -> None:
    outcome = run(ledger, "correct", name, "--shares", "35", *BECAUSE, "--key", "fix")
    assert outcome.out.startswith(
        "Recorded #13 fix: sale is corrected (shares 35): typed wrongly.\n"
    )
    assert "#11 sale: shares 40 -> 35" in outcome.out
    again = run(ledger, "correct", name, "--shares", "35", *BECAUSE, "--key", "fix")
    assert again.out.startswith("Already recorded as #13 fix: sale is corrected (shares 35)")
    assert again.out.endswith("\nNothing new to record.\n")


def test_a_correction_on_trial_records_nothing(ledger: Path) -> None:
    outcome = run(ledger, "correct", "sale", "--shares", "30", *BECAUSE, "--dry-run")
    assert outcome.code == 0
    assert "Would record #13: sale is corrected" in outcome.out
    assert "no longer: common, Fund-One" in outcome.out
    assert shares(ledger)["fund-one"] == "10"


def test_without_takes_an_optional_field_away_and_no_other(ledger: Path) -> None:
    told = receipt(ledger, "correct", "sale", "--without", "note", *BECAUSE)
    assert told["impact"]["events"][0]["fields"] == {"note": ["n", None]}
    assert told["impact"]["changes"] == []
    outcome = run(ledger, "correct", "sale", "--without", "shares", *BECAUSE)
    assert_refused(outcome, Refusal.MISSING_FIELD, "shares is missing")
    outcome = run(ledger, "correct", "sale", "--without", "colour", *BECAUSE)
    assert_refused(outcome, Refusal.UNKNOWN_FIELD, '"colour" is not a field of shares-transferred')


def test_a_field_named_like_an_option_is_spelt_apart(ledger: Path) -> None:
    words = ("--corrected-standing", "reported", "--kind", "new-information")
    told = receipt(ledger, "correct", "sale", *words, *BECAUSE, "--citations", "press:p. 1")
    assert told["impact"]["events"][0]["fields"] == {"standing": ["official", "reported"]}
    told = receipt(ledger, "correct", "party-bolt", "--corrected-kind", "fund", *BECAUSE)
    assert told["impact"]["events"][0]["fields"] == {"kind": ["company", "fund"]}


def test_a_correction_of_a_correction_takes_the_fields_of_the_event(ledger: Path) -> None:
    receipt(ledger, "correct", "sale", "--shares", "35", *BECAUSE, "--key", "fix")
    told = receipt(ledger, "correct", "fix", "--shares", "36", *BECAUSE)
    assert [e["event"] for e in told["impact"]["events"]] == ["sale", "fix"]
    assert shares(ledger)["bolt"] == "64"
    receipt(ledger, "retract", "fix", *BECAUSE)
    assert shares(ledger)["bolt"] == "60"


def test_what_cannot_be_corrected_is_refused(ledger: Path) -> None:
    correct = ("correct", "sale", "--shares")
    assert_refused(run(ledger, "correct", "sele", *BECAUSE), Refusal.UNKNOWN_SUBJECT, "sale")
    assert_refused(run(ledger, *correct, "many", *BECAUSE), Refusal.BAD_NUMBER, "many")
    assert_refused(run(ledger, *correct, "35"), Refusal.MISSING_FIELD, "because is missing")
    assert_refused(
        run(ledger, *correct, "20", *BECAUSE),
        Refusal.BREAKS_LATER_EVENT,
        'It would leave fund-one with -10 acme/common on 2024-03-01, when #12 "resale"',
    )
    assert_usage(run(ledger, "correct", "sale", *BECAUSE), "Give a field to correct")
    assert_usage(run(ledger, "correct", "sale", "--colour", "red", *BECAUSE), "--colour")
    assert_usage(run(ledger, "correct-source", "notice", *BECAUSE), "--published-on")
    receipt(ledger, "retract", "resale", *BECAUSE, "--key", "gone")
    for words in (("retract", "resale"), ("correct", "resale", "--shares", "5")):
        outcome = run(ledger, *words, *BECAUSE, "--again")
        assert_refused(outcome, Refusal.BAD_AMENDMENT, '"resale" is already retracted, by #13')


def test_an_amendment_stays_about_what_it_names(ledger: Path) -> None:
    receipt(ledger, "correct", "sale", "--shares", "35", *BECAUSE, "--key", "fix")
    event = {"type": "event-corrected", "event": "fix", "because": "b",
             "changes": [{"field": "event", "value": "resale"}]}  # fmt: skip
    outcome = run(ledger, "append", "--file", "-", stdin=json.dumps(event).encode() + b"\n")
    assert_refused(outcome, Refusal.BAD_AMENDMENT, '"fix" stays about the event it names')


def test_sources_corrected_retracted_and_added(ledger: Path) -> None:
    told = receipt(ledger, "correct-source", "notice", "--published-on", "2023-11", *BECAUSE)
    moved = {e["event"]: e["known"] for e in told["impact"]["events"]}
    assert moved["sale"] == ["2023-11-10", "2023-11-01..2023-11-30"]
    told = receipt(ledger, "corroborate", "sale", "--source", "press:p. 3", "--source", "notice")
    assert told["impact"]["events"][0]["known"][1] == "2023-11-01..2023-11-09"
    assert run(ledger, "retract-source", "notice", *BECAUSE).code == 0
    assert shares(ledger)["fund-two"] == "30"
    outcome = run(ledger, "retract-source", "press", *BECAUSE)
    assert_refused(outcome, Refusal.BREAKS_LATER_EVENT, "fund-one with -30")
    assert_usage(run(ledger, "corroborate", "sale"), "--source")


def test_append_tells_its_impact_when_asked(ledger: Path) -> None:
    sale = ("shares-transferred", "--share-class", "acme/common", "--transferor", "bolt",
            "--transferee", "fund-two", "--shares", "20", "--standing", "official",
            "--effective-on", "2025-01-01")  # fmt: skip
    told = run(ledger, "append", *sale, "--impact", "--thresholds", "50")
    assert "Recorded #13" in told.out
    assert "holdings Acme, from 2025-01-01 on\n" in told.out
    crossing = "added: Bolt falls below 50% of the issued common shares of Acme on"
    assert f"{crossing} 2025-01-01" in joined(told.out)
    silent = run(ledger, "append", *sale, "--again", "--json")
    assert json.loads(silent.out)["impact"] is None


def test_a_row_that_ends_on_both_sides_is_no_difference(tmp_path: Path) -> None:
    """All shares of a class become others; that it was to come changes nothing once it has."""
    taken = dated("shares-reclassified", share_class="acme/common", into_class="acme/new")
    ledger = new_ledger(
        tmp_path,
        {"type": "share-class-created", "share_class": "acme/new"},
        taken | {"key": "taken", "ratio": "1:1", "fractions": "refuse", "effective_on": "2024-H1"},
    )
    told = run(ledger, "correct", "taken", "--tense", "upcoming", *BECAUSE, "--impact", "--json")
    assert [row["answer"] for row in json.loads(told.out)["impact"]["changes"]] == []


def test_a_crossing_without_a_trade_says_so(ledger: Path) -> None:
    cancelled = dated("shares-cancelled", share_class="acme/common", holder="fund-two", shares="30")
    accept(ledger, cancelled | {"key": "cancelled", "effective_on": "2025-01-01"})
    told = run(ledger, "retract", "cancelled", *BECAUSE, "--thresholds", "66,200/3")
    assert (
        "gone: Bolt reaches 66, 66 2/3% of the issued common shares of Acme on 2025-01-01"
        " (shares-cancelled cancelled); its own number stays the same, shares are cancelled"
    ) in joined(told.out)


def test_a_crossing_by_a_buyback_says_so(ledger: Path) -> None:
    bought = dated("shares-repurchased", share_class="acme/common", holder="fund-two", shares="30")
    bought |= {"key": "bought", "effective_on": "2025-01-01"}
    told = append(ledger, lines(bought), "--impact", "--thresholds", "66,200/3,69")
    assert (
        "Bolt reaches 66, 66 2/3, 69% of the held votes and net votes of Acme on 2025-01-01"
        " (shares-repurchased bought); its own number stays the same, shares are bought back"
    ) in joined(told.out)


def test_crossings_of_many_thresholds_at_once_are_one_line(ledger: Path) -> None:
    thresholds = ",".join(str(n) for n in range(1, 100))
    sold = dated("shares-transferred", share_class="acme/common", shares="30")
    sold |= {"transferor": "fund-two", "transferee": "bolt", "effective_on": "2025-01-01"}
    told = append(ledger, lines(sold), "--impact", "--thresholds", thresholds)
    assert "Bolt reaches 30 thresholds from 61 to 90% of the issued" in joined(told.out)
    assert "Fund-Two falls below 30 thresholds from 1 to 30% of the" in joined(told.out)


def test_restatements_list_what_each_changed(ledger: Path) -> None:
    receipt(ledger, "correct", "sale", "--shares", "35", *BECAUSE, "--key", "fix")
    receipt(ledger, "retract", "fix", "--because", "it was right", "--key", "unfix")
    found = json.loads(run(ledger, "restatements", "acme", "--format", "json").out)
    assert [(r["event"], r["amends"], r["kind"], r["stands"]) for r in found["rows"]] == [
        ("fix", "sale", "clerical", False),
        ("unfix", "fix", "clerical", True),
    ]
    first, second = (row["changed"]["changes"] for row in found["rows"])
    undone = [{**c, "fields": {n: f[::-1] for n, f in c["fields"].items()}} for c in first]
    assert undone == second
    for words in (["sale"], ["acme", "--limit", "1"], ["--format", "csv"], ["bolt"]):
        assert run(ledger, "restatements", *words).code == 0
    none = run(ledger, "restatements", "acme", "--recorded-by", "2020-01-01")
    assert_refused(none, Refusal.UNKNOWN_SUBJECT)


def test_too_many_days_are_said_not_to_be_compared(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trades = [
        dated("shares-transferred", share_class="acme/common", transferor="bolt",
              transferee="fund-two", shares="1", key=f"trade-{day}")
        | {"effective_on": f"2024-05-{day:02}"}
        for day in range(1, 21)
    ]  # fmt: skip
    accept(ledger, *trades)
    monkeypatch.setattr(days, "MOST_ROWS", 50)
    told = receipt(ledger, "correct", "sale", "--shares", "35", *BECAUSE, "--dry-run")
    (said, *_) = [
        note for note in told["impact"]["notes"] if note.startswith("holdings acme: from")
    ]
    assert "of which only the last was compared" in said
    assert "which thresholds are crossed there, is not told" in said
    intervals = [(c["from"], c["until"]) for c in told["impact"]["changes"]]
    assert ("2024-05-20", None) in intervals


def test_the_alliance_with_the_buyback_entered_as_the_sale(tmp_path: Path) -> None:
    folder = tmp_path / "register"
    folder.mkdir()
    for path in ALLIANCE.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        if path.name.startswith("02"):
            assert text.count("  shares: 99132100\n") == 1
            text = text.replace("  shares: 99132100\n", "  shares: 100242900\n")
        (folder / path.name).write_text(text, encoding="utf-8")
    ledger = tmp_path / "alliance.db"
    assert run(ledger, "init").code == 0
    assert run(ledger, "append", "--file", str(folder)).code == 0
    told = receipt(
        ledger, "correct", "trust-sale-2", "--shares", "99132100", "--because",
        "the buyback of 100,242,900 was entered as the sale",
    )  # fmt: skip
    trust = [
        (c["from"], c["until"], *c["fields"]["shares"], *c["fields"]["percent"])
        for c in told["impact"]["changes"]
        if c["answer"] == "holdings" and c["row"].endswith("renault-nissan-trust")
    ]
    assert trust == [
        ("2024-03-28", "2024-04-03", "887486860", "888597660", "22.13", "22.16"),
        ("2024-04-03", "2024-09-27", "887486860", "888597660", "22.70", "22.73"),
        ("2024-09-27", "2024-10-03", "692013260", "693124060", "17.70", "17.73"),
        ("2024-10-03", None, "692013260", "693124060", "18.63", "18.66"),
    ]
    crossings = [
        (r["change"], r["holder"], r["threshold"], r["direction"], r["day"])
        for r in told["impact"]["crossings"]
    ]
    assert crossings == [
        ("gone", "nissan", "5", "up", "2024-09-27"),
        ("gone", "nissan", "5", "down", "2024-10-03"),
    ]
    fresh = tmp_path / "right.db"
    assert run(fresh, "init").code == 0
    assert run(fresh, "append", "--file", str(ALLIANCE)).code == 0
    for day in ("2024-03-28", "2024-06-30", "2025-01-01"):
        asked = ("--as-of", day, "--format", "json")
        for answer in ("holdings", "votes"):
            rows = [json.loads(run(db, answer, "nissan", *asked).out)["rows"] for db in
                    (ledger, fresh)]  # fmt: skip
            assert rows[0] == rows[1]


def test_a_step_of_an_agreement_bears_on_all_whom_any_of_its_steps_names() -> None:
    """It enters into force, and names nobody: the parties are those who signed it."""
    of = {"agreement": "pact", "standing": "official"}
    signed = {"title": "Pact", "parties": ["alice", "boreal"], "clauses": []}
    events = histories.history([
        *histories.WORLD,
        ("agreement-signed", "signed", of | signed | {"effective_on": "2021-01-01"}),
        ("agreement-in-force", "begun", of | {"effective_on": "2021-02-01"}),
        ("event-retracted", "gone", {"event": "begun", "because": "x", "correction": "clerical"}),
    ])  # fmt: skip
    for last in (-2, -1):
        history = events[: len(events) + last + 1]
        before = Log(history[:-1])
        changes = impact(before, Log(history[-1:], before), history[-1:]).changes
        governance = {change["subject"] for change in changes if change["answer"] == "governance"}
        assert governance == {"alice", "boreal"}
