"""What has to be asked about, where only rows that name somebody or something are wanted."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ledger.events.envelope import Recorded
from ledger.model.movements import SIGNS
from ledger.time.history import KINDS, TRUST_TERMS, subjects_of
from ledger.time.identities import IDENTIFYING
from ledger.time.view import View
from projections.questions import COMPARED

_TELLING = tuple({name for question in COMPARED for name in question.types} - set(SIGNS))
_LINKING = {  # what a row about it may name its subject for: a trust for it, another id of it
    **dict.fromkeys(TRUST_TERMS, "trust:"), IDENTIFYING: "party:",
}  # fmt: skip


def related(subject: str, *views: View) -> Collection[str]:
    """The things about which an answer of some views can have a row that names a subject: what it
    is itself, the registers in which it has an account, what any event names beside it; those of
    the trusts for it and of its other ids, and of theirs; and the other ids of all of them."""
    found, pending, seen = set[str](), [subject], set[str]()
    while pending:
        one = pending.pop()
        if one in seen:
            continue
        seen.add(one)
        found |= {f"{kind}:{one}" for kind in KINDS} | {f"issuer:{one.partition('/')[0]}"}
        for view in views:
            found |= {f"issuer:{issuer}" for issuer in view.history.registers_of(one)}
            for event in _telling(view, one):
                fact = view.fact(event)
                for data in (event.data, fact.data if fact else {}):
                    named = subjects_of(event.type, data) if data else set[str]()
                    found |= named
                    if prefix := _LINKING.get(event.type):
                        pending += (n.removeprefix(prefix) for n in named if n.startswith(prefix))
    for view in views:
        found.update(view.identities.widened(found))
    return found


def _telling(view: View, one: str) -> Iterator[Recorded]:
    """The events that name it, but for the movements that are known by their sums."""
    for kind in KINDS:
        yield from view.history.mentioning(f"{kind}:{one}", (*_TELLING, IDENTIFYING))
    for kind in ("party", "issuer"):
        yield from view.history.unposted(f"{kind}:{one}", SIGNS)
