"""Graphs in the DOT language of Graphviz, which lays them out."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape

from cli.pictures.drawing import Drawing, Edge, Node, groups
from cli.safe_text import visible

_WRAP = 24  # characters of a name on a line
_HEADING = 72  # and of the title
_BESIDE = 10  # holders of one company that stand beside one another; more stand in a column
_COLOURS = {"": "#333333", "+": "#1a7f37", "-": "#b42318", "~": "#b25e00"}
_UNCHANGED = "#6b6b6b"
_SIGNS = {"": "", "+": "+ ", "-": "\u2212 ", "~": "~ "}
_SHAPES = {"person": "ellipse", "state": "octagon", "trust": "hexagon", "fund": "folder"}
_HEAD = (
    'fontname="Arimo,Arial,Helvetica,sans-serif"', "fontsize=15", "labelloc=t",
    "ranksep=0.75", 'bgcolor="white"', "splines=true", "pad=0.3",
)  # fmt: skip
_FRAME = (
    'labelloc=b, labeljust=l, style="rounded,dashed", color="#8a8a8a", fontsize=11,'
    ' fontcolor="#555555"'
)
_FONT = 'fontname="Arimo,Arial,Helvetica,sans-serif"'


def dot(drawing: Drawing) -> str:
    """The graph in DOT: the same text for the same drawing. In an SVG of it the group of a node has
    the id ``n`` and its number, that of an edge ``e`` and its number."""
    return "\n".join(_statements(drawing)) + "\n"


def _statements(drawing: Drawing) -> Iterator[str]:
    yield "digraph stakes {"
    most = max(Counter(edge.of for edge in drawing.edges).values(), default=0)
    way = "rankdir=LR, nodesep=0.2" if most > _BESIDE else "rankdir=TB, nodesep=0.45"
    heading = [line for text in drawing.heading for line in textwrap.wrap(text, _HEADING)]
    yield f"  graph [label={_quoted(*heading)}, {way}, {', '.join(_HEAD)}]"
    yield f"  node [shape=box, style=filled, fillcolor=white, {_FONT}, fontsize=12, margin=0.14]"
    yield f"  edge [{_FONT}, fontsize=10, arrowsize=0.7]"
    for number, node in enumerate(drawing.nodes):
        yield f"  {_quoted(node.id)} [id=n{number}, {_of_node(node, drawing.compares)}]"
    for number, edge in enumerate(drawing.edges):
        yield f"  {_ends(edge)} [id=e{number}, {_of_edge(edge, drawing)}]"
    if not drawing.compares:
        yield from _frames(drawing)
    yield "}"


def _frames(drawing: Drawing) -> Iterator[str]:
    """A frame around each group, its name at the foot, where fewer edges come in."""
    names = drawing.names()
    for number, (top, members) in enumerate(groups(drawing).items()):
        label = _quoted(f"Group of {visible(names[top])}")
        yield f"  subgraph cluster_{number} {{"
        yield f"    graph [label={label}, {_FRAME}]"
        yield f"    {'; '.join(map(_quoted, members))}"
        yield "  }"


def node_lines(node: Node) -> list[str]:
    """The lines of a node as they are drawn."""
    return [
        *textwrap.wrap(_SIGNS[node.sign] + visible(node.name), _WRAP),
        *map(visible, node.notes),
    ]


def edge_lines(edge: Edge) -> list[str]:
    """The lines of an edge as they are drawn."""
    first, *rest = edge.lines
    back = ["(back)"] if edge.back else []
    return [_SIGNS[edge.sign] + visible(first), *map(visible, rest), *back]


def _of_node(node: Node, compares: bool) -> str:
    lines = node_lines(node)
    colour = _COLOURS[node.sign] if node.sign or not compares else _UNCHANGED
    fill = "filled,dashed" if node.kind == "other" else "filled"
    return ", ".join(
        (
            f"label={_quoted(*lines)}", f"shape={_SHAPES.get(node.kind, 'box')}",
            f'style="{fill}"', f'color="{colour}"', 'fontcolor="#111111"',
            f"penwidth={2.5 if node.sign else 1.2}",
        )
    )  # fmt: skip


def _ends(edge: Edge) -> str:
    ends = (edge.of, edge.party) if edge.back else (edge.party, edge.of)
    return " -> ".join(_quoted(one) for one in ends)


def _of_edge(edge: Edge, drawing: Drawing) -> str:
    lines = edge_lines(edge)
    quiet = drawing.compares and not edge.sign
    colour = _UNCHANGED if quiet else _COLOURS[edge.sign]
    width = 2.6 if edge.sign == "+" else 2 if edge.controls or edge.sign else 1.1
    named = drawing.names()
    tip = f"{visible(named[edge.party])} \u2192 {visible(named[edge.of])}: {'; '.join(lines)}"
    parts = [
        f"label={_boxed(lines, colour)}", f"tooltip={_quoted(tip)}", f"labeltooltip={_quoted(tip)}",
        f"style={edge.style}", f'color="{colour}"', f"penwidth={width}",
    ]  # fmt: skip
    return ", ".join([*parts, *(["dir=back"] if edge.back else [])])


def _boxed(lines: Sequence[str], colour: str) -> str:
    """Lines on a white ground, so that no other edge runs through their letters; around it is room,
    so that it hides nothing of the edge beside which it stands."""
    words = "<BR/>".join(f'<FONT COLOR="{colour}">{escape(line)}</FONT>' for line in lines)
    return (
        '<<TABLE BORDER="0" CELLBORDER="0" CELLPADDING="1" CELLSPACING="4"><TR>'
        f'<TD BGCOLOR="white">{words}</TD></TR></TABLE>>'
    )


def _quoted(*lines: str) -> str:
    """Lines as one DOT string; a backslash in a name stays one."""
    escaped = (line.replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return '"' + "\\n".join(escaped) + '"'
