"""What the columns hold of votes by class, and of the totals of votes: a part of ``COLUMNS``."""

from __future__ import annotations

from collections.abc import Mapping

VOTE_COLUMNS: Mapping[str, str] = {
    "gross": "votes held, with those that treasury shares would carry",
    "gross_percent": "the same, of the votes of all shares",
    "gross_percent_of": "the base of that percentage: gross-votes",
    "votes_percent_of": "the base of that percentage: held-votes",
    "exercisable_percent_of": "the base of that percentage: net-votes",
    "after_caps_percent_of": "the base of that percentage: net-votes",
    "net": "votes held without suspended ones",
    "gross_votes": "the votes of all shares, treasury shares and suspended ones included",
    "held_votes": "the votes of all shares but treasury shares, suspended ones included",
    "net_votes": "the votes that can be cast: of all shares but treasury shares and suspended ones",
    "agrees_with": "the events of later days with which a statement would agree",
    "agrees_without": "the events without which a statement would agree",
    "gap": "the number stated, less the number recorded",
    "gap_before": "the gap of the statement before; null where there is none",
    "recorded": "a total as the events make it; null where votes a share are not told",
    "stated": "a total as a statement asserts it",
    "unexplained": "the gap, unless a statement would agree without some events or with later ones",
}
