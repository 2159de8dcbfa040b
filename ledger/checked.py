"""A batch held against the rules: accepted whole, or refused with all that is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from ledger.batch import Batch
from ledger.events.envelope import Recorded
from ledger.rules import Examination
from ledger.rules.every_problem import Shadow, every_problem
from ledger.rules.new_events import NewEvents
from ledger.storage.stored_log import Facts, StoredLog
from ledger.time.history import History
from ledger.time.log import Log
from ledger.values.refusals import MOST_TOLD, Refused, all_of, key_changed


class Until:
    """The recorded events of a log up to a position, as a batch asks for them."""

    def __init__(self, recorder: StoredLog, position: int) -> None:
        self._recorder, self._position = recorder, position

    def facts(self, keys: Sequence[str], digests: Sequence[bytes], streams: Sequence[str]) -> Facts:
        """What is known under keys, of what is said, and of streams."""
        return self._recorder.facts(keys, digests, streams, self._position)

    def later(self, stream: str, version: int) -> list[Recorded]:
        """The events of a stream after a version of it."""
        found = self._recorder.later(stream, version)
        return [event for event in found if event.position <= self._position]


def checked(batch: Batch, new: Sequence[Recorded], found: History) -> tuple[Examination, Log]:
    """The new events of a batch held against the rules, and laid over the history they follow.

    Raises Refused for all that cannot be recorded, each with its place.
    """
    for event in new:
        if found.knows(f"key:{event.key}"):
            raise key_changed(event.key)
    together = Log(new, found)
    examined = Examination(found, NewEvents(new, batch.first), together)
    if batch.refused or any(examined.problems()):
        raise _all_refused(found, new, batch)
    return examined, together


def _all_refused(found: History, new: Sequence[Recorded], batch: Batch) -> Refused:
    """All that is wrong with a batch, in the order of its places."""
    shadow = Shadow()
    for fields in batch.misread:
        shadow.cast_by_fields(fields)
    wrong = islice(every_problem(found, new, shadow), MOST_TOLD)
    refused = [*batch.refused, *(placed(batch, *one) for one in wrong)]
    return all_of(sorted(refused, key=_line))


def _line(refused: Refused) -> tuple[str, int]:
    """The file and the line of a refusal, by which many are put in order."""
    name, line, *_ = [*refused.place.split(": ")[0].rsplit(":", 1), ""]
    return name, int(line) if line.isdecimal() else 0


def placed(batch: Batch, event: Recorded, refused: Refused) -> Refused:
    return refused.at(batch.places[event.position - batch.first])
