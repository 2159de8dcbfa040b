"""Votes: who may cast how many, and each reduction with its reason (docs/arithmetic.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from ledger.time.view import View
from projections.answer import Answer, whole
from projections.rows import VoteRow
from projections.subjects.ballots import can_be_counted, of_no_class
from projections.subjects.bases import Totals
from projections.subjects.checked_figures import CheckedFigure
from projections.subjects.elsewhere import rests_on
from projections.subjects.existence import note_voters
from projections.subjects.impossible import impossible_balances
from projections.subjects.instructed import add_instructed
from projections.subjects.reaching import Members
from projections.subjects.register_at_cut import TYPES as POSITION_TYPES
from projections.subjects.register_at_cut import RegisterAtCut
from projections.subjects.share_rights import moved_votes
from projections.subjects.stated_counts import checked_counts, why_uncounted
from projections.subjects.trusts import note_unknown_terms
from projections.subjects.uncompared import Uncompared
from projections.subjects.vote_lines import AnyLine, GroupLine, Line, counted, disclosed
from projections.subjects.voting_rights import TYPES, Fallen, Rights
from projections.told import COUNT, Told, told

AGREES = ": agrees with the count"  # in the note of a disclosure that does
OF_WHOLES = (  # in the note of the totals
    "votes_percent is of votes held; the other percentages are of votes that can be cast, which"
    " include votes a trustee casts neutrally."
)


@dataclass(slots=True)
class VotesAnswer(Answer[VoteRow]):
    """An answer that knows all votes held, those of them that can be cast, and what caps leave of
    these, where counted."""

    held: Fraction | None = None
    castable: Fraction | None = None
    usable: Fraction | None = None
    digits: int = 0


def votes(
    view: View,
    issuer: str,
    members: Members,
    digits: int = 2,
    ranged: bool = False,
    fallen: Mapping[str, Fallen] = MappingProxyType({}),
) -> VotesAnswer:
    """Votes of an issuer per holder: held, exercisable, after caps, with their percentages.

    votes_percent is of all votes held; exercisable_percent and after_caps_percent are of the votes
    that can be cast: all votes held except suspended ones. ``ranged`` adds the lowest and highest
    votes and votes after caps over all that is in doubt. Votes that have ``fallen`` by law are
    counted as suspended. Restrictions on a holder's group reach its ``members``.
    """
    issuer = view.identities.of(issuer)
    about = [((f"issuer:{issuer}",), (*POSITION_TYPES, *TYPES)), *rests_on(view, issuer)]
    answer = VotesAnswer(about=about)
    rights = Rights(view, members, fallen=fallen)
    at_cut = Uncompared(view, issuer, rights).to_cut()
    note_unknown_terms(answer, at_cut.without_terms())
    answer.add_possible(at_cut.possible)
    if not can_be_counted(at_cut, rights):
        answer.rows += disclosed(at_cut, rights)
        note_uncounted(answer, at_cut, rights)
        return answer
    lines = sorted(counted(at_cut, rights), key=lambda line: line.place)
    answer.rows += [line.row(digits) for line in lines]
    add_instructed(at_cut, rights, lines, answer.rows)
    _note_totals(answer, issuer, lines)
    note_voters(answer, view, {row["holder"] for row in answer.rows})
    note_impossible(answer, at_cut)
    _check_disclosed(answer, at_cut, members)
    for words in moved_votes(at_cut):
        answer.note(words)
    if ranged:
        from projections.subjects.ranges import add_vote_ranges  # most questions need none

        add_vote_ranges(answer, at_cut, rights)
        return answer
    note_assumed(answer, at_cut, rights)
    return answer


def _note_totals(answer: VotesAnswer, issuer: str, lines: Sequence[AnyLine]) -> None:
    of = totals_of(lines)
    answer.held, answer.castable, answer.usable = of.held, of.castable, usable(lines)
    alone = (line for line in lines if isinstance(line, Line) and not line.shared)
    answer.digits = next((line.decimals for line in alone), 0)
    answer.note(totals_note(issuer, of.held, of.castable, answer.digits))


def totals_of(lines: Sequence[AnyLine]) -> Totals:
    """All votes of an issuer."""
    return next((line.totals for line in lines if isinstance(line, Line)), Totals())


def usable(lines: Sequence[AnyLine]) -> Fraction | None:
    """What caps leave of all votes; None where that is not known."""
    shared = [line for line in lines if isinstance(line, GroupLine) and line.binds]
    alone = [line for line in lines if isinstance(line, Line) and not line.shared]
    among = [line.account for group in shared for line in group.lines]
    known = all(line.known for line in alone) and all(group.known for group in shared)
    if not known or len(among) != len(set(among)):
        return None
    together = sum((group.after for group in shared), Fraction())
    return sum((line.after for line in alone), together)


def totals_note(issuer: str, held: Fraction, castable: Fraction, digits: int = 0) -> str:
    """How many votes there are, and of which a percentage is."""
    return Told(
        f"{told('party', issuer)}: {told(COUNT, whole(held, digits))} votes held,"
        f" {told(COUNT, whole(castable, digits))} can be cast. {OF_WHOLES}"
    )


def note_impossible(answer: Answer[Any], at_cut: RegisterAtCut) -> None:
    """Say which balances cannot be."""
    for share_class in at_cut.classes:
        for text in impossible_balances(at_cut, share_class, at_cut.register.held(share_class)):
            answer.note(text)


def note_assumed(answer: Answer[Any], at_cut: RegisterAtCut, rights: Rights) -> None:
    """Say of what the record does not say which shares they are, and how they are taken, or when
    it was."""
    note_unsaid_lots(answer, rights)
    note_rounded_lots(answer, rights)
    for one in of_no_class(at_cut, rights):
        answer.note(
            f"Of which class the shares are that {told('event', one.by.key)} suspends is not"
            " recorded: those with the fewest votes are taken. --range gives both ends."
        )
    if at_cut.spans:
        from projections.subjects.orders import note_unplaced

        note_unplaced(answer, at_cut)


def note_unsaid_lots(answer: Answer[Any], rights: Rights) -> None:
    """Say of which movements the record does not say which lots left, where that matters."""
    if rights.assumed:
        events = ", ".join(told("event", fact.key) for fact in rights.assumed)
        answer.note(
            f"Which shares left is not recorded ({events}): those with the fewest votes, then the"
            " newest, or as the terms of the class say. --range gives both ends."
        )


def note_rounded_lots(answer: Answer[Any], rights: Rights) -> None:
    """Say which events left fractions of shares in lots."""
    for fact in rights.lots.rounded:
        answer.note(
            f"Lots were rounded down to whole shares ({told('event', fact.key)}), and what was over"
            " is ordinary: no event says otherwise in its lots."
        )


def note_uncounted(answer: Answer[Any], at_cut: RegisterAtCut, rights: Rights) -> None:
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


def _check_disclosed(answer: Answer[VoteRow], at_cut: RegisterAtCut, members: Members) -> None:
    """Say how each disclosure or total of votes compares with the count on its own day."""
    for checked in checked_counts(at_cut, members):
        if checked.figure == "percent" or checked.of == "authorised":
            continue  # it is of shares
        key = told("event", checked.fact.key)
        if checked.agrees is None:
            answer.note(f"{key} cannot be checked: {why_uncounted(checked).marked}.")
        elif checked.agrees:
            of = f" of {' and '.join(checked.agreed)}" if checked.agreed else ""
            answer.note(f"{key} {_says(checked)}{AGREES}{of}.")
        else:
            answer.note(f"{key} {_says(checked)}: differs, {checked.record.marked}.")


def _says(checked: CheckedFigure) -> str:
    if checked.figure == "balance":
        stated = told(COUNT, checked.stated)
        return f"asserts {stated} {checked.of.replace('-', ' ')}"
    return f"discloses {checked.figure_words.marked}"
