"""Claims: what sources say of things that have no type of their own, side by side."""

from __future__ import annotations

from ledger.model.fact import Fact
from ledger.time.view import View
from ledger.values.dates import overlap, place_of
from ledger.values.refusals import Unhandled
from projections.answer import Answer, qualified
from projections.rows import ClaimRow
from projections.subjects.printed_values import may_agree
from projections.told import ANY, told

TYPES = ("claim-recorded", "note-added")
SIGNED = "signed-on"  # an attribute with one value at all times: when an agreement was signed


def claims(view: View, subject: str) -> Answer[ClaimRow]:
    """The claims about a subject at the cut; the preferred one marked.

    Two claims disagree when they give one attribute, in one unit, at times that overlap, values
    that differ beyond their printed precision and qualifiers.
    """
    answer = Answer[ClaimRow](about=[((f"subject:{subject}",), TYPES)])
    found = view.about(f"subject:{subject}", types=TYPES)
    answer.add_possible(found.possible)
    facts, remarks = list[Fact](), list[Fact]()
    for fact in found.certain:
        match fact.type:
            case "claim-recorded":
                facts.append(fact)
            case "note-added":
                remarks.append(fact)
            case _:
                raise Unhandled(fact.type, "the question of claims")
    for fact in facts:
        rivals = [other for other in facts if disagree(fact, other)]
        best = max([fact, *rivals], key=view.preference)
        preferred = best is fact or not disagree(fact, best)
        answer.rows.append(_row(fact, preferred, len(rivals)))
    for attribute in sorted({fact.need("attribute") for fact in facts}):
        _note_rivals(answer, view, subject, [f for f in facts if f.need("attribute") == attribute])
    answer.rows.sort(
        key=lambda row: (row["attribute"], place_of(row["effective_on"]), row["events"])
    )
    for remark in sorted(remarks, key=lambda fact: fact.listed):
        answer.note(f"{remark.need('text')} ({told('event', remark.key)})")
    if not answer.rows:
        answer.gap(f"no event at this cut claims anything about {told(ANY, subject)}")
    return answer


def disagree(one: Fact, other: Fact) -> bool:
    """Whether two claims cannot both be true as they are worded."""
    if one.text("attribute") != other.text("attribute") or one.text("unit") != other.text("unit"):
        return False
    if "tells" in one.data and "tells" in other.data:
        return False  # words about an event: whether it had happened, told at two times
    if nature(one) != nature(other):
        return False  # a fact may miss its target and its forecast
    if one.text("attribute") != SIGNED and not overlap(one.effective, other.effective):
        return False
    ours, theirs = one.need("value"), other.need("value")
    return not may_agree(
        ours, one.data.get("qualifier", ""), theirs, other.data.get("qualifier", "")
    )


def _row(fact: Fact, preferred: bool, others: int) -> ClaimRow:
    return {
        "subject": fact.need("subject"),
        "attribute": fact.need("attribute"),
        "value": fact.need("value"),
        "unit": fact.text("unit"),
        "qualifier": fact.data.get("qualifier", "exactly"),
        "claimed": claimed(fact),
        "nature": nature(fact),
        "speaker": fact.text("speaker"),
        "person": fact.text("person"),
        "effective_on": fact.since,
        "at_latest": fact.at_latest,
        "known_on": fact.known_on,
        "standing": fact.standing,
        "sources": [cited.source for cited in fact.citations],
        "preferred": preferred,
        "others": others,
        "events": [fact.key],
        "note": fact.text("note"),
    }


def _note_rivals(answer: Answer[ClaimRow], view: View, subject: str, facts: list[Fact]) -> None:
    """One note for the claims of an attribute that disagree: each value with who says it."""
    rivals = [f for f in facts if any(disagree(f, other) for other in facts)]
    if not rivals:
        return
    stated: dict[str, list[str]] = {}
    for fact in sorted(rivals, key=view.preference, reverse=True):
        stated.setdefault(claimed(fact), []).append(fact.key)
    words = "; ".join(
        f"{told('figures', value)} ({', '.join(told('event', key) for key in sorted(who))})"
        for value, who in stated.items()
    )
    attribute = told("words", facts[0].need("attribute"))
    answer.note(
        f"Sources disagree on {attribute} of {told(ANY, subject)}: {words}."
        f" Preferred is {told('figures', next(iter(stated)))}."
    )


def nature(fact: Fact) -> str:
    """What kind of claim it is: a fact, a target, a forecast or an opinion."""
    return fact.text("nature") or "fact"


def claimed(fact: Fact) -> str:
    """What a claim says, with its qualifier and unit: ``about 10000 people``."""
    words = qualified(fact.need("value"), fact.text("qualifier"))
    return f"{words} {fact.text('unit')}" if fact.text("unit") else words
