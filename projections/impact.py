"""Impact: which answers new events change, before and after, on the days they bear on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ledger.dates import FOREVER
from ledger.envelope import Recorded
from ledger.history import History, Log
from ledger.rules.news import News
from ledger.view import Cut, View
from projections.answer import Answer, Row
from projections.claims import claims
from projections.deals import deals
from projections.governance import governance
from projections.holdings import holdings
from projections.votes import votes


class Asked(NamedTuple):
    """A question whose answers are compared: what identifies a row, and what of it is shown."""

    name: str
    kind: str
    ask: Callable[[View, str], Answer]
    identity: tuple[str, ...]
    shown: tuple[str, ...]


_SEATS = ("kind", "party", "person", "role", "agreement", "clause")
_STATUS = ("status", "amount", "expected")
ASKED = (
    Asked(
        "holdings", "issuer", holdings, ("share_class", "holder"), ("shares", "percent", "basis")
    ),
    Asked("votes", "issuer", votes, ("holder",), ("votes", "exercisable", "after_caps")),
    Asked("governance", "party", governance, _SEATS, ("since", "until", "percent", "text")),
    *(
        Asked("deals", kind, deals, ("kind", "subject"), _STATUS)
        for kind in ("deal", "investment", "offering", "project")
    ),
    Asked("claims", "subject", claims, ("attribute", "events"), ("value", "preferred")),
)
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
            for row in _differences(one.ask(then, id), one.ask(now, id), one):
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


def _differences(then: Answer, now: Answer, asked: Asked) -> list[Row]:
    before, after = _by(then, asked), _by(now, asked)
    found = []
    for row in dict.fromkeys([*before, *after]):
        ours, theirs = before.get(row, {}), after.get(row, {})
        fields = {
            name: [ours.get(name), theirs.get(name)]
            for name in asked.shown
            if ours.get(name) != theirs.get(name)
        }
        if fields or row not in before or row not in after:
            found.append({"row": row, "fields": fields})
    return found


def _by(answer: Answer, asked: Asked) -> dict[str, Row]:
    return {_words(row, asked.identity): row for row in answer.rows}


def _words(row: Row, names: Sequence[str]) -> str:
    given = (row.get(name) for name in names)
    return " ".join(";".join(v) if isinstance(v, list) else str(v) for v in given if v is not None)
