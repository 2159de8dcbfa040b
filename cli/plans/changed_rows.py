"""Rows that differ between two answers, with the whole row on both sides."""

from __future__ import annotations

from dataclasses import dataclass

from cli.labels import Labels
from cli.plans.figures import joined
from projections.rows import DifferenceRow, Row

SIGNS = {"added": "+", "gone": "-", "changed": "~"}
DATES = ("since", "at_latest")  # which alone are no change


@dataclass(frozen=True)
class Change:
    """A row that differs, with the whole row on both sides; an empty one is not there."""

    row: DifferenceRow
    old: Row
    new: Row

    @property
    def either(self) -> Row:
        """The row as it is after, or was before where it is gone."""
        return self.new or self.old

    @property
    def sign(self) -> str:
        return SIGNS[self.row["change"]]

    @property
    def fields(self) -> list[str]:
        """The fields that differ."""
        before, after = self.row["before"] or {}, self.row["after"] or {}
        names = dict.fromkeys([*before, *after])
        return [name for name in names if before.get(name) != after.get(name)]

    @property
    def matters(self) -> bool:
        """Whether more than its dates differ."""
        return bool(set(self.fields) - {*DATES, "standing"})

    def mark(self, labels: Labels, sign: str | None = None) -> str:
        """Its sign, or another in its place, and that of the standing it rests on."""
        given = self.sign if sign is None else sign
        return joined(given, labels.marks.sign(self.either.get("standing")))
