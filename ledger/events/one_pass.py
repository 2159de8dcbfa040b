"""What events say, read from plainly written JSON in one pass, and no model made of it.

For each type a ``TypedDict`` is made of the fields of its class: their checks are the same, a part
is a ``TypedDict``, a tuple a list of one or more, and nothing may be null. What it validates are
the data themselves. Whatever is written otherwise, or refused, is left to ``make_event``, which
takes more than this and words what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, reduce
from operator import or_
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, NotRequired, Union, get_args, get_origin

from annotated_types import MaxLen, MinLen
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from typing_extensions import TypedDict

from ledger.events import fields as f
from ledger.events.base import Event
from ledger.events.envelope import canonical
from ledger.events.introspection import part_of
from ledger.events.registry import event_types
from ledger.values.refusals import Refused
from ledger.values.text import checked_key

MEMBERS = 1_000  # of a list, or of a mapping
_LONGEST = 50_000  # bytes
_TYPE = re.compile(rb'"type":[ ]?"([a-z0-9-]+)"')
_set = object.__setattr__  # models refuse to be changed
_NOTHING: tuple[None, tuple[()]] = (None, ())


class Said(NamedTuple):
    """What an event of a class says, and the canonical bytes of that."""

    cls: type[Event]
    data: dict[str, Any]
    written: bytes

    @property
    def type(self) -> str:
        """The stored name of its type."""
        return self.cls.type

    @property
    def stream(self) -> str:
        """The stream of its type."""
        return self.cls.stream

    @property
    def schema_number(self) -> int:
        """The schema of its type."""
        return self.cls.schema_number


def said_in(line: bytes) -> tuple[str | None, Said] | None:
    """The key and the event in a line of JSON; None for what is left to the gate.

    Without a backslash every quote is a delimiter. So a member told twice, which validation does
    not see, shows as quotes that the canonical bytes lack.
    """
    found = _TYPE.search(line)
    if found is None or len(line) > _LONGEST or b"\\" in line:
        return None
    plain = plain_type(found[1].decode())
    read = plain and plain.validated(line)
    if not plain or not read or not read.typed:
        return None
    data, key = read.data, read.key
    unsaid = [name for name in plain.defaults if name not in data]
    if unsaid:
        data |= {name: plain.defaults[name] for name in unsaid}
        data = {name: data[name] for name in plain.cls.model_fields if name in data}
    written = canonical(data)
    dropped = 4 if key is None else 8
    if line.count(b'"') + 4 * len(unsaid) != written.count(b'"') + dropped:
        return None
    return key, Said(plain.cls, data, written)


def said_by(type_name: str, written: bytes) -> Said | None:
    """The event whose canonical bytes are exactly these; None for what is left to the gate."""
    plain = plain_type(type_name)
    read = plain and plain.validated(written)
    if not plain or not read or read.typed or read.key is not None:
        return None
    if not read.data.keys() >= plain.defaults.keys() or canonical(read.data) != written:
        return None
    return Said(plain.cls, read.data, written)


class _Read(NamedTuple):
    data: dict[str, Any]
    typed: bool
    key: str | None


@cache
def plain_type(type_name: str) -> PlainType | None:
    """How events of a type are read in one pass; None for a type that is not known."""
    cls = event_types().get(type_name)
    return PlainType(cls) if cls else None


class PlainType:
    """Reads what events of one class say; ``defaults`` are stored where they are not given."""

    def __init__(self, cls: type[Event]) -> None:
        self.cls, self._shape = cls, _Shape(cls)
        unsaid = self._shape.unsaid.items()
        self.defaults = {name: value for name, value in unsaid if value not in _NOTHING}
        envelope = {
            "type": NotRequired[Literal[cls.type]],
            "key": NotRequired[Annotated[str, f.checked(checked_key)]],
        }
        self._validate: Callable[[bytes], Any] = TypeAdapter(
            _typed_dict(cls, envelope)
        ).validator.validate_json

    def validated(self, written: bytes) -> _Read | None:
        """The fields in bytes, where each is sound and they agree with one another."""
        try:
            data: dict[str, Any] = self._validate(written)
            typed, key = data.pop("type", None), data.pop("key", None)
            self._shape.check(data)
        except (ValidationError, Refused):
            return None
        return _Read(data, typed is not None, key)


class _Shape:
    """What a class says of its fields together, asked without validating each of them again."""

    def __init__(self, cls: type[BaseModel]) -> None:
        self._cls, fields = cls, cls.model_fields
        self.unsaid = {name: i.default for name, i in fields.items() if not i.is_required()}
        parts = {name: part_of(info.annotation) for name, info in fields.items()}
        self._parts = {name: _Shape(part) for name, part in parts.items() if part is not None}
        self._compound = {n for n, info in fields.items() if _holds_values(info.annotation)}

    def check(self, data: Mapping[str, Any]) -> BaseModel:
        """An instance whose own check the data have passed; raises what that raises."""
        one = self._cls.__new__(self._cls)
        values = {**self.unsaid, **data}
        for name in self._compound & data.keys():
            values[name] = self._inner(name, data[name])
        _set(one, "__dict__", values)
        _set(one, "__pydantic_fields_set__", set(data))
        _set(one, "__pydantic_extra__", None)
        _set(one, "__pydantic_private__", None)
        if self._cls.__pydantic_post_init__:
            one.model_post_init(None)
        return one

    def _inner(self, name: str, value: Any) -> Any:
        if isinstance(value, list):
            return tuple(self._inner(name, one) for one in value)
        shape = self._parts.get(name)
        return value if shape is None or isinstance(value, str) else shape.check(value)


def _holds_values(annotation: Any) -> bool:
    """Whether a field takes more than one text."""
    parts = get_origin(annotation) in (tuple, dict) or part_of(annotation) is not None
    return parts or any(map(_holds_values, get_args(annotation)))


@cache
def _of_part(part: type[f.Part]) -> Any:
    return _typed_dict(part, {})


def _typed_dict(cls: type[BaseModel], more: Mapping[str, Any]) -> Any:
    """A class as a mapping of its fields. What a part stores unsaid must be told here."""
    is_part = not issubclass(cls, Event)
    fields = {
        name: _plain_field(
            info, required=info.is_required() or (is_part and info.default not in _NOTHING)
        )
        for name, info in cls.model_fields.items()
    }
    typed_dict: Any = TypedDict
    made = typed_dict(cls.__name__, {**fields, **more})
    made.__pydantic_config__ = {"extra": "forbid", "strict": True}
    return made


def _plain_field(info: FieldInfo, *, required: bool) -> Any:
    plain = _plain(info.annotation)
    told = Annotated[(plain, *info.metadata)] if info.metadata else plain
    return told if required else NotRequired[told]


def _plain(annotation: Any) -> Any:
    """An annotation of plain values as they are stored."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, f.Part):
        return _of_part(annotation)
    if origin is Annotated:
        return Annotated[(_plain(inner[0]), *inner[1:])]
    if origin in (Union, UnionType):
        return reduce(or_, [_plain(one) for one in inner if one is not type(None)])
    if origin is tuple:
        return Annotated[list[_plain(inner[0])], MinLen(1), MaxLen(MEMBERS)]  # type: ignore[misc]
    if origin is dict:
        return Annotated[annotation, MaxLen(MEMBERS)]
    if annotation is str or origin is Literal:
        return annotation
    raise TypeError(f"{annotation} is no kind of field")
