"""Threads begun by an event that does not look like a beginning: likely misspellings."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ledger.event import mentions
from ledger.history import History
from ledger.refusals import nearest, shown
from ledger.rules.news import News
from ledger.rules.references import known_ids

KINDS = ("deal", "agreement", "investment", "offering", "milestone", "project")
_VERY = Fraction(17, 20)  # how alike a likely misspelling is
ENDINGS = (
    "deal-completed",
    "deal-abandoned",
    "investment-released",
    "offering-rescheduled",
    "offering-cancelled",
    "milestone-met",
    "project-updated",
    "project-ended",
)


def begun_by_chance(base: History, news: News) -> Iterator[str]:
    """Sentences for ids of threads that nothing earlier speaks of, but should or nearly does."""
    told: set[tuple[str, str]] = set()
    for event in news.events:
        for mention in mentions(event.type, event.data):
            thread = mention.kind.refers, mention.id
            if mention.kind.refers not in KINDS or thread in told:
                continue
            told.add(thread)
            if base.knows(f"{mention.kind.refers}:{mention.id}"):
                continue
            close = nearest(mention.id, known_ids(base, mention.kind.refers), _VERY)
            if close or event.type in ENDINGS:
                yield (
                    f"#{event.position} ({event.type}) is the first to speak of"
                    f" {mention.kind.refers} {shown(mention.id)}. {close}".strip()
                )
