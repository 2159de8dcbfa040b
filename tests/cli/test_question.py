"""What was asked is said with every answer: the day of the reader, and the whole question."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import new_ledger, run

LIMITS = {"as_of": "2024-01-31", "known_by": None, "recorded_by": None, "standing": "any"} | {
    "policy": "standing"
}
NAMES = {"names": "at the cut"}
CUT = ("--as-of", "2024-01-31")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_ledger(tmp_path_factory.mktemp("asked"))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Sets the clock to a time in UTC, read in a time zone."""

    def put(moment: datetime, zone: str) -> None:
        monkeypatch.setattr("cli.context.now", lambda: moment)
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield put
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("hour", "zone", "day"),
    [
        (23, "UTC", "2026-11-25"),
        (23, "Asia/Tokyo", "2026-11-26"),
        (14, "Asia/Tokyo", "2026-11-25"),
        (15, "Asia/Tokyo", "2026-11-26"),
        (4, "America/New_York", "2026-11-24"),
        (5, "America/New_York", "2026-11-25"),
    ],
)
def test_today_is_the_day_where_the_reader_is_and_is_said(
    ledger: Path, clock: Any, hour: int, zone: str, day: str
) -> None:
    clock(datetime(2026, 11, 25, hour, 30, tzinfo=UTC), zone)
    heading = f"Holdings in Acme plc (acme), as of {day} (today)"
    for words in ((), ("--as-of", "today"), ("--as-of", day)):
        assert run(ledger, "holdings", "acme", *words).out.splitlines()[0] == heading
    for form in ("csv", "markdown"):
        outcome = run(ledger, "holdings", "acme", "--format", form)
        assert f", as of {day} (today)" in outcome.out + outcome.err
    assert asked(ledger, "holdings", "acme")["as_of"] == day


def test_yesterday_is_the_day_before_and_is_not_called_today(ledger: Path, clock: Any) -> None:
    clock(datetime(2026, 3, 1, 12, tzinfo=UTC), "UTC")
    words = ("timeline", "--as-of", "yesterday", "--known-by", "yesterday")
    said = "as of 2026-02-28, as known by 2026-02-28"
    assert run(ledger, *words).out.splitlines()[0] == f"Timeline, {said}"
    assert asked(ledger, *words)["known_by"] == "2026-02-28"


def test_what_is_recorded_bears_the_time_in_utc(tmp_path: Path, clock: Any) -> None:
    clock(datetime(2026, 11, 25, 23, 30, tzinfo=UTC), "Asia/Tokyo")
    fresh = new_ledger(tmp_path)
    shown = json.loads(run(fresh, "show", "#1", "--format", "json").out)["rows"][0]
    assert shown["recorded_at"].startswith("2026-11-25T23:30:00")


def asked(ledger: Path, *words: str) -> dict[str, Any]:
    outcome = run(ledger, *words, "--format", "json")
    assert outcome.code == 0, outcome.err
    found: dict[str, Any] = json.loads(outcome.out)["cut"]
    return found


@pytest.mark.parametrize(
    ("words", "question"),
    [
        (
            ("holdings",),
            {
                "issuer": None, "holder": None, "digits": 2, "range": False, "beneficial": False,
                "indirect": False, "evidence": False,
            },
        ),
        (
            ("holdings", "acme", "--holder", "bolt", "--digits", "4", "--range"),
            {
                "issuer": "acme", "holder": "bolt", "digits": 4, "range": True,
                "beneficial": False, "indirect": False, "evidence": False,
            },
        ),
        (
            ("votes", "acme"),
            {
                "issuer": "acme", "digits": 2, "range": False, "law": None, "lots": False,
                "classes": False, "totals": False, "monthly": False, "from": None, "to": None,
            },
        ),
        (
            ("governance", "acme", "--clauses", "--kind", "lock-up"),
            {
                "company": "acme", "board": False, "officers": False, "agreements": False,
                "clauses": True, "kind": "lock-up",
            },
        ),
        (("deals",), {"deal": None, "limit": None, "after": None}),
        (("pending", "acme"), {"subject": "acme", "limit": None, "after": None}),
        (("claims", "acme"), {"subject": "acme"}),
        (("conflicts",), {"subject": None, "limit": None, "after": None}),
        (
            ("timeline", "acme", "--limit", "1", "--after", "opened"),
            {
                "subject": "acme", "limit": 1, "oldest": False, "after": "opened", "before": None,
                    "kind": [], "from": None, "to": None,
            },
        ),
        (("show", "opened"), {"event": "opened"}),
        (("restatements",), {"subject": None, "limit": None}),
        (
            ("explain", "holdings", "acme", "bolt"),
            {"issuer": "acme", "holder": "bolt", "digits": 2, "not_yet_known": False},
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)  # fmt: skip
def test_the_cut_is_the_whole_question(
    ledger: Path, words: tuple[str, ...], question: dict[str, Any]
) -> None:
    named = "explain holdings" if words[0] == "explain" else words[0]
    assert asked(ledger, *words, *CUT) == {"question": named} | question | LIMITS | NAMES


def test_a_comparison_tells_the_question_and_both_sides(ledger: Path) -> None:
    cut = asked(ledger, "diff", "acme", "--from", "as-of=2019", "--to", "as-of=2024-01-31")
    assert (cut["question"], cut["subject"]) == ("diff", "acme")
    assert cut["to"] == LIMITS | {"ledger": str(ledger)}
    assert cut["from"]["as_of"] == "2019-12-31"


@pytest.mark.parametrize(
    ("words", "heading"),
    [
        (
            ("holdings", "acme", "--holder", "bolt"),
            "Holdings of Bolt Ltd (bolt) in Acme plc (acme), as of 2024-01-31",
        ),
        (
            ("holdings", "acme", "--range", "--digits", "4", "--policy", "latest"),
            "Holdings in Acme plc (acme), digits 4, range, as of 2024-01-31, policy latest",
        ),
        (
            ("timeline", "--oldest", "--limit", "3", "--standing", "official"),
            "Timeline, limit 3, oldest, as of 2024-01-31, standing official or better",
        ),
        (
            ("explain", "votes", "acme", "bolt", "--digits", "3"),
            "Why Bolt Ltd (bolt) may cast 100.000% of the votes in Acme plc (acme), digits 3,"
            " as of 2024-01-31",
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_the_heading_tells_every_option(ledger: Path, words: tuple[str, ...], heading: str) -> None:
    assert run(ledger, *words, *CUT).out.splitlines()[0] == heading


def test_a_proven_answer_names_the_day_and_not_today(ledger: Path, tmp_path: Path) -> None:
    key = tmp_path / "acme.key"
    for words in (("keygen", str(key)), ("seal", "--key", str(key))):
        assert run(ledger, *words).code == 0
    words = ("holdings", "acme", "--known-by=yesterday", "--as-of", "yesterday")
    bundle = json.loads(run(ledger, "prove-answer", *words).out)
    cut = bundle["answer"]["cut"]
    assert bundle["question"][2] == f"--known-by={cut['known_by']}"
    assert bundle["question"][3:] == ["--as-of", cut["as_of"]]
