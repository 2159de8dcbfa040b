"""Registers of corrected movements: each version of a movement is posted between its limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.events.envelope import Recorded
from ledger.model.movements import SIGNS
from ledger.model.posted import end_of
from ledger.model.subject import parse_subject
from ledger.rules import problems
from ledger.time.cut import FLOORS
from ledger.time.exclusions import hidden
from ledger.time.log import Log
from ledger.time.versions import FLOOR_NAMES, WHENEVER, Standings
from ledger.time.view import Cut, View
from ledger.values.dates import FOREVER
from projections.analysis.tables import as_dicts, rows
from projections.questions import state
from projections.readmodel.days import day_of
from projections.readmodel.index import Index
from projections.readmodel.postings import NEVER
from projections.subjects.holdings import TYPES, holdings
from projections.subjects.timeline import timeline
from tests import histories
from tests.histories import HOLDERS, Draft
from tests.projections.analysis.test_tables import Told
from tests.projections.readmodel.test_histories import index_of

slow = settings(
    max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
_CLASSES = ("acme/common", "acme/common", "acme/preferred", "boreal/common")
_DAYS = ("2020-03-15", "2020-06-30", "2021-01-01", "2021-06-30", "2022-02-28")
_KNOWN = ("2020-01-01", "2020-06-30", "2021-03-31", "2022-06-30")
_RARELY = {
    "effective_on": ("2021", "unknown"), "known_on": ("2021", "2020-06"),
    "standing": ("unnamed",), "share_class": _CLASSES, "reaffirms": ("event-0", "event-1"),
    "sequence": ("1", "2"), "shares": ("2.5",), "citations": ([{"source": "leak"}],),
}  # fmt: skip
_OFTEN = {
    "shares": ("1", "6", "10"), "effective_on": _DAYS, "standing": ("official", "reported"),
    "transferee": HOLDERS, "transferor": HOLDERS, "holder": HOLDERS, "known_on": _KNOWN,
    "citations": ([{"source": "filing"}], [{"source": "article"}]),
}  # fmt: skip


@st.composite
def corrected(draw: st.DrawFn, most: int = 22) -> list[Draft]:
    """Movements of exact days, and many amendments of them, of one another and of sources."""
    whole, numbers = draw(st.integers(0, 2**24 - 1)), range(draw(st.integers(4, most)))
    found = list(histories.WORLD)
    for place in numbers:
        random, key = Random(whole << 24 | place), f"event-{place}"
        own = found[len(histories.WORLD) :]
        if place < 2 or random.randrange(3) == 0:
            found.append(_movement(random, key))
        elif random.randrange(9) == 0:
            found.append(_other(random, key, own))
        else:
            found.append(_amendment(random, key, own))
    return found


def _movement(random: Random, key: str) -> Draft:
    data: dict[str, Any] = {
        "share_class": random.choice(_CLASSES), "shares": random.choice(("1", "6", "10", "60")),
        "effective_on": random.choice(_DAYS), "standing": random.choice(histories.STANDINGS),
    }  # fmt: skip
    if random.randrange(2):
        name, parties = "shares-transferred", ("transferor", "transferee")
    else:
        name, parties = random.choice(("shares-issued", "shares-cancelled")), ("holder",)
    data |= {party: random.choice(HOLDERS) for party in parties}
    return name, key, data | _evidence(random)


def _evidence(random: Random) -> dict[str, Any]:
    if random.randrange(3) == 0:
        return {"citations": [{"source": random.choice(histories.SOURCES)}]}
    return {"known_on": random.choice(_KNOWN)} if random.randrange(3) == 0 else {}


def _amendment(random: Random, key: str, own: list[Draft]) -> Draft:
    movements = [k for name, k, _ in own if name in SIGNS]
    amended = random.choice([k for _, k, _ in own][-3:] if random.randrange(2) else movements)
    how = random.choice(("clerical", "clerical", "new-information"))
    said = {"event": amended, "because": "on second thoughts", "correction": how}
    said |= _evidence(random) if how == "new-information" else {}
    if random.randrange(6) == 0:
        return "event-retracted", key, said
    if random.randrange(8) == 0:
        cited = [{"source": random.choice(histories.SOURCES)}]
        return "event-corroborated", key, {"event": amended, "citations": cited}
    fields = _RARELY if random.randrange(8) == 0 else _OFTEN
    name = random.choice(list(fields))
    change = {"field": name, "value": random.choice(fields[name])}
    return "event-corrected", key, said | {"changes": [change]}


def _other(random: Random, key: str, own: list[Draft]) -> Draft:
    """News of a source, a split, the end of an event, or of two parties that they are one."""
    source = random.choice(histories.SOURCES)
    dated = {"effective_on": random.choice(_DAYS), "standing": "official"}
    return random.choice(
        (
            ("source-corrected", key,
             {"source": source, "published_on": random.choice(_KNOWN), "because": "misread"}),
            ("source-retracted", key, {"source": source, "because": "withdrawn"}),
            ("shares-split", key, dated | {"share_class": "acme/common", "ratio": "2:1"}),
            ("parties-identified", key,
             {"party": random.choice(HOLDERS[:2]), "same_as": "carol", "because": "one person"}),
            ("action-withdrawn", key, dated | {"event": own[0][1], "because": "given up"}),
        )
    )  # fmt: skip


@slow
@given(st.data())
def test_corrected_registers_are_answered_as_by_the_pure_fold(data: st.DataObject) -> None:
    events = histories.history(data.draw(corrected()))
    batches = data.draw(st.sampled_from((1, 1, 3, 7)))
    ends = [min(-(-event.position // batches) * batches, len(events)) for event in events]
    events = [
        replace(event, recorded_at=events[end - 1].recorded_at)
        for event, end in zip(events, ends, strict=True)
    ]
    index = index_of(events, pieces=data.draw(st.integers(1, 5)) if batches == 1 else 1)
    for _ in range(4):
        cut, count = data.draw(histories.cuts(len(events)))
        count = ends[max(count, 1) - 1]
        read, pure = View(index.at(count), cut), View(Log(events[:count]), cut)
        assert state(read) == state(pure)
        for subject in ("issuer:acme", "issuer:boreal", *(f"party:{one}" for one in HOLDERS)):
            for types in (TYPES, None):
                about = [((subject,), types)]
                assert hidden(read, about) == hidden(pure, about), (subject, types)
        for one in (None, "acme", "bob", "boreal/common"):
            assert timeline(read, one) == timeline(pure, one)


@settings(slow, max_examples=12)
@given(st.data())
def test_an_event_reads_between_its_limits_as_every_view_within_them_has_it(
    data: st.DataObject,
) -> None:
    drawn = [one for one in data.draw(corrected()) if one[0] != "parties-identified"]
    events = histories.history(drawn)  # each id is read as it was recorded
    log = Log(events)
    standings, days = Standings(log), {WHENEVER, FOREVER}
    every = {event.position: standings.of(event) for event in events}
    days |= {day for found in every.values() for one in found for day in one.known}
    for day, (place, floor) in product(sorted(days), enumerate(FLOOR_NAMES)):
        view = View(log, Cut(known_by=day, standing=floor))
        for event in events:
            read = [
                replace(one.fact, depending=None)  # what it waits for is of the view's cut
                for one in every[event.position]
                if one.known[0] <= day < one.known[1] or day == one.known[1] == FOREVER
                if place in range(*one.floors)
            ]
            fact = view.fact(event)
            seen = [replace(fact, depending=None)] if fact else []
            assert read == seen, (event.key, day, floor)


def _account(view: View, issuer: str, account: str) -> str:
    """The id under which answers tell of an account; the issuer's own is empty."""
    own, issuing = view.identities.of(account or issuer), view.identities.of(issuer)
    return "" if own == issuing else own


