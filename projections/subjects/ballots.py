"""Ballots: the votes on each account of a register, and what reduces them (docs/arithmetic.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from ledger.model.fact import Fact
from ledger.model.lots import Part
from ledger.model.movements import SPLITTING
from ledger.model.register import TREASURY, Pair, account_of
from ledger.model.restrictions import Suspension, beyond
from projections.answer import whole
from projections.subjects.bases import Totals, is_of_votes, meant
from projections.subjects.beside import positions
from projections.subjects.carried import carried
from projections.subjects.checked_figures import is_point
from projections.subjects.reaching import BEYOND
from projections.subjects.register_at_cut import RegisterAtCut, register_at_cut
from projections.subjects.remainder import NOT_KNOWN, after, in_part, rest_of
from projections.subjects.share_rights import rows_of
from projections.subjects.voting_rights import Rights, lots_of
from projections.told import COUNT, Told, told

TREASURY_VOTES = "treasury shares carry no votes"
EXCEPT = "except "  # begins a reason that limits the one before it
_NONE = Fraction()


@dataclass(slots=True)
class OfClass:
    """What is told of an account's votes of one class: those suspended, and the reasons."""

    suspended: Fraction = _NONE
    reasons: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Ballot:
    """One holder's votes on the way from held to usable.

    ``parts`` has its shares of each class in parts by their votes; ``treasury`` the votes that
    shares of the issuer itself would carry; ``classes`` what is told of one class alone, and under
    None what is told of all.
    """

    held: Fraction = _NONE
    suspended: Fraction = _NONE
    neutral: Fraction = _NONE
    treasury: Fraction = _NONE
    parts: dict[str, Sequence[Part]] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    classes: dict[str | None, OfClass] = field(default_factory=dict)

    @property
    def exercisable(self) -> Fraction:
        return self.held - self.suspended - self.neutral

    def because(self, share_class: str | None, reason: str) -> None:
        """Add a reason that concerns one class, or all."""
        self.reasons.append(reason)
        self.classes.setdefault(share_class, OfClass()).reasons.append(reason)


def totals(ballots: Mapping[str, Ballot]) -> Totals:
    """All votes on some accounts."""
    held = _added(ballot.held for ballot in ballots.values())
    treasury = _added(ballot.treasury for ballot in ballots.values())
    suspended = _added(ballot.suspended for ballot in ballots.values())
    return Totals(held + treasury, held, held - suspended)


def _added(parts: Iterable[Fraction]) -> Fraction:
    """A sum: of whole numbers as such, which is the faster way."""
    some = [part for part in parts if part]
    if all(part.denominator == 1 for part in some):
        return Fraction(sum(part.numerator for part in some))
    return sum(some, _NONE)


def ballots(at_cut: RegisterAtCut, rights: Rights) -> dict[str, Ballot]:
    """The votes on each account of a position; empty where a class has unknown votes per share."""
    return {} if rights.untold(at_cut.classes) else ballots_of(at_cut, rights)


def ballots_of(
    at_cut: RegisterAtCut,
    rights: Rights,
    accounts: Collection[str] | None = None,
    overlapping: bool = False,
    named: bool = False,
) -> dict[str, Ballot]:
    """The votes on each account of a position whose votes per share are known, or on some.

    Several suspensions by number are of different shares; where they are ``overlapping``, of the
    same ones as far as there are any. Of a register known in part, shares that nobody is known to
    hold have a ballot too, unless only those of ``named`` holders are asked for.
    """
    ballots: dict[str, Ballot] = {}
    for share_class in at_cut.classes:
        if not rights.has_votes(share_class):
            continue
        for account, shares in _held(at_cut, share_class, accounts):
            _count(
                ballots.setdefault(account, Ballot()),
                at_cut,
                rights,
                (share_class, account),
                shares,
            )
    if accounts is None and not named and (rest := _of_nobody(at_cut, rights)) is not None:
        _add_rest(ballots, at_cut, rights, rest)
    for (share_class, account), (number, fact) in rights.bearer.items():
        if account in ballots:
            of, by = told("class", share_class), told("event", fact.key)
            lost = told(COUNT, at_cut.count(share_class, number))
            ballots[account].because(
                share_class,
                Told(f"double votes on {lost} {of} ended when they became bearer shares ({by})"),
            )
    striking = _Striking(at_cut, ballots, rights, overlapping)
    for one in rights.restrictions.in_order:
        striking.strike(one, reached(at_cut, rights, one.by.text("reach"), one.holder))
    _let_fall(ballots, at_cut, rights)
    _neutralise(ballots, at_cut)
    return ballots


