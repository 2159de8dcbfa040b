"""What is kept of a question is what is found anew, whatever is recorded and whatever day comes."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.events.envelope import Recorded
from ledger.events.fields import Part
from ledger.events.introspection import kind_of
from ledger.events.registry import event_types
from ledger.model.posted import Hidden
from ledger.time.exclusions import everything, hidden
from ledger.time.noted import Noted, turns
from ledger.time.view import Cut, View
from projections.answer import Answer, complete
from projections.consistency import checks, cited, keeping
from projections.consistency.checks import check
from projections.consistency.conflicts import conflicts
from projections.obligations.breaches import breaches
from projections.readmodel import kept as module
from projections.readmodel.index import Index
from projections.readmodel.kept import Kept, forget, kept
from projections.readmodel.opening import compared, open_index
from projections.subjects import deals
from projections.subjects.governance import AGREEMENT_STEPS
from projections.subjects.pending import pending
from tests import histories
from tests.helpers import new_ledger, run
from tests.histories import WORLD, EventList
from tests.projections.readmodel.test_histories import slow

Ask = Callable[..., Answer[Any]]
QUESTIONS: dict[str, Ask] = {
    "conflicts": conflicts, "check": check, "breaches": breaches,
    "pending": lambda view, keeper=None: pending(view, None, 2, "", keeper),
}  # fmt: skip


def grown(events: Sequence[Recorded], first: int) -> Iterator[Index]:
    """A read model after its first events, and after each one more."""
    index = open_index(None, EventList(events[:first]))
    yield index
    for end in range(first + 1, len(events) + 1):
        log = EventList(events[:end])
        yield compared(index.connection, log.peek(), log)


def told(answer: Answer[Any]) -> Any:
    """An answer in full, its texts with their marks."""
    return _told([
        answer.rows, answer.warnings, answer.notes, answer.outcome, answer.hidden, answer.possible,
    ])  # fmt: skip


def _told(value: Any) -> Any:
    if isinstance(value, dict):
        return [(name, _told(one)) for name, one in value.items()]
    if isinstance(value, list | tuple):
        return [_told(one) for one in value]
    return getattr(value, "marked", value)


def differences(
    events: Sequence[Recorded], days: Sequence[str], names: Collection[str] = tuple(QUESTIONS)
) -> Iterator[str]:
    """Where what was kept differs from what is found anew, as events come and days pass."""
    for number, index in enumerate(grown(events, min(len(WORLD), len(events)))):
        for as_of in days[number % len(days) :][:2]:
            view = View(index, Cut(as_of=as_of))
            for name in names:
                ask = QUESTIONS[name]
                keeper = kept(view, name, "this release")
                assert keeper is not None
                fresh = View(index, view.cut)
                then = told(complete(view, ask(view, keeper=keeper)))
                now = told(complete(fresh, ask(fresh)))
                if then != now:
                    yield f"{name} at {index.position} as of {as_of}: {then} and not {now}"


DAYS = (
    "2020-06-29", "2020-06-30", "2020-12-31", "2021-01-01", "2021-03-31", "2022-02-28",
    "2026-12-31",
)  # fmt: skip
DISPUTED = (
    *["stake-disclosed"] * 6, *["balance-asserted"] * 3, *["claim-recorded"] * 2, "shares-issued",
    "shares-transferred", "shares-split", "shares-placed-in-trust", "trust-settled",
    "share-class-amended", "source-retracted", "source-corrected",
)  # fmt: skip


def slowly(times: int) -> list[str]:
    """Days that pass only every so many events."""
    return [day for day in DAYS for _ in range(times)]


def kept_as_found(offered: list[histories.Draft], two: bool, times: int) -> None:
    events = histories.history(histories.across(offered) if two else offered)
    assert not list(differences(events, slowly(times)))


FEW = pytest.mark.parametrize("many", [2, pytest.param(8, marks=pytest.mark.whole)])


@FEW
def test_what_is_kept_is_what_is_found_anew(many: int) -> None:
    """One by one, with corrections, retractions and days in between, of one issuer and of two."""
    offered = histories.drafts(most=30)
    law = given(offered, st.booleans(), st.integers(1, 40))(kept_as_found)
    settings(slow, max_examples=many)(law)()


@FEW
def test_what_is_kept_of_disputes_is_what_is_found_anew(many: int) -> None:
    offered = histories.drafts(most=30, among=DISPUTED)
    law = given(offered, st.booleans(), st.integers(1, 40))(kept_as_found)
    settings(slow, max_examples=many)(law)()


def drawn(seed: int, among: Sequence[str]) -> list[Recorded]:
    """A history of events of some types, the same at each run."""
    random = Random(seed)
    numbers = [random.randrange(2**48) for _ in range(30)]
    return histories.history(histories.drafted(numbers, among=tuple(among)))


@pytest.mark.parametrize(
    ("forgotten", "question", "among"),
    [
        ("_look", "conflicts", DISPUTED),
        ("_look", "check", DISPUTED),
        pytest.param("_look", "breaches", AGREEMENT_STEPS, marks=pytest.mark.whole),
        ("_look", "pending", [name for name in deals.TYPES if name in histories.BODIES]),
        ("_turn", "conflicts", DISPUTED),
        ("_turn", "check", DISPUTED),  # of the others is kept what no day undoes: what is over
    ],
)
def test_a_look_that_is_forgotten_shows(
    forgotten: str, question: str, among: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without what was looked at, or the days that were read, something kept is wrong."""
    monkeypatch.setattr(Noted, forgotten, lambda *_: None)
    assert any(any(differences(drawn(seed, among), slowly(6), [question])) for seed in range(20))


