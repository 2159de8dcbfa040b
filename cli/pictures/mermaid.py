"""Graphs in the language of Mermaid, for documents that draw it."""

from __future__ import annotations

from collections.abc import Iterator

from cli.pictures.drawing import Drawing, Edge, Node, groups
from cli.safe_text import visible

_ARROWS = {"solid": "-->", "dashed": "-.->", "dotted": "-.->"}
_SIGNS = {"": "", "+": "+ ", "-": "\u2212 ", "~": "~ "}


def mermaid(drawing: Drawing) -> str:
    """The graph as a flowchart: the same text for the same drawing."""
    return "\n".join(_statements(drawing)) + "\n"


def _statements(drawing: Drawing) -> Iterator[str]:
    yield "---"
    yield f"title: {_text(' '.join(drawing.heading))}"
    yield "---"
    yield "flowchart TB"
    places = {node.id: f"n{number}" for number, node in enumerate(drawing.nodes, 1)}
    framed = {} if drawing.compares else groups(drawing)
    told = {node.id: f"{places[node.id]}[{_of_node(node)}]" for node in drawing.nodes}
    names = drawing.names()
    for number, (top, members) in enumerate(framed.items(), 1):
        yield f"  subgraph g{number}[{_text(f'Group of {names[top]}')}]"
        yield from (f"    {told.pop(one)}" for one in members)
        yield "  end"
    yield from (f"  {node}" for node in told.values())
    for edge in drawing.edges:
        yield f"  {places[edge.party]} {_arrow(edge)} {places[edge.of]}"


def _of_node(node: Node) -> str:
    return _text(_SIGNS[node.sign] + node.name, *node.notes)


def _arrow(edge: Edge) -> str:
    first, *rest = edge.lines
    arrow = "==>" if edge.controls and edge.style == "solid" else _ARROWS[edge.style]
    return f"{arrow}|{_text(_SIGNS[edge.sign] + first, *rest)}|"


def _text(*lines: str) -> str:
    """Lines as one string of Mermaid, in which nothing is taken for its own signs."""
    return '"' + "<br/>".join(_escaped(visible(line)) for line in lines) + '"'


def _escaped(line: str) -> str:
    return "".join(c if c.isalnum() or c in " .,%-+" else f"#{ord(c)};" for c in line)
