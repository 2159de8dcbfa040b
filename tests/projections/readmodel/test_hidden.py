"""What the limits of a question leave out is counted, alike on the log and on the read model."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.events.envelope import Recorded
from ledger.model.movements import SIGNS
from ledger.model.posted import Hidden
from ledger.time.exclusions import excluded, hidden
from ledger.time.log import Log
from ledger.time.view import Cut, View
from ledger.values.dates import FOREVER
from projections.readmodel.opening import open_index
from projections.subjects import claims, deals, governance, holdings, votes
from projections.subjects.timeline import timeline
from tests import histories
from tests.helpers import accept, dated, new_ledger, party, run
from tests.projections.readmodel.test_histories import index_of

slow = settings(
    max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
TYPES = {
    "issuer": (*holdings.TYPES, *votes.TYPES),
    "party": governance.TYPES,
    "subject": claims.TYPES,
    "deal": deals.TYPES,
}


def test_a_movement_that_may_be_of_two_registers_is_left_out_once() -> None:
    """It is counted of both together as once, though it is found under each."""
    elsewhere = {"share_class": histories.ELSEWHERE}
    wrong = {"event": "issue-0", "because": "misread", "known_on": "2025-01-01"}
    events = histories.history([
        *histories.WORLD, ("share-class-created", "class-elsewhere", elsewhere),
        ("event-corrected", "moved", wrong | {
            "correction": "new-information",
            "changes": [{"field": "share_class", "value": histories.ELSEWHERE}],
        }),
    ])  # fmt: skip
    assert len(events) == len(histories.WORLD) + 2
    about = [(("issuer:acme",), holdings.TYPES), (("issuer:boreal",), tuple(SIGNS))]
    for known_by in ("2019-01-01", "2024-12-31"):
        cut = Cut(known_by=known_by)
        found = [hidden(View(h, cut), about) for h in (Log(events), index_of(events))]
        assert found[0] == found[1]


@slow
@given(st.data())
def test_the_log_and_the_read_model_leave_out_the_same(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts()))
    cut, count = data.draw(histories.cuts(len(events)))
    index = open_index(None, histories.EventList(events)).at(count)
    log = Log(events[:count])
    for subject in log.subjects(""):
        kind, _, _ = subject.partition(":")
        if kind in ("key", "id", "position", "type"):
            continue  # no question about movements is asked by these
        has_posting = kind in ("issuer", "party")
        for types in (holdings.TYPES if has_posting else deals.TYPES, TYPES.get(kind, ()), None):
            about = [((subject,), types)]
            assert hidden(View(index, cut), about) == hidden(View(log, cut), about), (
                subject,
                types,
            )
    others = [name for name in log.subjects("type:") if name.removeprefix("type:") not in SIGNS]
    for about in ([(("issuer:",), holdings.TYPES)], [(("issuer:", *others), None)]):
        assert hidden(View(index, cut), about) == hidden(View(log, cut), about)


@slow
@given(st.data())
def test_no_event_that_may_begin_later_is_left_out_by_its_text(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts()))
    index = open_index(None, histories.EventList(events)).at(data.draw(st.integers(1, len(events))))
    pure = Log(events[: index.position])
    types = data.draw(st.sets(st.sampled_from(sorted({e.type for e in events})), min_size=1))
    subjects = [s for s in pure.subjects("") if s.startswith(("party:", "deal:", "issuer:"))]
    for day in histories.CUTS:
        view = View(pure, Cut(as_of=day))
        for one in (subjects, subjects[:1]):
            found = {event.position for event in index.perhaps_later(one, types, day)}
            listed = {e.position for s in one for e in index.unposted(s, types)}
            later = {
                event.position
                for event in events
                if event.position in listed and hidden_alone(view, event)
            }
            assert later <= found <= listed


def hidden_alone(view: View, event: Recorded) -> bool:
    """Whether the as-of day of a view leaves an event out, or something amends it."""
    if view.history.is_amended(event.key):
        return True
    fact = view.fact(event)
    begins = fact.effective.first if fact and fact.effective else ""
    return begins > view.cut.as_of


@slow
@given(st.data())
def test_those_counted_are_those_left_out_one_by_one(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts()))
    cut, _ = data.draw(histories.cuts(0))
    for known_by in (cut.known_by, FOREVER):
        view = View(Log(events), cut._replace(standing="any", known_by=known_by))
        for subject in ("issuer:acme", "party:boreal", "party:alice", "deal:merger"):
            reasons = Counter(left.reason for left in excluded(view, subject))
            found = hidden(view, [((subject,), None)])
            assert (found.as_of, found.known_by) == (reasons["later"], reasons["not yet known"])
            assert found.uncited <= found.known_by
            assert (found.since is None) == (found.uncited == 0)


def test_no_limit_leaves_nothing_out() -> None:
    view = View(Log(histories.history(histories.WORLD)), Cut())
    assert hidden(view, [(("issuer:acme",), holdings.TYPES)]) == Hidden()


def test_what_is_left_out_of_a_timeline_is_left_out_under_every_id_of_a_party() -> None:
    """Carol's shares were issued under an id that stands for bob."""
    one = {"party": "bob", "same_as": "carol", "because": "one person"}
    events = histories.history([*histories.WORLD, ("parties-identified", "one", one)])
    cut = Cut(as_of="2019-12-31")
    found = [timeline(View(h, cut), "bob").hidden for h in (index_of(events), Log(events))]
    assert found == [Hidden(as_of=2)] * 2


