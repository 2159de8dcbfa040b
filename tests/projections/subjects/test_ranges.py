"""Ranges: the lowest and highest figures over what is in doubt."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.events.envelope import Recorded
from ledger.events.validation import make_event
from ledger.model.movements import MOVEMENTS
from ledger.time.log import Log
from ledger.time.view import Cut, View
from projections.answer import whole
from projections.subjects.holdings import holdings
from tests import histories
from tests.helpers import accept, dated, new_ledger, run
from tests.projections.readmodel.test_histories import index_of
from tests.register_by_letter import move


def asked(ledger: Path, *words: str) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The rows of a question by holder, and its notes."""
    outcome = run(ledger, *words, "--range", "--format", "json")
    assert outcome.code == 0, outcome.err
    answer = json.loads(outcome.out)
    return {row["holder"]: row for row in answer["rows"]}, answer["notes"]


def shares(row: dict[str, Any]) -> tuple[str, str, str, str]:
    """The range of shares and of the percentage."""
    return row["shares_low"], row["shares_high"], row["percent_low"], row["percent_high"]


def sale(key: str, count: str, on: str, seller: str = "bolt", buyer: str = "fund-one") -> Any:
    """A transfer of acme/common."""
    to = {"transferor": seller, "transferee": buyer, "shares": count}
    return dated("shares-transferred", key=key, share_class="acme/common", **to) | {
        "effective_on": on
    }


HOLDINGS = ("holdings", "acme", "--as-of", "2023-11-10")


def test_without_doubt_the_range_is_the_figure(tmp_path: Path) -> None:
    rows, notes = asked(new_ledger(tmp_path, sale("one", "30", "2023-11-01")), *HOLDINGS)
    assert shares(rows["bolt"]) == ("70", "70", "70.00", "70.00")
    assert not [note for note in notes if note.startswith("The ranges")]


def test_possible_sales_and_a_possible_issue(tmp_path: Path) -> None:
    issue = dated("shares-issued", key="new", share_class="acme/common", holder="fund-two")
    ledger = new_ledger(
        tmp_path,
        sale("one", "30", "2023-11"),
        sale("two", "10", "unknown"),
        issue | {"shares": "100", "effective_on": "2023-H2"},
    )
    rows, notes = asked(ledger, *HOLDINGS)
    assert shares(rows["bolt"]) == ("60", "100", "30.00", "100.00")
    assert shares(rows["fund-one"]) == ("0", "40", "0.00", "40.00")
    assert shares(rows["fund-two"]) == ("0", "100", "0.00", "50.00")
    assert "The ranges hold over every choice among: new, one, two." in notes


def test_a_choice_that_leaves_an_account_below_zero_is_left_out(tmp_path: Path) -> None:
    ledger = new_ledger(
        tmp_path,
        sale("on", "30", "2023-11"),
        sale("further", "20", "2023-11", "fund-one", "fund-two") | {"sequence": "1"},
    )
    rows, _ = asked(ledger, *HOLDINGS)
    assert shares(rows["fund-one"])[:2] == ("0", "30")
    assert shares(rows["fund-two"])[:2] == ("0", "20")


def test_many_doubts_are_added_up_and_that_is_said(tmp_path: Path) -> None:
    sales = [sale(f"s{n}", "1", "2023-11") for n in range(12)]
    rows, notes = asked(new_ledger(tmp_path, *sales), *HOLDINGS)
    assert shares(rows["bolt"]) == ("88", "100", "88.00", "100.00")
    assert any(note.startswith("12 events are in doubt") for note in notes)


def stake(key: str, holder: str, issuer: str = "bolt", **said: str) -> dict[str, Any]:
    """A disclosure of a holding."""
    return dated("stake-disclosed", key=key, issuer=issuer, holder=holder, **said)


def test_disclosures_that_disagree_where_there_is_no_register(tmp_path: Path) -> None:
    issued = {"percent_of": "issued"}
    ledger = new_ledger(
        tmp_path,
        stake("one", "fund-one", percent="15", **issued),
        stake("two", "fund-one", percent="20", **issued),
    )
    rows, _ = asked(ledger, "holdings", "bolt")
    assert shares(rows["fund-one"]) == (None, None, "15", "20")


@pytest.mark.parametrize(("later", "low"), [([], "90"), ([sale("s", "1", "2023-11-09")], "99")])
def test_a_disclosure_widens_the_register_until_a_movement_overtakes_it(
    tmp_path: Path, later: list[Any], low: str
) -> None:
    said = stake("said", "bolt", "acme", shares="90", share_class="acme/common")
    rows, _ = asked(new_ledger(tmp_path, said, *later), *HOLDINGS)
    assert rows["bolt"]["shares_low"] == low


def test_votes_that_may_be_restored_or_capped(tmp_path: Path) -> None:
    ledger = new_ledger(
        tmp_path,
        sale("one", "40", "2023-11-01"),
        dated("voting-cap-agreed", key="cap", issuer="acme", holder="bolt", percent="15")
        | {"effective_on": "2023-11"},
        sale("two", "10", "2023-11"),
    )
    rows, _ = asked(ledger, "votes", "acme", "--as-of", "2023-11-10")
    bolt = rows["bolt"]
    assert (bolt["votes_low"], bolt["votes_high"]) == ("50", "60")
    assert (bolt["after_caps_low"], bolt["after_caps_high"]) == ("15", "60")


