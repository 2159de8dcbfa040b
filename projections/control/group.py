"""Groups: who controls a company, and what it controls (docs/arithmetic.md, Control)."""

from __future__ import annotations

from ledger.time.view import View
from projections.answer import Answer
from projections.control.found import Asked, Found
from projections.control.group_notes import add_notes
from projections.control.law import Laws
from projections.control.network import TYPES
from projections.control.over_time import OverTime, row_of
from projections.control_rows import GroupRow
from projections.subjects.share_rights import LAW


def group(
    view: View,
    company: str,
    digits: int = 2,
    denied_for: str | None = None,
    laws: str | None = None,
    over_time: bool = False,
) -> Answer[GroupRow]:
    """Who controls a company, and what it controls, since when; ``over_time`` also who did before.

    ``laws`` are those that take votes away, as ``Laws.read`` has them; ``denied_for`` the law for
    which recorded denials count.
    """
    company = view.identities.of(company)
    counted = None if laws is None else Laws.read(laws, company)
    walked = OverTime.of(view, Asked(company, denied_for, counted), current=not over_time)
    found, first = walked.found, walked.spans.first
    answer = Answer[GroupRow](about=[_about(found)])
    times = walked.spans.found if over_time else walked.current()
    answer.rows += [row_of(span, digits) for span in times]
    if first is not None and (over_time or any(row["since"] is None for row in answer.rows)):
        answer.note(f"Changes before {first} are not looked at: there are very many.")
    for one in found.structure.electorates:
        answer.add_possible(found.network.company(one).at_cut.possible)
    add_notes(answer, found)
    return answer


def _about(found: Found) -> tuple[list[str], tuple[str, ...]]:
    parties = dict.fromkeys((found.company, *found.structure.electorates))
    return [f"{kind}:{one}" for one in parties for kind in ("issuer", "party")], (*TYPES, *LAW)
