"""Graphs on a screen: a tree of who has what of whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from cli.labels import Labels
from cli.page import width
from cli.pictures.asked import AskedGraph
from cli.pictures.drawing import HELD, Drawing, Edge, Node
from cli.pictures.legend import words
from cli.pictures.tree import ASCII, LINES, WIDE, Art, tree
from cli.screen import Block, Screen
from projections.answer import Answer
from projections.graph_rows import GraphRow

_ABOVE = "^: told above."
_SIGNS = "+: new. -: ended. ~: changed."


@dataclass(frozen=True)
class GraphPlan:
    """How a graph is told: as a tree."""

    asked: AskedGraph
    plain: bool = False

    def screen(self, answer: Answer[GraphRow], labels: Labels) -> Screen:
        """The graph as a person reads it."""
        title = f"Graph around {labels.heading('party', self.asked.party)}"
        notes = [labels.read(note) for note in answer.notes]
        if not answer.rows:
            return Screen(title, [], notes)
        drawing = self.asked.drawing(answer.rows, labels.unlinked())
        led = _Led(labels, answer.rows)
        lines = tree(drawing, self._art, width() or WIDE, led.name, led.words)
        return Screen(title, [Block(closing=lines)], [*notes, _ABOVE, *words(drawing)])

    def told(self, drawing: Drawing) -> Screen:
        """A drawing of two points in time."""
        lines = tree(drawing, self._art, width() or WIDE)
        notes = [*drawing.notes, f"{_ABOVE} {_SIGNS}", *words(drawing)]
        return Screen(drawing.title, [Block(closing=lines)], notes)

    @property
    def _art(self) -> Art:
        return ASCII if self.plain else LINES


class _Led:
    """The words of a tree, which lead to the parties and to what explains each figure."""

    def __init__(self, labels: Labels, rows: Sequence[GraphRow]) -> None:
        self._labels = labels
        self._events = defaultdict[tuple[str, str, str], list[str]](list)
        for row in rows:
            self._events[row["party"], row["of"], row["role"]] += row["events"]

    def name(self, node: Node) -> str:
        """A party; those drawn together lead nowhere."""
        known = self._labels.view.history.knows(f"party:{node.id}")
        return self._labels.linked("party", node.id if known else None, node.name)

    def words(self, edge: Edge, text: str) -> str:
        """A part that is held leads to its explanation, a role to its events."""
        if edge.key not in self._events:
            return text
        if edge.role == HELD:
            return self._labels.figure(text, "holdings", edge.of, edge.party)
        return self._labels.evidence(list(dict.fromkeys(self._events[edge.key])), text)
