"""The registry of questions: whatever lists questions has each of them, or says why not."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pytest

from cli.asking import QUESTION_NAMES, QuestionCommand
from cli.main import COMMANDS, command_of
from ledger.events.registry import event_class
from ledger.time.log import Log
from ledger.time.view import View
from projections import questions
from projections.answers import ANSWERS
from projections.changes.diff import diff
from projections.changes.impact import impact
from projections.questions import COMPARED, QUESTIONS, RULES, WATCHED, Use, answers, digest
from tests import histories
from tests.helpers import run, without_names
from tests.histories import Draft
from tests.test_alliance import OFFERED, PRESS, REGISTER, loaded

CLAIM = {
    "subject": "acme", "attribute": "staff", "value": "10", "effective_on": "2020-01-01",
    "standing": "reported",
}  # fmt: skip
DIVIDEND = {
    "share_class": "acme/common", "per_share": "EUR 1", "effective_on": "2020-03-01",
    "standing": "official",
}  # fmt: skip
MET = {
    "company": "acme", "body": "board", "effective_on": "2020-01-01", "standing": "official",
}  # fmt: skip
SEAT = {
    "company": "acme", "party": "alice", "effective_on": "2020-01-01", "standing": "official",
}  # fmt: skip
TALKS = {
    "deal": "merger", "parties": ["acme", "bob"], "about": "a merger",
    "effective_on": "2020-01-01", "standing": "official",
}  # fmt: skip
ISSUE = {
    "share_class": "acme/common", "holder": "bob", "shares": "7", "effective_on": "2020-02-01",
    "standing": "official",
}  # fmt: skip
POOL = {
    "pool": "plan", "issuer": "acme", "share_class": "acme/common", "shares": "100",
    "effective_on": "2020-01-01", "standing": "official",
}  # fmt: skip
RIGHT = {
    "right": "pledge", "share_class": "acme/common", "holder": "alice", "to": "bob",
    "kind": "pledge", "shares": "7", "effective_on": "2020-02-01", "standing": "official",
}  # fmt: skip
OFFER = {
    "offer": "bid", "offeror": "bob", "share_class": "acme/common", "kind": "tender",
    "effective_on": "2020-02-01", "standing": "official",
}  # fmt: skip
CHANGING: dict[str, Draft] = {  # by question: an event that changes its answer
    "holdings": ("shares-issued", "more", ISSUE),
    "votes": ("shares-issued", "more", ISSUE),
    "diluted": ("pool-reserved", "pool", POOL),
    "rights": ("share-right-granted", "right", RIGHT),
    "governance": ("board-seat-granted", "seat", SEAT),
    "meetings": ("meeting-held", "met", MET),
    "deals": ("negotiation-opened", "talks", TALKS),
    "offer": ("offer-made", "bid", OFFER),
    "pending": ("dividend-declared", "dividend", DIVIDEND),
    "claims": ("claim-recorded", "claim", CLAIM),
}


ACCEPTED = {
    "offer": "bid", "holder": "alice", "shares": "1", "effective_on": "2020-03-01",
    "standing": "official",
}  # fmt: skip
DIFFERING: dict[str, list[Draft]] = {  # where a row asks for more: the last makes the difference
    "offer": [CHANGING["offer"], ("offer-accepted", "accepted", ACCEPTED)],
    "dividends": [CHANGING["pending"]],
}


def with_one_more(draft: Draft, *first: Draft) -> tuple[Log, Log]:
    """The world of the random histories without an event, and with it."""
    before = histories.history([*histories.WORLD, *first])
    after = histories.history([*histories.WORLD, *first, draft])
    assert len(after) == len(before) + 1, "the rules take the event"
    return Log(before), Log(after)


def test_every_question_has_an_event_here_that_changes_its_answer() -> None:
    assert set(CHANGING) == {name for name, one in QUESTIONS.items() if "digest" not in one.not_in}


@pytest.mark.parametrize("name", CHANGING)
def test_the_digest_hashes_the_rows_of_every_question(name: str) -> None:
    before, after = (View(log) for log in with_one_more(CHANGING[name]))
    assert digest(before) != digest(after)
    told = {question.partition(" ")[0] for question, _ in answers(after)}
    assert name in told, f"{name} is not in the digest, and does not say why"


@pytest.mark.parametrize("name", CHANGING)
def test_the_answer_of_every_question_is_in_the_digest_by_itself(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the other questions left out, the digest still changes with its rows."""
    monkeypatch.setattr(questions, "QUESTIONS", {name: QUESTIONS[name]})
    before, after = (View(log) for log in with_one_more(CHANGING[name]))
    assert digest(before) != digest(after)


