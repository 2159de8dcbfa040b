"""What the columns hold of charts over time: a part of ``COLUMNS``."""

from __future__ import annotations

from collections.abc import Mapping

CHART_COLUMNS: Mapping[str, str] = {
    "causes": "what made a figure another, each in a few words",
    "earliest": "the first day on which something may have begun, where it has several; `unknown`",
    "ends_earliest": "the same of its end",
    "known_then": "the figure that was known on the day itself, where it is not the one known now",
    "lane": "what tells an agreement, clause or office from others of a chart",
    "line": "what tells a line of a chart from others: the holder, or a disclosure of it",
    "made": "what made a figure another: own movement, another's (passive), a date, or the start",
    "now": "the figure as known at the cut",
    "number": "shares or votes",
    "then": "what was known on the day itself: the same, another figure, nothing, or not looked at",
}
