"""What a question, an append and a catching up cost may not grow with the ledger: counted, not
timed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

import pytest

from ledger.events.envelope import Recorded
from ledger.rules import Examination, problems
from ledger.rules.new_events import NewEvents
from ledger.time.exclusions import hidden
from ledger.time.history import History
from ledger.time.log import Log
from ledger.time.versions import Standings
from ledger.time.view import Cut, View
from ledger.transparency.merkle import Frontier
from projections.readmodel import index as read_model
from projections.readmodel.index import Index
from projections.readmodel.opening import catch_up as catch_up_to
from projections.readmodel.opening import open_index
from projections.subjects.holdings import TYPES, holdings
from projections.subjects.register_at_cut import RegisterAtCut, register_at_cut
from projections.subjects.timeline import timeline
from tests.counted import votes
from tests.histories import EventList
from tests.projections.readmodel.test_histories import kept, opened

HOLDERS = [f"holder-{n}" for n in range(12)]
LAST = date(2024, 1, 1)


class Cost(NamedTuple):
    """SQL statements run, steps of SQLite's machine in hundreds, events decoded."""

    statements: int
    steps: int
    events: int


def register(movements: int) -> list[Recorded]:
    """A register of twelve holders with a split, a disclosure and as many transfers as asked."""
    parties = [
        ("party-registered", {"party": p, "kind": "other", "name": p}) for p in ("acme", *HOLDERS)
    ]
    created = [("share-class-created", {"share_class": "acme/common", "votes_per_share": "1"})]
    dated = {"share_class": "acme/common", "effective_on": "2000-01-01", "standing": "official"}
    opened = [("register-opened", dated | {"holder": h, "shares": "50000"}) for h in HOLDERS]
    split = [("shares-split", dated | {"ratio": "2:1", "effective_on": "2000-06-01"})]
    said = {"issuer": "acme", "holder": HOLDERS[0], "shares": "1", "share_class": "acme/common"}
    seen = {"effective_on": "2001-02-03", "standing": "reported"}
    disclosed = [("stake-disclosed", said | seen)]
    moved = [transfer(n, LAST - timedelta(days=movements - n)) for n in range(movements)]
    drafts = [*parties, *created, *opened, *split, *disclosed, *moved]
    return [recorded(at_cut, *draft) for at_cut, draft in enumerate(drafts, 1)]


def transfer(number: int, day: date) -> tuple[str, dict[str, Any]]:
    giver, taker = HOLDERS[number % 12], HOLDERS[(number + 5) % 12]
    moved = {"transferor": giver, "transferee": taker, "shares": "1"}
    dated = {"effective_on": day.isoformat(), "standing": "official"}
    return "shares-transferred", moved | dated | {"share_class": "acme/common"}


def recorded(position: int, type_name: str, data: dict[str, Any]) -> Recorded:
    at = f"2025-01-01T00:00:00.{position:06}Z"
    given = {"standing": "official"} | data
    return Recorded(position, "stream", position, "", f"e-{position}", type_name, 1, at, given)


@cache
def _indexed(movements: int, corrections: int) -> tuple[bytes, int]:
    events = register(movements)
    for number in range(corrections):
        known = (LAST + timedelta(days=number)).isoformat()
        for moved in register(movements)[-movements:]:
            said = {"event": moved.key, "changes": [{"field": "shares", "value": str(number)}]}
            new = {"because": "news", "correction": "new-information", "known_on": known}
            events.append(recorded(len(events) + 1, "event-corrected", said | new))
    index = open_index(None, EventList(events))
    return kept(index), index.position


@pytest.fixture
def cost(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Cost]:
    """What some work on a register of so many movements, each corrected so often, costs the read
    model."""

    def counted(movements: int, work: Callable[[Index], Any], corrections: int = 0) -> Cost:
        index = opened(*_indexed(movements, corrections))
        statements, steps, decoded = list[str](), list[int](), list[int]()
        read = read_model.read_state
        monkeypatch.setattr(read_model, "read_state", lambda s: decoded.append(1) or read(s))
        index.connection.set_trace_callback(statements.append)
        index.connection.set_progress_handler(lambda: steps.append(1), 100)
        work(index)
        index.connection.set_trace_callback(None)
        index.connection.set_progress_handler(None, 0)
        monkeypatch.undo()
        return Cost(len(statements), len(steps), len(decoded))

    return counted


