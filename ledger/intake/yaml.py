"""Reading YAML 1.2 with every scalar as text, and without anchors, aliases and tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ledger.values.refusals import Refusal, Refused, shown

DEPTH = 32
VALUES = 100_000  # in an event: what is refused as too long a list is not read first


class Listed(list[Any]):
    """A YAML sequence that remembers the line of each item."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


def parse_yaml(text: str, name: str, *, split: bool = False) -> Iterator[tuple[Any, int]]:
    """Each document of a YAML text as dicts, Listed and str, with the line it begins on.

    ``split`` gives the mappings and listed items one by one, each before the next one is read.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError
    from ruamel.yaml.reader import ReaderError

    reached = 1

    def followed() -> Iterator[Any]:
        nonlocal reached
        for event in YAML(typ="safe", pure=True).parse(text):
            reached = event.end_mark.line + 1
            yield event

    try:
        yield from _Nodes(followed(), name).documents(split)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Refused(
            Refusal.SYNTAX,
            f"Not YAML: {error.problem or error.context}.",
            "Check indentation, colons and quotes near it.",
            f"{name}:{line}",
        ) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Refused(
            Refusal.BAD_TEXT,
            f"The character U+{error.character:04X} is not allowed.",
            "Leave out control characters, and save it as UTF-8.",
            f"{name}:{line}",
        ) from None
    except Refused:
        raise
    except Exception:  # whatever the parser makes of what it cannot read
        raise Refused(
            Refusal.SYNTAX,
            "It is no YAML that can be read.",
            "Simplify what stands here or below: YAML 1.2, and code points up to U+10FFFF.",
            f"{name}:{reached}",
        ) from None


class _Nodes:
    """Reads nodes from the events of a YAML parser, so many of each event or document."""

    def __init__(self, events: Any, name: str) -> None:
        self._events, self._name, self._left = events, name, VALUES

    def documents(self, split: bool) -> Iterator[tuple[Any, int]]:
        """What the documents hold; those with nothing in them, such as comments alone, are left
        out."""
        from ruamel.yaml.events import (
            DocumentStartEvent,
            MappingStartEvent,
            ScalarEvent,
            SequenceEndEvent,
            SequenceStartEvent,
        )

        for event in self._events:
            if not isinstance(event, DocumentStartEvent):
                continue
            root = next(self._events)
            if isinstance(root, ScalarEvent) and not (root.value or root.anchor or _tagged(root)):
                self._count(root)
            elif not split or isinstance(root, MappingStartEvent):
                yield self._whole(root, 1)
            elif isinstance(root, SequenceStartEvent):
                self._check(root, 1)
                item = next(self._events)
                while not isinstance(item, SequenceEndEvent):
                    read = self._whole(item, 2)
                    item = next(self._events)  # what cannot be read is told before what it spoils
                    yield read
            else:
                raise Refused(
                    Refusal.NOT_AN_EVENT,
                    f"{shown(self._node(root, 1))} is not an event or a list of events.",
                    "Begin each event with `- type: ...`.",
                    self._place(root),
                )

    def _whole(self, event: Any, depth: int) -> tuple[Any, int]:
        """A node with all that is in it, and its line."""
        self._left = VALUES
        return self._node(event, depth), event.start_mark.line + 1

    def _node(self, event: Any, depth: int) -> Any:
        from ruamel.yaml.events import MappingStartEvent, ScalarEvent, SequenceEndEvent

        self._check(event, depth)
        if isinstance(event, ScalarEvent):
            return event.value
        if isinstance(event, MappingStartEvent):
            return self._mapping(depth)
        listed = Listed()
        while not isinstance(item := next(self._events), SequenceEndEvent):
            listed.append(self._node(item, depth + 1))
            listed.lines.append(item.start_mark.line + 1)
        return listed

    def _mapping(self, depth: int) -> dict[str, Any]:
        from ruamel.yaml.events import MappingEndEvent

        found: dict[str, Any] = {}
        while not isinstance(item := next(self._events), MappingEndEvent):
            key, place = self._node(item, depth + 1), self._place(item)
            if not isinstance(key, str):
                raise Refused(
                    Refusal.SYNTAX, "A field's name is not text.", "Name the field.", place
                )
            if key in found:
                raise Refused(
                    Refusal.DUPLICATE_KEY, f"{shown(key)} is given twice.", "Give it once.", place
                )
            found[key] = self._node(next(self._events), depth + 1)
        return found

    def _check(self, event: Any, depth: int) -> None:
        from ruamel.yaml.events import AliasEvent

        if isinstance(event, AliasEvent) or event.anchor is not None or _tagged(event):
            raise Refused(
                Refusal.YAML_FEATURE,
                "Anchors, aliases and tags are not read.",
                "Write the value out; quote text that begins with & * or !.",
                self._place(event),
            )
        if depth > DEPTH:
            raise Refused(
                Refusal.TOO_DEEP,
                f"Nested deeper than {DEPTH} levels.",
                "Flatten it.",
                self._place(event),
            )
        self._count(event)

    def _count(self, event: Any) -> None:
        """One more node of an event, or one more document with nothing in it."""
        self._left -= 1
        if self._left < 0:
            raise Refused(
                Refusal.TOO_LARGE, "The event lists too much.", "Split it.", self._place(event)
            )

    def _place(self, event: Any) -> str:
        return f"{self._name}:{event.start_mark.line + 1}"


def _tagged(event: Any) -> bool:
    tag = getattr(event, "tag", None)
    return tag is not None and str(tag) not in ("", "!") and not re.fullmatch("None", str(tag))
