"""A director nominated by a party sits in a seat which that party has the right to fill."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.values.refusals import Refusal
from tests.histories import Draft
from tests.ledger.rules.record import Record, correction, official, reported, retraction

WITHOUT_RIGHT = Refusal.SEAT_WITHOUT_RIGHT


def granted(on: str = "2020-03-15", seats: int = 1, key: str = "granted", **fields: Any) -> Draft:
    given = {"company": "boreal", "party": "alice", "seats": str(seats)}
    return official("board-seat-granted", key, on, **given | fields)


def withdrawn(on: str, seats: int = 1, **fields: Any) -> Draft:
    given = {"company": "boreal", "party": "alice", "seats": str(seats)}
    return official("board-seat-withdrawn", "withdrawn", on, **given | fields)


def appointed(key: str, on: str, person: str | None = None, **fields: Any) -> Draft:
    named = {"person": person} if person else {}
    nominee = {"company": "boreal", "nominated_by": "alice"}
    return official("director-appointed", key, on, **nominee | named | fields)


def left(key: str, on: str, **fields: Any) -> Draft:
    return official("director-left", key, on, company="boreal", **fields)


def test_a_nominee_needs_a_seat() -> None:
    blamed, refusal, words = Record().refuse(appointed("bob-sits", "2020-03-15", "bob"))
    assert (blamed, refusal) == ("bob-sits", WITHOUT_RIGHT)
    assert words == (
        "nominated_by: On 2020-03-15 alice has the right to fill 0 seat(s) on the board of boreal;"
        " this appointment would make 1 nominee(s). Record board-seat-granted or director-left"
        " first, or leave nominated_by out and say it as claim-recorded."
        " See `stakebook governance boreal --as-of 2020-03-15`. [R502 seat-without-right]"
    )


def test_as_many_sit_as_there_are_seats() -> None:
    record = Record(granted(seats=2), appointed("one", "2020-03-15", "bob"))
    record.accept(appointed("two", "2020-03-15", "carol"))
    assert record.refuse(appointed("three", "2020-03-15"))[0] == "three"
    blamed, _, words = record.refuse(appointed("three", "2020-06-01"))
    assert blamed == "three"
    assert "right to fill 2 seat(s) on the board of boreal; this appointment would make 3" in words


def test_rights_add_up_and_belong_to_one_party_at_one_company() -> None:
    record = Record(granted(), granted(key="more"))
    record.accept(appointed("one", "2020-03-15"), appointed("two", "2020-03-15"))
    for other in ({"nominated_by": "carol"}, {"company": "acme"}):
        assert record.refuse(appointed("other", "2020-03-15", **other))[1] is WITHOUT_RIGHT


def test_who_nobody_nominated_needs_no_right() -> None:
    given = {"company": "boreal", "person": "bob"}
    Record().accept(official("director-appointed", "free", "2020-03-15", **given))


def test_only_the_end_of_a_day_counts() -> None:
    record = Record(granted("2020-03-15", sequence="9"))
    record.accept(appointed("one", "2020-03-15", "bob", sequence="1"))
    record.accept(
        appointed("two", "2020-06-01", "carol"), left("bob-left", "2020-06-01", person="bob")
    )
    assert record.refuse(appointed("three", "2020-06-01"))[0] == "three"


def test_a_right_of_the_next_day_is_none() -> None:
    assert Record(granted("2020-03-16")).refuse(appointed("one", "2020-03-15"))[0] == "one"


def test_who_is_appointed_again_takes_one_seat() -> None:
    Record(granted(), appointed("one", "2020-03-15", "bob")).accept(
        appointed("again", "2021-01-01", "bob", role="chair")
    )


def test_an_unnamed_nominee_leaves_when_one_of_the_party_does() -> None:
    record = Record(granted(), appointed("unnamed", "2020-03-15"))
    next_one = appointed("next", "2020-12-31", "carol")
    assert record.refuse(next_one)[0] == "next"
    record.accept(left("named-then", "2020-06-01", person="bob", nominated_by="alice"))
    record.accept(next_one)


@pytest.mark.parametrize("on", ["2020-12-31", "2020-Q4"])
def test_an_appointment_dated_back_needs_the_right_of_its_day(on: str) -> None:
    record = Record(granted("2020-01-01"), withdrawn("2020-06-30"))
    blamed, _, words = record.refuse(appointed("late", on, "bob"))
    assert blamed == "late"
    assert "On 2020-12-31 alice has the right to fill 0 seat(s)" in words
    record.accept(
        appointed("in-time", "2020-03-15", "bob"), left("out", "2020-06-30", person="bob")
    )


def test_an_appointment_dated_back_may_fill_the_seat_of_a_later_one() -> None:
    record = Record(granted(), appointed("later", "2021-01-01", "bob"))
    blamed, _, words = record.refuse(appointed("earlier", "2020-06-01", "carol"))
    assert blamed == "earlier"
    assert "On 2021-01-01 alice has the right to fill 1 seat(s)" in words
    assert "#17 later would make 2 nominee(s)" in words
    record.accept(
        appointed("earlier", "2020-06-01", "carol"), left("gone", "2020-12-31", person="carol")
    )


def test_a_right_withdrawn_under_who_sits_is_told_by_the_next_appointment_only() -> None:
    """A withdrawal is a fact; who then sits without a seat is shown, and blocks a further one."""
    record = Record(granted(), appointed("one", "2020-03-15", "bob"), withdrawn("2020-06-30"))
    assert record.refuse(appointed("two", "2020-12-31", "carol"))[0] == "two"


@pytest.mark.parametrize(
    "undoing",
    [
        retraction("undo", "granted"),
        correction("undo", "granted", effective_on="2020-06-01"),
        correction("undo", "granted", effective_on="2020"),
        correction("undo", "granted", party="carol"),
        correction("undo", "granted", company="acme"),
        correction("undo", "sits", effective_on="2020-03-14"),
        correction("undo", "sits", nominated_by="carol"),
    ],
    ids=lambda draft: str(draft[2].get("changes", "retracted"))[:60],
)
def test_an_amendment_leaves_each_nominee_a_seat(undoing: Draft) -> None:
    record = Record(granted(), appointed("sits", "2020-03-15", "bob"))
    blamed, refusal, words = record.refuse(undoing)
    assert (blamed, refusal) == ("undo", WITHOUT_RIGHT)
    assert "#17 sits would make 1 nominee(s)" in words
    record.accept(retraction("gone", "sits"))


class TestStanding:
    def test_what_a_newspaper_says_is_kept_and_told(self) -> None:
        (words,) = Record().accept(
            reported(
                "director-appointed", "press", "2020-03-15",
                company="boreal", person="bob", nominated_by="alice",
            )
        )  # fmt: skip
        assert words == (
            "#16 (reported) is kept as what its source says; alice has the right to fill 0 seat(s)"
            " on the board of boreal, and this would make 1."
        )

    def test_what_a_newspaper_says_neither_gives_a_seat_nor_takes_one(self) -> None:
        record = Record(granted(standing="reported"))
        assert record.refuse(appointed("one", "2020-03-15", "bob"))[0] == "one"
        record = Record(granted(), appointed("press", "2020-03-15", "carol", standing="reported"))
        record.accept(appointed("one", "2020-03-15", "bob"))

    def test_what_becomes_official_must_hold(self) -> None:
        record = Record(appointed("press", "2020-03-15", "bob", standing="reported"))
        blamed, refusal, _ = record.refuse(correction("now", "press", standing="official"))
        assert (blamed, refusal) == ("now", WITHOUT_RIGHT)
        record.accept(granted(), correction("now", "press", standing="official"))

    def test_what_is_said_again_takes_no_second_seat(self) -> None:
        record = Record(granted(), appointed("sits", "2020-03-15"))
        record.accept(appointed("again", "2020-06-01", reaffirms="sits"))
        record.accept(retraction("gone", "sits"))


def test_what_never_began_does_not_end_officially() -> None:
    went = left("went", "2020-02-01", person="bob")
    blamed, refusal, words = Record().refuse(went)
    assert (blamed, refusal) == ("went", Refusal.CONTRADICTORY_STEP)
    assert "ends what never began at boreal: no director-appointed by that day tells of it" in words
    out = official(
        "officer-left", "out", "2020-02-01", company="boreal", person="bob", role="chair"
    )
    assert Record().refuse(out)[:2] == ("out", Refusal.CONTRADICTORY_STEP)
    begun = official("director-appointed", "came", "2020-01", company="boreal", person="carol")
    Record(begun).accept(went)  # a record may begin after bob came
    assert Record(begun).refuse(withdrawn("2020-06-01"))[1] is Refusal.CONTRADICTORY_STEP


def test_no_more_seats_are_withdrawn_than_were_granted() -> None:
    record = Record(granted(seats=2))
    assert record.refuse(withdrawn("2020-06-01", 3))[0] == "withdrawn"
    assert record.refuse(withdrawn("2020-03-14", 2))[0] == "withdrawn"
    record.accept(withdrawn("2020-06-01", 2))
    assert record.refuse(retraction("untold", "granted"))[1] is Refusal.CONTRADICTORY_STEP


def test_what_a_source_says_was_withdrawn_takes_nothing_of_a_later_right() -> None:
    early = reported("board-seat-withdrawn", "early", "2020-01-01", company="boreal",
                     party="alice", seats="3")  # fmt: skip
    Record(early, granted()).accept(appointed("one", "2020-03-15"))