@slow
@given(st.data())
def test_amendments_laid_over_a_read_model_are_answered_as_by_the_pure_fold(
    data: st.DataObject,
) -> None:
    """What they bear on is taken out of the sums and replayed; also laid over twice."""
    events = histories.history(data.draw(corrected()))
    start, end = sorted(data.draw(st.lists(st.integers(0, len(events)), min_size=2, max_size=2)))
    index = index_of(events[: data.draw(st.sampled_from((start, len(events))))]).at(start)
    laid = Log(events[end:], Log(events[start:end], index))
    for _ in range(4):
        cut, _ = data.draw(histories.cuts(len(events)))
        read, pure = View(laid, cut), View(Log(events), cut)
        assert state(read) == state(pure)
        for subject in ("issuer:acme", "issuer:boreal", *(f"party:{one}" for one in HOLDERS)):
            about = [((subject,), TYPES)]
            assert hidden(read, about) == hidden(pure, about), subject
            issuer, to = parse_subject(subject).id, end_of(FOREVER)
            for of in (posted := read.posted(issuer)).classes:
                every = {at for at in posted.moves() if at[1][0] == of}
                for account in ("", *HOLDERS):
                    if account != _account(read, issuer, account):
                        continue  # its shares are told of under another id
                    own = [shares for _, pair, shares in every if pair == (of, account)]
                    assert posted.shares(of, account, to) == sum(own)
                    assert posted.has_posting(of, account, None, to) == bool(own)


