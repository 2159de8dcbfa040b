"""Facts: events as they stand in a view, with typed ways to read their fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from ledger.events.envelope import Recorded
from ledger.model.movements import shares_moved
from ledger.model.posted import FoldKey
from ledger.values import quantities, share_counts
from ledger.values.dates import (
    ALWAYS,
    BEGINNING,
    FOREVER,
    UNKNOWN,
    Days,
    after,
    in_words,
    parse_effective,
)

STANDINGS = ("official", "reported", "unnamed", "inferred")  # best first
_RANKS = {name: rank for rank, name in enumerate(STANDINGS)}


class Cited(NamedTuple):
    """A citation that stands: the source's id and where in it."""

    source: str
    locator: str | None


class Away(NamedTuple):
    """A time in which a fact does not count: from when, until when (None: for good), and why.

    ``reason`` is a word or two, ``about`` the subject by which it ended and ``by`` the key of the
    event that ended it; ``perhaps`` says why that is not certain, empty where it is.
    """

    since: Days
    until: Days | None
    reason: str
    about: str
    by: str
    perhaps: str = ""

    @property
    def why(self) -> str:
        """The reason in a few words, with ids."""
        kind, _, id = self.about.partition(":")
        return (
            f"{self.reason} with {kind} {id} ({self.by})" if kind else f"{self.reason} ({self.by})"
        )


class Depending(NamedTuple):
    """What a fact depends on beside its own date: conditions, an agreement, its being called off.

    ``agreed`` are its own days, ``written`` as they are given; ``waits`` has the conditions that
    are not met; ``perhaps`` says why it is not certain that it begins; ``by`` has the keys of the
    events that decide. In a ``circle`` it depends on itself.
    """

    agreed: Days | None
    written: str
    waits: tuple[str, ...] = ()
    perhaps: str = ""
    away: tuple[Away, ...] = ()
    by: tuple[str, ...] = ()
    circle: bool = False

    def away_on(self, day: str) -> tuple[Away | None, str]:
        """In which time it surely does not count on a day, and why perhaps it does not."""
        perhaps = []
        for away in self.away:
            back = away.until
            if away.since.first > day or (back is not None and back.last <= day):
                continue
            surely = away.since.last <= day and away.since.last != FOREVER and not away.perhaps
            if surely and (back is None or back.first > day):
                return away, ""
            perhaps.append(" and ".join(filter(None, (f"perhaps {away.why}", away.perhaps))))
        return None, "; ".join(perhaps)

    @property
    def days(self) -> set[str]:
        """The days on which the fact begins or ceases to count, but for its own."""
        found = [days for away in self.away for days in (away.since, away.until) if days]
        return {day for days in found for day in days}


