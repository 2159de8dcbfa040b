"""Sentences with ids in them, which a reader is told with names.

An id in a sentence stands between marks with its kind, so that sentences are made as any others are
and a name can take its place. Without marks the same sentence has the id.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Self

_OPEN, _SHUT = "\x0e", "\x0f"
_MARKED = re.compile(f"{_OPEN}([a-z]+) ([^{_OPEN}{_SHUT}]*){_SHUT}")
_LONG = re.compile(r"(?<![\w.,#-])[0-9]{5,}(?![\w-])")
_DIGITS = re.compile(r"(?<![.,0-9])[0-9]+")
COUNT = "count"  # the kind of a number of shares or votes
STEP = "step"  # the kind of an event's key with its type, which a reader is told as a sentence
ANY = "any"  # the kind of an id of which the kind is to be found


def told(kind: str, id: Any) -> str:
    """An id of a kind, or a count, as a part of a sentence."""
    return f"{_OPEN}{kind} {id}{_SHUT}"


class Told(str):
    """A sentence as programs have it, with ids, of which a reader can be told the names."""

    __slots__ = ("marked",)
    marked: str

    def __new__(cls, marked: str) -> Self:
        made = super().__new__(cls, plain(marked))
        made.marked = marked
        return made


class Rounded(str):
    """A number that rounding made a round one; a reader is told on which side of it the exact one
    is: ``<5.00``."""

    __slots__ = ("marked",)
    marked: str

    def __new__(cls, text: str, below: bool) -> Self:
        made = super().__new__(cls, text)
        made.marked = f"{'<' if below else '>'}{text}"
        return made


def told_rounded(text: str) -> str:
    """A cell of a table, with the mark of a number that is not as round as it reads."""
    return text.marked if isinstance(text, Rounded) else text


def plain(text: str) -> str:
    """A sentence with ids, and with counts as they are."""
    return _MARKED.sub(lambda found: found[2], text)


def read(text: str, name: Callable[[str, str], str], apart: str = " ") -> str:
    """A sentence with names, and with counts grouped; ``apart`` stands between two that follow one
    another."""
    marked = text.marked if isinstance(text, Told) else text
    marked = marked.replace(f"{_SHUT} {_OPEN}", f"{_SHUT}{apart}{_OPEN}")
    return _MARKED.sub(
        lambda found: counted(found[2]) if found[1] == COUNT else name(found[1], found[2]), marked
    )


def counted(number: str) -> str:
    """A number of shares or votes, whole or a fraction, with its digits grouped."""
    return _DIGITS.sub(lambda found: f"{int(found[0]):,}", number)


def how_many(number: int, noun: str) -> str:
    """Such as ``1 event`` or ``2,000 events``."""
    return f"1 {noun}" if number == 1 else f"{number:,} {noun}s"


def grouped(text: str) -> str:
    """Text in which the digits of every long number are grouped."""
    return _LONG.sub(lambda found: f"{int(found[0]):,}", text)
