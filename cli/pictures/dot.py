"""Graphs in the DOT language of Graphviz, which lays them out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from cli.pictures.drawing import Drawing, Edge, Node, groups
from cli.pictures.legend import SHAPES, legend
from cli.safe_text import cells_of, visible

_WRAP = 24  # characters of a name on a line
_NOTE = 34  # of what stands under it
_HEADING = 72  # of the title
_KEY = 100  # and of what the signs mean
_BESIDE = 10  # holders of one company that stand beside one another; more stand in columns
_MOST_COLUMNS = 3
_IN_ROWS = "rankdir=TB, nodesep=0.45", "margin=0.14"
_IN_COLUMNS = "rankdir=LR, nodesep=0.1", 'margin="0.14,0.04", height=0.3'
_COLOURS = {"": "#333333", "+": "#1a7f37", "-": "#b42318", "~": "#b25e00"}
_UNCHANGED = "#6b6b6b"
_SIGNS = {"": "", "+": "+ ", "-": "\u2212 ", "~": "~ "}
_FONT = 'fontname="Arial"'  # whose widths Graphviz knows; it takes a list of fonts for another
_HEAD = (
    _FONT, "fontsize=15", "labelloc=t",
    "ranksep=0.75", 'bgcolor="white"', "splines=true", "pad=0.3",
)  # fmt: skip
_FRAME = (
    'labelloc=b, labeljust=l, style="rounded,dashed", color="#8a8a8a", fontsize=11,'
    ' fontcolor="#555555"'
)
_WIDE = 6  # points of a cell of letters that are wider than Graphviz takes them for


def dot(drawing: Drawing) -> str:
    """The graph in DOT: the same text for the same drawing. In an SVG of it the group of a node has
    the id ``n`` and its number, that of an edge ``e`` and its number."""
    return "\n".join(_statements(drawing)) + "\n"


def words_last(drawing: Drawing, laid: Mapping[str, Any]) -> str:
    """The graph in DOT with everything in the place that Graphviz gave it (its ``json0``), to be
    drawn by ``neato -n2``: the words of edges are nodes of their own, which come after all lines.
    """
    whole = "\n".join(_statements(drawing))
    return "\n".join([whole.removesuffix("}"), *_placed(drawing, laid), "}"]) + "\n"


def _placed(drawing: Drawing, laid: Mapping[str, Any]) -> Iterator[str]:
    """What gives each part of a graph that was stated before its place."""
    yield f"  graph [outputorder=edgesfirst, bb={_quoted(laid['bb'])}]"
    for one in laid["objects"]:
        if "bb" in one:
            yield f"  subgraph {one['name']} {{ graph [bb={_quoted(one['bb'])}] }}"
        else:
            size = f"width={one['width']}, height={one['height']}, fixedsize=true, fillcolor=none"
            yield f"  {_quoted(one['name'])} [pos={_quoted(one['pos'])}, {size}]"
    for one in laid["edges"]:
        id, edge = one["id"], drawing.edges[int(one["id"][1:])]
        yield f"  {_ends(edge)} [key={id}, pos={_quoted(one['pos'])}, label={_quoted('')}]"
        words = _boxed(edge_lines(edge), _colour(edge, drawing))
        place = f"pos={_quoted(one['lp'])}, shape=none, style={_quoted('')}, margin=0, fontsize=10"
        yield f"  {_quoted(f'words of {id}')} [label={words}, {place}]"


def _statements(drawing: Drawing) -> Iterator[str]:
    yield "digraph stakes {"
    crowded = _crowded(drawing)
    way, small = _IN_COLUMNS if crowded else _IN_ROWS
    yield f"  graph [label={_headed(drawing)}, {way}, {', '.join(_HEAD)}]"
    yield f"  node [shape=box, style=filled, fillcolor=white, {_FONT}, fontsize=12, {small}]"
    yield f"  edge [{_FONT}, fontsize=10, arrowsize=0.7]"
    for number, node in enumerate(drawing.nodes):
        yield f"  {_quoted(node.id)} [id=n{number}, {_of_node(node, drawing.compares)}]"
    columns = _columns(drawing) if crowded else {}
    for number, edge in enumerate(drawing.edges):
        far = f"minlen={columns[number]}, " if number in columns else ""
        yield f"  {_ends(edge)} [id=e{number}, key=e{number}, {far}{_of_edge(edge, drawing)}]"
    if not drawing.compares:
        yield from _frames(drawing)
    yield "}"


def _crowded(drawing: Drawing) -> bool:
    """Whether one company has more holders than stand beside one another."""
    return max(Counter(edge.of for edge in drawing.edges).values(), default=0) > _BESIDE


def _columns(drawing: Drawing) -> Mapping[int, int]:
    """By the numbers of the edges of those who have something of one company alone, and of whom
    nobody has anything: in which column before it they stand, in turn."""
    linked = Counter(end for edge in drawing.edges for end in (edge.party, edge.of))
    lone = defaultdict[str, list[int]](list)
    for number, edge in enumerate(drawing.edges):
        if linked[edge.party] == 1:
            lone[edge.of].append(number)
    return {
        number: place % min(-(-len(numbers) // _BESIDE), _MOST_COLUMNS) + 1
        for numbers in lone.values()
        for place, number in enumerate(numbers)
    }


def _headed(drawing: Drawing) -> str:
    """The title and, under it, what the signs of the picture mean."""
    title = [line for text in drawing.heading for line in wrapped(text, _HEADING)]
    key = [line for text in legend(drawing) for line in wrapped(text, _KEY)]
    rows = [f"<TR><TD>{'<BR/>'.join(map(_marked_up, title))}</TD></TR>"] if any(title) else []
    small = "".join(f'{_marked_up(line)}<BR ALIGN="LEFT"/>' for line in key)
    if title and key:
        rows.append(f'<TR><TD><FONT POINT-SIZE="10" COLOR="#444444">{small}</FONT></TD></TR>')
    return f'<<TABLE BORDER="0" CELLSPACING="4">{"".join(rows)}</TABLE>>' if rows else '""'


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
        *wrapped(_SIGNS[node.sign] + visible(node.name), _WRAP),
        *(line for note in node.notes for line in wrapped(visible(note), _NOTE)),
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
    wide = max((cells_of(line) for line in lines if cells_of(line) > len(line)), default=0)
    return ", ".join(
        (
            f"label={_quoted(*lines)}", f"shape={SHAPES.get(node.kind, 'box')}",
            *([f"width={(wide + 4) * _WIDE / 72:.2f}"] if wide else []),
            *(["peripheries=2"] if node.kind == "group" else []),
            f'style="{fill}"', f'color="{colour}"', 'fontcolor="#111111"',
            f"penwidth={2.5 if node.sign else 1.2}",
        )
    )  # fmt: skip


def _ends(edge: Edge) -> str:
    ends = (edge.of, edge.party) if edge.back else (edge.party, edge.of)
    return " -> ".join(_quoted(one) for one in ends)


def _of_edge(edge: Edge, drawing: Drawing) -> str:
    lines = edge_lines(edge)
    colour = _colour(edge, drawing)
    width = 2.6 if edge.sign == "+" else 2 if edge.controls or edge.sign else 1.1
    named = drawing.names()
    tip = f"{visible(named[edge.party])} \u2192 {visible(named[edge.of])}: {'; '.join(lines)}"
    parts = [
        f"label={_boxed(lines, colour)}", f"tooltip={_quoted(tip)}", f"labeltooltip={_quoted(tip)}",
        f"style={edge.style}", f'color="{colour}"', f"penwidth={width}",
    ]  # fmt: skip
    ended = ["arrowtail=tee" if edge.back else "arrowhead=tee"] if edge.sign == "-" else []
    return ", ".join([*parts, *ended, *(["dir=back"] if edge.back else [])])


def _colour(edge: Edge, drawing: Drawing) -> str:
    return _UNCHANGED if drawing.compares and not edge.sign else _COLOURS[edge.sign]


def _boxed(lines: Sequence[str], colour: str) -> str:
    """Lines on a white ground, so that no other edge runs through their letters; around it is room,
    so that it hides nothing of the edge beside which it stands."""
    words = "<BR/>".join(f'<FONT COLOR="{colour}">{_marked_up(line)}</FONT>' for line in lines)
    return (
        '<<TABLE BORDER="0" CELLBORDER="0" CELLPADDING="1" CELLSPACING="4"><TR>'
        f'<TD BGCOLOR="white">{words}</TD></TR></TABLE>>'
    )


def wrapped(text: str, cells: int) -> list[str]:
    """Text in lines of so many cells; a word that is longer is broken."""
    lines, left = [""], text.split()
    while left:
        word = left.pop(0)
        line = f"{lines[-1]} {word}" if lines[-1] else word
        if cells_of(line) <= cells:
            lines[-1] = line
        elif cells_of(word) <= cells:
            lines.append(word)
        else:
            most = max(n for n in range(1, len(word) + 1) if cells_of(word[:n]) <= cells)
            end = word.rfind("-", 0, most) + 1 or most
            lines += [word[:end], ""]
            left.insert(0, word[end:])
    return [line for line in lines if line]


def _marked_up(line: str) -> str:
    """A line in a label with marks of its own; ``\\G`` would be the name of the graph there."""
    return escape(line).replace("\\", "\\\\")


def _quoted(*lines: str) -> str:
    """Lines as one DOT string; a backslash in a name stays one, and so does an ampersand."""
    escaped = (
        line.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"') for line in lines
    )
    return '"' + "\\n".join(escaped) + '"'