@dataclass(frozen=True, slots=True)
class Fact:
    """An event as it stands in a view: corrected, dated, with the evidence that still holds.

    ``effective`` are the days on which it can have taken effect, None for record-keeping without a
    date. ``repeats`` says that it reaffirms what another fact of the view already tells; ``place``
    is where a question puts it in the fold, if not where its date does.
    """

    recorded: Recorded
    data: Mapping[str, Any]
    effective: Days | None
    known: Days
    citations: tuple[Cited, ...] = ()
    amendments: tuple[str, ...] = ()
    repeats: bool = False
    place: FoldKey | None = None
    depending: Depending | None = None

    @property
    def type(self) -> str:
        return self.recorded.type

    @property
    def key(self) -> str:
        return self.recorded.key

    @property
    def standing(self) -> str:
        return str(self.data["standing"])

    @property
    def timeless(self) -> bool:
        """Whether this is a record-keeping event that stands at every date."""
        return "effective_on" not in self.data

    @property
    def rank(self) -> int:
        """0 for the best standing, 3 for the weakest."""
        return _RANKS[self.data["standing"]]

    @property
    def undated(self) -> bool:
        """Whether the effective date is unknown."""
        return self.data.get("effective_on") == UNKNOWN

    @property
    def endless(self) -> bool:
        """Whether no day is known by which it has taken effect."""
        if self.effective is None or self.effective.last != FOREVER:
            return False
        return self.undated or self.need("effective_on").endswith("..")

    @property
    def at_latest(self) -> str | None:
        """The day by which it took effect, where its sources tell more of that than its date."""
        if self.effective is None or self.effective.last == FOREVER:
            return None
        last = self.effective.last
        return last if last < parse_effective(self.data["effective_on"]).last else None

    @property
    def since(self) -> str | None:
        """The effective date as it was written; None where there is none or it is unknown."""
        return None if self.undated else self.data.get("effective_on")

    @property
    def when(self) -> str:
        """The effective date in words."""
        return in_words(self.since, self.at_latest)

    @property
    def on(self) -> str:
        """The effective date in words, after its preposition."""
        return after("on", self.when)

    @property
    def known_on(self) -> str | None:
        """When the fact became known, as answers tell it; None where it is known at every date."""
        first, last = self.known
        if self.known == ALWAYS:
            return None
        return last if first == last else f"{'' if first == BEGINNING else first}..{last}"

    @property
    def order(self) -> FoldKey:
        """The place of the fact in the fold."""
        if self.place is not None:
            return self.place
        day = self.effective.last if self.effective else ""
        return day, int(self.data.get("sequence", "0")), self.recorded.position

    @property
    def listed(self) -> tuple[str, int, str]:
        """The place of the fact in a list for readers: as in the fold, but kept by any reload."""
        day, sequence, _ = self.order
        return day, sequence, self.key

    def as_agreed(self) -> Fact:
        """The fact by its own date, whatever it depends on."""
        if self.depending is None or self.effective == self.depending.agreed:
            return self
        data = {**self.data, "effective_on": self.depending.written}
        return replace(self, effective=self.depending.agreed, data=data)

    def text(self, name: str) -> str | None:
        """A field as text, None where it was not given."""
        value = self.data.get(name)
        return value if value is None or isinstance(value, str) else str(value)

    def need(self, name: str) -> str:
        """A field that events of this type always have."""
        return str(self.data[name])

    def shares(self, name: str = "shares") -> int | Fraction:
        """A number of shares, which are whole but of a class with decimals."""
        text = shares_moved(self.data) if name == "shares" else self.need(name)
        return share_counts.parse_balance(text)

    def whole(self, name: str = "shares") -> int:
        """A number of shares of a field that takes only whole ones."""
        text = shares_moved(self.data) if name == "shares" else self.need(name)
        return quantities.parse_count(text)

    def ratio(self) -> Fraction:
        return quantities.parse_ratio(self.data.get("ratio", "1:1"))

    def percent(self, name: str = "percent") -> Decimal | None:
        value = self.text(name)
        return None if value is None else quantities.parse_percent(value)

    def money(self, name: str = "amount") -> quantities.Money | None:
        value = self.text(name)
        return None if value is None else quantities.parse_price(value)

    def many(self, name: str) -> tuple[Any, ...]:
        return tuple(self.data.get(name, ()))


def ids_of(fact: Fact) -> set[str]:
    """Every word in a fact's own fields that may be an id, the issuer of a class included."""
    found: set[str] = set()
    for name, value in fact.data.items():
        if name not in ("citations", "clauses"):
            found.update(map(str, value) if isinstance(value, list | tuple) else (str(value),))
    issuer = fact.text("share_class")
    return found | {issuer.partition("/")[0]} if issuer else found


class Remembered(dict[int, Fact | None]):
    """Facts by position, let go of when there are many more than were worked out at once."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def without(self, positions: Iterable[int]) -> Remembered:
        """The same without the facts at some positions."""
        other = Remembered(self.room)
        other.update(self)
        for position in positions:
            other.pop(position, None)
        return other

    def forget(self, position: int) -> None:
        """Let go of the fact at a position."""
        self.pop(position, None)

    def keep(self, found: Mapping[int, Fact | None]) -> None:
        """Remember some facts more."""
        if len(self) > self.room:
            self.clear()
        self.update(found)
        self.room = max(self.room, 2 * len(found))


def uncited(data: Mapping[str, Any]) -> bool:
    """Whether an event tells of the world, says that it is official, and cites no source."""
    return data["standing"] == "official" and "effective_on" in data and not data.get("citations")


class Possible(NamedTuple):
    """A fact that may stand at the cut, and why that is not certain."""

    fact: Fact
    why: str


@dataclass(slots=True)
class Slice:
    """What a view holds about something: certain facts in order, and possible ones.

    ``absent`` are facts that would count but for what they depend on: they wait, or have ended.
    """

    certain: list[Fact] = field(default_factory=list)
    possible: list[Possible] = field(default_factory=list)
    absent: list[Fact] = field(default_factory=list)

    @property
    def counted(self) -> list[Fact]:
        """The certain facts without those that only say again what another tells."""
        return [fact for fact in self.certain if not fact.repeats]

    @property
    def ever(self) -> list[Fact]:
        """The facts that count on this or on an earlier day, and those that wait, in order."""
        return sorted([*self.counted, *self.absent], key=lambda fact: fact.order)
