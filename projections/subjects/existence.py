"""What answers say of a party that has ended, was restored, or whose standing in law changed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ledger.time.existence import ENDING, end_of_party
from ledger.time.view import View
from ledger.values.dates import FOREVER
from projections.answer import Answer
from projections.told import told


def note_existence(answer: Answer[Any], view: View, party: str) -> None:
    """Say that a party has ended, was restored as if it never had, or is in liquidation or the
    like."""
    whose, end = told("party", party), end_of_party(view, party, FOREVER)
    facts = [
        f for f in view.about(f"party:{party}", types=ENDING).counted if f.need("party") == party
    ]
    if end is not None:
        answer.note(f"{whose} ended {end.on} ({told('event', end.key)}).")
        return
    restored = next((f for f in facts if f.text("as_if_never_ended") == "yes"), None)
    if restored is not None:
        gone = next((f for f in facts if f.type == "party-ended"), None)
        since = f"dissolved {gone.on}, " if gone else ""
        answer.note(f"{whose} was {since}restored {restored.on} as if it had never ended.")
    elif facts and (status := facts[-1].text("status")) not in (None, "active", "restored"):
        words = str(status).replace("-", " ")
        answer.note(f"{whose} is {words} since {facts[-1].when} ({told('event', facts[-1].key)}).")


def note_voters(answer: Answer[Any], view: View, holders: Collection[str]) -> None:
    """Say of holders that have ended, or of which a member has, who may cast their votes.

    Nobody votes for an ended holder until another is registered. Joint holders vote by the first
    named who votes. (Companies Act 2006, s.286.)
    """
    for party in sorted({fact.need("party") for fact in view.every(("party-ended",)).certain}):
        end = end_of_party(view, party, FOREVER)
        if end is None:
            continue
        if party in holders:
            answer.note(
                f"Not known: who may cast the votes of {told('party', party)}, which ended"
                f" {end.on}; nobody else is registered for its shares."
            )
        for joint in view.about(f"party:{party}", types=("party-registered",)).certain:
            members = joint.many("members")
            if party in members and joint.need("party") in holders:
                left = [one for one in members if end_of_party(view, one, FOREVER) is None]
                whose = told("party", joint.need("party"))
                by = f"{told('party', left[0])} votes" if left else "nobody is left to vote"
                answer.note(f"{told('party', party)} ended {end.on}: {by} for {whose}.")
