"""Vesting: how many shares of a grant or a holding have vested by a day, from its schedule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

from ledger.values.dates import FOREVER, later_by, next_day, parse_days

TERMS = ("vests", "months", "cliff", "every", "vests_from", "vests_while")


@dataclass
class Schedule:
    """A schedule of vesting: a list of days and conditions, or months from a day on.

    By months nothing vests before the ``cliff``, then the floor of the total x months / all months,
    a month being over on the same day or, where there is none, on the last of the month. ``scale``
    is what the numbers of the list are multiplied by, after splits.
    """

    terms: Mapping[str, Any]
    start: str  # from which months count, unless the terms say
    scale: Fraction = Fraction(1)

    @property
    def given(self) -> bool:
        """Whether there is any schedule."""
        return bool(self.terms.get("vests") or self.terms.get("months"))

    def vested(self, total: Fraction, day: str, settled: Mapping[str, str]) -> int:
        """The shares of a total vested at the end of a day; ``settled`` has conditions by day."""
        found = sum((n * self.scale for on, n in self._listed(settled) if on <= day), Fraction())
        if self.terms.get("months"):
            found += total * min(self._months(day), self.months) / self.months
        return floor(min(found, total))

    def next_day(self, day: str, settled: Mapping[str, str]) -> str:
        """The first day after another on which anything vests; FOREVER where nothing more does."""
        coming = [on for on, _ in self._listed(settled) if on > day]
        if self.terms.get("months") and (counted := self._months(day)) < self.months:
            month = max(counted + self._every, self._cliff)
            coming.append(later_by(self.since, month, "months"))
        return min(coming, default=FOREVER)

    @property
    def months(self) -> int:
        """The months after which all has vested."""
        return int(self.terms["months"])

    @property
    def since(self) -> str:
        """The day from which months count."""
        return parse_days(self.terms.get("vests_from", self.start)).last

    def _listed(self, settled: Mapping[str, str]) -> list[tuple[str, int]]:
        found = []
        for one in self.terms.get("vests", ()):
            days = [parse_days(one["on"]).last] if "on" in one else []
            if "condition" in one:
                if one["condition"] not in settled:
                    continue
                days.append(settled[one["condition"]])
            if days:
                found.append((max(days), int(one["shares"])))
        return found

    def _months(self, day: str) -> int:
        return self._counted(months_between(self.since, day))

    def _counted(self, months: int) -> int:
        """The months that count of those that are over."""
        return 0 if months < self._cliff else months - months % self._every

    @property
    def _cliff(self) -> int:
        return int(self.terms.get("cliff", "0"))

    @property
    def _every(self) -> int:
        return int(self.terms.get("every", "1"))


def months_between(first: str, last: str) -> int:
    """The whole months from one day to another; 0 where it is earlier."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    months = (end.year - start.year) * 12 + end.month - start.month
    if end.day < start.day and date.fromisoformat(next_day(last)).day != 1:
        months -= 1
    return max(months, 0)
