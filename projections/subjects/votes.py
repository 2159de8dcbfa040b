"""Votes: who may cast how many, and each reduction with its reason (docs/arithmetic.md)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.model.register import TREASURY, Register, account_of
from ledger.time.view import View
from projections.answer import Answer, Row, exact, percentage, whole
from projections.subjects.impossible import impossible_balances
from projections.subjects.register_at_cut import TYPES as POSITION_TYPES
from projections.subjects.register_at_cut import Position, agrees_within, four_places
from projections.subjects.trusts import note_unknown_terms

TYPES = (
    "share-class-created",
    "double-votes-granted",
    "double-votes-ended",
    "voting-rights-suspended",
    "voting-rights-restored",
    "voting-cap-agreed",
    "voting-cap-lifted",
)

_NOTHING = Fraction(), Fraction()


@dataclass(slots=True)
class Ballot:
    """One holder's votes on the way from held to usable."""

    shares: Fraction = Fraction()
    held: Fraction = Fraction()
    suspended: Fraction = Fraction()
    neutral: Fraction = Fraction()
    reasons: list[str] = field(default_factory=list)

    @property
    def exercisable(self) -> Fraction:
        return self.held - self.suspended - self.neutral


class CheckedVotes(NamedTuple):
    """A disclosure of votes, whether the count agrees (None: cannot be told), both in words."""

    fact: Fact
    agrees: bool | None
    text: str


class Rights:
    """What bears on votes apart from shares, folded along with the register."""

    types: tuple[str, ...] = TYPES

    def __init__(self) -> None:
        self.votes_per_share: dict[str, int] = {}
        self.doubled: dict[tuple[str, str], tuple[Fraction | None, Fact]] = {}
        self.suspended: dict[str, Fact] = {}
        self.caps: dict[str, Fact] = {}

    def see(self, fact: Fact, register: Register) -> None:
        """Take one fact into account; doubled shares are None while they are all of a holder's."""
        match fact.type:
            case "share-class-created":
                votes = int(fact.data.get("votes_per_share", "1"))
                self.votes_per_share[fact.need("share_class")] = votes
            case "double-votes-granted":
                count = Fraction(fact.shares()) if "shares" in fact.data else None
                self.doubled[fact.need("share_class"), fact.need("holder")] = count, fact
            case "double-votes-ended":
                self._end_double(fact, register)
            case "shares-split":
                self._split(fact)
            case "voting-rights-suspended":
                self.suspended[fact.need("holder")] = fact
            case "voting-rights-restored":
                self.suspended.pop(fact.need("holder"), None)
            case "voting-cap-agreed":
                self.caps[fact.need("holder")] = fact
            case "voting-cap-lifted":
                self.caps.pop(fact.need("holder"), None)

    def _end_double(self, fact: Fact, register: Register) -> None:
        share_class, holder = fact.need("share_class"), fact.need("holder")
        count, granted = self.doubled.pop((share_class, holder), (Fraction(), fact))
        if "shares" in fact.data:
            held = register.shares(share_class, account_of(share_class, holder))
            left = (held if count is None else count) - fact.shares()
            if left > 0:
                self.doubled[share_class, holder] = left, granted

    def _split(self, fact: Fact) -> None:
        for (share_class, holder), (count, granted) in self.doubled.items():
            if share_class == fact.need("share_class") and count is not None:
                self.doubled[share_class, holder] = count * fact.ratio(), granted


def votes(view: View, issuer: str, digits: int = 2, ranged: bool = False) -> Answer:
    """Votes of an issuer per holder: held, exercisable, after caps, with their percentages.

    votes_percent is of all votes held; exercisable_percent and after_caps_percent are of the votes
    that can be cast: all votes held except suspended ones. ``ranged`` adds the lowest and highest
    votes and votes after caps over all that is in doubt.
    """
    answer = Answer(about=[((f"issuer:{issuer}",), (*POSITION_TYPES, *TYPES))])
    rights = Rights()
    position = Position(view, issuer, rights)
    note_unknown_terms(answer, position.without_terms())
    answer.add_possible(position.possible)
    if not can_be_counted(position, rights):
        answer.rows += _disclosed(position, rights)
        _note_unknown(answer, position, rights)
        return answer
    counted = sorted(_counted(position, rights), key=lambda line: line.place)
    answer.rows += [line.row(digits) for line in counted]
    _note_totals(answer, issuer, counted)
    for share_class in position.classes:
        for text in impossible_balances(position, share_class, position.register.held(share_class)):
            answer.note(text)
    _check_disclosed(answer, position)
    if ranged:
        from projections.subjects.ranges import add_vote_ranges

        add_vote_ranges(answer, position, rights)
    elif position.spans:
        from projections.subjects.orders import note_unplaced

        note_unplaced(answer, position)
    return answer


def ballots(position: Position, rights: Rights) -> dict[str, Ballot]:
    """The votes on each account of a position; empty where a class has unknown votes per share."""
    known = all(share_class in rights.votes_per_share for share_class in position.classes)
    return ballots_of(position, rights) if known else {}


