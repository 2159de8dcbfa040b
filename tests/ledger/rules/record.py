"""A record in memory, and what the rules say of what is offered to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ledger.events.envelope import Recorded
from ledger.rules import Examination
from ledger.rules.new_events import NewEvents
from ledger.time.history import History
from ledger.time.log import Log
from ledger.values.refusals import Refusal, Refused
from tests import histories
from tests.histories import Draft
from tests.projections.readmodel.test_histories import index_of

COMMON, PREFERRED = histories.CLASSES


def official(type: str, key: str, on: str, **fields: Any) -> Draft:
    """An event of which a party or a registry says that it happened on a date."""
    return type, key, {"standing": "official", "effective_on": on} | fields


def reported(type: str, key: str, on: str, **fields: Any) -> Draft:
    """The same, as a newspaper says."""
    return official(type, key, on, standing="reported", **fields)


def transfer(key: str, on: str, giver: str, taker: str, shares: int, **fields: Any) -> Draft:
    """A transfer of common shares."""
    given = {"share_class": COMMON, "transferor": giver, "transferee": taker}
    return official("shares-transferred", key, on, **given | {"shares": str(shares)} | fields)


def retraction(key: str, event: str) -> Draft:
    """What takes an event away."""
    return "event-retracted", key, {"event": event, "because": "a mistake"}


def correction(key: str, event: str, /, **changes: Any) -> Draft:
    """What gives fields of an event other values; None takes a field away."""
    changed = [
        {"field": name} | ({} if value is None else {"value": value})
        for name, value in changes.items()
    ]
    return "event-corrected", key, {"event": event, "because": "a mistake", "changes": changed}


class Record:
    """The world of the random histories, and what is recorded after it.

    ``acme`` has two classes: of common shares ``alice`` has 1000 and ``bob`` 600, of preferred ones
    ``carol`` has 60, all from 2020-01-01. The next event is #16, recorded on 2026-01-17.
    """

    def __init__(self, *drafts: Draft) -> None:
        self.log = Log(histories.history(histories.WORLD))
        for draft in drafts:
            self.accept(draft)

    def accept(self, *batch: Draft) -> tuple[str, ...]:
        """Record events together, which the rules must accept; returns the warnings."""
        events, found = self._examined(batch)
        assert not found, [f"{key}: {refused}" for key, refused in found]
        examination = Examination(
            self.log, NewEvents(events, self.log.position + 1), Log(events, self.log)
        )
        warnings = tuple(map(str, examination.warnings()))
        for event in events:
            self.log.add(event)
        return warnings

    def refuse(self, *batch: Draft) -> tuple[str, Refusal, str]:
        """The key of the first event of a batch that is refused, why, and in which words."""
        _, found = self._examined(batch)
        assert found, "the rules accept it"
        key, refused = found[0]
        return key, refused.refusal, str(refused)

    def _examined(self, batch: Sequence[Draft]) -> tuple[list[Recorded], list[tuple[str, Refused]]]:
        """The events of a batch, and what is wrong by the log as well as by the read model."""
        events, together = list[Recorded](), Log((), self.log)
        for draft in batch:
            event = histories.made(draft, together)
            assert event is not None, f"no valid event: {draft}"
            together.add(event)
            events.append(event)
        recorded = [
            self.log.mentioning(f"position:{number}")[0]
            for number in range(1, self.log.position + 1)
        ]
        found = _problems(self.log, events)
        assert list(map(str, found)) == list(map(str, _problems(index_of(recorded), events)))
        return events, found


def _problems(base: History, events: Sequence[Recorded]) -> list[tuple[str, Refused]]:
    new_events = NewEvents(events, base.position + 1)
    examination = Examination(base, new_events, Log(events, base))
    return [(event.key, refused) for event, refused in examination.problems()]
