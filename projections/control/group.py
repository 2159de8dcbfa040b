"""Groups: who controls a company, and what it controls (docs/arithmetic.md, Control)."""

from __future__ import annotations

from ledger.time.view import View
from projections.answer import Answer
from projections.control.found import Found
from projections.control.group_notes import add_notes
from projections.control.law import Laws
from projections.control.network import TYPES
from projections.control_rows import GroupRow
from projections.subjects.share_rights import LAW


def group(
    view: View,
    company: str,
    digits: int = 2,
    denied_for: str | None = None,
    laws: str | None = None,
) -> Answer[GroupRow]:
    """Who controls a company, and what it controls.

    ``laws`` are those that take votes away, as ``Laws.read`` has them; ``denied_for`` the law for
    which recorded denials count.
    """
    company = view.identities.of(company)
    found = Found(view, company, denied_for, None if laws is None else Laws.read(laws, company))
    answer = Answer[GroupRow](about=[_about(found)])
    answer.rows += [pair.row(digits) for pair in found.pairs()]
    for one in found.structure.electorates:
        answer.add_possible(found.network.company(one).at_cut.possible)
    add_notes(answer, found)
    return answer


def _about(found: Found) -> tuple[list[str], tuple[str, ...]]:
    parties = dict.fromkeys((found.company, *found.structure.electorates))
    return [f"{kind}:{one}" for one in parties for kind in ("issuer", "party")], (*TYPES, *LAW)
