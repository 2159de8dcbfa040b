"""What is to come of instruments: their next vesting, their last day and others of their terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import floor

from ledger.model.fact import Fact
from ledger.model.grants import Instrument
from ledger.model.instruments import TYPES, Instruments
from ledger.time.instruments import instruments_of
from ledger.time.view import View
from ledger.values.dates import FOREVER, parse_days
from projections.rows import DealRow
from projections.subjects.thread_rows import thread_row
from projections.told import counted

_GRANTED = ("instrument-granted",)
_KINDS = ("instrument", "party", "issuer", "class")
_DAYS = {"matures_on": "matures", "longstop_on": "long stop"}


def instruments_to_come(view: View, subject: str | None) -> Iterator[DealRow]:
    """The next vesting and the days to come of every open instrument, of a holder, issuer, class
    or instrument, or of all."""
    granted = _granted(view, subject)
    issuers = {f.text("issuer") or f.need("share_class").partition("/")[0] for f in granted}
    for issuer in sorted(issuers):
        found = instruments_of(view, issuer)
        for id, one in sorted(found.instruments.items()):
            if subject in (None, id, one.holder, one.issuer, one.share_class) and not one.ended:
                yield from _rows(found, one, view.cut.as_of)


def _granted(view: View, subject: str | None) -> Sequence[Fact]:
    """The grants of all instruments, or of those that have to do with a subject."""
    if subject is None:
        return view.every(_GRANTED).certain
    found = dict[str, Fact]()
    seen, coming = set[str](), {f"{kind}:{subject}" for kind in _KINDS}
    while coming:
        seen |= coming
        facts = view.about(*sorted(coming), types=TYPES).certain
        found |= {fact.key: fact for fact in facts if fact.type in _GRANTED}
        named = {fact.text(name) for fact in facts for name in ("instrument", "into")}
        coming = {f"instrument:{id}" for id in named if id} - seen
    return [*found.values()]


def _rows(found: Instruments, one: Instrument, day: str) -> Iterator[DealRow]:
    until = found.stopped.get(one.schedule.terms.get("vests_while", ""), FOREVER)
    vesting = one.schedule.next_day(day, found.settled)
    comes = vesting != FOREVER and vesting <= until
    if comes and one.counted and found.vested_open(one, day) < one.open:
        yield _row(one, "vests", vesting)
    last = found.last_day(one)
    if last is not None and last.last >= day:
        written = one.terms.get("expires_on")
        told = written if written and parse_days(written) == last else last.last
        yield _row(one, "expires", told)
    for name, status in _DAYS.items():
        on = one.terms.get(name)
        if on is not None and parse_days(on).last >= day:
            yield _row(one, status, on)


def _row(one: Instrument, status: str, on: str) -> DealRow:
    row = thread_row(None, "instrument", one.id, one.facts, status)
    return row | {
        "party": one.holder,
        "expected": on,
        "title": one.kind.replace("-", " "),
        "last_heard": None,
    }


def left_unvested(found: Instruments, relationship: str, day: str) -> Iterator[str]:
    """What has not vested, in sentences, of those who leave on a day, and what time is left for
    what has."""
    for id, one in sorted(found.instruments.items()):
        vested = found.vested_open(one, day)
        if one.terms.get("vests_while") == relationship and not one.ended and vested < one.open:
            last = found.last_day(one)
            until = f" and may be exercised until {last.last}" if last else ""
            yield (
                f"{counted(str(one.open - vested))} shares of {id} have not vested by {day}, and"
                f" vest no more; {counted(str(vested))} have{until}."
            )
    for id, held in sorted(found.restrictions.items()):
        rest = floor(held.shares - held.ended) - held.schedule.vested(
            held.shares, day, found.settled
        )
        if held.schedule.terms.get("vests_while") == relationship and rest > 0:
            yield f"{counted(str(rest))} restricted shares ({id}) have not vested by {day}."
