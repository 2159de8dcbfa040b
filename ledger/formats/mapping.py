"""The mapping: how a table is read, as a file says it and as it is printed in full."""

from __future__ import annotations

import re
from collections.abc import Mapping as Pairs
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ledger.formats.headings import DICTIONARY
from ledger.formats.yaml_text import written
from ledger.intake.yaml import Listed, parse_yaml
from ledger.values.dates import parse_partial
from ledger.values.quantities import parse_count
from ledger.values.refusals import Refusal, Refused, nearest, shown
from ledger.values.text import checked_id, decoded

VERSION_KEY = "stakebook-mapping"
VERSION = "1"
TABLES = ("journal", "register", "snapshot", "board", "parties", "classes")
DATE_FORMS = ("y-m-d", "d/m/y", "m/d/y", "d.m.y", "named-month", "japanese-era", "excel-serial")
NUMBER_FORMS = ("1,234.56", "1.234,56", "1 234,56", "1'234.56")
BYTES = 2**20
_CHOICES = {
    "table": TABLES,
    "standing": ("official", "reported", "unnamed"),
    "percent": ("of-100", "fraction"),
    "blank": ("refuse", "same-as-above"),
    "duplicates": ("refuse", "keep"),
    "hidden": ("refuse", "read", "leave-out"),
    "id": ("entry", "certificate", "content"),
    "century": ("1800", "1900", "2000"),
}
_TEXTS = (
    "sheet", "header-row", "rows", "namespace", "published-on", "as-of", "encoding", "delimiter",
)  # fmt: skip
_PAIRS = ("columns", "class-columns", "fixed", "party-kinds", "source")
_FORMS = {"dates": DATE_FORMS, "numbers": NUMBER_FORMS}
_SOURCE = ("id", "title", "publisher", "kind")
_COUNTS = ("shares", "balance")
ORDER = (
    "sheet", "encoding", "delimiter", "header-row", "rows", "total-rows", "table", "namespace",
    "id", "published-on", "as-of", "standing", "source", "dates", "century", "numbers", "percent",
    "columns", "class-columns", "unused", "fixed", "values", "party-kinds", "blank",
    "duplicates", "hidden",
)  # fmt: skip


@dataclass(frozen=True)
class Mapping:
    """What is said about a table; what is not said is found out, or asked.

    A table with a column for each class is read once for each: then ``origin`` is the mapping that
    says so, and only the ``first`` reading tells of the columns that nothing uses.
    """

    said: Pairs[str, Any] = field(default_factory=dict)
    origin: Mapping | None = None
    first: bool = True

    def text(self, name: str, otherwise: str = "") -> str:
        """A plain value."""
        return str(self.said.get(name, otherwise))

    def pairs(self, name: str) -> Pairs[str, Any]:
        """Values by name."""
        found: Pairs[str, Any] = self.said.get(name, {})
        return found

    def names(self, name: str) -> Sequence[str]:
        """A list of texts."""
        found: Sequence[str] = self.said.get(name, ())
        return found

    def form(self, name: str, column: str) -> str:
        """The form of the dates or numbers of a column; empty where it is not said."""
        forms = self.said.get(name, "")
        return forms if isinstance(forms, str) else str(forms.get(column, ""))

    def has(self, name: str) -> bool:
        """Whether something is said of it."""
        return name in self.said

    def having(self, **more: Any) -> Mapping:
        """The mapping with further things said; dashes in names are written as underscores."""
        kept = {name.replace("_", "-"): value for name, value in more.items() if value}
        return replace(self, said={**self.said, **kept})

    def by_class(self) -> list[Mapping]:
        """The mapping itself, or one for each column that has the shares of a class."""
        columns = self.pairs("class-columns")
        if not columns:
            return [self]
        rest = {name: value for name, value in self.said.items() if name != "class-columns"}
        found: list[Mapping] = []
        for heading, share_class in columns.items():
            others = [other for other in columns if other != heading]
            said = {"table": "snapshot"} | rest | {
                "columns": {**self.pairs("columns"), "shares": heading},
                "fixed": {**self.pairs("fixed"), "share_class": share_class},
                "unused": [*self.names("unused"), *others],
                "id": "content",
            }  # fmt: skip
            found.append(Mapping(said, self, not found))
        return found

    def whole(self, said: Pairs[str, Any]) -> Mapping:
        """What was said of one class column, as the mapping of all of them."""
        if self.origin is None:
            return Mapping(said)
        kept = {name: value for name, value in said.items() if name != "id"}
        for name, own in (("columns", "shares"), ("fixed", "share_class")):
            kept[name] = {k: v for k, v in kept.get(name, {}).items() if k != own}
        kept = {name: value for name, value in kept.items() if value != {}}
        return Mapping(kept | {"class-columns": self.origin.said["class-columns"]})

    def written(self) -> str:
        """The mapping as a file has it."""
        ordered = {name: self.said[name] for name in ORDER if name in self.said}
        return written({VERSION_KEY: VERSION} | ordered)