@settings(slow, max_examples=10)
@given(st.data())
def test_the_rules_say_the_same_of_amendments_over_sums_and_of_the_log(data: st.DataObject) -> None:
    """One by one, accepted or refused in the same words, while the register goes on."""
    log, events = Log(), list[Recorded]()
    index, behind = index_of(events), 0
    for draft in data.draw(corrected(most=30)):
        event = histories.made(draft, log)
        if event is None:
            continue
        if len(events) - behind > data.draw(st.integers(0, 5)):
            index, behind = index_of(events), len(events)
        said = [(at.position, str(refused)) for at, refused in problems(log, [event])]
        laid = Log(events[behind:], index)
        assert [(at.position, str(r)) for at, r in problems(laid, [event])] == said
        if not said:
            log.add(event)
            events.append(event)


def test_a_movement_that_reads_otherwise_twice_is_taken_out_of_the_sums_once() -> None:
    """Corrected on the word of a source by what is laid over the read model, and the source by what
    is laid over that."""
    source = {"source": "undated"}
    issued = {
        "share_class": "acme/common",
        "holder": "carol",
        "shares": "60",
        "standing": "official",
    }
    drafts: list[Draft] = [
        ("shares-issued", "issue", {**issued, "effective_on": "2021-06-30"}),
        ("event-corrected", "fewer", {
            "event": "issue", "because": "misread", "correction": "new-information",
            "citations": [source], "changes": [{"field": "shares", "value": "6"}],
            "standing": "official",
        }),
        ("source-corrected", "dated", {
            **source, "because": "misread", "published_on": "2020-01-01", "standing": "official",
        }),
    ]  # fmt: skip
    events = histories.history([*histories.WORLD, *drafts])
    assert [event.key for event in events[-3:]] == ["issue", "fewer", "dated"]
    laid = Log(events[-1:], Log(events[-2:-1], index_of(events[:-2])))
    assert holdings(View(laid)) == holdings(View(Log(events)))


@slow
@given(st.data())
def test_what_is_posted_of_amended_movements_is_what_is_exported(data: st.DataObject) -> None:
    """At every end of the log, with the same limits; and however the log was caught up."""
    events = histories.history(data.draw(corrected()))
    index = index_of(events, pieces=data.draw(st.integers(1, 5)))
    assert list(index.content()) == list(index_of(events).content())
    upto = data.draw(st.integers(len(histories.WORLD), len(events)))
    told = Told(events[:upto])
    exported = [row for one in events[:upto] for row in _exported(told, one)]
    posted = list(_posted(index.at(upto)))
    issuers = ("issuer:acme", "issuer:boreal")
    replayed = {e.position for one in issuers for e in index.at(upto).unposted(one, tuple(SIGNS))}
    days = {WHENEVER, *(day for row in exported for day in row[4:6] if day)}
    for day, floor in product(days, FLOORS.values()):
        kept = {row for row in _at(exported, day, floor) if row[0] not in replayed}
        assert set(_at(posted, day, floor)) == kept


def _at(found: list[tuple[Any, ...]], day: str, floor: int) -> Iterator[tuple[Any, ...]]:
    """What counts at a cut: which movement adds how much to which account on which day."""
    for *moved, known, until, weakest, strongest, delta in found:
        if known <= day < (until or FOREVER) and weakest <= floor <= strongest:
            yield *moved, delta


def _exported(told: Told, event: Recorded) -> Iterator[tuple[Any, ...]]:
    """What the table of movements has of an event and still counts, each holder once."""
    added = Counter[tuple[Any, ...]]()
    for name, row in as_dicts(rows(told, [event])):
        if name == "movements" and row["does"] == "add" and row["recorded_until"] is None:
            holder = row["holder"] if row["holder"] != row["issuer"] else None
            known = row["known_from"] or WHENEVER, row["known_until"]
            limits = *known, row["floor_from"], row["floor_until"]
            kept = event.position, row["share_class"], holder, row["effective_first"], *limits
            added[kept] += int(str(row["delta"]))
    yield from ((*kept, delta) for kept, delta in added.items())


def _posted(index: Index) -> Iterator[tuple[Any, ...]]:
    found = index.connection.execute(
        "SELECT position, c.subject, a.subject, day, known, known_until, floor, floor_until, delta"
        " FROM postings JOIN subjects c ON c.id = class LEFT JOIN subjects a ON a.id = account"
        " WHERE account >= 0 AND since <= :now AND until > :now",
        {"now": index.position},
    )
    for position, of, on, day, known, until, floor, floor_until, delta in found:
        limits = day_of(known), None if until == NEVER else day_of(until), floor, floor_until
        holder = on and parse_subject(on).id
        yield position, parse_subject(of).id, holder, day_of(day), *limits, delta
