"""How dates and numbers are written is decided by elimination, or not at all."""

from __future__ import annotations

import pytest

from ledger.formats.elimination import date_readers, decide, number_readers, read_date


@pytest.mark.parametrize(
    ("texts", "form", "last"),
    [
        (["03/04/2023", "25/04/2023"], "d/m/y", "2023-04-25"),
        (["03/04/2023", "04/25/2023"], "m/d/y", "2023-04-25"),
        (["2023-11-08", "2023/11/9", "20231110"], "y-m-d", "2023-11-10"),
        (["8.11.2023", "09.11.2023"], "d.m.y", "2023-11-09"),
        (["8 Nov 2023", "November 9, 2023", "10. Dezember 2023"], "named-month", "2023-12-10"),
        (["1er février 2023", "2 août 2023"], "named-month", "2023-08-02"),
        (["令和5年11月8日", "平成元年1月8日"], "japanese-era", "1989-01-08"),
        (["昭和64年1月7日"], "japanese-era", "1989-01-07"),
        (["２０２３年１１月８日"], "y-m-d", "2023-11-08"),
        (["05/05/2023"], "", "2023-05-05"),
        (["2023"], "", "2023"),
        (["2023-11", "2023-Q4"], "y-m-d", "2023-Q4"),
        (["../2023-12", "2023-12/..", "2023-11/2024-01"], "y-m-d", "2023-11/2024-01"),
        (["11/2023", "13/01/2023"], "d/m/y", "2023-01-13"),
        (["2023-11-08 00:00:00"], "y-m-d", "2023-11-08"),
    ],
)
def test_one_form_of_dates_is_left(texts: list[str], form: str, last: str) -> None:
    decision = decide(texts, date_readers("", ""))
    assert decision.made
    assert (decision.form, decision.read[texts[-1]]) == (form, last)


def test_what_can_be_read_in_two_ways_is_open() -> None:
    decision = decide(["05/05/2023", "03/04/2023"], date_readers("", ""))
    assert (decision.open, decision.example) == (("d/m/y", "m/d/y"), "03/04/2023")
    assert not decision.made


def test_texts_that_leave_no_form_are_named() -> None:
    decision = decide(["03/04/2023", "25/04/2023", "04/25/2023"], date_readers("", ""))
    assert set(decision.killed) == {"25/04/2023", "04/25/2023"}
    mixed = decide(["2023-11-08", "8.11.2023"], date_readers("", ""))
    assert set(mixed.killed) == {"2023-11-08", "8.11.2023"}


def test_what_no_form_reads_decides_nothing() -> None:
    decision = decide(["25/04/2023", "soon", "31/02/2023"], date_readers("", ""))
    assert (decision.form, decision.unreadable) == ("d/m/y", {"soon", "31/02/2023"})


@pytest.mark.parametrize(
    "text", ["29/02/2023", "00/01/2023", "1/13/2023", "", "令和5年13月1日", "../.."]
)
def test_days_that_are_not_in_the_calendar_are_no_dates(text: str) -> None:
    assert read_date(text, "d/m/y") is None
    assert read_date(text, "japanese-era") is None


def test_serial_numbers_are_read_only_where_that_is_said() -> None:
    assert decide(["45238"], date_readers("", "")).unreadable == {"45238"}
    assert decide(["45238", "61"], date_readers("excel-serial", "")).read == {
        "45238": "2023-11-08", "61": "1900-03-01",
    }  # fmt: skip
    assert decide(["60"], date_readers("excel-serial", "")).unreadable == {"60"}


@pytest.mark.parametrize(
    ("texts", "form", "last"),
    [
        (["1.234"], "1.234,56", "1234"),
        (["1,000"], "1,234.56", "1000"),
        (["12,34,567", "1"], "1,234.56", "1"),
        (["1 234 567"], "1 234,56", "1234567"),
        (["1\u202f234"], "1 234,56", "1234"),
        (["1\u2019234"], "1'234.56", "1234"),
        (["１，０００"], "1,234.56", "1000"),
        (["1,234.00"], "1,234.56", "1234"),
        (["007", "12"], "", "12"),
    ],
)
def test_one_form_of_whole_numbers_is_left(texts: list[str], form: str, last: str) -> None:
    decision = decide(texts, number_readers("", whole=True))
    assert decision.made
    assert (decision.form, decision.read[texts[-1]]) == (form, last)


def test_a_price_may_be_open_where_a_number_of_shares_is_not() -> None:
    price = decide(["1.234"], number_readers("", whole=False))
    assert price.open == ("1,234.56", "1.234,56", "1'234.56")
    assert decide(["1.234", "1.5"], number_readers("", whole=False)).read["1.234"] == "1.234"
    assert decide(["12.50"], number_readers("", whole=False)).read == {"12.50": "12.5"}
    assert decide(["1.234"], number_readers("1.234,56", whole=False)).read == {"1.234": "1234"}


@pytest.mark.parametrize(
    "text",
    [
        "100\u00b2",
        "10\u2460",
        "10\u00bd",
        "10.5",
        "1,23",
        "1O",
        "-5",
        "(5)",
        "1e5",
        "1,2345",
        ",5",
        "٣",
    ],
)
def test_what_is_no_whole_number_is_unreadable(text: str) -> None:
    assert decide([text], number_readers("", whole=True)).unreadable == {text}
