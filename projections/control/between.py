"""Owners of a company between two days, where they follow from who has shares in its register.

On most days shares only change hands. Whoever has a share then, and had one the day before, owns a
part on both days; no stake has to be multiplied to tell so. Who has its last share the day before
had the part that the register of that day makes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from itertools import groupby, islice
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.model.movements import MOVEMENTS, SIGNS
from ledger.model.posted import end_of
from ledger.model.register import TREASURY, issuer_of, simplest
from ledger.model.subject import parse_subject
from ledger.time.existence import ENDING
from ledger.time.history import subjects_of
from ledger.time.view import View
from ledger.values.dates import BEGINNING, FOREVER
from projections.control.interests import exactly
from projections.control.owner_rules import Look, Owner, OwnerKey, holder
from projections.names import NAMING
from projections.subjects.register_at_cut import REGISTERED, RegisterAtCut, spoken_of
from projections.subjects.register_walk import Stops, Watched, may_be_walked, stops_of
from projections.subjects.trusts import TYPES as TRUSTS

_KNOWN = frozenset([
    *SIGNS, *TRUSTS, *NAMING, "party-details-changed", "party-ended",
    "share-class-created", "shares-split", "stake-disclosed",
])  # fmt: skip


class _Moved(NamedTuple):
    """A day on which shares moved: who has any at its end, and which part of all shares each had
    before that has none any more."""

    day: str
    holders: frozenset[str]
    left: Mapping[str, Fraction]
    is_below_zero: bool


class Between:
    """What is known of the owners of a company, day after day backwards, by any part at all.

    ``note`` takes the stakes that were found on a day; ``before`` says what follows for the day
    before, as long as on none of the days between anything happens but that shares change hands.
    """

    def __init__(self, view: View, company: str) -> None:
        self._view, self._company = view, company
        self._follows = False
        self._read, self._classes = 0, set[str]()
        self._others, self._named = Stops(), dict[str, str]()
        self._plain = dict[str, bool]()
        self._disclosing = defaultdict[str, set[str]](set)
        self._usable = not view.identities and not any(view.across.sources(company))

    def note(self, look: Look) -> None:
        """Take the stakes at the end of a day: nothing follows where the company owns a part of
        itself, or where its shares are not capital."""
        is_capital = bool(look.network.company(self._company).capital)
        of_itself = any(self._company in of for of in look.capital.told.owners.values())
        self._follows = is_capital and not of_itself

    def before(
        self, day: str, later: str, found: Mapping[OwnerKey, Owner], watched: Watched
    ) -> Mapping[OwnerKey, Owner] | None:
        """The owners at the end of a day, from those at the end of the next on which anything that
        was seen can change them; their parts are those of the later day, but of those who are
        owners no more on that. None where it does not follow."""
        self._read_more(watched.seen.values())
        if not (self._usable and self._follows) or later in self._others.days:
            return None
        then, now = self._moved(day), self._moved(later)
        if not then.holders or not self._disclosing.get(later, set()) <= then.holders & now.holders:
            return None
        if opened := now.holders - then.holders:
            if any(self._named.get(party, FOREVER) <= later for party in opened):
                return None  # it may have been an owner before in another way
            if not opened <= {key[0] for key in found}:
                return None
            found = {key: one for key, one in found.items() if key[0] not in opened}
        if gone := then.holders - now.holders:
            if not gone <= now.left.keys() or not all(self._is_plain(p, watched) for p in gone):
                return None
            parts = [(party, exactly(now.left[party])) for party in sorted(gone)]
            left = [holder(party, part, part, True) for party, part in parts]
            found = {**found, **{one.key: one for one in left}}
        return found

    def _read_more(self, seen: Collection[Fact]) -> None:
        """Tell on which days more happens than that shares change hands, and whom that names from
        when on. A stake is told by the register where that has shares of its holder."""
        if not self._usable or self._read == len(seen):
            return
        new = list(islice(seen, self._read, None))
        self._read = len(seen)
        others = [fact for fact in new if not self._changes_hands(fact)]
        for fact in others:
            if fact.type not in NAMING:
                day = min(stops_of([fact]), default=BEGINNING)
                for subject in subjects_of(fact.type, fact.data):
                    party = parse_subject(subject).id
                    self._named[party] = min(day, self._named.get(party, day))
        self._others.add(fact for fact in others if not self._discloses(fact))
        self._classes.update(fact.need("share_class") for fact in new if self._is_own(fact))
        self._usable = (
            may_be_walked(seen)
            and _KNOWN.issuperset(fact.type for fact in new)
            and len(self._classes) == 1
            and not any(moved.is_below_zero for moved in self._walked)
        )

    def _is_own(self, fact: Fact) -> bool:
        share_class = fact.text("share_class")
        return share_class is not None and issuer_of(share_class) == self._company

    def _changes_hands(self, fact: Fact) -> bool:
        """Whether an event does no more than that shares of the company are on other accounts, from
        its own day on."""
        return fact.type in SIGNS and self._is_own(fact) and _is_of_one_day(fact)

    def _discloses(self, fact: Fact) -> bool:
        """Whether an event does no more than that a stake in the company is told; it is noted of
        whom."""
        plain = fact.type == "stake-disclosed" and _is_of_one_day(fact)
        if plain and spoken_of(fact) == self._company:
            self._disclosing[fact.order[0]].add(fact.need("holder"))
            return True
        return False

    def _is_plain(self, party: str, watched: Watched) -> bool:
        """Whether what a party has on its account is its own on every day, and nobody is looked
        through to: it never ends, is no trust and no several shareholders, and no shares of it are
        on record."""
        if party not in self._plain:
            registered = watched.facts(((f"new-party:{party}",), REGISTERED)).values()
            self._plain[party] = not (
                self._view.history.knows(f"issuer:{party}")
                or watched.facts(((f"trust:{party}",), TRUSTS))
                or watched.facts(((f"party:{party}",), ENDING))
                or any(fact.text("kind") == "other" for fact in registered)
            )
        return self._plain[party]

    @cached_property
    def _walked(self) -> list[_Moved]:
        walked, history = list(self._walk()), self._view.history
        left = sorted({party for moved in walked for party in moved.left})
        for prefix, types in (("party", ENDING), ("new-party", REGISTERED), ("trust", TRUSTS)):
            history.gather([f"{prefix}:{party}" for party in left], types)
        return walked

    def _walk(self) -> Iterator[_Moved]:
        """The days on which shares moved; of one class, as there are no more where it is asked."""
        at_cut = RegisterAtCut(self._view, self._company, whole=True, checking=False)
        register, held = at_cut.register, dict[str, int | Fraction]()
        whole: int | Fraction = 0
        holders = frozenset[str]()
        moving = (fact for fact in at_cut.counted if fact.type in MOVEMENTS)
        for day, facts in groupby(moving, key=lambda fact: fact.order[0]):
            changed = dict.fromkeys(pair for fact in facts for pair in register.apply(fact))
            register.advance(end_of(day))
            is_below_zero, before, left = False, whole, dict[str, Fraction]()
            for share_class, account in changed:
                had = held.get(account, 0)
                has = held[account] = simplest(register.shares(share_class, account))
                is_below_zero = is_below_zero or has < 0
                if account != TREASURY:
                    whole += has - had
                    if had > 0 >= has:
                        left[account] = Fraction(had) / before if before else Fraction()
                        holders -= {account}
                    elif had <= 0 < has:
                        holders |= {account}
            yield _Moved(day, holders, left, is_below_zero)

    def _moved(self, day: str) -> _Moved:
        """The last day on which shares moved by a day."""
        place = bisect_right(self._walked, day, key=lambda moved: moved.day)
        return self._walked[place - 1] if place else _Moved("", frozenset(), {}, False)


def _is_of_one_day(fact: Fact) -> bool:
    """Whether an event counts from its own day on, and repeats none."""
    return not fact.repeats and stops_of([fact]) == {fact.order[0]}
