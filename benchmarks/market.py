"""A made-up market: events of issuers, holders, boards and deals over 25 years, from a seed.

Only ``random.Random.random`` and ``heapq`` decide, so a seed and a plan give the same events on
every Python. Memory is bounded by the holdings, whatever the number of events.

Events come in the order of recording. Some are held back and recorded late, some are amended
later. What a late or amended event gives can be spent only when it is certain: a taker has shares
from the moment their transfer is recorded and amended for good, a giver loses them from the moment
the transfer is made up. So the rules accept every beginning of the stream, however it is cut into
batches. A split waits until nothing of its issuer is held back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from heapq import heappop, heappush
from random import Random
from typing import Any, NamedTuple

Event = dict[str, Any]
FIRST_DAY, DAYS = date(2000, 1, 1), 9131  # 25 years
ISO = [(FIRST_DAY + timedelta(days=n)).isoformat() for n in range(DAYS + 400)]
LONGEST_DELAY = 20_000  # events
TREASURY, TRUST = -1, -2
SPLITS = ((2, 1), (3, 1), (5, 1), (3, 2), (1, 2), (1, 5))


class Plan(NamedTuple):
    """What to make: how many events, of how many issuers and holders, from which seed."""

    events: int
    issuers: int
    holders: int
    seed: int = 1
    workload: str = "market"  # one of benchmarks.workloads

    @property
    def one_register(self) -> bool:
        """Whether all happens in one register, whose holders are apart from the events."""
        return self.workload == "register"

    @property
    def lines(self) -> int:
        """About how many events there are in all."""
        return self.events + (self.holders if self.one_register else 0)


class Entry(NamedTuple):
    """What a movement comes to after its amendments: (account, change) pairs of one class."""

    day: str
    key: str
    share_class: str
    changes: list[tuple[str, int]]


@dataclass(slots=True)
class Issuer:
    """One issuer's register as far as its shares can be spent, and its board."""

    id: str
    unit: int = 100
    shares: dict[int, int] = field(default_factory=dict)
    members: list[int] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)
    issued: int = 0
    pending: int = 0
    splitting: tuple[int, int] | None = None
    trusted: bool = False
    seat: int | None = None
    nominee: int | None = None
    officer: int | None = None

    @property
    def share_class(self) -> str:
        return f"{self.id}/common"

    def change(self, account: int, shares: int) -> None:
        """Give or take shares that can be spent; the list of members follows."""
        left = self.shares.get(account, 0) + shares
        if left:
            self.shares[account] = left
        else:
            self.shares.pop(account, None)
        if account >= 0 and (left > 0) != (account in self.places):
            if left > 0:
                self.places[account] = len(self.members)
                self.members.append(account)
            else:
                place, last = self.places.pop(account), self.members.pop()
                if last != account:
                    self.members[place], self.places[last] = last, place

    def party(self, account: int) -> str:
        """The id of the party an account is of."""
        if account == TREASURY:
            return self.id
        return f"{self.id}-trust" if account == TRUST else f"h{account:06}"


Credit = tuple[int, int]  # an account, and shares it can spend from now on


class Held(NamedTuple):
    """An event held back: when it is recorded, and what can be spent from then and a day on."""

    due: int
    number: int
    event: Event
    issuer: Issuer | None
    credits: tuple[Credit, ...]
    day: int
    settles: bool


