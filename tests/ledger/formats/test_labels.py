"""Labels that may be totals, units of prices, and days that a spreadsheet counted."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.ledger.formats.made import (
    HELD,
    ISSUED,
    JOURNAL,
    MAPPED,
    csv_of,
    events,
    read,
    refused,
)


@pytest.mark.parametrize(
    "rows",
    [
        (("Ann", "A", 5), ("Bo", "A", 6), ("Share capital", "A", 11)),
        (("Ann", "A", 5), ("Bo", "A", 6), ("Capital of A", "A", 11), ("Cy", "B", 1)),
        (("Ann", "A", 5), ("Total ordinary", "A", 5), ("Cy", "B", 1)),
        (("Ann", "A", 5), ("In issue: total", "A", 5)),
    ],
)
def test_what_may_be_a_total_is_asked_and_never_held(rows: tuple[tuple[Any, ...], ...]) -> None:
    raw = csv_of(HELD, *rows)
    (told,) = refused(raw)
    assert "may be a holder, or the label of a total." in told
    as_total, as_holders = re.findall(r"`(.*?)`", told)
    named = ", ".join(f"{name!r}: company" for name, *_ in rows)
    kinds = f"party-kinds: {{{named}}}\n"
    assert "may be a holder" in "".join(refused(raw, MAPPED + kinds)), "which settles nothing"
    assert len(events(read(raw, f"{MAPPED}{as_holders}\n"), "register-opened")) == len(rows)
    assert len(events(read(raw, f"{MAPPED}{as_total}\n"), "register-opened")) == len(rows) - 1


def test_an_open_total_is_not_settled_by_another() -> None:
    rows = csv_of(HELD, ("Ann", "A", 5), ("All A", "A", 5), ("Bo total", "A", 5), ("Total", "", 15))
    reading = read(rows)
    assert not any("total-rows" in mapping.said for mapping in reading.mappings)
    assert "is: [Bo total]" not in "".join(refused(rows))
    assert "is: [Total, Bo total]" in "".join(refused(rows))


@pytest.mark.parametrize(
    ("heading", "price", "said"),
    [
        ("Issue price (GBp)", "250", '"GBp", is a hundredth of a currency'),
        ("Issue price (pence)", "250", '"pence", is a hundredth of a currency'),
        ("Issue price", "£2.50", 'Write the number alone, and "£" as the code of its currency'),
    ],
)
def test_a_price_is_of_a_currency_that_is_written_beside_it(
    heading: str, price: str, said: str
) -> None:
    assert said in "\n".join(refused(csv_of((*JOURNAL, heading), (*ISSUED, price))))


def test_a_day_that_a_spreadsheet_counted_is_known_for_one() -> None:
    row = (ISSUED[0], "44634", *ISSUED[2:])
    (told,) = refused(csv_of(JOURNAL, row))
    assert "(2022-03-14), add `dates: excel-serial`" in told


@pytest.mark.parametrize("label", ["Treasury shares", "ESOP pool (unissued)", "Option Pool"])
def test_shares_that_nobody_holds_have_no_holder_made_of_their_label(label: str) -> None:
    raw = csv_of(HELD, ("Ann", "A", 5), (label, "A", 6))
    (told,) = refused(raw)
    assert "may be shares that are not in issue, or the company's own." in told
    company, holder = (
        [e["holder"] for e in events(read(raw, ids={label: id}), "register-opened")]
        for id in ("corvo", "new")
    )
    assert company == ["ann", "corvo"]
    assert holder[1] not in ("corvo", "ann")