# Three answers: none, not known, hidden by a limit


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Acme's b shares were all cancelled; its deal is off, its director gone; Bolt has nothing."""
    b = {"share_class": "acme/b", "holder": "bolt", "shares": "40", "known_on": "2021-01-01"}
    board = {"company": "acme", "person": "fund-one", "known_on": "2021-01-01"}
    talks = {"deal": "merger", "known_on": "2021-01-01"}
    return new_ledger(
        tmp_path_factory.mktemp("limits"),
        dated("shares-issued", key="b-issued", **b) | {"effective_on": "2021-01-01"},
        dated("shares-cancelled", key="b-gone", **b) | {"effective_on": "2022-01-01"},
        dated("director-appointed", **board) | {"effective_on": "2021-01-01"},
        dated("director-left", **board) | {"effective_on": "2022-01-01"},
        dated("negotiation-opened", parties=["acme", "bolt"], about="a merger", **talks),
        dated("deal-abandoned", **talks),
        party("shell"),
        {"type": "share-class-created", "share_class": "shell/a", "key": "class-shell"},
        dated("shares-issued", share_class="shell/a", holder="acme", shares="5", key="s-issued"),
        dated("shares-cancelled", share_class="shell/a", holder="acme", shares="5", key="s-gone"),
        dated("trust-settled", trust="fund-two", settlors=["acme"], trustees=["bolt"],
              key="t-settled",
              beneficiaries=[{"party": "acme"}], voting="neutral", known_on="2023-06-01"),
        dated("shares-placed-in-trust", trust="fund-two", holder="bolt", shares="10",
              share_class="acme/common", key="t-placed", known_on="2021-01-01"),
        dated("claim-recorded", subject="acme", attribute="headcount", value="7",
              standing="reported") | {"standing": "reported"},
    )  # fmt: skip


def asked(ledger: Path, *words: str) -> dict[str, Any]:
    outcome = run(ledger, *words, "--format", "json")
    assert outcome.code == 0, outcome.err
    found: dict[str, Any] = json.loads(outcome.out)
    return found


@pytest.mark.parametrize(
    ("words", "outcome", "said"),
    [
        ("holdings shell", "none", "shell: no shares of shell/a in issue."),
        ("holdings --holder fund-one", "not-known", "cut tells what fund-one holds"),
        ("holdings shell --holder bolt", "none", "bolt has no shares of shell/a, says"),
        ("holdings bolt", "not-known", "no event at this cut tells who holds shares of bolt"),
        ("holdings shell --known-by 2020", "hidden", "of shell, and 2 that are left out may"),
        ("holdings shell --as-of 2020", "hidden", "Hidden by --as-of: no event"),
        ("votes shell", "none", "shell: no shares of shell/a in issue, and no votes."),
        ("votes shell --known-by 2020", "hidden", "Hidden by --known-by: "),
        ("votes bolt", "not-known", "Missing: a share-class-created and the holdings"),
        ("governance acme", "none", "No seat, office or agreement of acme is left"),
        ("governance acme --known-by 2020", "hidden", "who governs acme, and 2 that are"),
        ("governance bolt", "not-known", "no event at this cut tells who governs bolt"),
        ("pending", "none", "Nothing is pending"),
        ("deals merger --known-by 2020", "hidden", "Hidden by --known-by: no event"),
        ("claims acme --standing official", "hidden", "Hidden by --standing: no event at this cut"),
        ("claims bolt", "not-known", "Not known: no event at this cut claims anything about bolt."),
        ("conflicts", "none", "No conflict is found"),
        ("timeline merger --as-of 2020", "hidden", "Hidden by --as-of: no dated event"),
    ],
)  # fmt: skip
def test_none_and_not_known_and_hidden_are_three_answers(
    ledger: Path, words: str, outcome: str, said: str
) -> None:
    answer = asked(ledger, *words.split())
    assert (answer["rows"], answer["outcome"]) == ([], outcome)
    assert any(said in note for note in answer["notes"]), answer["notes"]
    shown = run(ledger, *words.split(), COLUMNS="80").out.splitlines()
    words_for = {"none": "none", "not-known": "not known", "hidden": "hidden by a limit"}
    assert words_for[outcome] in shown[1:3]


