"""For each issuer a number that every fraction of its shares, at any cut, divides."""

from __future__ import annotations

from collections.abc import Iterator
from math import lcm
from typing import Self

LARGEST = 10**38 - 1  # what 38 decimal digits hold


class Commons:
    """Least common multiples, gathered over the movements of a log or of a part of it.

    The old side of each ratio counts once, as no share goes through one split twice. Of an issuer
    with an account whose id is ``identified`` with another there is none.
    """

    def __init__(self, identified: frozenset[str] = frozenset()) -> None:
        self._identified = identified
        self._added: dict[str, int] = {}
        self._scaled: dict[str, dict[int, int]] = {}
        self._rounded: set[str] = set()

    def not_linear(self, issuer: str) -> None:
        """What becomes of the shares is no sum of multiples."""
        self._added.setdefault(issuer, 1)
        self._rounded.add(issuer)

    def added(self, issuer: str, holder: str, denominator: int) -> None:
        """A movement adds a number of shares over a denominator to the account of a holder."""
        if self._identified and not self._identified.isdisjoint((issuer, holder)):
            self.not_linear(issuer)
        known = self._added.get(issuer)
        if known is None or denominator != 1:
            self._added[issuer] = lcm(known or 1, denominator)

    def scaled(self, issuer: str, position: int, denominator: int) -> None:
        """A version of a split or reclassification divides by a denominator."""
        self._added.setdefault(issuer, 1)
        if denominator != 1:
            steps = self._scaled.setdefault(issuer, {})
            steps[position] = lcm(steps.get(position, 1), denominator)

    def merge(self, other: Self) -> None:
        """Add what was gathered over another part of the same log."""
        for issuer, common in other._added.items():
            self._added[issuer] = lcm(self._added.get(issuer, 1), common)
        for issuer, steps in other._scaled.items():
            self._scaled.setdefault(issuer, {}).update(steps)
        self._rounded |= other._rounded

    def found(self) -> Iterator[tuple[str, int | None]]:
        """Each issuer with its number, in order; None where the tables cannot tell its shares."""
        for issuer, common in sorted(self._added.items()):
            for denominator in self._scaled.get(issuer, {}).values():
                common *= denominator
            told = issuer not in self._rounded and common <= LARGEST
            yield issuer, common if told else None
