"""Screens laid out: nothing wider than the screen, nothing broken, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli import page
from cli.safe_text import cells_of
from cli.screen import Block, Column, Line, Screen, laid_out
from tests.helpers import dated, new_ledger, party, run

WORDS = st.text("ab株ñ", min_size=1, max_size=9)
CELLS = st.lists(WORDS, max_size=6).map(" ".join)
MIA = {"kind": "person"}


@st.composite
def tables(draw: st.DrawFn) -> Block:
    """Any table of words."""
    number = draw(st.integers(1, 5))
    columns = [
        Column(
            draw(CELLS),
            draw(st.sampled_from(["left", "right"])),
            draw(st.booleans()),
            most=draw(st.sampled_from([0, 20])),
        )
        for _ in range(number)
    ]
    cells = st.lists(CELLS, min_size=number, max_size=number)
    lines = draw(st.lists(st.builds(Line, cells, st.lists(CELLS, max_size=2)), max_size=4))
    return Block(
        columns, lines, draw(CELLS), draw(st.lists(CELLS, max_size=2)), draw(st.booleans())
    )


def words_of(lines: Sequence[str]) -> set[str]:
    return {word.strip(",:") for line in lines for word in line.split()}


def test_a_column_of_dates_leaves_room_for_what_stands_beside_it() -> None:
    dates, beside = "between 1999-03-27 and 1999-12-31", "enters into force on some day of it"
    block = Block((Column("date", most=21), Column("event", wrap=True)), [Line((dates, beside))])
    narrow = [str(line) for line in laid_out(Screen("T", [block]), 60)]
    assert narrow[2:] == [
        "between 1999-03-27     enters into force on some day of it",
        "and 1999-12-31",
    ]
    assert str(list(laid_out(Screen("T", [block]), 80))[-1]) == f"{dates}  {beside}"


@settings(max_examples=60, deadline=None)
@given(tables(), st.integers(24, 90))
def test_no_line_is_too_wide_and_every_word_is_whole(block: Block, width: int) -> None:
    lines = [str(line) for line in laid_out(Screen("Title", [block]), width)]
    assert all(cells_of(line) <= width for line in lines), lines
    texts = [*block.closing, *(text for line in block.lines for text in line.under)]
    texts += [cell for line in block.lines for cell in line.cells]
    assert words_of(texts) <= words_of(lines)


def drawn(block: Block, width: int | None) -> list[str]:
    return [str(line) for line in laid_out(Screen("T", [block]), width)][1:]


def test_what_does_not_fit_stands_under_its_row() -> None:
    columns = [Column("name"), Column("shares", "right"), Column("source", yields=1)]
    block = Block(columns, [Line(["Acme", "1,000", "The Daily"], ["for Bolt"])])
    assert drawn(block, 40) == ["name  shares  source", "Acme   1,000  The Daily", "  for Bolt"]
    assert drawn(block, 20) == ["name  shares", "Acme   1,000", "  source: The Daily", "  for Bolt"]


def test_a_word_wider_than_the_screen_is_broken_and_no_other() -> None:
    block = Block([Column("name", wrap=True)], [Line(["x" * 30 + " Acme"])])
    assert drawn(block, 20) == ["name", "x" * 20, "x" * 10 + " Acme"]


def test_a_sign_and_a_currency_stay_with_their_figure() -> None:
    block = Block([Column(wrap=True)], [Line(["an amount of <= EUR 600,000,000"])])
    assert drawn(block, 24) == ["an amount of", "<= EUR 600,000,000"]


def test_laid_out_flat_a_row_is_one_line() -> None:
    columns = [Column("name", wrap=True), Column("id", from_width=100)]
    block = Block(columns, [Line(["Acme plc " * 9, "acme"], ["for Bolt"])], "shares")
    heading, names, row = drawn(block, None)
    assert (heading, names.split()) == ("shares", ["name", "id"])
    assert row.endswith("acme  for Bolt")


def test_what_would_steer_a_terminal_is_shown() -> None:
    block = Block([Column("a"), Column("b")], [Line(["\x1b[2J", "שלום"])], "\x07")
    _, heading, row = drawn(block, 80)
    assert heading == "\\x07"
    assert row == "  \\x1b[2J  \u2068שלום\u2069"


def test_a_tall_answer_goes_through_the_pager(monkeypatch: pytest.MonkeyPatch) -> None:
    paged, written = list[str](), list[str]()
    monkeypatch.setattr(page.sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(page, "get_terminal_size", lambda: page.os.terminal_size((80, 10)))
    monkeypatch.setattr(click, "echo_via_pager", lambda text, **_: paged.append(text))
    monkeypatch.setattr(click, "echo", lambda text="", **_: written.append(text))
    monkeypatch.setenv("NO_COLOR", "1")
    block = Block([Column("name")], [Line(["Acme"])] * 7)
    for lines, through, several in ((6, True, 0), (7, True, 1), (7, False, 1)):
        screen = Screen("T", [Block(block.columns, block.lines[:lines])])
        page.write(screen, "table", paged=through)
        assert len(paged) == several
    assert paged == ["T\nname\n----\n" + "Acme\n" * 7]
    assert len(written) == 2


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two classes, and two persons of one name."""
    opened = dated("register-opened", shares="300", share_class="acme/common")
    return new_ledger(
        tmp_path_factory.mktemp("named"),
        party("mia", name="Mia Holm", **MIA),
        party("mia-2", name="Mia Holm", **MIA),
        {"type": "party-renamed", "party": "acme", "name": "Acme Brewing plc", "key": "renamed"}
        | {"effective_on": "2024-01-02", "standing": "official"},
        opened | {"holder": "mia", "key": "a"},
        opened | {"holder": "mia-2", "key": "b", "share_class": "acme/b", "shares": "100"},
        opened | {"holder": "bolt", "key": "c", "share_class": "acme/b", "shares": "200"},
    )


