"""Of which type the value of a column is, in the rows that programs are given.

Answers have numbers and dates as text, which JSON keeps exactly. Here stands what each text is: a
``Fraction`` is exact, a ``Decimal`` is as it is written, which for a percentage is rounded.
"""

from __future__ import annotations

from collections.abc import Collection

from ledger.values.dates import is_date

_COUNTS = frozenset((
    "shares", "shares_low", "shares_high", "votes", "votes_low", "votes_high", "gross",
    "suspended", "neutral", "exercisable", "limit", "after_caps", "after_caps_low",
    "after_caps_high", "gross_votes", "held_votes", "net_votes", "net", "uninstructed", "issued",
    "outstanding", "treasury", "vested", "unvested", "as_converted", "diluted", "at_caps", "open",
    "held", "entitlement", "accepted", "taken", "moved", "new_shares", "votes_for",
    "votes_against", "abstained", "quota", "swings", "votes_attributed", "direct", "trusts",
    "by_rights", "controlled", "concert", "attributed", "number_before", "number_after", "total",
    "bought_up", "issued_up", "sold_down", "cancelled_down", "stated", "recorded", "delta", "gap",
    "gap_before", "unexplained", "balance", "all_held", "castable", "counted", "exact", "factor",
))  # fmt: skip
_COUNTS_OR_WORDS = frozenset(("authorised", "votes_per_share"))
_AMOUNTS = frozenset(("amount", "committed", "paid", "released", "owed"))
_MONEY = frozenset((
    "par_value", "per_share", "price", "paid_per_share", "unpaid", "unpaid_low", "unpaid_high",
    "cash", "exercise_price", "highest_exercise_price", "principal", "cap",
))  # fmt: skip
_FRACTIONS = frozenset(("fraction", "economic", "through_loops", "percent_to"))
_ROUNDED = frozenset((
    "banzhaf", "shapley", "economic_low", "economic_high", "measured", "percent_low",
    "percent_high", "percent_before", "percent_after", "percent_reported", "percent_for",
    "percent_without_pool", "percent_at_caps",
))  # fmt: skip
_DATES = frozenset(("at_latest", "day", "day_first", "from", "last_heard", "status_since"))
_STATED = frozenset(("GovernanceRow", "DealRow", "RelationRow"))  # their percent is as it was told


def exact_column(column: str) -> str:
    """The column that has a percentage as an exact fraction of one, where there is one."""
    return f"{column}_exact"


def type_of(row: str, column: str, columns: Collection[str]) -> str | None:
    """The type of what a text stands for in a column of a row; None where it is text."""
    if (row, column) == ("LimitRow", "shares") or column in _COUNTS_OR_WORDS:
        return "int | Fraction | str"
    exact = exact_column(column) in columns or column.endswith("_exact")
    stated = column == "percent" and row in _STATED
    if exact or stated or column in _FRACTIONS:
        return "Fraction"
    if column in _ROUNDED or column == "percent" or column.endswith("_percent"):
        return "Decimal"
    for names, held in ((_COUNTS, "int | Fraction"), (_AMOUNTS, "Decimal | Fraction")):
        if column in names:
            return held
    if column in _MONEY:
        return "Money"
    if is_date(column) or column in _DATES:
        return "PartialDate"
    return "datetime" if column == "recorded_at" else None
