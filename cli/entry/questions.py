"""Questions for the values of an event: what each takes, and what its type says of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from ledger.events.fields import Kind
from ledger.events.introspection import choices_of, kind_of
from ledger.events.validation import refusals_of
from ledger.values.refusals import Refused

KEPT = (  # from one event to the next; never who holds or takes, and never how much
    "effective_on", "standing", "citations", "issuer", "company", "share_class", "price", "deal",
)  # fmt: skip
REGISTERING = {  # what makes a thing of a kind known, and the field that names it to people
    "party": ("party-registered", "name"),
    "issuer": ("party-registered", "name"),
    "class": ("share-class-created", "name"),
    "source": ("source-registered", "title"),
}
NOTHING = "-"  # typed to take an optional value away


@dataclass(frozen=True)
class Question:
    """A value to be asked for: its label, what it takes, and whether it may be left out."""

    label: str
    info: FieldInfo
    needed: bool

    @property
    def kind(self) -> Kind | None:
        """What the value means."""
        return kind_of(self.info)

    @property
    def refers(self) -> str:
        """The kind of thing that the value identifies and does not make known."""
        return "" if self.kind is None or self.kind.introduces else self.kind.refers

    @property
    def is_date(self) -> bool:
        """Whether the value is a date."""
        return self.kind is not None and self.kind.is_date

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that the value is one of."""
        return choices_of(self.info.annotation)

    def help(self) -> str:
        """What the value takes, in a sentence."""
        if self.label == "known on":
            return (
                "Since when it is known: effective (since its date), today (found only now), or the"
                " day on which it was found."
            )
        hint = ", ".join(self.choices) or (self.kind.hint if self.kind else "text")
        hint += "; a name will do" if self.refers and self.refers != "event" else ""
        return f"It takes: {hint}." + ("" if self.needed else f" {NOTHING} leaves it out.")


def wrong_in_part(part: type[BaseModel], given: Mapping[str, Any], name: str) -> Refused | None:
    """What is wrong with one field of a part, if anything."""
    try:
        part.model_validate({k: tuple(v) if isinstance(v, list) else v for k, v in given.items()})
    except ValidationError as error:
        for one in refusals_of(part, error):
            if one.place.partition(".")[0] == name:
                return one
    return None


def introduces(info: FieldInfo) -> bool:
    """Whether a value makes known what it identifies."""
    kind = kind_of(info)
    return kind is not None and kind.introduces


def label_of(name: str) -> str:
    """A field as people call it."""
    return name.replace("_", " ")


def told(part: Mapping[str, Any]) -> str:
    """A part in few words."""
    return ", ".join(str(value) for value in part.values())
