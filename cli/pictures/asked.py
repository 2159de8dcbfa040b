"""A graph as it is asked for: at one cut, or at two beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from cli.context import check_known, looked_up, view_at
from cli.labels import How, Labels
from cli.pictures.drawing import Drawing, State, compared, drawn
from cli.pictures.writing import check_size
from cli.question import supposition
from cli.render import cut_words
from cli.sides import Side, of_both, sides_words
from ledger.time.view import Cut, View
from projections.answer import Answer, complete
from projections.graph_rows import GraphRow


@dataclass(frozen=True)
class AskedGraph:
    """Around which party, how many steps away; who is drawn together, and how many at most."""

    party: str
    depth: int | None
    least: Decimal | None
    most: int

    def ask(self, view: View) -> Answer[GraphRow]:
        """The rows of the graph in a view."""
        from projections.pictures.graph import graph

        check_known(view, self.party, "party", "issuer")
        return complete(view, graph(view, self.party, self.depth))

    def drawing(self, rows: Sequence[GraphRow], labels: Labels, limits: str = "") -> Drawing:
        """The graph at one cut."""
        state = State(rows, labels)
        made = drawn(state, self.party, self.title(labels, limits), self.least)
        if labels.again():
            made = drawn(state, self.party, self.title(labels, limits), self.least)
        check_size(len(made.nodes), self.most)
        return made

    def at(self, path: Path, cut: Cut, how: How) -> Drawing:
        """The graph of a ledger at one cut."""

        def draw(view: View) -> Drawing:
            answer, labels = self.ask(view), labels_of(view, how)
            made = self.drawing(answer.rows, labels, cut_words(cut))
            return replace(made, notes=tuple(_unknown(answer, labels)))

        return looked_up(path, lambda index: draw(view_at(index, cut)))

    def between(self, one: Side, other: Side, how: How) -> Drawing:
        """The graphs of two cuts as one, each party in one place."""

        def draw(then: View, now: View) -> Drawing:
            old, new = self.ask(then), self.ask(now)
            before, after = (
                State(old.rows, labels_of(then, how)),
                State(new.rows, labels_of(now, how)),
            )
            title = self.title(after.labels, sides_words(one, other))
            made = compared(before, after, self.party, title)
            if before.labels.again() | after.labels.again():
                made = compared(before, after, self.party, title)
            check_size(len(made.nodes), self.most)
            notes = [f"Before: {note}" for note in _unknown(old, before.labels)]
            notes += [f"After: {note}" for note in _unknown(new, after.labels)]
            return replace(made, notes=tuple(notes))

        return of_both(one, other, draw)

    def title(self, labels: Labels, limits: str, what: str = "Graph") -> str:
        """The heading of a picture, with what is supposed for it."""
        supposed = f"{found.words}: " if (found := supposition()) else ""
        around = f"{what} around {labels.heading('party', self.party)}"
        return f"{supposed}{around}, {limits}" if limits else supposed + around


def _unknown(answer: Answer[GraphRow], labels: Labels) -> Iterator[str]:
    """What is not known and what is not certain, as a picture says it."""
    yield from map(labels.read, answer.notes)
    if count := len(answer.possible):
        yield f"{count:,} {'event is' if count == 1 else 'events are'} possible, not certain."
    if answer.hidden and (count := answer.hidden.known_by):
        yield f"{count:,} {'event is' if count == 1 else 'events are'} not yet known."


def labels_of(view: View, how: How) -> Labels:
    """Names, with their ids where two are called alike."""
    return Labels(view, how).unlinked()
