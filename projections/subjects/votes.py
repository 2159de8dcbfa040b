"""Votes: who may cast how many, and each reduction with its reason (docs/arithmetic.md)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.time.view import View
from projections.answer import Answer, exact, percentage, qualified, whole
from projections.rows import VoteRow
from projections.subjects.ballots import (
    TYPES,
    Ballot,
    Rights,
    after_cap,
    ballots_of,
    can_be_counted,
    checked_votes,
    totals,
)
from projections.subjects.checked_figures import printed_percent
from projections.subjects.elsewhere import rests_on
from projections.subjects.existence import note_voters
from projections.subjects.impossible import impossible_balances
from projections.subjects.register_at_cut import TYPES as POSITION_TYPES
from projections.subjects.register_at_cut import RegisterAtCut, register_at_cut
from projections.subjects.share_rights import moved_votes
from projections.subjects.trusts import note_unknown_terms
from projections.told import COUNT, Told, told

AGREES = "agrees with the count."  # ends the note of a disclosure that does
_NOTHING = Fraction(), Fraction()


@dataclass(slots=True)
class VotesAnswer(Answer[VoteRow]):
    """An answer that knows all votes held, and those of them that can be cast, where counted."""

    held: Fraction | None = None
    castable: Fraction | None = None
    digits: int = 0


def votes(view: View, issuer: str, digits: int = 2, ranged: bool = False) -> VotesAnswer:
    """Votes of an issuer per holder: held, exercisable, after caps, with their percentages.

    votes_percent is of all votes held; exercisable_percent and after_caps_percent are of the votes
    that can be cast: all votes held except suspended ones. ``ranged`` adds the lowest and highest
    votes and votes after caps over all that is in doubt.
    """
    issuer = view.identities.of(issuer)
    about = [((f"issuer:{issuer}",), (*POSITION_TYPES, *TYPES)), *rests_on(view, issuer)]
    answer = VotesAnswer(about=about)
    rights = Rights(view)
    at_cut = register_at_cut(view, issuer, rights)
    note_unknown_terms(answer, at_cut.without_terms())
    answer.add_possible(at_cut.possible)
    if not can_be_counted(at_cut, rights):
        answer.rows += _disclosed(at_cut, rights)
        _note_unknown(answer, at_cut, rights)
        return answer
    counted = sorted(_counted(at_cut, rights), key=lambda line: line.place)
    answer.rows += [line.row(digits) for line in counted]
    _note_totals(answer, issuer, counted)
    note_voters(answer, view, {row["holder"] for row in answer.rows})
    for share_class in at_cut.classes:
        for text in impossible_balances(at_cut, share_class, at_cut.register.held(share_class)):
            answer.note(text)
    _check_disclosed(answer, at_cut)
    for words in moved_votes(at_cut):
        answer.note(words)
    if ranged:
        from projections.subjects.ranges import add_vote_ranges  # most questions need none

        add_vote_ranges(answer, at_cut, rights)
    elif at_cut.spans:
        from projections.subjects.orders import note_unplaced

        note_unplaced(answer, at_cut)
    return answer


class Line(NamedTuple):
    """What a row of votes is made of; two that are equal make the same row."""

    issuer: str
    account: str
    ballot: Ballot
    cap: Fact | None
    held: Fraction
    castable: Fraction
    decimals: int = 0

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells the row from others: the holder."""
        return (self.account or self.issuer,)

    @property
    def place(self) -> tuple[Fraction, str]:
        """The place of the row in an answer: those with the most votes come first."""
        return -self.ballot.held, self.account

    def row(self, digits: int = 2) -> VoteRow:
        """The row, its percentages with so many digits."""
        ballot, held, castable, reasons = self.ballot, self.held, self.castable, []
        decimals = self.decimals
        if self.cap is not None:
            scope = f", {self.cap.text('scope')}" if self.cap.text("scope") else ""
            limit = f"{self.cap.need('percent')}% of {told(COUNT, whole(castable, decimals))} votes"
            by = told("event", self.cap.key)
            reasons.append(Told(f"capped at {limit} that can be cast{scope} ({by})"))
        after = after_cap(ballot, self.cap, castable)
        return {
            "issuer": self.issuer,
            "holder": self.account or self.issuer,
            "votes": whole(ballot.held, decimals),
            "votes_percent": percentage(ballot.held, held, digits),
            "votes_percent_exact": exact(ballot.held, held),
            "exercisable": whole(ballot.exercisable, decimals),
            "exercisable_percent": percentage(ballot.exercisable, castable, digits),
            "after_caps": whole(after, decimals),
            "after_caps_percent": percentage(after, castable, digits),
            "reasons": [*ballot.reasons, *reasons],
        }


def lines(at_cut: RegisterAtCut, rights: Rights) -> list[Line] | list[VoteRow]:
    """What the rows of votes are made of; where they cannot be counted, rows from disclosures that
    speak of them."""
    return [*(_counted if can_be_counted(at_cut, rights) else _disclosed)(at_cut, rights)]


