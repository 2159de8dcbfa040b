"""Whose shares count as whose: trusts, control, concert and rights in shares, as they are recorded
on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.model.register import TREASURY, account_of
from ledger.time.view import View
from projections.control.found import Asked
from projections.control.over_time import OverTime
from projections.subjects.rights_on import RightOn
from projections.subjects.trusts import Trust

TYPES = ("relationship-began", "relationship-ended")
_KINDS = ("control", "concert")
_NONE, _ALL = Fraction(), Fraction(1)


class Counted(NamedTuple):
    """What of an account counts for a party: a part of all that it has, and what rights in its
    shares give, each with the part that counts."""

    part: Fraction = _ALL
    rights: tuple[tuple[RightOn, Fraction], ...] = ()


class Controlled(NamedTuple):
    """A company that a party certainly controls by its votes, its board or the record: from a day
    (None: from before) to a day that is not in it (None: it still does)."""

    party: str
    company: str
    since: str | None
    until: str | None

    def is_on(self, day: str) -> bool:
        """Whether it is so at the end of a day."""
        return (self.since or "") <= day and (self.until is None or day < self.until)


class Controls(NamedTuple):
    """Who controls some companies, and the first day looked at where earlier ones are not."""

    found: Sequence[Controlled]
    first: str | None


def controlled(view: View, companies: Iterable[str]) -> Controls:
    """Who controls some companies, over the days up to the cut."""
    found, firsts = list[Controlled](), list[str]()
    for company in companies:
        spans, first = OverTime.of(view, Asked(company, "disclosure-law")).spans
        firsts += [first] if first else []
        for span in spans:
            party, of, sure = span.key
            if of == company and sure:
                found.append(Controlled(party, company, span.since, span.until))
    return Controls(found, max(firsts, default=None))


class Attribution:
    """Whose accounts in a register are attributed to whom on one day.

    In full, not in parts: what a party controls, directly or through others, what is held in trust
    for it or as it instructs, what those have with whom it acts in concert, and the shares in which
    any of them has a right.
    """

    def __init__(
        self,
        issuer: str,
        trusts: Mapping[str, Trust | None],
        related: Sequence[Fact],
        controls: Iterable[Controlled] = (),
        rights: Iterable[RightOn] = (),
    ) -> None:
        self.issuer = issuer
        self._rights: dict[str, list[RightOn]] = defaultdict(list)
        for right in rights:
            self._rights[right.party].append(right)
        self._trusts: dict[str, list[str]] = defaultdict(list)
        self._controlled: dict[str, list[str]] = defaultdict(list)
        self._concert: dict[str, list[str]] = defaultdict(list)
        self._held_for: set[str] = set()  # trusts whose shares count for those behind them
        self._found: dict[tuple[str, tuple[str, ...]], Mapping[str, Counted]] = {}
        self._parts: dict[tuple[str, str], Fraction] = {}
        for name, trust in sorted(trusts.items()):
            for party in dict.fromkeys(behind(trust)) if trust else ():
                self._trusts[party].append(name)
                self._held_for.add(name)
                if trust is not None and party not in trust.terms.get("instructed_by", ()):
                    self._parts[party, name] = trust.least_for(party)
        for one in controls:
            self._controlled[one.party].append(one.company)
        for fact in related:
            party, of = fact.need("party"), fact.need("of")
            if fact.need("kind") == "control":
                self._controlled[party].append(of)
            else:
                self._concert[party].append(of)
                self._concert[of].append(party)

    @cached_property
    def parties(self) -> frozenset[str]:
        """Those to whom the accounts of others are attributed."""
        by_rights = self._rights.keys() - self._held_for
        return frozenset([*self._trusts, *self._controlled, *self._concert, *by_rights])

    def accounts(self, party: str, kinds: tuple[str, ...]) -> Mapping[str, Counted]:
        """The accounts attributed to a party by some kinds of attribution, its own first, each with
        what of it is."""
        if party not in self.parties:
            return {account_of(f"{self.issuer}/", party): Counted()}
        if (party, kinds) not in self._found:
            members = self._members([party], kinds)
            if "concert" in kinds:
                others = [other for one in members for other in self._concert.get(one, ())]
                members = self._members([party, *others], kinds)
            accounts = {account_of(f"{self.issuer}/", o): Counted(p) for o, p in members.items()}
            for right, part in self._by_rights(members, kinds):
                so_far = accounts.get(right.account, Counted(_NONE))
                if so_far.part < _ALL:
                    more = so_far._replace(rights=(*so_far.rights, (right, part)))
                    accounts[right.account] = more
            accounts.pop(TREASURY, None)
            self._found[party, kinds] = accounts
        return self._found[party, kinds]

    def _by_rights(
        self, members: Mapping[str, Fraction], kinds: Collection[str]
    ) -> Iterator[tuple[RightOn, Fraction]]:
        """The rights in shares that count for some parties together, each share's once: none in
        what another of them counts already."""
        for member, part in members.items():
            for right in self._rights.get(member, ()):
                within = any(o.party in members and counts(o, kinds) for o in right.through)
                if counts(right, kinds) and not within:
                    yield right, part

    def ways(self, party: str, kinds: Collection[str]) -> Mapping[str, tuple[str, str]]:
        """By which kind of attribution each account of others comes to a party, and from whom."""
        found: dict[str, tuple[str, str]] = {party: ("", party)}
        self._follow(party, kinds, found)
        for one in list(found) if "concert" in kinds else ():
            for other in self._concert.get(one, ()):
                if other not in found:
                    found[other] = "concert", one
                    self._follow(other, kinds, found)
        del found[party]
        return {account_of(f"{self.issuer}/", one): way for one, way in found.items()}

    def _follow(
        self, party: str, kinds: Collection[str], found: dict[str, tuple[str, str]]
    ) -> None:
        """Add what a party controls and the trusts for any of them to those found."""
        pending = [party]
        for one in pending:
            for kind, of in (("control", self._controlled), ("trusts", self._trusts)):
                for other in of.get(one, ()) if kind in kinds else ():
                    if other not in found:
                        found[other] = kind, one
                        pending.append(other)

    def _members(self, parties: Sequence[str], kinds: Collection[str]) -> dict[str, Fraction]:
        """Some parties with what they control and the trusts for any of them, each once; of a
        trust the parts that are theirs, together."""
        whole, held_for = set(parties), defaultdict[str, list[str]](list)
        found, pending = dict[str, None](), [*parties][::-1]
        while pending:
            if (one := pending.pop()) in found:
                continue
            found[one] = None
            controlled = self._controlled.get(one, ()) if "control" in kinds else ()
            trusts = self._trusts.get(one, ()) if "trusts" in kinds else ()
            whole.update(controlled)
            for trust in trusts:
                held_for[trust].append(one)
            pending += [*trusts, *controlled]

        def part_of(one: str, above: tuple[str, ...] = ()) -> Fraction:
            if one in whole:
                return _ALL
            further = [party for party in held_for[one] if party not in (one, *above)]
            parts = (
                self._parts.get((party, one), _ALL) * part_of(party, (one, *above))
                for party in further
            )
            return min(_ALL, sum(parts, _NONE))

        return {one: part_of(one) for one in found}


def counts(right: RightOn, kinds: Collection[str]) -> bool:
    """Whether a right in shares is of one of some kinds of attribution: by a pledge, loan, deposit
    or proxy where the party votes, or instructs; by a usufruct unless the holder alone votes;
    whoever votes, what is held for the party (nominee), is ``lent`` by or to it, or, pledges left
    out, is at its ``disposal``."""
    if right.kind == "loan" and "lent" in kinds:
        return True
    if right.disposes and right.kind not in ("pledge", "own-shares") and "disposal" in kinds:
        return True
    held_for = right.kind == "nominee" or (right.kind == "usufruct" and right.voting != "holder")
    return right.kind in kinds and (held_for or right.votes)


def behind(trust: Trust) -> list[str]:
    """The parties for which, or as which, a trust holds."""
    named = [one["party"] for one in trust.terms.get("beneficiaries", ())]
    return [*named, *trust.instructed_by]


def related(view: View) -> list[Fact]:
    """The relationships of control and concert in force on the as-of day, in order."""
    if not view.history.knows("type:relationship-began"):
        return []
    found = dict[str, Fact]()
    for fact in view.every(TYPES).counted:
        found.pop(fact.need("relationship"), None)
        if fact.type == TYPES[0]:
            found[fact.need("relationship")] = fact
    return [fact for fact in found.values() if fact.need("kind") in _KINDS]