def read_mappings(raw: bytes, name: str) -> list[Mapping]:
    """The mapping of a file, or its list of them: one a sheet."""
    if len(raw) > BYTES:
        raise Refused(Refusal.TOO_LARGE, "The mapping is over 1 MiB.", "Shorten it.", name)
    text = decoded(raw, name)
    found: list[Mapping] = []
    for document, line in parse_yaml(text, name):
        items = document if isinstance(document, Listed) else [document]
        lines = document.lines if isinstance(document, Listed) else [line]
        for item, at in zip(items, lines, strict=True):
            try:
                found.append(_checked(item))
            except Refused as refused:
                raise refused.at(f"{name}:{at}") from None
    if not found:
        raise Refused(
            Refusal.EMPTY, "There is no mapping in it.", f"Begin with {VERSION_KEY}: 1.", name
        )
    return found


def _checked(item: Any) -> Mapping:
    if not isinstance(item, dict) or item.get(VERSION_KEY) != VERSION:
        raise Refused(
            Refusal.OTHER_FORMAT,
            f"It is no mapping of version {VERSION}.",
            f"Begin it with `{VERSION_KEY}: {VERSION}`; --dry-run prints one.",
        )
    said = {name: value for name, value in item.items() if name != VERSION_KEY}
    for name, value in said.items():
        _check(name, value)
    return Mapping(said)


def _check(name: str, value: Any) -> None:
    if name in _CHOICES:
        _check_choice(name, value, _CHOICES[name])
    elif name in _FORMS:
        for form in value.values() if isinstance(value, dict) else [value]:
            _check_choice(name, form, _FORMS[name])
    elif name in _TEXTS:
        _check_text(name, value)
    elif name in _PAIRS:
        _check_pairs(name, value)
    elif name == "values":
        if not isinstance(value, dict):
            raise _shape(name, "Write values by field: `values: {kind: {Apport: shares-issued}}`.")
        for one, pairs in value.items():
            _check_field(name, one)
            _check_pairs(f"{name}.{one}", pairs)
    elif name == "unused":
        _check_list(name, value)
    elif name == "total-rows":
        if not isinstance(value, dict) or set(value) != {"where", "is"}:
            raise _shape(name, "Write `total-rows: {where: holder, is: [Total]}`.")
        _check_field(name, value["where"])
        _check_list(name, value["is"])
    else:
        raise Refused(
            Refusal.UNKNOWN_FIELD,
            f"{shown(name)} is nothing that a mapping says.",
            nearest(name, ORDER) or f"It says {', '.join(ORDER)}.",
        )


def _check_choice(name: str, value: Any, choices: Sequence[str]) -> None:
    if value not in choices:
        raise Refused(
            Refusal.BAD_CHOICE,
            f"{shown(value)} is not a choice.",
            f"Write {', '.join(choices)}.",
            name,
        )


def _check_text(name: str, value: Any) -> None:
    if not isinstance(value, str) or not value:
        raise _shape(name, "Write one text.")
    try:
        if name in ("published-on", "as-of"):
            parse_partial(value)
        elif name == "namespace":
            checked_namespace(value)
        elif name == "header-row" and not re.fullmatch("[1-9][0-9]{0,6}", value):
            raise _shape("", "Write the number of the row that has the headings.")
        elif name == "rows" and not (value == "until-blank" or row_range(value)):
            raise _shape("", "Write until-blank, or the first and last row: 4-120.")
    except Refused as refused:
        raise refused.at(name) from None


def _check_pairs(name: str, value: Any) -> None:
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise _shape(name, "Write texts by name.")
    for one in value:
        if name in ("columns", "fixed"):
            _check_field(name, one)
        if name == "fixed" and one in _COUNTS:
            try:
                parse_count(value[one])
            except Refused as refused:
                raise refused.at(f"{name}.{one}") from None
        elif name == "source" and one not in _SOURCE:
            raise _shape(name, f"Write {', '.join(_SOURCE)}.")


def _check_field(name: str, field: Any) -> None:
    if field not in DICTIONARY:
        raise Refused(
            Refusal.UNKNOWN_FIELD,
            f"{shown(field)} is no field of a table.",
            nearest(str(field), DICTIONARY) or f"The fields are {', '.join(DICTIONARY)}.",
            name,
        )


def _check_list(name: str, value: Any) -> None:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _shape(name, "Write a list of texts.")


def _shape(name: str, remedy: str) -> Refused:
    return Refused(Refusal.BAD_SHAPE, "It is written in another shape.", remedy, name)


def row_range(text: str) -> tuple[int, int] | None:
    """The first and last row of ``4-120``."""
    found = re.fullmatch(r"([1-9][0-9]{0,6})-([1-9][0-9]{0,6})", text)
    return (int(found[1]), int(found[2])) if found and int(found[1]) <= int(found[2]) else None


def checked_namespace(text: str) -> str:
    """A namespace: an id, short enough to be the beginning of others."""
    if len(text) > 40:
        raise Refused(
            Refusal.BAD_IDENTIFIER, f"{shown(text)} is too long.", "Write at most 40 characters."
        )
    return checked_id(text)
