"""Written dates: which days they are, and that each has one written form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.values.dates import (
    FOREVER,
    UNKNOWN,
    after,
    in_words,
    parse_days,
    parse_effective,
    parse_partial,
    parse_told,
    place_of,
    since_words,
    text_of,
)
from ledger.values.refusals import Refused
from tests.dates_by_letter import NEVER, days_of

_YEARS = st.sampled_from(["0001", "0004", "1900", "2000", "2023", "2024", "9999"])
_PARTS = st.sampled_from(
    ["", "-H1", "-H2", "-Q1", "-Q2", "-Q3", "-Q4", *(f"-{n:02}" for n in range(1, 13)),
     "-01-01", "-02-28", "-04-30", "-12-31"]
)  # fmt: skip
PARTIAL = st.builds(str.__add__, _YEARS, _PARTS)
ENDS = st.one_of(st.just(".."), PARTIAL)


@given(ENDS, ENDS)
def test_every_form_is_of_the_days_that_it_says(start: str, end: str) -> None:
    """Partial dates alone, and two of them or an open end with a slash between."""
    text = f"{start}/{end}"
    first, last = days_of(text)
    if start == end or last < first:
        with pytest.raises(Refused):
            parse_effective(text)
        return
    found = parse_effective(text)
    assert found == (first, FOREVER if last == NEVER else last) == parse_days(text)
    assert parse_effective(text_of(found)) == found
    for one in {start, end} - {".."}:
        assert parse_effective(one) == days_of(one) == parse_partial(one)


@pytest.mark.parametrize(
    ("text", "what", "remedy"),
    [
        ("2024-03/2024-01", "ends before it begins", "2024-01/2024-03"),
        ("2024/2023-12-31", "ends before it begins", "2023-12-31/2024"),
        ("2024-03/2024-03", "says one date twice", "Write 2024-03."),
        ("../..", "is any day at all", "Write unknown."),
        ("unknown/2024", "is not a date", "../2024-01 (by)"),
        ("2024/", "is not a date", "2023-11/.. (not before)"),
        ("/2024", "is not a date", "2023-11/2024-01 (between)"),
        ("2024//2025", "is not a date", "or days"),
        ("2024-01/2024-13", "names no month", "or days"),
        ("2024-02-30/..", "is not in the calendar", "or days"),
        ("..2024", "is not a date", "or days"),
        (" ../2024", "is not a date", "or days"),
    ],
)
def test_other_forms_are_refused_with_the_one_to_write(text: str, what: str, remedy: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_effective(text)
    assert what in str(refused.value)
    assert remedy in str(refused.value)


def test_what_was_told_was_told_by_some_day() -> None:
    assert parse_told("../2024-03") == ("0001-01-01", "2024-03-31")
    assert parse_told("2024-01/2024-03").last == "2024-03-31"
    for text in ("2024-01/..", "../..", UNKNOWN):
        with pytest.raises(Refused):
            parse_told(text)


@pytest.mark.parametrize(
    ("written", "at_latest", "words"),
    [
        ("2024-03", None, "2024-03"),
        ("../2023-12", None, "by 2023-12"),
        ("2024-01/2024-03", None, "between 2024-01 and 2024-03"),
        ("2023-12/..", None, "not before 2023-12"),
        ("2023-12/..", "2024-03-27", "not before 2023-12, at the latest 2024-03-27"),
        (None, "2024-03-27", "at the latest 2024-03-27"),
        (None, None, "an unknown date"),
    ],
)
def test_a_date_in_words(written: str | None, at_latest: str | None, words: str) -> None:
    assert in_words(written, at_latest) == words
    own = written is None and at_latest is None
    plain = own or (written is not None and "/" not in written)
    assert after("on", words) == (f"on {words}" if plain else words)


def test_in_a_list_a_date_stands_by_its_first_day() -> None:
    dates = ["2024-02", "../2024-01", "2023-12/..", "2023-Q4", "2024-01-31/2024-03", None]
    assert sorted(dates, key=place_of) == [
        None, "2023-Q4", "2023-12/..", "../2024-01", "2024-01-31/2024-03", "2024-02",
    ]  # fmt: skip
    assert place_of(None, "2024-03-27") > place_of("2024-03-26/..", "2024-03-30")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("2019", "since 2019"),
        ("by 2019", "since 2019 at the latest"),
        ("not before 2019", "since 2019 at the earliest"),
        ("at the latest 2019", "since 2019 at the latest"),
        ("between 2019 and 2020", "since a day between 2019 and 2020"),
    ],
)
def test_since_bounds_the_beginning_alone(words: str, told: str) -> None:
    assert since_words(words) == told