def _add_rest(
    ballots: dict[str, Ballot], at_cut: RegisterAtCut, rights: Rights, rest: Ballot
) -> None:
    """The votes of those disclosed beside a register known in part, and those of nobody known."""
    for share_class, found in positions(at_cut).items():
        for one in found if rights.has_votes(share_class) else ():
            account = account_of(share_class, one.holder)
            ballot = ballots.setdefault(account, Ballot())
            before = ballot.held
            _count(ballot, at_cut, rights, (share_class, account), one.shares)
            ballot.reasons.append(one.reason)
            rest.held -= ballot.held - before
    if not any(rest_of(at_cut, c) for c in at_cut.classes):
        _add_disclosed(ballots, at_cut, rest)
    if rest.held > 0:
        ballots[NOT_KNOWN] = rest


def _add_disclosed(ballots: dict[str, Ballot], at_cut: RegisterAtCut, rest: Ballot) -> None:
    """The votes last disclosed of holders without an account, out of a rest that is told in votes
    alone: the newest first, as far as it reaches."""
    said = [f for f in at_cut.disclosures if "votes" in f.data and is_unregistered(at_cut, f)]
    last = {fact.need("holder"): fact for fact in sorted(said, key=lambda fact: fact.order)}
    for fact in sorted(last.values(), key=lambda fact: fact.order, reverse=True):
        votes = carried(at_cut, fact, "votes").number if is_point(fact) else None
        account = account_of(f"{at_cut.issuer}/", fact.need("holder"))
        if votes and account not in ballots and votes <= rest.held:
            by = Told(f"as disclosed {fact.on} ({told('event', fact.key)})")
            ballots[account] = Ballot(held=votes, reasons=[by])
            rest.held -= votes


def is_unregistered(at_cut: RegisterAtCut, fact: Fact) -> bool:
    """Whether a disclosure is of the own votes of a holder that has no line in a register."""
    own = fact.text("interest") in (None, "direct")
    return own and not any(at_cut.has_line(c, fact.need("holder")) for c in at_cut.classes)