@pytest.mark.parametrize("name", [one.name for one in COMPARED])
def test_differences_and_impact_have_every_compared_question(name: str) -> None:
    *first, last = DIFFERING.get(name) or [CHANGING[name]]
    before, after = with_one_more(last, *first)
    (new,) = after.mentioning(f"key:{last[1]}")
    assert name in {row["answer"] for row in diff(View(before), View(after)).rows}
    told = name in {row["answer"] for row in impact(before, after, [new]).changes}
    assert told == (QUESTIONS[name] in WATCHED)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_says_why_it_is_left_out(name: str) -> None:
    question = QUESTIONS[name]
    assert set(question.not_in) <= set(get_args(Use))
    assert all(len(why.split()) > 3 for why in question.not_in.values())
    assert bool(question.compared) != ("differences" in question.not_in)
    assert bool(question.identity) == bool(question.compared)
    fields = question.row.__annotations__
    for listed in (question.identity, question.compared, question.qualified, question.shown):
        assert set(listed) <= set(fields), f"{name} names columns that its rows do not have"
    for type_name in question.types:
        assert event_class(type_name)


def test_commands_proofs_and_schemas_have_every_question() -> None:
    assert tuple(QUESTIONS) == QUESTION_NAMES
    assert [name for name in COMMANDS if name in QUESTIONS] == list(QUESTIONS)
    assert all(isinstance(command_of(name), QuestionCommand) for name in QUESTIONS)
    assert set(QUESTIONS) <= set(ANSWERS) <= set(COMMANDS)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole alliance with an offer and a right in shares, sealed."""
    folder = tmp_path_factory.mktemp("questions")
    ledger = loaded(folder / "alliance.db", [PRESS, REGISTER])
    for event in OFFERED:
        assert run(ledger, "append", *event.split()).code == 0
    for words in (("keygen", str(folder / "a.key")), ("seal", "--key", str(folder / "a.key"))):
        assert run(ledger, *words).code == 0
    return ledger


SUBJECT = {
    "votes": "nissan",
    "diluted": "nissan",
    "rights": "nissan",
    "radar": "nissan",
    "offer": "bid",
    "owners": "nissan",
    "governance": "nissan",
    "graph": "nissan",
    "group": "nissan",
    "power": "nissan",
    "meetings": "nissan",
    "claims": "ampere",
    "show": "#1",
}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_can_be_proven_and_is_the_same_answer(
    sealed: Path, tmp_path: Path, name: str
) -> None:
    words = (name, *([SUBJECT[name]] if name in SUBJECT else []), "--as-of", "2023-12-31")
    bundle = tmp_path / "answer.json"
    assert run(sealed, "prove-answer", "--out", str(bundle), *words).err == ""
    proven = json.loads(bundle.read_text())["answer"]
    if name == "holdings":  # a proof lists the events of every row, asked or not
        words, proven["cut"]["evidence"] = (*words, "--evidence"), True
    answer = json.loads(run(sealed, *words, "--format", "json").out)
    assert proven == without_names(answer)


def test_the_report_has_every_question_that_it_does_not_leave_out(
    sealed: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.html"
    run(sealed, "report", str(report))
    page = report.read_text(encoding="utf-8")
    for question in QUESTIONS.values():
        of_its_own = question.title == "Parties"  # a part of every report
        told = bool(re.search(f"<h2>{question.title}[ <]", page)) and not of_its_own
        assert told == ("report" not in question.not_in), question.name


def test_wording_is_no_part_of_the_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    log, _ = with_one_more(CHANGING["claims"])
    seen = digest(View(log))
    monkeypatch.setattr("projections.answer.Answer.note", lambda *_: None)
    assert digest(View(log)) == seen
    monkeypatch.setattr(questions, "RULES", RULES + 1)
    assert digest(View(log)) != seen
