"""The scan of a history: a fast pass finds whether all is well, a slow one what is not.

The fast pass reads, at the speed of hashing, what each event's bytes say of their own place.
Whether the bytes are those that were sealed is for the roots to say. The slow pass reads every
event in full, for bytes that nobody sealed and for naming what is wrong.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator
from hashlib import sha256
from itertools import chain
from typing import Any, NamedTuple

from ledger.events.actor import has_shape
from ledger.events.envelope import ENVELOPE_VERSION, WITH_ACTOR, is_canonical
from ledger.proofs.audit_export import Evidence
from ledger.transparency.key_chain import ROTATED
from ledger.transparency.merkle import Frontier, leaf_hash

_ROTATION = f'"type":"{ROTATED}"'.encode()
_WRITTEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_INSTANT = 27  # bytes
_MEMBERS = frozenset(
    ["v", "ledger", "position", "stream", "version", "id", "key", "type", "schema", "recorded_at"]
).union(["data"])
_ACTOR = frozenset(["actor"])


class Finding(NamedTuple):
    """Something that is not as it must be, and where."""

    place: str
    wrong: str


def scan(
    evidence: Evidence, sizes: Collection[int], progress: Callable[[int], None] = lambda _: None
) -> Scan:
    """The fast pass over a history, which keeps the roots and times at the sizes asked for."""
    found = Scan(evidence.id)
    stops = iter(sorted({n for size in sizes for n in (size, size + 1)}))
    stop = found.note(next(stops, None), stops)
    for page in evidence.pages():
        while page:
            part = page if stop is None else page[: stop - found.size]
            page = page[len(part) :]
            found.take(part)
            stop = found.note(stop, stops)
        progress(found.size)
    return found


class Scan:
    """What a fast pass over a history finds.

    ``valid`` is whether every event says that it stands in its place, no earlier than the last;
    ``roots`` are those of the tree at the sizes asked for, ``instants`` the recorded times of the
    events just before and just after; ``rotations`` the events that change the signing key.
    """

    def __init__(self, ledger_id: str) -> None:
        self.valid, self.size, self.last = True, 0, b""
        self.roots: dict[int, bytes] = {}
        self.instants: dict[int, str] = {}
        self.rotations: list[tuple[int, dict[str, Any]]] = []
        self._frontier, self._actors = Frontier(), False
        self._id = ledger_id.encode()

    @property
    def root(self) -> bytes:
        """The root of the tree over the events so far."""
        return self._frontier.root()

    def note(self, stop: int | None, stops: Iterator[int]) -> int | None:
        """Keep the root and the time where they were asked for; the next size to stop at."""
        while stop is not None and stop <= self.size:
            self.roots[stop] = self._frontier.root()
            self.instants[stop] = self.last.decode("ascii", "replace")
            stop = next(stops, None)
        return stop

    def take(self, states: list[bytes]) -> None:
        """Walk over the next events, all of one page at once, for speed."""
        self._frontier.extend([sha256(b"\0" + state).digest() for state in states])
        first, self.size = self.size + 1, self.size + len(states)
        marks = self._marks(first)
        tails = [state.rpartition(mark)[2] for state, mark in zip(states, marks, strict=True)]
        times = [tail[:_INSTANT] for tail in tails]
        if not self.last <= times[0] or times[-1] >= b":" or times != sorted(times):
            self.valid = False  # where the mark is not found, the "time" begins with a brace
        self.last = times[-1] if times[-1] < b":" else self.last
        kinds = [state[2:3] for state in states]  # actor, or data
        if kinds != sorted(kinds, reverse=True) or (self._actors and kinds[0] == b"d"):
            self.valid = False
        self._actors = kinds[-1] == b"a"
        if _ROTATION in b"".join(tails):
            for number, state in enumerate(states, first):
                if _ROTATION in state:
                    self._rotate(number, state)

    def _marks(self, first: int) -> list[bytes]:
        """What each event of a page must hold of its place."""
        count = self.size - first + 1
        mark = b',"ledger":"%b","position":%%d,"recorded_at":"\n' % self._id.replace(b"%", b"%%")
        return (mark * count % (*range(first, self.size + 1),)).split(b"\n")[:-1]

    def _rotate(self, number: int, state: bytes) -> None:
        try:
            event = json.loads(state)
            if event["type"] == ROTATED:
                self.rotations.append((number, event["data"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            self.valid = False


def listed_root(evidence: Evidence) -> bytes:
    """The root of the tree over the leaf hashes that are listed."""
    frontier = Frontier()
    for leaf in evidence.leaves():
        frontier.add(leaf)
    return frontier.root()


def examined(evidence: Evidence, after: int = 0, *, hashes: bool = True) -> Iterator[Finding]:
    """The slow pass: what is wrong with the events after a number of them, one by one.

    With ``hashes``, each is also compared with the hash listed for its position, or for its row.
    """
    listed = bytearray().join(evidence.leaves()) if hashes else bytearray()
    expected, unread, last = after + 1, 0, ""  # unread: events before this one without a position
    actors = False
    for number, state in enumerate(chain.from_iterable(evidence.pages(after)), after + 1):
        place = evidence.place(number)
        event, wrong = read_event(state, evidence.id)
        if event is None:
            yield Finding(place, wrong)
            unread += 1
            continue
        position, recorded = event["position"], event["recorded_at"]
        if recorded < last:
            yield Finding(place, f"Event #{position} claims {recorded}, before the one before it.")
        if actors and "actor" not in event:
            yield Finding(place, f"Event #{position} does not say by whom; the one before it does.")
        leaf, actors = leaf_hash(state), "actor" in event
        known = not hashes or leaf in (_listed(listed, position), _listed(listed, number))
        last = max(last, recorded) if known else last
        if not known:
            yield Finding(place, f"Event #{position} is not the one its listed hash was made of.")
        due = expected + unread
        if expected <= position <= due or (known and position > due):
            if position > due:
                gap = f"#{due}" if position == due + 1 else f"#{due}-#{position - 1}"
                yield Finding(place, f"Event #{position} stands where {gap} must: it is missing.")
            expected, unread = position + 1, 0
        elif known:
            yield Finding(place, f"Event #{position} stands here again or late.")
        else:
            unread += 1


def _listed(leaves: bytearray, number: int) -> bytearray:
    return leaves[32 * number - 32 : 32 * number]


def read_event(state: bytes, ledger_id: str) -> tuple[Any, str]:
    """An event's envelope, or None and what is wrong with its bytes."""
    try:
        event = json.loads(
            state, parse_float=_no_number, parse_constant=_no_number, parse_int=_integer
        )
        if not isinstance(event, dict) or event.keys() - _ACTOR != _MEMBERS:
            return None, "These bytes are no event."
        if not is_canonical(event, state):
            return None, "The event was re-encoded: its bytes are not canonical (RFC 8785)."
    except (ValueError, RecursionError):
        return None, "These bytes are no event in canonical JSON."
    if event["ledger"] != ledger_id:
        return None, f"The event belongs to another ledger, {event['ledger']}."
    position, recorded = event["position"], event["recorded_at"]
    whole = type(position) is type(event["v"]) is int and position > 0
    version = WITH_ACTOR if "actor" in event else ENVELOPE_VERSION
    if not whole or event["v"] != version or not _WRITTEN.fullmatch(str(recorded)):
        return None, "The event's position, version or recorded time is not one that is given."
    if "actor" in event and not has_shape(event["actor"]):
        return None, "The event does not say by whom it was recorded, as events of its form do."
    return event, ""


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is not exact")


def _integer(text: str) -> int:
    if len(text) > 16 or abs(int(text)) >= 2**53:
        raise ValueError(f"{text} is beyond 2^53-1")
    return int(text)
