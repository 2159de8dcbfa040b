"""Nothing official goes to a party that has ended, by what is recorded or by what amends it."""

from __future__ import annotations

from ledger.values.refusals import Refusal
from tests.ledger.rules.record import Record, correction, official, retraction, transfer

ENDED = official("party-ended", "end", "2020-06-30", party="boreal")
SOLD = transfer("sold", "2020-03-15", "alice", "bob", 10)
GIFT = transfer("gift", "2021-01-01", "alice", "boreal", 1)


def test_an_event_goes_to_it_neither_at_first_nor_corrected() -> None:
    record = Record(SOLD, ENDED)
    assert record.refuse(GIFT)[:2] == ("gift", Refusal.PARTY_ENDED)
    turned = correction("turned", "sold", transferee="boreal", effective_on="2021-01-01")
    assert record.refuse(turned)[:2] == ("turned", Refusal.PARTY_ENDED)
    record.accept(correction("earlier", "sold", transferee="boreal"))
    later = correction("later", "sold", effective_on="2021-01-01")
    assert record.refuse(later)[:2] == ("later", Refusal.PARTY_ENDED)


def test_what_went_to_it_before_its_end_was_told_stands() -> None:
    record = Record(GIFT, ENDED)
    record.accept(correction("noted", "gift", note="seen"))
    record.accept(retraction("gone", "gift"))
    record.accept(retraction("back", "gone"))
