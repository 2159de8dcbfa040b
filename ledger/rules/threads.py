"""Threads begun by an event that does not look like a beginning: likely misspellings."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.event import mentions
from ledger.history import History
from ledger.refusals import shown
from ledger.rules.news import News
from ledger.rules.references import known_ids

KINDS = ("deal", "agreement", "investment", "offering", "milestone", "project")
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
            known = known_ids(base, mention.kind.refers)
            close = [other for other in known if one_slip_apart(mention.id, other)]
            if close or event.type in ENDINGS:
                yield (
                    f"#{event.position} ({event.type}) is the first to speak of"
                    f" {mention.kind.refers} {shown(mention.id)}."
                    + (f" Did you mean {' or '.join(close)}?" if close else "")
                )


def one_slip_apart(one: str, other: str) -> bool:
    """Whether one letter left out, put in, mistaken or swapped tells two words apart."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return True
    a, b = one[start:], other[start:]
    swapped = a[1:2] + a[:1] + a[2:] == b
    return swapped or a[1:] == b[1:] or a[1:] == b or a == b[1:]
