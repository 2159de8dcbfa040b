"""The rules that events must keep together, checked on append and again on replay.

Each rule is a function of the view of the whole timeline, new events included, and of what is new;
it yields a problem for each new event that cannot stand. A rule never looks at anything else, so
the history that was accepted once is accepted again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ledger.envelope import Recorded
from ledger.history import History, Log
from ledger.refusals import Refused
from ledger.rules.amendments import amendments_hold
from ledger.rules.news import News
from ledger.rules.references import references_exist, registered_once
from ledger.rules.seats import seats_have_rights, unexplained
from ledger.rules.shares import shares_are_there
from ledger.rules.steps import contradicting, steps_agree
from ledger.rules.threads import begun_by_chance
from ledger.view import View

__all__ = ["RULES", "Rule", "broken", "problems", "warnings"]

Rule = Callable[[View, News], Iterator[tuple[Recorded, Refused]]]

RULES: tuple[Rule, ...] = (
    references_exist,
    registered_once,
    amendments_hold,
    shares_are_there,
    steps_agree,
    seats_have_rights,
)


def problems(
    base: History, new: Iterable[Recorded], together: History | None = None
) -> Iterator[tuple[Recorded, Refused]]:
    """What is wrong with new events that follow a history; the first rule broken ends the search.

    ``together`` is the history with the new events in it, where they are filed already; else they
    are laid over the base in memory.
    """
    filed = together is not None
    together = Log(new, base) if together is None else together
    yield from broken(View(together), News(new, together, base.position + 1, filed=filed))


def broken(view: View, news: News) -> Iterator[tuple[Recorded, Refused]]:
    """What is wrong with the news in a view; the first rule broken ends the search."""
    for rule in RULES:
        found = sorted(rule(view, news), key=lambda problem: problem[0].position)
        if found:
            yield from found
            return


def warnings(together: History, base: History, new: Iterable[Recorded]) -> tuple[str, ...]:
    """What a recorder should look at again in accepted events: kept claims, likely misspellings."""
    view, news = View(together), News(new, together, base.position + 1)
    return (
        *contradicting(view, news),
        *unexplained(view, news),
        *begun_by_chance(base, news),
    )
