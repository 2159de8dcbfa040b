"""Ballots: the votes on each account of a register, and what reduces them (docs/arithmetic.md)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from ledger.model.across import source_of
from ledger.model.fact import Fact
from ledger.model.movements import MOVEMENTS, RESHAPING, SPLITTING
from ledger.model.register import TREASURY, Register, account_of, issuer_of
from ledger.time.class_terms import TYPES as CLASS_TYPES
from ledger.time.class_terms import WITH_VOTES, ClassTerms
from ledger.time.view import View
from ledger.values.refusals import Unhandled
from ledger.values.share_counts import rounded_down
from projections.answer import whole
from projections.subjects.checked_figures import CheckedFigure, agrees_within
from projections.subjects.register_at_cut import RegisterAtCut, register_at_cut
from projections.subjects.stated import OF_OTHERS, is_near
from projections.told import COUNT, Told, told

TYPES = (
    *CLASS_TYPES,
    "double-votes-granted",
    "double-votes-ended",
    "registration-changed",
    "voting-rights-suspended",
    "voting-rights-restored",
    "voting-cap-agreed",
    "voting-cap-lifted",
)
EVERY = ""  # stands for every holder
EXCEPT = "except "  # begins a reason that limits the one before it


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


class Rights:
    """What bears on votes apart from shares, folded along with the register."""

    types: tuple[str, ...] = TYPES

    def __init__(self, view: View | None = None) -> None:
        self._view = view
        self.terms = ClassTerms()
        self.doubled: dict[tuple[str, str], tuple[Fraction | None, Fact]] = {}
        self.bearer: dict[tuple[str, str], Fact] = {}
        self.suspended: dict[tuple[str, str], Fact] = {}  # by holder and name, as caps are
        self.caps: dict[tuple[str, str], Fact] = {}
        self.suspended_shares: dict[tuple[str, str], tuple[str | None, Fraction]] = {}

    def see(self, fact: Fact, register: Register) -> None:
        """Take one fact into account; doubled shares are None while they are all of a holder's."""
        if fact.type in (*CLASS_TYPES, *SPLITTING):
            self.terms.see(fact)
        match fact.type:
            case told if told in CLASS_TYPES:
                return  # the terms have it
            case "double-votes-granted":
                self._double(fact)
            case "double-votes-ended":
                self._end_double(fact, register)
            case "registration-changed":
                self._register(fact, register)
            case reshaping if reshaping in RESHAPING:
                self._reshape(fact)
            case "shares-exchanged":
                self._exchange(fact)
            case "voting-rights-suspended":
                self._suspend(fact)
            case "voting-cap-agreed":
                self.caps[fact.text("holder") or EVERY, name_of(fact, "cap")] = fact
            case "voting-rights-restored" | "voting-cap-lifted":
                self._end(fact)
            case moving if moving in MOVEMENTS:
                return  # rights do not go with shares
            case _:
                raise Unhandled(fact.type, "the rights to vote")

    def untold(self, classes: Iterable[str]) -> list[str]:
        """Those of some classes whose votes a share nothing tells."""
        return [c for c in classes if self.terms.votes(c, Fraction(1)) is None]

    def votes(self, share_class: str, shares: Fraction) -> Fraction:
        """The votes of a holder's shares of a class whose votes are told."""
        votes = self.terms.votes(share_class, shares)
        return Fraction() if votes is None else votes

    def cap(self, holder: str) -> Fact | None:
        """The cap on a holder's votes that binds: the lowest of those in force, of every holder's
        too."""
        own = (fact for (of, _), fact in self.caps.items() if of in (holder, EVERY))
        return min(own, key=lambda fact: Fraction(fact.percent() or 0), default=None)

    def _double(self, fact: Fact) -> None:
        """Grants add up; one without a number is of all shares."""
        pair = fact.need("share_class"), fact.need("holder")
        before, _ = self.doubled.get(pair, (Fraction(), fact))
        more = Fraction(fact.shares()) if "shares" in fact.data else None
        both = None if before is None or more is None else before + more
        self.doubled[pair] = both, fact

    def _end(self, fact: Fact) -> None:
        """End the suspension or cap that is named, or all of the holder."""
        lifted = fact.type == "voting-cap-lifted"
        begun, name = (self.caps, "cap") if lifted else (self.suspended, "suspension")
        for of in list(begun):
            if of[0] == (fact.text("holder") or EVERY) and fact.text(name) in (None, of[1]):
                del begun[of]
                if not lifted:
                    self.suspended_shares.pop(of, None)

    def _end_double(self, fact: Fact, register: Register) -> None:
        share_class, holder = fact.need("share_class"), fact.need("holder")
        count, granted = self.doubled.pop((share_class, holder), (Fraction(), fact))
        if "shares" in fact.data:
            held = register.shares(share_class, account_of(share_class, holder))
            left = (held if count is None else count) - fact.shares()
            if left > 0:
                self.doubled[share_class, holder] = left, granted

    def _register(self, fact: Fact, register: Register) -> None:
        """Double votes are of registered shares: those on a number that becomes bearer end."""
        pair = fact.need("share_class"), fact.need("holder")
        if fact.need("to") == "bearer" and pair in self.doubled:
            self._end_double(fact, register)
            self.bearer[pair] = fact

    def _exchange(self, fact: Fact) -> None:
        """Double votes end on exchanged shares, or go on, by the ratio, on the new ones."""
        if self._view is None:
            raise Unhandled(fact.type, "rights to vote that see no register")
        share_class, into = fact.need("share_class"), fact.text("into_class")
        counted = self._view.across.outcome(fact).counted
        before = {h: found for (of, h), found in self.doubled.items() if of == share_class}
        if into and fact.need("votes") != "end":
            for holder, (count, granted) in (before or doubled_before(self._view, fact)).items():
                old = counted.get(holder, Fraction())
                new = (old if count is None else min(old, count)) * fact.ratio()
                new = rounded_down(new, self._view.across.digits(into))
                more, by = self.doubled.get((into, holder), (Fraction(), granted))
                if new and more is not None:
                    self.doubled[into, holder] = more + new, by
        for holder, exchanged in counted.items():
            count, granted = self.doubled.pop((share_class, holder), (Fraction(), fact))
            if count is not None and count > exchanged:
                self.doubled[share_class, holder] = count - exchanged, granted

    def _suspend(self, fact: Fact) -> None:
        key = fact.need("holder"), name_of(fact, "suspension")
        self.suspended[key] = fact
        self.suspended_shares.pop(key, None)
        if "shares" in fact.data:
            number = Fraction(fact.shares())
            self.suspended_shares[key] = fact.text("share_class"), number

    def _reshape(self, fact: Fact) -> None:
        """Double votes and suspensions of a number of shares go with them, by the ratio, in whole
        shares; a suspension of no one class is of the holder's shares in equal measure."""
        share_class, ratio = fact.need("share_class"), fact.ratio()
        into = fact.text("into_class") or share_class
        doubled = {h: found for (of, h), found in self.doubled.items() if of == share_class}
        if not self.suspended_shares and (into == share_class or not doubled):
            self._carry_double(share_class, into, doubled, ratio, None)
            return
        before = _register_before(self._view, fact)
        self._carry_double(share_class, into, doubled, ratio, before)
        for (holder, name), (of, number) in self.suspended_shares.items():
            classes = [of] if of else before.classes
            account = account_of(share_class, holder)
            held = sum((before.shares(c, account) for c in classes if self._vote(c)), Fraction())
            scaled = before.shares(share_class, account) if share_class in classes else Fraction()
            if held and scaled:
                exactly = number * (held - scaled + scaled * ratio) / held
                now = rounded_down(exactly, before.digits(into))
                self.suspended_shares[holder, name] = into if of else None, now

    def _vote(self, share_class: str) -> bool:
        return self.terms.of(share_class).kind in WITH_VOTES

    def _carry_double(
        self,
        share_class: str,
        into: str,
        doubled: Mapping[str, tuple[Fraction | None, Fact]],
        ratio: Fraction,
        before: Register | None,
    ) -> None:
        digits = self._view.across.digits(into) if self._view else 0
        for holder, (count, granted) in doubled.items():
            if before is None or into == share_class:
                if count is not None:
                    self.doubled[share_class, holder] = rounded_down(count * ratio, digits), granted
                continue
            del self.doubled[share_class, holder]
            held = before.shares(share_class, account_of(share_class, holder))
            new = rounded_down((held if count is None else min(held, count)) * ratio, digits)
            more, by = self.doubled.get((into, holder), (Fraction(), granted))
            if more is not None:
                self.doubled[into, holder] = more + new, by


