"""A made-up network of companies that hold one another: pyramids, hubs, circles and dense loops.

Only ``random.Random.random`` decides, so a seed and a plan give the same network on every Python.
Companies come in groups; in each the earlier ones hold majorities of later ones, alone or together.
Persons and funds hold the rest. A few funds, the hubs, have something of very many companies. In
some groups the last company holds a part of the first. A dense loop is a group in which nearly a
third of all pairs hold one another.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple

Event = dict[str, Any]
DAY = "2015-01-01"
_HUBS, _ISSUED, _LARGEST = 20, 1_000_000, 60
_LOOPS = ((10_000, 40), (100_000, 100), (500_000, 250))  # one to so many companies, of what size


class Plan(NamedTuple):
    """How many companies, from which seed."""

    companies: int
    seed: int = 1


class Held(NamedTuple):
    """A company, and the shares of each of its holders."""

    company: str
    shares: dict[str, int]


def company(number: int) -> str:
    """The id of a company."""
    return f"c{number:07}"


class _Made:
    def __init__(self, plan: Plan) -> None:
        self.plan, self.random = plan, Random(plan.seed).random
        self.persons = plan.companies // 2 + 10

    def below(self, limit: int) -> int:
        return int(self.random() * limit)

    def outsider(self) -> str:
        """A hub, each less often than the one before, or a person."""
        if self.random() < 0.3:
            drawn = self.random()
            return f"f{int(drawn * drawn * _HUBS):02}"
        return f"p{self.below(self.persons):07}"

    def sizes(self) -> Iterator[tuple[int, bool]]:
        """The size of each group, and whether it is a dense loop, up to all companies."""
        left = self.plan.companies
        for every, size in _LOOPS:
            for _ in range(self.plan.companies // every):
                if size <= left:
                    left -= size
                    yield size, True
        while left:
            drawn = self.random()
            size = min(left, 1 + int(drawn * drawn * drawn * _LARGEST))
            left -= size
            yield size, False

    def holdings(self) -> Iterator[Held]:
        first = 0
        for size, dense in self.sizes():
            ring = not dense and size > 2 and self.random() < 0.1
            for place in range(size):
                of = self._dense(first, size, place) if dense else self._held(first, size, place)
                if ring and place == 0:
                    of = {company(first + size - 1): of.pop(next(iter(of))), **of}
                yield Held(company(first + place), of)
            first += size

    def _dense(self, first: int, size: int, place: int) -> dict[str, int]:
        inner = [company(first + n) for n in range(size) if n != place and self.random() < 0.3]
        each = _ISSUED * 8 // 10 // max(len(inner), 1)
        found = {one: each - self.below(each // 4) for one in inner}
        return self._with_rest(found)

    def _held(self, first: int, size: int, place: int) -> dict[str, int]:
        """The holders of a company of a group: of the first one outsiders alone, of the others a
        majority by one earlier, by two together, or none."""
        if place == 0:
            return self._with_rest({})
        drawn, parent = self.random(), company(first + self.below(place))
        if drawn < 0.7:
            return self._with_rest({parent: _ISSUED * (51 + self.below(50)) // 100})
        found = {parent: _ISSUED * (26 + self.below(24)) // 100}
        if drawn < 0.9:
            other = company(first + self.below(place))
            found.setdefault(other, _ISSUED * (25 + self.below(20)) // 100)
        return self._with_rest(found)

    def _with_rest(self, found: dict[str, int]) -> dict[str, int]:
        left = _ISSUED - sum(found.values())
        for number in range(2):
            part = left if number else self.below(left + 1)
            if part:
                outsider = self.outsider()
                found[outsider] = found.get(outsider, 0) + part
                left -= part
        return found


def holdings(plan: Plan) -> Iterator[Held]:
    """Every company with its holders."""
    return _Made(plan).holdings()


def events(plan: Plan) -> Iterator[Event]:
    """The same as events, as lines for ``stakebook append --file``."""
    for number in range(_HUBS):
        yield _party(f"f{number:02}", "fund", f"Fund {number}")
    for number in range(_Made(plan).persons):
        yield _party(f"p{number:07}", "person", f"Person {number}")
    for number in range(plan.companies):
        yield _party(company(number), "company", f"Company {number}")
    for held in holdings(plan):
        of = {"share_class": f"{held.company}/common"}
        yield {"type": "share-class-created", **of}
        for holder, shares in held.shares.items():
            yield {
                "type": "register-opened", "effective_on": DAY, "known_on": DAY,
                "standing": "official", "holder": holder, "shares": str(shares), **of,
            }  # fmt: skip


def _party(id: str, kind: str, name: str) -> Event:
    return {"type": "party-registered", "party": id, "kind": kind, "name": name}
