"""What a holder has through others: votes that count as its own, economics, chains and loops."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from ledger.time.view import View
from projections.control.chains import MOST_CHAINS, chains
from projections.control.group import group
from projections.control.indirect import indirect
from projections.control.interests import exactly
from projections.control.members import members
from projections.control_rows import IndirectRow
from projections.explain.indirect import explain_indirect
from tests.helpers import dated, new_ledger, party, run
from tests.histories import Draft
from tests.projections.control.structures import disclosed, related, seen
from tests.projections.subjects.record import on

LOOP = {"r": {"state": 150, "n": 150, "public": 700}, "n": {"r": 434, "public": 566}}
CROSS = {"a": {"c": 20, "p": 80}, "b": {"a": 25, "q": 75}, "c": {"b": 40, "r": 60}}


def of(view: View, holder: str) -> dict[str, IndirectRow]:
    return {row["issuer"]: row for row in indirect(view, holder).rows}


def test_a_state_behind_two_companies_that_hold_each_other() -> None:
    found = of(seen(LOOP, state="state", public="other"), "state")
    assert found["r"]["economic"] == "1500/9349"
    assert found["n"]["economic"] == "651/9349"
    (chain,) = found["n"]["chains"]
    assert (chain["parties"], chain["percent_exact"]) == (["state", "r", "n"], "651/10000")
    rest = Fraction(651, 9349) - Fraction(651, 10000)
    assert found["n"]["through_loops"] == str(rest)
    assert found["r"]["direct"] == "150"
    assert found["r"]["attributed_percent"] == "15.0000"
    assert (found["n"]["attributed"], found["n"]["attributed_percent"]) == ("0", None)


def test_three_companies_in_a_ring_each_with_an_owner() -> None:
    view = seen(CROSS, p="person", q="person", r="person")
    assert [of(view, "q")[c]["economic"] for c in "abc"] == ["3/49", "75/98", "15/49"]
    assert [of(view, "r")[c]["economic"] for c in "abc"] == ["6/49", "3/98", "30/49"]


def test_a_holder_in_a_loop_has_a_part_of_itself_that_is_not_counted_round_again() -> None:
    answer = indirect(seen(LOOP, state="state", public="other"), "r")
    (row,) = answer.rows
    assert (row["issuer"], row["economic"], row["through_loops"]) == ("n", "217/500", "0")
    assert any("r has 6.5100% of itself through others" in note for note in answer.notes)


def test_votes_are_own_instructed_controlled_and_in_concert_each_once() -> None:
    holdings = {
        "t": {"x": 10, "trust": 20, "sub": 15, "ally": 5, "public": 50},
        "sub": {"x": 60, "y": 40},
    }
    events: list[Draft] = [
        on(
            "2020-02-01", "settled", "trust-settled", trust="trust", settlors=["x"],
            trustees=["bank"], beneficiaries=[{"party": "x"}], voting="as-instructed",
        ),
        related("x", "pact", "concert"),
        related("ally", "pact", "concert"),
    ]  # fmt: skip
    view = seen(
        holdings, *events, x="person", y="person", trust="trust", bank="company", pact="alliance",
        public="other",
    )  # fmt: skip
    row = of(view, "x")["t"]
    ways = row["direct"], row["trusts"], row["controlled"], row["concert"]
    assert ways == ("10", "20", "15", "5")
    assert (row["attributed"], row["attributed_percent"]) == ("50", "50.0000")
    assert row["by_rights"] == "0"
    assert row["economic"] == "39/100"  # 10 + 20 in trust + 60% of 15
    assert [chain["percent"] for chain in row["chains"]] == ["20.0000", "10.0000", "9.0000"]


def test_votes_by_rights_in_shares_of_others_are_told_apart_and_each_once() -> None:
    def right(holder: str, kind: str, shares: int, **fields: str) -> Draft:
        of = {"right": f"{holder}-{kind}", "share_class": "t/common", "holder": holder, "to": "x"}
        of |= {"kind": kind, "shares": str(shares)}
        return on("2021-01-01", f"{holder}-{kind}", "share-right-granted", **of | fields)

    view = seen(
        {"t": {"x": 10, "ally": 20, "sub": 15, "nom": 25, "public": 30}, "sub": {"x": 60, "y": 40}},
        related("x", "ally", "concert"),
        right("ally", "pledge", 8, votes="to"),
        right("nom", "nominee", 25),
        right("sub", "custody", 5),
        x="person", y="person", ally="person", nom="company", public="other",
    )  # fmt: skip
    row = of(view, "x")["t"]
    ways = row["direct"], row["trusts"], row["by_rights"], row["controlled"], row["concert"]
    assert ways == ("10", "0", "33", "15", "12")
    assert (row["attributed"], row["attributed_percent"]) == ("70", "70.0000")


def test_who_has_nothing_but_a_right_in_shares_has_its_votes_and_what_they_control() -> None:
    pledge = on("2021-01-01", "pledge", "share-right-granted", right="p", share_class="t/common",
                holder="y", to="bank", kind="pledge", votes="to")  # fmt: skip
    holdings = {"t": {"y": 60, "z": 40}, "under": {"t": 70, "z": 30}, "bank": {"boss": 10}}
    view = seen(holdings, pledge, y="person", z="person", boss="person")
    found = of(view, "bank")
    assert (found["t"]["by_rights"], found["t"]["attributed_percent"]) == ("60", "60.0000")
    assert (found["under"]["controlled"], found["under"]["economic"]) == ("70", "0")
    assert of(view, "boss")["under"]["controlled"] == "70"
    assert list(members(view, "bank", "controlled")) == ["bank", "t", "under"]
    parties = {row["party"] for row in group(view, "under").rows}
    assert {"bank", "boss"} <= parties


def test_bands_give_a_range_and_no_figure() -> None:
    bands = [
        disclosed("a", "x", "25", percent_to="50", percent_of="issued"),
        disclosed("b", "a", "75", percent_to="100", percent_of="issued"),
    ]
    row = of(seen({}, *bands, a="company", b="company", x="person"), "x")["b"]
    assert (row["economic"], row["economic_low"], row["economic_high"]) == (
        None, "18.7500", "50.0000",
    )  # fmt: skip


def test_loops_that_cannot_be_told_are_named() -> None:
    dirty = [
        disclosed("a", "b", "100", percent_of="issued"),
        disclosed("a", "x", "50", percent_of="issued"),
        disclosed("b", "a", "100", percent_of="issued"),
    ]
    answer = indirect(seen({}, *dirty, a="company", b="company", x="person"), "x")
    assert {row["economic"] for row in answer.rows} == {None}
    assert "What is held of a, b, and through them, cannot be told." in answer.notes


def test_chains_without_repetition_are_all_listed_or_said_to_be_more() -> None:
    half = exactly(Fraction(1, 2))
    steps = 8  # each doubles the chains
    owned = {"s0a": {"x": half}, "s0b": {"x": half}}
    for n in range(1, steps):
        for one in "ab":
            owned[f"s{n}{one}"] = {f"s{n - 1}a": half, f"s{n - 1}b": half}
    some = chains(owned, "x", "s5a")
    assert (len(some.found), some.complete) == (32, True)
    many = chains(owned, "x", "s7a")
    assert (len(many.found), many.complete) == (MOST_CHAINS, False)


def test_an_interest_is_explained_chain_by_chain_and_what_loops_add() -> None:
    view = seen(LOOP, state="state", public="other")
    explained = explain_indirect(view, "state", "n")
    assert explained.arithmetic == [
        "state, r, n: 15.0000% x 43.4000% = 6.5100%",
        f"through loops: 0.4533% = {Fraction(651, 9349) - Fraction(651, 10000)}",
        "together: 6.9633% = 651/9349",
    ]
    assert [row["event"] for row in explained.rows] == ["opened-r-state", "opened-n-r"]


def test_nothing_on_record_is_not_known() -> None:
    answer = indirect(seen(LOOP, z="person", state="state", public="other"), "z")
    assert answer.rows == []
    assert answer.gaps


@pytest.mark.parametrize("words", [("n", "--indirect"), ("--holder", "r", "--indirect", "--range")])
def test_what_is_asked_wrongly_is_refused(tmp_path: Path, words: tuple[str, ...]) -> None:
    ledger = tmp_path / "a.db"
    assert run(ledger, "init").code == 0
    result = run(ledger, "holdings", *words)
    assert (result.code, "--indirect" in result.err) == (2, True)


def test_what_several_have_together_is_explained_without_a_figure_of_none(tmp_path: Path) -> None:
    """Shareholders who are counted together have votes, and no interest that one could tell."""
    ledger = new_ledger(
        tmp_path,
        party("public", kind="other"), party("corvo"),
        {"type": "share-class-created", "share_class": "corvo/common", "votes_per_share": "1"},
        *(dated("register-opened", share_class="corvo/common", holder=holder, shares=shares)
          for holder, shares in (("public", "40"), ("bolt", "60"))),
    )  # fmt: skip
    outcome = run(ledger, "explain", "indirect", "public", "corvo", COLUMNS="100")
    assert outcome.code == 0, outcome.err
    assert "40.0000% of the votes" in outcome.out
    assert "None" not in outcome.out
