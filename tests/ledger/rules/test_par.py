"""A split says what becomes of a par value that is on record."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.values.refusals import Refusal
from tests.histories import Draft
from tests.ledger.rules.record import COMMON, Record, correction, official, retraction

PAR = official("share-class-amended", "par", "2020-02-01", share_class=COMMON, par_value="EUR 1")


def split(on: str = "2020-03-01", **fields: Any) -> Draft:
    return official("shares-split", "split", on, **{"share_class": COMMON, "ratio": "2:1"} | fields)


def test_a_split_says_whether_par_scales() -> None:
    record = Record(PAR)
    blamed, refusal, words = record.refuse(split())
    assert (blamed, refusal) == ("split", Refusal.MISSING_FIELD)
    assert words.startswith(f"par: {COMMON} has a par value, and the split on 2020-03-01 does not")
    record.accept(split(par="stays"))
    assert record.refuse(correction("unsaid", "split", par=None))[0] == "unsaid"
    record.accept(correction("other", "split", par="scales"))


def test_what_is_recorded_later_asks_nothing_of_a_split() -> None:
    Record(split()).accept(PAR)
    Record(PAR).accept(split(ratio="1:1"))


def test_a_correction_may_have_told_par() -> None:
    named = official("share-class-amended", "name", "2020-02-01", share_class=COMMON, name="Ord")
    told = correction("told", "name", par_value="EUR 1")
    assert Record(named, told).refuse(split())[1] is Refusal.MISSING_FIELD
    Record(named).accept(split(), told)


@pytest.mark.parametrize("on", ["2020-01-15", "2020-03-01"])
def test_a_retracted_split_asks_nothing(on: str) -> None:
    Record(PAR, split(on, par="stays")).accept(retraction("gone", "split"))
