"""How differences between two answers are written: as JSON, as CSV, as a screen for a person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cli.labels import How, Labels
from cli.plans.diff import DiffPlan, stands
from cli.question import question_fields, supposed_fields
from cli.render import render, write_json
from cli.screen import Screen
from ledger.time.view import View
from projections.answer import Answer
from projections.changes.diff import Differences
from projections.rows import Row

_COLUMNS = ("answer", "about", "row", "change", "field", "before", "after", "events")


def write_differences(answer: Differences, cut: dict[str, Any], form: str, title: str) -> None:
    """Write differences to standard output, as JSON or as CSV."""
    if form == "json":
        write_json(
            {
                **supposed_fields(),
                "cut": question_fields() | cut,
                "rows": answer.rows,
                "possible": answer.on_a_side,
                "notes": answer.notes,
            }
        )
        return
    lines = [line for row in answer.rows for line in _lines(row)]
    lines += map(_possible_line, answer.on_a_side)
    render(Answer[Any](lines, [], answer.notes), None, form, title, _COLUMNS)


def differences_screen(
    answer: Differences, now: View, plan: DiffPlan, how: How, flat: bool
) -> Screen:
    """The differences as a person reads them, in the names of the later side."""
    labels = Labels(now, how, flat)
    screen = plan.screen(answer, labels)
    if labels.again():
        screen = plan.screen(answer, labels)
    notes = [*screen.notes, *labels.marks.legend()]
    return replace(screen, notes=notes, ids=labels.ids if plan.full else [])


def _fields(row: Row) -> list[str]:
    return list(dict.fromkeys([*(row["before"] or {}), *(row["after"] or {})]))


def _possible_line(row: Row) -> Row:
    """The line of an event that is possible on a side, among those of rows."""
    about = {"answer": "possible", "about": row["event"], "row": row["what"], "change": "changed"}
    states = {side: stands(row[side]) for side in ("before", "after")}
    return about | {"field": "stands"} | states | {"events": [row["event"]]}


def _lines(row: Row) -> list[Row]:
    """A line for each field that differs, the events told once."""
    old, new = row["before"] or {}, row["after"] or {}
    lines: list[Row] = []
    for name in _fields(row) or [""]:
        fields = {"field": name or None, "before": old.get(name), "after": new.get(name)}
        kept = {n: row[n] for n in ("answer", "about", "row", "change")}
        lines.append(kept | fields | {"events": row["events"] if not lines else []})
    return lines
