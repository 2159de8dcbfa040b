"""Rule sets as files: those of the release lie in ``rules/``, a file for each jurisdiction.

A user's own file has the same form. A rule of one id may have several versions, of which one at
most is valid on a day.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from ledger.values.dates import BEGINNING, FOREVER, parse_partial
from ledger.values.refusals import Refusal, Refused, shown
from projections.radar.percentages import parse_percentage
from projections.radar.rule import (
    ATTRIBUTION,
    BASES,
    BY,
    CERTAINTIES,
    FROM,
    PASSIVE,
    SUBJECTS,
    TESTS,
    UNITS,
    Applies,
    Deadline,
    Rule,
)

_FIELDS = frozenset([
    "id", "jurisdiction", "law", "source", "certainty", "off", "remark", "valid_from", "valid_to",
    "begins", "subject", "applies", "base", "thresholds", "steps", "test", "above", "between", "by",
    "months", "amount", "up", "down", "rounding", "attribution", "attribution_of_votes",
    "attribution_source", "passive", "duty", "deadline", "form",
])  # fmt: skip
_NONE, _ALL = Fraction(), Fraction(100)


@cache
def built_in() -> tuple[Rule, ...]:
    """The rules of the release, by jurisdiction and id."""
    folder = files("projections.radar") / "rules"
    found: list[Rule] = []
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".json"):
            found += parse_rules(json.loads(file.read_text("utf-8")), file.name)
    return tuple(found)


def parse_rules(data: Any, name: str) -> tuple[Rule, ...]:
    """The rules of a file, in its order; Refused where one is no rule, or two are valid at once."""
    if not isinstance(data, list) or not data:
        raise Refused(
            Refusal.BAD_SHAPE, "It is no list of rules.", "Begin each with `- id: ...`.", name
        )
    rules = tuple(_Reader(one, f"{name}, rule {n}").rule() for n, one in enumerate(data, 1))
    for rule in rules:
        for other in rules:
            if other is not rule and other.id == rule.id and other.is_valid(rule.valid_from):
                raise Refused(
                    Refusal.FIELDS_DISAGREE,
                    f"Two versions of {shown(rule.id)} are valid on {rule.valid_from}.",
                    "Let each end, by valid_to, on the day before the next one begins.",
                    name,
                )
    return rules


class _Reader:
    """Reads one rule from plain data, every scalar as text."""

    def __init__(self, data: Any, place: str) -> None:
        if not isinstance(data, Mapping):
            raise Refused(
                Refusal.BAD_SHAPE, f"{shown(data)} is no rule.", "Begin it with `id: ...`.", place
            )
        self._data, self._place = data, place

    def rule(self) -> Rule:
        """The rule, all of its fields known and of their kinds."""
        unknown = sorted(self._data.keys() - _FIELDS, key=str)
        if unknown:
            raise self._bad(unknown[0], "no field of a rule", f"Use: {', '.join(sorted(_FIELDS))}.")
        id, test = self._text("id"), self._one("test", TESTS, "crossing")
        source = self._part("source")
        bases = tuple(self._all("base", BASES))
        rule = Rule(
            id=id, law=self._text("law"), duty=self._text("duty"), deadline=self._deadline(),
            bases=bases, jurisdiction=self._text("jurisdiction", ""),
            source=str(source.get("address", "")), read_on=str(source.get("read_on", "")),
            certainty=self._one("certainty", CERTAINTIES, "own"),
            off=self._text("off", ""), remark=self._text("remark", ""),
            valid_from=self._day("valid_from", BEGINNING), valid_to=self._day("valid_to", FOREVER),
            begins=self._yes("begins"), subject=self._one("subject", SUBJECTS, "any"),
            applies=self._applies(), thresholds=self._thresholds(), test=test,
            above=self._percent("above", _NONE), between=self._between(),
            by=self._percent("by", _NONE), months=self._count("months", 12),
            amount=self._text("amount", ""), up=self._one("up", (">", ">="), ">="),
            down=self._one("down", ("<", "<="), ""),
            rounding=self._one("rounding", ("down-to-whole",), ""),
            attribution=tuple(self._all("attribution", ATTRIBUTION, ())),
            attribution_of_votes=tuple(self._all("attribution_of_votes", ATTRIBUTION, ())),
            attribution_source=self._text("attribution_source", ""),
            passive=self._one("passive", PASSIVE, "counts"), form=self._text("form", ""),
        )  # fmt: skip
        self._check(rule)
        return rule

    def _check(self, rule: Rule) -> None:
        if rule.valid_to < rule.valid_from:
            raise self._bad("valid_to", "before valid_from", "Give the later day.")
        if rule.test == "crossing" and not rule.thresholds and "value" not in rule.bases:
            raise self._bad("thresholds", "missing", "Give thresholds, or steps.")
        if rule.test in ("change", "creep") and not rule.by:
            raise self._bad("by", "missing", "Give the points by which a percentage has to change.")

    def _thresholds(self) -> tuple[Fraction, ...]:
        found = {self._parsed("thresholds", one) for one in self._many("thresholds")}
        if steps := self._part("steps"):
            start, end, by = (self._parsed("steps", steps.get(n, "")) for n in ("from", "to", "by"))
            while start <= end:
                found.add(start)
                start += by
        return tuple(sorted(found))

    def _between(self) -> tuple[Fraction, Fraction]:
        if not (given := self._many("between")):
            return _NONE, _ALL
        if len(given) != 2:
            raise self._bad("between", "not two percentages", "Write [30, 50].")
        low, high = (self._parsed("between", one) for one in given)
        return low, high

    def _deadline(self) -> Deadline:
        data = self._part("deadline")
        if "number" not in data:
            text = str(data.get("text", ""))
            if not text:
                raise self._bad("deadline", "missing", "Give number, unit and from; or text.")
            return Deadline(None, text=text)
        reader = _Reader(data, f"{self._place}, deadline")
        return Deadline(
            reader._count("number", 0),
            reader._one("unit", UNITS, "calendar-days"),
            reader._one("from", FROM, "crossing"),
            reader._count("deemed", 0),
            reader._yes("rolls"),
        )

    def _applies(self) -> Applies:
        if not (data := self._part("applies")):
            return Applies()
        reader = _Reader(data, f"{self._place}, applies")
        listed = reader._one("listed", ("yes", "no", "any"), "any")
        return Applies(
            reader._one("by", BY, "seat"),
            tuple(str(one) for one in reader._many("in")),
            {"yes": True, "no": False}.get(listed),
            tuple(str(one).casefold() for one in reader._many("venues")),
        )

    def _text(self, name: str, default: str | None = None) -> str:
        value = self._data.get(name, default)
        if not isinstance(value, str) or (default is None and not value):
            raise self._bad(name, "missing" if value is None else "no text", f"Give {name}.")
        return value

    def _one(self, name: str, choices: Sequence[str], default: str) -> Any:
        value = self._text(name, default)
        if value not in (*choices, default):
            raise self._bad(name, shown(value), f"Use one of: {', '.join(choices)}.")
        return value

    def _many(self, name: str) -> list[Any]:
        value = self._data.get(name, [])
        return value if isinstance(value, list) else [value]

    def _all(
        self, name: str, choices: Sequence[str], default: Sequence[str] | None = None
    ) -> list[str]:
        found = self._many(name)
        if not found and default is None:
            raise self._bad(name, "missing", f"Give one or more of: {', '.join(choices)}.")
        for one in found:
            if one not in choices:
                raise self._bad(name, shown(one), f"Use: {', '.join(choices)}.")
        return found

    def _part(self, name: str) -> Mapping[str, Any]:
        value = self._data.get(name, {})
        if not isinstance(value, Mapping):
            raise self._bad(name, "no mapping", f"Write {name} as fields of its own.")
        return value

    def _yes(self, name: str) -> bool:
        return bool(self._one(name, ("yes", "no"), "no") == "yes")

    def _day(self, name: str, default: str) -> str:
        text = self._text(name, default)
        try:
            days = parse_partial(text)
        except Refused as refused:
            raise self._bad(name, refused.wrong, refused.remedy) from None
        if days.first != days.last:
            raise self._bad(name, f"{shown(text)} is not one day", "Write 2024-02-05.")
        return text

    def _count(self, name: str, default: int) -> int:
        text = self._text(name, str(default))
        if not text.isascii() or not text.isdigit() or len(text) > 4:
            raise self._bad(name, f"{shown(text)} is no small whole number", "Write 4.")
        return int(text)

    def _percent(self, name: str, default: Fraction) -> Fraction:
        return self._parsed(name, self._data[name]) if name in self._data else default

    def _parsed(self, name: str, text: Any) -> Fraction:
        try:
            return parse_percentage(str(text))
        except Refused as refused:
            raise self._bad(name, refused.wrong, refused.remedy) from None

    def _bad(self, name: str, what: str, remedy: str) -> Refused:
        return Refused(Refusal.BAD_SHAPE, f"{name}: {what.rstrip('.')}.", remedy, self._place)