def lines_on(
    at_cut: RegisterAtCut, rights: Rights, accounts: Collection[str], lines: Mapping[str, Line]
) -> dict[str, Line]:
    """The lines by their holders after movements between some accounts, which changed nothing
    else."""
    issuer, found, fresh = at_cut.issuer, dict(lines), ballots_of(at_cut, rights, accounts)
    old = {a: found.pop(a or issuer).ballot for a in accounts if (a or issuer) in found}
    held, castable = next(((line.held, line.castable) for line in lines.values()), _NOTHING)
    gone, come = totals(old), totals(fresh)
    if gone != come:
        held, castable = held - gone[0] + come[0], castable - gone[1] + come[1]
        found = {one: line._replace(held=held, castable=castable) for one, line in found.items()}
    for account, ballot in fresh.items():
        cap = rights.cap(account)
        found[account or issuer] = Line(issuer, account, ballot, cap, held, castable, at_cut.digits)
    return found


def _counted(at_cut: RegisterAtCut, rights: Rights) -> Iterator[Line]:
    ballots = ballots_of(at_cut, rights)
    whole_of = totals(ballots)
    for account, ballot in ballots.items():
        yield Line(at_cut.issuer, account, ballot, rights.cap(account), *whole_of, at_cut.digits)


def _note_totals(answer: VotesAnswer, issuer: str, counted: Sequence[Line]) -> None:
    held, castable = next(((line.held, line.castable) for line in counted), _NOTHING)
    answer.held, answer.castable = held, castable
    answer.digits = next((line.decimals for line in counted), 0)
    answer.note(totals_note(issuer, held, castable, answer.digits))


def totals_note(issuer: str, held: Fraction, castable: Fraction, digits: int = 0) -> str:
    """How many votes there are, and of which a percentage is."""
    return Told(
        f"{told('party', issuer)}: {told(COUNT, whole(held, digits))} votes held,"
        f" {told(COUNT, whole(castable, digits))} can be cast. votes_percent is of votes held; the"
        " other percentages are of votes that can be cast, which include votes a trustee casts"
        " neutrally."
    )


def _disclosed(at_cut: RegisterAtCut, _: Rights) -> Iterator[VoteRow]:
    """Rows from disclosures that speak of votes; every other figure is unknown."""
    for fact in at_cut.disclosures:
        if fact.text("percent_of") == "votes" or fact.text("votes"):
            share = printed_percent(fact) if fact.text("percent_of") == "votes" else None
            single = fact.text("percent") if share and "percent_to" not in fact.data else None
            yield {
                "issuer": at_cut.issuer,
                "holder": fact.need("holder"),
                "votes": fact.text("votes"),
                "votes_percent": single,
                "votes_percent_exact": None,
                "exercisable": None,
                "exercisable_percent": None,
                "after_caps": None,
                "after_caps_percent": None,
                "reasons": [_as_disclosed(fact, share)],
            }


def _as_disclosed(fact: Fact, share: str | None) -> Told:
    """When votes were disclosed; how sure the figures are, where they are not exact or official."""
    how, votes = fact.text("qualifier"), fact.text("votes")
    figures = [qualified(share, how)] if share else []
    figures += [f"{qualified(told(COUNT, votes), how)} votes"] if votes else []
    hedges = figures if how not in (None, "exactly") or "percent_to" in fact.data else []
    hedges += [fact.standing] if fact.standing != "official" else []
    words = f": {', '.join(hedges)}" if hedges else ""
    return Told(f"as disclosed {fact.on} ({told('event', fact.key)}){words}")


def _note_unknown(answer: Answer[VoteRow], at_cut: RegisterAtCut, rights: Rights) -> None:
    """Say why votes cannot be counted."""
    unknown = rights.untold(at_cut.classes)
    for share_class in unknown:
        answer.gap(
            f"no event at this cut tells the votes per share of {told('class', share_class)}",
            "a share-class-created",
            [((f"class:{share_class}",), ("share-class-created",))],
        )
    if at_cut.classes:
        return
    for share_class in at_cut.emptied:
        of = told("class", share_class)
        answer.none(f"{told('party', at_cut.issuer)}: no shares of {of} in issue, and no votes.")
    if not at_cut.emptied:
        answer.gap(
            f"no event at this cut is of a register of {told('party', at_cut.issuer)}, so its votes"
            " cannot be counted",
            "a share-class-created and the holdings; see also claims",
        )


def _check_disclosed(answer: Answer[VoteRow], at_cut: RegisterAtCut) -> None:
    """Say how each disclosure of votes compares with the count on its own day."""
    for checked in checked_votes(at_cut):
        key = told("event", checked.fact.key)
        if checked.agrees is None:
            answer.note(f"{key} cannot be checked: its holder has no line in the register.")
        else:
            verdict = AGREES if checked.agrees else f"differs, {checked.record.marked}."
            answer.note(f"{key} discloses {checked.figure_words.marked}: {verdict}")
