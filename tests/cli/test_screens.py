"""Screens: those of ``tests/screens`` byte for byte, and what holds for every question.

``STAKEBOOK_SCREENS=write`` writes the files anew; look at what changed before recording it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cli.asking import QUESTION_NAMES, QuestionCommand
from cli.context import looked_up, view_at
from cli.main import command_of
from cli.safe_text import cells_of
from cli.screen import Screen, Written, laid_out
from cli.telling import screen_at
from ledger.time.history import known_ids
from ledger.values.dates import worded
from ledger.values.refusals import Refused
from projections.names import Names
from projections.questions import QUESTIONS
from projections.readmodel.index import Index
from projections.rows import SENTENCES
from projections.told import grouped
from tests import ROOT
from tests.helpers import run
from tests.scenarios import read_story, stories, tell
from tests.test_alliance import PRESS, REGISTER, loaded

FOLDER = ROOT / "tests" / "screens"
SCREENS = {
    "holdings": "holdings nissan --as-of 2024-09-30",
    "holdings-of-all": "holdings --as-of 2024-09-30",
    "holdings-of-a-holder": "holdings --holder renault --as-of 2024-09-30",
    "holdings-beneficial": "holdings nissan --beneficial --as-of 2024-09-30",
    "votes": "votes renault --as-of 2023-11-08",
    "votes-in-trust": "votes nissan --as-of 2024-09-30",
    "diluted": "diluted nissan --as-of 2024-09-30",
    "governance": "governance nissan --as-of 2025-06-30",
    "governance-clauses": "governance nissan --as-of 2025-06-30 --clauses --kind board-seat",
    "deals": "deals --as-of 2023-12-31",
    "deals-of-one": "deals nissan-in-ampere --as-of 2025-06-30",
    "pending": "pending --as-of 2023-08-31",
    "pending-silent": "pending --as-of 2025-11-25",
    "claims": "claims ampere --as-of 2023-12-31",
    "timeline-register": "timeline nissan --kind register --from 2023-11-01 --to 2024-04-30"
    " --as-of 2025-12-31",
    "timeline-board": "timeline nissan --kind board --sources --as-of 2025-06-30",
    "timeline-page": "timeline --limit 20 --all --as-of 2023-12-31",
    "show": "show nissan-shares-into-trust --as-of 2025-12-31",
    "conflicts": "conflicts --as-of 2025-12-31",
    "check": "check --as-of 2025-12-31",
    "diff-completion": "diff nissan --from as-of=2023-11-07 --to as-of=2023-11-08",
    "diff-years": "diff --from as-of=2023-11-07 --to as-of=2025-06-30",
    "diff-full": "diff renault --from as-of=2023-11-07 --to as-of=2023-11-08 --full",
    "explain-holdings": "explain holdings nissan renault --as-of 2024-09-30",
    "explain-holdings-disclosed": "explain holdings mitsubishi nissan --as-of 2024-12-31",
    "explain-votes": "explain votes renault nissan-finance --as-of 2023-11-08",
    "explain-seats": "explain seats nissan renault --as-of 2025-06-30",
    "explain-deal": "explain deal alliance-rebalancing --as-of 2023-12-31",
    "explain-investment": "explain investment nissan-in-ampere --as-of 2024-12-31",
    "explain-offering": "explain offering ampere-ipo --as-of 2024-12-31",
    "chart": "chart nissan --as-of 2024-12-31",
    "chart-terms": "chart nissan --terms --from 2023 --as-of 2024-12-31",
    "chart-votes": "chart renault --measure votes --ascii --as-of 2024-12-31",
    "graph": "graph nissan --as-of 2023-11-08",
    "graph-changes": "graph nissan --from as-of=2023-11-07 --to as-of=2023-11-08",
    "group": "group renault --law FR --over-time --as-of 2023-12-31",
    "explain-full": "explain offering ampere-ipo --as-of 2023-12-31 --full",
}
VARYING = re.compile(
    r"(recorded at +)\S+|(id +)[0-9a-f-]{36}"
)  # what another recording has otherwise
WIDTHS = {"80": "80", "100": "100", "120": "120", "piped": ""}
AGAIN = ("100", "120")  # laid out anew from what was asked at 80, but for what is drawn to a width
DRAWN = ("chart", "graph")
ASKED = [name for name in QUESTION_NAMES if name not in ("parties", "classes", "sources")]
EVERYTHING = (
    *("holdings", "votes nissan", "votes renault", "governance nissan", "governance renault"),
    *("deals", "deals nissan-in-ampere", "pending", "claims ampere", "claims mitsubishi"),
)
OTHERWISE = {"events", "share_class", "step", "percent_exact", "votes_percent_exact"} | {
    "capacity",
    "parties",
    "bound_by",
    "beneficiaries",
}
LONG = 20  # letters of a word that may be broken
KEPT = re.compile(r"\([^()]*\)|(?:More: )?(?:governance|deals|pending|explain|claims|holdings) .*")


@pytest.fixture(scope="module")
def alliance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return loaded(tmp_path_factory.mktemp("screens") / "alliance.db", [REGISTER, PRESS])


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_is_as_it_was_looked_at(
    alliance: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked once for a terminal and once for a pipe; at other widths it is laid out again."""
    screens: list[Screen] = []

    def kept(screen: Screen, width: int | None) -> list[Written]:
        screens.append(screen)
        return laid_out(screen, width)

    monkeypatch.setattr("cli.page.laid_out", kept)
    for width, columns in WIDTHS.items():
        if width in AGAIN and not name.startswith(DRAWN):
            said = "".join(f"{line}\n" for line in laid_out(screens[0], int(columns)))
        else:
            told = {"COLUMNS": columns} if columns else {}
            outcome = run(alliance, *SCREENS[name].split(), **told)
            assert outcome.code == 0, outcome.err
            said = outcome.out
        file, shown = FOLDER / f"{name}.{width}.txt", VARYING.sub(r"\1\2...", said)
        if os.environ.get("STAKEBOOK_SCREENS") == "write":
            file.write_text(shown, encoding="utf-8")
        assert shown == file.read_text("utf-8"), width