def append(draft: Callable[[Index], tuple[str, dict[str, Any]]]) -> Callable[[Index], None]:
    """The rules asked about one event more, and the warnings."""

    def work(index: Index) -> None:
        event = recorded(index.position + 1, *draft(index))
        examined = Examination(index, NewEvents([event], event.position), Log([event], index))
        assert not list(examined.problems())
        assert not examined.warnings()

    return work


def of_day(day: date) -> Callable[[Index], tuple[str, dict[str, Any]]]:
    """A transfer of a day."""
    return lambda _: transfer(1, day)


def correction(days: int) -> Callable[[Index], tuple[str, dict[str, Any]]]:
    """A correction, known later, of a transfer so many days before the last one, or after the first
    one, counted from behind."""

    def draft(index: Index) -> tuple[str, dict[str, Any]]:
        first = len(register(0)) + 1
        position = index.position - days if days >= 0 else first - days
        said = {"changes": [{"field": "shares", "value": "2"}], "because": "read anew"}
        known = {"correction": "new-information", "known_on": LAST.isoformat()}
        return "event-corrected", said | known | {"event": f"e-{position}"}

    return draft


def catch_up(draft: Callable[[Index], tuple[str, dict[str, Any]]]) -> Callable[[Index], None]:
    """One event more filed."""

    def work(index: Index) -> None:
        event = recorded(index.position + 1, *draft(index))
        (peaks,) = index.connection.execute("SELECT peaks FROM read_model").fetchone()
        catch_up_to(index.connection, EventList([event], Frontier(index.position, peaks)))

    return work


def question(ask: Callable[[View], Any], cut: Cut = Cut("2023-12-15")) -> Callable[[Index], Any]:  # noqa: B008
    return lambda index: ask(View(index, cut))


def _excluded(view: View, subject: str) -> None:
    assert hidden(view, [((subject,), TYPES)]).as_of


WORK = {
    "append": append(of_day(LAST)),
    "append-back-dated": append(of_day(LAST - timedelta(days=10))),
    "append-back-dated-years": append(of_day(date(2000, 8, 1))),
    "append-before-the-split": append(of_day(date(2000, 3, 1))),
    "append-correction": append(correction(10)),
    "append-correction-of-years-ago": append(correction(-5)),
    "catch-up": catch_up(of_day(LAST)),
    "catch-up-correction": catch_up(correction(10)),
    "holdings": question(lambda view: holdings(view, "acme", most=None)),
    "holdings-of-a-holder": question(lambda view: holdings(view, None, HOLDERS[1], most=None)),
    "holdings-early": question(lambda view: holdings(view, "acme", most=None), Cut("2010-01-01")),
    "votes": question(lambda view: votes(view, "acme")),
    "what-is-left-out": question(lambda view: _excluded(view, "issuer:acme")),
    "what-is-left-out-early": question(lambda v: _excluded(v, "issuer:acme"), Cut("2010-01-01")),
    "what-is-left-out-of-a-holder": question(lambda view: _excluded(view, f"party:{HOLDERS[1]}")),
    "timeline": question(lambda view: timeline(view, limit=10)),
    "timeline-of-a-class": question(lambda view: timeline(view, "acme/common", limit=10)),
    "timeline-of-an-issuer": question(lambda view: timeline(view, "acme", limit=10)),
    "timeline-of-a-holder": question(lambda view: timeline(view, HOLDERS[1], limit=10)),
}
PASSED_OVER = (
    "append-before-the-split", "timeline-of-a-class", "timeline-of-an-issuer",
    "timeline-of-a-holder",
)  # fmt: skip
SUMMED = "append-back-dated-years", "append-correction-of-years-ago"  # over the later postings
FEW, MANY = 800, 8_000


@pytest.mark.parametrize("name", WORK)
def test_ten_times_the_movements_cost_no_more(name: str, cost: Callable[..., Cost]) -> None:
    small, large = cost(FEW, WORK[name]), cost(MANY, WORK[name])
    if name not in PASSED_OVER:  # for these go over every later day, or place, without its event
        assert large.statements <= small.statements + 2, (small, large)
        if name not in SUMMED:
            assert large.steps <= 2 * small.steps + 10, (small, large)
    assert large.events <= small.events + 2, (small, large)


