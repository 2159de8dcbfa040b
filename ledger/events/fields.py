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

from ledger.values import dates, quantities, share_counts, text
from ledger.values.refusals import Refusal, Refused, shown

_REMEMBERED = 50_000  # ids and dates, which are told again and again


@dataclass(frozen=True)
class Kind:
    """What a field means: a hint for help and schemas, and what it refers to, if anything.

    ``refers`` names the kind of thing the text identifies; ``must_exist`` says that the ledger has
    to know it already, and ``introduces`` that this field makes it known. Its ``words`` refer to
    nothing.
    """

    hint: str
    refers: str = ""
    must_exist: bool = False
    introduces: bool = False
    words: tuple[str, ...] = ()

    @property
    def is_date(self) -> bool:
        """Whether the text is a date."""
        return self.hint.startswith("date:")

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The field's JSON Schema, with the hint as its description."""
        return {**handler(core_schema), "description": self.hint}


class Personal:
    """Marks a field that may hold details of a person, as x-personal in the schemas."""

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The field's JSON Schema, marked."""
        return {**handler(core_schema), "x-personal": True}


PERSONAL = Personal()


def checked(check: Callable[[str], object], *, remembered: int = 0) -> AfterValidator:
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


def _published(value: str) -> None:
    dates.parse_effective(value)
    if value != dates.UNKNOWN:
        dates.parse_told(value)


def _name(value: str) -> str:
    return text.checked_text(value, text.NAME_LENGTH)


_id = checked(text.checked_id, remembered=_REMEMBERED)
_class_id = checked(text.checked_class_id, remembered=_REMEMBERED)

