"""The kinds of field an event is made of: checked text with a meaning, a hint and a reference."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, ClassVar, Literal

from annotated_types import MinLen
from pydantic import AfterValidator, BaseModel, ConfigDict, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from ledger.values import dates, quantities, text
from ledger.values.refusals import Refusal, Refused, shown

_REMEMBERED = 50_000  # ids and dates, which are told again and again


@dataclass(frozen=True)
class Kind:
    """What a field means: a hint for help and schemas, and what it refers to, if anything.

    ``refers`` names the kind of thing the text identifies; ``must_exist`` says that the ledger has
    to know it already, and ``introduces`` that this field makes it known.
    """

    hint: str
    refers: str = ""
    must_exist: bool = False
    introduces: bool = False

    @property
    def is_date(self) -> bool:
        """Whether the text is a date."""
        return self.hint.startswith("date:")

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The field's JSON Schema, with the hint as its description."""
        return {**handler(core_schema), "description": self.hint}


def _checked(check: Callable[[str], object], *, remembered: int = 0) -> AfterValidator:
    """Keeps a text as it is if a check takes it; so many texts that passed are not read again."""

    def keep(value: str) -> str:
        check(value)
        return value

    return AfterValidator(lru_cache(remembered)(keep) if remembered else keep)


def _sha256(value: str) -> None:
    if not re.fullmatch(r"[0-9a-f]{64}", value):
        raise Refused(
            Refusal.BAD_IDENTIFIER, f"{shown(value)} is not a SHA-256.", "Write 64 hex digits."
        )


def _lei(value: str) -> None:
    """ISO 17442: 18 characters and two check digits, modulo 97 as in ISO 7064."""
    if not re.fullmatch(r"[0-9A-Z]{18}[0-9]{2}", value, re.ASCII) or (
        int("".join(str(int(c, 36)) for c in value)) % 97 != 1
    ):
        raise Refused(
            Refusal.BAD_CHECK_DIGIT,
            f"{shown(value)} is not an LEI.",
            "Check its 20 characters, or leave it out.",
        )


def _isin(value: str) -> None:
    """ISO 6166: country, nine characters and a check digit, by Luhn over letters as numbers."""
    digits = "".join(str(int(c, 36)) for c in value if c.isascii() and c.isalnum())
    total = sum(
        sum(divmod(int(d) * (2 if place % 2 else 1), 10)) for place, d in enumerate(digits[::-1])
    )
    if not re.fullmatch(r"[A-Z]{2}[0-9A-Z]{9}[0-9]", value, re.ASCII) or total % 10:
        raise Refused(
            Refusal.BAD_CHECK_DIGIT,
            f"{shown(value)} is not an ISIN.",
            "Check its 12 characters, or leave it out.",
        )


def _name(value: str) -> str:
    return text.checked_text(value, text.NAME_LENGTH)


_id = _checked(text.checked_id, remembered=_REMEMBERED)
_class_id = _checked(text.checked_class_id, remembered=_REMEMBERED)

