"""Two points in time side by side, on every clock, and two ledgers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.history import Log
from ledger.refusals import Refusal
from ledger.view import View
from projections.diff import diff
from tests import histories
from tests.helpers import accept, assert_refused, assert_usage, dated, new_ledger, run
from tests.test_alliance import REGISTER, load
from tests.test_histories import slow

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
    assert row["events"] == ["said-0", "said-1"]


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


def test_votes_whose_total_changes_name_the_events(tmp_path: Path) -> None:
    path = load(tmp_path / "register.db", [REGISTER])
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
    for told in ("acme/common fund-one", "added", "sale"):
        assert told in outcome.out


def test_limits_that_cannot_be_read(tmp_path: Path) -> None:
    path = new_ledger(tmp_path)
    assert_usage(run(path, "diff"), "--from")
    for text in ("foo=1", "as-of", "as-of=", "2023", "standing=good", "as-of=2023,as-of=2024"):
        assert_usage(run(path, "diff", "--from", text), "--from")
    outcome = run(path, "diff", "--to", "as-of=tomorrow")
    assert_refused(outcome, Refusal.BAD_DATE, "--to", "tomorrow")
    missing = run(path, "diff", "--to", f"ledger={tmp_path / 'none.db'}")
    assert_refused(missing, Refusal.NO_LEDGER, "none.db")


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
    for row in there:
        if row["answer"] in ("holdings", "votes", "claims"):
            assert row["events"], row
