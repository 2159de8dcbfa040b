"""Totals over time: what an issuer states of its shares and votes, beside what its events make.

Every event that moves a total is a row, with what it adds. Between two totals the rows add up to
what is recorded; what a statement has beyond them is its gap, which no event explains.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from typing import TypeAlias

from ledger.model.fact import Fact
from ledger.time.view import View
from ledger.values.dates import BEGINNING, FOREVER, days_before, next_day, parse_partial
from projections.answer import Answer, keys, sentence, weakest, whole
from projections.subjects.bases import OF_ISSUER, OF_VOTES, meant
from projections.subjects.elsewhere import rests_on
from projections.subjects.reaching import Members
from projections.subjects.register_at_cut import ASSERTED, RegisterAtCut, register_at_cut
from projections.subjects.register_at_cut import TYPES as POSITION_TYPES
from projections.subjects.totals_walk import OF_ALL, OF_CLASS, Change, Total, changes
from projections.subjects.voting_rights import TYPES
from projections.told import told
from projections.vote_rows import TotalRow

ENDED = "No longer: "  # before an event that counts no more
_NONE = Fraction()
_ORDER = ("capital", *OF_CLASS, *OF_VOTES)
_UNTOLD = "Counted otherwise from this day on, without an event of its own."
_COUNTED_AS = {"mutual-votes": "held-votes"}  # what only a law forbids to cast is held


@dataclass(frozen=True)
class Wanted:
    """Which days are told, and whether the end of every month is."""

    first: str = BEGINNING
    last: str = FOREVER
    monthly: bool = False


def totals_over_time(
    view: View, issuer: str, members: Members, wanted: Wanted = Wanted()
) -> Answer[TotalRow]:
    """The totals of an issuer that statements assert, each beside the recorded figure of its day.

    A gap is the stated number less the recorded one. Of its explanation the rows before it have
    every event since the last statement that agreed; what is ``unexplained`` no event tells, unless
    the statement would agree without one of them, or with one of later days.
    """
    issuer = view.identities.of(issuer)
    about = [((f"issuer:{issuer}",), (*POSITION_TYPES, *TYPES)), *rests_on(view, issuer)]
    answer: Answer[TotalRow] = Answer(about=about)
    at_cut = register_at_cut(view, issuer, checking=False)
    answer.add_possible(at_cut.possible)
    asserted = view.about(f"issuer:{issuer}", types=(ASSERTED,))
    answer.add_possible(asserted.possible)
    stated: dict[Total, list[Fact]] = {}
    for fact in asserted.counted:
        if (total := _total_of(fact)) is not None:
            stated.setdefault(total, []).append(fact)
    months = _month_ends(at_cut, wanted) if wanted.monthly else []
    for base in OF_ALL if months else ():
        stated.setdefault((base, None), [])
    days = {fact.order[0] for facts in stated.values() for fact in facts} | {*months}
    moved = list(changes(view, issuer, members, days)) if stated else []
    for total in sorted(stated, key=_place):
        series = _Series(at_cut, total, moved, stated[total], months)
        answer.rows += series.rows(wanted)
    if not answer.rows:
        _note_none(answer, issuer, at_cut, wanted)
    elif any(row["recorded"] is None for row in answer.rows):
        answer.note("Votes are counted from the day on which the votes a share of every class are"
                    " told; before, they are not known.")  # fmt: skip
    return answer


def _note_none(
    answer: Answer[TotalRow], issuer: str, at_cut: RegisterAtCut, wanted: Wanted
) -> None:
    more = "" if wanted.monthly else "; --monthly has those that the events make"
    of = told("party", issuer)
    if not (at_cut.classes or at_cut.emptied):
        answer.gap(f"no event at this cut is of a register of {of}", "a share-class-created")
    else:
        answer.none(f"No total of {of} is stated in the days asked about{more}.")


def _total_of(fact: Fact) -> Total | None:
    """The total that a statement is of; None where it is a holder's, or of no register."""
    word = fact.text("total")
    if word is None or word == "authorised":
        return None
    (base,) = meant(word)
    return base, None if base in OF_ISSUER else fact.need("share_class")


def _place(total: Total) -> tuple[int, str]:
    return _ORDER.index(total[0]), total[1] or ""


def _month_ends(at_cut: RegisterAtCut, wanted: Wanted) -> list[str]:
    """The last days of the months asked about, from the first in which anything was held."""
    moved = [fact.order[0] for facts in at_cut.moved.values() for fact in facts]
    posted = at_cut.register.posted
    for share_class in posted.classes:
        moved += posted.days(share_class, None, ("", 0, 0), at_cut.register.fold_key)
    moved = [day for day in moved if day > BEGINNING]
    if not moved:
        return []
    last = min(wanted.last, at_cut.view.cut.as_of)
    last = last if last < FOREVER else _month_end(max(moved))
    found, day = list[str](), _month_end(min(moved))
    while day <= last:
        found.append(day)
        day = _month_end(next_day(day))
    return found


def _month_end(day: str) -> str:
    return parse_partial(day[:7]).last


_Point: TypeAlias = tuple[str, Fact | None]  # a day, and what is stated of it


@dataclass
class _Known:
    """What is known of a total when a day is reached: the last figure, the last that a statement
    agreed with, and the gap of the last statement."""

    day: str | None = None
    recorded: Fraction = _NONE
    agreed_on: str | None = None
    agreed: Fraction = _NONE
    gap: Fraction | None = None

    def see(self, day: str, fact: Fact | None, recorded: Fraction | None) -> None:
        """Take the figure of a day into account, and what is stated of it."""
        self.day, self.recorded = day, recorded or _NONE
        if fact is None or recorded is None:
            return
        self.gap = fact.shares() - recorded
        if not self.gap:
            self.agreed_on, self.agreed = day, recorded


