"""Groups: who controls a company, and what it controls (docs/arithmetic.md, Control)."""

from __future__ import annotations

from ledger.time.view import View
from projections.answer import Answer
from projections.control.found import Asked, Found
from projections.control.group_notes import add_notes
from projections.control.law import Laws
from projections.control.network import TYPES
from projections.control.over_time import MOST_DAYS, OverTime
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
    walk = OverTime(view, Asked(company, denied_for, counted))
    spells, found = walk.all() if over_time else walk.current(), walk.found
    answer = Answer[GroupRow](about=[_about(found)])
    answer.rows += [spell.row(digits) for spell in spells]
    if walk.is_cut and any(row["since"] is None for row in answer.rows):
        answer.note(
            f"Control can have changed on more than {MOST_DAYS} days: the last ones were looked at,"
            " and what began before them has no day."
        )
    for one in found.structure.electorates:
        answer.add_possible(found.network.company(one).at_cut.possible)
    add_notes(answer, found)
    return answer


def _about(found: Found) -> tuple[list[str], tuple[str, ...]]:
    parties = dict.fromkeys((found.company, *found.structure.electorates))
    return [f"{kind}:{one}" for one in parties for kind in ("issuer", "party")], (*TYPES, *LAW)
