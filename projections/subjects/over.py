"""What is over: of which all that is recorded counts, and nothing more is to be told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import repeat
from typing import Protocol

from ledger.model.fact import Slice
from ledger.model.posted import Hidden
from ledger.time.view import View

_OVER = "over"


class Keeper(Protocol):
    """Where what is found of parts is kept."""

    def each(
        self, view: View, parts: Sequence[str], work_out: Callable[[View, str], str]
    ) -> Iterator[str]:
        """What is found of each part; what is not kept is worked out."""

    def left_out(self, view: View, count: Callable[[View], Hidden]) -> Hidden:
        """How many of all events the limits of a cut leave out; counted where it is not kept."""


def over(
    view: View,
    subjects: Sequence[str],
    types: Collection[str],
    keeper: Keeper | None,
    nothing_more: Callable[[View, str, Slice], bool],
) -> Iterable[bool]:
    """Of each subject whether it is over, where a ``keeper`` has it: every event about it, of some
    types, is certain and as it was recorded, and of these facts there is ``nothing_more`` to tell.
    """
    if keeper is None:
        return repeat(False, len(subjects))

    def work_out(seen: View, subject: str) -> str:
        recorded = seen.history.mentioning(subject, types)
        facts = seen.about(subject, types=types)
        whole = len(facts.certain) == len(recorded)
        plain = not any(seen.history.is_amended(one.key) for one in recorded)
        return _OVER if whole and plain and nothing_more(seen, subject, facts) else ""

    return (found == _OVER for found in keeper.each(view, subjects, work_out))
