"""Impact: which answers new events change, before and after, on the days they bear on."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.dates import FOREVER
from ledger.envelope import Recorded
from ledger.history import History, Log
from ledger.rules.news import News
from ledger.view import Cut, View
from projections.answer import Row
from projections.compared import ASKED, differing

MOST_DAYS = 12


def changes(before: History, after: Log, new: Sequence[Recorded]) -> list[Row]:
    """The rows of answers that differ, on each day the new events take effect and at the end.

    Each says the day, the answer, the row, and the fields that differ with their value before and
    after; a row that comes or goes has all its fields, with None on the other side. A change that
    was said for an earlier day is not said again.
    """
    news = News(new, after)
    asked = [(one, id) for one in ASKED for id in news.touched(f"{one.kind}:")]
    found: list[Row] = []
    said: list[Row] = []
    for day in _days(after, new):
        then, now = View(before, Cut(as_of=day)), View(after, Cut(as_of=day))
        for one, id in asked:
            for row in differing(one.ask(then, id), one.ask(now, id), one):
                change = {"answer": f"{one.name} {id}"} | row
                if change not in said:
                    said.append(change)
                    found.append({"as_of": "the end" if day == FOREVER else day} | change)
    return found


def _days(after: Log, new: Sequence[Recorded]) -> list[str]:
    view = View(after)
    facts = [fact for event in new if (fact := view.fact(event)) is not None]
    days = sorted({fact.order[0] for fact in facts if fact.effective is not None})
    return [*days[-MOST_DAYS:], FOREVER]
