"""The fast check: which batches surely keep the rules, without asking every rule.

A rule can only be broken by what bears on it. A batch that amends nothing, tells nothing again and
moves shares in posted movements alone is checked by what it touches: that what it speaks of is
known, that each account it takes from has the shares at the end of every later day, and the rules
on steps, seats and registrations where it holds any. Whatever is not surely sound is left to the
rules themselves, in the history as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from fractions import Fraction

from ledger.events.envelope import Recorded
from ledger.events.registry import mentions
from ledger.model.board import BOARD
from ledger.model.fractional import may_be_fractional
from ledger.model.movements import MOVEMENTS, SIGNS, shares_moved
from ledger.model.offers import OFFERS
from ledger.model.posted import end_of
from ledger.model.register import Pair, Register, issuer_of, legs
from ledger.model.share_rights import RIGHTS
from ledger.model.subject import parse_subject
from ledger.model.threads import THREADS
from ledger.rules import Rule
from ledger.rules.conversions import conversions_end
from ledger.rules.fractional import counts_fit
from ledger.rules.instruments import ON_INSTRUMENTS, instruments_hold
from ledger.rules.listings import trading_is_resumed
from ledger.rules.local import declarations_hold
from ledger.rules.new_events import LOCAL, NewEvents, required
from ledger.rules.offers import acceptances_hold
from ledger.rules.parties import ABOUT, CREATED, parties_agree, parties_exist
from ledger.rules.references import is_known, registered_once
from ledger.rules.seats import endings_have_beginnings, seats_have_rights
from ledger.rules.share_rights import rights_can_end
from ledger.rules.steps import steps_agree
from ledger.rules.voting import VOTING, votes_hold
from ledger.time.across import readers_of
from ledger.time.affected import Affected, affects_others
from ledger.time.class_terms import TYPES
from ledger.time.existence import GAINED
from ledger.time.history import History, subjects_of
from ledger.time.identities import IDENTIFYING
from ledger.time.view import View
from ledger.time.voting import GRANTS
from ledger.values.share_counts import parse_balance

STEPS = frozenset(name for thread in THREADS for name in thread.changing)
_ASKED: tuple[tuple[Collection[str], Rule], ...] = (  # by types of events
    (STEPS, steps_agree),
    (LOCAL, declarations_hold),
    ((*ABOUT, CREATED), parties_agree),
    (BOARD, seats_have_rights),
    (BOARD, endings_have_beginnings),
    (ON_INSTRUMENTS, instruments_hold),
    (OFFERS, acceptances_hold),
    (RIGHTS, rights_can_end),
    (VOTING, votes_hold),
    (("listing-changed",), trading_is_resumed),
    (TYPES, conversions_end),
    (TYPES, votes_hold),
)
MOST_REMEMBERED = 400_000  # accounts, and things known
Histories = Callable[[int], History]


class FastCheck:
    """Follows a log batch by batch, remembering what is known and what accounts hold."""

    def __init__(self) -> None:
        self._known: set[tuple[str, str]] = set()
        self._registers: dict[str, _Balances | None] = {}  # None where they must be read anew
        self._accounts = 0
        self._ended = False
        self._whole = True  # whether the registers are all that the log has moved

    def is_valid(
        self, batch: Sequence[Recorded], replayed: Collection[int], at: Histories, before: int
    ) -> bool:
        """Whether a batch after a position surely keeps every rule.

        ``replayed`` has the positions of movements that are not posted. Where the answer is no, the
        batch must be asked of the rules, and then forgotten.
        """
        rules: set[Rule] = set()
        moves = []
        for event in batch:
            name = event.type
            if affects_others(event) and not self._bears_on_none(event, at, before):
                return False
            if name in SIGNS and event.position not in replayed:
                moves.append(event)
            elif name in MOVEMENTS:
                return False
            rules.update(_asked(event))
        rules.update(_moving(at(before)) if moves else ())
        if moves and at(before).knows(f"type:{IDENTIFYING}"):
            return False
        if _settles(batch, at(before)) or not self._refers_to_known(batch, at, before, rules):
            return False
        if moves and not self._are_there(moves, at, before, batch[-1].position):
            self._forget(issuer_of(move.data["share_class"]) for move in moves)
            return False
        if self._any_ended(batch, at, before):
            rules.add(parties_exist)
        if rules:
            together = at(batch[-1].position)
            new_events, view = NewEvents(batch, before + 1).within(together), View(together)
            if any(found for rule in rules for found in rule(view, new_events)):
                self._forget(issuer_of(move.data["share_class"]) for move in moves)
                return False
        return True

    def _any_ended(self, batch: Sequence[Recorded], at: Histories, before: int) -> bool:
        """Whether any party has ended, which is looked for until one has."""
        ending = any(event.type == "party-ended" for event in batch)
        self._ended = self._ended or ending or at(before).knows("type:party-ended")
        return self._ended and any(event.type in GAINED for event in batch)

    def forget(self, batch: Iterable[Recorded], together: History) -> None:
        """Read anew what a batch that was not plain bears on."""
        affected = Affected(together)
        for event in batch:
            for other in affected.of(event):
                subjects = {*subjects_of(other.type, other.data), *together.moved(other)}
                if other.type in MOVEMENTS:
                    issuers = [
                        one.id for one in map(parse_subject, subjects) if one.kind == "issuer"
                    ]
                    self._forget(readers_of(issuers, together))
                for subject in subjects:
                    if subject.startswith("new-"):
                        kind, id = parse_subject(subject.removeprefix("new-"))
                        self._known -= {(kind, id), ("issuer", id)}

    def forget_all(self) -> None:
        """Read everything anew; any issuer may have moved."""
        self._known.clear()
        self._registers.clear()
        self._accounts, self._whole = 0, False

    def _forget(self, issuers: Iterable[str]) -> None:
        for issuer in issuers:
            balances = self._registers.get(issuer)
            self._accounts -= len(balances.accounts) if balances else 0
            self._registers[issuer] = None

    def _bears_on_none(self, event: Recorded, at: Histories, before: int) -> bool:
        """Whether an event registers a source that nothing earlier speaks of, or ends a deal where
        nothing was conditional."""
        if event.type == "deal-abandoned" and "reaffirms" not in event.data:
            return not at(before).knows("type:condition-set")
        if event.type != "source-registered" or not event.data.keys().isdisjoint(_RESTING):
            return False
        return not at(before).knows(f"source:{event.data['source']}")

    def _refers_to_known(
        self, batch: Sequence[Recorded], at: Histories, before: int, rules: set[Rule]
    ) -> bool:
        introduced = set()
        for event in batch:
            for mention in mentions(event.type, event.data):
                kind = mention.kind
                if kind.introduces:
                    new = f"new-{kind.refers}:{mention.id}"
                    if new in introduced or at(before).knows(new):
                        rules.add(registered_once)
                    introduced.add(new)
                thing = required(mention)
                if thing is None or thing in self._known:
                    continue
                if thing == ("event", event.key):
                    return False
                if not is_known(View(at(batch[-1].position)), *thing):
                    return False
                if thing[0] != "event":
                    self._known.add(thing)
        if len(self._known) > MOST_REMEMBERED:
            self._known.clear()
        return True

    def _are_there(self, moves: Sequence[Recorded], at: Histories, before: int, after: int) -> bool:
        """Whether every account has its shares at the end of each day, as far as it is sure."""
        taken: dict[Pair, str] = {}  # the first day on which anything is taken from an account
        for event in moves:
            data = event.data
            share_class, day = data["share_class"], data["effective_on"]
            balances = self._balances(issuer_of(share_class), at, before)
            if day <= balances.replayed_until:
                return False
            for account, sign in legs(event.type, data):
                pair = share_class, account
                self._accounts += balances.add(pair, sign * parse_balance(shares_moved(data)), day)
                if sign < 0 and day < taken.get(pair, "~"):
                    taken[pair] = day
        for (share_class, account), day in taken.items():
            issuer = issuer_of(share_class)
            shares, last = self._balances(issuer, at, before).accounts[share_class, account]
            if day < last and shares >= 0:
                posted = View(at(after)).posted(issuer)
                shares += posted.lowest(share_class, account, day)
            if shares < 0:
                return False
        if self._accounts > MOST_REMEMBERED:
            self.forget_all()
        return True

    def _balances(self, issuer: str, at: Histories, before: int) -> _Balances:
        found = self._registers.get(issuer)
        if found is None:
            found = _Balances()
            if issuer in self._registers or not self._whole:
                found.read(issuer, at(before))
            self._registers[issuer] = found
        return found


_RESTING = frozenset(["citations", "reaffirms"])


class _Balances:
    """The shares on accounts of an issuer's classes at the end of all days, as movements come.

    ``accounts`` has those and the last day on which anything moved them. ``replayed_until`` is the
    last day of a movement that is not posted, or takes the place of another: before it, a balance
    is no mere sum.
    """

    def __init__(self) -> None:
        self.accounts: dict[Pair, tuple[int | Fraction, str]] = {}
        self.replayed_until = ""
        self._register: Register | None = None

    def read(self, issuer: str, history: History) -> None:
        """Begin with what a history holds, each account looked up when it is asked for."""
        view = View(history)
        self._register = register = Register(view.posted(issuer), view.across.around(issuer))
        found = view.unposted(f"issuer:{issuer}", MOVEMENTS)
        for fact in found.counted:
            register.apply(fact)
            self.replayed_until = max(self.replayed_until, fact.order[0])
        self.replayed_until = max([self.replayed_until, *view.handovers(found.certain)])
        register.advance(end_of(view.cut.as_of))

    def add(self, pair: Pair, shares: int | Fraction, day: str) -> int:
        """Add to an account; returns how many more accounts are remembered."""
        found = self.accounts.get(pair)
        if found is not None:
            self.accounts[pair] = found[0] + shares, max(found[1], day)
            return 0
        before: int | Fraction = 0
        last = ""
        if self._register is not None:
            before = self._register.shares(*pair)
            place = self._register.posted.last(*pair, self._register.fold_key)
            last = place[0] if place else ""
        self.accounts[pair] = before + shares, max(last, day)
        return 1


def _asked(event: Recorded) -> Iterator[Rule]:
    """The rules that an event is asked of by its type, its counts of shares and its lots."""
    yield from (rule for types, rule in _ASKED if event.type in types)
    if may_be_fractional(event.type, event.data):
        yield counts_fit
    if "lots" in event.data:
        yield votes_hold


def _moving(history: History) -> Iterator[Rule]:
    """The rules that movements are held against for what is recorded before them."""
    if history.knows("type:offer-accepted"):
        yield acceptances_hold
    if history.knows(f"type:{GRANTS}"):
        yield votes_hold


def _settles(batch: Sequence[Recorded], history: History) -> bool:
    """Whether any event of a batch depends on others, or may be one that others wait for."""
    types = {event.type for event in batch}
    depends = any("conditional_on" in e.data or "met_by" in e.data for e in batch)
    return depends or any(history.knows(f"awaits:{name}") for name in types)
