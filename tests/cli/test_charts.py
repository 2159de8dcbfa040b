"""Charts: as text of any width, and as pictures that say in words what they show."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest

from cli.pictures import plots
from cli.pictures.plots import apart
from tests.helpers import assert_usage, dated, new_ledger, party, run

SVG = "{http://www.w3.org/2000/svg}"
JAPANESE = "\u65e5\u7523"
HOSTILE = 'A "b" $x_1$ <script>alert(1)</script> & co'


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """alice sells a part of acme to a company of an odd name; ten hold a share each."""
    of = {"share_class": "acme/common", "standing": "official"}
    return new_ledger(
        tmp_path_factory.mktemp("charts"),
        party("alice", kind="person"),
        party("odd", name=HOSTILE),
        *(party(f"p{n}", kind="person") for n in range(10)),
        dated("shares-issued", holder="alice", shares=90, **of),
        *(dated("shares-issued", holder=f"p{n}", shares=1, **of) for n in range(10)),
        {
            "type": "shares-transferred", "effective_on": "2030-01-01", "transferor": "alice",
            "transferee": "odd", "shares": 30, **of,
        },
        party("jp", name=f"{JAPANESE} {'W' * 60}"),
        dated("stake-disclosed", issuer="bolt", holder="odd", percent="12.5", percent_of="votes"),
        dated("stake-disclosed", issuer="bolt", holder="p0", percent="3", percent_of="issued"),
        dated("stake-disclosed", issuer="bolt", holder="jp", shares="1000"),
        dated("stake-disclosed", issuer="bolt", holder="jp", percent="4", percent_of="issued",
              interest="aggregate"),
    )  # fmt: skip


def written(ledger: Path, name: str, *words: str) -> bytes:
    out = ledger.parent / name
    out.unlink(missing_ok=True)
    outcome = run(ledger, "chart", "acme", "--as-of", "2031-01-01", "--out", str(out), *words)
    assert outcome.code == 0, outcome.err
    return out.read_bytes()


def test_a_picture_is_the_same_twice_and_says_in_words_what_it_shows(ledger: Path) -> None:
    drawn = written(ledger, "a.svg")
    assert drawn == written(ledger, "b.svg")
    root = ET.fromstring(drawn)
    told, title = root.findtext(f"{SVG}desc") or "", root.findtext(f"{SVG}title")
    assert title == "Stakes in Acme plc (acme), as of 2031-01-01"
    assert "2030-01-01: 30.00%, transferred" in told
    assert "5 holders of less not drawn: see --most." in told
    assert f"{HOSTILE} (% of the shares issued):" in told
    assert root.get("role") == "img"
    assert not list(root.iter(f"{SVG}script"))
    assert b"$x_1$" in drawn


def test_a_disclosure_is_told_with_its_base_and_never_drawn_as_nothing(ledger: Path) -> None:
    out = ledger.parent / "bolt.svg"
    ledger_words = "chart", "bolt", "--as-of", "2024", "--out"
    assert run(ledger, *ledger_words, str(out)).code == 0
    drawn = out.read_text()
    told = ET.fromstring(drawn).findtext(f"{SVG}desc") or ""
    assert "12.50% of votes" in drawn
    assert "disclosed, of the base beside the name" in drawn
    assert ", disclosed (% of what is told):" in told
    assert "Not drawn, for no percentage is told: " in told
    assert ", 1,000 shares." in told
    assert told.startswith("With all that has become known and is recorded.")
    assert f"{JAPANESE} {'W' * 15}" in drawn
    assert f"{JAPANESE} {'W' * 30}" not in drawn.partition("</desc>")[2].partition("Not drawn")[0]
    refused = run(ledger, *ledger_words, str(ledger.parent / "bolt.png"))
    assert_usage(refused, JAPANESE[0], "Write the chart as .svg")


def test_a_png_is_drawn_of_terms_too(ledger: Path) -> None:
    assert written(ledger, "a.png", "--terms").startswith(b"\x89PNG")


def test_a_day_alone_and_a_far_one_are_drawn(ledger: Path) -> None:
    day = run(ledger, "chart", "acme", "--from", "2030-01-01", "--as-of", "2030-01-01")
    assert "15.00" in day.out
    assert written(ledger, "far.svg", "--as-of", "9999-12-30", "--measure", "votes")


def test_a_holder_alone_and_the_most_of_them(ledger: Path) -> None:
    told = run(ledger, "chart", "acme", "--holder", "odd", "--as-of", "2031-01-01", "--ascii")
    assert f"{60 * '#'}  A " in told.out
    assert "15.00" in told.out
    few = run(ledger, "chart", "acme", "--most", "1", "--as-of", "2031-01-01").out
    assert "12 holders of less not drawn" in few


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--out", "x.gif"), ".svg, .png"),
        (("--from", "2031", "--to", "2030"), "--from is after --to"),
        (("--from", "2030", "--as-of", "2029"), "--from is after 2029-12-31"),
        (("--holder", "nobody"), "nobody"),
    ],
)
def test_what_cannot_be_drawn_is_refused(ledger: Path, words: tuple[str, ...], said: str) -> None:
    outcome = run(ledger, "chart", "acme", *words)
    assert outcome.code != 0
    assert said in outcome.err


def test_without_the_library_the_way_to_it_is_told(ledger: Path, tmp_path: Path) -> None:
    with patch.dict(sys.modules, {"matplotlib": None}):
        outcome = run(ledger, "chart", "acme", "--out", str(tmp_path / "x.svg"))
    assert_usage(outcome, "pip install 'stakebook[pictures]'")
    assert not (tmp_path / "x.svg").exists()


def test_names_are_moved_apart_and_keep_their_order() -> None:
    places = apart([5.0, 5.1, 50.0, 0.0], 4.0, 0.0, 50.0)
    assert places[3] + 4 <= places[0] + 1e-9
    assert places[0] + 4 <= places[1] + 1e-9
    assert (min(places), max(places)) == (0.0, 50.0)


def test_causes_that_the_legend_has_no_room_for_are_seen_to_be_left_out() -> None:
    pytest.importorskip("matplotlib")
    causes = ["converted", "repurchased", "voting cap agreed", "voting rights restored", "split"]
    row = {"made": "passive", "causes": causes, "earliest": None}
    line = SimpleNamespace(
        steps=[SimpleNamespace(row=row, then=None)], is_of_another_base=False, disclosed=False
    )
    labels = list[str]()
    axes = SimpleNamespace(
        legend=lambda handles, **_: labels.extend(one.get_label() for one in handles)
    )
    chart: Any = SimpleNamespace(drawn=[line])
    plots._legend(axes, chart)
    assert labels[0].startswith("by converted, repurchased, split, voting cap agreed")
    assert labels[0].endswith("…")


def test_a_format_for_programs_is_not_passed_over_for_a_picture(
    ledger: Path, tmp_path: Path
) -> None:
    words = ("--out", str(tmp_path / "x.svg"), "--format", "json")
    assert_usage(run(ledger, "chart", "acme", *words), "--format json")
    assert not (tmp_path / "x.svg").exists()