def _register_before(view: View | None, fact: Fact) -> Register:
    """The register of the class that an event reshapes, just before it."""
    if view is None:
        raise Unhandled(fact.type, "rights to vote that see no register")
    issuer = issuer_of(fact.need("share_class"))
    register = Register(view.posted(issuer), view.across.around(issuer))
    for other in view.unposted(f"issuer:{issuer}", MOVEMENTS).counted:
        if other.order < fact.order:
            register.apply(other)
    register.advance(fact.order)
    return register


def name_of(fact: Fact, field: str) -> str:
    """The name of a suspension or a cap; those of the first schema had none and shared one."""
    return fact.text(field) or ("" if fact.recorded.before else fact.key)


def doubled_before(view: View, fact: Fact) -> dict[str, tuple[Fraction | None, Fact]]:
    """The double votes on shares of the class that an exchange reads, just before it, by holder."""
    source, rights = source_of(fact), Rights(view)
    about = f"issuer:{source}"
    if not view.unposted(about, ("double-votes-granted", "shares-exchanged")).counted[1:]:
        return {}
    RegisterAtCut(view, source, rights, checking=False).to(fact)
    share_class = fact.need("share_class")
    return {holder: found for (of, holder), found in rights.doubled.items() if of == share_class}


def ballots(at_cut: RegisterAtCut, rights: Rights) -> dict[str, Ballot]:
    """The votes on each account of a position; empty where a class has unknown votes per share."""
    return {} if rights.untold(at_cut.classes) else ballots_of(at_cut, rights)


