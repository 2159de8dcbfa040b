"""Graphs on a screen: a tree of who has what of whom."""

from __future__ import annotations

from dataclasses import dataclass

from cli.labels import Labels
from cli.page import width
from cli.pictures.asked import AskedGraph
from cli.pictures.drawing import Drawing
from cli.pictures.legend import words
from cli.pictures.tree import ASCII, LINES, WIDE, tree
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
        return Screen(title, self._blocks(drawing), [*notes, _ABOVE, *words(drawing)])

    def told(self, drawing: Drawing) -> Screen:
        """A drawing of two points in time."""
        notes = [*drawing.notes, f"{_ABOVE} {_SIGNS}", *words(drawing)]
        return Screen(drawing.title, self._blocks(drawing), notes)

    def _blocks(self, drawing: Drawing) -> list[Block]:
        art = ASCII if self.plain else LINES
        return [Block(closing=tree(drawing, art, width() or WIDE))]
