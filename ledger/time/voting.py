"""Rights to vote apart from title, folded along with a register: lots, suspensions and caps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

from ledger.model.across import source_of
from ledger.model.fact import Fact
from ledger.model.lots import (
    ORDINARY,
    USUAL_ORDER,
    Lots,
    Part,
    keeps_votes,
    said_lots,
    within,
)
from ledger.model.movements import ACROSS, MOVEMENTS, RESHAPING, SPLITTING, takes_all
from ledger.model.posted import FoldKey, end_of
from ledger.model.register import TREASURY, Pair, Register, account_of, issuer_of, legs
from ledger.model.restrictions import Restrictions, Suspension
from ledger.time.class_terms import TYPES as CLASS_TYPES
from ledger.time.class_terms import WITH_VOTES, ClassTerms
from ledger.time.view import View
from ledger.values.refusals import Unhandled
from ledger.values.share_counts import rounded_down

GRANTS, ENDED = "double-votes-granted", "double-votes-ended"
RESTRICTING = (
    "voting-rights-suspended",
    "voting-rights-restored",
    "voting-cap-agreed",
    "voting-cap-lifted",
)
TYPES = (*CLASS_TYPES, GRANTS, ENDED, "registration-changed", *RESTRICTING)
_NONE = Fraction()
_TRACKED = (GRANTS, "voting-rights-suspended", "shares-exchanged")


class VotingRights:
    """What bears on votes apart from shares, folded along with the register.

    ``order`` says which lots leave first in place of what the terms of a class say. ``assumed`` are
    the movements of which the record does not say which lots left, where that matters.
    """

    def __init__(self, view: View | None = None, order: str | None = None) -> None:
        self._view, self._order = view, order
        self.terms, self.lots, self.restrictions = ClassTerms(), Lots(), Restrictions()
        self.bearer: dict[Pair, tuple[Fraction, Fact]] = {}
        self.assumed: list[Fact] = []
        self.unregistered: dict[Pair, Fraction] = {}  # the bearer shares on accounts
        self.awaiting: dict[Pair, list[Fact]] = {}
        self._following = False  # whether suspensions go with shares
        self.tracked: set[str] = set()  # the parties whose movements are watched

    def see(self, fact: Fact, register: Register) -> None:
        """Take one fact into account, of which the register has just applied what moves shares."""
        if fact.type in (*CLASS_TYPES, *SPLITTING):
            self.terms.see(fact)
        match fact.type:
            case told if told in CLASS_TYPES:
                return  # the terms have it
            case "double-votes-granted":
                self._grant(fact, register)
            case "double-votes-ended":
                self.awaiting.pop(_pair(fact), None)
                number = Fraction(fact.shares()) if "shares" in fact.data else None
                self.lots.end(_pair(fact), fact.text("lot"), number, fact)
            case "registration-changed":
                self._register(fact, register)
            case restricting if restricting in RESTRICTING:
                self.restrictions.see(fact)
            case reshaping if reshaping in RESHAPING:
                self._reshape(fact, register)
            case "shares-exchanged":
                self._exchange(fact, register)
            case moving if moving in MOVEMENTS:
                self._move(fact, register)
            case _:
                raise Unhandled(fact.type, "the rights to vote")

    def watched(self, view: View, issuer: str) -> Sequence[Fact]:
        """The movements of the holders whose lots, or suspensions by number, depend on them."""
        suspensions = view.unposted(f"issuer:{issuer}", ("voting-rights-suspended",)).counted
        self._following = any("follows" in fact.data for fact in suspensions)
        self.tracked |= set(_tracked(view, issuer))
        asked: set[str] = set()
        found: dict[int, Fact] = {}
        while new := self.tracked - asked:
            asked |= new
            for fact in view.about(*(f"party:{party}" for party in new), types=MOVEMENTS).counted:
                if issuer_of(fact.need("share_class")) == issuer:
                    found[fact.recorded.position] = fact
                    self.tracked.update(self.follows(fact))
        return list(found.values())

    def follows(self, fact: Fact) -> Iterator[str]:
        """The accounts that a movement of a party that is watched lets be watched too."""
        if keeps_votes(fact) or self._following:
            yield from (account for account, sign in legs(fact.type, fact.data) if sign > 0)

    def untold(self, classes: Iterable[str]) -> list[str]:
        """Those of some classes whose votes a share nothing tells."""
        return [c for c in classes if self.terms.votes(c, Fraction(1)) is None]

    def votes(self, share_class: str, shares: Fraction) -> Fraction:
        """The votes of a holder's shares of a class whose votes are told."""
        votes = self.terms.votes(share_class, shares)
        return Fraction() if votes is None else votes

    def has_votes(self, share_class: str) -> bool:
        """Whether shares of a class can carry votes."""
        return self.terms.of(share_class).kind in WITH_VOTES

    def order(self, share_class: str) -> str:
        """Which lots of a class leave first where nothing says it."""
        return self._order or self.terms.of(share_class).text("lot_order") or USUAL_ORDER

    @property
    def most_votes_first(self) -> bool:
        """Whether it is asked for that shares with the most votes come first."""
        return self._order == "most-votes"

    def parts(self, pair: Pair, balance: Fraction) -> list[Part]:
        """A balance in parts by their votes, those that leave first before the others."""
        if pair not in self.lots:
            return [Part(None, balance)]
        return within(self.lots.parts(pair, balance, self.order(pair[0])), balance)

    def extra(self, pair: Pair, balance: Fraction) -> Fraction:
        """The shares that the lots of an account count beside the shares that there are."""
        if pair not in self.lots:
            return Fraction()
        return sum((p.shares * (p.factor - 1) for p in self.parts(pair, balance)), Fraction())

    def _grant(self, fact: Fact, register: Register) -> None:
        """Make shares a lot; those that a register brings forward later were held before."""
        pair = _pair(fact)
        balance = register.shares(*pair)
        if not balance and pair not in self.lots:
            self.awaiting.setdefault(pair, []).append(fact)
            return
        factor = fact.whole("factor") if "factor" in fact.data else 2
        if "shares" not in fact.data:
            balance -= self.unregistered.get(pair, _NONE)
        self.lots.grant(pair, fact.text("lot") or fact.key, factor, fact, balance)

    def _register(self, fact: Fact, register: Register) -> None:
        """Bearer shares carry no more votes than ordinary ones."""
        pair, shares = _pair(fact), Fraction(fact.shares())
        before, balance = self.unregistered.get(pair, _NONE), register.shares(*pair)
        if fact.need("to") != "bearer":
            self.unregistered[pair] = max(before - shares, _NONE)
            return
        if pair in self.lots:
            ended = self._less(pair, shares, balance - before, fact)
            if lost := sum((part.shares for part in ended if part.lot), Fraction()):
                self.bearer[pair] = lost, fact
        self.unregistered[pair] = max(min(before + shares, balance), _NONE)

    def _move(self, fact: Fact, register: Register) -> None:
        share_class = fact.need("share_class")
        both = legs(fact.type, fact.data)
        if fact.type == "register-opened":
            for grant in self.awaiting.pop((share_class, both[0][0]), ()):
                self._grant(grant, register)
        for account in (account for account, sign in both if sign < 0):
            pair = share_class, account
            shares = Fraction(fact.shares())
            there = register.shares(*pair)
            gone = self._leave(pair, shares, there + shares, fact)
            if keeps_votes(fact):
                to = next(a for a, sign in both if sign > 0)
                self.lots.arrive((share_class, to), gone, fact, pair)
            if self.restrictions.suspensions:
                for to in (a for a, sign in both if sign > 0 and a != TREASURY):
                    self.restrictions.passed(share_class, account, to, shares, there)
                self._left(account, register)
        self._drain(fact, register)

    def _drain(
        self,
        fact: Fact,
        register: Register,
        counted: Mapping[Pair, Fraction] = MappingProxyType({}),
    ) -> None:
        """Let lots leave accounts that an event takes shares from without naming them, beside
        those that are counted already."""
        drained = self._drained(fact, register)
        for pair, shares in drained.items():
            if (more := shares - counted.get(pair, _NONE)) > 0:
                self._leave(pair, more, register.shares(*pair) + more, fact)
        if drained:
            for holder in {one.holder for one in self.restrictions.numbered}:
                self._left(holder, register)

    def _drained(self, fact: Fact, register: Register) -> dict[Pair, Fraction]:
        """How many shares an event takes from each account that it does not name as its giver."""
        if fact.type in ACROSS:
            moves = self._sight(fact).across.outcome(fact).moves
            return {pair: -shares for pair, shares in moves.items() if shares < 0}
        made, taken = next(reversed(register.reshaped), None), dict[Pair, Fraction]()
        if made is None or made.fact is not fact:
            return taken
        if takes_all(fact.type, fact.data):
            of = fact.need("share_class")
            taken = {(of, a): shares / fact.ratio() for a, shares in made.exact.items()}
        if (supply := fact.text("supply")) not in (None, "new", "treasury"):
            taken[made.into, account_of(made.into, supply)] = made.settled.received
        return taken

    def _leave(self, pair: Pair, shares: Fraction, balance: Fraction, fact: Fact) -> list[Part]:
        """Take from the lots of an account shares that leave a balance; bearer shares are among
        the ordinary ones that leave first."""
        gone = [Part(None, shares)]
        if pair in self.lots:
            gone = self._less(pair, shares, balance, fact)
        if pair in self.unregistered:
            ordinary = sum((part.shares for part in gone if part.lot is None), _NONE)
            self.unregistered[pair] = max(self.unregistered[pair] - ordinary, _NONE)
        return gone

    def _less(self, pair: Pair, shares: Fraction, balance: Fraction, fact: Fact) -> list[Part]:
        known = {ORDINARY, *(lot.name for lot in self.lots.of(pair))}  # others are of what is paid
        said = {name: number for name, number in said_lots(fact).items() if name in known}
        if shares < balance and shares > sum(said.values(), Fraction()):
            self.assumed.append(fact)
        return self.lots.leave(pair, shares, balance, self.order(pair[0]), fact, said)

    def _left(self, account: str, register: Register) -> None:
        def held(share_class: str | None) -> Fraction:
            classes = [share_class] if share_class else register.classes
            voting = filter(self.has_votes, classes)
            return sum((register.shares(c, account) for c in voting), _NONE)

        self.restrictions.left(account, held)

    def _trim(self, share_class: str, register: Register, fact: Fact) -> None:
        """Let no lot of a class be of more shares than there are."""
        for pair in self.lots.pairs(share_class):
            balance = max(register.shares(*pair), Fraction())
            in_lots = sum((lot.shares for lot in self.lots.of(pair)), Fraction())
            if in_lots > balance:
                self.lots.leave(pair, in_lots - balance, in_lots, self.order(share_class), fact)
        for holder in {one.holder for one in self.restrictions.numbered}:
            self._left(holder, register)

    def _reshape(self, fact: Fact, register: Register) -> None:
        """Lots and suspensions by number go with the shares, by the ratio, in whole shares."""
        share_class, ratio = fact.need("share_class"), fact.ratio()
        into = fact.text("into_class") or share_class
        then = self.lots_then(fact)
        for pair in self.lots.pairs(share_class):
            said = then.get(pair, {})
            self.lots.scale(pair, (into, pair[1]), ratio, register.digits(into), fact, said)
        for pair in [pair for pair in self.unregistered if pair[0] == share_class]:
            bearer = rounded_down(self.unregistered.pop(pair) * ratio, register.digits(into))
            self.unregistered[into, pair[1]] = bearer + self.unregistered.get(
                (into, pair[1]), _NONE
            )
        if self.restrictions.numbered:
            self._scale_suspensions(fact, share_class, into)
        self._trim(into, register, fact)

    def lots_then(self, fact: Fact) -> dict[Pair, dict[str, Fraction]]:
        """How many shares an event says that lots have then, by account; one that names no holder
        is of the only one who has a lot so named."""
        share_class, found = fact.need("share_class"), dict[Pair, dict[str, Fraction]]()
        for one in fact.many("lots"):
            of = self.holders_of(share_class, one["lot"])
            holder = one.get("holder")
            pairs = [(share_class, holder)] if holder else of if len(of) == 1 else []
            for pair in pairs:
                found.setdefault(pair, {})[one["lot"]] = Fraction(one["shares"])
        return found

    def holders_of(self, share_class: str, lot: str) -> list[Pair]:
        """The accounts of a class that have a lot of a name."""
        pairs = self.lots.pairs(share_class)
        return [pair for pair in pairs if any(one.name == lot for one in self.lots.of(pair))]

    def _sight(self, fact: Fact) -> View:
        """The view in which what lies around the register is seen."""
        if self._view is None:
            raise Unhandled(fact.type, "rights to vote that see no register")
        return self._view

    def _scale_suspensions(self, fact: Fact, share_class: str, into: str) -> None:
        before, ratio = _register_before(self._sight(fact), fact), fact.ratio()

        def factor(one: Suspension) -> Fraction | None:
            """By what the shares that a number can be of are multiplied."""
            if one.share_class:
                return ratio
            account = account_of(share_class, one.holder)
            classes = [c for c in before.classes if self.has_votes(c)]
            held = sum((before.shares(c, account) for c in classes), Fraction())
            scaled = before.shares(share_class, account)
            return (held - scaled + scaled * ratio) / held if held and scaled else None

        self.restrictions.scale(share_class, into, factor, before.digits(into))

    def _exchange(self, fact: Fact, register: Register) -> None:
        """Lots end on exchanged shares, or go on, by the ratio, on the new ones."""
        share_class, into = fact.need("share_class"), fact.text("into_class")
        outcome = self._sight(fact).across.outcome(fact)
        gone: dict[str, list[Part]] = {}
        counted = {(share_class, holder): shares for holder, shares in outcome.counted.items()}
        for pair, shares in counted.items():
            had_lots = pair in self.lots
            before = register.shares(*pair) - outcome.moves.get(pair, _NONE)
            parts = self._leave(pair, shares, before, fact)
            if had_lots:
                gone[pair[1]] = parts
        self._drain(fact, register, counted)
        if into is None or fact.need("votes") == "end":
            return
        if not gone and issuer_of(into) != issuer_of(share_class):
            gone = _parts_before(self._sight(fact), fact, outcome.counted)
        for holder, parts in gone.items():
            digits = self._sight(fact).across.digits(into)
            scaled = [
                Part(one.lot, rounded_down(one.shares * fact.ratio(), digits)) for one in parts
            ]
            pair = share_class, holder
            to = into, account_of(into, holder)
            self.lots.arrive(to, [p for p in scaled if p.shares], fact, pair)


