"""No account is below zero or holds a fraction at the end of any day, as of any day."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.model.movements import MOVEMENTS
from ledger.model.register import Register
from ledger.rules import problems
from ledger.time.log import Log
from ledger.time.view import Cut, View
from ledger.values.dates import parse_effective
from ledger.values.refusals import Refusal
from ledger.values.share_counts import fits
from tests import histories
from tests.histories import Draft
from tests.ledger.rules.record import (
    COMMON,
    PREFERRED,
    Record,
    correction,
    official,
    retraction,
    transfer,
)

NOT_THERE = Refusal.SHARES_NOT_THERE
BREAKS = Refusal.BREAKS_LATER_EVENT
FRACTION = Refusal.SPLIT_LEAVES_FRACTION


def test_what_is_taken_must_be_there_on_its_own_day() -> None:
    record = Record()
    record.accept(transfer("all", "2020-03-15", "bob", "carol", 600))
    blamed, refusal, words = record.refuse(transfer("more", "2020-03-15", "bob", "carol", 1))
    assert (blamed, refusal) == ("more", NOT_THERE)
    assert words == (
        "shares: On 2020-03-15 bob holds 0 acme/common, not the 1 needed. Correct the number, or"
        " record a source's word as stake-disclosed or claim-recorded. See"
        " `stakebook holdings acme --as-of 2020-03-15`. [R401 shares-not-there]"
    )


@pytest.mark.parametrize(("first", "second"), [({}, {}), ({"sequence": "1"}, {"sequence": "2"})])
def test_only_the_end_of_a_day_counts(first: dict[str, str], second: dict[str, str]) -> None:
    """What comes in on a day may have gone out before, as far as the record tells."""
    sold = transfer("sold", "2020-03-15", "carol", "bob", 10, **first)
    bought = transfer("bought", "2020-03-15", "alice", "carol", 10, **second)
    Record().accept(sold, bought)
    Record(bought).accept(sold)
    late = transfer("bought", "2020-03-16", "alice", "carol", 10)
    assert Record().refuse(sold, late)[:2] == ("sold", NOT_THERE)


def test_what_is_dated_back_must_leave_enough_for_every_later_day() -> None:
    record = Record(transfer("out", "2021-06-30", "alice", "bob", 1000))
    blamed, refusal, words = record.refuse(transfer("early", "2020-03-15", "alice", "carol", 1))
    assert (blamed, refusal) == ("early", BREAKS)
    assert words.startswith(
        'It would leave alice with -1 acme/common on 2021-06-30, when #16 "out"'
        " (shares-transferred) takes effect. Record the missing movement first, correct that event,"
    )
    record.accept(
        transfer("early", "2020-03-15", "alice", "carol", 1),
        transfer("back", "2021-06-30", "carol", "alice", 1),
    )


@pytest.mark.parametrize(
    ("bought", "sold", "cites", "day"),
    [
        ("2020-06-30", "2020-06", "", ""),
        ("2020-07-01", "2020-06", "", "2020-06-30"),
        ("2020-12-31", "2020", "", ""),
        ("2020-02-01", "2020", "filing", ""),
        ("2020-02-02", "2020", "filing", "2020-02-01"),
        ("2020-06-30", "2020-06", "filing", ""),  # the source only announces it
        ("2021-05-31", "2021", "leak", ""),
        ("2021-06-01", "2021", "leak", "2021-05-31"),
        ("2026-01-18", "unknown", "", ""),
        ("2026-01-19", "unknown", "", "2026-01-18"),
        ("2021-05-31", "unknown", "leak", ""),
        ("2021-06-01", "unknown", "leak", "2021-05-31"),
    ],
)
def test_a_date_in_part_counts_from_the_last_day_it_can_mean(
    bought: str, sold: str, cites: str, day: str
) -> None:
    """That is its own last day, the last on which its source was published, or its recording."""
    record = Record(transfer("bought", bought, "alice", "carol", 10))
    cited = {"citations": [{"source": cites}]} if cites else {}
    offered = transfer("sold", sold, "carol", "bob", 10, **cited)
    if not day:
        record.accept(offered)
        return
    blamed, refusal, words = record.refuse(offered)
    assert (blamed, refusal) == ("sold", BREAKS if day > bought else NOT_THERE)
    assert f"On {day} carol holds 0 acme/common, not the 10 needed." in words


def test_of_two_events_in_trouble_on_a_day_the_first_is_told() -> None:
    first = transfer("first", "2020-03-15", "bob", "carol", 601)
    second = transfer("second", "2020-03-15", "alice", "carol", 1001)
    assert Record().refuse(second, first)[0] == "second"
    assert Record().refuse(first, second)[0] == "first"


class TestClassesAndTreasury:
    def test_shares_of_another_class_do_not_help(self) -> None:
        preferred = transfer("sold", "2020-03-15", "alice", "bob", 1, share_class=PREFERRED)
        words = Record().refuse(preferred)[2]
        assert "alice holds 0 acme/preferred, not the 1 needed" in words

    def test_what_is_converted_is_taken_from_one_class_and_given_to_another(self) -> None:
        becomes = {"share_class": PREFERRED, "into_class": COMMON, "holder": "carol"}
        offered = official(
            "shares-converted", "becomes", "2020-03-15", **becomes, shares="60", ratio="2:1"
        )
        record = Record(offered, transfer("sold", "2020-03-15", "carol", "bob", 120))
        assert record.refuse(transfer("more", "2020-03-15", "carol", "bob", 1))[1] is NOT_THERE
        again = ("shares-converted", "again", offered[2] | {"shares": "1"})
        assert "carol holds 0 acme/preferred" in record.refuse(again)[2]

    def test_a_conversion_may_leave_no_fraction(self) -> None:
        becomes = {"share_class": PREFERRED, "into_class": COMMON, "holder": "carol"}
        odd = official("shares-converted", "odd", "2020-03-15", **becomes, shares="5", ratio="1:2")
        blamed, refusal, words = Record().refuse(odd)
        assert (blamed, refusal) == ("odd", FRACTION)
        assert "fractions of acme/common are left: carol 1/2 (4 of 5 divide)." in words

    def test_a_reclassification_leaves_nothing_of_the_old_class(self) -> None:
        becomes = official(
            "shares-reclassified", "becomes", "2020-03-15",
            share_class=PREFERRED, into_class=COMMON,
        )  # fmt: skip
        old = transfer("old", "2021-01-01", "carol", "bob", 1, share_class=PREFERRED)
        assert Record(becomes).refuse(old)[:2] == ("old", NOT_THERE)
        assert Record(old).refuse(becomes)[:2] == ("becomes", BREAKS)
        Record(becomes).accept(transfer("new", "2021-01-01", "carol", "bob", 60))

    def test_the_issuer_can_give_and_cancel_only_what_it_bought_back(self) -> None:
        record, bought = Record(), {"share_class": COMMON, "holder": "bob", "shares": "10"}
        cancelled = official(
            "shares-cancelled", "gone", "2020-06-01", share_class=COMMON, shares="10"
        )
        given = transfer("given", "2020-06-01", "acme", "carol", 10)
        for offered in (cancelled, given):
            words = record.refuse(offered)[2]
            assert "On 2020-06-01 acme (treasury) holds 0 acme/common, not the 10 needed." in words
        record.accept(official("shares-repurchased", "bought", "2020-03-15", **bought))
        record.accept(cancelled)
        assert record.refuse(given)[:2] == ("given", NOT_THERE)


class TestSplits:
    def test_a_split_must_leave_whole_shares_on_every_account(self) -> None:
        merged = official("shares-split", "merged", "2021-01-01", share_class=COMMON, ratio="1:2")
        odd = transfer("odd", "2020-03-15", "alice", "bob", 1)
        blamed, refusal, words = Record(odd).refuse(merged)
        assert (blamed, refusal) == ("merged", FRACTION)
        assert "alice 1/2 (998 of 999 divide), bob 1/2 (600 of 601 divide)." in words
        assert "--fractions down, up, nearest, cash" in words
        blamed, refusal, words = Record(merged).refuse(odd)
        assert (blamed, refusal) == ("odd", FRACTION)
        Record(merged).accept(transfer("even", "2020-03-15", "alice", "bob", 2))

    def test_fractions_may_be_settled_on_the_same_day(self) -> None:
        odd = transfer("odd", "2020-03-15", "alice", "bob", 1)
        merged = official(
            "shares-split", "merged", "2021-01-01", share_class=COMMON, ratio="1:2", sequence="2"
        )
        settled = transfer("settled", "2021-01-01", "bob", "alice", 1, sequence="1")
        Record(odd).accept(merged, settled)

    def test_what_a_later_movement_takes_is_counted_in_split_shares(self) -> None:
        split = official("shares-split", "split", "2021-01-01", share_class=COMMON, ratio="2:1")
        sold = transfer("sold", "2022-01-01", "bob", "alice", 1200)
        blamed, refusal, words = Record(split, sold).refuse(
            transfer("early", "2020-03-15", "bob", "carol", 1)
        )
        assert (blamed, refusal) == ("early", BREAKS)
        assert "leave bob with -2 acme/common on 2022-01-01" in words


class TestTrusts:
    SETTLED = official(
        "trust-settled", "settled", "2020-01-01",
        trust="acme-trust", settlors=["alice"], trustees=["bob"],
        beneficiaries=[{"party": "alice"}], voting="neutral",
    )  # fmt: skip

    def placed(self, shares: int) -> Draft:
        return official(
            "shares-placed-in-trust", "placed", "2020-03-15",
            trust="acme-trust", holder="alice", share_class=COMMON, shares=str(shares),
        )  # fmt: skip

    def released(self, on: str, shares: int) -> Draft:
        return official(
            "shares-released-from-trust", "released", on,
            trust="acme-trust", transferee="bob", share_class=COMMON, shares=str(shares),
            manner="sale",
        )  # fmt: skip

    def test_a_holder_places_what_it_has(self) -> None:
        record = Record(self.SETTLED)
        assert record.refuse(self.placed(1001))[:2] == ("placed", NOT_THERE)
        record.accept(self.placed(1000))

    def test_a_trust_releases_what_was_placed_in_it_and_not_before(self) -> None:
        record = Record(self.SETTLED, self.placed(10))
        words = record.refuse(self.released("2020-06-01", 11))[2]
        assert "On 2020-06-01 acme-trust holds 10 acme/common, not the 11 needed." in words
        assert "acme-trust holds 0" in record.refuse(self.released("2020-03-14", 10))[2]
        record.accept(self.released("2020-03-15", 10))
        blamed, refusal, words = record.refuse(retraction("undone", "placed"))
        assert (blamed, refusal) == ("undone", BREAKS)
        assert "leave acme-trust with -10" in words


class TestAmendments:
    BOUGHT = transfer("bought", "2020-03-15", "alice", "carol", 10)
    SOLD = transfer("sold", "2021-01-01", "carol", "bob", 10)

    @pytest.mark.parametrize(
        "undoing",
        [
            retraction("undo", "bought"),
            correction("undo", "bought", shares="9"),
            correction("undo", "bought", effective_on="2021-01-02"),
            correction("undo", "bought", effective_on="2021"),
            correction("undo", "bought", transferee="boreal"),
            correction(
                "undo", "bought", share_class=PREFERRED, transferor="carol", transferee="bob"
            ),
        ],
        ids=lambda draft: str(draft[2].get("changes", "retracted"))[:60],
    )
    def test_what_a_later_movement_rests_on_stays(self, undoing: Draft) -> None:
        record = Record(self.BOUGHT, self.SOLD)
        blamed, refusal, words = record.refuse(undoing)
        assert (blamed, refusal) == ("undo", BREAKS)
        assert "carol with -" in words
        assert '#17 "sold" (shares-transferred)' in words
        record.accept(undoing, retraction("sold-undone", "sold"))

    def test_a_correction_may_move_a_sale_only_to_where_the_shares_are(self) -> None:
        record = Record(self.BOUGHT, self.SOLD)
        record.accept(correction("earlier", "sold", effective_on="2020-03-15"))
        blamed, refusal, _ = record.refuse(correction("too", "sold", effective_on="2020-03-14"))
        assert (blamed, refusal) == ("too", BREAKS)

    def test_a_correction_of_a_correction_is_looked_at_by_what_it_makes_of_the_event(self) -> None:
        record = Record(self.BOUGHT, self.SOLD, correction("more", "bought", shares="20"))
        record.accept(transfer("rest", "2021-01-01", "carol", "bob", 10))
        blamed, refusal, _ = record.refuse(correction("less", "more", shares="19"))
        assert (blamed, refusal) == ("less", BREAKS)
        assert record.refuse(retraction("no", "more"))[:2] == ("no", BREAKS)
        record.accept(correction("yet-more", "more", shares="21"))

    def test_a_retraction_of_a_retraction_brings_back_what_it_takes(self) -> None:
        record = Record(self.BOUGHT, self.SOLD, retraction("undone", "sold"))
        record.accept(transfer("other", "2020-06-01", "carol", "alice", 10))
        assert record.refuse(retraction("revived", "undone"))[:2] == ("revived", BREAKS)

    def test_a_source_withdrawn_takes_away_what_rests_on_it_alone(self) -> None:
        cited = {"citations": [{"source": "filing"}]}
        bought = (*self.BOUGHT[:2], self.BOUGHT[2] | cited)
        withdrawn = ("source-retracted", "withdrawn", {"source": "filing", "because": "forged"})
        record = Record(bought, self.SOLD)
        assert record.refuse(withdrawn)[:2] == ("withdrawn", BREAKS)
        other = [{"source": "article"}]
        record.accept(("event-corroborated", "also", {"event": "bought", "citations": other}))
        record.accept(withdrawn)

    def test_a_source_published_earlier_dates_back_what_rests_on_it(self) -> None:
        """What a source tells has happened by the day of its publication."""
        sold = transfer("sold", "2021", "carol", "bob", 10, citations=[{"source": "leak"}])
        record = Record(transfer("bought", "2021-03-15", "alice", "carol", 10), sold)
        moved = {"source": "leak", "published_on": "2021-02-01", "because": "misread"}
        blamed, refusal, words = record.refuse(("source-corrected", "earlier", moved))
        assert (blamed, refusal) == ("earlier", BREAKS)
        assert "carol with -10 acme/common on 2021-02-01" in words

    @pytest.mark.parametrize("undoing", ["retracted", "corrected", "withdrawn"])
    def test_a_split_undone_is_missed_by_who_sold_more(self, undoing: str) -> None:
        cited = {"citations": [{"source": "filing"}]}
        split = official(
            "shares-split", "split", "2020-03-15", share_class=COMMON, ratio="2:1", **cited
        )
        record = Record(split, transfer("sold", "2021-01-01", "alice", "bob", 1500))
        offered: Draft = {
            "retracted": retraction("undo", "split"),
            "corrected": correction("undo", "split", ratio="1:1"),
            "withdrawn": ("source-retracted", "undo", {"source": "filing", "because": "forged"}),
        }[undoing]
        blamed, refusal, words = record.refuse(offered)
        assert (blamed, refusal) == ("undo", BREAKS)
        assert "leave alice with -500 acme/common on 2021-01-01" in words

    def test_a_conversion_undone_is_missed_by_who_sold_its_shares(self) -> None:
        becomes = {"share_class": PREFERRED, "into_class": COMMON, "holder": "carol"}
        converted = official("shares-converted", "becomes", "2020-03-15", **becomes, shares="60")
        record = Record(converted, transfer("sold", "2021-01-01", "carol", "bob", 60))
        assert record.refuse(retraction("undo", "becomes"))[:2] == ("undo", BREAKS)


class TestSaidAgain:
    """Of the events that say the same, the first recorded one that certainly took effect counts."""

    BOUGHT = transfer("bought", "2021-01-01", "alice", "carol", 10)
    SOLD = transfer("sold", "2021-06-30", "carol", "bob", 10)

    def again(self, on: str, key: str = "again", of: str = "sold", shares: int = 10) -> Draft:
        return transfer(key, on, "carol", "bob", shares, standing="reported", reaffirms=of)

    @pytest.mark.parametrize("on", ["2021-01-01", "2021-03-31", "2021-06-30", "2021", "2022-01-01"])
    def test_it_takes_the_shares_once(self, on: str) -> None:
        Record(self.BOUGHT, self.SOLD).accept(self.again(on))

    @pytest.mark.parametrize("on", ["2020-03-15", "2020-12-31", "2020-Q4"])
    def test_dated_before_the_first_it_must_find_the_shares_itself(self, on: str) -> None:
        record = Record(self.BOUGHT, self.SOLD)
        blamed, refusal, words = record.refuse(self.again(on))
        assert (blamed, refusal) == ("again", NOT_THERE)
        day = {"2020-Q4": "2020-12-31"}.get(on, on)
        assert f"On {day} carol holds 0 acme/common, not the 10 needed." in words

    def test_it_must_find_as_many_as_it_names(self) -> None:
        record = Record(self.BOUGHT, self.SOLD)
        assert record.refuse(self.again("2021-01-01", shares=11))[:2] == ("again", NOT_THERE)
        record.accept(self.again("2021-06-30", shares=11))

    def test_what_others_take_meanwhile_is_missed_by_it(self) -> None:
        given = transfer("given", "2021-02-01", "carol", "alice", 10)
        back = transfer("back", "2021-06-01", "alice", "carol", 10)
        Record(self.BOUGHT, self.SOLD).accept(given, back)
        record = Record(self.BOUGHT, self.SOLD, self.again("2021-03-31"))
        blamed, refusal, words = record.refuse(given, back)
        assert (blamed, refusal) == ("given", BREAKS)
        assert 'leave carol with -10 acme/common on 2021-03-31, when #18 "again"' in words
        whole = Record(self.BOUGHT, self.SOLD)
        whole.accept(given, back)
        whole.accept(self.again("2021-06-01"))

    def test_what_it_gives_meanwhile_is_gone_with_it(self) -> None:
        """Bob sells in March what the first event gives him in June only."""
        record = Record(
            transfer("out", "2020-01-01", "bob", "alice", 600),
            self.BOUGHT,
            self.SOLD,
            self.again("2021-02-01"),
        )
        assert record.refuse(transfer("on", "2021-03-01", "bob", "alice", 10))[1] is NOT_THERE

    def test_a_chain_hands_over_from_the_last_recorded_to_the_first(self) -> None:
        record = Record(self.BOUGHT, self.SOLD, self.again("2021-03-31"))
        record.accept(self.again("2021-01-01", "first-day", "again"))
        blamed, refusal, _ = record.refuse(self.again("2020-12-31", "too-early", "first-day"))
        assert (blamed, refusal) == ("too-early", NOT_THERE)

    def test_a_correction_of_either_is_looked_at(self) -> None:
        record = Record(self.BOUGHT, self.SOLD, self.again("2021-06-30"))
        blamed, refusal, _ = record.refuse(correction("moved", "again", effective_on="2020-03-15"))
        assert (blamed, refusal) == ("moved", BREAKS)
        more = correction("more", "again", effective_on="2021-03-31", shares="11")
        assert record.refuse(more)[:2] == ("more", BREAKS)
        record.accept(correction("moved", "again", effective_on="2021-01-01"))

    def test_a_first_event_moved_later_leaves_the_other_in_its_place(self) -> None:
        sold = transfer("sold", "2020-01-01", "bob", "carol", 600)
        again = transfer("again", "2020-03-15", "bob", "carol", 601, reaffirms="sold")
        record = Record(sold, again)
        blamed, refusal, words = record.refuse(correction("later", "sold", effective_on="2021"))
        assert (blamed, refusal) == ("later", BREAKS)
        assert 'leave bob with -1 acme/common on 2020-03-15, when #17 "again"' in words
        assert record.refuse(retraction("gone", "sold"))[:2] == ("gone", BREAKS)

    def test_a_split_said_again_earlier_is_looked_at_too(self) -> None:
        odd = transfer("odd", "2020-06-01", "alice", "bob", 1)
        back = transfer("back", "2020-12-31", "bob", "alice", 1)
        merged = {"share_class": COMMON, "ratio": "1:2"}
        record = Record(odd, back, official("shares-split", "merged", "2021-01-01", **merged))
        again = official("shares-split", "again", "2020-07-01", **merged, reaffirms="merged")
        blamed, refusal, words = record.refuse(again)
        assert (blamed, refusal) == ("again", FRACTION)
        assert "On 2020-07-01 fractions of acme/common are left: alice 1/2" in words


_DAYS = (date for date in histories.DATES if parse_effective(date).first == date)
DAYS = sorted({*histories.CUTS, *_DAYS, "2020-02-01"})


def impossible(log: Log) -> Iterator[tuple[str, str, str]]:
    """The accounts that, as of a day, are below zero or hold less than a class counts."""
    for day in DAYS:
        view = View(log, Cut(as_of=day))
        register = Register(around=view.across.around("acme"))
        for fact in view.about("issuer:acme", types=MOVEMENTS).counted:
            register.apply(fact)
        for share_class in histories.CLASSES:
            for account, shares in register.held(share_class).items():
                if shares < 0 or not fits(shares, register.digits(share_class)):
                    yield day, share_class, account


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_no_accepted_history_has_an_impossible_register_as_of_any_day(data: st.DataObject) -> None:
    """Also where every other movement says again what an earlier one told."""
    numbers = data.draw(st.lists(st.integers(0, 2**24 - 1), min_size=10, max_size=30))
    tangled = data.draw(st.integers(0, 3))
    log, random, moved = Log(), Random(numbers[0]), list[str]()
    for type_name, key, fields in histories.drafted(numbers, tangled=not tangled):
        moves = type_name in MOVEMENTS and key.startswith("event-")
        if moves and moved and random.randrange(2):
            fields = fields | {"reaffirms": random.choice(moved)}
        event = histories.made((type_name, key, fields), log)
        if event is not None and not list(problems(log, [event])):
            log.add(event)
            moved += [key] if moves else []
    assert not list(impossible(log))
