"""The holdings and votes of an issuer at the end of many days, from one walk through its register.

Between two days on which shares only changed hands nothing is worked out anew but what concerns
those hands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Self, cast

from ledger.model.movements import MOVEMENTS
from ledger.model.register import Pair
from ledger.time.view import View
from ledger.values.dates import BEGINNING
from projections.changes.compare import Lines, lines_by
from projections.control.members import members
from projections.questions import QUESTIONS
from projections.subjects import holdings, vote_lines
from projections.subjects.changed_hands import Counted
from projections.subjects.register_walk import (
    Asked,
    RegisterWalk,
    Watched,
    may_be_walked,
    stops_of,
)
from projections.subjects.trusts import TYPES as TRUSTS
from projections.subjects.trusts import Trust

WORK_OF_DAY, LEAST_DAYS = 5, 3


class Register:
    """The register of an issuer seen through a view, walked from day to day.

    ``walked`` has what both answers are made of at the end of each day asked for; ``seen`` the
    facts that were looked at. It may not be walked where events that tell the same count from
    different days, in turn.
    """

    stops: set[str]
    may_be_walked: bool

    def __init__(self, view: View, issuer: str) -> None:
        self.view, self.issuer = view, issuer
        self.walked: dict[str, Mapping[str, Lines]] = {}
        self.trusts: dict[str, Mapping[str, Trust | None]] = {}
        self._work: dict[str, int] = {}  # of each day walked to
        self._watched = Watched(view)
        self.seen = self._watched.seen

    @classmethod
    def begun(cls, view: View, issuer: str) -> Self:
        """One that stands before its first day, when all that both answers ask for was seen."""
        register = cls(view, issuer)
        register._begin()
        for trust in register._at_cut.trusts_named:
            register._watched.about(f"party:{trust}", types=TRUSTS)
        for source in register._watched.across.sources(issuer):
            register._watched.about(f"issuer:{source}", types=MOVEMENTS)
        register.stops = stops_of(register.seen.values())
        register.may_be_walked = may_be_walked(register.seen.values())
        return register

    @property
    def asked(self) -> set[Asked]:
        """Which subjects were looked at, and which types of events about them."""
        return self._watched.asked

    def walk(self, days: Iterable[str], most: int | None = None) -> int:
        """Find what both answers are made of at the end of some days, in order, until that takes
        more than so much work; returns for how many of them it is found."""
        work, number = 0, 0
        for number, day in enumerate(sorted(days), 1):
            if day not in self.walked:
                self._work[day] = self._walk(day)
            work += self._work[day]
            if most is not None and work > most and number >= LEAST_DAYS:
                break
        return number

    def _walk(self, day: str) -> int:
        """Find what both answers are made of at the end of a day; returns how much work it is: the
        rows that are worked out, and as much as of some rows for the day itself."""
        if day < self._at_cut.day:
            self._begin()
        passed = self._at_cut.go_on(day)
        pairs = self._counted.changed_hands(passed)
        if pairs is None:
            self._read_all()
        elif pairs:
            self._read(pairs)
        self.walked[day] = {"holdings": self._holdings, "votes": self._votes}
        self.trusts[day] = self._trusts
        return WORK_OF_DAY + (len(self._votes) if pairs is None else len(pairs))

    def _begin(self) -> None:
        self._at_cut = RegisterWalk(self._watched, self.issuer, members)
        self._at_cut.go_on(BEGINNING)
        self._read_all()

    def _read_all(self) -> None:
        at_cut, rights = self._at_cut, self._at_cut.rights
        self._holdings = lines_by(holdings.lines(at_cut, at_cut.worst), QUESTIONS["holdings"])
        self._votes = lines_by(vote_lines.lines(at_cut, rights), QUESTIONS["votes"])
        self._trusts = at_cut.trusts
        self._counted = Counted(at_cut, rights)

    def _read(self, pairs: Collection[Pair]) -> None:
        at_cut, rest = self._at_cut, dict(self._holdings)
        pairs = sorted(pairs)  # so that lines stand in one order, whatever a set makes of it
        for share_class, account in pairs:
            rest.pop(f"{share_class} {account or self.issuer}", None)
        rest.update(lines_by(holdings.lines_on(at_cut, at_cut.worst, pairs), QUESTIONS["holdings"]))
        self._holdings = rest
        accounts = dict.fromkeys(account for _, account in pairs)
        counted = cast(Mapping[str, vote_lines.AnyLine], self._votes)
        self._votes = vote_lines.lines_on(at_cut, at_cut.rights, accounts, counted)