# Text
Name = Annotated[str, Kind("a name"), AfterValidator(_name)]
Text = Annotated[
    str, Kind("text on one line, in your own words"), AfterValidator(text.checked_text)
]
Word = Annotated[str, Kind("lower-case words joined by hyphens"), _id]
LotName = Annotated[str, Kind("a lot, or the key of its grant"), checked(text.checked_key)]
Sha256 = Annotated[str, Kind("SHA-256 of the file, 64 hex digits"), checked(_sha256)]
Lei = Annotated[str, Kind("LEI, 20 characters"), checked(_lei)]
Isin = Annotated[str, Kind("ISIN, 12 characters"), checked(_isin)]
EventReference = Annotated[
    str,
    Kind("an event by its type and the ids it is about: offering-cancelled ampere-ipo on 2024-01"),
    checked(text.parse_event_reference),
]
# Dates
_DATE = "date: 2023-11-08, 2023-11, 2023-Q4, 2023-H2"
_ENDING = "../2024-01 (by) or 2023-11/2024-01 (between)"
KnownDate = Annotated[
    str, Kind(f"{_DATE} or 2023"), checked(dates.parse_partial, remembered=_REMEMBERED)
]
ToldDate = Annotated[
    str, Kind(f"{_DATE}, 2023, {_ENDING}"), checked(dates.parse_told, remembered=_REMEMBERED)
]
PublishedDate = Annotated[
    str,
    Kind(f"{_DATE}, 2023, {_ENDING}, or unknown"),
    checked(_published, remembered=_REMEMBERED),
]
AwaitedDate = Annotated[
    str,
    Kind(f"{_DATE}, 2023, 2023-11/.. (not before), {_ENDING}"),
    checked(dates.parse_days, remembered=_REMEMBERED),
]
EffectiveDate = Annotated[
    str,
    Kind(f"{_DATE}, 2023, 2023-11/.. (not before), {_ENDING}, or unknown"),
    checked(dates.parse_effective, remembered=_REMEMBERED),
]
# Quantities
Count = Annotated[str, Kind("whole number"), checked(quantities.parse_count)]
Shares = Annotated[str, Kind("number of shares above zero"), checked(quantities.parse_shares)]
Holding = Annotated[str, Kind("number of shares above zero"), checked(share_counts.parse_holding)]
Held = Annotated[str, Kind("number of shares, 0 included"), checked(share_counts.parse_balance)]
Balance = Annotated[str, Kind("number of shares, 0 included"), checked(quantities.parse_count)]
Percent = Annotated[str, Kind("percentage, such as 28.4"), checked(quantities.parse_percent)]
Money = Annotated[str, Kind("currency and amount: EUR 600000000"), checked(quantities.parse_money)]
ShareOfAll = Annotated[str, Kind("percentage, 0 included"), checked(quantities.parse_share_of_all)]
Price = Annotated[
    str, Kind("currency and amount, 0 included: EUR 9.50"), checked(quantities.parse_price)
]
Ratio = Annotated[str, Kind("new shares to old: 2:1"), checked(quantities.parse_ratio)]
Votes = Annotated[str, Kind("number: 1, 1/10 or 0.0001"), checked(quantities.parse_votes)]
ClassVotes = Annotated[
    str,
    Kind("votes a share: 1, 1/10, 0.0001 or as-converted"),
    checked(lambda value: value == "as-converted" or quantities.parse_votes(value)),
]
Authorised = Annotated[
    str, Kind("number of shares above zero, or unlimited"), checked(quantities.parse_authorised)
]
Limit = Annotated[
    str, Kind("shares, a percentage or money: 400, 25%, EUR 5000"), checked(quantities.parse_limit)
]
Majority = Annotated[
    str, Kind("at least 2/3, more than 1/2, more than 50%"), checked(quantities.parse_majority)
]
Window = Annotated[
    str, Kind("how long: 90 days, 2 years, a number of months, or 0"), checked(text.parse_window)
]
YesNo = Literal["yes", "no"]
Ground = Literal[
    "sale", "gift", "family-gift", "inheritance", "transmission", "matrimonial", "survivorship",
    "settlement", "trustee-change", "nominee-change", "insolvency", "merger", "demerger",
    "contribution", "enforcement", "court-order", "nationalisation", "loan", "return",
]  # fmt: skip
Leaving = Literal[
    "resigned", "dismissed", "dismissed-for-cause", "redundant", "retired", "died", "disabled",
    "agreed", "expired",
]  # fmt: skip
Qualifier = Literal["exactly", "about", "at-most", "at-least"]
StakeQualifier = Literal["exactly", "about", "at-most", "at-least", "more-than", "less-than"]
Standing = Literal["official", "reported", "unnamed", "inferred"]
Correction = Literal["clerical", "new-information"]
# References that must be known before
PartyId = Annotated[str, Kind("id of a party", "party", must_exist=True), _id]
IssuerId = Annotated[str, Kind("id of the issuing party", "issuer", must_exist=True), _id]
ClassId = Annotated[str, Kind("share class: nissan/common", "class", must_exist=True), _class_id]
SourceId = Annotated[str, Kind("id of a source", "source", must_exist=True), _id]
Supply = Annotated[
    str,
    Kind(
        "new, treasury, or the id of a party", "party", must_exist=True, words=("new", "treasury")
    ),
    _id,
]
Taker = Annotated[
    str,
    Kind("cancelled, or the id of a party", "party", must_exist=True, words=("cancelled",)),
    _id,
]
SubjectId = Annotated[
    str,
    Kind("id of a party, share class, deal or anything else recorded", "subject", must_exist=True),
    checked(lambda value: text.checked_class_id(value) if "/" in value else text.checked_id(value)),
]
EventKey = Annotated[
    str, Kind("key of an event", "event", must_exist=True), checked(text.checked_key)
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
RelationshipId = Annotated[str, Kind("id of the relationship", "relationship"), _id]
PoolId = Annotated[str, Kind("id of the pool", "pool"), _id]
InstrumentId = Annotated[str, Kind("id of the instrument", "instrument"), _id]
RightId = Annotated[str, Kind("id of the right", "right"), _id]
RestrictionId = Annotated[str, Kind("id of the restriction", "restriction"), _id]
OfferId = Annotated[str, Kind("id of the offer", "offer"), _id]
ConditionId = Annotated[str, Kind("id of the condition", "condition"), _id]
ProceedingId = Annotated[str, Kind("id of the proceeding", "proceeding"), _id]
MeetingId = Annotated[str, Kind("id of the meeting", "meeting"), _id]
ResolutionId = Annotated[str, Kind("id of the resolution", "resolution"), _id]
DividendId = Annotated[str, Kind("id of the dividend", "dividend"), _id]
TransferId = Annotated[str, Kind("id of the transfer lodged", "transfer"), _id]
CertificateId = Annotated[str, Kind("id or number of the certificate", "certificate"), _id]

Parties = Annotated[tuple[PartyId, ...], MinLen(1)]


def given(of: BaseModel) -> set[str]:
    """The fields that say something: given, and neither null nor an empty list."""
    return {name for name in of.model_fields_set if getattr(of, name) not in (None, ())}


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


class OnCondition(Part):
    """A condition on which an event depends: that it is satisfied or waived, or that it fails."""

    separator = ":"

    condition: ConditionId
    outcome: Literal["failed"] | None = None


class Change(Part):
    """One field of an event and its corrected value; no value takes an optional field away."""

    separator = "="

    field: Annotated[
        str, Kind("name of a field"), checked(lambda v: text.checked_id(v.replace("_", "-")))
    ]
    value: str | tuple[str | dict[str, str], ...] | None = None


Citations = Annotated[tuple[Citation, ...], MinLen(1)]
Changes = Annotated[tuple[Change, ...], MinLen(1)]