class Market:
    """The events of a plan, in the order of recording."""

    def __init__(self, plan: Plan, book: Callable[[Entry], None] = lambda _: None) -> None:
        from benchmarks.workloads import WORKLOADS

        self.plan, self.book = plan, book
        self.random = Random(plan.seed).random
        self.issuers = [Issuer(f"i{n:05}") for n in range(plan.issuers)]
        self.unlisted = 0 if plan.one_register else plan.issuers // 50 + (plan.issuers > 1)
        self.target = plan.holders if plan.one_register else 50
        self.day = self.number = self.emitted = self.promised = 0
        self.held: list[Held] = []
        self.later: list[tuple[int, int, Issuer, tuple[Credit, ...]]] = []
        self.agenda: list[tuple[int, int, Event]] = []
        self.ready: list[Event] = []
        self.indexer = self.bulletin = ""
        self.bulletins: list[str] = []
        self.delay = max(2, min(LONGEST_DELAY, plan.events // 20))
        total, self.choices = 0.0, list[tuple[float, Callable[[Market], None]]]()
        for share, event_reference in WORKLOADS[plan.workload]:
            total += share
            self.choices.append((total, event_reference))

    def events(self) -> Iterator[Event]:
        """Every event, as a line for ``stakebook append --file``."""
        for event in self._prelude():
            self.emitted += 1
            yield event
        self.promised = start = self.emitted
        wanted = self.plan.events + (start if self.plan.one_register else 0)
        if wanted < start + 10:
            raise ValueError(f"these issuers and holders alone take {start} events; ask for more")
        while self.promised < wanted:
            self.day = (self.promised - start) * DAYS // (wanted - start)
            while self.later and self.later[0][0] < self.day:
                _, _, issuer, credits = heappop(self.later)
                self._settle(issuer, credits)
            if self.agenda and self.agenda[0][0] <= self.day:
                self.record(heappop(self.agenda)[2])
            else:
                drawn = self.random() * self.choices[-1][0]
                next(happen for limit, happen in self.choices if drawn < limit)(self)
            yield from self._due()
        self.delay = 0
        while self.held:
            self.emitted = max(self.emitted, self.held[0].due)
            yield from self._due()

    def below(self, limit: int) -> int:
        """A number from 0 to just below the limit."""
        return int(self.random() * limit)

    def cubed(self) -> float:
        """A number from 0 to just below 1, mostly small, the same on every machine."""
        drawn = self.random()
        return drawn * drawn * drawn

    def room(self, events: int) -> bool:
        """Whether so many more events are still wanted."""
        wanted = self.plan.events + (self.plan.holders if self.plan.one_register else 0)
        return self.promised + events <= wanted

    def dated(self, type: str, **fields: Any) -> Event:
        """An official event of today, known some days later, under a new key."""
        self.number += 1
        known = ISO[self.day + int(self.cubed() * 15)]
        return {
            "type": type, "key": f"e{self.number:09}", "effective_on": ISO[self.day],
            "known_on": known, "standing": "official", **fields,
        }  # fmt: skip

    def keeping(self, type: str, **fields: Any) -> Event:
        """An event about the record itself, under a new key."""
        self.number += 1
        return {"type": type, "key": f"e{self.number:09}", **fields}

    def record(self, event: Event) -> None:
        """Record an event now."""
        self.promised += 1
        self.ready.append(event)

    def hold(
        self, event: Event, due: int, issuer: Issuer, credits: tuple[Credit, ...], settles: bool,
        day: int = 0,
    ) -> None:  # fmt: skip
        """Record an event later; its credits can be spent from then, after the day given.

        ``settles`` says that nothing else of the same movement is held back after it.
        """
        self.promised += 1
        heappush(self.held, Held(due, self.number, event, issuer, credits, day, settles))

    def _due(self) -> Iterator[Event]:
        for event in self.ready:
            self.emitted += 1
            yield event
        self.ready.clear()
        while self.held and self.held[0].due <= self.emitted:
            _, number, event, issuer, credits, day, settles = heappop(self.held)
            self.emitted += 1
            yield event
            if issuer is None:
                continue
            if not settles:
                for account, shares in credits:
                    issuer.change(account, shares)
            elif day >= self.day:
                heappush(self.later, (day, number, issuer, credits))
            else:
                self._settle(issuer, credits)

    def _settle(self, issuer: Issuer, credits: tuple[Credit, ...]) -> None:
        for account, shares in credits:
            issuer.change(account, shares)
        issuer.pending -= 1

    def _prelude(self) -> Iterator[Event]:
        """Everybody is registered, the classes are made, and the registers open."""
        registered = "party-registered"
        for n in range(self.plan.holders):
            kind = "person" if n % 10 < 6 else "fund" if n % 10 < 9 else "company"
            id = f"h{n:06}"
            yield self.keeping(registered, party=id, kind=kind, name=f"Holder {n + 1}")
        for n, issuer in enumerate(self.issuers):
            name = f"Issuer {n + 1} plc"
            yield self.keeping(registered, party=issuer.id, kind="company", name=name)
            if n < len(self.issuers) - self.unlisted:
                yield self.keeping("share-class-created", share_class=issuer.share_class)
                yield from self._opened(issuer)

    def _opened(self, issuer: Issuer) -> Iterator[Event]:
        for _ in range(8):
            holder = self.below(self.plan.holders)
            shares = issuer.unit * (10_000 + self.below(90_000))
            issuer.change(holder, shares)
            issuer.issued += shares
            event = self.dated(
                "register-opened", share_class=issuer.share_class,
                holder=issuer.party(holder), shares=str(shares),
            )  # fmt: skip
            self.enter(event, issuer, [(holder, shares)])
            yield event

    def enter(
        self, event: Event, issuer: Issuer, changes: list[tuple[int, int]], day: int | None = None
    ) -> None:
        """Book what a movement comes to in the end."""
        named = [(issuer.party(account), shares) for account, shares in changes]
        when = ISO[self.day if day is None else day]
        self.book(Entry(when, event["key"], issuer.share_class, named))
