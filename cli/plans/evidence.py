"""On what an event rests, in a few words: its place in the log, its standing, its sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from cli.labels import Labels
from projections.sentences import event_name


def evidence(labels: Labels, event: str) -> str:
    """``#305, reported: Il Messaggero, 2024-09-30``."""
    fact, number = labels.fact(event), labels.name("event", event)
    if fact is None:
        return number
    return f"{number}, {fact.standing}: {sources_words(labels, [c.source for c in fact.citations])}"


def sources_words(labels: Labels, sources: Iterable[str]) -> str:
    """Sources by their names, each once."""
    names = dict.fromkeys(labels.name("source", source) for source in sources)
    return "; ".join(names) or "no source"


def few_sources(labels: Labels, sources: Sequence[str]) -> str:
    """One source by its name; of several their number."""
    found = list(dict.fromkeys(sources))
    return f"{len(found)} sources" if len(found) > 1 else sources_words(labels, found)


def because_of(labels: Labels, events: Iterable[str], most: int = 6) -> str:
    """The events that make a difference, those that make most of it, in the order of the log."""
    counted = Counter(events)
    if not counted:
        return "Because of no event: time passes."
    keys = sorted((key for key, _ in counted.most_common(most)), key=lambda k: _place(labels, k))
    named = ", ".join(_named(labels, key) for key in keys)
    more = f" and {len(counted) - most} more" if len(counted) > most else ""
    return f"Because of: {named}{more}"


def _named(labels: Labels, event: str) -> str:
    """An event by its position, and by its key where somebody gave it one."""
    position, key = labels.name("event", event), event_name(labels.view, event)
    return position if event == position or key != event else f"{position} {key}"


def _place(labels: Labels, event: str) -> int:
    found = labels.view.history.mentioning(f"key:{event}")
    return found[0].position if found else 0
