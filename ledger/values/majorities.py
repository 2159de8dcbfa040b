"""Majorities: whether the figures of a resolution reach what it needed."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ledger.values.quantities import parse_majority

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
