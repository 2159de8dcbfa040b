"""Majorities: whether the figures of a resolution reach what it needed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor
from typing import Any, NamedTuple

from ledger.values.quantities import parse_majority
from ledger.values.refusals import Refusal, Refused, shown

_NUMBER = re.compile(r"[1-9][0-9]{0,29}", re.ASCII)
_WHOLE = {"present": "votes_present", "eligible": "votes_eligible", "outstanding": "votes_eligible"}


def majority_reached(result: Mapping[str, Any]) -> bool | None:
    """Whether the figures of a resolution-voted reach its majority; None where they do not tell.

    They tell where ``majority_of`` names the votes that the majority is of, and these are given.
    """
    majority, base = result.get("majority"), result.get("majority_of")
    if majority is None or base is None:
        return None
    part = _part_for(result, base)
    if part is None:
        return None
    needed = parse_majority(majority)
    return part > needed.part if needed.above else part >= needed.part


def _part_for(result: Mapping[str, Any], base: str) -> Fraction | None:
    """The votes for, of those that the majority is of."""
    given, against = result.get("votes_for"), result.get("votes_against")
    if base == "cast" and given is not None and against is not None and int(given) + int(against):
        return Fraction(int(given), int(given) + int(against))
    whole = result.get(_WHOLE.get(base, ""))
    if given is not None and whole is not None and int(whole):
        return Fraction(int(given), int(whole))
    stated = result.get("percent_for")
    exact = (
        result.get("qualifier", "exactly") == "exactly" and result.get("percent_of_votes") == base
    )
    return Fraction(stated) / 100 if stated is not None and exact else None


class Quota(NamedTuple):
    """How many votes win: a part of all and so many more; ``above`` where that is too few."""

    part: Fraction
    more: int
    above: bool

    def least(self, votes: int, unit: int) -> int:
        """The fewest units that win of all votes, which are told in so many units a vote."""
        part = votes * self.part
        if self.part and self.more:
            return (floor(part / unit) + self.more) * unit
        return self.more * unit or (floor(part) + 1 if self.above else ceil(part))


def parse_quota(text: str) -> Quota:
    """How many votes win: ``50%+1``, ``2/3``, ``more than 50%`` or a number of votes."""
    part, plus, more = text.rpartition("+")
    if _NUMBER.fullmatch(text):
        return Quota(Fraction(), int(text), above=False)
    try:
        majority = parse_majority(part if plus else text)
    except Refused:
        majority = None
    if majority is None or not majority.part or (plus and not _NUMBER.fullmatch(more)):
        raise Refused(
            Refusal.BAD_NUMBER,
            f"{shown(text)} says not how many votes win.",
            "Write 50%+1, 2/3, more than 50%, or a number of votes.",
            "--quota",
        )
    return Quota(majority.part, int(more) if plus else 0, majority.above and not plus)
