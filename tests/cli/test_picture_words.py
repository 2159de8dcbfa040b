"""What pictures of graphs say: every sign and figure in words too, of every kind of stake."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from cli.pictures.asked import AskedGraph, labels_of
from cli.pictures.dot import edge_lines, node_lines, wrapped
from cli.pictures.drawing import Drawing, groups
from cli.pictures.engine import laid_out
from cli.pictures.legend import KINDS
from cli.pictures.picture import _groups
from cli.pictures.tree import lines_of
from ledger.time.log import Log
from ledger.time.view import Cut, View
from tests import histories, story
from tests.helpers import accept, assert_usage, dated, new_ledger, party, run

SVG = "{http://www.w3.org/2000/svg}"
GROUND = re.compile('stroke="none" points="([-0-9., ]*)"/>\n<text[^>]*>([^<]*)<')
_SIGNS = str.maketrans("", "", "+\u2212-~")
OF = {"share_class": "acme/common", "standing": "official"}
STAKES: tuple[Mapping[str, Any], ...] = (
    *(party(id, kind="person", name=name) for id, name in (("a", "Ada"), ("b", "Ben"))),
    party("jp", name="\u65e5\u7523\u81ea\u52d5\u8eca"),
    party("mid"), party("low"), party("crowd", kind="other"),
    *({"type": "share-class-created", "share_class": f"{one}/common", "key": f"class-{one}"}
      for one in ("mid", "low")),
    dated("shares-issued", holder="a", shares="500", **OF),
    dated("shares-issued", holder="mid", shares="400", **OF),
    dated("shares-issued", holder="acme", shares="100", **OF),
    dated("shares-issued", share_class="mid/common", holder="b", shares="80"),
    dated("shares-issued", share_class="mid/common", holder="jp", shares="20"),
    dated("shares-issued", share_class="low/common", holder="mid", shares="70"),
    dated("shares-issued", share_class="low/common", holder="b", shares="5"),
    dated("shares-issued", share_class="low/common", holder="crowd", shares="25"),
    dated("share-right-granted", right="r", share_class="acme/common", holder="a", to="b",
          kind="pledge", shares="60"),
    dated("stake-disclosed", issuer="low", holder="jp", percent="12.5", percent_of="votes"),
    dated("stake-disclosed", issuer="bolt", holder="jp", shares="1000"),
    dated("stake-disclosed", issuer="bolt", holder="b", percent="3", percent_of="unstated")
    | {"standing": "unnamed"},
)  # fmt: skip


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_ledger(tmp_path_factory.mktemp("words"), *STAKES)


def told(ledger: Path, *words: str) -> str:
    """The list of what a picture shows."""
    out = ledger.parent / "g.svg"
    out.unlink(missing_ok=True)
    assert run(ledger, "graph", "--out", str(out), "--as-of", "2024", *words).code == 0
    found = ET.fromstring(out.read_bytes()).findtext(f"{SVG}desc")
    assert found
    return found


def test_rights_bases_and_standings_are_told_and_nobody_is_left_out(ledger: Path) -> None:
    found = told(ledger, "acme")
    assert "Ben \u2192 Acme plc: pledge of 60 shares" in found
    assert " \u2192 Low: 12.5% of votes disclosed" in told(ledger, "low")
    assert "Acme plc: own shares 9.09%" in found
    assert "Ada \u2192 Acme plc: 45.45%, votes 50.00%, casts 50.00%" in found
    assert "Lines: solid: by a register; dashed: disclosed or asserted; dotted: " in found
    assert found.startswith("With all that has become known and is recorded.\n")
    assert told(ledger, "acme", "--known-by", "2025").startswith("With all that is recorded.")
    of_bolt = told(ledger, "bolt")
    assert " \u2192 Bolt Ltd: 1,000 shares disclosed" in of_bolt
    assert "Ben \u2192 Bolt Ltd: 3% of ? disclosed, unnamed" in of_bolt
    assert "pledge [style=dotted" not in dot_of(ledger)
    assert re.search(r"pledge of 60 shares.*style=dotted", dot_of(ledger))


def dot_of(ledger: Path, *words: str) -> str:
    out = ledger.parent / "g.dot"
    out.unlink(missing_ok=True)
    assert run(ledger, "graph", "acme", "--out", str(out), *words).code == 0
    return out.read_text()


def test_a_group_is_folded_and_what_it_holds_of_others_is_summed(ledger: Path) -> None:
    found = told(ledger, "low", "--group", "closed")
    assert "Group of Ben: a group, with what it holds added up; with Low, Mid" in found
    assert " \u2192 Group of Ben: 20.00% of Mid" in found
    assert "Crowd \u2192 Group of Ben: 25.00% of Low" in found
    up = told(ledger, "acme", "--group", "closed")
    assert "Ada \u2192 Acme plc: 45.45%" in up


def test_what_members_of_a_group_hold_is_added_up_exactly(tmp_path: Path) -> None:
    """Two sixths are a third, and not 33.34 %."""
    ledger = new_ledger(
        tmp_path, party("mid"), party("low"), party("free"),
        *({"type": "share-class-created", "share_class": f"{one}/common", "key": f"class-{one}"}
          for one in ("mid", "low")),
        dated("shares-issued", share_class="mid/common", holder="fund-one", shares="10"),
        dated("shares-issued", share_class="low/common", holder="mid", shares="10"),
        *(dated("shares-issued", share_class="acme/b", holder=one, shares="100", key=f"to-{one}")
          for one in ("mid", "low")),
        dated("shares-issued", share_class="acme/common", holder="bolt", shares="300"),
    )  # fmt: skip
    found = told(ledger, "acme", "--group", "closed")
    assert "Group of Fund-One: a group" in found
    assert "Group of Fund-One \u2192 Acme plc: 33.33%" in found
    assert "Bolt Ltd \u2192 Acme plc: 66.67%" in found


def test_small_holders_are_drawn_together_before_and_after(ledger: Path) -> None:
    later = ledger.parent / "later.db"
    later.write_bytes(ledger.read_bytes())
    accept(
        later,
        *(party(f"s{n}", kind="person") for n in range(3)),
        *(dated("shares-issued", holder=f"s{n}", shares="5", **OF) for n in range(2)),
        dated("shares-issued", holder="s2", shares="5", **OF) | {"effective_on": "2024-05-01"},
    )
    sides = "--from", "as-of=2024-01-01", "--to", "as-of=2024-06-01"
    found = told(later, "acme", "--min", "2", *sides)
    assert "~ 3 others: several, or other; before: 2 others" in found
    assert "~ 3 others \u2192 Acme plc: 0.90% \u2192 1.35%, votes 0.99% \u2192 1.48%" in found
    assert "S0" not in found


def test_widths_are_those_of_the_letters_that_are_drawn(ledger: Path) -> None:
    """The engine says when it takes the widths of another font; labels then run into lines."""
    out = ledger.parent / "w.dot"
    out.unlink(missing_ok=True)
    run(ledger, "graph", "low", "--out", str(out))
    text = out.read_text().replace("\u65e5\u7523\u81ea\u52d5\u8eca", "N")
    ground = GROUND.findall(laid_out(text, "svg").decode())
    assert ground
    for points, words in ground:
        across = [float(corner.split(",")[0]) for corner in points.split()]
        assert max(across) - min(across) > 33 or not re.fullmatch(r"\d\d[.]\d\d%", words)
    assert "width=" in out.read_text()


def test_letters_that_a_png_cannot_show_are_refused(ledger: Path) -> None:
    out = ledger.parent / "g.png"
    refused = run(ledger, "graph", "acme", "--out", str(out))
    assert_usage(refused, "\u65e5", "Write the picture as .svg")
    assert not out.exists()


def test_long_words_are_broken_at_hyphens_and_by_cells() -> None:
    assert wrapped("Renault-Nissan-Mitsubishi", 24) == ["Renault-Nissan-", "Mitsubishi"]
    assert wrapped("W" * 30, 24) == ["W" * 24, "W" * 6]
    assert wrapped("\u65e5" * 20, 24) == ["\u65e5" * 12, "\u65e5" * 8]


@cache
def _story() -> Log:
    return Log(story.events())


def assert_told_whole(view: View, centre: str, *options: Any) -> None:
    """All that a picture shows is in its list, and the list says nothing else."""
    asked = AskedGraph(centre, None, *options)
    answer = asked.ask(view)
    drawing = asked.drawing(answer.rows, labels_of(view, "both"))
    listed = [*lines_of(drawing), *_groups(drawing)]
    words = " ".join(" ".join(listed).translate(_SIGNS).split())
    drawn = [*map(node_lines, drawing.nodes), *map(edge_lines, drawing.edges)]
    for lines in drawn:
        for line in lines:
            assert " ".join(line.translate(_SIGNS).split()) in words, (line, listed)
    assert_lines_tell_styles(drawing, listed)
    shown = " ".join(word for lines in drawn for line in lines for word in line.split())
    kinds = " ".join(KINDS.values())
    frames = "Group of" if groups(drawing) else ""
    known = {*re.split(r"[\s,;:]+", f"{shown} {kinds} {frames} \u2192")}
    assert {*re.split(r"[\s,;:]+", " ".join(listed))} <= known


def assert_lines_tell_styles(drawing: Drawing, listed: Sequence[str]) -> None:
    """What is told by the style of a line or by a shape is told in words."""
    edges = listed[len(listed) - len(drawing.edges) - len(groups(drawing)) :]
    for edge, line in zip(drawing.edges, edges, strict=False):
        assert ("disclosed" in line or "asserted" in line) or edge.style != "dashed"
        assert edge.role == "holder" or edge.style == "dotted"
        assert edge.role == "control" or ("controls" in line) == edge.controls
        assert ("(back)" in line) == edge.back
    for node in drawing.nodes:
        if node.kind in KINDS:
            assert any(line.startswith(f"{node.name}: ") for line in listed)


def drawn_cut(chance: Random) -> Cut:
    day, known = chance.choice(histories.CUTS), chance.choice(histories.CUTS)
    return Cut(as_of=day, known_by=known, standing=chance.choice(["official", "any", "any"]))


WHOLE = pytest.mark.whole


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=WHOLE) for n in range(1, 40))])
def test_the_list_of_a_picture_says_what_it_shows_and_nothing_else(seed: int) -> None:
    chance = Random(seed)
    drafts = histories.drafted([chance.getrandbits(40) for _ in range(40)], tangled=seed % 2 == 0)
    log = Log(histories.history(drafts))
    for _ in range(2):
        options = chance.choice([None, Decimal(5)]), 150, chance.random() < 0.5
        assert_told_whole(View(log, drawn_cut(chance)), chance.choice(["acme", "alice"]), *options)


@pytest.mark.parametrize(
    "centre", ["acme", *(pytest.param(c, marks=WHOLE) for c in ("boreal", "alice"))]
)
def test_the_list_of_a_story_says_what_its_picture_shows(centre: str) -> None:
    assert_told_whole(View(_story()), centre, None, 150)


def test_a_figure_that_only_rounding_makes_round_is_told_as_such(tmp_path: Path) -> None:
    """As tables do: a holder of one share more than a half does not have 50.00 %."""
    ledger = new_ledger(
        tmp_path,
        dated("shares-issued", holder="fund-one", shares="100001", **OF),
        dated("shares-issued", holder="fund-two", shares="99900", **OF),
    )
    words = "--as-of", "2024-01-01"
    assert "Fund-One \u2192 Acme plc: >50.00%, controls" in told(ledger, "acme")
    assert ">50.00" in run(ledger, "chart", "acme", *words).out
    assert ">50.00" in run(ledger, "holdings", "acme", *words).out
    assert "< and >: less and more than the rounded figure" in told(ledger, "acme")


@WHOLE
def test_no_label_stands_on_a_box_or_on_another_label(ledger: Path, tmp_path: Path) -> None:
    many = [party(f"h{n}", kind="person", name=f"Holder Number {n} of Many") for n in range(140)]
    held = [dated("shares-issued", holder=f"h{n}", shares=f"{1000 - n}", **OF) for n in range(140)]
    crowd = new_ledger(tmp_path, *many, *held)
    for path, centre in ((ledger, "acme"), (ledger, "low"), (crowd, "acme")):
        out = path.parent / "boxes.svg"
        out.unlink(missing_ok=True)
        assert run(path, "graph", centre, "--out", str(out)).code == 0
        boxes = [*boxes_of(ET.fromstring(out.read_bytes()))]
        for number, (kind, one) in enumerate(boxes):
            for other_kind, other in boxes[number + 1 :]:
                assert "label" not in (kind, other_kind) or not overlap(one, other)


def boxes_of(root: ET.Element) -> Iterator[tuple[str, tuple[float, ...]]]:
    """The grounds of labels, and the shapes of nodes."""
    for shape in root.iter(f"{SVG}ellipse"):
        x, y, wide, high = (float(shape.get(name) or 0) for name in ("cx", "cy", "rx", "ry"))
        yield "node", (x - wide, y - high, x + wide, y + high)
    for group in root.iter(f"{SVG}g"):
        for shape in group.findall(f".//{SVG}polygon"):
            label = group.get("class") == "edge" and shape.get("stroke") == "none"
            if label or group.get("class") == "node":
                corners = [corner.split(",") for corner in (shape.get("points") or "").split()]
                xs, ys = ([float(corner[n]) for corner in corners] for n in (0, 1))
                yield "label" if label else "node", (min(xs), min(ys), max(xs), max(ys))


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return all(min(one[n + 2], other[n + 2]) - max(one[n], other[n]) > 0.5 for n in (0, 1))


def test_votes_that_were_those_of_the_shares_are_no_votes_that_were_none(tmp_path: Path) -> None:
    ledger = new_ledger(
        tmp_path,
        dated("shares-issued", holder="fund-one", shares="100", **OF)
        | {"effective_on": "2023-01-01"},
        dated("voting-cap-agreed", issuer="acme", holder="fund-one", percent="15"),
    )
    sides = "--from", "as-of=2023-06-01", "--to", "as-of=2024-01-01"
    said = "Fund-One \u2192 Acme plc: 50.00%, votes 50.00%, casts 50.00% \u2192 15.00%"
    assert said in told(ledger, "acme", *sides)


def test_a_mark_does_not_become_another(tmp_path: Path) -> None:
    """Control that ended is told to have ended, not to have turned into a suspension."""
    ledger = new_ledger(
        tmp_path,
        dated("voting-rights-suspended", issuer="acme", holder="bolt", reason="late"),
    )
    sides = "--from", "as-of=2023-06-01", "--to", "as-of=2024-01-01"
    said = told(ledger, "acme", *sides)
    assert "+ suspended, \u2212 controls" in said
    assert "controls \u2192" not in said