def _count(view: View, issuer: str) -> dict[str, Ballot]:
    rights = Rights()
    return ballots(Position(view, issuer, rights), rights)


def ballots_of(
    position: Position, rights: Rights, accounts: Collection[str] | None = None
) -> dict[str, Ballot]:
    """The votes on each account of a position whose votes per share are known, or on some."""
    ballots: dict[str, Ballot] = {}
    for share_class in position.classes:
        each = rights.votes_per_share[share_class]
        for account, shares in _held(position, share_class, accounts):
            ballot = ballots.setdefault(account, Ballot())
            if account == TREASURY:
                ballot.reasons.append("treasury shares carry no votes")
                continue
            ballot.shares += shares
            ballot.held += shares * each
            if (share_class, account) in rights.doubled:
                count, fact = rights.doubled[share_class, account]
                doubled = shares if count is None else min(shares, count)
                ballot.held += doubled * each
                ballot.reasons.append(f"{whole(doubled)} shares vote double ({fact.key})")
    _suspend(ballots, rights)
    _neutralise(ballots, position)
    return ballots


def _held(
    position: Position, share_class: str, accounts: Collection[str] | None
) -> Iterator[tuple[str, Fraction]]:
    register = position.register
    if accounts is None:
        yield from register.held(share_class).items()
    for account in accounts or ():
        if shares := register.shares(share_class, account):
            yield account, shares


def _suspend(ballots: dict[str, Ballot], rights: Rights) -> None:
    """Suspend the votes of a holder's shares: all, or of the number given, in equal measure."""
    for holder, fact in rights.suspended.items():
        if holder in ballots:
            ballot = ballots[holder]
            part = Fraction(1)
            if "shares" in fact.data and ballot.shares:
                part = min(part, Fraction(fact.shares()) / ballot.shares)
            ballot.suspended = ballot.held * part
            ballot.reasons.append(
                f"{whole(ballot.suspended)} votes suspended: {fact.need('reason')} ({fact.key})"
            )


def _neutralise(ballots: dict[str, Ballot], position: Position) -> None:
    for name, trust in position.trusts.items():
        if name not in ballots or trust is None:
            continue
        ballot, keys = ballots[name], ", ".join(fact.key for fact in trust.facts)
        if trust.terms.get("voting") == "neutral":
            ballot.neutral = ballot.held - ballot.suspended
            ballot.reasons.append(f"the trustee votes neutrally ({keys})")
            ballot.reasons += [
                f"except {text}" for text in trust.terms.get("voting_exceptions", ())
            ]
        else:
            ballot.reasons.append(
                f"the trustee votes as instructed by {trust.beneficiary} ({keys})"
            )