def _count(view: View, issuer: str) -> dict[str, Ballot]:
    rights = Rights(view)
    return ballots(register_at_cut(view, issuer, rights), rights)


def ballots_of(
    at_cut: RegisterAtCut, rights: Rights, accounts: Collection[str] | None = None
) -> dict[str, Ballot]:
    """The votes on each account of a position whose votes per share are known, or on some."""
    ballots: dict[str, Ballot] = {}
    for share_class in at_cut.classes:
        if rights.terms.of(share_class).kind not in WITH_VOTES:
            continue
        for account, shares in _held(at_cut, share_class, accounts):
            ballot = ballots.setdefault(account, Ballot())
            if account == TREASURY:
                ballot.reasons.append("treasury shares carry no votes")
                continue
            ballot.shares += shares
            doubled = Fraction()
            if (share_class, account) in rights.doubled:
                count, fact = rights.doubled[share_class, account]
                doubled = shares if count is None else min(shares, count)
                number = told(COUNT, at_cut.count(share_class, doubled))
                by = told("event", fact.key)
                ballot.reasons.append(Told(f"{number} shares vote double ({by})"))
            ballot.held += rights.votes(share_class, shares + doubled)
    for (share_class, account), fact in rights.bearer.items():
        if account in ballots:
            number, by = told(COUNT, fact.shares()), told("event", fact.key)
            ballots[account].reasons.append(
                Told(
                    f"double votes on {number} {told('class', share_class)} ended when they became"
                    f" bearer shares ({by})"
                )
            )
    _suspend(ballots, rights, at_cut.digits)
    _neutralise(ballots, at_cut)
    return ballots


def _held(
    at_cut: RegisterAtCut, share_class: str, accounts: Collection[str] | None
) -> Iterator[tuple[str, Fraction]]:
    register = at_cut.register
    if accounts is None:
        yield from register.held(share_class).items()
    for account in accounts or ():
        if shares := register.shares(share_class, account):
            yield account, shares


def _suspend(ballots: dict[str, Ballot], rights: Rights, digits: int) -> None:
    """Suspend the votes of a holder's shares: all, or of the number given, in equal measure.

    Several suspensions add up, at most to all.
    """
    for key, fact in rights.suspended.items():
        if key[0] in ballots:
            ballot = ballots[key[0]]
            part = Fraction(1)
            if key in rights.suspended_shares and ballot.shares:
                part = min(part, rights.suspended_shares[key][1] / ballot.shares)
            votes = ballot.held * part
            ballot.suspended = min(ballot.held, ballot.suspended + votes)
            ballot.reasons.append(
                Told(
                    f"{told(COUNT, whole(votes, digits))} votes suspended:"
                    f" {fact.need('reason')} ({told('event', fact.key)})"
                )
            )


def _neutralise(ballots: dict[str, Ballot], at_cut: RegisterAtCut) -> None:
    for name, trust in at_cut.trusts.items():
        if name not in ballots or trust is None:
            continue
        ballot, keys = ballots[name], ", ".join(told("event", f.key) for f in trust.facts)
        if trust.terms.get("voting") == "neutral":
            ballot.neutral = ballot.held - ballot.suspended
            ballot.reasons.append(Told(f"the trustee votes neutrally ({keys})"))
            ballot.reasons += [
                f"{EXCEPT}{text}" for text in trust.terms.get("voting_exceptions", ())
            ]
        else:
            of = told("party", trust.beneficiary)
            ballot.reasons.append(Told(f"the trustee votes as instructed by {of} ({keys})"))


def can_be_counted(at_cut: RegisterAtCut, rights: Rights) -> bool:
    """Whether there is a register, of classes whose votes per share are all known."""
    classes = at_cut.classes
    return bool(classes) and not rights.untold(classes)


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


def checked_votes(at_cut: RegisterAtCut) -> Iterator[CheckedFigure]:
    """Each disclosure of votes against the count on the disclosure's own day."""
    for fact in at_cut.disclosures:
        stated = fact.text("votes")
        percent = fact.text("percent") if fact.text("percent_of") == "votes" else None
        if (stated or percent) is None or fact.text("interest") in OF_OTHERS:
            continue
        that_day = at_cut.view.on(fact.order[0])
        ballots = _count(that_day, at_cut.issuer)
        ballot = ballots.get(account_of(f"{at_cut.issuer}/", fact.need("holder")))
        if ballot is None:
            yield CheckedFigure(fact, "votes", stated or "", "votes", (), None)
            continue
        held = sum((b.held for b in ballots.values()), Fraction())
        qualifier = fact.data.get("qualifier", "exactly")
        if stated is not None:
            near = agrees_within(stated, ballot.held, qualifier)
            yield CheckedFigure(
                fact, "votes", stated, "votes", (ballot.held,), near, digits=at_cut.digits
            )
        if percent is not None and held:
            share = ballot.held / held * 100
            near = is_near(fact, share)
            yield CheckedFigure(fact, "percent of votes", percent, "votes", (share,), near)
