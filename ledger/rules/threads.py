"""Threads begun by an event that does not look like a beginning: likely misspellings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ledger.events.envelope import Recorded
from ledger.model.threads import OWN_KINDS
from ledger.rules.new_events import NewEvents
from ledger.time.history import History, known_ids
from ledger.values.refusals import shown
from ledger.values.warnings import Warned, WarningKind

_NO_BEGINNING = frozenset(  # the types that are seldom the first of their thread
    name for kind in OWN_KINDS.values() for name, step in kind.steps.items() if not step.begins
)


def begun_by_chance(base: History, new_events: NewEvents) -> Iterator[Warned]:
    """Warnings of ids of threads that nothing earlier speaks of, but should or nearly does."""
    words: dict[str, _Near] = {}
    for (kind, id), position in new_events.mentioned.items():
        if kind not in OWN_KINDS or base.knows(f"{kind}:{id}"):
            continue
        if kind == "restriction" and base.knows(f"instrument:{id}"):
            continue  # of the shares that came of it before they vested
        if kind not in words:
            words[kind] = _Near(known_ids(base, kind))
        close, event = words[kind].to(id), new_events.event(position)
        if close or not _begins(event, id):
            yield Warned(
                WarningKind.FIRST_OF_ITS_ID,
                f"#{event.position} ({event.type}) is the first to speak of {kind} {shown(id)}.",
                f"Did you mean {' or '.join(close)}?" if close else "",
                event.position,
            )


def _begins(event: Recorded, id: str) -> bool:
    """Whether an event may well be the first to speak of a thread; what waits for one is not."""
    if event.type in _NO_BEGINNING and event.data.get("into") != id:
        return False
    return all(one["condition"] != id for one in event.data.get("conditional_on", ()))


class _Near:
    """Words found by what is left of them without one letter, as words one slip apart share."""

    def __init__(self, words: Iterable[str]) -> None:
        self._found: dict[str, list[str]] = {}
        for word in words:
            for rest in _rests(word):
                self._found.setdefault(rest, []).append(word)

    def to(self, word: str) -> list[str]:
        """The words one slip apart from a word, sorted."""
        near = {other for rest in _rests(word) for other in self._found.get(rest, ())}
        return sorted(other for other in near if one_slip_apart(word, other))


def _rests(word: str) -> set[str]:
    return {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}


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
