"""The words for what a percentage is of, as events say them."""

from __future__ import annotations

from typing import Literal

VoteBase = Literal["gross-votes", "held-votes", "net-votes"]
ClauseBase = Literal[
    "issued", "outstanding", VoteBase, "capital", "capital-par", "diluted", "present", "cast"
]
DisclosedBase = Literal[
    "issued", "outstanding", "votes", "unstated", VoteBase, "capital", "capital-par",
    "mutual-votes", "diluted", "authorised", "theoretical-votes", "exercisable-votes",
]  # fmt: skip
AssertedTotal = Literal[
    "issued", "outstanding", "treasury", "authorised", "capital", VoteBase, "mutual-votes",
    "theoretical-votes", "exercisable-votes",
]  # fmt: skip
