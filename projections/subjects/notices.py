"""Notices: what one side says of the end of an agreement or a deal, and who contests it."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.model.fact import Fact
from ledger.time.view import View
from ledger.values.dates import after, since_words
from projections.told import ANY, told

TYPES = ("notice-given",)


def notice_notes(view: View, kind: str, id: str) -> Iterator[str]:
    """Of an agreement or a deal that stands: who claims that it has ended, and who contests it."""
    notices = view.about(f"{kind}:{id}", types=TYPES).counted
    for notice in notices:
        if notice.need("kind") == "termination" and notice.text(kind) == id:
            words = f"{told(ANY, id)}: termination claimed by {_since(notice)}"
            against = view.about(f"event:{notice.key}", types=TYPES).counted
            contesting = [f for f in against if f.text("contests") == notice.key]
            yield ", contested by ".join([words, *map(_since, contesting)]) + "."


def _since(notice: Fact) -> str:
    by = told("party", notice.need("by"))
    return f"{by} {since_words(notice.when)} ({told('event', notice.key)})"


def ended_notes(view: View, agreements: set[str]) -> Iterator[str]:
    """Of the agreements of a deal: which have ended, and which are said to have."""
    for agreement in sorted(agreements):
        ends = view.about(f"agreement:{agreement}", types=_STEPS).counted
        last = ends[-1] if ends else None
        if last is not None and last.type == "agreement-ended":
            by = f" by {told('party', last.need('by'))}" if last.text("by") else ""
            when, event = after("on", last.when), told("event", last.key)
            yield f"{told('agreement', agreement)} ended {when}{by} ({event})."
        else:
            yield from notice_notes(view, "agreement", agreement)


_STEPS = ("agreement-ended", "agreement-in-force")