def test_a_trust_that_may_be_settled(tmp_path: Path) -> None:
    trust = {"type": "party-registered", "party": "trust-one", "kind": "trust", "name": "T"}
    posted = {"trust": "trust-one", "settlors": ["bolt"], "beneficiaries": [{"party": "bolt"}]}
    placed = {"trust": "trust-one", "holder": "bolt", "shares": "60"}
    ledger = new_ledger(
        tmp_path,
        trust,
        dated("trust-settled", key="t", trustee="fund-one", voting="neutral", **posted)
        | {"effective_on": "2023-11"},
        dated("shares-placed-in-trust", key="in", share_class="acme/common", **placed)
        | {"effective_on": "2023-11"},
    )
    rows, notes = asked(ledger, "votes", "acme", "--as-of", "2023-11-10")
    assert (rows["bolt"]["votes_low"], rows["bolt"]["votes_high"]) == ("40", "100")
    assert "trust-one has no certain votes; it may have up to 60." in notes


def test_the_tables_show_the_ranges(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path, sale("one", "30", "2023-11"))
    assert "shares, low" in run(ledger, *HOLDINGS, "--range").out
    assert "may cast, high" in run(ledger, "votes", "acme", "--range").out
    assert "shares, low" not in run(ledger, *HOLDINGS).out
    narrow = run(ledger, *HOLDINGS, "--range", COLUMNS="80").out
    assert "70 to 100 shares, 70.00 to 100.00% of issued" in narrow


@pytest.mark.parametrize("columns", ["", "80"])
def test_votes_that_were_only_disclosed_have_no_ranges(tmp_path: Path, columns: str) -> None:
    stake = {"issuer": "bolt", "holder": "acme", "percent": "30", "percent_of": "votes"}
    ledger = new_ledger(tmp_path, dated("stake-disclosed", key="stake", **stake))
    told = run(ledger, "votes", "bolt", "--range", **({"COLUMNS": columns} if columns else {}))
    assert told.code == 0, told.err
    assert "30" in told.out
    assert "low" not in told.out
    assert "no other figure" not in told.out


def test_of_nothing_issued_there_is_no_percentage(tmp_path: Path) -> None:
    hidden = sale("hidden", "100", "2023-11-01") | {"known_on": "effective"}
    rows, _ = asked(new_ledger(tmp_path, hidden), *HOLDINGS, "--known-by", "2023-11-02")
    assert shares(rows["bolt"]) == ("-100", "-100", None, None)


def test_a_split_of_an_unsure_day_is_tried_at_every_place_among_the_sales(tmp_path: Path) -> None:
    split = dated("shares-split", key="split", share_class="acme/common", ratio="2:1")
    ledger = new_ledger(
        tmp_path,
        split | {"effective_on": "2023-11"},
        sale("early", "10", "2023-11-10"),
        sale("late", "10", "2023-11-30"),
    )
    for day, low, high in (
        ("2023-11-01", "100", "200"),
        ("2023-11-20", "90", "190"),
        ("2023-11-30", "160", "180"),
        ("2024-06-30", "160", "180"),
    ):
        rows, notes = asked(ledger, "holdings", "acme", "--as-of", day)
        assert shares(rows["bolt"])[:2] == (low, high)
        assert int(low) <= int(rows["bolt"]["shares"]) <= int(high)
    assert [note for note in notes if note.startswith("The day is not known of: split.")]
    rows, _ = asked(ledger, "votes", "acme", "--as-of", "2024-06-30")
    plain = run(ledger, "holdings", "acme", "--as-of", "2024-06-30").out
    assert "The day is not known of: #9. The figures are those of the last day" in plain
    assert (rows["bolt"]["votes_low"], rows["bolt"]["votes_high"]) == ("160", "180")
    accept(ledger, {"type": "event-corrected", "key": "c", "event": "split", "because": "a notice",
                    "changes": [{"field": "effective_on", "value": "2023-11-05"}]})  # fmt: skip
    rows, _ = asked(ledger, "holdings", "acme", "--as-of", "2024-06-30")
    assert shares(rows["bolt"])[:2] == ("180", "180")


def test_a_correction_that_may_be_known_is_in_doubt(tmp_path: Path) -> None:
    more = {"type": "event-corrected", "key": "c", "event": "sold", "because": "a notice"}
    told = {"correction": "new-information", "known_on": "2023-12"}
    ledger = new_ledger(tmp_path, sale("sold", "30", "2023-11-10") | {"known_on": "2023-11-10"})
    accept(ledger, more | told | {"changes": [{"field": "shares", "value": "40"}]})
    words = ("holdings", "acme", "--as-of", "2024-01-01", "--known-by", "2023-12-15")
    rows, notes = asked(ledger, *words, "--holder", "fund-one")
    assert shares(rows["fund-one"])[:2] == ("30", "40")
    assert "The ranges hold over every choice among: c." in notes


