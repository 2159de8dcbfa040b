"""Documents: parts made of tables, terms and words, which every writer of a format reads.

A value that is None is one that a reader would look for and that the record does not tell. It is
written as "not recorded", and the document counts it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal, NamedTuple

from ledger.time.exclusions import About
from ledger.values.quantities import rounded
from ledger.values.share_counts import count_text, digits_of, fits
from projections.told import counted

NOT_RECORDED = "not recorded"
Value = str | int | Fraction | None
Kind = Literal["text", "number", "date", "percent"]
Regime = Literal["uk", "none"]


class Personal(str):
    """Text about a person beside its name, which is left out where persons are not named."""

    __slots__ = ()


class Column(NamedTuple):
    """A column of a table; one that stands ``under`` is printed beneath the one before it."""

    heading: str
    kind: Kind = "text"
    under: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under their columns; ``total`` has the totals of columns by their headings."""

    title: str
    columns: tuple[Column, ...]
    rows: list[tuple[Value, ...]]
    total: dict[str, Value] = field(default_factory=dict)


class Terms(NamedTuple):
    """Values beside what they are the value of."""

    items: list[tuple[str, Value]]


class Words(NamedTuple):
    """A paragraph."""

    text: str


class Notes(NamedTuple):
    """Remarks, one under another."""

    lines: list[str]


class Verbatim(NamedTuple):
    """Lines that are shown as they are."""

    lines: list[str]


class Box(NamedTuple):
    """A sentence that is to be seen first; ``wrong`` where it tells of something wrong."""

    text: str
    wrong: bool = False


class Signatures(NamedTuple):
    """Lines to be signed, by those named."""

    by: list[str]


Block = Table | Terms | Words | Notes | Verbatim | Box | Signatures


@dataclass(frozen=True)
class Part:
    """A part of a document under its own title."""

    title: str
    blocks: list[Block]


@dataclass(frozen=True)
class Document:
    """A register, list or report: what it is called, whose it is, what it is, and its parts."""

    title: str
    company: str
    what: str
    parts: list[Part]
    about: Sequence[About] = ()  # among which events it looked, of which a cut may leave some out

    @property
    def tables(self) -> list[Table]:
        """The tables of all parts, in their order."""
        return [b for part in self.parts for b in part.blocks if isinstance(b, Table)]

    def not_recorded(self) -> Counter[str]:
        """How often the record does not tell what, in the order of the document."""
        return Counter(what for part in self.parts for b in part.blocks for what in _missing(b))

    def reworded(self, words: Callable[[str], str]) -> Document:
        """The same with every text put otherwise."""
        parts = [
            Part(words(part.title), [_reworded(block, words) for block in part.blocks])
            for part in self.parts
        ]
        return Document(words(self.title), words(self.company), words(self.what), parts, self.about)


def _missing(block: Block) -> Iterator[str]:
    match block:
        case Table():
            for row in block.rows:
                yield from (
                    _inside(column.heading)
                    for column, value in zip(block.columns, row, strict=True)
                    if value is None
                )
        case Terms():
            yield from (_inside(term) for term, value in block.items if value is None)
        case _:
            return


def _inside(heading: str) -> str:
    """A heading as it stands within a sentence."""
    return heading[:1].lower() + heading[1:]


def _reworded(block: Block, words: Callable[[str], str]) -> Block:
    def value(one: Value) -> Value:
        if isinstance(one, Personal):
            return "left out"
        return words(one) if isinstance(one, str) else one

    match block:
        case Table():
            rows = [tuple(map(value, row)) for row in block.rows]
            return replace(block, title=words(block.title), rows=rows)
        case Terms():
            return Terms([(term, value(given)) for term, given in block.items])
        case Words() | Box():
            return block._replace(text=words(block.text))
        case Notes() | Verbatim():
            return block._replace(lines=list(map(words, block.lines)))
        case Signatures():
            return Signatures(list(map(words, block.by)))


def shares_value(shares: Fraction, digits: int = 0) -> Value:
    """A number of shares: whole, a decimal where their class counts it, or the exact fraction."""
    if shares.denominator != 1 and fits(shares, digits):
        return counted(count_text(shares, digits))
    return shares.numerator if shares.denominator == 1 else shares


def count_value(number: str) -> Value:
    """A number of shares or votes that is told as text."""
    return counted(number) if digits_of(number) else shares_value(Fraction(number))


def percent_of(part: Fraction, base: Fraction) -> Value:
    """A part of a base in percent, exactly; empty where the base is nothing."""
    return part / base * 100 if base > 0 else ""


def printed(value: Value, kind: Kind) -> str:
    """A value as it is printed: digits grouped, percentages with two digits."""
    match value:
        case None:
            return NOT_RECORDED
        case str():
            return value
        case _ if kind == "percent":
            return rounded(Fraction(value), 2)
        case int():
            return f"{value:,}"
        case Fraction():
            return str(value)
