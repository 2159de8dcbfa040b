"""Every event type can be entered at prompts, whole: what its example says, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from unittest.mock import patch

import pytest

from cli.entry.gather import Gathering
from ledger.events.introspection import is_many, part_of
from ledger.events.registry import event_types
from ledger.events.validation import make_event
from tests.ledger.events.test_registry import example_of


class Everything:
    """A ledger that knows whatever it is asked about, under the id typed."""

    def called(self, _kind: str, text: str) -> list[str]:
        return [text]

    def is_new(self, _kind: str, _id: str) -> bool:
        return True

    def proposals(self, _kind: str, _typed: str) -> list[str]:
        return []

    def only(self, _kind: str) -> None:
        return None

    def free_id(self, _kind: str, _name: str) -> None:
        return None


class Reader:
    """Answers prompts from what an event is to say."""

    def __init__(self, type_name: str, data: Mapping[str, Any]) -> None:
        self.cls, self.left = event_types()[type_name], dict(data)
        self.parts: dict[str, list[dict[str, Any]]] = {}
        self.asked = 0

    def __call__(self, prompt: str) -> str:
        self.asked += 1
        assert self.asked < 200, prompt
        label = prompt.partition(":")[0].partition(" (")[0].partition(" [")[0]
        if label == "More fields?":
            return " ".join(name.replace("_", "-") for name in self.left)
        words, _, inner = label.partition(", ")
        bare = words.rstrip("0123456789").strip().replace(" ", "_")
        name = bare if bare in self.cls.model_fields else words.replace(" ", "_")
        info = self.cls.model_fields[name]
        if part_of(info.annotation) is not None:
            return self._part(name, inner.replace(" ", "_"))
        if is_many(info.annotation):
            values = list(self.left.get(name, ()))
            self.left[name] = values[1:]
            if not values:
                self.left.pop(name)
            return values[0] if values else ""
        return str(self.left.pop(name, ""))

    def _part(self, name: str, field: str) -> str:
        parts = self.left.get(name, [])
        first = next(iter(part_of(self.cls.model_fields[name].annotation).model_fields))  # type: ignore[union-attr]
        if field == first:
            self.parts[name] = [dict(parts[0])] if parts else []
            if parts:
                self.left[name] = parts[1:]
            else:
                self.left.pop(name, None)
                return ""
        return str(self.parts[name][0].get(field, "")) if self.parts[name] else ""


@pytest.mark.parametrize("type_name", event_types())
def test_a_type_is_entered_whole(type_name: str) -> None:
    data = make_event(type_name, example_of(type_name)).data
    reader = Reader(type_name, data)
    with patch("builtins.input", reader):
        event = Gathering(type_name, Everything()).event()  # type: ignore[arg-type]
    said = {name: value for name, value in event.data.items() if name in data}
    assert said == data
    extra = {name for name in event.data if name not in data}
    assert extra <= {"known_on"}, extra