class Line(NamedTuple):
    """What a row of votes is made of; two that are equal make the same row."""

    issuer: str
    account: str
    ballot: Ballot
    cap: Fact | None
    held: Fraction
    castable: Fraction

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells the row from others: the holder."""
        return (self.account or self.issuer,)

    @property
    def place(self) -> tuple[Fraction, str]:
        """The place of the row in an answer: those with the most votes come first."""
        return -self.ballot.held, self.account

    def row(self, digits: int = 2) -> Row:
        """The row, its percentages with so many digits."""
        ballot, held, castable, reasons = self.ballot, self.held, self.castable, []
        if self.cap is not None:
            scope = f", {self.cap.text('scope')}" if self.cap.text("scope") else ""
            limit = f"{self.cap.need('percent')}% of {whole(castable)} votes that can be cast"
            reasons.append(f"capped at {limit}{scope} ({self.cap.key})")
        after = after_cap(ballot, self.cap, castable)
        return {
            "issuer": self.issuer,
            "holder": self.account or self.issuer,
            "votes": whole(ballot.held),
            "votes_percent": percentage(ballot.held, held, digits),
            "votes_percent_exact": exact(ballot.held, held),
            "exercisable": whole(ballot.exercisable),
            "exercisable_percent": percentage(ballot.exercisable, castable, digits),
            "after_caps": whole(after),
            "after_caps_percent": percentage(after, castable, digits),
            "reasons": [*ballot.reasons, *reasons],
        }


def lines(position: Position, rights: Rights) -> list[Line] | list[Row]:
    """What the rows of votes are made of; where they cannot be counted, rows from disclosures that
    speak of them."""
    return [*(_counted if can_be_counted(position, rights) else _disclosed)(position, rights)]


def lines_on(
    position: Position, rights: Rights, accounts: Collection[str], lines: Mapping[str, Line]
) -> dict[str, Line]:
    """The lines by their holders after movements between some accounts, which changed nothing
    else."""
    issuer, found, fresh = position.issuer, dict(lines), ballots_of(position, rights, accounts)
    old = {a: found.pop(a or issuer).ballot for a in accounts if (a or issuer) in found}
    held, castable = next(((line.held, line.castable) for line in lines.values()), _NOTHING)
    gone, come = totals(old), totals(fresh)
    if gone != come:
        held, castable = held - gone[0] + come[0], castable - gone[1] + come[1]
        found = {one: line._replace(held=held, castable=castable) for one, line in found.items()}
    for account, ballot in fresh.items():
        cap = rights.caps.get(account)
        found[account or issuer] = Line(issuer, account, ballot, cap, held, castable)
    return found


def can_be_counted(position: Position, rights: Rights) -> bool:
    """Whether there is a register, of classes whose votes per share are all known."""
    classes = position.classes
    return bool(classes) and all(c in rights.votes_per_share for c in classes)


def _counted(position: Position, rights: Rights) -> Iterator[Line]:
    ballots = ballots_of(position, rights)
    whole_of = totals(ballots)
    for account, ballot in ballots.items():
        yield Line(position.issuer, account, ballot, rights.caps.get(account), *whole_of)


def _note_totals(answer: Answer, issuer: str, counted: Sequence[Line]) -> None:
    held, castable = next(((line.held, line.castable) for line in counted), _NOTHING)
    answer.note(
        f"{issuer}: {whole(held)} votes held, {whole(castable)} can be cast. votes_percent is of"
        " votes held; the other percentages are of votes that can be cast, which include votes a"
        " trustee casts neutrally."
    )


def totals(ballots: Mapping[str, Ballot]) -> tuple[Fraction, Fraction]:
    """All votes held, and those of them that can be cast: V and C."""
    held = sum((b.held for b in ballots.values()), Fraction())
    return held, held - sum((b.suspended for b in ballots.values()), Fraction())


def after_cap(ballot: Ballot, cap: Fact | None, castable: Fraction) -> Fraction:
    """The votes a holder may use in the end, under its cap if it has one."""
    if cap is None:
        return ballot.exercisable
    limit = Fraction(castable * Fraction(cap.percent() or 0) / 100 // 1)
    return min(ballot.exercisable, limit)


def _disclosed(position: Position, _: Rights) -> Iterator[Row]:
    """Rows from disclosures that speak of votes; every other figure is unknown."""
    for fact in position.disclosures:
        if fact.text("percent_of") == "votes" or fact.text("votes"):
            share = fact.text("percent") if fact.text("percent_of") == "votes" else None
            yield {
                "issuer": position.issuer,
                "holder": fact.need("holder"),
                "votes": fact.text("votes"),
                "votes_percent": share,
                "votes_percent_exact": None,
                "exercisable": None,
                "exercisable_percent": None,
                "after_caps": None,
                "after_caps_percent": None,
                "reasons": [f"as disclosed on {fact.when} ({fact.key})"],
            }


def _note_unknown(answer: Answer, position: Position, rights: Rights) -> None:
    """Say why votes cannot be counted."""
    unknown = [c for c in position.classes if c not in rights.votes_per_share]
    for share_class in unknown:
        answer.gap(
            f"no event at this cut tells the votes per share of {share_class}",
            "a share-class-created",
            [((f"class:{share_class}",), ("share-class-created",))],
        )
    if position.classes:
        return
    for share_class in position.emptied:
        answer.none(f"{position.issuer}: no shares of {share_class} in issue, and no votes.")
    if not position.emptied:
        answer.gap(
            f"no event at this cut is of a register of {position.issuer}, so its votes cannot be"
            " counted",
            "a share-class-created and the holdings; see also claims",
        )


def _check_disclosed(answer: Answer, position: Position) -> None:
    """Say how each disclosure of votes compares with the count on its own day."""
    for fact, agrees, text in checked_votes(position):
        said, _, count = text.partition(", ")
        if agrees is None:
            answer.note(f"{fact.key} cannot be checked: its holder has no line in the register.")
        else:
            verdict = "agrees with the count." if agrees else f"differs, {count}"
            answer.note(f"{fact.key} discloses {said}: {verdict}")


def checked_votes(position: Position) -> Iterator[CheckedVotes]:
    """Each disclosure of votes against the count on the disclosure's own day."""
    for fact in position.disclosures:
        said = fact.text("votes")
        percent = fact.text("percent") if fact.text("percent_of") == "votes" else None
        if said is None and percent is None:
            continue
        that_day = position.view.on(fact.order[0])
        ballots = _count(that_day, position.issuer)
        ballot = ballots.get(account_of(f"{position.issuer}/", fact.need("holder")))
        if ballot is None:
            yield CheckedVotes(fact, None, "")
            continue
        held = sum((b.held for b in ballots.values()), Fraction())
        qualifier = fact.data.get("qualifier", "exactly")
        if said is not None:
            near = agrees_within(said, ballot.held, qualifier)
            yield CheckedVotes(fact, near, f"{said} votes, the count is {whole(ballot.held)}.")
        if percent is not None and held:
            share = ballot.held / held * 100
            near = agrees_within(percent, share, qualifier)
            words = f"{percent}% of votes, the count is {four_places(share)}%."
            yield CheckedVotes(fact, near, words)
