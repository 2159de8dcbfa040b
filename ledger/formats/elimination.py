"""Deciding how the dates and numbers of a column are written: by elimination, or not at all.

Every text of a column is tried in each admissible form. The forms that read all of them are left.
Where these give the same values, or only one is left, the column is decided.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from ledger.formats.mapping import DATE_FORMS, NUMBER_FORMS
from ledger.values.dates import parse_days, parse_partial
from ledger.values.refusals import Refused

Reader = Callable[[str], str | None]  # a text in canonical form; None where it is not so written
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}
_MONTHS = (
    ("january", "jan", "janvier", "janv", "januar", "janner"),
    ("february", "feb", "fevrier", "fevr", "februar"),
    ("march", "mar", "mars", "marz"),
    ("april", "apr", "avril", "avr"),
    ("may", "mai"),
    ("june", "jun", "juin", "juni"),
    ("july", "jul", "juillet", "juil", "juli"),
    ("august", "aug", "aout"),
    ("september", "sep", "sept", "septembre"),
    ("october", "oct", "octobre", "oktober", "okt"),
    ("november", "nov", "novembre"),
    ("december", "dec", "decembre", "dezember", "dez"),
)
MONTHS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_TIME = re.compile(r"[T ]00:00(:00(\.0+)?)?Z?$")
_TWO_DIGITS = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d\d", re.ASCII)
_RAISED = re.compile("<(super|sub|fraction|circle)>")
_GROUPED = {
    "1,234.56": (r"\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d\d)*,\d{3}", ",", "."),
    "1.234,56": (r"\d{1,3}(?:\.\d{3})+", ".", ","),
    "1 234,56": (r"\d{1,3}(?: \d{3})+", " ", ","),
    "1'234.56": (r"\d{1,3}(?:'\d{3})+", "'", "."),
}


class Decision(NamedTuple):
    """What is found out about a column.

    ``form`` is empty where every form reads all texts alike. ``open`` has the forms that read the
    ``example`` differently; ``killed`` the texts that leave no form for all; ``unreadable`` those
    that no form reads, whatever the others say.
    """

    form: str = ""
    read: Mapping[str, str] = {}
    open: tuple[str, ...] = ()
    example: str = ""
    killed: tuple[str, ...] = ()
    unreadable: frozenset[str] = frozenset()

    @property
    def made(self) -> bool:
        """Whether the column can be read, its unreadable texts apart."""
        return not self.open and not self.killed


def decide(texts: Iterable[str], readers: Mapping[str, Reader]) -> Decision:
    """The form in which the texts of a column are written."""
    found = {text: _readings(text, readers) for text in dict.fromkeys(texts)}
    unreadable = frozenset(text for text, readings in found.items() if not readings)
    sound = {text: readings for text, readings in found.items() if readings}
    left = [form for form in readers if all(form in readings for readings in sound.values())]
    if not left:
        reading_some = {form for readings in sound.values() for form in readings}
        killers = [
            next(text for text, readings in sound.items() if form not in readings)
            for form in readers
            if form in reading_some
        ]
        return Decision(killed=tuple(dict.fromkeys(killers)), unreadable=unreadable)
    for text, readings in sound.items():
        if len({readings[form] for form in left}) > 1:
            return Decision(open=tuple(left), example=text, unreadable=unreadable)
    read = {text: readings[left[0]] for text, readings in sound.items()}
    return Decision(left[0] if len(left) == 1 else "", read, unreadable=unreadable)


def _readings(text: str, readers: Mapping[str, Reader]) -> dict[str, str]:
    """What a text is in each form that it can be written in."""
    return {form: value for form, read in readers.items() if (value := read(text)) is not None}


def date_readers(form: str, century: str) -> Mapping[str, Reader]:
    """How dates may be written; in one form where it is said."""
    forms = [form] if form else [one for one in DATE_FORMS if one != "excel-serial"]
    return {one: partial(read_date, form=one, century=century) for one in forms}


def number_readers(form: str, *, whole: bool) -> Mapping[str, Reader]:
    """How numbers may be written; whole ones admit no other."""
    forms = [form] if form else NUMBER_FORMS
    return {one: partial(read_number, form=one, whole=whole) for one in forms}


def read_date(text: str, form: str, century: str = "") -> str | None:
    """A date in a form as an ISO day, month, quarter, half, year or interval."""
    plain = _TIME.sub("", _plain(text))
    if re.fullmatch(r"\d{4}", plain, re.ASCII) and form != "excel-serial":
        return _real(plain)
    match form:
        case "y-m-d":
            return _year_first(plain)
        case "d/m/y":
            return _ordered(
                plain, r"(?P<d>\d{1,2})[/-](?P<m>\d{1,2})[/-](?P<y>\d{4}|\d\d)", century
            )
        case "m/d/y":
            return _ordered(
                plain, r"(?P<m>\d{1,2})[/-](?P<d>\d{1,2})[/-](?P<y>\d{4}|\d\d)", century
            )
        case "d.m.y":
            dotted = r"(?P<d>\d{1,2})\. ?(?P<m>\d{1,2})\. ?(?P<y>\d{4}|\d\d)"
            return _ordered(plain, dotted, century)
        case "named-month":
            return _named(plain)
        case "japanese-era":
            return _era(plain)
    return from_serial(plain) if plain.isdecimal() and plain.isascii() else None


def _plain(text: str) -> str:
    """A text in plain characters; raised digits of notes and fractions stay as they are."""
    kept = [c if _RAISED.match(unicodedata.decomposition(c)) else unicodedata.normalize("NFKC", c)
            for c in unicodedata.normalize("NFC", text)]  # fmt: skip
    return "".join(kept).strip()


def is_two_digit_year(text: str) -> bool:
    """Whether a date has a year of two digits."""
    return _TWO_DIGITS.fullmatch(unicodedata.normalize("NFKC", text).strip()) is not None


def from_serial(text: str, *, from_1904: bool = False) -> str | None:
    """The day of a serial number; none for 1 to 60 of the 1900 system, where it counts wrongly."""
    days = int(text) if len(text) <= 7 else 0
    if from_1904:
        days += 1462
    if not 60 < days <= 2_958_465:
        return None
    return (date(1899, 12, 30) + timedelta(days=days)).isoformat()


def read_number(text: str, form: str, *, whole: bool) -> str | None:
    """A number in a form as plain digits with a dot; of whole ones without."""
    plain = _plain(text).replace("\u2019", "'")
    grouped, group, point = _GROUPED[form]
    found = re.fullmatch(rf"({grouped}|\d+)(?:{re.escape(point)}(\d+))?", plain, re.ASCII)
    if found is None:
        return None
    digits = found[1].replace(group, "").lstrip("0") or "0"
    decimals = (found[2] or "").rstrip("0")
    if whole:  # nobody writes three decimals of a share: what looks like them is a group
        return digits if found[2] in (None, "0", "00") else None
    return f"{digits}.{decimals}" if decimals else digits


def _year_first(text: str) -> str | None:
    found = re.fullmatch(
        r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})|(\d{4})(\d\d)(\d\d)|(\d{4})年(\d{1,2})月(\d{1,2})日",
        text,
        re.ASCII,
    )
    if found:
        year, month, day = [g for g in found.groups() if g and g not in "-/."]
        return _real(f"{year}-{int(month):02}-{int(day):02}")
    return _real(text, parse_days)


def _ordered(text: str, pattern: str, century: str) -> str | None:
    found = re.fullmatch(pattern, text, re.ASCII)
    if found is None:
        month = re.fullmatch(r"(\d{1,2})[/.-](\d{4})", text, re.ASCII)
        return _real(f"{month[2]}-{int(month[1]):02}") if month else None
    year = found["y"]
    if len(year) == 2:
        if not century:
            return None
        year = f"{int(century) + int(year)}"
    return _real(f"{year}-{int(found['m']):02}-{int(found['d']):02}")


def _named(text: str) -> str | None:
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    words = [w for w in re.split(r"[ .,/-]+", plain) if w not in ("", "de", "of")]
    words = [re.sub(r"(?<=\d)(st|nd|rd|th|er)$", "", word) for word in words]
    months = [MONTHS[word] for word in words if word in MONTHS]
    numbers = [word for word in words if word.isdecimal() and word.isascii()]
    if len(months) != 1 or len(numbers) != len(words) - 1:
        return None
    years = [number for number in numbers if len(number) == 4]
    days = [number for number in numbers if len(number) <= 2]
    if len(years) != 1 or len(days) != len(numbers) - 1 or len(days) > 1:
        return None
    month = f"{years[0]}-{months[0]:02}"
    return _real(f"{month}-{int(days[0]):02}" if days else month)


def _era(text: str) -> str | None:
    found = re.fullmatch(rf"({'|'.join(ERAS)})(元|\d{{1,2}})年(\d{{1,2}})月(\d{{1,2}})日", text)
    if found is None:
        return None
    year = ERAS[found[1]] + (1 if found[2] == "元" else int(found[2]))
    return _real(f"{year:04}-{int(found[3]):02}-{int(found[4]):02}")


def _real(text: str, parse: Callable[[str], object] = parse_partial) -> str | None:
    """A date that the calendar has."""
    try:
        parse(text)
    except Refused:
        return None
    return text


def kept_forms(forms: Mapping[str, str]) -> str | Mapping[str, str]:
    """The forms of columns as a mapping says them: one for all, or by column."""
    return next(iter(forms.values())) if len(set(forms.values())) == 1 else dict(forms)
