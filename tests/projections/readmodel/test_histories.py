"""Laws that hold for every history, at every cut: for some here, for many in the long run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cli.context import view_at
from ledger.events.envelope import Recorded
from ledger.events.registry import event_types
from ledger.model.board import BOARD
from ledger.model.fact import Fact
from ledger.model.subject import parse_subject
from ledger.model.texts import words_in
from ledger.rules import problems
from ledger.time.history import History, known_ids, subjects_of
from ledger.time.log import Log
from ledger.time.upcoming import upcoming
from ledger.time.view import Cut, View
from ledger.values.dates import FOREVER
from projections.consistency import conflicts as conflicting
from projections.consistency.checks import check
from projections.consistency.conflicts import conflicts
from projections.directory.parties import parties
from projections.explain.holdings import explain_holdings
from projections.questions import state
from projections.readmodel import opening
from projections.readmodel.index import Index
from projections.readmodel.opening import catch_up, open_index
from projections.subjects.holdings import holdings
from projections.subjects.pending import pending
from projections.subjects.register_at_cut import register_at_cut
from projections.subjects.search import search
from projections.subjects.texts import Told, texts
from projections.subjects.timeline import timeline
from tests import histories
from tests.histories import Draft, EventList
from tests.oracle import Oracle
from tests.register_by_letter import Balances, naive_holdings

slow = settings(
    max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)


def in_order(told: Iterable[Sequence[Told]]) -> list[tuple[str, ...]]:
    """Texts, of events in any order."""
    each = (one for event in told for one in event)
    return sorted((o.kind, o.id, o.where, o.text, o.fact.key, o.why) for o in each)


def index_of(events: list[Recorded], pieces: int = 1) -> Index:
    """A read model in memory, caught up in pieces."""
    size = max(1, -(-len(events) // pieces))
    index = open_index(None, EventList([]))
    connection = index.connection
    for end in range(size, len(events) + size, size):
        part = events[: min(end, len(events))]
        index = _again(connection, part)
    return index


def kept(index: Index) -> bytes:
    """A read model as bytes, to be opened often."""
    return index.connection.serialize()


def opened(content: bytes, position: int) -> Index:
    """A read model in memory of what was kept of another."""
    connection = opening.connect(None)
    connection.deserialize(content)
    return Index(connection, position)


def _again(connection: Any, events: list[Recorded]) -> Index:
    return Index(connection, catch_up(connection, EventList(events)).position)


def told(history: History, cut: Cut) -> tuple[Any, Any]:
    """Every answer, and holdings without their events: what lists them reads postings, not sums."""
    issuers = known_ids(history, "issuer")
    sums = [holdings(View(history, cut), issuer, most=None) for issuer in issuers]
    again = history.at(history.position) if isinstance(history, Index) else history
    return sums, state(View(again, cut))


@slow
@given(st.data())
def test_the_read_model_answers_as_the_pure_fold(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts()))
    index = index_of(events, pieces=data.draw(st.integers(1, 5)))
    for _ in range(3):
        cut, count = data.draw(histories.cuts(len(events)))
        upto = events[:count]
        instant = upto[-1].recorded_at if upto else "2000-01-01T00:00:00.000000Z"
        assert told(index.recorded_by(instant), cut) == told(Log(upto), cut)


@slow
@given(st.data())
def test_answers_that_share_a_view_are_those_of_views_of_their_own(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts()))
    index = index_of(events)
    drawn = [data.draw(histories.cuts(len(events)))[0] for _ in range(2)]
    cuts = [cut._replace(policy="standing") for cut in drawn]
    asks = [
        lambda view: holdings(view, "acme"), lambda view: conflicts(view, "alice"),
        lambda view: parties(view), lambda view: check(view), lambda view: timeline(view, "acme"),
        lambda view: explain_holdings(view, "alice", "acme"), lambda view: state(view),
    ]  # fmt: skip
    for cut, number in data.draw(st.permutations([(c, n) for c in cuts for n in range(len(asks))])):
        upto = index.recorded_by(cut.recorded_by or events[-1].recorded_at)
        shared = view_at(index, cut)
        assert shared is view_at(index, cut)
        assert asks[number](shared) == asks[number](View(upto.at(len(events)), cut))


@slow
@given(st.data())
def test_every_other_question_is_answered_as_by_the_pure_fold(data: st.DataObject) -> None:
    """Holdings of a holder, ranges, conflicts, checks, timelines and their pages, explanations."""
    events = histories.history(data.draw(histories.drafts(most=40)))
    cut, count = data.draw(histories.cuts(len(events)))
    upto = events[: max(count, 1)]
    index = index_of(events).recorded_by(upto[-1].recorded_at)
    pure, read = View(Log(upto), cut), View(index, cut)
    for holder in (None, *histories.HOLDERS):
        assert holdings(read, None, holder) == holdings(pure, None, holder)
    assert holdings(read, "acme", ranged=True) == holdings(pure, "acme", ranged=True)
    assert conflicts(read) == conflicts(pure)
    assert check(read) == check(pure)
    explained = explain_holdings(read, "alice", "acme")
    assert explained == explain_holdings(pure, "alice", "acme")
    assert explained.figure == holdings(pure, "acme", "alice").rows
    found = [*conflicting.all_found(pure)]
    for subject in ("acme", "alice", "bid", "acme-trust", *histories.CLASSES):
        own = [conflicting.row_of(f) for f in found if conflicting.is_of(f, subject)]
        for view in (read, pure):
            rows = conflicts(view, subject).rows
            assert sorted(map(str, rows)) == sorted(map(str, own))
    for subject in (None, "acme", "alice", "acme-trust", *histories.CLASSES):
        assert timeline(read, subject) == timeline(pure, subject)
        assert pending(read, subject) == pending(pure, subject)
    assert in_order(texts(read)) == in_order(texts(pure))
    words = sorted({word for event in events for word in words_in(event.data).split()})
    for text in data.draw(st.lists(st.sampled_from(words), max_size=3)):
        assert search(read, text) == search(pure, text)
        assert parties(read, text) == parties(pure, text)
    most = data.draw(st.integers(0, 2))
    brief, full = parties(read, trusts=most), parties(pure)
    assert brief == parties(pure, trusts=most)
    for some, every in zip(brief.rows, full.rows, strict=True):
        assert {**some, "trusts": every["trusts"]} == every
        assert all(role in every["trusts"] for role in some["trusts"])
        assert some == every or every["party"] in brief.in_part
    whole, found = parties(pure), list[Any]()
    while page := parties(read, "", 2, found[-1]["party"] if found else "").rows:
        found += page
    assert found == whole.rows == parties(read).rows


@slow
@given(st.data())
def test_what_is_read_of_many_subjects_at_once_is_what_is_found_one_by_one(
    data: st.DataObject,
) -> None:
    events = histories.history(data.draw(histories.drafts()))
    position = data.draw(st.integers(0, len(events)))
    gathering, single = index_of(events).at(position), index_of(events).at(position)
    used = sorted({event.type for event in events})
    for _ in range(5):
        types = data.draw(st.lists(st.sampled_from(used or ["note-added"]), min_size=1))
        gathering.gather(single.subjects(""), types)
        for subject in single.subjects(""):
            assert gathering.mentioning(subject, types) == single.mentioning(subject, types)
            assert gathering.unposted(subject, types) == single.unposted(subject, types)


@slow
@given(st.data())
def test_what_is_to_come_is_what_is_known_and_comes_after_the_day(data: st.DataObject) -> None:
    events = histories.history(_without_cited_sources(data.draw(histories.drafts())))
    cut, count = data.draw(histories.cuts(len(events)))
    index, log = index_of(events).at(count), Log(events[:count])
    known = min(cut.as_of, cut.known_by)
    oracle = Oracle(events[:count], cut._replace(as_of=FOREVER, known_by=known))
    standing = (one for event in events[:count] if (one := oracle.stands(event)) is not None)
    whole = [
        (one.event.key, one.data)
        for one in standing
        if one.effective
        and one.effective["tense" in one.data] > cut.as_of
        and one.known[1] <= known
    ]
    for history in (index, log):
        found = sorted(upcoming(View(history, cut)), key=lambda fact: fact.recorded.position)
        assert [(fact.key, fact.data) for fact in found] == whole
        for id in ("acme", "alice", "acme-trust", *histories.CLASSES):
            own = sorted(upcoming(View(history, cut), id), key=lambda fact: fact.recorded.position)
            assert own == [fact for fact in found if id in _spoken_of(fact)]


@slow
@given(st.data())
def test_the_last_movement_of_an_account_is_that_of_the_pure_fold(data: st.DataObject) -> None:
    among = data.draw(st.sampled_from([(), histories.REGISTERS]))
    events = histories.history(data.draw(histories.drafts(most=40, among=among)))
    cut = data.draw(histories.cuts(0))[0]
    _same_last_movements(events, cut)


def _same_last_movements(events: list[Recorded], cut: Cut) -> None:
    pure, read = View(Log(events), cut), View(index_of(events), cut)
    sides = [register_at_cut(view, "acme") for view in (pure, read)]
    own = [one for one in histories.HOLDERS if pure.identities.of(one) == one]
    for share_class in (None, *histories.CLASSES):
        for account in (None, "", *own):
            for day in (one for one in histories.CUTS if one <= cut.as_of):
                found = [side.last_movement(share_class, account, day) for side in sides]
                keys = [one and one.key for one in found]
                assert keys[0] == keys[1], (share_class, account, day)


def test_a_split_before_its_class_became_another_is_the_last_movement_of_its_day() -> None:
    of = {"share_class": "acme/preferred", "standing": "official"}
    split = {"ratio": "2:1", "effective_on": "2021-01-01"}
    became = {"into_class": "acme/common", "effective_on": "2021-12-31"}
    events = histories.history([
        *histories.WORLD, ("shares-split", "split", of | split),
        ("shares-reclassified", "became", of | became),
    ])  # fmt: skip
    _same_last_movements(events, Cut())


def test_a_movement_found_under_two_subjects_stands_once_in_a_timeline() -> None:
    """A transfer to a trust is found by the issuer and, for its terms are told, by the trust."""
    given = {"effective_on": "2021-01-01", "standing": "official"}
    moved = {"share_class": "acme/common", "transferor": "alice", "shares": "5"}
    terms = {"trust": "acme-trust", "settlors": ["alice"], "trustees": ["carol"]}
    events = histories.history([
        *histories.WORLD,
        ("trust-settled", "settled", given | terms | {
            "beneficiaries": [{"party": "alice"}], "voting": "neutral",
        }),
        ("shares-transferred", "moved", given | moved | {"transferee": "acme-trust"}),
    ])  # fmt: skip
    for limit in (None, 2, 100):
        found = [timeline(View(h), "acme", limit) for h in (Log(events), index_of(events))]
        assert found[0] == found[1]
        assert [row["event"] for row in found[1].rows].count("moved") == 1


@slow
@given(st.data())
def test_the_pages_of_a_timeline_make_up_the_whole(data: st.DataObject) -> None:
    log = Log(histories.history(data.draw(histories.drafts())))
    view, size = View(log, data.draw(histories.cuts(0))[0]), data.draw(st.integers(1, 9))
    whole = timeline(view).rows
    forth, page = list[Any](), timeline(view, limit=size, oldest=True)
    while page.rows:
        forth += page.rows
        page = timeline(view, limit=size, after=page.rows[-1]["event"])
    back, page = list[Any](), timeline(view, limit=size)
    while page.rows:
        back = page.rows + back
        page = timeline(view, limit=size, before=page.rows[0]["event"])
    assert forth == back == whole


@slow
@given(st.data())
def test_the_rules_say_the_same_of_the_read_model_and_of_the_log(data: st.DataObject) -> None:
    """The next events, one by one and as a batch, are accepted or refused in the same words."""
    offered = data.draw(histories.drafts(most=40))
    log, events = Log(), list[Recorded]()
    index = index_of(events)
    for draft in offered:
        event = histories.made(draft, log)
        if event is None:
            continue
        said = [(at.position, str(refused)) for at, refused in problems(log, [event])]
        index = _again(index.connection, events)
        assert [(at.position, str(r)) for at, r in problems(index, [event])] == said
        if not said:
            log.add(event)
            events.append(event)
    start = data.draw(st.integers(len(histories.WORLD), len(events)))
    batch = [event for event in events[start:] if data.draw(st.integers(0, 3))]
    batch = [replace(event, position=start + n) for n, event in enumerate(batch, 1)]
    words = [
        [(at.position, str(refused)) for at, refused in problems(base, batch)]
        for base in (Log(events[:start]), index.at(start))
    ]
    assert words[0] == words[1]
    indexed, log = index_of([*events[:start], *batch]), Log(events[:start])
    said = [(at.position, refused.refusal) for at, refused in problems(log, batch, indexed)]
    pure = [(at.position, refused.refusal) for at, refused in problems(log, batch)]
    assert said[:1] == pure[:1], "of two accounts in trouble on one day either may be named"


def test_shares_that_become_another_class_are_missed_by_later_movements() -> None:
    """A reclassification dated back before a transfer of the old class is refused by both."""
    given = {"share_class": "acme/preferred", "standing": "official"}
    moved = given | {"transferor": "carol", "transferee": "bob", "shares": "10"}
    sold = ("shares-transferred", "sold", moved | {"effective_on": "2021-05-31"})
    becomes = given | {"into_class": "acme/common", "effective_on": "2020-03-15"}
    events = histories.history([*histories.WORLD, sold])
    event = histories.made(("shares-reclassified", "becomes", becomes), Log(events))
    assert event is not None
    for history in (Log(events), index_of(events)):
        ((_, refused),) = problems(history, [event])
        assert "It would leave carol with -10 acme/preferred on 2021-05-31" in str(refused)


@slow
@given(st.data())
def test_what_is_recorded_later_never_changes_an_earlier_view(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts()))
    cut, count = data.draw(histories.cuts(len(events)))
    assume(count > 0)
    before = state(View(Log(events[:count]), cut))
    index = index_of(events)
    assert state(View(index.recorded_by(events[count - 1].recorded_at), cut)) == before


def _ordered(offered: list[Draft]) -> list[Draft]:
    """The same events with an explicit order in each day and a known date of their own."""
    found = []
    for number, (type_name, key, data) in enumerate(offered):
        extra = {"known_on": f"2019-{1 + number // 28:02}-{1 + number % 28:02}"}
        if "effective_on" in data:
            extra["sequence"] = str(number)
        found.append((type_name, key, data | extra))
    return found


@slow
@given(st.data())
def test_loading_in_another_order_changes_no_answer(data: st.DataObject) -> None:
    offered = _ordered(data.draw(histories.drafts(amendments=False)))
    events = histories.history(offered, histories.DAY)
    kept = {event.key for event in events}
    accepted = [draft for draft in offered if draft[1] in kept]
    start = len(histories.WORLD)
    shuffled = accepted[:start] + data.draw(st.permutations(accepted[start:]))
    again = histories.history(shuffled, histories.DAY)
    assume(len(again) == len(events))  # an order in which the rules refuse a step is no reload
    cut, _ = data.draw(histories.cuts(0))
    assert state(View(Log(again), cut)) == state(View(Log(events), cut))


@slow
@given(st.data())
def test_a_retraction_retracted_restores_every_answer(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts()))
    log = Log(events)
    target = data.draw(st.sampled_from(events))
    first = ("event-retracted", "gone", {"event": target.key, "because": "a trial"})
    second = ("event-retracted", "back", {"event": "gone", "because": "a trial"})
    before = state(View(log))
    for draft in (first, second):
        event = histories.recorded(draft, log)
        assume(event is not None)
        assert event is not None
        log.add(event)
    assert state(View(log)) == before


def _spoken_of(fact: Fact) -> set[str]:
    return {parse_subject(subject).id for subject in subjects_of(fact.type, fact.data)}


def _without_cited_sources(offered: list[Draft]) -> list[Draft]:
    """The same events, nothing about a source resting on a source: they may do so in a ring."""
    found, of_sources = list[Draft](), set[str]()
    for name, key, data in offered:
        if name.startswith("source-") or data.get("event") in of_sources:
            of_sources.add(key)
            if name == "event-corroborated":
                continue
            data = {field: value for field, value in data.items() if field != "citations"}
        found.append((name, key, data))
    return found


@settings(slow, max_examples=25)
@given(st.data())
def test_what_stands_is_what_the_rule_says_by_the_letter(data: st.DataObject) -> None:
    """Certain facts in their order, with their dates, and possible ones, of every type."""
    _stands_by_the_letter(data, data.draw(histories.drafts()))


@slow
@given(st.data())
def test_what_is_conditional_counts_by_the_letter(data: st.DataObject) -> None:
    """Seats and caps with conditions and agreements, met, reopened, ended, revived, called off."""
    _stands_by_the_letter(data, data.draw(histories.drafts(among=histories.CONDITIONAL)))


def _stands_by_the_letter(data: st.DataObject, drafts: list[Draft]) -> None:
    """That the log and the read model count at some cuts what the oracle does."""
    events = histories.history(_without_cited_sources(drafts))
    index = index_of(events)
    for _ in range(4):
        cut, count = data.draw(histories.cuts(len(events)))
        oracle = Oracle(events[:count], cut)
        certain = [(one.event.key, one.place, one.known, one.effective) for one in oracle.certain()]
        for history in (Log(events[:count]), index.at(count)):
            assert _standing(View(history, cut)) == (certain, oracle.possible())


def _standing(view: View) -> tuple[list[Any], set[str]]:
    """The certain facts of every type, with their places and dates, and the possible ones."""
    types = [subject.removeprefix("type:") for subject in view.history.subjects("type:")]
    found = view.every(types)
    certain = [(fact.key, fact.order, fact.known, fact.effective) for fact in found.certain]
    return certain, {possible.fact.key for possible in found.possible}


@settings(slow, max_examples=20)
@given(st.data())
def test_a_later_known_by_makes_no_fact_less_certain(data: st.DataObject) -> None:
    """Unless a correction says so, or what it depends on; further sources never do."""
    offered = data.draw(histories.drafts())
    kept = [d for d in offered if d[0] not in ("event-corrected", "event-retracted")]
    events = histories.history(kept)
    log, (cut, _) = Log(events), data.draw(histories.cuts(0))
    later = cut._replace(known_by=max(cut.known_by, data.draw(st.sampled_from(histories.CUTS))))
    (then, then_possible), (now, now_possible) = (_standing(View(log, c)) for c in (cut, later))
    facts = [fact for event in events if (fact := View(log, later).fact(event)) is not None]
    depending = {fact.key for fact in facts if fact.depending is not None}
    certain = {key for key, *_ in now} | depending
    assert {key for key, *_ in then} <= certain
    assert then_possible <= certain | now_possible


RING: list[Draft] = [  # each source withdraws the next one
    ("source-retracted", f"without-{source}", {
        "source": source, "because": "it was false", "citations": [{"source": other}],
    })
    for source, other in (("filing", "leak"), ("leak", "article"), ("article", "filing"))
]  # fmt: skip


@slow
@given(st.data())
def test_sources_that_rest_on_one_another_are_dated_alike_whichever_is_asked_first(
    data: st.DataObject,
) -> None:
    drawn = data.draw(histories.drafts())
    events = histories.history([*drawn, *RING] if data.draw(st.booleans()) else drawn)
    log, sources = Log(events), ["filing", "article", "leak", "undated"]
    found = []
    for asked in (sources, data.draw(st.permutations(sources))):
        view = View(log)
        dates = {source: view.publication(source) for source in asked}
        state = [view.whole.fact(event) for event in events]
        found.append(({source: dates[source] for source in sources}, state))
    assert found[0] == found[1]


@slow
@given(st.data())
def test_the_order_of_the_sources_of_an_event_changes_no_answer(data: st.DataObject) -> None:
    offered = data.draw(histories.drafts())
    turned = [
        (name, key, fields | {"citations": fields.get("citations", [])[::-1]})
        for name, key, fields in offered
    ]
    cut, _ = data.draw(histories.cuts(0))
    one, other = (View(Log(histories.history(drafts)), cut) for drafts in (offered, turned))
    assert _standing(one) == _standing(other)


@settings(slow, max_examples=25)
@given(st.data())
def test_holdings_are_what_the_clocks_say_by_the_letter(data: st.DataObject) -> None:
    drawn = [one for one in data.draw(histories.drafts()) if one[0] != "parties-identified"]
    events = histories.history(_without_cited_sources(drawn))
    cut, _ = data.draw(histories.cuts(0))
    assert registered(View(Log(events), cut), "acme") == naive_holdings(events, cut)


@slow
@given(st.data())
def test_two_registers_are_what_the_clocks_say_by_the_letter(data: st.DataObject) -> None:
    """Distributions, exchanges and cross-holdings between them, by the log and the read model."""
    drawn = data.draw(histories.drafts(among=histories.REGISTERS))
    events = histories.history(histories.across(_without_cited_sources(drawn)))
    index = index_of(events)
    for _ in range(3):
        cut, count = data.draw(histories.cuts(len(events)))
        naive = naive_holdings(events[:count], cut)
        for history in (Log(events[:count]), index.at(count)):
            assert registered(View(history, cut), "acme", "boreal") == naive


def registered(view: View, *issuers: str) -> Balances:
    """The balances that the registers of issuers show."""
    rows = [row for issuer in issuers for row in holdings(view, issuer).rows]
    return {
        (row["share_class"], row["holder"]): Fraction(row["shares"])
        for row in rows
        if row["basis"] == "register"
    }


@slow
@given(st.data())
def test_holdings_and_treasury_make_up_the_issued_shares(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts(most=40)))
    as_of = data.draw(st.sampled_from(histories.CUTS))
    rows = holdings(View(Log(events), Cut(as_of=as_of)), "acme").rows
    for share_class in histories.CLASSES:
        held = [
            row for row in rows if row["share_class"] == share_class and row["basis"] == "register"
        ]
        if held:
            shares = [Fraction(row["shares"]) for row in held]
            assert sum(shares) == Fraction(held[0]["issued"])
            assert all(number > 0 for number in shares)


def test_every_type_is_drawn_and_accepted_in_some_history() -> None:
    never = set(event_types())
    for number in range(400):
        random = Random(number)
        numbers = [random.randrange(2**24) for _ in range(25)]
        offered = histories.drafted(numbers, tangled=number % 4 == 0)
        never -= {event.type for event in histories.history(offered)[len(histories.WORLD) :]}
        if not never:
            break
    assert not never, "draw these in tests/histories.py, in a state in which they are accepted"


def test_a_read_model_that_misses_an_event_is_noticed() -> None:
    """The control: the comparison above can fail."""
    world = histories.history(list(histories.WORLD))
    issue = ("shares-issued", "issue", {
        "share_class": "acme/common", "holder": "alice", "shares": "10",
        "effective_on": "2020-01-01", "standing": "official",
    })  # fmt: skip
    log = Log(world)
    event = histories.recorded(issue, log)
    assert event is not None
    index = index_of(world)
    log.add(event)
    assert state(View(index)) != state(View(log))


@slow
@given(st.data())
def test_any_pieces_make_the_same_read_model(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts(most=40)))
    whole = list(index_of(events).content())
    assert list(index_of(events, pieces=data.draw(st.integers(2, 20))).content()) == whole


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE carried SET balance = balance + 1",
        "UPDATE postings SET delta = delta + 1 WHERE day > 20200101",
        "UPDATE postings SET until = since",
        "DELETE FROM replayed",
    ],
)
def test_a_sum_that_is_wrong_is_noticed(damage: str) -> None:
    """The control: sums and what is replayed over them both count in the comparison above."""
    moved = {"share_class": "acme/common", "transferor": "alice", "transferee": "carol"}
    dated = {"effective_on": "2020-03-15", "standing": "official"}
    later = dated | {"effective_on": "2020-06", "shares": "6"}
    drafts: list[Draft] = [
        ("shares-transferred", "plain", moved | dated | {"shares": "10"}),
        ("shares-transferred", "partial", moved | later),
    ]
    events = histories.history([*histories.WORLD, *drafts])
    cut = Cut(as_of="2020-12-31", known_by="2026-12-31")
    index, right = index_of(events), [told(Log(events), c) for c in (Cut(), cut)]
    assert [told(index, c) for c in (Cut(), cut)] == right
    index.connection.execute(damage)
    again = Index(index.connection, index.position)
    assert [told(again, c) for c in (Cut(), cut)] != right


def test_what_another_process_files_meanwhile_is_not_counted(tmp_path: Any) -> None:
    dated = {"effective_on": "2020-01-01", "standing": "official"}
    more = {"share_class": "acme/common", "holder": "bob", "shares": "7"} | dated
    events = histories.history([*histories.WORLD, ("shares-issued", "more", more)])
    path, count = tmp_path / "x.views.db", len(events) - 1
    index = open_index(path, EventList(events[:count]))
    asked = View(index)
    open_index(path, EventList(events)).close()
    assert state(asked) == state(View(Log(events[:count])))
    assert state(asked) != state(View(open_index(path, EventList(events))))


def test_the_read_model_is_the_same_however_it_was_caught_up(tmp_path: Any) -> None:
    world = histories.history(list(histories.WORLD))
    whole = list(index_of(world).content())
    assert json.dumps(whole) == json.dumps(list(index_of(world, pieces=7).content()))
    path = tmp_path / "x.views.db"
    for count in (3, 3, len(world)):
        open_index(path, EventList(world[:count])).close()
    assert list(open_index(path, EventList(world), pytest.fail).content()) == whole


@slow
@given(st.data())
def test_what_is_told_of_and_where_is_found_for_many_at_once(data: st.DataObject) -> None:
    """Of many subjects none of which events of some types tell is left out, nor any position."""
    events = histories.history(data.draw(histories.drafts()))
    index = index_of(events).at(data.draw(st.integers(1, len(events))))
    pure = Log(events[: index.position])
    subjects = [s for s in pure.subjects("") if parse_subject(s).kind in ("party", "deal", "class")]
    types = data.draw(
        st.sets(st.sampled_from(sorted({event.type for event in events})), min_size=1)
    )
    told = {subject for subject in subjects if pure.mentioning(subject, types)}
    for history in (pure, index, Log((), index)):
        assert told <= set(history.told_of(subjects, types)) <= set(subjects)
    assert set(index.told_of([*subjects, "party:nobody"], BOARD)) == {
        subject for subject in subjects if pure.mentioning(subject, BOARD)
    }
    for name in sorted(types):
        texts = data.draw(
            st.lists(st.sampled_from(["alice", '"basis":', '"reaffirms":']), min_size=1)
        )
        wanted = {
            one.position
            for one in pure.each(f"type:{name}")
            if pure.is_amended(one.key) or any(text in one.state("test").decode() for text in texts)
        }
        for history in (pure, index, Log((), index)):
            assert wanted <= {one.position for one in history.written(name, *texts)}
    positions = data.draw(st.lists(st.integers(1, len(events)), max_size=5))
    here = [events[at - 1] for at in positions if at <= index.position]
    for history in (pure, index):
        assert [*history.at_each(positions)] == here
    for source in pure.subjects("source:"):
        number = len([*pure.each(source)])
        for history in (pure, index, Log((), index)):
            over = [history.has_over(most, source) for most in range(number + 1)]
            assert over == [True] * number + [False]
