"""Control over time: since when who controls whom, until when, and by which events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ledger.time.view import View
from projections.answer import keys
from projections.control.found import Asked, Found, Pair
from projections.control.spans import Span, Spans, spans
from projections.control_rows import GroupRow

Key = tuple[str, str, bool]  # who controls whom, and whether that is certain


class OverTime(NamedTuple):
    """Each time of control up to a cut, as it was at its end, and control at the cut itself."""

    spans: Spans[Key, Pair]
    found: Found

    @classmethod
    def of(cls, view: View, asked: Asked, *, current: bool = False) -> OverTime:
        """Over all days; ``current`` as far back as what holds at the cut has begun."""
        at_cut = dict[str, Found]()

        def ask(on: View) -> Mapping[Key, Pair]:
            found = Found(on, asked)
            at_cut.setdefault(on.cut.as_of, found)  # the cut itself is asked first
            pairs = found.pairs()
            return {(pair.party, pair.company, pair.control.sure): pair for pair in pairs}

        return cls(spans(view, ask, current=current), at_cut[view.cut.as_of])

    def current(self) -> list[Span[Key, Pair]]:
        """What holds at the cut, since when, in the order of what is found there."""
        now = {span.key: span for span in self.spans.found if span.until is None}
        return [now[p.party, p.company, p.control.sure] for p in self.found.pairs()]


def row_of(span: Span[Key, Pair], digits: int) -> GroupRow:
    """The row of a time of control, its percentages with so many digits."""
    row = span.value.row(digits)
    row["since"], row["until"] = span.since, span.until
    row["began_by"], row["ended_by"] = keys(span.began_by), keys(span.ended_by)
    return row