def test_all_classes_together_add_up(named: Path) -> None:
    told = run(named, "holdings", "acme", "--as-of", "2024-01-01", COLUMNS="80").out
    assert told.startswith("Holdings in Acme plc (acme), as of 2024-01-01\n")
    rows = [" ".join(line.split()) for line in told.partition("All classes\n")[2].splitlines()]
    assert rows[:5] == [
        "Bolt Ltd 300 42.86 42.86",
        "Mia Holm (mia) 300 42.86 42.86",
        "Mia Holm (mia-2) 100 14.29 14.29",
        "Total issued 700 100.00",
        "Total outstanding 700 100.00 100.00",
    ]


def test_the_lines_of_a_class_add_up_to_its_totals(named: Path) -> None:
    told = run(named, "holdings", "acme", COLUMNS="80").out.partition("(acme/b)\n")[2]
    held, total = [], 0
    for line in told.splitlines():
        name, *figures = re.split(r"  +", line.strip())
        if name == "Total issued":
            total = int(figures[0])
            break
        held.append(int(figures[0]))
    assert sum(held) == total == 300


def test_a_title_tells_the_former_name(named: Path) -> None:
    title = run(named, "holdings", "acme", "--as-of", "2024-06-30").out.splitlines()[0]
    assert title == (
        "Holdings in Acme Brewing plc (acme), formerly Acme plc until 2024-01-02, as of 2024-06-30"
    )


def test_who_issued_nothing_and_holds_is_looked_up_elsewhere(named: Path) -> None:
    told = " ".join(run(named, "holdings", "mia", COLUMNS="80").out.split())
    assert "What it holds itself: holdings --holder mia" in told
    assert "Not known: no event at this cut" in told


