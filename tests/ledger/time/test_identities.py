"""Ids that are one party: every answer is that of a record which knew but one of them."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ledger.rules import problems
from ledger.time.identities import APART
from ledger.time.log import Log
from ledger.time.view import Cut, View
from ledger.values.refusals import Refusal
from projections.changes.diff import diff
from projections.changes.impact import impact
from projections.consistency.parties import identifiers_are_of_one_party
from projections.explain.holdings import explain_holdings
from projections.explain.seats import explain_seats
from projections.explain.votes import explain_votes
from projections.questions import QUESTIONS, state
from projections.radar.radar import Asked, radar
from projections.registers.agreements import agreements
from projections.registers.board_pack import board_pack
from projections.registers.directors import directors
from projections.registers.members import members
from projections.subjects.diluted import diluted
from projections.subjects.holdings import holdings
from projections.subjects.pending import pending
from projections.subjects.register_at_cut import register_at_cut
from projections.subjects.share_rights import rights
from tests import histories
from tests.histories import Draft
from tests.ledger.rules.record import COMMON, correction, official, retraction, transfer
from tests.projections.radar.test_radar import EVERY_FIFTH
from tests.projections.readmodel.test_histories import index_of, slow


def spread(value: Any, party: str, random: Random) -> Any:
    """What an event says, a party now and then under its other id."""
    if isinstance(value, dict):
        return {field: spread(said, party, random) for field, said in value.items()}
    if isinstance(value, list):
        return [spread(said, party, random) for said in value]
    return f"{party}-two" if value == party and random.randrange(2) else value


def under_one(value: Any, party: str) -> Any:
    """The same, with one id."""
    if isinstance(value, dict):
        return {field: under_one(said, party) for field, said in value.items()}
    if isinstance(value, list):
        return [under_one(said, party) for said in value]
    return party if value == f"{party}-two" else value


@settings(slow, max_examples=4)
@given(st.data())
def test_two_ids_are_answered_as_if_there_had_been_one(data: st.DataObject) -> None:
    party, random = data.draw(st.sampled_from(histories.HOLDERS)), Random(data.draw(st.integers()))
    drawn = data.draw(histories.drafts())[len(histories.WORLD) :]
    told = [d if d[0] in APART else (*d[:2], spread(d[2], party, random)) for d in drawn]
    told = [draft for draft in told if draft[0] != "parties-identified"]
    told.insert(data.draw(st.integers(0, len(told))), same(party, f"{party}-two"))
    registered = {"party": f"{party}-two", "kind": "other", "name": "Two"}
    offered = [("party-registered", "party-two", registered), *histories.WORLD, *told]
    events = histories.history(offered)
    cut, _ = data.draw(histories.cuts(0))
    log, index = View(Log(events), cut), View(index_of(events, 2), cut)
    assert state(index) == state(log)
    for holder in histories.HOLDERS:
        assert holdings(index, None, holder) == holdings(log, None, holder)
    kept = {event.key for event in events}
    if "one" in kept:
        accepted = [draft for draft in offered if draft[1] in kept]
        assert _answers(log) == _answers(View(_with_one_id(accepted, party), cut))


def same(party: str, same_as: str) -> Draft:
    """Two ids are one party's, as has always been known."""
    said = {"party": party, "same_as": same_as, "because": "one", "known_on": "2019-01-01"}
    return "parties-identified", "one", said


def _with_one_id(accepted: Sequence[Draft], party: str) -> Log:
    log = Log()
    for name, key, said in accepted:
        draft = (name, key, said if name in APART else under_one(said, party))
        event = histories.made(_NOTHING if key == "one" else draft, log)
        assume(event is not None)  # nobody transfers anything to itself
        assert event is not None
        log.add(event)
    return log


_NOTHING: Draft = (
    "source-registered", "one",
    {"source": "s", "title": "s", "kind": "press", "publisher": "P", "published_on": "2019"},
)  # fmt: skip


def _answers(view: View) -> dict[str, Any]:
    asked = {name: answer for name, answer in state(view).items() if not name.endswith("-two")}
    return {name: (answer["outcome"], answer["rows"]) for name, answer in asked.items()}