# Text
Name = Annotated[str, Kind("a name"), AfterValidator(_name)]
Text = Annotated[
    str, Kind("text on one line, in your own words"), AfterValidator(text.checked_text)
]
Word = Annotated[str, Kind("lower-case words joined by hyphens"), _id]
Sha256 = Annotated[str, Kind("SHA-256 of the file, 64 hex digits"), _checked(_sha256)]
Lei = Annotated[str, Kind("LEI, 20 characters"), _checked(_lei)]
Isin = Annotated[str, Kind("ISIN, 12 characters"), _checked(_isin)]
EventReference = Annotated[
    str,
    Kind("an event by its type and the ids it is about: offering-cancelled ampere-ipo on 2024-01"),
    _checked(text.parse_event_reference),
]
# Dates
KnownDate = Annotated[
    str,
    Kind("date: 2023-11-08, 2023-11, 2023-Q4, 2023-H2 or 2023"),
    _checked(dates.parse_days, remembered=_REMEMBERED),
]
EffectiveDate = Annotated[
    str,
    Kind("date: 2023-11-08, 2023-11, 2023-Q4, 2023-H2, 2023 or unknown"),
    _checked(dates.parse_effective, remembered=_REMEMBERED),
]
# Quantities
Count = Annotated[str, Kind("whole number"), _checked(quantities.parse_count)]
Shares = Annotated[str, Kind("number of shares above zero"), _checked(quantities.parse_shares)]
Balance = Annotated[str, Kind("number of shares, 0 included"), _checked(quantities.parse_count)]
Percent = Annotated[str, Kind("percentage, such as 28.4"), _checked(quantities.parse_percent)]
Money = Annotated[str, Kind("currency and amount: EUR 600000000"), _checked(quantities.parse_money)]
Ratio = Annotated[str, Kind("new shares to old: 2:1"), _checked(quantities.parse_ratio)]
PercentOf = Literal["issued", "outstanding", "votes", "unstated"]
Qualifier = Literal["exactly", "about", "at-most", "at-least"]
Standing = Literal["official", "reported", "unnamed", "inferred"]
Correction = Literal["clerical", "new-information"]
# References that must be known before
PartyId = Annotated[str, Kind("id of a party", "party", must_exist=True), _id]
IssuerId = Annotated[str, Kind("id of the issuing party", "issuer", must_exist=True), _id]
ClassId = Annotated[str, Kind("share class: nissan/common", "class", must_exist=True), _class_id]
SourceId = Annotated[str, Kind("id of a source", "source", must_exist=True), _id]
SubjectId = Annotated[
    str,
    Kind("id of a party, share class, deal or anything else recorded", "subject", must_exist=True),
    _checked(
        lambda value: text.checked_class_id(value) if "/" in value else text.checked_id(value)
    ),
]
EventKey = Annotated[
    str, Kind("key of an event", "event", must_exist=True), _checked(text.checked_key)
]
# References that introduce
NewPartyId = Annotated[str, Kind("id for the party", "party", introduces=True), _id]
NewClassId = Annotated[str, Kind("id for the share class", "class", introduces=True), _class_id]
NewSourceId = Annotated[str, Kind("id for the source", "source", introduces=True), _id]
# Threads: known from the first event that names them
DealId = Annotated[str, Kind("id of the deal", "deal"), _id]
AgreementId = Annotated[str, Kind("id of the agreement", "agreement"), _id]
InvestmentId = Annotated[str, Kind("id of the investment", "investment"), _id]
OfferingId = Annotated[str, Kind("id of the offering", "offering"), _id]
MilestoneId = Annotated[str, Kind("id of the milestone", "milestone"), _id]
ProjectId = Annotated[str, Kind("id of the project", "project"), _id]

Parties = Annotated[tuple[PartyId, ...], MinLen(1)]


class Part(BaseModel):
    """A value made of several fields, inside an event.

    A part of two fields names what stands between them where it is written as one word; the first
    may be given alone.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", defer_build=True)

    separator: ClassVar[str] = ""

    @classmethod
    def of_word(cls, word: str) -> dict[str, str]:
        """The fields in what is written as one word."""
        return dict(zip(cls.model_fields, word.split(cls.separator, 1), strict=False))


class Citation(Part):
    """Where in a source the evidence stands."""

    separator = ":"

    source: SourceId
    locator: Text | None = None


class Clause(Part):
    """One typed clause of an agreement (voting caps have an event of their own)."""

    clause: Word
    kind: Literal["standstill", "lock-up", "first-offer", "board-seat", "principle", "other"]
    text: Text
    party: PartyId | None = None
    issuer: IssuerId | None = None
    percent: Percent | None = None


class Change(Part):
    """One field of an event and its corrected value; no value takes an optional field away."""

    separator = "="

    field: Annotated[
        str, Kind("name of a field"), _checked(lambda v: text.checked_id(v.replace("_", "-")))
    ]
    value: str | tuple[str, ...] | None = None


Citations = Annotated[tuple[Citation, ...], MinLen(1)]
Changes = Annotated[tuple[Change, ...], MinLen(1)]
