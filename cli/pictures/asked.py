"""A graph as it is asked for: at one cut, or at two beside each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from cli.context import check_known, looked_up, view_at
from cli.labels import How, Labels
from cli.pictures.drawing import Drawing, Parts, State, compared, drawn, parts_of
from cli.pictures.gathered import closed, with_others
from cli.pictures.writing import check_size
from cli.question import supposition
from cli.render import cut_words
from cli.sides import Side, of_both, sides_words
from ledger.time.view import Cut, View
from ledger.values.dates import FOREVER
from projections.answer import Answer, complete
from projections.graph_rows import GraphRow


@dataclass(frozen=True)
class AskedGraph:
    """Around which party, how many steps away; who is drawn together, and how many at most."""

    party: str
    depth: int | None
    least: Decimal | None
    most: int
    is_closed: bool = False  # whether a group is one node

    def ask(self, view: View) -> Answer[GraphRow]:
        """The rows of the graph in a view."""
        from projections.pictures.graph import graph

        check_known(view, self.party, "party", "issuer")
        return complete(view, graph(view, self.party, self.depth))

    def drawing(self, rows: Sequence[GraphRow], labels: Labels, limits: str = "") -> Drawing:
        """The graph at one cut."""

        def draw() -> Drawing:
            (parts,) = self._parts(State(rows, labels))
            return drawn(parts, self.title(labels, limits))

        return self._named(draw, labels)

    def at(self, path: Path, cut: Cut, how: How) -> Drawing:
        """The graph of a ledger at one cut."""

        def draw(view: View) -> Drawing:
            answer, labels = self.ask(view), labels_of(view, how)
            made = self.drawing(answer.rows, labels, cut_words(cut))
            notes = tuple(_unknown(answer, labels))
            return replace(made, notes=notes, unlimited=unlimited(cut))

        return looked_up(path, lambda index: draw(view_at(index, cut)))

    def between(self, one: Side, other: Side, how: How) -> Drawing:
        """The graphs of two cuts as one, each party in one place."""

        def draw(then: View, now: View) -> Drawing:
            old, new = self.ask(then), self.ask(now)
            was, now_is = (
                State(old.rows, labels_of(then, how)),
                State(new.rows, labels_of(now, how)),
            )
            title = self.title(now_is.labels, sides_words(one, other))

            def both() -> Drawing:
                before, after = self._parts(was, now_is)
                return compared(before, after, title)

            made = self._named(both, was.labels, now_is.labels)
            notes = [f"Before: {note}" for note in _unknown(old, was.labels)]
            notes += [f"After: {note}" for note in _unknown(new, now_is.labels)]
            return replace(made, notes=tuple(notes), unlimited=unlimited(one.cut, other.cut))

        return of_both(one, other, draw)

    def _parts(self, *states: State) -> Sequence[Parts]:
        """What the graphs of some states are made of, with those together who are drawn so."""
        parts = [parts_of(state, self.party) for state in states]
        made = with_others(parts, self.least, self.party)
        return [closed(one) for one in made] if self.is_closed else made

    def _named(self, draw: Callable[[], Drawing], *labels: Labels) -> Drawing:
        """A drawing, made again where two in it turn out to have one name."""
        made = draw()
        again = [one.again() for one in labels]  # each is asked
        if any(again):
            made = draw()
        check_size(len(made.nodes), self.most)
        return made

    def title(self, labels: Labels, limits: str, what: str = "Graph") -> str:
        """The heading of a picture, with what is supposed for it."""
        supposed = f"{found.words}: " if (found := supposition()) else ""
        around = f"{what} around {labels.heading('party', self.party)}"
        return f"{supposed}{around}, {limits}" if limits else supposed + around


def unlimited(*cuts: Cut) -> str:
    """On which of the clocks that a title does not name there is no limit."""
    known = "has become known" if all(cut.known_by == FOREVER for cut in cuts) else ""
    recorded = "" if any(cut.recorded_by for cut in cuts) else "is recorded"
    told = " and ".join(filter(None, (known, recorded)))
    return f"With all that {told}." if told else ""


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
