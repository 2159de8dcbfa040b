"""The clock that gives recorded times, compared with the log: a machine has no other to ask."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from ledger.values.dates import LAST_SECOND, next_instant, parse_stored, stored_instant
from ledger.values.refusals import Damaged, Refusal, Refused, shown

STEP = timedelta(days=180)  # from the last recorded time to the next one, without a question
AHEAD = timedelta(days=1)  # of this machine's clock, in a history that is imported
MAY_DIFFER = timedelta(minutes=5)
LAST_RECORDED = "9998-12-31T23:59:59.999999Z"  # leaves room for the events that follow
CONFIRM = "--clock-is-right"
_UUID7 = re.compile("([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


def made_at(ledger_id: str) -> str:
    """The stored instant at which a ledger was made, by its id; "" where the id does not say."""
    found = _UUID7.fullmatch(ledger_id)
    seconds = int(found[1] + found[2], 16) // 1_000 if found else LAST_SECOND
    if seconds >= LAST_SECOND:
        return ""
    return stored_instant(datetime.fromtimestamp(seconds, UTC))


def step_refused(last: str, now: datetime, *, confirmed: bool) -> Refused | None:
    """The refusal of a clock far beyond the last recorded time ("" where there is none).

    What is recorded by a clock that is ahead can never be dated right again, and all that follows
    bears a later time still.
    """
    here = stored_instant(now)
    if here > LAST_RECORDED:
        return _refused(f"The clock says {here}, the end of the calendar.", "Set the clock.")
    if confirmed or not last or now - _moment(last) <= STEP:
        return None
    return _refused(
        f"The clock says {here}, {(now - _moment(last)).days} days after the last recorded time,"
        f" {last}.",
        "Set the clock if it is ahead: recorded times never change. If it is right, add"
        f" {CONFIRM}.",
    )


def refuse_ahead(instant: str, now: datetime, *, confirmed: bool) -> None:
    """Refuse a time of another machine ("" for none) that the clock of this one has not reached."""
    if not instant:
        return
    if instant > LAST_RECORDED:
        raise _refused(
            f"The last recorded time is {instant}: no event could follow.", "It is not imported."
        )
    if not confirmed and _moment(instant) - now > AHEAD:
        raise _refused(
            f"The last recorded time is {instant}, and the clock says {stored_instant(now)}.",
            f"If the clock is behind, set it. If it is right, add {CONFIRM}: all that is recorded"
            " later then follows that time.",
        )


def following(last: str, now: datetime) -> str:
    """The instant to record at: now, or where the clock stands behind, the first one after."""
    here = stored_instant(now)
    if here > last:
        return here
    if last > LAST_RECORDED:
        raise _refused(
            f"The last recorded time is {last}, the end of the calendar, and nothing can follow.",
            "Make a new ledger.",
        )
    return next_instant(last)


def behind(recorded_at: str, now: datetime) -> str:
    """A remark where a clock stands so far behind what it records that one of the two is wrong."""
    if _moment(recorded_at) - now <= MAY_DIFFER:
        return ""
    return (
        f"the clock says {stored_instant(now)}, which is behind the log: recorded_at {recorded_at}"
        " follows the last event instead, and a question with --recorded-by before that leaves it"
        " out. Check the clock."
    )


def _moment(instant: str) -> datetime:
    try:
        return parse_stored(instant)
    except ValueError:
        raise Damaged(
            f"The last event was recorded at {shown(instant)}, which is no time. The file was"
            " changed from outside; `stakebook restore FILE` puts a backup there."
        ) from None


def _refused(wrong: str, remedy: str) -> Refused:
    return Refused(Refusal.CLOCK_AHEAD, wrong, remedy)
