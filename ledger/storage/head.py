"""The head of a log: what tells one history from every other."""

from __future__ import annotations

from typing import Any, NamedTuple

from ledger.values.refusals import RESTORE, Damaged

# Whose log it is, where it begins and ends, and the tree kept beside it.
HEAD = (
    "SELECT id, (SELECT min(position) FROM stored_events), (SELECT max(position) FROM"
    " stored_events), size, peaks FROM ledger LEFT JOIN frontier ON 1 = 1"
)


class Peek(NamedTuple):
    """What tells a history from every other: the id of its ledger, the position of its last event
    (0 when empty), and the roots of the perfect subtrees of its tree, one after another."""

    id: str
    position: int
    peaks: bytes


def head_of(row: Any) -> Peek:
    """What ``HEAD`` has found in a ledger; Damaged where its log is not as long as its tree."""
    id, first, last, size, peaks = row
    whole = type(size) is int and isinstance(peaks, bytes) and isinstance(id, str)
    if not whole or len(peaks) != 32 * size.bit_count():
        raise Damaged(f"The tree kept beside the log is unreadable; {RESTORE}")
    first, last = (1, 0) if first is None else (first, last)
    if first > 1 or last < size:
        raise missing(1 if first > 1 else last + 1)
    if first < 1 or last > size:
        raise Damaged(
            f"Row {first if first < 1 else last} of the log was never recorded: its tree has"
            f" {size} events. The file was changed from outside; {RESTORE}"
        )
    return Peek(id, size, peaks)


def missing(position: int) -> Damaged:
    """The error of a log that has a gap, or ends before its tree does."""
    return Damaged(f"Position {position} of the log is missing; {RESTORE}")