KNOWN, FLOOR = Cut(known_by=(LAST + timedelta(days=2)).isoformat()), Cut(standing="reported")
CORRECTED = {
    "holdings": question(lambda view: holdings(view, "acme", most=None)),
    "holdings-known-by": question(lambda view: holdings(view, "acme", most=None), KNOWN),
    "votes-known-by": question(lambda view: votes(view, "acme"), KNOWN),
    "what-is-left-out": question(lambda view: hidden(view, [(("issuer:acme",), TYPES)]), KNOWN),
    "what-a-floor-leaves-out": question(lambda v: hidden(v, [(("issuer:acme",), TYPES)]), FLOOR),
    "timeline-known-by": question(lambda view: timeline(view, "acme", limit=10), KNOWN),
    "timeline-of-a-holder": question(lambda view: timeline(view, HOLDERS[1], limit=10), KNOWN),
    "append-correction": WORK["append-correction"],
}


@pytest.mark.parametrize("name", CORRECTED)
def test_four_times_the_corrected_movements_cost_no_more(
    name: str, cost: Callable[..., Cost]
) -> None:
    small, large = cost(50, CORRECTED[name], 5), cost(200, CORRECTED[name], 5)
    assert large.statements <= small.statements + 2, (small, large)
    assert large.events <= small.events + 2, (small, large)


def test_folding_every_movement_costs_ten_times_as_much(cost: Callable[..., Cost]) -> None:
    """The control: what the counts above would be without sums."""

    def replayed(index: Index) -> RegisterAtCut:
        return register_at_cut(View(index), "acme", whole=True)

    small, large = cost(FEW, replayed), cost(MANY, replayed)
    assert large.events > 8 * small.events


def test_what_a_known_date_leaves_out_is_counted_and_not_read(cost: Callable[..., Cost]) -> None:
    def unknown(index: Index) -> None:
        found = hidden(View(index, Cut(known_by="2024-12-31")), [(("issuer:acme",), TYPES)])
        assert found.known_by == found.uncited > 100

    assert cost(MANY, unknown).events <= cost(FEW, unknown).events + 2


def test_a_refusal_costs_no_more_either(cost: Callable[..., Cost]) -> None:
    def refused(index: History) -> None:
        type_name, data = transfer(1, LAST)
        event = recorded(index.position + 1, type_name, data | {"shares": "9999999"})
        assert len(list(problems(index, [event]))) == 1

    assert cost(MANY, refused).events <= cost(FEW, refused).events + 2


def test_a_statement_is_as_long_for_a_thousand_subjects_as_for_one() -> None:
    """SQLite lets a statement have 500 terms, and an expression a depth of 1,000."""
    parties = [f"party-{n}" for n in range(1_001)]
    drafts: list[tuple[str, dict[str, Any]]] = [
        ("party-registered", {"party": one, "kind": "other", "name": one}) for one in parties
    ]
    for position in range(1, len(parties) + 1):
        name = [{"field": "name", "value": f"Corrected {position}"}]
        fixed = {"event": f"e-{position}", "because": "misread", "changes": name}
        drafts.append(("event-corrected", fixed))
    events = [recorded(number, *draft) for number, draft in enumerate(drafts, 1)]
    read, pure = open_index(None, EventList(events)), Log(events)
    assert [*read.named("corrected 99")] == [*pure.named("corrected 99")]
    about = [([f"{kind}:{one}" for one in parties for kind in ("issuer", "party")], TYPES)]
    left = (hidden(View(history, Cut(as_of="2020-01-01")), about) for history in (read, pure))
    assert next(left) == next(left)


def chained(links: int) -> list[Recorded]:
    """A register of one transfer, and corrections each of the one before."""
    before = register(1)
    return before + [
        recorded(len(before) + 1 + link, "event-corrected", {
            "event": f"e-{len(before) + link}", "because": "misread",
            "changes": [{"field": "shares", "value": "2"}],
        })
        for link in range(links)
    ]  # fmt: skip


def test_a_chain_of_corrections_is_found_by_one_statement() -> None:
    def statements(links: int) -> int:
        index, asked = open_index(None, EventList(chained(links))), list[str]()
        index.connection.set_trace_callback(asked.append)
        assert holdings(View(index), "acme").rows
        return len(asked)

    assert statements(60) == statements(240)


def test_a_chain_of_corrections_is_indexed_link_by_link(monkeypatch: pytest.MonkeyPatch) -> None:
    read = list[int]()
    monkeypatch.setattr(Standings, "forget", lambda _, position: read.append(position))

    def forgotten(links: int) -> int:
        read.clear()
        open_index(None, EventList(chained(links)))
        return len(read)

    few, many = forgotten(200), forgotten(400)
    assert 0 < few <= many < 2 * few
