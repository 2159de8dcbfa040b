"""Where a reader can go on from a company, a party, a thread or an event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from cli.web.addresses import Limits, path_of
from cli.web.page import Entry, Links
from ledger.time.history import subjects_of
from ledger.values.dates import parse_published

if TYPE_CHECKING:
    from ledger.events.envelope import Recorded

REGISTERS = ("members", "directors", "agreements", "chronology", "board-pack")
_OF_COMPANIES = (
    "owners", "power", "group", "radar", "rights", "diluted", "dividends", "meetings", "pending",
    "timeline", "conflicts",
)  # fmt: skip
_OF_PARTIES = ("rights", "group", "pending", "timeline", "conflicts")
_EXPLAINED = ("deal", "investment", "offering", "offer")
_YEAR = timedelta(days=365)
_FEW = 3  # companies that an event names, for each of which it is asked what would be without it


def of_company(limits: Limits, id: str, registered: bool) -> Sequence[Links]:
    """Everything that can be asked of a company; whether it has a register of shares."""
    at = limits.at
    asked = [
        ("As a holder", at(path_of("p", id))), *_asked(limits, id, _OF_COMPANIES),
        ("Classes", at("/classes", {"issuer": [id]})),
        ("Clauses", at(path_of("governance", id), {"clauses": ["1"]})),
        ("Why who controls", at(path_of("explain", "control", id))),
    ]  # fmt: skip
    over_time = [
        changes(limits, id), ("Totals", at(path_of("votes", id), {"totals": ["1"]})),
        ("Chart of capital", at(path_of("chart", id))),
        ("Chart of votes", at(path_of("chart", id), {"measure": ["votes"]})),
        ("Chart of terms", at(path_of("chart", id), {"terms": ["1"]})),
        ("Who came and went", at(path_of("timeline", id), {"kind": ["board"]})),
        *_pictures(limits, id),
    ]  # fmt: skip
    registers = [
        (name.replace("-", " ").capitalize(), at(path_of("register", name, id)))
        for name in REGISTERS
        if registered or name != "members"
    ]
    return [
        Links("Ask", asked), Links("Over time", over_time), Links("Registers", registers),
        Links("What if", [_what_if(limits, f"{one}/{id}") for one in ("holdings", "votes")]),
    ]  # fmt: skip


def of_party(limits: Limits, id: str, issues: bool) -> Sequence[Links]:
    """Everything that can be asked of a party that holds something."""
    company = [("As a company", limits.at(path_of("c", id)))] if issues else []
    indirect = limits.at("/holdings", {"holder": [id], "indirect": ["1"]})
    asked = [*company, *_asked(limits, id, _OF_PARTIES), ("Through others", indirect)]
    over_time = [changes(limits, id), *_pictures(limits, id)]
    supposed = _what_if(limits, f"holdings?{urlencode({'holder': id})}", "Its holdings")
    return [Links("Ask", asked), Links("Over time", over_time), Links("What if", [supposed])]


def of_thread(
    limits: Limits, id: str, kinds: Sequence[str], may_be_pending: bool
) -> Sequence[Links]:
    """Everything that can be asked of a deal, an agreement or another thread of some kinds."""
    asked = [
        ("Why this status", limits.at(path_of("explain", kind, id)))
        for kind in _EXPLAINED
        if kind in kinds
    ]
    if "offer" in kinds:
        asked.append(("Who accepted", limits.at(path_of("offer", id))))
    if "agreement" in kinds:
        asked.append(("Why it was broken", limits.at(path_of("explain", "breach", id))))
    asked += _asked(limits, id, ("pending", "conflicts") if may_be_pending else ("conflicts",))
    return [Links("Ask", [*asked, changes(limits, id)])]


def of_event(limits: Limits, recorded: Recorded, last: int) -> Sequence[Links]:
    """What was recorded next to an event, what changed with it, and what would be without it."""
    near = (("The event before", recorded.position - 1), ("The event after", recorded.position + 1))
    beside = [(words, limits.at(path_of("e", str(n)))) for words, n in near if 0 < n <= last]
    found = [Links("Beside it", beside), Links("What changed", list(_changed(limits, recorded)))]
    named = sorted(subjects_of(recorded.type, recorded.data))
    issuers = [one.partition(":")[2] for one in named if one.startswith("issuer:")][:_FEW]
    without = {"without": [recorded.name], "against": ["recorded"]}
    supposed = [
        (f"{question.capitalize()} of {issuer}", limits.at(path_of(question, issuer), without))
        for issuer in issuers
        for question in ("holdings", "votes", "governance")
    ]
    return [one for one in (*found, Links("Without it", supposed)) if one.entries]


def what_if(limits: Limits, path: str, query: Mapping[str, Sequence[str]]) -> Links:
    """The form in which events are supposed for a question."""
    asked = f"{path}?{urlencode(query, doseq=True)}" if query else path
    return Links("What if", [_what_if(limits, asked, "Further events were recorded")])


def changes(limits: Limits, *ids: str) -> Entry:
    """What is otherwise than a year before."""
    day = date.fromisoformat(limits.cut().as_of)
    before = max(day, date.min + _YEAR) - _YEAR
    return "Changes in a year", _between(limits, before, day, *ids)


def _changed(limits: Limits, recorded: Recorded) -> Iterator[Entry]:
    """All that is otherwise on the last day on which an event can have taken effect."""
    days = parse_published(recorded.data.get("effective_on"))
    first, last = (date.fromisoformat(one) for one in days) if days else (date.min, date.max)
    if days and first > date.min and last < date.max:
        words = "That day" if first == last else "In that time"
        yield words, _between(limits, first - timedelta(days=1), last)


def _between(limits: Limits, before: date, after: date, *ids: str) -> str:
    sides = {"from": [f"as-of={before}"], "to": [f"as-of={after}"]}
    return limits.at(path_of("diff", *ids), sides)


def _asked(limits: Limits, id: str, names: Sequence[str]) -> list[Entry]:
    return [(name.capitalize(), limits.at(path_of(name, id))) for name in names]


def _pictures(limits: Limits, id: str) -> list[Entry]:
    return [("Graph", limits.at(path_of("graph", id))), ("Film", limits.at(path_of("film", id)))]


def _what_if(limits: Limits, ask: str, words: str = "") -> Entry:
    return words or ask.partition("/")[0].capitalize(), limits.at("/what-if", {"ask": [ask]})
