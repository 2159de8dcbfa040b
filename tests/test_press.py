"""The press set says what the articles say, the register set what the filings say: questions of
their readers, and the answers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from cli.asking import QUESTION_NAMES
from ledger.intake.yaml import parse_yaml
from tests.helpers import run
from tests.test_alliance import PRESS, REGISTER, ask, loaded


def _questions(name: str) -> list[dict[str, Any]]:
    ((questions, _),) = parse_yaml(Path(__file__).with_name(name).read_text("utf-8"), name)
    assert isinstance(questions, list)
    return questions


QUESTIONS, OF_THE_RECORD = _questions("press.yaml"), _questions("register.yaml")
DAYS = {"october": "2022-12-31", "february": "2023-03-31", "april": "2023-05-31"}
DAYS |= {"july": "2023-08-31"}
LAST = ["--as-of", "2024-12-31"]
CUTS = {name: ["--as-of", day, "--known-by", day] for name, day in DAYS.items()}
CUTS |= {"last": LAST}


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The five articles alone."""
    return loaded(tmp_path_factory.mktemp("articles") / "press.db", [PRESS])


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The official record alone."""
    return loaded(tmp_path_factory.mktemp("record") / "record.db", [REGISTER])


@pytest.mark.parametrize("one", QUESTIONS, ids=[one["question"] for one in QUESTIONS])
def test_a_reader_of_the_articles_asks(press: Path, one: dict[str, Any]) -> None:
    _answered(press, one, CUTS[one["at"]] if "at" in one else [])


@pytest.mark.parametrize("one", OF_THE_RECORD, ids=[one["question"] for one in OF_THE_RECORD])
def test_a_reader_of_the_record_asks(record: Path, one: dict[str, Any]) -> None:
    _answered(record, one, ["--as-of", one["at"]], COLUMNS="119")


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2025-03-30", "Ends if: Nissan is released from its investment in Ampere"),
        (
            "2025-03-31",
            "Nissan Motor gains the right to 1 seat on the board of Ampere&#34; no longer",
        ),
    ],
)
def test_the_board_pack_says_on_what_the_seat_hangs(
    record: Path, tmp_path: Path, day: str, said: str
) -> None:
    pack = tmp_path / "pack.html"
    outcome = run(record, "print", "board-pack", "ampere", str(pack), "--as-of", day)
    assert outcome.code == 0, outcome.err
    assert said in pack.read_text("utf-8")


def _answered(ledger: Path, one: dict[str, Any], cut: list[str], **environment: str) -> None:
    words = one["ask"].split()
    labels = ["--labels", "ids"] if words[0] in QUESTION_NAMES else []
    outcome = run(ledger, *words, *cut, *labels, **environment)
    assert outcome.code == 0, outcome.err
    answer = [" ".join(line.split()) for line in outcome.out.splitlines()]
    for said in one["says"]:
        line = re.compile(".*".join(map(re.escape, said.split(" ... "))))
        assert any(map(line.search, answer)), (said, outcome.out)
    for unsaid in one.get("never", ()):
        assert unsaid not in "\n".join(answer), (unsaid, outcome.out)


def test_no_article_is_taken_for_a_paper_of_the_companies(press: Path) -> None:
    rows = ask(press, "timeline", *LAST, "--standing", "official")["rows"]
    assert {row["type"] for row in rows} == {"party-registered", "source-registered", "note-added"}


def test_every_fact_names_its_lines(press: Path) -> None:
    for row in ask(press, "timeline", *LAST)["rows"]:
        if row["type"] != "source-registered":
            (shown,) = ask(press, "show", row["event"])["rows"]
            for cited in shown["data"]["citations"]:
                assert re.fullmatch(r"line [0-9]+", cited["locator"]), row["event"]
