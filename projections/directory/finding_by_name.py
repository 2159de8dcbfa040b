"""Rows of a directory: found by a text in them, or a gap where there are none."""

from __future__ import annotations

from ledger.model.named import wanted
from ledger.values.names import folded
from projections.answer import Answer, RowType


def has(text: str, *where: str) -> bool:
    part = wanted(text)
    return any(part in folded(one) or part in one.casefold() for one in where)


def having(text: str) -> str:
    return f" with {text!r} in its name" if text else ""


def or_gap(answer: Answer[RowType], what: str) -> Answer[RowType]:
    if not answer.rows:
        answer.gap(f"no event at this cut tells of a {what}")
    return answer
