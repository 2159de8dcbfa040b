"""What an event class says of its fields: kinds, choices, parts and references."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Literal, NamedTuple, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ledger.events import fields as f
from ledger.events.base import ASSIGNED_BY_STORE


class Mention(NamedTuple):
    """A reference made by an event: the field, the kind of thing and its id."""

    field: str
    kind: f.Kind
    id: str


class Referring(NamedTuple):
    """A field that refers to something: its kind, or the fields of its parts that do."""

    name: str
    kind: f.Kind | None
    parts: tuple[Referring, ...]


@cache
def referring(cls: type[BaseModel]) -> tuple[Referring, ...]:
    """The fields of a class that refer to anything, in order."""
    found = []
    for name, info in cls.model_fields.items():
        part, kind = part_of(info.annotation), kind_of(info)
        if part is not None:
            found.append(Referring(name, None, referring(part)))
        elif kind is not None and kind.refers:
            found.append(Referring(name, kind, ()))
    return tuple(found)


def kind_of(info: FieldInfo) -> f.Kind | None:
    """What a field means, found through Optional and tuple."""
    return next(
        (m for m in _metadata(info.annotation, info.metadata) if isinstance(m, f.Kind)), None
    )


def choices_of(annotation: Any) -> tuple[str, ...]:
    """The words a Literal field takes; empty for other fields."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return next((c for a in get_args(annotation) if (c := choices_of(a))), ())


def part_of(annotation: Any) -> type[f.Part] | None:
    """The class of a field's parts (Citation, Clause, Change), if it is made of parts."""
    if isinstance(annotation, type) and issubclass(annotation, f.Part):
        return annotation
    return next((p for a in get_args(annotation) if (p := part_of(a))), None)


def is_many(annotation: Any) -> bool:
    """Whether a field takes several values."""
    return get_origin(annotation) is tuple


def _metadata(annotation: Any, metadata: list[Any]) -> Iterator[Any]:
    yield from metadata
    for inner in get_args(annotation):
        yield from _metadata(inner, list(getattr(inner, "__metadata__", ())))


@cache
def field_names(cls: type[BaseModel]) -> frozenset[str]:
    """The names of a class's fields that are not for the store to give."""
    return frozenset(cls.model_fields).difference(ASSIGNED_BY_STORE)