def screens(
    index: Index, names: Iterable[str], cut: tuple[str, ...]
) -> Iterator[tuple[str, Screen]]:
    """The screen of every question of every subject, with what was asked."""
    for name in names:
        question, command = QUESTIONS[name], command_of(name)
        assert isinstance(command, QuestionCommand)
        subjects = dict.fromkeys(id for kind in question.kinds for id in known_ids(index, kind))
        for subject in [*subjects, *([None] if question.whole or name == "holdings" else [])]:
            words = [*([subject] if subject else []), *cut]
            with command.asked(words) as (asking, limits):
                try:
                    screen = screen_at(view_at(index, limits), asking.ask, asking.screen)
                except Refused:
                    assert name == "show", words  # of an event that is not of the cut
                    continue
                yield f"{name} {' '.join(words)}", screen


def tokens(lines: list[str]) -> set[str]:
    """The words of lines, without what stands between the cells of a second line."""
    return {word.rstrip(",:").strip("\u2068\u2069") for line in lines for word in line.split()}


def check(asked: str, screen: Screen, ids: set[str]) -> None:
    """That a screen fits 80 cells, breaks no word, loses none, and names what has a name."""
    narrow = [str(line) for line in laid_out(screen, 80)]
    wide = [str(line) for line in laid_out(screen, 99)]
    assert all(cells_of(line) <= 80 for line in narrow), (asked, narrow)
    unbroken = tokens([str(line) for line in laid_out(screen, None)])
    whole = {word for word in tokens(wide) & unbroken if len(word) < LONG}
    assert whole <= tokens(narrow), (asked, whole - tokens(narrow))
    without = laid_out(replace(screen, title="", ids=[]), 80)
    told = KEPT.sub("", " ".join(" ".join(without).split()))
    bare = ids & {word.strip(".,:;") for word in told.split()}
    assert not bare or asked.startswith("show"), (asked, bare, told)  # which shows the record too


def sweep(ledger: Path, *cut: str, names: Iterable[str] = ASKED) -> int:
    """Check every question of a ledger; how many were asked."""

    def look(index: Index) -> int:
        count, named = 0, ("party", "class", "agreement", "investment")
        ids = {id for kind in named for id in known_ids(index, kind) if "-" in id or "/" in id}
        for asked, screen in screens(index, names, cut):
            check(asked, screen, ids)
            count += 1
        return count

    return looked_up(ledger, look)


@pytest.mark.whole
def test_every_question_fits_a_screen_and_is_told_in_names(alliance: Path) -> None:
    names = [name for name in ASKED if name not in ("timeline", "owners", "group", "radar")]
    assert sweep(alliance, "--as-of", "2024-06-30", names=names) > 100


@pytest.mark.parametrize("words", EVERYTHING)
def test_piped_nothing_is_lost_that_json_says_of_a_row(alliance: Path, words: str) -> None:
    """Other than in names, in sentences and as an exact fraction."""
    name, *others = f"{words} --as-of 2024-06-30".split()
    command = command_of(name)
    assert isinstance(command, QuestionCommand)

    def look(index: Index) -> None:
        with command.asked(others) as (asking, limits):
            view = view_at(index, limits)
            names, rows = Names(view), asking.ask(view).rows
            lines = laid_out(screen_at(view, asking.ask, asking.screen, flat=True), None)
            told = "\n".join(lines).lower()
        assert rows
        for row in rows:
            for column in row.keys() - SENTENCES - OTHERWISE:
                for value in row[column] if type(row[column]) is list else [row[column]]:
                    ways = set(ways_to_tell(value, names))
                    assert any(way.lower() in told for way in ways), (column, value, told)

    looked_up(alliance, look)


def ways_to_tell(value: object, names: Names) -> Iterator[str]:
    """How a value of a row may stand in a screen."""
    text, kind = str(value), names.kind_of(str(value))
    yield from ("", "-") if value in (None, True, False, "exactly") else ()
    yield from (text, grouped(text), text.replace("-", " "), worded(text))
    yield from (names.short(kind, text), names.name(kind, text)) if kind else ()
    yield ", ".join(names.short("party", party) for party in text.split(", "))


@pytest.mark.whole
@pytest.mark.parametrize("cut", ["2016-12-31", "2022-12-31", "2023-08-31", "2024-06-30"])
def test_every_question_fits_at_other_cuts(alliance: Path, cut: str) -> None:
    assert sweep(alliance, "--as-of", cut, "--known-by", cut) > 100


@pytest.mark.whole
@pytest.mark.parametrize("path", stories(), ids=lambda path: path.stem)
def test_every_question_of_a_story_fits(path: Path, tmp_path: Path) -> None:
    tell(read_story(path), tmp_path)
    assert sweep(tmp_path / "story.db", "--as-of", "2030-01-01")