COMPANIES: list[histories.Draft] = [
    *WORLD,
    ("share-class-created", "class-boreal", {"share_class": "boreal/common"}),
    (
        "shares-issued", "issue-boreal",
        {"share_class": "boreal/common", "holder": "carol", "shares": "100",
         "effective_on": "2020-01-01", "standing": "official"},
    ),
    (
        "stake-disclosed", "told",
        {"issuer": "boreal", "holder": "carol", "shares": "90", "effective_on": "2020-06-30",
         "standing": "official", "citations": [{"source": "filing"}]},
    ),
]  # fmt: skip
TRANSFER: histories.Draft = (
    "shares-transferred", "moved",
    {"share_class": "acme/common", "transferor": "alice", "transferee": "bob", "shares": "1",
     "effective_on": "2020-03-15", "standing": "official"},
)  # fmt: skip
LATER = ("shares-transferred", "later", {**TRANSFER[2], "effective_on": "2021-06-30"})


def test_who_is_stopped_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found before somebody lost patience is not worked out again."""
    monkeypatch.setattr(module, "PIECE", 1)
    *_, index = grown(histories.history(COMPANIES), len(COMPANIES))
    view, asked_of = View(index, Cut(as_of="2021-01-01")), list[str]()

    def impatient(_: View, part: str) -> str:
        asked_of.append(part)
        if len(asked_of) == 3:
            raise TimeoutError
        return part

    keeper = Kept(index, "patience", "this release")
    with pytest.raises(TimeoutError):
        list(keeper.each(view, "abcd", impatient))
    again = Kept(index, "patience", "this release")
    assert list(again.each(view, "abcd", impatient)) == list("abcd")
    assert asked_of == ["a", "b", "c", "c", "d"]


def test_of_very_many_warnings_the_first_are_listed_and_all_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cited, "MOST_LISTED", 2)
    *_, index = grown(histories.history([*COMPANIES, TRANSFER, LATER]), len(COMPANIES))
    view = View(index, Cut(as_of="2026-12-31"))
    full = check(view, full=True)
    assert len(full.warnings or ()) > 2
    for keeper in (None, kept(view, "check", "this release")):
        answer = check(view, keeper=keeper)
        assert answer.warnings == (full.warnings or [])[:2]
        assert answer.unlisted == len(full.warnings or ()) - 2
        assert checks.verdict(answer) == checks.verdict(full)
        assert any("check --full" in note for note in answer.notes)


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The parts that are worked out, as they are."""
    found = list[str]()
    each = Kept.each

    def counting(
        self: Kept, view: View, parts: Sequence[str], work_out: Callable[[View, str], str]
    ) -> Iterator[str]:
        def counted(seen: View, part: str) -> str:
            found.append(part)
            return work_out(seen, part)

        return each(self, view, parts, counted)

    monkeypatch.setattr(Kept, "each", counting)
    return found


def asked(
    index: Index, as_of: str = "2021-01-01", release: str = "this release", name: str = "conflicts"
) -> Answer[Any]:
    view = View(index, Cut(as_of=as_of))
    return QUESTIONS[name](view, keeper=kept(view, name, release))


def test_after_an_append_only_what_it_bears_on_is_checked(worked_out: list[str]) -> None:
    events = histories.history([*COMPANIES, TRANSFER, LATER])
    growing = grown(events, len(events) - 2)
    asked(next(growing), name="check")
    assert {"issuer:acme", "issuer:boreal", "seats-filled-by-right", "clauses"} < {*worked_out}
    for last in growing:
        for found in ({"issuer:acme"}, set[str]()):
            worked_out.clear()
            asked(last, name="check")
            assert {part for part in worked_out if part.startswith("issuer:")} == found
            assert not found or len(worked_out) < 6


def test_after_an_append_only_what_it_bears_on_is_worked_out(worked_out: list[str]) -> None:
    events = histories.history([*COMPANIES, TRANSFER, LATER])
    ways = {"claims_of_one_attribute", "figures_of_steps", "steps_against_steps",
            "claims_about_events"}  # fmt: skip
    growing = grown(events, len(events) - 2)
    asked(next(growing))
    assert {*worked_out} == {*ways, "issuer:acme", "issuer:boreal"}
    for last in growing:
        for found in (["issuer:acme"], []):
            worked_out.clear()
            asked(last)
            assert worked_out == found
    asked(last, "2021-06-29")
    assert worked_out == []
    asked(last, "2021-06-30")
    assert worked_out == ["issuer:acme"]
    asked(last, "2021-06-29")
    assert worked_out == ["issuer:acme"] * 2  # and what was kept stays
    asked(last, "2021-06-30")
    assert worked_out == ["issuer:acme"] * 2