SPANS = {"2021-05": ("2021-05-01", "2021-05-31"), "2021-Q2": ("2021-04-01", "2021-06-30")}
DAYS = ("2021-04-10", "2021-05-10", "2021-05-20", "2021-05-31", "2021-06-20")
MOVES: dict[str, dict[str, str]] = {
    "buys": {"transferor": "bob", "transferee": "alice", "shares": "30"},
    "sells": {"transferor": "alice", "transferee": "bob", "shares": "40"},
    "issued": {"holder": "alice", "shares": "50"},
    "split": {"ratio": "2:1"},
    "joined": {"ratio": "1:2"},
    "becomes": {"into_class": "acme/preferred", "ratio": "3:1"},
}
TYPES = {"issued": "shares-issued", "split": "shares-split", "joined": "shares-split",
         "becomes": "shares-reclassified"}  # fmt: skip


def _drawn(data: st.DataObject) -> list[Recorded]:
    """A few movements of acme/common, each of a day or of some days, in random order."""
    events = [e for e in histories.history(list(histories.WORLD)) if e.key != "issue-2"]
    for number in range(data.draw(st.integers(1, 5))):
        name = data.draw(st.sampled_from(sorted(MOVES)))
        on = data.draw(st.sampled_from((*SPANS, *DAYS)))
        fields = {"share_class": "acme/common", "effective_on": on, "standing": "official"}
        position = events[-1].position + 1
        type_name, key = TYPES.get(name, "shares-transferred"), f"{name}-{number}"
        made = make_event(type_name, fields | MOVES[name] | {"known_on": "2022-01-01"})
        at = f"2026-01-01T00:00:{position:09.6f}Z"
        events.append(
            Recorded(
                position,
                "s",
                position,
                f"id-{position}",
                key,
                type_name,
                made.schema_number,
                at,
                made.data,
            )
        )
    return events


def _worlds(events: Sequence[Recorded], as_of: str) -> Iterator[list[Recorded]]:
    """Every order in which events can have come about by a day, and those that did, by the letter:
    each event on a day of its own date, those of one day as they are recorded."""
    days = {e.key: SPANS.get(on := e.data["effective_on"], (on, on)) for e in events}
    begun = [event for event in events if days[event.key][0] <= as_of]
    maybe = [event for event in begun if days[event.key][1] > as_of]
    for count in range(len(maybe) + 1):
        for left in combinations(maybe, count):
            happened = [event for event in begun if event not in left]
            for order in permutations(happened):
                if _is_possible(order, days, as_of):
                    yield list(order)


def _is_possible(order: Sequence[Recorded], days: dict[str, tuple[str, str]], as_of: str) -> bool:
    for place, later in enumerate(order):
        for earlier in order[:place]:
            (first, last), (other, until) = days[earlier.key], days[later.key]
            if first > min(until, as_of):
                return False
            if first == last == other == until and earlier.position > later.position:
                return False
    return True


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_the_ranges_are_those_of_every_possible_order(data: st.DataObject) -> None:
    events = _drawn(data)
    as_of = data.draw(st.sampled_from(("2021-04-10", "2021-05-15", "2021-05-31", "2021-12-31")))
    index = data.draw(st.booleans())
    history = index_of(events) if index else Log(events)
    answer = holdings(View(history, Cut(as_of=as_of)), "acme", ranged=True)
    moves = [event for event in events if event.type in MOVEMENTS]
    base, moved = moves[:2], moves[2:]
    found = [balances([*base, *world]) for world in _worlds(moved, as_of)]
    certain = [e for e in moved if SPANS.get(on := e.data["effective_on"], (on, on))[1] <= as_of]
    point = balances([*base, *sorted(certain, key=_fold)])
    if min(point.values()) >= 0:
        found = [point, *(world for world in found if min(world.values()) >= 0)]
    for row in answer.rows:
        of = row["share_class"], row["holder"]
        seen = [world.get(of, Fraction()) for world in found]
        assert (row["shares_low"], row["shares_high"]) == (whole(min(seen)), whole(max(seen)))


def _fold(event: Recorded) -> tuple[str, int]:
    on = event.data["effective_on"]
    return SPANS.get(on, (on, on))[1], event.position


def balances(events: Sequence[Recorded]) -> dict[tuple[str, str], Fraction]:
    """What is on each account after movements in an order."""
    found: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for event in events:
        move(found, event.type, event.data)
    return found


def test_a_split_among_very_many_sales_is_tried_at_the_ends_of_days(tmp_path: Path) -> None:
    split = dated("shares-split", key="split", share_class="acme/common", ratio="2:1")
    sales = [sale(f"s{n}", "1", f"2023-11-{10 + n % 3}") for n in range(70)]
    ledger = new_ledger(tmp_path, split | {"effective_on": "2023-11"}, *sales)
    rows, notes = asked(ledger, "holdings", "acme", "--as-of", "2023-12-31")
    assert shares(rows["bolt"])[:2] == ("60", "130")
    assert any("split meet so many movements that not every place" in note for note in notes)
    assert not any("events are in doubt" in note for note in notes)
