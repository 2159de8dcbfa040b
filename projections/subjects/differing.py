"""The figures of disclosures and assertions that agree with the register on none of their days."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from projections.subjects.checked_figures import CheckedFigure
from projections.subjects.register_at_cut import CHECKS, RegisterAtCut


def differing(at_cut: RegisterAtCut, types: Collection[str] = CHECKS) -> Iterator[CheckedFigure]:
    """The figures of some types that agree with the register on no day that they are dated by."""
    then = dict[str, RegisterAtCut | None]()  # each day once, however many figures cover it
    for checked in at_cut.checked:
        wrong = checked.fact.type in types and checked.agrees is False
        if wrong and not _once_agreed(at_cut, checked, then):
            yield checked


def _once_agreed(
    at_cut: RegisterAtCut, checked: CheckedFigure, then: dict[str, RegisterAtCut | None]
) -> bool:
    """Whether a figure of a month, a year, ... agrees with the register on some day of it."""
    dated = checked.fact.effective
    if dated is None or dated.first == dated.last:
        return False
    days = {dated.first, *at_cut.days_moved(dated)}
    for day in sorted(days):
        if day not in then:
            then[day] = at_cut.on(day)
        walked = then[day]
        figures = walked.figures(checked.fact) if walked else ()
        if any(one.agrees for one in figures if one.figure == checked.figure):
            return True
    return False
