"""Two points in time side by side, on every clock, and two ledgers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.time.history import known_ids
from ledger.time.log import Log
from ledger.time.view import Cut, View
from ledger.values.refusals import Refusal
from projections.changes.diff import diff
from tests import histories
from tests.helpers import accept, assert_refused, assert_usage, dated, new_ledger, run
from tests.projections.readmodel.test_histories import index_of, slow
from tests.test_alliance import REGISTER, loaded

SALE = dated(
    "shares-transferred", key="sale", share_class="acme/common", transferor="bolt",
    transferee="fund-one", shares="40",
)  # fmt: skip


def differences(path: Path, *words: str) -> list[dict[str, Any]]:
    """The rows of a comparison."""
    outcome = run(path, "diff", *words, "--format", "json")
    assert outcome.code == 0, outcome.err
    answer = json.loads(outcome.out)
    assert set(answer) == {"cut", "rows", "possible", "notes"}
    rows: list[dict[str, Any]] = answer["rows"]
    return rows


def held(rows: list[dict[str, Any]]) -> dict[str, tuple[str, Any, Any, list[str]]]:
    """The differences of holdings: how each row changes, its shares on both sides, the events."""
    found = {}
    for row in rows:
        if row["answer"] == "holdings":
            old, new = row["before"] or {}, row["after"] or {}
            found[row["row"]] = row["change"], old.get("shares"), new.get("shares"), row["events"]
    return found


SOLD = {
    "acme/common bolt": ("changed", "100", "60", ["sale"]),
    "acme/common fund-one": ("added", None, "40", ["sale"]),
}


def test_what_moved_in_the_register_that_a_distribution_reads_is_a_cause() -> None:
    """Posted movements of the other register too, which the read model has in its sums."""
    told = {"standing": "official", "effective_on": "2021-01-01"}
    moved = {"share_class": "acme/common", "transferor": "alice", "transferee": "bob"}
    given = {"share_class": "acme/common", "distributed_class": histories.ELSEWHERE}
    given |= {"ratio": "1:10", "supply": "new", "fractions": "down", "treasury": "excluded"}
    events = histories.history([
        *histories.WORLD, ("share-class-created", "class", {"share_class": histories.ELSEWHERE}),
        ("shares-distributed", "given", told | given | {"effective_on": "2021-06-30"}),
        ("shares-transferred", "moved", told | moved | {"shares": "100", "standing": "reported"}),
    ])  # fmt: skip
    for history in (Log(events), index_of(events)):
        sides = (View(history, Cut(standing=floor)) for floor in ("official", "reported"))
        rows = [row for row in diff(*sides).rows if row["about"] == "boreal"]
        assert {row["change"] for row in rows} == {"changed"}
        assert all(row["events"] == ["moved"] for row in rows)


def test_the_effective_clock(tmp_path: Path) -> None:
    path = new_ledger(tmp_path, SALE)
    words = "--from", "as-of=2023-11-07", "--to", "as-of=2023-11-08"
    assert held(differences(path, *words)) == SOLD
    back = held(differences(path, "--from", words[3], "--to", words[1]))
    assert back["acme/common fund-one"] == ("gone", "40", None, ["sale"])


def test_the_known_clock(tmp_path: Path) -> None:
    path = new_ledger(tmp_path)
    for number, day in enumerate(("2024-01-01", "2024-02-01")):
        accept(path, dated(
            "stake-disclosed", key=f"said-{number}", issuer="bolt", holder="fund-two",
            percent=str(5 + number), percent_of="issued", known_on=day,
            effective_on=f"2023-0{number + 1}-01",
        ))  # fmt: skip
    words = "--as-of", "2024-12-31", "--from", "known-by=2024-01-15", "--to", "known-by=2024-02-15"
    (row,) = [r for r in differences(path, *words) if r["answer"] == "holdings"]
    assert (row["before"], row["after"]) == ({"percent": "5"}, {"percent": "6"})
    assert row["events"] == ["said-1"]


def test_the_recorded_clock_and_a_correction_as_the_cause(tmp_path: Path) -> None:
    path = new_ledger(tmp_path, SALE)
    last = json.loads(run(path, "show", "sale", "--format", "json").out)["rows"][0]["recorded_at"]
    accept(path, {
        "type": "event-corrected", "key": "fix", "event": "sale", "because": "misread",
        "correction": "clerical", "changes": [{"field": "shares", "value": "30"}],
    })  # fmt: skip
    found = held(differences(path, "--from", f"recorded-by={last}"))
    assert found == {
        "acme/common bolt": ("changed", "60", "70", ["fix"]),
        "acme/common fund-one": ("changed", "40", "30", ["fix"]),
    }


def test_a_retraction_as_the_cause(tmp_path: Path) -> None:
    path = new_ledger(tmp_path, SALE)
    last = json.loads(run(path, "show", "sale", "--format", "json").out)["rows"][0]["recorded_at"]
    accept(path, {"type": "event-retracted", "key": "off", "event": "sale", "because": "no sale"})
    found = held(differences(path, "--from", f"recorded-by={last}"))
    assert found["acme/common fund-one"] == ("gone", "40", None, ["off", "sale"])


def test_a_correction_of_a_correction_as_the_cause(tmp_path: Path) -> None:
    fixed = {"correction": "clerical", "because": "misread", "type": "event-corrected"}
    shares = [[{"field": "shares", "value": str(number)}] for number in (30, 20)]
    path = new_ledger(tmp_path, SALE, fixed | {"key": "fix", "event": "sale", "changes": shares[0]})
    last = json.loads(run(path, "show", "fix", "--format", "json").out)["rows"][0]["recorded_at"]
    accept(path, fixed | {"key": "fix-of-fix", "event": "fix", "changes": shares[1]})
    found = held(differences(path, "--from", f"recorded-by={last}"))
    assert found["acme/common fund-one"] == ("changed", "30", "20", ["fix-of-fix"])


def test_the_floor_of_standing(tmp_path: Path) -> None:
    path = new_ledger(tmp_path, SALE | {"standing": "reported"})
    found = held(differences(path, "--from", "standing=official", "--to", "standing=reported"))
    assert found == SOLD
    with_option = differences(path, "--standing", "official", "--to", "standing=any")
    assert held(with_option) == SOLD


def test_two_ledgers(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    one, other = new_ledger(tmp_path / "one"), new_ledger(tmp_path / "other", SALE)
    assert held(differences(one, "--to", f"ledger={other}")) == SOLD
    assert held(differences(other, "--from", f"ledger={one},as-of=2024")) == SOLD
    table = run(one, "diff", "--to", f"ledger={other}")
    assert str(other) in table.out.replace("\n", "")


def test_a_subject_limits_it(tmp_path: Path) -> None:
    path = new_ledger(tmp_path, SALE)
    words = "--from", "as-of=2023-11-07", "--to", "as-of=2023-11-08"
    assert set(held(differences(path, "fund-one", *words))) == {"acme/common fund-one"}
    assert set(held(differences(path, "acme", *words))) == set(SOLD)
    assert differences(path, "fund-two", *words) == []
    outcome = run(path, "diff", "fund-onee", *words)
    assert_refused(outcome, Refusal.UNKNOWN_SUBJECT, "fund-onee", code=2)


def test_equal_cuts_do_not_differ(tmp_path: Path) -> None:
    path = new_ledger(tmp_path, SALE)
    assert differences(path, "--from", "as-of=2024", "--to", "as-of=2024-12-31") == []
    outcome = run(path, "diff", "--from", "as-of=2024", "--to", "as-of=2024")
    assert outcome.code == 0
    assert "No answer differs" in outcome.out


def step(type: str, key: str, day: str, **fields: Any) -> dict[str, Any]:
    """An official event of a day."""
    return dated(type, key=key, **fields) | {"effective_on": day}


def causes(path: Path, *words: str) -> dict[tuple[str, str, str], list[str]]:
    """The events named by each row that differs: by answer, row and change."""
    found = differences(path, *words)
    return {(r["answer"], r["row"], r["change"]): r["events"] for r in found}


NEW_YEAR = "--from", "as-of=2020-12-31", "--to", "as-of=2021-01-01"


def test_what_ends_a_row_is_named_and_not_what_began_it(tmp_path: Path) -> None:
    person = {"company": "acme", "person": "ann"}
    chair = {"company": "acme", "person": "ben", "role": "chair"}
    pact = {"agreement": "pact"}
    cap = {"issuer": "acme", "holder": "bolt"}
    path = new_ledger(
        tmp_path,
        *({"type": "party-registered", "party": name, "kind": "person", "name": name}
          for name in ("ann", "ben")),
        step("director-appointed", "sits", "2020-01-01", nominated_by="bolt", **person),
        step("officer-appointed", "chairs", "2020-01-01", **chair),
        step("board-seat-granted", "grants", "2020-01-01", company="acme", party="bolt"),
        step("board-seat-granted", "other", "2020-01-01", company="acme", party="fund-one"),
        step("agreement-signed", "signs", "2020-01-01", title="P", parties=["acme", "bolt"],
             clauses=[{"clause": "still", "kind": "standstill", "text": "t"}], **pact),
        step("agreement-in-force", "forces", "2020-01-02", **pact),
        step("voting-cap-agreed", "caps", "2020-01-01", percent="10", **cap),
        step("shares-transferred", "sale", "2021-01-01", share_class="acme/common",
             transferor="bolt", transferee="fund-one", shares="100"),
        step("shares-transferred", "resale", "2021-01-01", share_class="acme/common",
             transferor="fund-one", transferee="fund-two", shares="10"),
        step("director-left", "leaves", "2021-01-01", **person),
        step("officer-left", "unchairs", "2021-01-01", **chair),
        step("agreement-ended", "ends", "2021-01-01", **pact),
        step("voting-cap-lifted", "lifts", "2021-01-01", **cap),
        step("board-seat-withdrawn", "withdraws", "2021-01-01", company="acme", party="fund-one"),
    )  # fmt: skip
    found = causes(path, "acme", *NEW_YEAR)
    assert found == {
        ("holdings", "acme/common bolt", "gone"): ["sale"],
        ("holdings", "acme/common fund-one", "added"): ["resale", "sale"],
        ("holdings", "acme/common fund-two", "added"): ["resale"],
        ("votes", "bolt", "gone"): ["sale"],
        ("votes", "fund-one", "added"): ["resale", "sale"],
        ("votes", "fund-two", "added"): ["resale"],
        ("governance", "seat bolt ann director", "gone"): ["leaves"],
        ("governance", "seat bolt director", "added"): ["leaves"],
        ("governance", "seat fund-one director", "gone"): ["withdraws"],
        ("governance", "director bolt ann director", "gone"): ["leaves"],
        ("governance", "officer ben chair", "gone"): ["unchairs"],
        ("governance", "agreement in force pact", "gone"): ["ends"],
        ("governance", "clause standstill pact still", "gone"): ["ends"],
        ("governance", "clause bolt voting-cap", "gone"): ["lifts"],
    }


def test_a_part_of_another_whole_names_what_changed_the_whole(tmp_path: Path) -> None:
    issued = {"share_class": "acme/common", "holder": "fund-one", "shares": "100"}
    path = new_ledger(
        tmp_path,
        step("shares-issued", "issue", "2021-01-01", **issued),
        step("shares-issued", "elsewhere", "2021-01-01", **issued | {"share_class": "acme/b"}),
        step("shares-transferred", "trade", "2021-01-01", share_class="acme/common",
             transferor="fund-one", transferee="fund-two", shares="10"),
    )  # fmt: skip
    found = causes(path, "acme", *NEW_YEAR)
    assert found["holdings", "acme/common bolt", "changed"] == ["issue"]
    assert found["holdings", "acme/common fund-two", "added"] == ["trade"]


def test_steps_and_claims_name_their_own(tmp_path: Path) -> None:
    source = {"type": "claim-recorded", "standing": "reported", "effective_on": "2020"}
    plans = {"issuer": "acme", "deal": "float"}
    path = new_ledger(
        tmp_path,
        source | {"subject": "acme", "attribute": "staff", "value": "5", "key": "five"},
        step("offering-planned", "plan", "2020-02-01", offering="ipo", window="2022", **plans),
        step("offering-planned", "other", "2021-01-01", offering="bond", window="2022", **plans),
        step("offering-cancelled", "off", "2021-01-01", offering="ipo", deal="float", reason="r"),
        step("claim-recorded", "six", "2021-01-01", subject="acme", attribute="staff", value="6"),
        step("claim-recorded", "sites", "2021-01-01", subject="acme", attribute="sites", value="1"),
    )  # fmt: skip
    found = causes(path, *NEW_YEAR)
    assert found["deals", "offering ipo", "changed"] == ["off"]
    assert found["deals", "offering bond", "added"] == ["other"]
    assert found["claims", "staff six", "added"] == ["six"]
    assert found["claims", "sites sites", "added"] == ["sites"]


def test_what_is_merely_possible_is_compared_too(tmp_path: Path) -> None:
    path = new_ledger(tmp_path, SALE | {"effective_on": "2023-11"})
    words = "--from", "as-of=2023-10-31", "--to", "as-of=2023-11-15"
    assert differences(path, *words) == []
    answer = json.loads(run(path, "diff", *words, "--format", "json").out)
    why = "it took effect some day of 2023-11"
    assert [(r["event"], r["before"], r["after"]) for r in answer["possible"]] == [
        ("sale", None, why)
    ]
    assert answer["notes"] == []
    table = run(path, "diff", "acme", *words).out
    assert f"left out -> possible ({why})" in table
    assert "sale" in run(path, "diff", *words, "--format", "csv").out
    assert "sale" not in run(path, "diff", "fund-two", *words, "--format", "json").out
    became = json.loads(run(path, "diff", "--from", words[3], "--format", "json").out)
    assert [(r["before"], r["after"]) for r in became["possible"]] == [(why, "certain")]


def test_a_number_is_shown_with_its_qualifier(tmp_path: Path) -> None:
    plan = {"investment": "stake", "investor": "acme", "investee": "bolt"}
    path = new_ledger(
        tmp_path,
        step("stake-disclosed", "one", "2020-01-01", issuer="bolt", holder="acme", percent="5",
             percent_of="issued", qualifier="about"),
        step("stake-disclosed", "two", "2021-01-01", issuer="bolt", holder="acme", percent="6",
             percent_of="issued", qualifier="about"),
        step("investment-planned", "plan", "2020-01-01", amount="EUR 5", percent="5", **plan),
        step("investment-committed", "bind", "2021-01-01", amount="EUR 6", percent="6",
             qualifier="at-most", **plan),
    )  # fmt: skip
    told = run(path, "diff", *NEW_YEAR).out
    assert "~ 5 -> ~ 6" in told
    assert "amount 5 -> at most 6; percent 5 -> 6" in told
    assert "qualifier" not in told
    assert re.search("percent +5 +6\n", run(path, "diff", *NEW_YEAR, "--full").out)


def test_votes_whose_total_changes_name_the_events(tmp_path: Path) -> None:
    path = loaded(tmp_path / "register.db", [REGISTER])
    words = "nissan-finance", "--from", "as-of=2023-11-07", "--to", "as-of=2023-11-08"
    (row,) = [r for r in differences(path, *words) if r["answer"] == "votes"]
    assert (row["before"]["exercisable"], row["before"]["after_caps"]) == ("0", "0")
    assert (row["after"]["exercisable"], row["after"]["after_caps"]) == ("88716686", "60133316")
    assert (row["before"]["exercisable_percent"], row["after"]["exercisable_percent"]) == (
        "0.00",
        "22.13",
    )
    assert "renault-votes-nissan-finance-restored" in row["events"]
    assert "renault-voting-cap-nissan-finance" in row["events"]


@pytest.mark.parametrize("form", ["table", "markdown", "csv"])
def test_it_is_written_in_every_format(tmp_path: Path, form: str) -> None:
    path = new_ledger(tmp_path, SALE)
    outcome = run(path, "diff", "--from", "as-of=2023-11-07", "--format", form)
    assert outcome.code == 0
    told = ("acme/common fund-one", "added") if form == "csv" else ("Fund-One", "+")
    for words in (*told, "sale"):
        assert words in outcome.out


def test_a_summary_has_at_most_forty_lines_and_the_whole_has_every_field(tmp_path: Path) -> None:
    path = loaded(tmp_path / "register.db", [REGISTER])
    words = "diff", "nissan", "--from", "as-of=2023-11-07", "--to", "as-of=2025-06-30"
    summary, whole = (run(path, *words, *more, COLUMNS="80").out for more in ([], ["--full"]))
    assert summary.count("\n") <= 40
    assert "--full" in summary
    for row in differences(path, *words[1:]):
        assert all(key in whole for key in row["events"])
        assert all(name.replace("_", " ") in whole for name in row["after"] or {})


def test_of_an_agreement_is_told_what_is_not_only_its_dates(tmp_path: Path) -> None:
    """Once, though both parties have it; a clause apart only where its own terms differ."""
    path = new_ledger(
        tmp_path,
        step("agreement-signed", "signs", "2020-06-01", agreement="pact", title="The pact",
             parties=["acme", "bolt"], clauses=[
                 {"clause": "floor", "kind": "lock-up", "party": "bolt", "issuer": "acme",
                  "percent": "15", "text": "Not below 15%"}]),
        step("agreement-in-force", "runs", "2021-01-01", agreement="pact"),
        step("agreement-amended", "lowers", "2021-02-01", agreement="pact", clauses=[
            {"clause": "floor", "kind": "lock-up", "party": "bolt", "issuer": "acme",
             "percent": "10", "text": "Not below 10%"}]),
    )  # fmt: skip
    begun = run(path, "diff", *NEW_YEAR, COLUMNS="80").out
    assert begun.count("The pact") == 1
    assert "+  The pact in force since 2021-01-01 (signed 2020-06-01), 1 clause" in begun
    assert "Not below" not in begun
    lowered = run(path, "diff", "--from", "as-of=2021-01-31", "--to", "as-of=2021-02-01").out
    assert lowered.count("Not below 10%") == 1


def test_limits_that_cannot_be_read(tmp_path: Path) -> None:
    path = new_ledger(tmp_path)
    assert_usage(run(path, "diff"), "--from")
    for text in ("foo=1", "as-of", "as-of=", "2023", "standing=good", "as-of=2023,as-of=2024"):
        assert_usage(run(path, "diff", "--from", text), "--from")
    outcome = run(path, "diff", "--to", "as-of=tomorrow")
    assert_refused(outcome, Refusal.BAD_DATE, "--to", "tomorrow")
    missing = run(path, "diff", "--to", f"ledger={tmp_path / 'none.db'}")
    assert_refused(missing, Refusal.NO_LEDGER, "none.db")


def test_a_class_is_of_its_issuer_under_every_id(tmp_path: Path) -> None:
    """What is held of a company is told under each of its ids, of a class too."""
    one = {"party": "acme", "same_as": "fund-two", "because": "one company"}
    told = {"issuer": "fund-two", "holder": "bolt", "percent": "50", "percent_of": "issued"}
    stake = dated("stake-disclosed", key="told", effective_on="2023-01-01", **told)
    path = new_ledger(tmp_path, SALE, stake, dated("parties-identified", key="one", **one))
    words = "--from", "as-of=2023-11-07", "--to", "as-of=2023-11-08"
    whole = [row for row in differences(path, *words) if row["answer"] == "holdings"]
    for subject in ("acme/common", "fund-one"):
        rows = differences(path, *words, subject)
        found = [row for row in rows if row["answer"] == "holdings"]
        assert found == [row for row in whole if subject in row["row"]]
        assert {row["about"] for row in found} == {"acme", "fund-two"}


def test_a_split_that_stands_on_both_sides_makes_no_difference(tmp_path: Path) -> None:
    """A grant is known on one side alone: that it was split before is no cause of its row."""
    path = new_ledger(
        tmp_path,
        dated("instrument-granted", key="grant", instrument="warrant", kind="warrant",
              holder="bolt", share_class="acme/common", shares="60", known_on="2024-06-01",
              effective_on="2023-11-01"),
        dated("shares-split", key="split", share_class="acme/common", ratio="3:1",
              known_on="2023-11-08"),
    )  # fmt: skip
    words = "--as-of", "2024-12-31", "--from", "known-by=2024-05-01", "--to", "known-by=2024-06-01"
    (row,) = [r for r in differences(path, *words) if r["row"] == "holder bolt"]
    assert (row["before"], row["after"]["diluted"], row["events"]) == (None, "180", ["grant"])


@slow
@given(st.data())
def test_two_views_differ_exactly_where_their_answers_do(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts()))
    log = Log(events)
    cut, _ = data.draw(histories.cuts(0))
    other, _ = data.draw(histories.cuts(0))
    assert diff(View(log, cut), View(log, cut)).rows == []
    there = diff(View(log, cut), View(log, other)).rows
    back = diff(View(log, other), View(log, cut)).rows
    turned = {"added": "gone", "gone": "added", "changed": "changed"}
    swapped = [
        r | {"before": r["after"], "after": r["before"], "change": turned[r["change"]]}
        for r in back
    ]
    order = lambda r: json.dumps(r, sort_keys=True)  # noqa: E731
    assert sorted(there, key=order) == sorted(swapped, key=order)
    sides = View(log, cut), View(log, other)
    for row in there:
        vests = row["answer"] == "diluted" and cut.as_of != other.as_of
        timed = row["answer"] == "deals" or vests  # time alone changes these
        assert row["events"] or timed, row
        for event in row["events"]:
            assert _counted(sides[0], event) != _counted(sides[1], event), row


def _counted(view: View, event: str) -> tuple[Any, ...]:
    """What of an event counts in a view, an amendment or a source's event with what it changes."""
    (recorded,) = view.history.mentioning(f"key:{event}")
    fact, found = view.fact(recorded), view.about(f"key:{event}")
    told = fact.data if fact else None
    return told, [f.repeats for f in found.certain], [p.why for p in found.possible]


@slow
@given(data=st.data())
def test_what_a_subject_limits_is_looked_for_where_it_can_be(data: st.DataObject) -> None:
    """Nothing is left out for not being asked about."""
    events = histories.history(data.draw(histories.drafts()))
    views = []
    for _ in range(2):
        cut, count = data.draw(histories.cuts(len(events)))
        views.append(View(Log(events[:count]), cut))
    one, other = views
    kinds = ("party", "issuer", "class", "deal", "agreement", "offer", "pool", "dividend")
    for subject in sorted(set(known_ids(Log(events), *kinds))):
        found = diff(one, other, subject)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("projections.changes.diff.related", lambda *_: None)
            assert found == diff(one, other, subject), subject
