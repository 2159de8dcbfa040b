"""What is disclosed through others and with a group, compared with the accounts of the group."""

from __future__ import annotations

from typing import Any

import pytest

from projections.consistency.checks import check
from projections.consistency.conflicts import conflicts
from projections.control.members import members
from projections.subjects.holdings import holdings
from projections.subjects.register_at_cut import register_at_cut
from tests.counted import votes
from tests.histories import Draft
from tests.projections.subjects.record import COMMON, at, on, opened, placed, record, settled

DAY = "2021-01-01"


def related(party: str, of: str, kind: str, day: str = DAY) -> Draft:
    key = f"{party}-{kind}-{of}"
    more = {"basis": "contract"} if kind == "control" else {}
    of_two = {"relationship": key, "party": party, "of": of, "kind": kind}
    return on(day, key, "relationship-began", **of_two | more)


def said(key: str, holder: str, interest: str, day: str = "2021-06-01", **fields: Any) -> Draft:
    names = {"issuer": "acme", "holder": holder, "interest": interest}
    return on(day, key, "stake-disclosed", **names | fields)


# Alice controls Bolt and acts with Bob; the bank controls Alice's company no more than perhaps.
HISTORY = (
    opened("alice", 200), opened("bolt", 150), opened("bob", 50), opened("carol", 400),
    opened("acme", 100), opened("bank", 100), settled(), placed(50),
    related("alice", "bolt", "control"), related("bob", "alice", "concert", "2021-03-01"),
    related("bolt", "acme", "control", "2021-03-01"),
)  # fmt: skip
OF_ISSUED, OF_VOTES = {"percent_of": "issued"}, {"percent_of": "held-votes"}
EACH = {  # alice 150 and 50 in trust, bolt 150, bob 50: of 1,000 issued, 900 of them with votes
    "with-all": (said("with-all", "alice", "group", shares="400"), True),
    "not-hers": (said("not-hers", "alice", "group", shares="500"), False),
    "own-alone": (said("own-alone", "alice", "group", shares="200"), False),
    "others": (said("others", "alice", "indirect", shares="250"), True),
    "percent": (said("percent", "alice", "group", percent="40.0", **OF_ISSUED), True),
    "wrong": (said("wrong", "alice", "group", percent="41.0", **OF_ISSUED), False),
    "bob-too": (said("bob-too", "bob", "group", shares="400"), True),
    "before": (said("before", "alice", "group", "2021-02-01", shares="350"), True),
    "before-bob": (said("before-bob", "bob", "group", "2021-02-01", shares="400"), None),
    "bound": (said("bound", "bolt", "group", shares="150", qualifier="at-least"), True),
    "no-group": (said("no-group", "carol", "group", shares="450"), None),
    "all-she-has": (said("all-she-has", "carol", "group", shares="400"), True),
    "less": (said("less", "carol", "group", shares="350"), False),
    "up-to": (said("up-to", "carol", "group", shares="400", qualifier="at-most"), None),
    "no-others": (said("no-others", "carol", "indirect", percent="5.00", **OF_ISSUED), None),
}  # fmt: skip
VIEW = at(record(*HISTORY, *(one for one, _ in EACH.values())))
WALKED = register_at_cut(VIEW, "acme", members=members)


@pytest.mark.parametrize("key", EACH)
def test_a_group_has_what_it_controls_acts_with_and_has_in_trust(key: str) -> None:
    found = [one for one in WALKED.checked if one.fact.key == key]
    assert [one.agrees for one in found] == [EACH[key][1]]
    told = [one.sentence for one in WALKED.unchecked if one.fact.key == key]
    assert bool(told) == (EACH[key][1] is None)


def test_holdings_check_and_conflicts_say_it() -> None:
    notes = [str(note) for note in holdings(VIEW, "acme", members=members).notes]
    assert any(
        note.startswith("no-group: no event tells whom carol controls or acts with, so this")
        for note in notes
    )
    assert (
        "not-hers (official, 2021-06-01) differs:"
        " it says 500 acme/common, the register of acme/common: 400."
    ) in notes
    differ = {key for key, (_, agrees) in EACH.items() if agrees is False}
    assert {row["event"] for row in check(VIEW).rows} >= differ
    against = {c["event"] for row in conflicts(VIEW, "acme").rows for c in row["claims"]
               if row["kind"] == "register"}  # fmt: skip
    assert against >= differ


def test_votes_of_a_group_are_compared_with_their_count() -> None:
    events = (
        said("of-votes", "alice", "group", votes="400"),
        said("of-held", "alice", "group", percent="44.44", **OF_VOTES),
        said("untrue", "bob", "indirect", votes="300"),
        said("alone", "carol", "group", percent="50", **OF_VOTES),
    )
    view = at(record(*HISTORY, *events))
    notes = [str(note) for note in votes(view, "acme").notes]
    assert "of-votes discloses 400 votes: agrees with the count." in notes
    assert "of-held discloses 44.44% of held votes: agrees with the count." in notes
    assert "untrue discloses 300 votes: differs, the count is 350." in notes
    assert "alone cannot be checked: no event tells whom carol controls or acts with." in notes


MAY_CONTROL = said("stake", "carol", "direct", "2021-02-01", issuer="bolt", percent="45",
                   percent_to="60", percent_of="votes")  # fmt: skip
PLEDGE = on(DAY, "pledged", "share-right-granted", right="pledge", kind="pledge", votes="to",
            share_class=COMMON, holder="bob", to="bank", shares="20")  # fmt: skip


@pytest.mark.parametrize(
    ("more", "holder", "why"),
    [
        ((opened("bolt", 100), MAY_CONTROL), "carol",
         "it is not certain that carol controls bolt, or acts with it"),
        ((opened("public", 100), related("carol", "bolt", "control")), "carol",
         "bolt has no line of its own in the register of acme/common"),
        ((related("bank", "carol", "control"), PLEDGE), "bank",
         "bank has a right in shares of bob (pledged), which may count too"),
    ],
)  # fmt: skip
def test_what_may_count_too_leaves_a_greater_figure_open(
    more: tuple[Draft, ...], holder: str, why: str
) -> None:
    start = opened("carol", 400), opened("bob", 100)
    events = *start, *more, said("said", holder, "group", shares="450")
    at_cut = register_at_cut(at(record(*events)), "acme", members=members)
    assert [one.sentence for one in at_cut.unchecked if one.fact.key == "said"] == [
        f"said: {why}, so this disclosure cannot be checked."
    ]


def test_an_interest_in_trust_is_of_the_terms_of_its_own_day() -> None:
    """Half a year later the trust is for Bob: Alice's figure was right when she disclosed it."""
    amended = on("2021-09-01", "for-bob", "trust-amended", trust="acme-trust",
                 beneficiaries=[{"party": "bob"}])  # fmt: skip
    events = (
        said("then", "alice", "aggregate", shares="200"),
        said("now", "bob", "aggregate", "2021-10-01", shares="100"),
        said("late", "alice", "aggregate", "2021-10-01", shares="200"),
    )
    at_cut = register_at_cut(at(record(*HISTORY, amended, *events)), "acme")
    assert {one.fact.key: one.agrees for one in at_cut.checked} == {
        "then": True, "now": True, "late": False,
    }  # fmt: skip