ALICIA: Draft = ("party-registered", "alicia", {"party": "alicia", "kind": "other", "name": "A"})
ONE = same("alice", "alicia")
OWN: Draft = ("share-class-created", "own", {"share_class": "alicia/common"})
TWO_SEATS = [
    official("board-seat-granted", "one-seat", "2020-03-15", company="boreal", party="alice"),
    official("board-seat-granted", "other-seat", "2020-03-15", company="boreal", party="alicia"),
]
SITS = {"company": "boreal", "nominated_by": "alice"}
SIT = [
    official("director-appointed", "sits", "2020-06-01", person="bob", **SITS),
    official("director-appointed", "sits-too", "2020-06-01", person="carol", **SITS),
]


@pytest.mark.parametrize(
    ("given", "last", "refusal"),
    [
        ([OWN], ONE, Refusal.FIELDS_DISAGREE),
        ([ONE], OWN, Refusal.FIELDS_DISAGREE),
        ([ONE, retraction("r", "one"), OWN], retraction("b", "r"), Refusal.FIELDS_DISAGREE),
        ([ONE, official("party-ended", "end", "2020-06-30", party="alice")],
         official("shares-issued", "more", "2021-01-01", share_class=COMMON, holder="alicia",
                  shares="1"), Refusal.PARTY_ENDED),
        ([ONE, *TWO_SEATS, *SIT], retraction("r", "one"), Refusal.SEAT_WITHOUT_RIGHT),
        ([ONE], official("director-appointed", "sits", "2020-06-01", company="alicia",
                         person="bob", nominated_by="carol"), Refusal.SEAT_WITHOUT_RIGHT),
    ],
)  # fmt: skip
def test_the_rules_hold_under_every_id(given: list[Draft], last: Draft, refusal: Refusal) -> None:
    events = histories.history([ALICIA, *histories.WORLD, *given])
    assert [event.key for event in events][-len(given) :] == [key for _, key, _ in given]
    for history in (Log(events), index_of(events)):
        event = histories.made(last, Log(events))
        assert event is not None
        ((at, refused),) = problems(history, [event])
        assert (at.key, refused.refusal) == (last[1], refusal)


def test_an_lei_is_of_one_party_under_whatever_ids() -> None:
    leis = "529900T8BM49AURSDO55", "5493001KJTIIGC8Y1R12"
    alicia, alix = (
        ("party-registered", id, {"party": id, "kind": "other", "name": id, "lei": lei})
        for id, lei in zip(("alicia", "alix"), leis, strict=True)
    )
    changed = official("party-details-changed", "told", "2021-01-01", party="alice", lei=leis[0])
    events = histories.history([alicia, alix, *histories.WORLD, ONE, changed])
    assert events[-1].key == "told"
    view = View(Log(events))
    assert not list(identifiers_are_of_one_party(view))
    again = ("parties-identified", "again", same("alice", "alix")[2])
    event = histories.made(again, Log(events))
    assert event is not None
    ((at, refused),) = problems(Log(events), [event])
    assert (at.key, refused.refusal) == ("again", Refusal.FIELDS_DISAGREE)
    third = ("parties-identified", "third", same("alicia", "alix")[2])
    assert histories.history([alicia, alix, *histories.WORLD, ONE, third])[-1].key == "one"


def test_an_impact_is_told_once_under_the_id_of_answers() -> None:
    events = histories.history([ALICIA, *histories.WORLD, ONE])
    seat = official("board-seat-granted", "seat", "2020-03-15", company="alicia", party="bob")
    event = histories.made(seat, Log(events))
    assert event is not None
    found = impact(Log(events), Log([*events, event]), [event])
    assert [(row["answer"], row["subject"]) for row in found.changes] == [("governance", "alice")]


def test_an_identity_whose_retraction_is_perhaps_known_is_still_answered() -> None:
    away = {"event": "one", "because": "two after all", "known_on": "2026"}
    events = histories.history([ALICIA, *histories.WORLD, ONE, ("event-retracted", "away", away)])
    assert events[-1].key == "away"
    asked = View(Log(events), Cut(known_by="2026-06-30"))
    assert asked.identities.all_of("alicia") == View(Log(events[:-1])).identities.all_of("alicia")


def test_the_last_movement_under_any_id_is_by_its_corrected_day() -> None:
    moves = [
        transfer("first", "2020-03-01", "bob", "alice", 1),
        transfer("second", "2020-05-01", "bob", "alicia", 1),
        correction("earlier", "second", effective_on="2020-02-01"),
    ]
    events = histories.history([ALICIA, *histories.WORLD, ONE, *moves])
    assert events[-1].key == "earlier"
    for history in (Log(events), index_of(events)):
        found = register_at_cut(View(history), "acme").last_movement(COMMON, "alice", "2020-12-31")
        assert found is not None
        assert found.key == "first"


