"""Supposed events: laid over a history under keys of their own, and never recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from ledger.events.envelope import Recorded
from ledger.events.references import COMMON, REFERENCES
from ledger.time.history import History, root_of
from ledger.time.log import Log

PREFIX = "supposed:"


def supposed(events: Sequence[Recorded], history: History) -> list[Recorded]:
    """Events that are supposed to follow a history, as they stand in it: at every floor.

    Their keys are such as ``supposed:1``, and by these they name one another.
    """
    together = Log(events, history)
    keys = dict(zip((event.key for event in events), _free(history), strict=False))

    def told(event: Recorded) -> Recorded:
        root = root_of(event, together) or event
        data = _renamed(event.type, event.data, keys)
        if "changes" in data:
            data["changes"] = [_changed(root.type, one, keys) for one in data["changes"]]
        kind, _, id = event.originator_id.partition(":")
        stream = f"{kind}:{keys[id]}" if kind == "event" and id in keys else event.originator_id
        key = keys[event.key]
        return replace(event, key=key, originator_id=stream, data=data, supposed=True)

    return [*map(told, events)]


def _free(history: History) -> Iterator[str]:
    """The keys of supposed events, but for those under which something is recorded."""
    names = (f"{PREFIX}{number}" for number in count(1))
    return (name for name in names if not history.knows(f"key:{name}"))


def _renamed(type_name: str, data: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    """The fields of an event, in which what names events does so by other keys."""
    found = dict(data)
    for field, _, kind, _ in (*REFERENCES[type_name], *COMMON):
        if kind == "event" and field in found:
            found[field] = keys.get(found[field], found[field])
    return found


def _changed(root: str, change: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    """What a correction makes of a field of an event of a type."""
    if "value" not in change:
        return dict(change)
    (value,) = _renamed(root, {change["field"]: change["value"]}, keys).values()
    return {**change, "value": value}
