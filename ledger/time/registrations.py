"""Since when the shares of each holder stand in its name: the period after which they may carry
more votes (French Code de commerce, L.225-123; Italian TUF, 127-quinquies).

Shares that arrive begin a period of their own, on the day of the entry. It runs on where the votes
of lots would be kept, and through splits and reclassifications; bearer shares have none. Of the
ordinary shares on an account the newest leave first, or the oldest where the terms of the class say
so; a grant is of the oldest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from ledger.model.across import received_class, source_of
from ledger.model.fact import Fact
from ledger.model.lots import keeps_votes
from ledger.model.movements import MOVEMENTS, RESHAPING, takes_all
from ledger.model.posted import FoldKey
from ledger.model.register import Pair, Register, issuer_of, legs, named
from ledger.time.class_terms import TYPES as CLASS_TYPES
from ledger.time.view import View
from ledger.time.voting import (
    GRANTS,
    RESTRICTING,
    TYPES,
    VotingRights,
    walked,
)
from ledger.values.dates import FOREVER, later_by
from ledger.values.refusals import Unhandled

MONTHS = "votes_after_months"  # the term of a class that tells the period
_NONE = Fraction()


class Stretch(NamedTuple):
    """Shares that one event entered in a holder's name, of one lot or of none; ``granted`` are
    those that were of one before."""

    by: Fact
    lot: str | None
    shares: Fraction
    granted: bool = False

    @property
    def bearer(self) -> bool:
        """Whether they are bearer shares, in nobody's name."""
        return self.by.text("to") == "bearer"

    @property
    def brought_forward(self) -> bool:
        """Whether they stood in the name before the register opens."""
        return self.by.type == "register-opened"

    @property
    def since(self) -> str:
        """The day of the entry: the last, where that is not one day."""
        return self.by.order[0]

    @property
    def place(self) -> tuple[bool, FoldKey]:
        """Their place among those of an account, the oldest first."""
        return self.bearer, self.by.order

    def complete(self, months: int) -> str | None:
        """The day on which they are registered so many months; None where that never comes."""
        until = later_by(self.since, months, "months")
        return None if self.bearer or until == FOREVER else until

    def is_ripe(self, months: int, day: str) -> bool:
        """Whether they are registered so many months on a day, and were never of a lot."""
        complete = self.complete(months)
        return not (self.lot or self.granted) and complete is not None and complete <= day

    def surely_short(self, months: int, day: str) -> bool:
        """Whether they are surely registered less than so many months on a day."""
        if self.brought_forward:
            return False
        first = self.by.effective.first if self.by.effective else self.since
        return self.bearer or later_by(first, months, "months") > day


class Early(NamedTuple):
    """Shares that an event granted votes to before they were registered so many months."""

    grant: Fact
    stretch: Stretch
    months: int


