"""Checks of commitments: payments and parts within them, conditions whose last day has passed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from ledger.time.view import View
from projections.consistency.finding import Finding
from projections.rows import DealRow
from projections.subjects.conditions import OPEN
from projections.subjects.deals import deals
from projections.subjects.exercised import exercised
from projections.subjects.thread_rows import passed
from projections.told import ANY, told

_OPEN_ENDED = ("at-least", "about")


def payments_within_commitments(view: View) -> Iterator[Finding]:
    """No more is paid into an investment than was committed to it."""
    for row in deals(view).rows:
        paid, committed = row.get("paid"), row.get("committed")
        if paid is None or committed is None or row["qualifier"] in _OPEN_ENDED:
            continue
        if Fraction(paid) > Fraction(committed):
            words = f"{row['currency']} {paid} is paid, {committed} is committed."
            yield Finding(row["subject"], None, words)


def parts_within_commitments(view: View) -> Iterator[Finding]:
    """Commitments within another one make no more than it."""
    rows = {row["subject"]: row for row in deals(view).rows if row["kind"] == "investment"}
    parts = defaultdict[str, list[DealRow]](list)
    for row in rows.values():
        whole = rows.get(row.get("within") or "")
        if whole is not None and _comparable(row, whole):
            parts[whole["subject"]].append(row)
    for subject, found in sorted(parts.items()):
        whole = rows[subject]
        total = sum(Fraction(row["committed"] or 0) for row in found)
        if total > Fraction(whole["committed"] or 0):
            words = (
                f"{len(found)} commitments within it make {whole['currency']} {total};"
                f" {whole['committed']} is committed."
            )
            yield Finding(subject, None, words)


def _comparable(row: DealRow, whole: DealRow) -> bool:
    """Whether both say what is committed, in one currency, and the whole says it exactly."""
    said = row.get("committed") is not None and whole.get("committed") is not None
    same = row["currency"] == whole["currency"]
    return said and same and whole["qualifier"] not in _OPEN_ENDED


def conditions_met_in_time(view: View) -> Iterator[Finding]:
    """What a condition waits for has come by its last day; if not, nothing ends by that alone."""
    for row in deals(view).rows:
        if row["kind"] == "condition" and row["status"] == OPEN and passed(row["expected"], view):
            words = (
                f"{told(ANY, row['subject'])} was to be met by {row['expected']}, and no event says"
                " that it was: either party may be free to end what waits for it."
            )
            yield Finding(row["subject"], row["events"][-1], words)


def options_delivered_in_time(view: View) -> Iterator[Finding]:
    """Shares have passed by the last day for it where a put or a call is exercised."""
    for row in exercised(view):
        if passed(row["expected"], view):
            words = (
                f"Its {row.get('terms')} was exercised, and shares were to pass by"
                f" {row['expected']}; no event says that they did."
            )
            yield Finding(row["subject"], row["events"][-1], words)


CHECKS = (
    payments_within_commitments,
    parts_within_commitments,
    conditions_met_in_time,
    options_delivered_in_time,
)
