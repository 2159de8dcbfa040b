"""What is to come of instruments: their next vesting, and their last day."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.model.grants import Instrument
from ledger.model.instruments import Instruments
from ledger.time.instruments import instruments_of
from ledger.time.view import View
from ledger.values.dates import FOREVER, parse_days
from projections.rows import DealRow
from projections.subjects.thread_rows import thread_row


def instruments_to_come(view: View, subject: str | None) -> Iterator[DealRow]:
    """The next vesting and the last day of every open instrument, of a holder, issuer, class or
    instrument, or of all."""
    granted = view.every(("instrument-granted",)).certain
    issuers = {f.text("issuer") or f.need("share_class").partition("/")[0] for f in granted}
    for issuer in sorted(issuers):
        found = instruments_of(view, issuer)
        for id, one in sorted(found.instruments.items()):
            if subject in (None, id, one.holder, one.issuer, one.share_class) and not one.ended:
                yield from _rows(found, one, view.cut.as_of)


def _rows(found: Instruments, one: Instrument, day: str) -> Iterator[DealRow]:
    until = found.stopped.get(one.schedule.terms.get("vests_while", ""), FOREVER)
    vesting = [on for on in one.schedule.days(found.settled) if day < on <= until]
    if vesting and one.counted and found.vested_open(one, day) < one.open:
        yield _row(one, "vests", vesting[0])
    last = one.terms.get("expires_on")
    if last is not None and parse_days(last).last >= day:
        yield _row(one, "expires", last)


def _row(one: Instrument, status: str, on: str) -> DealRow:
    row = thread_row(None, "instrument", one.id, one.facts, status)
    return row | {
        "party": one.holder,
        "expected": on,
        "title": one.kind.replace("-", " "),
        "last_heard": None,
    }
