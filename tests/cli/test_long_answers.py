"""Answers that no question gives, at 80 columns: conflicts, checks, differences, explanations,
restatements. No line is wider than the screen, no word is broken, and summaries are short."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.plans.summary import MOST_LINES
from cli.safe_text import cells_of
from cli.screen import Screen, laid_out
from tests.cli.test_screens import check
from tests.helpers import dated, new_ledger, run
from tests.scenarios import read_story, stories, tell
from tests.test_alliance import PRESS, REGISTER, loaded

YEARS = ("--from", "as-of=2015-01-01", "--to", "as-of=2030-01-01")


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Screen]:
    """The screens that commands write, instead of writing them."""
    found: list[Screen] = []
    for module in ("cli.telling", "cli.commands.diff"):
        monkeypatch.setattr(f"{module}.write", lambda screen, *_: found.append(screen))
    return found


def rows(ledger: Path, *words: str) -> list[Any]:
    answered: list[Any] = json.loads(run(ledger, *words, "--format", "json").out)["rows"]
    return answered


def explained(ledger: Path) -> Iterator[tuple[str, ...]]:
    """What can be explained in a ledger: every holding, vote, seat and thread."""
    for row in rows(ledger, "holdings", "--as-of", "2030-01-01"):
        holder = row["economic_owner"] or row["holder"]
        yield "holdings", row["issuer"], holder
        yield "votes", row["issuer"], holder
    for row in rows(ledger, "deals", "--as-of", "2030-01-01"):
        if row["kind"] in ("deal", "investment", "offering"):
            yield row["kind"], row["subject"]


def sweep(ledger: Path, shown: list[Screen], *more: tuple[str, ...]) -> None:
    """Check what each command writes, in short and in full."""
    asked = [("conflicts",), ("check",), ("restatements",), ("diff", *YEARS), *more]
    for words in asked:
        for full in ([], ["--full"]) if words[0] in ("diff", "explain") else ([],):
            shown.clear()
            outcome = run(ledger, *words, *full, COLUMNS="80")
            assert outcome.code in (0, 1), (words, outcome.err)
            (screen,) = shown
            check(f"show {' '.join(words)}", screen, set())
            if words[0] in ("diff", "explain") and not full:
                assert sum(1 for _ in laid_out(screen, 80)) <= MOST_LINES, words


@pytest.mark.whole
def test_long_answers_fit_a_screen(tmp_path: Path, shown: list[Screen]) -> None:
    alliance = loaded(tmp_path / "alliance.db", [REGISTER, PRESS])
    kinds = (
        ("holdings", "nissan", "renault"), ("votes", "renault", "nissan-finance"),
        ("seats", "nissan", "renault"), ("deal", "alliance-rebalancing"),
    )  # fmt: skip
    sweep(alliance, shown, *(("explain", *words) for words in kinds))


def test_restatements_tell_before_and_after(tmp_path: Path) -> None:
    """In sentences with names, the figures as they were and as they are."""
    changes = [{"field": "shares", "value": "98765432"}]
    fix = {"type": "event-corrected", "key": "fix", "event": "opened", "because": "misread"}
    fix |= {"correction": "clerical", "changes": changes}
    ledger = new_ledger(tmp_path, fix)
    told = run(ledger, "restatements", COLUMNS="80").out
    assert all(cells_of(line) <= 80 for line in told.splitlines())
    told = " ".join(told.split())
    assert "opened is corrected (shares 98,765,432): misread" in told
    assert "shares 100 -> 98,765,432" in told
    assert "holdings Acme, from 2020-01-01 on: common shares of Acme, Bolt" in told


def test_an_event_told_late_is_marked_in_a_timeline(tmp_path: Path) -> None:
    """Over thirty days after it happened, by how many; what its registration says is timeless."""
    for days, known in (("30 d", "2023-12-08"), ("31 d", "2023-12-09")):
        (tmp_path / known).mkdir()
        ledger = new_ledger(
            tmp_path / known,
            dated("shares-cancelled", key="gone", share_class="acme/common", shares="1",
                  holder="bolt", known_on=known),
        )  # fmt: skip
        line = next(
            line for line in run(ledger, "timeline", "acme").out.splitlines() if " gone " in line
        )
        assert (f"+{days}" in line) == (days == "31 d")


def test_a_timeline_counts_disclosures_and_shows_them_when_asked(tmp_path: Path) -> None:
    said = dated("stake-disclosed", key="said", issuer="acme", holder="bolt", percent="100",
                 percent_of="issued")  # fmt: skip
    ledger = new_ledger(tmp_path, said)
    short = run(ledger, "timeline", "acme", COLUMNS="80").out
    assert "1 disclosure (--all shows it)" in short
    assert "disclosed to hold" not in short
    for more in (("--all",), ("--kind", "disclosures")):
        assert "disclosed to hold" in run(ledger, "timeline", "acme", *more, COLUMNS="80").out
    assert [row["event"] for row in rows(ledger, "timeline", "acme")][-1] == "said"


def test_what_an_account_gained_and_lost_adds_up(tmp_path: Path) -> None:
    """Changes before the last twelve are told together, and a conversion from each side."""
    moved = {"share_class": "acme/common", "transferor": "bolt", "transferee": "fund-one"}
    ledger = new_ledger(
        tmp_path,
        *(
            dated("shares-transferred", shares=str(n), effective_on=f"2021-01-{n:02d}", **moved)
            for n in range(1, 13)
        ),
        dated("shares-split", share_class="acme/common", ratio="10:1"),
        dated("shares-converted", share_class="acme/common", into_class="acme/b", ratio="1:2",
              holder="fund-one", shares="100"),
    )  # fmt: skip
    told = run(ledger, "explain", "holdings", "acme", "fund-one", COLUMNS="80").out
    assert "converted into b shares" in told
    assert "converted from common shares" in told
    found = re.findall(r"^ +([-=]?) +([0-9,]+)  (.*)", told, re.MULTILINE)
    total = 0
    for sign, number, _ in found:
        shares = int(number.replace(",", ""))
        if sign == "=":
            assert total == shares, told
            total = 0
        else:
            total += -shares if sign else shares
    assert [words for *_, words in found if "earlier changes" in words] == ["2 earlier changes"]


@pytest.mark.whole
@pytest.mark.parametrize("path", stories(), ids=lambda path: path.stem)
def test_the_long_answers_of_a_story_fit(path: Path, tmp_path: Path, shown: list[Screen]) -> None:
    tell(read_story(path), tmp_path)
    ledger = tmp_path / "story.db"
    found = [
        ("explain", *words, "--as-of", "2030-01-01") for words in dict.fromkeys(explained(ledger))
    ]
    sweep(ledger, shown, *found)


def test_the_holdings_of_the_whole_market_list_their_events_where_asked(tmp_path: Path) -> None:
    path = loaded(tmp_path / "deal.db", [PRESS, REGISTER])
    asked = "holdings", "--as-of", "2023-12-31", "--format", "json"
    counted, listed = (
        json.loads(run(path, *asked, *more).out)["rows"] for more in ((), ("--evidence",))
    )
    registered = [row for row in counted if row["basis"] == "register"]
    assert registered
    assert not any(row["events"] for row in registered)
    assert all(row["events_count"] for row in registered)
    assert [row | {"events": []} for row in counted] == [row | {"events": []} for row in listed]
    of_one = json.loads(run(path, *asked[:1], "nissan", *asked[1:]).out)["rows"]
    assert of_one == [row for row in listed if row["issuer"] == "nissan"]


def test_what_was_disclosed_before_a_split_is_told_as_it_was(tmp_path: Path) -> None:
    """With the number that the notice has; what it has become stands beside the split."""
    ledger = new_ledger(
        tmp_path,
        dated("stake-disclosed", key="notice", issuer="bolt", holder="fund-one", shares="100",
              share_class="bolt/common"),
        dated("shares-split", key="split", share_class="bolt/common", ratio="2:1")
        | {"effective_on": "2024-05-01"},
    )  # fmt: skip
    told = run(ledger, "explain", "holdings", "bolt", "fund-one", COLUMNS="120").out
    lines = re.findall(r"^ *(\d+) +(.*)", told, re.MULTILINE)
    found = {words.split()[0]: figure for figure, words in lines}
    assert found["as"] == "100"
    assert found["split"] == "200"


def test_a_page_of_a_list_is_not_headed_by_a_number_of_all(tmp_path: Path) -> None:
    """Neither the first page nor the last: how many there are is told of a whole list."""
    ledger = new_ledger(tmp_path)
    assert run(ledger, "parties").out.startswith("Parties: 4,")
    for page in (("--limit", "2"), ("--after", "bolt")):
        assert run(ledger, "parties", *page).out.startswith("Parties, ")