def _let_fall(ballots: Mapping[str, Ballot], at_cut: RegisterAtCut, rights: Rights) -> None:
    """Suspend what falls away by law of the votes that are left; what is kept is whole."""
    for account, fallen in rights.fallen.items():
        if (ballot := ballots.get(account)) is not None:
            votes = ballot.held - ballot.suspended
            lost = votes - Fraction(votes * (1 - fallen.part) // 1)
            ballot.suspended += lost
            number = told(COUNT, whole(lost, at_cut.digits))
            ballot.because(None, Told(f"{number} votes fall away by law: {fallen.why}"))


def reached(at_cut: RegisterAtCut, rights: Rights, reach: str | None, holder: str) -> list[str]:
    """The accounts of a holder that something reaches: its own, and with ``instructed`` those of
    trusts and nominees that vote as it alone instructs; with ``controlled`` and ``concert`` also
    those of whom it controls, and of whom it acts with, as the rights to vote have them."""
    own = [account_of(f"{at_cut.issuer}/", holder)]
    if reach in (None, "own"):
        return own
    who = [holder]
    if reach in BEYOND:
        who = list(rights.members(at_cut.view, holder, reach or ""))
    trusts = [
        name
        for name, trust in at_cut.trusts.items()
        if trust and trust.voting == "as-instructed" and set(trust.instructed_by) <= {*who}
    ]
    mine = [account_of(f"{at_cut.issuer}/", member) for member in who]
    return list(dict.fromkeys([*own, *mine, *trusts, *_of_nominees(at_cut, {*who})]))


def _of_nominees(at_cut: RegisterAtCut, who: set[str]) -> list[str]:
    """The accounts of nominees that vote all their shares as some parties instruct."""
    if not at_cut.view.history.knows("type:share-right-granted"):
        return []
    rows = [one for one in rows_of(at_cut) if one["kind"] == "nominee"]
    found = []
    for account in dict.fromkeys(account_of(one["share_class"], one["holder"]) for one in rows):
        held = {c: n for c in at_cut.classes if (n := at_cut.register.shares(c, account))}
        theirs = dict.fromkeys(held, _NONE)
        for one in rows:
            of, mine = one["share_class"], one["voting"] == "as-instructed" and one["party"] in who
            if mine and of in held and account_of(of, one["holder"]) == account:
                theirs[of] += held[of] if one["shares"] is None else Fraction(one["shares"])
        if held and all(theirs[of] >= held[of] for of in held):
            found.append(account)
    return found


def _count(
    ballot: Ballot, at_cut: RegisterAtCut, rights: Rights, pair: Pair, shares: Fraction
) -> None:
    """Count the votes of an account's shares of a class."""
    share_class, account = pair
    if account == TREASURY:
        ballot.treasury += rights.votes(share_class, shares)
        ballot.because(share_class, TREASURY_VOTES)
        return
    parts = rights.parts(pair, shares)
    ballot.parts[share_class] = parts
    ballot.held += rights.votes(share_class, counting(parts))
    for lot, number in lots_of(parts):
        times = "double" if lot.factor == 2 else f"{lot.factor} times"
        by = told("event", lot.by.key)
        number_of = told(COUNT, at_cut.count(share_class, number))
        ballot.because(share_class, Told(f"{number_of} shares vote {times} ({by})"))


def _of_nobody(at_cut: RegisterAtCut, rights: Rights) -> Ballot | None:
    """The votes of the shares that nobody is known to hold: as a total of votes tells, or as their
    number does."""
    stated = [one for one in at_cut.asserted if is_of_votes(one.need("total"))][-1:]
    for fact in (one for one in stated if in_part(at_cut, at_cut.classes, one)):
        later = after(at_cut, fact)
        if not any(one.type in SPLITTING for one in later):
            opened = (rights.votes(f.need("share_class"), Fraction(f.shares())) for f in later)
            return _nobodys(_beyond(at_cut, rights, fact) - sum(opened, _NONE), [fact])
    found = {c: rest for c in at_cut.classes if (rest := rest_of(at_cut, c)) is not None}
    if not found:
        return None
    held = sum((rights.votes(c, rest.shares) for c, rest in found.items()), _NONE)
    return _nobodys(held, [rest.by for rest in found.values()])


def _beyond(at_cut: RegisterAtCut, rights: Rights, fact: Fact) -> Fraction:
    """How much a total of votes that is asserted is beyond those of named holders on its day."""
    view = at_cut.view.on(fact.order[0])
    then_rights = Rights(view, rights.members)
    then = register_at_cut(view, at_cut.issuer, then_rights, checking=False)
    (base,) = meant(fact.need("total"))
    counted = can_be_counted(then, then_rights)
    had = totals(ballots_of(then, then_rights, named=True)) if counted else Totals()
    return fact.shares() - had.whole(base)


def _nobodys(held: Fraction, facts: Sequence[Fact]) -> Ballot | None:
    by = ", ".join(told("event", fact.key) for fact in facts)
    reasons: list[str] = [Told(f"the register names nobody who holds them ({by})")]
    return Ballot(held=held, reasons=reasons) if held > 0 else None


def counting(parts: Sequence[Part]) -> Fraction:
    """The shares that parts count for, each by its factor."""
    if len(parts) == 1 and parts[0].factor == 1:  # as most are: nothing to multiply
        return parts[0].shares
    return sum((part.shares * part.factor for part in parts), _NONE)


def _held(
    at_cut: RegisterAtCut, share_class: str, accounts: Collection[str] | None
) -> Iterator[tuple[str, Fraction]]:
    register = at_cut.register
    if accounts is None:
        yield from register.held(share_class).items()
    for account in accounts or ():
        if shares := register.shares(share_class, account):
            yield account, shares


def of_no_class(at_cut: RegisterAtCut, rights: Rights) -> list[Suspension]:
    """The suspensions by number of which no event says of which of several classes they are."""

    def several(holder: str) -> bool:
        account = account_of(f"{at_cut.issuer}/", holder)
        held = (c for c in at_cut.classes if at_cut.register.shares(c, account))
        return sum(map(rights.has_votes, held)) > 1

    numbered = rights.restrictions.numbered
    return [one for one in numbered if one.share_class is None and several(one.holder)]


class _Striking:
    """Takes from accounts, suspension by suspension, the votes of the shares that each strikes."""

    def __init__(
        self,
        at_cut: RegisterAtCut,
        ballots: Mapping[str, Ballot],
        rights: Rights,
        overlapping: bool,
    ) -> None:
        self._digits = at_cut.digits
        self._ballots, self._rights, self._overlapping = ballots, rights, overlapping
        self._left = {account: dict(ballot.parts) for account, ballot in ballots.items()}
        self._numbered: dict[str, list[Suspension]] = defaultdict(list)

    def strike(self, one: Suspension, accounts: Iterable[str]) -> None:
        """Strike what no suspension before it struck: all, or so many shares of the first
        accounts."""
        number = None if one.shares is None else self._more(one)
        for account in accounts:
            ballot = self._ballots.get(account)
            if ballot is None:
                continue
            lost, number = self._take(account, one, number)
            ballot.suspended += sum(lost.values(), _NONE)
            ballot.reasons.append(self._reason(one, sum(lost.values(), _NONE)))
            for share_class, votes in lost.items():
                of_class = ballot.classes.setdefault(share_class, OfClass())
                of_class.suspended += votes
                of_class.reasons.append(self._reason(one, votes))

    def _reason(self, one: Suspension, lost: Fraction) -> Told:
        name = f" as {one.by.need('suspension')}" if "suspension" in one.by.data else ""
        why, by = one.by.need("reason"), told("event", one.by.key)
        more = told(COUNT, whole(lost, self._digits)) if lost else "no more"
        return Told(f"{more} votes suspended{name}: {why} ({by})")

    def _more(self, one: Suspension) -> Fraction:
        """The shares that a suspension by number strikes beside those that others struck."""
        before = self._numbered[one.holder]
        more = beyond(one, before, overlapping=self._overlapping)
        before.append(one)
        return more

    def _take(
        self, account: str, one: Suspension, number: Fraction | None
    ) -> tuple[dict[str, Fraction], Fraction | None]:
        """The votes of the shares struck on an account, by class, and the shares that are left to
        strike."""
        left = self._left[account]
        lost: dict[str, Fraction] = {}
        for share_class, part in self._candidates(left, one):
            gone = part.shares if number is None else min(part.shares, number)
            number = None if number is None else number - gone
            rest = [Part(p.lot, p.shares - gone) if p is part else p for p in left[share_class]]
            fewer = self._votes(share_class, left[share_class]) - self._votes(share_class, rest)
            lost[share_class] = lost.get(share_class, _NONE) + fewer
            left[share_class] = rest
        return lost, number

    def _candidates(
        self, left: Mapping[str, Sequence[Part]], one: Suspension
    ) -> list[tuple[str, Part]]:
        """The parts that a suspension can strike, in the order in which it does: of several
        classes, those whose shares have the fewest votes first."""
        classes = [share_class for share_class in left if one.is_of(share_class)]
        found = [(share_class, part) for share_class in classes for part in left[share_class]]
        if len(classes) > 1:
            found.sort(
                key=lambda one: self._votes(one[0], [Part(one[1].lot, Fraction(1))]),
                reverse=self._rights.most_votes_first,
            )
        return found

    def _votes(self, share_class: str, parts: Sequence[Part]) -> Fraction:
        return self._rights.votes(share_class, counting(parts))


def _neutralise(ballots: dict[str, Ballot], at_cut: RegisterAtCut) -> None:
    for name, trust in at_cut.trusts.items():
        if name not in ballots or trust is None:
            continue
        ballot, keys = ballots[name], ", ".join(told("event", f.key) for f in trust.facts)
        if trust.voting == "neutral":
            ballot.neutral = ballot.held - ballot.suspended
            ballot.because(None, Told(f"the trustee votes neutrally ({keys})"))
            for text in trust.terms.get("voting_exceptions", ()):
                ballot.because(None, f"{EXCEPT}{text}")
        elif trust.voting == "holder":
            ballot.because(None, Told(f"the trustee votes at its discretion ({keys})"))
        else:
            of = ", ".join(told("party", one) for one in trust.instructed_by)
            ballot.because(None, Told(f"the trustee votes as instructed by {of} ({keys})"))


def can_be_counted(at_cut: RegisterAtCut, rights: Rights) -> bool:
    """Whether there is a register, of classes whose votes per share are all known."""
    classes = at_cut.classes
    return bool(classes) and not rights.untold(classes)
