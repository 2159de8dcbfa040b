"""What is taken as happened before its date ends is said to the recorder."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ledger.rules.record import Record, correction, transfer


def cited(*sources: str) -> dict[str, Any]:
    return {"citations": [{"source": source} for source in sources]}


@pytest.mark.parametrize(
    ("on", "fields", "day", "why"),
    [
        ("2020", cited("filing"), "2020-02-01", "the day its source was published"),
        ("2021", cited("leak"), "2021-05-31", "the day its source was published"),
        ("2021-H1", cited("leak", "undated"), "2021-05-31", "the day its source was published"),
        ("2020", cited("article", "filing"), "2020-02-01", "the day its source was published"),
        ("2021", {"known_on": "2021-03"}, "2021-03-31", "its known date"),
        ("2021", {"known_on": "2021-03-02"} | cited("leak"), "2021-03-02", "its known date"),
        ("2021", {"known_on": "2021-09-01"} | cited("leak"), "2021-05-31",
         "the day its source was published"),
        ("2026", {}, "2026-01-17", "the day it is recorded"),
        ("2026-01", {}, "2026-01-17", "the day it is recorded"),
        ("../2026-06", {}, "2026-01-17", "the day it is recorded"),
        ("2021/..", cited("leak"), "2021-05-31", "the day its source was published"),
        ("2021-01/2021-06", {"known_on": "../2021-03"}, "2021-03-31", "its known date"),
    ],
)  # fmt: skip
def test_a_date_that_goes_on_after_it_was_told_is_bounded(
    on: str, fields: dict[str, Any], day: str, why: str
) -> None:
    warnings = Record().accept(transfer("sold", on, "alice", "bob", 10, **fields))
    assert warnings == (
        f"#16 is taken as happened by {day}, {why}; if it is still to come, say tense: upcoming or"
        " give a date that begins later.",
    )


@pytest.mark.parametrize(
    ("on", "fields"),
    [
        ("2020-03-15", {}),  # one day
        ("2030-01-01", {}),  # a plan for one day
        ("unknown", {}),  # nobody looks for its day in the date
        ("unknown", cited("leak")),
        ("2020", {}),  # it was told when its date had ended
        ("2020-Q4", cited("article")),  # the last day of both is the same
        ("2020-Q4", cited("filing")),  # told before it begins: only announced
        ("2020-Q4", {"known_on": "2020-02-01"}),
        ("2020", cited("undated")),
        ("2021", cited("leak") | {"tense": "upcoming"}),
        ("2021/..", cited("leak") | {"tense": "upcoming"}),
        ("../2021-04", cited("leak")),  # it ends before it was told
    ],
)
def test_other_dates_say_what_they_mean(on: str, fields: dict[str, Any]) -> None:
    assert Record().accept(transfer("sold", on, "alice", "bob", 10, **fields)) == ()


def test_only_what_is_new_is_told() -> None:
    record = Record(transfer("sold", "2021", "alice", "bob", 10, **cited("leak")))
    assert record.accept(transfer("other", "2021-01-01", "alice", "bob", 10)) == ()
    assert record.accept(correction("more", "sold", shares="11")) == ()


def test_a_date_that_a_correction_gives_is_told_as_well() -> None:
    record = Record(transfer("sold", "2021-01-01", "alice", "bob", 10, **cited("leak")))
    (told,) = record.accept(correction("dated", "sold", effective_on="2021"))
    assert told.startswith("#16 is taken as happened by 2021-05-31")
    assert record.accept(correction("to-come", "sold", tense="upcoming")) == ()
    (told,) = record.accept(correction("come", "sold", tense=None))
    assert told.startswith("#16 is taken as happened by 2021-05-31")


def test_each_event_of_a_batch_is_told() -> None:
    sold = transfer("sold", "2021", "alice", "bob", 10, **cited("leak"))
    plain = transfer("plain", "2021-01-01", "alice", "bob", 10)
    other = transfer("other", "2026", "alice", "bob", 10)
    first, second = Record().accept(sold, plain, other)
    assert first.startswith("#16 is taken as happened by 2021-05-31")
    assert second.startswith("#18 is taken as happened by 2026-01-19")
