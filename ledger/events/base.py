"""The event base class, the one registry of event types, and the gate every event comes through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import Any, ClassVar, Literal, NamedTuple, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo

from ledger.events import fields as f
from ledger.values.refusals import Refusal, Refused, nearest, shown

_registry: dict[str, type[Event]] = {}

ASSIGNED_BY_STORE = ("id", "position", "pos", "recorded_at", "ledger", "schema")


class Event(BaseModel):
    """One immutable corporate action, claim or record, as someone asks to have it recorded.

    All values are text in their canonical written form, so that what is validated is what is
    stored. An ``effective_on`` of None belongs to record-keeping types alone and means "at every
    date"; ``unknown`` means the date of a fact in the world is not known.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    type: ClassVar[str]
    schema_number: ClassVar[int]
    stream: ClassVar[str]
    sentence: ClassVar[str]
    example: ClassVar[Mapping[str, Any]]

    effective_on: f.EffectiveDate
    standing: f.Standing
    known_on: f.KnownDate | None = None
    citations: tuple[f.Citation, ...] = ()
    deal: f.DealId | None = None
    sequence: f.Count | None = None
    reaffirms: f.EventKey | None = None
    inferred_from: f.Text | None = None
    note: f.Text | None = None

    def __init_subclass__(
        cls, *, type: str = "", stream: str = "", schema: int = 1, **kwargs: Any
    ) -> None:
        """Register a class that names its stored type and its stream; others are only bases."""
        super().__init_subclass__(**kwargs)
        if type:
            if type in _registry:
                raise TypeError(f"two classes claim the event type {type}")
            cls.type, cls.stream, cls.schema_number = type, stream, schema
            _registry[type] = cls

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Accept the class keywords of ``__init_subclass__``."""

    def model_post_init(self, _: Any) -> None:
        """Check what several fields say together."""
        if (self.standing == "inferred") != (self.inferred_from is not None):
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                "An event with standing inferred, and no other, says what it is inferred from.",
                "Give inferred_from, or another standing.",
                "inferred_from",
            )
        self.check()

    def check(self) -> None:
        """Refuse fields that contradict each other; types with such fields override this."""

    @cached_property
    def data(self) -> dict[str, Any]:
        """The fields that say something, as plain JSON values, without nulls and empty lists."""
        dumped = self.model_dump(mode="json", exclude_none=True)
        return {name: value for name, value in dumped.items() if value != []}


class RecordKeeping(Event):
    """Base of events about the record itself (parties, sources, ...), true at every date."""

    effective_on: f.EffectiveDate | None = None  # type: ignore[assignment]
    standing: f.Standing = "official"


class Mention(NamedTuple):
    """A reference made by an event: the field, the kind of thing and its id."""

    field: str
    kind: f.Kind
    id: str


def event_types() -> Mapping[str, type[Event]]:
    """Every event type by stored name, in the order of the vocabulary."""
    import ledger.events.registry  # noqa: F401  (defining the classes registers them)

    return _registry


def event_class(type_name: str) -> type[Event]:
    """The class of a stored type name; Refused (UNKNOWN_TYPE) with the nearest names."""
    known = event_types()
    if type_name not in known:
        raise Refused(
            Refusal.UNKNOWN_TYPE,
            f"{shown(type_name)} is not an event type.",
            (nearest(type_name, known) or "See `stakebook events` for the types.")
            + " What has no type of its own is a claim-recorded.",
            "type",
        )
    return known[type_name]


def make_event(type_name: str, data: Mapping[str, Any]) -> Event:
    """An event from untrusted fields; Refused at the first field that cannot be taken."""
    cls = event_class(type_name)
    if not data.keys() <= field_names(cls):
        raise _not_taken(cls, data)
    try:
        return cls.model_validate(_tuples(data))
    except ValidationError as error:
        raise refusal_of(cls, error) from None


def mentions(type_name: str, data: Mapping[str, Any]) -> Iterator[Mention]:
    """Every reference in an event's data, citations and clauses included."""
    for name, kind, parts in _referring(event_class(type_name)):
        if name not in data:
            continue
        if kind is not None:
            value = data[name]
            for word in value if isinstance(value, list | tuple) else (value,):
                yield Mention(name, kind, word)
            continue
        for place, item in enumerate(data[name]):
            for inner, inner_kind, _ in parts:
                if inner_kind is not None and item.get(inner) is not None:
                    yield Mention(f"{name}[{place + 1}].{inner}", inner_kind, item[inner])