def test_another_day_is_seen_under_the_ids_of_the_day_that_was_asked() -> None:
    name, key, said = ONE
    events = histories.history(
        [ALICIA, *histories.WORLD, (name, key, said | {"effective_on": "2020-06-30"})]
    )
    for asked_before in (False, True):
        view = View(Log(events), Cut(as_of="2020-12-31"))
        assert not asked_before or view.identities.of("alicia") == "alice"
        assert view.on("2020-02-01").identities.of("alicia") == "alice"


def test_what_is_to_come_is_told_under_the_ids_of_the_day_that_was_asked() -> None:
    sale = transfer("sale", "2020-05-01", "bob", "alicia", 1, known_on="2020-01-05")
    name, key, said = ONE
    later = name, key, said | {"effective_on": "2020-06-30"}
    events = histories.history([ALICIA, *histories.WORLD, sale, later])
    assert events[-1].key == "one"
    for history in (Log(events), index_of(events)):
        view = View(history, Cut(as_of="2020-02-01"))
        assert [row["events"] for row in pending(view, "alicia").rows] == [["sale"], ["one"]]


def test_a_party_is_asked_about_under_each_of_its_ids() -> None:
    named = {"party": "acme-two", "kind": "company", "name": "Acme Two"}
    one = ("parties-identified", "issuers", same("acme", "acme-two")[2])
    company = {"party-registered": {"kind": "company"}}
    world = [(name, key, said | company.get(name, {})) for name, key, said in histories.WORLD]
    events = histories.history(
        [
            ALICIA, ("party-registered", "acme-2", named), *world, ONE, one,
            official("share-right-granted", "pledged", "2020-03-01", right="pledged",
                     share_class=COMMON, holder="alice", to="bob", kind="pledge", shares="5"),
            official("dividend-declared", "declared", "2020-03-02", share_class=COMMON,
                     per_share="EUR 1"),
            official("meeting-called", "called", "2020-03-03", meeting="agm", company="acme",
                     body="the general meeting", held_on="2030-01-01"),
            official("board-seat-granted", "seat", "2020-03-04", company="acme", party="alice"),
            transfer("sold", "2020-03-05", "bob", "alice", 100),
        ]
    )  # fmt: skip
    assert events[-1].key == "sold"
    view = View(Log(events))
    for ask in (diluted, rights, pending, QUESTIONS["timeline"].ask):
        assert ask(view, "acme-two").rows == ask(view, "acme").rows
    assert pending(view, "alicia").rows == pending(view, "alice").rows
    near = [
        radar(view, of, Asked(holder=who, rules=EVERY_FIFTH)).rows
        for of, who in (("acme", "alice"), ("acme-two", "alicia"))
    ]
    assert near[0] == near[1] != []
    assert diluted(view, "acme").rows
    assert {row["kind"] for row in pending(view, "acme").rows} == {"dividend", "meeting"}
    assert rights(view, "acme", "alicia").rows == rights(view, "acme", "alice").rows != []
    for explain in (explain_holdings, explain_votes):
        told, other = (explain(view, *ids) for ids in (("alice", "acme"), ("alicia", "acme-two")))
        assert (told.rows, told.arithmetic) == (other.rows, other.arithmetic)
        assert told.rows
    told, other = (explain_seats(view, *ids) for ids in (("alice", "acme"), ("alicia", "acme-two")))
    assert [one.key for one in told.steps] == [one.key for one in other.steps] == ["seat"]
    documents = (
        lambda one: members(view, one, "none"), lambda one: directors(view, one, "none"),
        lambda one: agreements(view, one), lambda one: board_pack(view, one),
    )  # fmt: skip
    for document in documents:
        assert document("acme-two") == document("acme")
    before = view.on("2020-03-04")
    assert diff(before, view, "alicia").rows == diff(before, view, "alice").rows != []


def test_a_movement_between_two_ids_of_a_party_is_one_of_its_events() -> None:
    moves = [
        transfer("to", "2020-03-01", "bob", "alicia", 2),
        transfer("between", "2020-05-01", "alicia", "alice", 1),
    ]
    events = histories.history([ALICIA, *histories.WORLD, *moves, ONE])
    assert events[-1].key == "one"
    for most in (0, 1, 1_000):
        told = [holdings(View(h), "acme", most=most).rows for h in (Log(events), index_of(events))]
        assert told[0] == told[1]
