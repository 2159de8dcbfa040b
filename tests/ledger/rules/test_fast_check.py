"""The fast check says "surely" of nothing in which the rules find anything wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.events.envelope import Recorded
from ledger.model.movements import MOVEMENTS
from ledger.rules import problems
from ledger.rules.fast_check import FastCheck
from ledger.time.log import Log
from projections.readmodel.rebuild import rebuilt_read_model
from tests import histories
from tests.histories import Draft
from tests.ledger.rules.record import (
    COMMON,
    PREFERRED,
    correction,
    official,
    reported,
    retraction,
    transfer,
)


class Replay:
    """A log replayed batch by batch, as the audit does it."""

    def __init__(self, folder: Path) -> None:
        self._opened = rebuilt_read_model(folder / "x.views.db", "test")
        self._fresh = self._opened.__enter__()
        self._check, self.log = FastCheck(), Log()

    def close(self) -> None:
        self._opened.__exit__(None, None, None)

    def made(self, batch: Sequence[Draft]) -> list[Recorded]:
        """The next events, whatever the rules say of them."""
        together = Log((), self.log)
        for draft in batch:
            event = histories.made(draft, together)
            if event is not None:
                together.add(event)
        positions = range(self.log.position + 1, together.position + 1)
        return [together.mentioning(f"position:{position}")[0] for position in positions]

    def take(self, batch: Sequence[Recorded]) -> tuple[bool, bool]:
        """Whether the fast check is sure of the next batch, and whether the rules accept it."""
        sound = not list(problems(self.log, batch))
        replayed = self._fresh.file(batch)
        before, at = self.log.position, self._fresh.at
        sure = self._check.is_valid(batch, replayed, at, before)
        if not sure:
            self._check.forget(batch, at(batch[-1].position))
        for event in batch:
            self.log.add(event)
        return sure, sound


@contextmanager
def replay(*given: Draft) -> Iterator[Replay]:
    """A replay that has come as far as some events, all of which are sound."""
    with TemporaryDirectory() as folder:
        found = Replay(Path(folder))
        try:
            for draft in (*histories.WORLD, *given):
                assert found.take(found.made([draft]))[1], draft
            yield found
        finally:
            found.close()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_what_it_is_sure_of_is_sound(data: st.DataObject) -> None:
    """Random histories in batches, of plain movements too many or of everything, up to the first
    batch that is unsound."""
    numbers = data.draw(st.lists(st.integers(0, 2**24 - 1), min_size=5, max_size=40))
    kind = data.draw(st.integers(0, 7))
    random, amends = Random(numbers[0]), kind > 1
    drafts = histories.drafted(numbers, amendments=amends, tangled=kind > 5)[len(histories.WORLD) :]
    moved: list[str] = []
    with replay() as found:
        while drafts:
            size = random.choice((1, 1, 2, 5))
            batch, drafts = drafts[:size], drafts[size:]
            if amends:
                batch = [_again(draft, random, moved) for draft in batch]
            events = found.made(batch)
            if not events:
                continue
            sure, sound = found.take(events)
            assert sound or not sure
            if not sound:
                return
            moved += [event.key for event in events if event.type in MOVEMENTS]


def _again(draft: Draft, random: Random, moved: Sequence[str]) -> Draft:
    """Some movements say again what an earlier one told."""
    type, key, data = draft
    if type not in MOVEMENTS or not moved or random.randrange(3):
        return draft
    return type, key, data | {"reaffirms": random.choice(moved)}


SPLIT = official("shares-split", "split", "2021-01-01", share_class=COMMON, ratio="2:1")
OPENED = official(
    "negotiation-opened", "opened", "2020-03-15",
    deal="merger", parties=["alice", "bob"], about="a merger",
)  # fmt: skip
COMPLETED = official("deal-completed", "completed", "2020-06-01", deal="merger")
GRANTED = official("board-seat-granted", "granted", "2020-03-15", company="boreal", party="alice")
SEATED = {"company": "boreal", "person": "bob", "nominated_by": "alice"}
BOUGHT = transfer("bought", "2021-01-01", "alice", "carol", 10)
SOLD = transfer("sold", "2021-06-30", "carol", "bob", 10)
AGAIN = transfer("again", "2021-03-31", "carol", "bob", 10, reaffirms="sold")
SOURCE = {"source": "news", "title": "n", "kind": "press", "publisher": "P", "published_on": "2020"}
PARTY = {"party": "alice", "kind": "other", "name": "Alice"}


@pytest.mark.parametrize(
    ("given", "batch"),
    [
        ([], [transfer("last", "2020-01-01", "bob", "carol", 600)]),
        ([], [transfer("out", "2021-01-01", "bob", "carol", 600), BOUGHT]),
        ([BOUGHT], [SOLD]),
        ([SPLIT], [transfer("late", "2021-01-02", "bob", "alice", 1200)]),
        ([BOUGHT, SOLD, AGAIN], [transfer("late", "2021-07-01", "alice", "carol", 1)]),
        ([], [official("shares-issued", "new", "2020-01-01", share_class=COMMON, holder="bob",
                       shares="5")]),
        ([], [("source-registered", "news", SOURCE)]),
        ([], [("party-registered", "once-more", PARTY)]),
        ([OPENED], [COMPLETED]),
        ([GRANTED], [official("director-appointed", "sits", "2020-03-15", **SEATED)]),
        ([COMPLETED], [reported("deal-abandoned", "press", "2021-01-01", deal="merger")]),
    ],
    ids=lambda drafts: ",".join(key for _, key, _ in drafts) or "world",
)  # fmt: skip
def test_it_is_sure_of_what_is_plain(given: list[Draft], batch: list[Draft]) -> None:
    """The control: the checks below do not pass because it is never sure of anything."""
    with replay(*given) as found:
        assert found.take(found.made(batch)) == (True, True)


@pytest.mark.parametrize(
    ("given", "batch"),
    [
        ([], [transfer("one-more", "2020-01-01", "bob", "carol", 601)]),
        ([], [transfer("too-early", "2019-12-31", "bob", "carol", 1)]),
        ([BOUGHT], [transfer("day-before", "2020-12-31", "carol", "bob", 10)]),
        ([BOUGHT, SOLD], [transfer("before-sale", "2021-06-29", "carol", "bob", 1)]),
        ([SPLIT], [transfer("late", "2021-01-02", "bob", "alice", 1201)]),
        ([], [transfer("one", "2021-01-01", "bob", "carol", 400),
              transfer("two", "2021-01-01", "bob", "alice", 201)]),
        ([], [transfer("treasury", "2021-01-01", "acme", "bob", 1)]),
        ([], [transfer("class", "2021-01-01", "alice", "bob", 1, share_class=PREFERRED)]),
        ([], [transfer("nobody", "2021-01-01", "alice", "dora", 1)]),
        ([], [transfer("no-class", "2021-01-01", "alice", "bob", 1, share_class="acme/b")]),
        ([], [transfer("no-source", "2021-01-01", "alice", "bob", 1,
                       citations=[{"source": "news"}])]),
        ([retraction("gone", "party-boreal")], [transfer("r", "2021-01-01", "alice", "boreal", 1)]),
        ([], [("party-registered", "other", PARTY | {"name": "Alicia"})]),
        ([], [("source-registered", "other", SOURCE | {"source": "filing"})]),
        ([COMPLETED], [official("deal-abandoned", "too", "2021-01-01", deal="merger")]),
        ([COMPLETED], [official("deal-abandoned", "before", "2020-03-15", deal="merger")]),
        ([], [official("director-appointed", "sits", "2020-03-15", **SEATED)]),
        ([GRANTED], [official("director-appointed", "early", "2020-03-14", **SEATED)]),
        ([], [official("shares-split", "odd", "2021-01-01", share_class=COMMON, ratio="1:7")]),
        ([BOUGHT], [transfer("part", "2020-Q4", "carol", "bob", 10)]),
        ([BOUGHT, SOLD], [retraction("undo", "bought")]),
        ([BOUGHT, SOLD], [correction("less", "bought", shares="9")]),
        ([BOUGHT, SOLD], [transfer("again", "2020-03-15", "carol", "bob", 10, reaffirms="sold")]),
        ([BOUGHT, SOLD, AGAIN],
         [transfer("lent", "2021-02-01", "carol", "alice", 10),
          transfer("back", "2021-06-01", "alice", "carol", 10)]),
        ([BOUGHT, official("deal-completed", "done", "2021-06-30", deal="merger"),
          transfer("again", "2021-03-31", "carol", "bob", 10, reaffirms="done")],
         [transfer("lent", "2021-02-01", "carol", "alice", 10),
          transfer("back", "2021-06-01", "alice", "carol", 10)]),
        ([], [official("listing-changed", "resumed", "2021-01-01", share_class=COMMON,
                       venue="Paris", status="resumed")]),
        ([], [("note-added", "same", {"subject": "acme", "text": "a", "reaffirms": "same"})]),
    ],
    ids=lambda drafts: ",".join(key for _, key, _ in drafts) or "world",
)  # fmt: skip
def test_it_leaves_near_misses_to_the_rules(given: list[Draft], batch: list[Draft]) -> None:
    with replay(*given) as found:
        assert found.take(found.made(batch)) == (False, False)


@pytest.mark.parametrize(
    ("given", "batch"),
    [
        ([], [SPLIT]),
        ([SPLIT], [transfer("before", "2020-06-01", "bob", "alice", 1)]),
        ([SPLIT], [transfer("same-day", "2021-01-01", "bob", "alice", 1)]),
        ([], [transfer("part", "2021", "alice", "bob", 1)]),
        ([BOUGHT, SOLD], [AGAIN]),
        ([BOUGHT, SOLD, AGAIN], [transfer("meanwhile", "2021-04-01", "alice", "carol", 1)]),
        ([BOUGHT], [retraction("gone", "bought")]),
        ([], [("source-corrected", "moved", {"source": "filing", "because": "misread",
                                              "published_on": "2020-02-02"})]),
    ],
    ids=lambda drafts: ",".join(key for _, key, _ in drafts) or "world",
)  # fmt: skip
def test_it_leaves_what_is_not_plain_to_the_rules(given: list[Draft], batch: list[Draft]) -> None:
    with replay(*given) as found:
        assert found.take(found.made(batch)) == (False, True)


def test_it_follows_what_amendments_make_of_an_account() -> None:
    """What it remembers of an issuer and of what is known is read anew after them."""
    with replay(BOUGHT, SOLD, retraction("unsold", "sold")) as found:
        assert found.take(found.made([transfer("sold-2", "2021-06-30", "carol", "bob", 10)])) == (
            True,
            True,
        )
        assert found.take(found.made([retraction("back", "unsold")])) == (False, False)
    more = correction("more", "bought", shares="20")
    with replay(BOUGHT, SOLD, more) as found:
        assert found.take(found.made([transfer("rest", "2021-06-30", "carol", "bob", 11)]))[0] is (
            False
        )
    with replay(BOUGHT, SOLD, more) as found:
        assert found.take(found.made([transfer("rest", "2022-06-30", "carol", "bob", 10)]))[1]
