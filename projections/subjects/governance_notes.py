"""What is told beside those who govern: who is held over, and what was approved or refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ledger.model.fact import Fact
from ledger.time.view import View
from projections.told import STEP, told

APPROVALS = ("approval-granted", "approval-refused")
ELECTIONS = ("resolution-voted",)


def holdover_notes(view: View, company: str, sitting: Iterable[Fact]) -> Iterator[str]:
    """Of directors who were not re-elected and stay in office all the same."""
    voted = view.about(f"party:{company}", types=ELECTIONS).counted
    held_over = {
        person: vote
        for vote in voted
        if vote.text("holdover") == "yes"
        for person in vote.many("elects")
    }
    for fact in sitting:
        vote = held_over.get(fact.text("person") or "")
        if vote is not None and vote.order > fact.order:
            person, event = told("party", fact.need("person")), told("event", vote.key)
            yield (
                f"{person} was not re-elected {vote.on} ({event}) and stays until a successor is"
                " chosen."
            )


def approval_notes(view: View, subjects: Iterable[str]) -> Iterator[str]:
    """What was approved or refused by a company, or of its deals and agreements."""
    for fact in view.about(*subjects, types=APPROVALS).counted:
        yield f"{told(STEP, f'{fact.key} ({fact.type})')} {fact.on}."
