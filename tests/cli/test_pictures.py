"""Pictures of graphs: what they show, in each format, and the words beside them."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path
from unittest.mock import patch

import pytest

from cli.pictures import engine
from cli.pictures.dot import dot, words_last
from cli.pictures.drawing import Drawing, Edge, Node, Words, groups
from cli.pictures.mermaid import mermaid
from cli.pictures.picture import svg
from cli.pictures.tree import ASCII, tree
from tests.helpers import assert_usage, dated, new_ledger, party, run

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = 'A "b" \\n <script>alert(1)</script> ]; x -> y & \x1b[2J'


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """alice sells a part of acme to a company of an odd name; a hundred hold a share each."""
    of = {"share_class": "acme/common", "standing": "official"}
    return new_ledger(
        tmp_path_factory.mktemp("pictures"),
        party("alice", kind="person"),
        party("odd", name=HOSTILE.replace("\x1b", "")),
        *(party(f"p{n}", kind="person") for n in range(100)),
        dated("shares-issued", holder="alice", shares=797, **of),
        *(dated("shares-issued", holder=f"p{n}", shares=1, **of) for n in range(100)),
        dated("shares-issued", holder="p0", shares=3, **of),
        {
            "type": "shares-transferred", "effective_on": "2030-01-01", "transferor": "alice",
            "transferee": "odd", "shares": 300, **of,
        },
    )  # fmt: skip


CHANGE = ("--from", "as-of=2029-12-31", "--to", "as-of=2030-01-01")


def written(ledger: Path, name: str, *words: str) -> bytes:
    out = ledger.parent / name
    out.unlink(missing_ok=True)
    outcome = run(ledger, "graph", "acme", "--out", str(out), *words)
    assert outcome.code == 0, outcome.err
    return out.read_bytes()


def test_a_picture_is_the_same_twice_and_says_in_words_what_it_shows(ledger: Path) -> None:
    drawn = written(ledger, "a.svg", "--min", "1", *CHANGE)
    assert drawn == written(ledger, "b.svg", "--min", "1", *CHANGE)
    root = ET.fromstring(drawn)
    told = root.findtext(f"{SVG}desc") or ""
    assert "~ Alice \u2192 Acme plc: 79.70% \u2192 49.70%" in told
    assert '+ A "b"' in told
    assert not list(root.iter(f"{SVG}script"))


def test_a_picture_says_what_is_not_known_and_names_alike_have_their_ids(tmp_path: Path) -> None:
    of = {"share_class": "acme/common", "holder": "one"}
    ledger = new_ledger(
        tmp_path,
        party("one", name="Mia"),
        party("two", name="Mia"),
        dated("shares-issued", **of, shares=10, known_on="2023-11-08"),
        dated("shares-transferred", share_class="acme/common", transferor="one", transferee="two",
              shares=4, known_on="2024-02-01"),
        dated("shares-issued", **of, shares=9, known_on="2024-02-01") | {"effective_on": "2023-Q4"},
    )  # fmt: skip
    told = (
        ET.fromstring(written(ledger, "g.svg", "--as-of", "2023-11-08")).findtext(f"{SVG}desc")
        or ""
    )
    assert "Mia (one) \u2192 Acme plc" in told
    assert "Mia (two) \u2192 Acme plc" in told
    assert "1 event is possible, not certain." in told
    assert (
        "1 event is possible, not certain."
        in written(ledger, "g.dot", "--as-of", "2023-11-08").decode()
    )
    early = run(ledger, "graph", "acme", "--from", "known-by=2023-12-31").out
    assert "Before: 3 events are not yet known." in early


@pytest.mark.parametrize(("name", "start"), [("g.png", b"\x89PNG"), ("g.dot", b"digraph")])
def test_the_name_of_the_file_says_the_format(ledger: Path, name: str, start: bytes) -> None:
    assert written(ledger, name, "--min", "1").startswith(start)


def test_small_holders_are_drawn_together(ledger: Path) -> None:
    told = written(ledger, "few.mmd", "--min", "1.5", "--as-of", "2029-01-01").decode()
    assert "100 others" in told
    assert "10.30%" in told


def test_a_holder_of_whom_a_large_stake_is_told_too_is_not_a_small_one(tmp_path: Path) -> None:
    """Two disclosures of one holder: in its own name much, through others little."""
    told = {"issuer": "bolt", "percent_of": "issued"}
    ledger = new_ledger(
        tmp_path,
        dated("stake-disclosed", holder="fund-one", percent="25", **told),
        dated("stake-disclosed", holder="fund-one", percent="0.4", interest="indirect", **told),
        dated("stake-disclosed", holder="fund-two", percent="0.3", **told),
    )
    outcome = run(ledger, "graph", "bolt", "--min", "1", COLUMNS="120")
    assert outcome.code == 0, outcome.err
    assert "25%" in outcome.out


def test_many_holders_stand_in_a_column(ledger: Path) -> None:
    assert b"rankdir=LR" in written(ledger, "many.dot")
    assert b"rankdir=TB" in written(ledger, "few.dot", "--min", "1")


def test_more_than_can_be_read_are_refused_with_a_way_out(ledger: Path) -> None:
    outcome = run(ledger, "graph", "acme", "--max-nodes", "50")
    assert_usage(outcome, "103 parties", "--depth 1", "--min 1")


@pytest.mark.parametrize("name", ["g.gif", "g"])
def test_a_name_without_a_format_is_refused(ledger: Path, name: str) -> None:
    assert_usage(run(ledger, "graph", "acme", "--out", name), ".svg, .png, .dot, .mmd")


def test_without_an_engine_the_way_to_one_is_told(ledger: Path, tmp_path: Path) -> None:
    with (
        patch.object(engine.sysconfig, "get_path", return_value=str(tmp_path)),
        patch.object(shutil, "which", return_value=None),
    ):
        outcome = run(ledger, "graph", "acme", "--min", "1", "--out", str(tmp_path / "x.svg"))
    assert_usage(outcome, "pip install 'stakebook[pictures]'")
    assert not (tmp_path / "x.svg").exists()


@pytest.mark.parametrize("more", [("--out", "x.svg"), ("--film", "x.html"), CHANGE])
def test_what_a_picture_would_be_written_without_is_refused(
    ledger: Path, tmp_path: Path, more: tuple[str, ...]
) -> None:
    """Not a format for programs, nor what is compared with what is recorded."""
    more = tuple(str(tmp_path / one) if one.startswith("x.") else one for one in more)
    assert_usage(run(ledger, "graph", "acme", *more, "--format", "json"), "--format json")
    compared = ("--without", "party-odd", "--against", "recorded")
    assert_usage(run(ledger, "graph", "acme", *more, *compared), "--against")


def test_a_name_is_drawn_as_it_is() -> None:
    """In labels Graphviz reads ``\\G`` as the name of the graph and ``&amp;`` as a sign."""
    odd = r"\G \N &amp; &lt; <B>"
    drawing = Drawing(odd, [Node("a", odd, "company")], [], notes=(odd,))
    texts = ET.fromstring(engine.laid_out(dot(drawing), "svg")).iter(f"{SVG}text")
    assert [text.text for text in texts] == [odd] * 3


def test_no_name_is_taken_for_a_language_of_graphs() -> None:
    nodes = [Node('a"', HOSTILE, "company"), Node("b", "B", "person")]
    edges = [Edge('a"', "b", "holder", Words("5%"), "solid", False, False)]
    drawing = Drawing(HOSTILE, nodes, edges)
    assert b"<script" not in engine.laid_out(dot(drawing), "svg")
    assert '"A #34;b#34; #92;n' in mermaid(drawing)


def test_a_group_is_framed_with_all_that_one_party_alone_controls() -> None:
    nodes = [Node(one, one.upper(), "company") for one in "abcde"]

    def edge(party: str, of: str, controls: bool = True) -> Edge:
        return Edge(party, of, "holder", Words("60%"), "solid", controls, False)

    edges = [edge("a", "b"), edge("b", "c"), edge("d", "e"), edge("a", "e", controls=False)]
    assert groups(Drawing("", nodes, edges)) == {"a": ["a", "b", "c"]}
    assert groups(Drawing("", nodes, [*edges, edge("d", "b")])) == {}
    assert groups(Drawing("", nodes, [edge("a", "b"), edge("b", "c"), edge("c", "a")])) == {}
    told = ET.fromstring(svg(Drawing("", nodes, edges))).findtext(f"{SVG}desc") or ""
    assert "\nGroup of A: A, B, C\n" in told
    assert "cluster_0" in dot(Drawing("", nodes, edges))
    assert "cluster_0" not in dot(Drawing("", nodes, edges, compares=True))
    framed = mermaid(Drawing("", nodes, edges))
    inside = framed.partition('  subgraph g1["Group of A"]\n')[2].partition("  end\n")[0]
    assert inside.split() == ['n1["A"]', 'n2["B"]', 'n3["C"]']
    assert framed.count('n1["A"]') == 1
    assert "subgraph" not in mermaid(Drawing("", nodes, edges, compares=True))


def test_the_words_of_edges_are_drawn_after_all_lines(ledger: Path, tmp_path: Path) -> None:
    out = tmp_path / "g.svg"
    assert run(ledger, "graph", "acme", "--out", str(out)).code == 0
    drawn = out.read_text()
    root = ET.fromstring(drawn)
    (graph,) = root.findall(f"{SVG}g")
    kinds = [one.get("class") or "words" for one in graph.findall(f"{SVG}g")]
    assert "edge" in kinds
    assert kinds == [*filter("words".__ne__, kinds), *filter("words".__eq__, kinds)]
    assert kinds.count("words") == kinds.count("edge")


def test_a_png_has_each_part_in_the_place_it_has_in_the_svg_and_words_last() -> None:
    parties = [Node(id, f"{id} of & co", "company") for id in "abcd"]
    held = [
        Edge(one, of, "holder", Words(part), "solid", True, back, sign)
        for one, of, part, back, sign in (
            ("a", "b", "60.00%", False, "+"), ("b", "c", "70.00%", False, "-"),
            ("a", "c", "10.00%", False, ""), ("c", "a", "5.00%", True, "~"),
            ("a", "d", "1.00%", False, ""), ("a", "d", "2.00%", False, ""),
        )
    ]  # fmt: skip
    for drawing in (Drawing("T", parties, held, compares=True), Drawing("T", parties, held)):
        laid = json.loads(engine.laid_out(dot(drawing), "json0"))
        text = words_last(drawing, laid)
        again = json.loads(engine.laid_out(text, "json0", "-Kneato", "-n2"))
        places = {one.get("name"): one.get("pos", one.get("bb")) for one in again["objects"]}
        for one in laid["objects"]:
            assert places.pop(one["name"]) == one.get("pos", one.get("bb"))
        for one in laid["edges"]:
            assert places.pop(f"words of {one['id']}") == one["lp"]
        assert not places
        assert [one["pos"] for one in again["edges"]] == [one["pos"] for one in laid["edges"]]
        drawn = engine.laid_out(text, "svg", "-Kneato", "-n2").decode()
        assert drawn.rindex('class="edge"') < drawn.index("words of e")


def test_a_tree_tells_each_party_once_and_a_loop_by_its_sign() -> None:
    nodes = [Node("a", "A", "company"), Node("b", "B", "company"), Node("c", "C", "company")]

    def edge(party: str, of: str, back: bool = False) -> Edge:
        return Edge(party, of, "holder", Words("5%"), "solid", False, back)

    drawing = Drawing("", nodes, [edge("a", "b"), edge("b", "c"), edge("c", "a", back=True)])
    assert tree(drawing, ASCII) == ["A", "`- B: 5%", "   `- C: 5%", "      `- ^ A: 5%"]