class Registrations(VotingRights):
    """Rights to vote with the entries that the shares on accounts come from.

    Followed are the accounts whose movements are watched, and some ``also``; or ``every`` one.
    """

    def __init__(
        self, view: View, issuer: str, also: Collection[str] = (), *, every: bool = False
    ) -> None:
        super().__init__(view)
        self._seen, self._issuer, self._every = view, issuer, every
        self.tracked |= {*also}
        self._of: dict[Pair, list[Stretch]] = defaultdict(list)
        self.early: list[Early] = []

    def of(self, pair: Pair) -> Sequence[Stretch]:
        """The entries that the shares on an account come from, the oldest first."""
        return self._of.get(pair, ())

    @property
    def entries(self) -> Mapping[Pair, Sequence[Stretch]]:
        """The same of all accounts that are followed."""
        return self._of

    def see(self, fact: Fact, register: Register) -> None:
        super().see(fact, register)
        match fact.type:
            case told if told in (*CLASS_TYPES, *RESTRICTING):
                pass
            case "double-votes-granted" | "double-votes-ended":
                self._settle(_pair(fact), fact, register)
            case "registration-changed":
                self._enter_anew(fact, register)
            case reshaping if reshaping in RESHAPING:
                self._scale(fact, register)
            case "shares-exchanged":
                self._carry(fact, register)
            case moving if moving in MOVEMENTS:
                self._pass(fact, register)
            case _:
                raise Unhandled(fact.type, "the entries of shares")

    def follows(self, fact: Fact) -> Iterator[str]:
        if keeps_votes(fact):
            yield from (account for account, _ in legs(fact.type, fact.data))

    def _is_followed(self, pair: Pair) -> bool:
        return self._every or pair[1] in self.tracked

    def _enter_anew(self, fact: Fact, register: Register) -> None:
        """Shares that become bearer shares end their period, those registered begin one."""
        pair, shares = _pair(fact), Fraction(fact.shares())
        if self._is_followed(pair):
            if fact.need("to") == "registered":  # bearer shares, or else the last to arrive
                taken = self._part(pair, None, shares, oldest=False)
            else:
                taken = self._take(pair, shares, registered=True)
            self._add(pair, [Stretch(fact, None, one.shares) for one in taken])
            self._settle(pair, fact, register)

    def _pass(self, fact: Fact, register: Register) -> None:
        if takes_all(fact.type, fact.data):
            self._settle_all(fact, register)
            return
        share_class, both = fact.need("share_class"), legs(fact.type, fact.data)
        passing = list[Stretch]()
        for account in (account for account, sign in both if sign < 0):
            if self._is_followed((share_class, account)):
                passing = self._take((share_class, account), Fraction(fact.shares()))
        for account in (account for account, sign in both if sign > 0):
            if keeps_votes(fact):
                self._arrive((share_class, account), passing)
        classes = filter(None, (share_class, received_class(fact)))
        for pair in [(of, one) for of in classes for one in named(fact.type, fact.data)]:
            self._settle(pair, fact, register)

    def _scale(self, fact: Fact, register: Register) -> None:
        share_class, ratio = fact.need("share_class"), fact.ratio()
        into = fact.text("into_class") or share_class
        for pair in [pair for pair in self._of if pair[0] == share_class]:
            found = self._of.pop(pair)
            scaled = [one._replace(shares=one.shares * ratio) for one in found]
            if into == share_class:
                self._add(pair, scaled)
            else:
                self._arrive((into, pair[1]), scaled)
        self._settle_all(fact, register)

    def _carry(self, fact: Fact, register: Register) -> None:
        """The period runs on, on the shares received, where their votes are carried."""
        share_class, into = fact.need("share_class"), fact.text("into_class")
        carried = into is not None and fact.need("votes") != "end"
        passing = dict[str, list[Stretch]]()
        if source_of(fact) == self._issuer:
            for holder, shares in self._seen.across.outcome(fact).counted.items():
                passing[holder] = self._take((share_class, holder), shares)
        elif carried:
            passing = self._passing_from(fact)
        if into is not None and carried and issuer_of(into) == self._issuer:
            for holder, found in passing.items():
                scaled = [one._replace(shares=one.shares * fact.ratio()) for one in found]
                if self._is_followed((into, holder)):
                    self._arrive((into, holder), scaled)
        self._settle_all(fact, register)

    def _passing_from(self, fact: Fact) -> dict[str, list[Stretch]]:
        """What an exchange takes out of the register of another issuer, by holder."""
        before, register = registrations(
            self._seen, source_of(fact), fact.order, self.tracked, every=self._every
        )
        share_class = fact.need("share_class")
        return {
            holder: before.taken(pair, shares, register.shares(*pair), fact)
            for holder, shares in self._seen.across.outcome(fact).counted.items()
            if before.of(pair := (share_class, holder))
        }

    def _of_class(self, share_class: str) -> list[Pair]:
        return [pair for pair in self._of if pair[0] == share_class]

    def taken(self, pair: Pair, shares: Fraction, balance: Fraction, fact: Fact) -> list[Stretch]:
        """Take shares out of an account by an event that another register sees."""
        if pair in self.lots:
            self.lots.leave(pair, shares, balance, self.order(pair[0]), fact)
        return self._take(pair, shares)

    def _take(self, pair: Pair, shares: Fraction, *, registered: bool = False) -> list[Stretch]:
        """Take shares out of an account: of each lot what has left it, and of the ordinary ones
        the rest, or of those that are registered."""
        left = {lot.name: lot.shares for lot in self.lots.of(pair)}
        taken = list[Stretch]()
        for name, had in self._lots(pair).items():
            taken += self._part(pair, name, had - left.get(name, _NONE))
        rest = shares - sum((one.shares for one in taken), _NONE)
        return [*taken, *self._part(pair, None, rest, registered=registered)]

    def _part(
        self,
        pair: Pair,
        lot: str | None,
        shares: Fraction,
        *,
        oldest: bool | None = None,
        registered: bool = False,
    ) -> list[Stretch]:
        """Take so many shares of a lot or of none, as far as there are."""
        found, taken = self._of[pair], list[Stretch]()
        of_lot = [one for one in found if one.lot == lot and not (registered and one.bearer)]
        of_lot.sort(key=lambda one: one.place)
        if oldest is None:
            oldest = self.order(pair[0]) == "oldest"
        for one in of_lot if oldest else reversed(of_lot):
            gone = min(max(shares, _NONE), one.shares)
            shares -= gone
            if gone:
                taken.append(one._replace(shares=gone))
                found[found.index(one)] = one._replace(shares=one.shares - gone)
        found[:] = [one for one in found if one.shares]
        return taken

    def _add(self, pair: Pair, more: Iterable[Stretch]) -> None:
        found: dict[tuple[int, str | None, bool], Stretch] = {}
        for one in [*self._of[pair], *more]:
            key = one.by.recorded.position, one.lot, one.granted
            before = found[key].shares if key in found else _NONE
            found[key] = one._replace(shares=before + one.shares)
        kept = (one for one in found.values() if one.shares)
        self._of[pair] = sorted(kept, key=lambda one: one.place)

    def _arrive(self, pair: Pair, passing: Iterable[Stretch]) -> None:
        """Add what comes from another account and keeps its entry, in the lots that it is in."""
        for one in passing:
            had = self._lots(pair)
            names = (
                lot.name
                for lot in self.lots.of(pair)
                if one.lot is not None
                and (lot.name == one.lot or lot.name.startswith(f"{one.lot}-"))
                and lot.shares > had.get(lot.name, _NONE)
            )
            self._add(pair, [one._replace(lot=next(names, None))])

    def _lots(self, pair: Pair) -> dict[str, Fraction]:
        """The shares of each lot, as they are followed."""
        found: dict[str, Fraction] = defaultdict(Fraction)
        for one in self._of.get(pair, ()):
            if one.lot is not None:
                found[one.lot] += one.shares
        return dict(found)

    def _settle_all(self, fact: Fact, register: Register) -> None:
        """Let the accounts of the classes that an event is about be what the register has."""
        classes = {fact.need("share_class"), received_class(fact) or fact.need("share_class")}
        for share_class in sorted(c for c in classes if issuer_of(c) == self._issuer):
            holders = register.held(share_class) if self._every else self.tracked
            mirrored = (account for _, account in self._of_class(share_class))
            for account in dict.fromkeys([*holders, *mirrored]):
                self._settle((share_class, account), fact, register)

    def _settle(self, pair: Pair, fact: Fact, register: Register) -> None:
        """Let the shares of an account, and those of its lots, be what they are by now."""
        if not self._is_followed(pair):
            return
        lots = {lot.name: lot.shares for lot in self.lots.of(pair)}
        more = max(register.shares(*pair), _NONE) - sum((x.shares for x in self.of(pair)), _NONE)
        for name, had in self._lots(pair).items():
            less = had - lots.get(name, _NONE)
            gone = max(min(less, -more), _NONE)
            self._part(pair, name, gone)
            more += gone
            ended = self._part(pair, name, less - gone)
            self._add(pair, [one._replace(lot=None, granted=True) for one in ended])
        self._part(pair, None, -more)
        if more > 0:
            self._add(pair, [Stretch(fact, None, more)])
        for lot in self.lots.of(pair):
            wanting = lot.shares - self._lots(pair).get(lot.name, _NONE)
            granted = self._part(pair, None, wanting, oldest=True)
            if lot.by is fact:
                self._judge(pair, fact, granted)
            self._add(pair, [one._replace(lot=lot.name) for one in granted])

    def _judge(self, pair: Pair, grant: Fact, granted: Sequence[Stretch]) -> None:
        months = months_of(self, pair[0])
        if months is not None and grant.type == GRANTS:
            self.early += (
                Early(grant, one, months)
                for one in granted
                if one.surely_short(months, grant.order[0])
            )


def months_of(rights: VotingRights, share_class: str) -> int | None:
    """After how many months shares of a class may carry more votes, where its terms tell."""
    terms = rights.terms.of(share_class)
    told = terms.text(MONTHS) if terms.text("unit") in (None, "1") else None
    return None if told is None else int(told)


def registrations(
    view: View,
    issuer: str,
    before: FoldKey | None = None,
    also: Collection[str] = (),
    *,
    every: bool = False,
) -> tuple[Registrations, Register]:
    """The entries that the shares of an issuer come from at a cut, or just before a place in the
    fold: of the holders whose lots are watched and some ``also``, or of every one."""
    found = Registrations(view, issuer, also, every=every)
    if not every:
        return found, walked(view, issuer, found, before)
    register = Register(around=view.across.around(issuer))
    for fact in view.about(f"issuer:{issuer}", types=(*MOVEMENTS, *TYPES)).counted:
        if before is not None and fact.order >= before:
            break
        if fact.type in MOVEMENTS:
            register.apply(fact)
        found.see(fact, register)
    return found, register


def _pair(fact: Fact) -> Pair:
    return fact.need("share_class"), fact.need("holder")
