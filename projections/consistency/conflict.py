"""A conflict: facts that cannot all be true, and how it is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from ledger.model.fact import Fact, ids_of
from ledger.values.dates import in_words
from projections.rows import ConflictRow

Kind = Literal["value", "register", "order", "done", "step"]
SETTLE: dict[Kind, str] = {
    "value": "first-hand evidence that gives it: a filing, the contract, the register",
    "register": "an extract of the register for that day, or the movement that is missing",
    "order": "dated evidence of both events",
    "done": "dated evidence of when it took effect",
    "step": "evidence of the step itself, or a correction of the one that is wrong",
}


class Statement(NamedTuple):
    """What a fact says on the matter in dispute."""

    fact: Fact
    value: str


class Conflict(NamedTuple):
    """Facts that cannot all be true, the one preferred, and the rule that prefers it."""

    subject: str
    attribute: str
    kind: Kind
    statements: Sequence[Statement]
    preferred: Fact
    why: str


def is_of(found: Conflict, subject: str) -> bool:
    """Whether a conflict is about an id, or any fact of it names the id in one of its fields."""
    return subject == found.subject or any(
        subject in ids_of(statements.fact) for statements in found.statements
    )


def _worded(fact: Fact, value: str) -> str:
    when = in_words(fact.since, fact.at_latest)
    return f"{value} ({fact.key}, {fact.standing}, {when}, known {fact.known_on})"


def row_of(found: Conflict) -> ConflictRow:
    return {
        "subject": found.subject,
        "attribute": found.attribute,
        "kind": found.kind,
        "claims": [
            {
                "event": fact.key,
                "type": fact.type,
                "value": value,
                "effective_on": fact.since,
                "at_latest": fact.at_latest,
                "known_on": fact.known_on,
                "standing": fact.standing,
                "sources": [cited.source for cited in fact.citations],
            }
            for fact, value in found.statements
        ],
        "claimed": [_worded(*one) for one in found.statements],
        "preferred": found.preferred.key,
        "why": found.why,
        "settle": SETTLE[found.kind],
    }
