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
}
