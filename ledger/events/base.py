"""The event base class, which registers every type that is defined."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from ledger.events import fields as f
from ledger.events.envelope import canonical
from ledger.values.refusals import Refusal, Refused, shown

REGISTERED: dict[str, type[Event]] = {}  # by stored type, in the order of definition

ASSIGNED_BY_STORE = ("id", "position", "pos", "recorded_at", "ledger", "schema")


class Event(BaseModel):
    """One immutable corporate action, claim or record, as someone asks to have it recorded.

    All values are text in their canonical written form, so that what is validated is what is
    stored. An ``effective_on`` of None belongs to record-keeping types alone and means "at every
    date"; ``unknown`` means the date of a fact in the world is not known.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", defer_build=True)

    type: ClassVar[str]
    schema_number: ClassVar[int]
    stream: ClassVar[str]
    sentence: ClassVar[str]
    example: ClassVar[Mapping[str, Any]]
    refuses: ClassVar[tuple[str, ...]] = ()  # common fields that the type never takes

    effective_on: f.EffectiveDate
    standing: f.Standing
    known_on: f.ToldDate | None = None
    citations: tuple[f.Citation, ...] = ()
    deal: f.DealId | None = None
    sequence: f.Count | None = None
    reaffirms: f.EventKey | None = None
    inferred_from: f.Text | None = None
    note: f.Text | None = None
    conditional_on: tuple[f.OnCondition, ...] = ()
    under: f.SubjectId | None = None
    tense: Literal["upcoming"] | None = None

    def __init_subclass__(
        cls, *, type: str = "", stream: str = "", schema: int = 1, **kwargs: Any
    ) -> None:
        """Register a class that names its stored type and its stream; others are only bases."""
        super().__init_subclass__(**kwargs)
        if type:
            if type in REGISTERED:
                raise TypeError(f"two classes claim the event type {type}")
            cls.type, cls.stream, cls.schema_number = type, stream, schema
            REGISTERED[type] = cls

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

    @property
    def written(self) -> bytes:
        """The canonical bytes of its data."""
        return canonical(self.data)


class RecordKeeping(Event):
    """Base of events about the record itself (parties, sources, ...), true at every date."""

    effective_on: f.EffectiveDate | None = None  # type: ignore[assignment]
    standing: f.Standing = "official"


def class_of(type_name: str) -> type[Event]:
    """The class of a stored type name, among those defined by now; Refused (UNKNOWN_TYPE) with the
    nearest names."""
    if type_name not in REGISTERED:
        from ledger.vocabulary.finding import hint  # only for those who name a type otherwise

        raise Refused(
            Refusal.UNKNOWN_TYPE,
            f"{shown(type_name)} is not an event type.",
            (hint(type_name) or "See `stakebook events` for the types.")
            + " What has no type of its own is a claim-recorded.",
            "type",
        )
    return REGISTERED[type_name]
