"""Which text may enter the ledger: normalised, printable, and not made to deceive a reader."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from ledger.values.dates import Days, parse_days
from ledger.values.refusals import Refusal, Refused, shown

NAME_LENGTH = 300
TEXT_LENGTH = 10_000

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]*", re.ASCII)
_JOINERS = "\u200c\u200d"
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800"  # drawn as nothing
# Control, format, surrogate, private use, unassigned; line and paragraph separators.
_REFUSED_CATEGORIES = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
# Cyrillic and Greek letters drawn like Latin ones (a part of Unicode's confusables, UTS 39).
_AS_LATIN = str.maketrans(
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0406\u0408\u0405"
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf",
    "ABEKMHOPCTXIJSaeopcyxijsABEZHIKMNOPTYXo",
)
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")


def checked_text(text: str, longest: int = TEXT_LENGTH) -> str:
    """The NFC form of a text that is safe to store and print; Refused (BAD_TEXT) otherwise."""
    if len(text) > longest or len(text.encode(errors="replace")) > 4 * longest:
        raise _refused(text, f"is longer than {longest} characters.", "Shorten it.")
    for place, character in enumerate(text):
        if _is_refused(text, place, character):
            code = f"U+{ord(character):04X}"
            raise _refused(
                text,
                f"holds the character {code} ({unicodedata.name(character, 'no name')}).",
                "Leave out invisible, control and direction characters and line breaks.",
            )
    normal = unicodedata.normalize("NFC", text)
    if normal != normal.strip() or not normal:
        raise _refused(text, "is empty or has space at an end.", "Write it without the space.")
    if all(unicodedata.category(c)[0] in "ZM" for c in normal):
        raise _refused(text, "has nothing a reader can see.", "Write the name in letters.")
    if _longest_mark_run(normal) > 8:
        raise _refused(text, "piles more than 8 marks on one letter.", "Leave them out.")
    return normal


class EventReference(NamedTuple):
    """An event named by what it is: its type, ids it mentions, and days it falls on, if said."""

    type: str
    about: tuple[str, ...]
    on: Days | None


def parse_event_reference(text: str) -> EventReference:
    """An event's type, one id or more, and a date after ``on``; Refused if written otherwise."""
    words, _, date = text.partition(" on ")
    type_name, *about = words.split(" ")
    if not about:
        raise Refused(
            Refusal.BAD_IDENTIFIER,
            f"{shown(text)} does not say what the event is about.",
            "Write the event type and the ids it mentions: offering-cancelled ampere-ipo.",
        )
    for word in about:
        _ = checked_class_id(word) if "/" in word else checked_id(word)
    return EventReference(type_name, tuple(about), parse_days(date) if date else None)


class Moment(NamedTuple):
    """A date or an event, and how long after: a number and ``days``, ``months`` or ``years``."""

    on: Days | None
    event: EventReference | None
    after: tuple[int, str] | None


def parse_moment(text: str) -> Moment:
    """``2025-11-08``, ``director-left acme`` or ``director-left acme + 90 days``; Refused if
    written otherwise."""
    what, plus, long = text.partition(" + ")
    after = parse_period(long) if plus else None
    if " " in what:
        return Moment(None, parse_event_reference(what), after)
    return Moment(parse_days(what), None, after)


def parse_period(text: str) -> tuple[int, str]:
    """``90 days``, ``18 months`` or ``2 years`` as a number and its unit; Refused otherwise."""
    found = re.fullmatch(r"([1-9][0-9]{0,3}) (day|month|year)s?", text, re.ASCII)
    if found is None:
        raise Refused(
            Refusal.BAD_DATE,
            f"{shown(text)} does not say how long.",
            "Write 90 days, 18 months or 2 years.",
        )
    return int(found[1]), f"{found[2]}s"


def parse_window(text: str) -> tuple[int, str]:
    """A period, a number of months alone, or ``0``: no time at all."""
    number = re.fullmatch(r"0|[1-9][0-9]{0,3}", text, re.ASCII)
    return (int(text), "months") if number else parse_period(text)


def checked_id(text: str) -> str:
    """An id of a party, source, deal, ...: lower-case words joined by hyphens, at most 64."""
    if len(text) > 64 or not _ID.fullmatch(text):
        raise Refused(
            Refusal.BAD_IDENTIFIER,
            f"{shown(text)} is not an id.",
            "Write lower-case letters a-z and digits joined by hyphens, at most 64: french-state.",
        )
    return text


def checked_class_id(text: str) -> str:
    """An id of a share class: the issuer's id, a slash, a word: ``nissan/common``."""
    issuer, slash, word = text.partition("/")
    if len(text) > 128 or not slash or not _ID.fullmatch(issuer) or not _ID.fullmatch(word):
        raise Refused(
            Refusal.BAD_IDENTIFIER,
            f"{shown(text)} is not a share class.",
            "Write the issuer's id, a slash and the class: nissan/common.",
        )
    return text


def checked_key(text: str) -> str:
    """An idempotency key: letters, digits and ``. _ : / -``, at most 128."""
    if len(text) > 128 or not _KEY.fullmatch(text):
        raise Refused(
            Refusal.BAD_IDENTIFIER,
            f"{shown(text)} is not a key.",
            "Write letters, digits and . _ : / - only, at most 128.",
        )
    return text


def look_alike(text: str) -> str:
    """A warning for a name whose letters pass for others, with the code points; else empty.

    Either it mixes alphabets that look alike, or, in another alphabet, it reads as Latin letters.
    """
    letters: dict[str, str] = {}
    for character in text:
        script = unicodedata.name(character, "").partition(" ")[0]
        if script in _SCRIPTS:
            letters.setdefault(script, f"{character} U+{ord(character):04X}")
    found = ", ".join(f"{script.lower()} {letter}" for script, letter in letters.items())
    if len(letters) > 1:
        return f"{shown(text)} mixes alphabets that look alike: {found}."
    latin = text.translate(_AS_LATIN)
    if latin != text and latin.isascii():
        return f"{shown(text)} reads as {shown(latin)} but is written in {found}."
    return ""


def _refused(text: str, wrong: str, remedy: str) -> Refused:
    return Refused(Refusal.BAD_TEXT, f"{shown(text)} {wrong}", remedy)


def _is_refused(text: str, place: int, character: str) -> bool:
    if character in _JOINERS:  # legal inside words of some scripts and in emoji, never at an end
        beside = text[max(place - 1, 0) : place] + text[place + 1 : place + 2]
        return len(beside) < 2 or any(unicodedata.category(c)[0] not in "LMS" for c in beside)
    return character in _BLANK or unicodedata.category(character) in _REFUSED_CATEGORIES


def _longest_mark_run(text: str) -> int:
    longest = run = 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        longest = max(longest, run)
    return longest


def decoded(raw: bytes, name: str) -> str:
    """The text of a whole file of UTF-8, without a byte order mark."""
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise Refused(
            Refusal.ENCODING, f"Byte {error.start + 1} is not UTF-8.", "Save it as UTF-8.", name
        ) from None
