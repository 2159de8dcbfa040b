"""What is found while a table is read: refusals with their cells, losses, the mapping in full."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ledger.formats.losses import Loss
from ledger.values.refusals import Refusal, Refused

OR = "  or  "  # between the lines of which one answers a question


class Problem(NamedTuple):
    """Why a cell, a row or the whole table cannot be read.

    A problem of a ``row`` goes away with the row; ``line`` is what to add to the mapping,
    with OR between several.
    """

    refused: Refused
    field: str = ""
    row: int = 0
    line: str = ""


@dataclass
class Findings:
    """Collected over one table; ``said`` is the mapping as it is used."""

    problems: list[Problem] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)
    said: dict[str, Any] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    left_out: set[int] = field(default_factory=set)  # rows that are in no event
    told: set[tuple[int, str]] = field(default_factory=set)  # the rows and fields of refusals
    undecided: set[str] = field(default_factory=set)  # fields whose columns nobody can read yet

    def refuse(
        self,
        refusal: Refusal,
        place: str,
        wrong: str,
        remedy: str,
        field: str = "",
        row: int = 0,
    ) -> None:
        """Note that something cannot be read."""
        self.told.add((row, field))
        self.problems.append(Problem(Refused(refusal, wrong, remedy, place), field, row))

    def ask(self, place: str, wrong: str, *lines: str, field: str = "") -> None:
        """Note a question, which one of some lines of the mapping answers."""
        remedy = f"Add to the mapping: {' or '.join(f'`{line}`' for line in lines)}."
        refused = Refused(Refusal.QUESTION_OPEN, wrong, remedy, place)
        self.problems.append(Problem(refused, field, line=OR.join(lines)))

    def lose(self, loss: Loss, *rows: int) -> None:
        """Note a loss, which touches some rows."""
        self.losses.append(loss)
        self.touched.update(rows)

    @property
    def bad_rows(self) -> dict[int, set[str]]:
        """The rows with something in them that cannot be read, and the fields of that."""
        found: dict[int, set[str]] = {}
        for problem in self.problems:
            if problem.row:
                found.setdefault(problem.row, set()).add(problem.field)
        return found
