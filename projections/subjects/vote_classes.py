"""Votes by class: what each holder can vote with its shares of each class, and the totals of each.

A cap limits what a holder casts, whichever shares it casts with, and no clause shares it out among
classes. Where it leaves less than the votes of several classes, each class has a range.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain

from ledger.model.register import TREASURY
from ledger.time.view import View
from projections.answer import Answer, percentage, whole
from projections.subjects.ballots import OfClass, can_be_counted, counting
from projections.subjects.bases import Totals
from projections.subjects.elsewhere import rests_on
from projections.subjects.reaching import Members
from projections.subjects.register_at_cut import TYPES as POSITION_TYPES
from projections.subjects.register_at_cut import RegisterAtCut, register_at_cut
from projections.subjects.trusts import note_unknown_terms
from projections.subjects.vote_lines import AnyLine, GroupLine, Line, counted
from projections.subjects.votes import (
    note_assumed,
    note_impossible,
    note_uncounted,
    totals_note,
    totals_of,
    usable,
)
from projections.subjects.voting_rights import TYPES, Rights
from projections.vote_rows import ClassVoteRow

_NONE = Fraction()


@dataclass(frozen=True)
class Counts:
    """The votes of one row: with those of treasury shares, held, suspended, cast neutrally; and
    what caps leave of them at least and at most."""

    gross: Fraction = _NONE
    held: Fraction = _NONE
    suspended: Fraction = _NONE
    neutral: Fraction = _NONE
    low: Fraction | None = _NONE
    high: Fraction | None = _NONE

    @property
    def exercisable(self) -> Fraction:
        return self.held - self.suspended - self.neutral

    @property
    def after(self) -> Fraction | None:
        """The votes after caps, where they are known."""
        return self.high if self.low == self.high else None

    def __add__(self, other: Counts) -> Counts:
        """Both together; what caps leave of them is known where it is of each."""
        one, two = self.after, other.after
        both = None if one is None or two is None else one + two
        return Counts(
            self.gross + other.gross,
            self.held + other.held,
            self.suspended + other.suspended,
            self.neutral + other.neutral,
            both,
            both,
        )


def votes_by_class(
    view: View, issuer: str, members: Members, digits: int = 2
) -> Answer[ClassVoteRow]:
    """Votes of an issuer per class and holder, with the totals of each class and of all.

    Percentages are of all votes of the issuer, so that those of a holder's classes add up to what
    the plain answer has. Rows without class are of what no class tells: the whole of who holds
    shares of several, accounts that share a cap, votes that nobody is known to hold, the total.
    Restrictions on a holder's group reach its ``members``.
    """
    issuer = view.identities.of(issuer)
    about = [((f"issuer:{issuer}",), (*POSITION_TYPES, *TYPES)), *rests_on(view, issuer)]
    answer: Answer[ClassVoteRow] = Answer(about=about)
    rights = Rights(view, members)
    at_cut = register_at_cut(view, issuer, rights)
    note_unknown_terms(answer, at_cut.without_terms())
    answer.add_possible(at_cut.possible)
    if not can_be_counted(at_cut, rights):
        note_uncounted(answer, at_cut, rights)
        return answer
    lines = sorted(counted(at_cut, rights), key=lambda line: line.place)
    of = totals_of(lines)
    answer.rows += _ByClass(at_cut, rights, lines, of, digits).rows()
    answer.note(totals_note(issuer, of.held, of.castable, at_cut.digits))
    if any(row["holder"] and row["after_caps"] is None for row in answer.rows):
        answer.note(
            "A cap limits a holder, not a class: where it leaves less than the votes of several"
            " classes, or of several accounts, after_caps_low and after_caps_high are the ends."
        )
    note_impossible(answer, at_cut)
    note_assumed(answer, at_cut, rights)
    return answer


class _ByClass:
    def __init__(
        self,
        at_cut: RegisterAtCut,
        rights: Rights,
        lines: Sequence[AnyLine],
        of: Totals,
        digits: int,
    ) -> None:
        self._at_cut, self._rights, self._all, self._of = at_cut, rights, lines, of
        self._lines = [line for line in lines if isinstance(line, Line)]
        self._digits = digits

    def rows(self) -> Iterator[ClassVoteRow]:
        """The rows of each class, then those of all."""
        for share_class in filter(self._rights.has_votes, self._at_cut.classes):
            total = Counts()
            for line, counts in self._holders(share_class):
                total += counts
                classes = line.ballot.classes
                told = (classes.get(c, OfClass()).reasons for c in (share_class, None))
                yield self._row(share_class, line, counts, [*chain(*told), *line.capped])
            yield self._row(share_class, None, total)
        for one in self._all:
            if isinstance(one, GroupLine) or len(self._classes(one)) != 1:
                yield self._row(None, one, _whole(one), one.row()["reasons"])
        every = sum(map(_whole, self._lines), Counts())
        left = usable(self._all)
        yield self._row(None, None, replace(every, low=left, high=left))

    def _classes(self, line: Line) -> list[str]:
        """The classes that an account has shares of which carry votes."""
        register, account = self._at_cut.register, line.account
        held = (c for c in self._at_cut.classes if register.shares(c, account))
        return [c for c in held if self._rights.has_votes(c)]

    def _holders(self, share_class: str) -> list[tuple[Line, Counts]]:
        """The accounts that hold shares of a class, those with the most votes first."""
        found = [
            (line, self._count(share_class, line))
            for line in self._lines
            if share_class in self._classes(line)
        ]
        return sorted(found, key=lambda one: (-one[1].held, one[0].account))

    def _count(self, share_class: str, line: Line) -> Counts:
        ballot, rights = line.ballot, self._rights
        if line.account == TREASURY:
            shares = self._at_cut.register.treasury(share_class)
            return Counts(gross=rights.votes(share_class, shares))
        held = rights.votes(share_class, counting(ballot.parts[share_class]))
        suspended = ballot.classes.get(share_class, OfClass()).suspended
        neutral = held - suspended if ballot.neutral else _NONE
        own = held - suspended - neutral
        if line.known and line.after == ballot.exercisable:
            return Counts(held, held, suspended, neutral, own, own)
        high = min(own, line.most)
        low = max(line.after - (ballot.exercisable - own), min(own, _NONE)) if line.known else None
        return Counts(held, held, suspended, neutral, low and min(low, high), high)

    def _row(
        self,
        share_class: str | None,
        line: AnyLine | None,
        one: Counts,
        reasons: Sequence[str] = (),
    ) -> ClassVoteRow:
        of, plain = self._of, line.row() if line is not None else None
        return {
            "issuer": self._at_cut.issuer,
            "share_class": share_class,
            "holder": plain["holder"] if plain else None,
            "group": plain["group"] if plain else None,
            "gross": self._text(one.gross),
            "gross_percent": percentage(one.gross, of.gross, self._digits),
            "gross_percent_of": "gross-votes",
            "votes": self._text(one.held),
            "votes_percent": percentage(one.held, of.held, self._digits),
            "votes_percent_of": "held-votes",
            "suspended": self._text(one.suspended),
            "net": self._text(one.held - one.suspended),
            "neutral": self._text(one.neutral),
            "exercisable": self._text(one.exercisable),
            "exercisable_percent": percentage(one.exercisable, of.castable, self._digits),
            "exercisable_percent_of": "net-votes",
            "limit": plain["limit"] if plain else None,
            "bound_by": plain["bound_by"] if plain else [],
            "after_caps": self._known(one.after),
            "after_caps_low": self._known(one.low),
            "after_caps_high": self._known(one.high),
            "after_caps_percent": None
            if one.after is None
            else percentage(one.after, of.castable, self._digits),
            "after_caps_percent_of": "net-votes",
            "gross_votes": self._text(of.gross),
            "held_votes": self._text(of.held),
            "net_votes": self._text(of.castable),
            "reasons": [*reasons],
        }

    def _text(self, votes: Fraction) -> str:
        return whole(votes, self._at_cut.digits)

    def _known(self, votes: Fraction | None) -> str | None:
        return None if votes is None else self._text(votes)


def _whole(line: AnyLine) -> Counts:
    """What the plain answer has of an account, or of several that share a cap."""
    if isinstance(line, GroupLine):
        own = sum(map(_whole, line.lines), Counts())
        return replace(own, low=line.after if line.known else None, high=line.after)
    ballot, low = line.ballot, line.after if line.known else None
    gross = ballot.held + ballot.treasury
    return Counts(gross, ballot.held, ballot.suspended, ballot.neutral, low, line.most)
