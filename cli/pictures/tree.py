"""Graphs as a tree of lines: a party, what it has of whom below it, and where a loop closes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from cli.pictures.drawing import Drawing, Edge, Node
from cli.pictures.legend import KINDS
from cli.safe_text import filled

_SIGNS = {"": "", "+": "+ ", "-": "- ", "~": "~ "}
_NOTHING = " " * 3
WIDE = 1_000_000  # cells; nothing is wider


class Art(NamedTuple):
    """What lines of a tree are drawn with."""

    branch: str
    last: str
    beside: str


ASCII = Art("|- ", "`- ", "|  ")
LINES = Art("\u251c\u2500 ", "\u2514\u2500 ", "\u2502  ")


Names = Callable[[Node], str]
Figures = Callable[[Edge, str], str]


def _plain(node: Node) -> str:
    return node.name


def _words(_: Edge, text: str) -> str:
    return text


def tree(
    drawing: Drawing,
    art: Art = LINES,
    wide: int = WIDE,
    named: Names = _plain,
    worded: Figures = _words,
) -> list[str]:
    """The lines, each party with what it has under it once; ``^`` stands before one told above.

    ``named`` and ``worded`` give what is written of a party, and of what one has of another.
    """
    names = {node.id: f"{_SIGNS[node.sign]}{named(node)}" for node in drawing.nodes}
    notes = {node.id: f" ({'; '.join(node.notes)})" if node.notes else "" for node in drawing.nodes}
    below = defaultdict[str, list[Edge]](list)
    for edge in drawing.edges:
        below[edge.party].append(edge)
    above = {edge.of for edge in drawing.edges if not edge.back}
    told = set[str]()
    lines = []
    tops = [node.id for node in drawing.nodes if node.id not in above]
    for start in [*tops, *(node.id for node in drawing.nodes)]:
        if start not in told:
            lines.append(names[start] + notes[start])
            for before, branch, text in _under(names, notes, start, below, told, art, worded):
                if wide >= WIDE:
                    lines.append(before + branch + text)
                    continue
                under = before + (art.beside if branch != art.last else _NOTHING) + _NOTHING
                lines += filled(text, wide, before + branch, under).split("\n")
    return lines


def _under(
    names: Mapping[str, str],
    notes: Mapping[str, str],  # of a party alone, told where it is told first
    start: str,
    below: dict[str, list[Edge]],
    told: set[str],
    art: Art,
    worded: Figures,
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
        words = f"{_SIGNS[edge.sign]}{', '.join(worded(edge, one) for one in edge.lines)}"
        mark = "^ " if again else ""
        branch = art.last if last else art.branch
        name = names[edge.of] if again else names[edge.of] + notes[edge.of]
        yield before, branch, f"{mark}{name}: {words}"
        if not again:
            told.add(edge.of)
            beside = before + (_NOTHING if last else art.beside)
            stack.append((edge.of, beside, iter(list(enumerate(below[edge.of], 1)))))


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