@pytest.mark.parametrize(
    ("how", "said", "unsaid"),
    [
        ("both", ["Bolt Ltd", "Ids: bolt\n"], []),
        ("names", ["Bolt Ltd"], ["Ids:", "  bolt"]),
        ("ids", ["  bolt "], ["Bolt Ltd", "Ids:"]),
    ],
)
def test_labels_are_names_ids_or_both(
    named: Path, how: str, said: list[str], unsaid: list[str]
) -> None:
    told = run(named, "holdings", "acme", "--labels", how, COLUMNS="80").out
    assert [one for one in said if one not in told] == []
    assert [one for one in unsaid if one in told] == []
    wide = run(named, "holdings", "acme", "--labels", how, COLUMNS="100").out
    assert ("id " in wide.splitlines()[1]) is (how == "both")


def test_a_director_who_is_not_named_fills_a_seat(tmp_path: Path) -> None:
    seats = dated("board-seat-granted", company="acme", party="bolt", seats="2", key="seats")
    joined = dated("director-appointed", company="acme", nominated_by="bolt", key="unnamed")
    told = run(new_ledger(tmp_path, seats, joined), "governance", "acme", COLUMNS="80").out
    assert [" ".join(line.split()) for line in told.splitlines()[2:5]] == [
        "name not known director 2023-11-08 seat of Bolt (1 of 2)",
        "nobody known director seat of Bolt (2 of 2)",
        "Bolt has a right to 2 seats since 2023-11-08.",
    ]


def test_a_holder_without_a_name_does_not_part_the_columns_of_classes(tmp_path: Path) -> None:
    issued = {"share_class": "acme/b", "holder": "club", "shares": "7", "key": "issued"}
    club = party("club", name="club")
    told = run(
        new_ledger(tmp_path, club, dated("shares-issued", **issued)),
        "holdings",
        "acme",
        COLUMNS="80",
    )
    assert told.out.count("% issued") == 1


def test_differences_keep_the_signs_of_standings(tmp_path: Path) -> None:
    chair = dated("officer-appointed", company="acme", person="bolt", role="chair", key="chair")
    stake = {"issuer": "bolt", "holder": "acme", "percent": "30", "percent_of": "issued"}
    ledger = new_ledger(
        tmp_path,
        chair | {"standing": "reported"},
        dated("stake-disclosed", key="stake", **stake) | {"standing": "unnamed"},
    )
    words = "--from", "as-of=2023-11-07", "--to", "as-of=2023-11-08"
    told = run(ledger, "diff", *words, COLUMNS="80").out
    assert "+ r  Bolt Ltd, chair of Acme" in told
    assert re.search(r"\+ u  Acme plc .*30\n", told)
    assert "r: reported by the press. u: told by people not named." in told


def test_differences_tell_votes_that_were_only_disclosed_with_their_hedge(tmp_path: Path) -> None:
    stake = {"issuer": "bolt", "holder": "acme", "percent": "33.3", "percent_of": "votes"}
    ledger = new_ledger(tmp_path, dated("stake-disclosed", key="stake", **stake, qualifier="about"))
    words = "--from", "as-of=2023-11-07", "--to", "as-of=2023-11-08"
    told = run(ledger, "diff", *words, COLUMNS="80").out.partition("Votes in")[2]
    assert "33.3" in told.splitlines()[1]
    assert "about 33.3%" in told


def test_sums_of_rows_keep_the_weakest_standing(tmp_path: Path) -> None:
    told = {"share_class": "acme/b", "holder": "bolt", "shares": "7", "key": "told"}
    ledger = new_ledger(tmp_path, dated("shares-issued", **told) | {"standing": "reported"})
    all_classes = run(ledger, "holdings", "acme", COLUMNS="80").out.partition("All classes\n")[2]
    assert all_classes.splitlines()[0].split()[-2:] == ["register", "r"]


def test_what_leaves_a_row_stands_under_it_with_its_heading_and_under_no_empty_line() -> None:
    columns = Column(), Column("before"), Column("after")
    wide = "12345678901234567890123"
    lines = [Line(("", "-", "1")), Line(("+", wide, wide))]
    told = list(map(str, laid_out(Screen("t", [Block(columns, lines)]), 24)))
    assert told[1] == "  before: -, after: 1"
    assert "" not in told
