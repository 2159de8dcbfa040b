"""What sums over postings say of accounts is what the register says, walked day by day."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.model.movements import MOVEMENTS
from ledger.model.register import violations
from ledger.rules.shares import splits_of
from ledger.time.log import Log
from ledger.time.view import View
from projections.readmodel.validity import MOST_UNITS
from tests import histories
from tests.histories import Draft
from tests.ledger.rules.record import COMMON, official, transfer
from tests.projections.readmodel.test_histories import index_of

_PARTIES = "alice", "bob", "carol", "acme"
_DAYS = "2020-03-15", "2020-03-16", "2020-06-30"
_RATIOS = "2:1", "1:2", "3:2", "1:10", "7:3", "4:1"
_days, _parties = st.sampled_from(_DAYS), st.sampled_from(_PARTIES)
_moves = st.tuples(_days, _parties, _parties, st.sampled_from([1, 6, 10, 100, 600]))
_splits_drawn = st.tuples(_days, st.sampled_from(_RATIOS))


def split(key: str, on: str, ratio: str) -> Draft:
    """A split of the common shares."""
    return official("shares-split", key, on, share_class=COMMON, ratio=ratio)


def unchecked(*drafts: Draft) -> list[histories.Recorded]:
    """The events of drafts after those of the world, whatever the rules say."""
    events = histories.history(histories.WORLD)
    log = Log(events)
    for draft in drafts:
        event = histories.made(draft, log)
        if event is not None:
            log.add(event)
            events.append(event)
    return events


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(_moves, _splits_drawn), max_size=12))
def test_accounts_are_sound_by_sums_as_by_the_register(drawn: list[tuple[object, ...]]) -> None:
    drafts = []
    for n, one in enumerate(drawn):
        if len(one) == 2:
            drafts.append(split(f"d{n}", str(one[0]), str(one[1])))
        elif one[1] != one[2]:
            day, giver, taker, shares = one
            drafts.append(transfer(f"d{n}", str(day), str(giver), str(taker), int(str(shares))))
    events = unchecked(*drafts)
    view, pure = View(index_of(events)), View(Log(events))
    facts, around = view.unposted("issuer:acme", MOVEMENTS).counted, view.across.around("acme")
    splits = splits_of(facts, around)
    assert splits is not None
    every = pure.about("issuer:acme", types=MOVEMENTS).counted
    found = next(violations(every, pure.across.around("acme")), None)
    assert view.posted("acme").valid(splits) == (found is None)


@pytest.mark.parametrize("ratio", ["1:9000001", "9000001:1", f"{MOST_UNITS * 10}:7"])
def test_units_too_small_for_sums_are_left_to_the_register(ratio: str) -> None:
    view = View(index_of(unchecked(split("fine", "2020-03-15", ratio))))
    facts, around = view.unposted("issuer:acme", MOVEMENTS).counted, view.across.around("acme")
    splits = splits_of(facts, around)
    assert splits
    assert not view.posted("acme").valid(splits)


def test_sums_that_do_not_fit_are_left_to_the_register() -> None:
    """Each posting fits into 64 bits, and their sum does not."""
    many = [
        official(
            "shares-issued", f"i{n}", "2020-03-15", share_class=COMMON, holder="bob",
            shares=str(10**12),
        )
        for n in range(3)
    ]  # fmt: skip
    drafts = [*many, split("one", "2020-06-30", "9000000:1")]
    view = View(index_of(unchecked(*drafts)))
    facts, around = view.unposted("issuer:acme", MOVEMENTS).counted, view.across.around("acme")
    splits = splits_of(facts, around)
    assert splits
    assert not view.posted("acme").valid(splits)