def _pair(fact: Fact) -> Pair:
    return fact.need("share_class"), fact.need("holder")


def _tracked(view: View, issuer: str) -> Iterator[str]:
    """The holders of whose movements the votes of an issuer depend on, beside their sums."""
    for fact in view.unposted(f"issuer:{issuer}", _TRACKED).counted:
        if fact.type == "shares-exchanged":
            source = source_of(fact)
            if source != issuer:
                granted = view.unposted(f"issuer:{source}", (GRANTS,)).counted
                yield from (one.need("holder") for one in granted)
        elif fact.type == GRANTS or "shares" in fact.data or "follows" in fact.data:
            yield fact.need("holder")


def walked(
    view: View, issuer: str, rights: VotingRights, before: FoldKey | None = None
) -> Register:
    """The register of an issuer at a cut, or just before a place in the fold, with the rights
    folded along with it."""
    register = Register(view.posted(issuer), view.across.around(issuer))
    replayed = view.unposted(f"issuer:{issuer}", (*MOVEMENTS, *TYPES)).counted
    own = {fact.recorded.position for fact in replayed}
    watched = [f for f in rights.watched(view, issuer) if f.recorded.position not in own]
    for fact in sorted([*replayed, *watched], key=lambda fact: fact.order):
        if before is not None and fact.order >= before:
            break
        if fact.type in MOVEMENTS and fact.recorded.position in own:
            register.apply(fact)
        register.advance(fact.order)
        rights.see(fact, register)
    register.advance(end_of(view.cut.as_of) if before is None else before)
    return register


def _register_before(view: View, fact: Fact) -> Register:
    """The register of the class that an event reshapes, just before it."""
    return balances_before(view, issuer_of(fact.need("share_class")), fact.order)


def balances_before(view: View, issuer: str, before: FoldKey) -> Register:
    """The register of an issuer just before a place in the fold."""
    register = Register(view.posted(issuer), view.across.around(issuer))
    for other in view.unposted(f"issuer:{issuer}", MOVEMENTS).counted:
        if other.order < before:
            register.apply(other)
    register.advance(before)
    return register


def _parts_before(
    view: View, fact: Fact, exchanged: Mapping[str, Fraction]
) -> dict[str, list[Part]]:
    """The shares of another register that an exchange takes, in parts by their votes, by holder."""
    source, rights = source_of(fact), VotingRights(view)
    if not view.unposted(f"issuer:{source}", (GRANTS, "shares-exchanged")).counted[1:]:
        return {}
    before = walked(view, source, rights, fact.order)
    share_class = fact.need("share_class")
    order = rights.order(share_class)
    return {
        holder: rights.lots.leave(pair, shares, before.shares(*pair), order, fact)
        for holder, shares in exchanged.items()
        if (pair := (share_class, holder)) in rights.lots
    }
