"""The rules that events must keep together, checked on append and again on replay.

Each rule is a function of the view of the whole timeline, new events included, and of what is new;
it yields a problem for each new event that cannot stand. A rule never looks at anything else, so
the history that was accepted once is accepted again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ledger.events.envelope import Recorded
from ledger.rules.amendments import amendments_hold, proposals_fit
from ledger.rules.bounds import bounded
from ledger.rules.conditions import conditions_hold, withdrawals_are_in_time
from ledger.rules.conversions import conversions_end
from ledger.rules.fractional import counts_fit
from ledger.rules.instruments import instruments_hold
from ledger.rules.listings import trading_is_resumed
from ledger.rules.local import declarations_hold
from ledger.rules.new_events import NewEvents
from ledger.rules.offers import acceptances_hold
from ledger.rules.par import splits_tell_par
from ledger.rules.parties import parties_agree, parties_exist
from ledger.rules.references import references_exist, registered_once
from ledger.rules.seats import endings_have_beginnings, seats_have_rights, unexplained
from ledger.rules.share_rights import rights_can_end
from ledger.rules.shares import shares_are_there
from ledger.rules.steps import contradicting, steps_agree
from ledger.rules.threads import begun_by_chance
from ledger.rules.voting import votes_hold
from ledger.time.history import History
from ledger.time.log import Log
from ledger.time.view import View
from ledger.values.refusals import Refused
from ledger.values.warnings import Warned

__all__ = ["RULES", "Examination", "Rule", "problems"]

Rule = Callable[[View, NewEvents], Iterator[tuple[Recorded, Refused]]]

RULES: tuple[Rule, ...] = (
    proposals_fit,
    references_exist,
    registered_once,
    amendments_hold,
    counts_fit,
    shares_are_there,
    splits_tell_par,
    steps_agree,
    trading_is_resumed,
    seats_have_rights,
    endings_have_beginnings,
    parties_exist,
    parties_agree,
    conversions_end,
    declarations_hold,
    instruments_hold,
    conditions_hold,
    withdrawals_are_in_time,
    acceptances_hold,
    rights_can_end,
    votes_hold,
)


class Examination:
    """New events held against the rules, in the history that they make with what was before."""

    def __init__(
        self, base: History, new_events: NewEvents, together: History, seen: type[View] = View
    ) -> None:
        self._base, self._new_events = base, new_events.within(together)
        self._view = seen(together)
        new_events.before = seen(base)

    def problems(self) -> Iterator[tuple[Recorded, Refused]]:
        """What is wrong, by position; the first rule broken ends the search."""
        for rule in RULES:
            found = sorted(
                rule(self._view, self._new_events), key=lambda problem: problem[0].position
            )
            if found:
                yield from found
                return

    def warnings(self) -> tuple[Warned, ...]:
        """What a recorder should look at again in accepted events: claims kept, misspellings."""
        return (
            *contradicting(self._view, self._new_events),
            *unexplained(self._view, self._new_events),
            *bounded(self._view, self._new_events),
            *begun_by_chance(self._base, self._new_events),
        )


def problems(
    base: History,
    new: Sequence[Recorded],
    together: History | None = None,
    seen: type[View] = View,
) -> Iterator[tuple[Recorded, Refused]]:
    """What is wrong with new events that follow a history.

    ``together`` is the history with the new events in it, where they are indexed already; else they
    are laid over the base in memory. ``seen`` is the view in which the rules look at it.
    """
    new_events = NewEvents(new, base.position + 1, indexed=together is not None)
    return Examination(base, new_events, together or Log(new, base), seen).problems()
