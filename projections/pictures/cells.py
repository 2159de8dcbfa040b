"""What a question finds on every day, as known by every day: each pair of days is a cell.

Only days on which something can change are asked for. As known by a day, what is found changes on
the days of the facts that it is made of; what is known changes on the days on which these facts,
and those that amend them, became known, which are looked for until no further ones turn up.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date, timedelta
from typing import Generic, NamedTuple, TypeVar

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.time.view import View
from ledger.values.dates import BEGINNING, FOREVER
from projections.subjects.register_walk import Asked, Noting, Watched, stops_of

MOST_CELLS = 20_000
Found = TypeVar("Found", bound=Hashable)
Grain = Callable[[str], str]


class Cells(NamedTuple, Generic[Found]):
    """The days on both clocks from which on anything is otherwise, and what is found from each.

    ``rows`` has a row for each known day and in it a cell for each effective day. ``grain`` says of
    what the days are the last ones, where there are too many to show all.
    """

    days: Sequence[str]
    known: Sequence[str]
    rows: Sequence[Sequence[Found]]
    grain: str

    def at(self, day: str, known: str) -> Found:
        """What is found at the end of a day, as known at the end of another."""
        row = self.rows[bisect_right(self.known, known) - 1]
        return row[bisect_right(self.days, day) - 1]


class TooMany(Exception):
    """There are more cells than are looked at."""


Working = Callable[[int], AbstractContextManager[Callable[[int], None]]]


@contextmanager
def _unseen(_: int) -> Iterator[Callable[[int], None]]:
    yield lambda _: None


def cells_of(
    view: View, ask: Callable[[View], Found], working: Working = _unseen, most: int = MOST_CELLS
) -> Cells[Found]:
    """What is found up to a cut on all days, or at the ends of longer times where these are too
    many; ``working`` shows how many of so many columns are done."""
    for grain in _GRAINS:
        try:
            filling = _Filling.begun(view, ask, grain, most)
            with working(filling.columns) as advance:
                return filling.cells(advance)
        except TooMany:
            continue
    raise TooMany


class _Filling(Generic[Found]):
    """The cells of a question up to a cut, column by column of what was known."""

    def __init__(self, view: View, ask: Callable[[View], Found], grain: str, most: int) -> None:
        self._view, self._ask, self._most = view, ask, most
        self._grain, self._end = grain, _GRAINS[grain]
        self._columns: dict[str, _Column[Found]] = {}
        self._asked = set[Asked]()
        self._known = {BEGINNING, view.cut.known_by}
        self._days: set[str] = set()

    @classmethod
    def begun(
        cls, view: View, ask: Callable[[View], Found], grain: str, most: int
    ) -> _Filling[Found]:
        """With what is known in the end and at first, which tells most of the other days."""
        filling = cls(view, ask, grain, most)
        for known in (view.cut.known_by, BEGINNING):
            filling._fill(known)
        return filling

    @property
    def columns(self) -> int:
        """How many days of knowledge there are, as far as is seen."""
        return len(self._known)

    def cells(self, advance: Callable[[int], None]) -> Cells[Found]:
        """All cells; ``advance`` is told how many columns are done."""
        while left := self._known - self._columns.keys():
            self._fill(max(left))
            advance(len(self._columns))
        known = sorted(self._known)
        days = sorted(self._days)
        rows = [tuple(self._columns[by].at(day).found for day in days) for by in known]
        known, rows = _distinct(known, rows)
        days, across = _distinct(days, list(zip(*rows, strict=True)))
        return Cells(days, known, list(zip(*across, strict=True)), self._grain)

    def _fill(self, known: str) -> None:
        """What is found on each day as known by one, from the first on; where it rests on the same
        facts as what is found as known later, that is taken over."""
        view = View(self._view.history, self._view.cut._replace(known_by=known))
        later = self._columns.get(min((day for day in self._columns if day > known), default=""))
        column = self._columns[known] = _Column[Found](view)
        day: str | None = BEGINNING
        while day is not None:
            cell = later.at(day) if later else None
            if later is None or cell is None or column.apart(later, cell.asked) <= day:
                noting = Noting(view.on(day))
                cell = _Cell(self._ask(noting), frozenset(noting.asked))
            column.add(day, cell)
            self._look(column, cell.asked)
            stops = self._ends(column.stops(cell.asked), view.cut.as_of)
            day = min((stop for stop in stops if stop > day), default=None)
        self._days |= column.cells.keys()

    def _look(self, column: _Column[Found], asked: frozenset[Asked]) -> None:
        """Look at all that was asked so far, too, for days that are still to be filled."""
        if not asked <= self._asked or not column.is_read:
            self._asked |= asked
            column.read(self._asked)
            self._known |= self._ends(column.reading.known, self._view.cut.known_by)
            all_days = self._ends(stops_of(column.reading.seen.values()), self._view.cut.as_of)
            days = self._days | all_days | {BEGINNING, self._view.cut.as_of}
            if len(days) * len(self._known) > self._most:
                raise TooMany

    def _ends(self, days: Collection[str], last: str) -> set[str]:
        return {min(self._end(day), last) for day in days if day <= last}


class _Cell(NamedTuple, Generic[Found]):
    """What is found on a day, and what was asked of the view to find it."""

    found: Found
    asked: frozenset[Asked]


class _Column(Generic[Found]):
    """What is found as known by one day, on the days on which it changes."""

    def __init__(self, view: View) -> None:
        self.reading, self.cells = _Reading(view), dict[str, _Cell[Found]]()
        self.is_read = False
        self._days: list[str] = []
        self._stops: dict[frozenset[Asked], set[str]] = {}
        self._apart: dict[Asked, str] = {}

    def add(self, day: str, cell: _Cell[Found]) -> None:
        """What is found on the next day."""
        self.cells[day] = cell
        self._days.append(day)

    def at(self, day: str) -> _Cell[Found]:
        """What is found at the end of a day."""
        return self.cells[self._days[bisect_right(self._days, day) - 1]]

    def read(self, asked: Iterable[Asked]) -> None:
        """Look at all facts that some questions to the view are about."""
        self.is_read = True
        for subjects, types in asked:
            self.reading.about(*subjects, types=types)

    def stops(self, asked: frozenset[Asked]) -> set[str]:
        """The days on which what rests on some facts can change."""
        if asked not in self._stops:
            facts = {at: fact for one in asked for at, fact in self.reading.facts(one).items()}
            self._stops[asked] = stops_of(facts.values())
        return self._stops[asked]

    def apart(self, other: _Column[Found], asked: Iterable[Asked]) -> str:
        """From which day on facts may bear on an answer that are not the same in another column."""
        return min((self._parted(other, one) for one in asked), default=FOREVER)

    def _parted(self, other: _Column[Found], asked: Asked) -> str:
        if asked not in self._apart:
            ours, theirs = self.reading.told(asked), other.reading.told(asked)
            facts = [
                one[at][0]
                for at in ours.keys() | theirs.keys()
                if ours.get(at) != theirs.get(at)
                for one in (ours, theirs)
                if at in one
            ]
            self._apart[asked] = min(map(_bears_from, facts), default=FOREVER)
        return self._apart[asked]


class _Reading(Watched):
    """A view of all days that remembers when what it resolved became known."""

    def __init__(self, view: View) -> None:
        super().__init__(View(view.history, view.cut._replace(as_of=FOREVER)))
        self.known: set[str] = set()

    def _resolve(self, recorded: Recorded, amendments: Mapping[int, Fact | None]) -> Fact | None:
        found = super()._resolve(recorded, amendments)
        if found is not None:
            self.known |= set(found.known)
        return found

    def told(self, asked: Asked) -> dict[int, tuple[Fact, bool]]:
        """The facts that a question was about, each with whether it surely is known."""
        by = self.cut.known_by
        return {at: (fact, fact.known.last <= by) for at, fact in self.facts(asked).items()}


def _bears_from(fact: Fact) -> str:
    """The first day on which a fact can bear on an answer."""
    if fact.effective is None or fact.timeless:
        return BEGINNING
    depending = fact.depending
    days = {fact.effective.first} | (depending.days if depending else set())
    return min(days | ({depending.agreed.first} if depending and depending.agreed else set()))


def _distinct(days: Sequence[str], lines: Sequence[Found]) -> tuple[list[str], list[Found]]:
    """The days whose line is another than that of the day before, with their lines."""
    kept = [n for n, line in enumerate(lines) if n == 0 or line != lines[n - 1]]
    return [days[n] for n in kept], [lines[n] for n in kept]


def _month(day: str) -> str:
    if day[:7] == FOREVER[:7] or day == BEGINNING:
        return day
    first = date.fromisoformat(f"{day[:7]}-01")
    return ((first + timedelta(days=31)).replace(day=1) - timedelta(days=1)).isoformat()


def _year(day: str) -> str:
    return day if day == BEGINNING else f"{day[:4]}-12-31"


_GRAINS: Mapping[str, Grain] = {"": lambda day: day, "month": _month, "year": _year}
