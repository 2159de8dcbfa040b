"""Why one fact is preferred to another, in words (the rule itself is ``View.preference``)."""

from __future__ import annotations

from ledger.model.fact import Fact
from ledger.time.cut import named_sources
from ledger.time.view import View


def reason(view: View, best: Fact, rival: Fact) -> str:
    """The first rule of the view's policy that sets a preferred fact above a rival."""
    named = named_sources(view.cut.policy)
    if named and view.weight(best)[0] != view.weight(rival)[0]:
        return "its source comes first in the policy"
    if view.cut.policy == "latest" and best.known.last != rival.known.last:
        return "it became known later"
    if best.rank != rival.rank:
        return f"better standing ({best.standing} over {rival.standing})"
    if best.known.last != rival.known.last:
        return "of equal standing, it became known later"
    return "of equal standing and known on the same day, it was recorded later"


def against_record(view: View, claim: Fact, event: Fact) -> tuple[Fact, str]:
    """The preferred of a claim and an event of the record, the event where they weigh the same."""
    if view.weight(claim) > view.weight(event):
        return claim, reason(view, claim, event)
    if view.weight(claim) < view.weight(event):
        return event, reason(view, event, claim)
    return event, "of equal weight, what the record counts goes before what is said about it"