@pytest.mark.parametrize("period", ["365 days", "1 year", "12 month", "1 month"])
def test_a_day_that_is_counted_from_another_comes(period: str) -> None:
    """A clause ends so long after an event: no text has the day."""
    standing = {"standing": "official", "effective_on": "2021-01-01"}
    ceiling = {
        "clause": "ceiling", "kind": "standstill", "party": "bob", "issuer": "acme",
        "base": "issued", "percent": "10", "text": "stays below 10%",
        "until": f"officer-appointed boreal chair + {period}",
    }  # fmt: skip
    signed = {"agreement": "pact", "title": "Pact", "parties": ["alice", "bob"]}
    chair = {"company": "boreal", "person": "bob", "role": "chair"}
    events = histories.history([
        *WORLD, ("agreement-signed", "signed", signed | {"clauses": [ceiling]} | standing),
        ("agreement-in-force", "force", {"agreement": "pact"} | standing),
        ("officer-appointed", "chair", chair | standing),
    ])  # fmt: skip
    *_, index = grown(events, len(events))
    rows = [asked(index, day, name="check").rows for day in ("2021-01-10", "2022-06-30")]
    fresh = [check(View(index, Cut(as_of=day))).rows for day in ("2021-01-10", "2022-06-30")]
    assert rows == fresh
    assert rows[0] != rows[1]


def test_every_field_that_counts_days_is_known_to_do_so() -> None:
    """What was found of an event that counts days from others stands for one day."""
    found = [
        name
        for cls in (*event_types().values(), *Part.__subclasses__())
        for name, info in cls.model_fields.items()
        if re.search("days|months", name) or "hint='how long" in str(kind_of(info))
    ]
    assert {"months", "window", "window_after_leaving", "notice_days"} <= {*found}
    (event,) = histories.history(WORLD[:1])
    texts = ((name, replace(event, raw=f'{{"{name}":"3"}}'.encode())) for name in found)
    assert not [name for name, text in texts if turns(text, "2027-01-01") != "2027-01-02"]


def test_what_the_day_leaves_out_is_counted_when_anything_may_begin_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counted = list[int]()

    def counting(view: View, about: Sequence[Any]) -> Hidden:
        counted.append(view.history.position)
        return hidden(view, about)

    monkeypatch.setattr(keeping, "hidden", counting)
    events = histories.history([*COMPANIES, TRANSFER, LATER])
    left = list[int]()
    for index in grown(events, len(events) - 2):
        for as_of in ("2021-01-01", "2021-06-29", "2021-06-30"):
            found = asked(index, as_of).hidden
            assert found == hidden(View(index, Cut(as_of=as_of)), [everything(View(index))])
            left.append(found.as_of if found else -1)
    first, last = len(events) - 2, len(events)
    assert left == [0, 0, 0, 0, 0, 0, 1, 1, 0]
    assert counted == [first, last, last, last]


def test_another_release_keeps_nothing_of_this_one(worked_out: list[str]) -> None:
    *_, index = grown(histories.history(COMPANIES), len(COMPANIES))
    for release in ("one", "other"):
        worked_out.clear()
        asked(index, release=release)
        assert "issuer:boreal" in worked_out
    forget(index.connection)
    worked_out.clear()
    asked(index, release="other")
    assert "issuer:boreal" in worked_out


def test_where_nothing_can_be_written_nothing_is_kept(worked_out: list[str]) -> None:
    *_, index = grown(histories.history(COMPANIES), len(COMPANIES))
    index.connection.execute("PRAGMA query_only=ON")
    for _ in range(2):
        worked_out.clear()
        view = View(index, Cut(as_of="2021-01-01"))
        assert complete(view, asked(index)) == complete(view, conflicts(view))
        assert "issuer:boreal" in worked_out


@pytest.mark.parametrize(
    "limit", [{"known_by": "2021-01-01"}, {"standing": "official"}, {"policy": "latest"}]
)
def test_other_cuts_are_not_kept(limit: dict[str, str]) -> None:
    *_, index = grown(histories.history(COMPANIES), len(COMPANIES))
    assert kept(View(index, Cut(**limit)), "conflicts", "this release") is None


def test_a_question_about_another_day_takes_nothing_of_today_away(tmp_path: Path) -> None:
    path, found = new_ledger(tmp_path), list[tuple[Any, ...]]()
    for words in ((), ("--as-of", "2099-01-01"), ("--as-of", "2020-01-01")):
        for question in ("conflicts", "check"):
            assert run(path, question, *words).code == 0
        with closing(sqlite3.connect(tmp_path / "deal.views.db")) as views:
            found.append(views.execute("SELECT * FROM found ORDER BY question, part").fetchall())
    assert found[0] == found[1] == found[2] != []
