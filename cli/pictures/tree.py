"""Graphs as a tree of lines: a party, what it has of whom below it, and where a loop closes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from cli.pictures.drawing import Drawing, Edge
from cli.pictures.legend import KINDS
from cli.safe_text import filled

_SIGNS = {"": "", "+": "+ ", "-": "- ", "~": "~ "}
_NOTHING = " " * 3
WIDE = 1_000_000  # cells; nothing is wider


class _Art(NamedTuple):
    """What lines of a tree are drawn with."""

    branch: str
    last: str
    beside: str


ASCII = _Art("|- ", "`- ", "|  ")
LINES = _Art("\u251c\u2500 ", "\u2514\u2500 ", "\u2502  ")


def tree(drawing: Drawing, art: _Art = LINES, wide: int = WIDE) -> list[str]:
    """The lines, each party with what it has under it once; ``^`` stands before one told above."""
    below = defaultdict[str, list[Edge]](list)
    for edge in drawing.edges:
        below[edge.party].append(edge)
    above = {edge.of for edge in drawing.edges if not edge.back}
    told = set[str]()
    lines = []
    tops = [node.id for node in drawing.nodes if node.id not in above]
    for start in [*tops, *(node.id for node in drawing.nodes)]:
        if start not in told:
            lines.append(_first(drawing, start))
            for before, branch, text in _under(drawing, start, below, told, art):
                under = before + (art.beside if branch != art.last else _NOTHING) + _NOTHING
                lines += filled(text, wide, before + branch, under).split("\n")
    return lines


def _under(
    drawing: Drawing, start: str, below: dict[str, list[Edge]], told: set[str], art: _Art
) -> Iterator[tuple[str, str, str]]:
    """What stands before each line, its branch, and its words."""
    told.add(start)
    stack = [(start, "", iter(list(enumerate(below[start], 1))))]
    while stack:
        party, before, edges = stack[-1]
        number, edge = next(edges, (0, None))
        if edge is None:
            stack.pop()
            continue
        last = number == len(below[party])
        again = edge.of in told
        words = f"{_SIGNS[edge.sign]}{', '.join(edge.lines)}"
        mark = "^ " if again else ""
        branch = art.last if last else art.branch
        name = _name(drawing, edge.of) if again else _first(drawing, edge.of)
        yield before, branch, f"{mark}{name}: {words}"
        if not again:
            told.add(edge.of)
            beside = before + (_NOTHING if last else art.beside)
            stack.append((edge.of, beside, iter(list(enumerate(below[edge.of], 1)))))


def _name(drawing: Drawing, party: str) -> str:
    node = next(one for one in drawing.nodes if one.id == party)
    return f"{_SIGNS[node.sign]}{node.name}"


def _first(drawing: Drawing, party: str) -> str:
    """A party where it is told first, with what is told of it alone."""
    node = next(one for one in drawing.nodes if one.id == party)
    notes = f" ({'; '.join(node.notes)})" if node.notes else ""
    return _name(drawing, party) + notes


def lines_of(drawing: Drawing) -> Iterator[str]:
    """What a picture shows as a list: the parties of which more is shown than their names and
    edges, then the edges, by names."""
    names = drawing.names()
    linked = {end for edge in drawing.edges for end in (edge.party, edge.of)}
    for node in drawing.nodes:
        kind = KINDS[node.kind].partition(": ")[2] if node.kind in KINDS else ""
        told = [one for one in (kind, *node.notes) if one]
        if told or node.sign or node.id not in linked:
            yield f"{_SIGNS[node.sign]}{node.name}{': ' if told else ''}{'; '.join(told)}"
    for edge in drawing.edges:
        back = ["(back)"] if edge.back else []
        said = ", ".join([*edge.lines, *back])
        yield f"{_SIGNS[edge.sign]}{names[edge.party]} \u2192 {names[edge.of]}: {said}"
