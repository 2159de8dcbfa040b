"""Whether a party exists on a day: it has ended, was restored, or never ended after all."""

from __future__ import annotations

from ledger.model.fact import Fact
from ledger.model.movements import TABLE
from ledger.time.view import View
from ledger.values.dates import FOREVER

ENDING = ("party-ended", "party-status-changed")
_REVIVING = ("active", "restored")
GAINING = {  # by type: the fields of parties that gain shares, a right, a seat or an office
    **{
        one.type: tuple(
            dict.fromkeys(
                field for legs in one.every_legs for field, sign in legs if field and sign > 0
            )
        )
        for one in TABLE
    },
    "instrument-granted": ("holder",),
    "share-right-granted": ("to",),
    "director-appointed": ("person",),
    "officer-appointed": ("person",),
}
GAINED = frozenset(name for name, fields in GAINING.items() if fields)


def end_of_party(view: View, party: str, before: str) -> Fact | None:
    """The event by which a party has ended before a day; None where it exists, or exists again.

    A restoration as if it had never ended undoes the end on every day. (Companies Act 2006,
    s.1032(1).)
    """
    ended = None
    for fact in _steps(view, party):
        if fact.order[0] >= before:
            break
        if fact.type == "party-ended":
            ended = fact
        elif fact.text("status") in _REVIVING:
            ended = None
    if ended is not None:
        ever = _steps(view.on(FOREVER), party)
        ended = None if any(f.text("as_if_never_ended") == "yes" for f in ever) else ended
    return ended


def _steps(view: View, party: str) -> list[Fact]:
    facts = view.about(f"party:{party}", types=ENDING).counted
    return [fact for fact in facts if fact.need("party") == party]


def gone(view: View, fact: Fact, party: str) -> Fact | None:
    """The event by which a party had ended before it gains something."""
    gains = any(fact.text(field) == party for field in GAINING[fact.type])
    return end_of_party(view, party, fact.order[0]) if gains else None