class _Series:
    """One total, from change to change and from statement to statement."""

    def __init__(
        self,
        at_cut: RegisterAtCut,
        total: Total,
        moved: Sequence[Change],
        stated: Sequence[Fact],
        months: Sequence[str],
    ) -> None:
        self._at_cut, self._total = at_cut, total
        base, share_class = total
        key = _COUNTED_AS.get(base, base), share_class
        self._key: Total = key
        self._moved = [one for one in moved if one.before.get(key, 0) != one.after.get(key, 0)]
        self._days = [one.day for one in self._moved]
        points: list[_Point] = [(f.order[0], f) for f in sorted(stated, key=lambda f: f.order)]
        days = {day for day, _ in points}
        points += [(day, None) for day in months if share_class is None and day not in days]
        self._points = sorted(points, key=lambda one: one[0])

    @cached_property
    def _digits(self) -> int:
        share_class = self._total[1]
        if share_class is not None:
            return self._at_cut.register.digits(share_class)
        return self._at_cut.digits

    def rows(self, wanted: Wanted) -> Iterator[TotalRow]:
        """The rows of the days asked about, in order."""
        found = list(self._all())
        if wanted.first > BEGINNING:
            before = days_before(wanted.first, 1)
            recorded = self._recorded(before)
            start = self._row("start", before, recorded, [], "Before the days asked about.")
            shown = [row for row in found if wanted.first <= row["day"] <= wanted.last]
            yield from [start, *shown] if shown else []
            return
        yield from (row for row in found if row["day"] <= wanted.last)

    def _all(self) -> Iterator[TotalRow]:
        passed, known = 0, _Known()
        for number, (day, fact) in enumerate(self._points):
            upto = bisect_right(self._days, day)
            yield from map(self._change, self._moved[passed:upto])
            passed, recorded = upto, self._recorded(day)
            if fact is None:
                row = self._row("month-end", day, recorded, [], "End of the month.")
                row["since"] = known.day
                row["delta"] = None if recorded is None else self._text(recorded - known.recorded)
            else:
                row = self._statement(number, fact, recorded, known)
            known.see(day, fact, recorded)
            yield row
        yield from map(self._change, self._moved[passed:] if self._points else ())

    def _statement(
        self, number: int, fact: Fact, recorded: Fraction | None, known: _Known
    ) -> TotalRow:
        day = fact.order[0]
        row = self._row("statement", day, recorded, [fact], sentence(fact))
        row["stated"], row["known_on"] = self._text(Fraction(fact.shares())), fact.known_on
        row["since"], row["gap_before"] = known.agreed_on, self._text(known.gap)
        if recorded is None:
            return row
        gap = fact.shares() - recorded
        row["gap"], row["delta"] = self._text(gap), self._text(recorded - known.agreed)
        if gap:
            later = (d for d, f in self._points[number + 1 :] if f is not None and d > day)
            without, more = self._closing(gap, known.agreed_on, day, next(later, FOREVER))
            row["agrees_without"], row["agrees_with"] = keys(without), keys(more)
        explained = bool(row["agrees_without"] or row["agrees_with"])
        row["unexplained"] = self._text(_NONE if explained else gap)
        return row

    def _closing(
        self, gap: Fraction, since: str | None, day: str, until: str
    ) -> tuple[list[Fact], list[Fact]]:
        """The fewest events without which, or later ones with which, a statement agrees: a single
        one, or all from a moment on."""
        own = [one for one in self._moved if (since or "") < one.day <= day]
        later = [one for one in self._moved if day < one.day <= until]
        left, more = self._matching(own[::-1], -gap), self._matching(later, gap)
        if more and (not left or len(more) < len(left)):
            return [], more
        return left, []

    def _matching(self, moved: Sequence[Change], number: Fraction) -> list[Fact]:
        """The events of a change that adds a number, or else of the first changes that do
        together; none, where no event is known of one."""
        found = next(([one] for one in moved if one.of(self._key) == number), [])
        if not found:
            sums = accumulate(one.of(self._key) for one in moved)
            found = next(([*moved[: n + 1]] for n, one in enumerate(sums) if one == number), [])
        facts = [fact for one in found for fact in one.events]
        return facts if all(one.events for one in found) else []

    def _change(self, one: Change) -> TotalRow:
        words = [*map(sentence, one.facts), *(f"{ENDED}{sentence(fact)}" for fact in one.gone)]
        what = ". ".join(words) or _UNTOLD
        row = self._row("change", one.day, one.after.get(self._key, _NONE), one.events, what)
        row["delta"] = self._text(one.of(self._key))
        return row

    def _recorded(self, day: str) -> Fraction | None:
        """What the events make of the total by the end of a day."""
        passed = bisect_right(self._days, day)
        return self._moved[passed - 1].after.get(self._key, _NONE) if passed else _NONE

    def _row(
        self, kind: str, day: str, recorded: Fraction | None, facts: Sequence[Fact], what: str
    ) -> TotalRow:
        return {
            "issuer": self._at_cut.issuer,
            "base": self._total[0],
            "share_class": self._total[1],
            "kind": kind,  # type: ignore[typeddict-item]
            "day": day,
            "stated": None,
            "recorded": self._text(recorded),
            "delta": None,
            "since": None,
            "gap": None,
            "gap_before": None,
            "unexplained": None,
            "agrees_without": [],
            "agrees_with": [],
            "what": what,
            "standing": weakest(facts),
            "known_on": None,
            "events": keys(facts),
        }

    def _text(self, number: Fraction | None) -> str | None:
        return None if number is None else whole(number, self._digits)