def test_a_class_without_shares_is_told_beside_the_others(ledger: Path) -> None:
    answer = asked(ledger, "holdings", "acme")
    assert answer["outcome"] == "answered"
    assert "acme: no shares of acme/b in issue." in answer["notes"]


@pytest.mark.usefixtures("in_a_file")
def test_terms_of_a_trust_that_are_not_yet_known_are_hidden(ledger: Path, tmp_path: Path) -> None:
    ledger = Path(copy(ledger, tmp_path))
    said = "Hidden by --known-by: no event at this cut tells the terms of fund-two"
    accept(ledger, dated("register-opened", share_class="bolt/common", holder="fund-one",
                         shares="9", known_on="2021-01-01", key="bolt-opened"),
           dated("shares-placed-in-trust", trust="fund-two", holder="fund-one", shares="9",
                 share_class="bolt/common", known_on="2021-01-01", key="bolt-placed"))  # fmt: skip
    for question in ("holdings", "votes"):
        notes = asked(ledger, question, "bolt", "--known-by", "2022")["notes"]
        assert any(note.startswith(said) for note in notes), notes
        assert not any("terms" in note for note in asked(ledger, question, "bolt")["notes"])


def test_what_is_left_out_is_counted_and_named_last(ledger: Path) -> None:
    words = ("holdings", "acme", "--as-of", "2021-06-30", "--known-by", "2022")
    found = asked(ledger, *words)["hidden"]
    today = json.loads(run(ledger, "show", "opened", "--format", "json").out)
    recorded = today["rows"][0]["recorded_at"][:10]
    assert found == {
        "as_of": 2, "known_by": 1, "standing": 0, "uncited": 1, "since": recorded,
        "until": recorded,
    }  # fmt: skip
    assert run(ledger, *words).out.splitlines()[-2:] == [
        "2 events take effect after 2021-06-30 (--as-of).",
        f"1 event is known only from {recorded}, recorded without source or known_on (--known-by).",
    ]
    shown = run(ledger, "claims", "acme", "--standing", "official").out
    assert (
        shown.splitlines()[-1].removeprefix("* ")
        == "1 event is below standing official (--standing)."
    )


def test_of_those_not_yet_known_the_uncited_are_named_apart(tmp_path: Path) -> None:
    register = new_ledger(
        tmp_path,
        {"type": "source-registered", "source": "paper", "title": "P", "kind": "press",
         "publisher": "P", "published_on": "2024-05-01"},
        dated("shares-transferred", share_class="acme/common", transferor="bolt", shares="1",
              transferee="fund-one", citations=[{"source": "paper"}]),
        dated("shares-transferred", share_class="acme/common", transferor="bolt", shares="2",
              transferee="fund-one", known_on="2025-01-01"),
    )  # fmt: skip
    words = ("holdings", "acme", "--known-by", "2024-01-01")
    lines = run(register, *words).out.splitlines()
    assert lines[-2] == "3 events became known after 2024-01-01 (--known-by)."
    assert lines[-1].startswith("1 of them is known only from ")


@pytest.mark.parametrize("question", ["timeline", "check", "conflicts", "restatements", "deals"])
def test_every_question_counts(ledger: Path, question: str) -> None:
    answer = asked(ledger, question, "--known-by", "1990")
    assert (answer["hidden"]["known_by"] > 0) == (question != "restatements")