class Referring(NamedTuple):
    """A field that refers to something: its kind, or the fields of its parts that do."""

    name: str
    kind: f.Kind | None
    parts: tuple[Referring, ...]


@cache
def _referring(cls: type[BaseModel]) -> tuple[Referring, ...]:
    """The fields of a class that refer to anything, in order."""
    found = []
    for name, info in cls.model_fields.items():
        part, kind = part_of(info.annotation), kind_of(info)
        if part is not None:
            found.append(Referring(name, None, _referring(part)))
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


def _tuples(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data with its lists as tuples, which immutable events are made of."""
    return {
        name: value if isinstance(value, str) else frozen(value) for name, value in data.items()
    }


def frozen(value: Any) -> Any:
    """A value with its lists as tuples."""
    if isinstance(value, Mapping):
        return _tuples(value)
    return tuple(map(frozen, value)) if isinstance(value, list | tuple) else value


@cache
def field_names(cls: type[BaseModel]) -> frozenset[str]:
    """The names of a class's fields that are not for the store to give."""
    return frozenset(cls.model_fields).difference(ASSIGNED_BY_STORE)


def _not_taken(cls: type[Event], data: Mapping[str, Any]) -> Refused:
    """What is wrong with the first field that a class does not have."""
    for name in ASSIGNED_BY_STORE:
        if name in data:
            return Refused(
                Refusal.ASSIGNED_BY_STORE,
                f"{name} is given by the store when it records the event.",
                "Leave it out.",
                name,
            )
    name = next(name for name in data if name not in cls.model_fields)
    return _not_a_field(name, list(cls.model_fields), name)


def _not_a_field(name: str, known: list[str], place: str) -> Refused:
    otherwise = " What has no field can stand in note." if "note" in known else ""
    remedy = nearest(name, known) or f"It takes {', '.join(known)}.{otherwise}"
    shown_place = place if place.isprintable() else shown(place)
    return Refused(
        Refusal.UNKNOWN_FIELD, f"{shown(name)} is not a field here.", remedy, shown_place
    )


def _given_or_else(cls: type[BaseModel], field: str) -> str:
    """What to do about a missing field: what may be said where it is not known."""
    if field == "effective_on":
        return "Give effective_on; it may be unknown."
    tells = issubclass(cls, Event) and not issubclass(cls, RecordKeeping)
    if tells and field not in Event.model_fields and cls.__name__ != "ClaimRecorded":
        return f"Give {field}, or record what is known as claim-recorded."
    return f"Give {field}."


def refusal_of(cls: type[BaseModel], error: ValidationError) -> Refused:
    """The first thing that validation found wrong, as a refusal."""
    first = error.errors()[0]
    place = ".".join(str(p + 1) if isinstance(p, int) else p for p in first["loc"])
    kind, given = first["type"], first.get("input")
    if isinstance(inner := first.get("ctx", {}).get("error"), Refused):
        return inner if inner.place else inner.at(place)
    if kind == "missing":
        return Refused(
            Refusal.MISSING_FIELD, f"{place} is missing.", _given_or_else(cls, place), place
        )
    if kind == "extra_forbidden":
        part = part_of(cls.model_fields[str(first["loc"][0])].annotation)
        return _not_a_field(str(first["loc"][-1]), list(part.model_fields) if part else [], place)
    if kind == "literal_error":
        words = first["ctx"]["expected"].replace("'", "")
        return Refused(
            Refusal.BAD_CHOICE, f"{shown(given)} is not a choice.", f"Write {words}.", place
        )
    wanted, remedy = _wanted(kind, given)
    return Refused(Refusal.BAD_SHAPE, f"{shown(given)} is not {wanted}.", remedy, place)


def _wanted(kind: str, given: Any) -> tuple[str, str]:
    """What a value of another shape should be, and how it is written."""
    if "tuple" in kind:
        return "a list", "Write a list, also of one."
    if kind != "string_type":
        return "a part with fields", "Write its fields by name."
    if isinstance(given, tuple | Mapping):
        return "one text", "Write one value; for several, an event for each."
    return "one text", "Numbers, dates and yes/no are written as text, in quotes in JSON."
