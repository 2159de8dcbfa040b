"""No account of a register is below zero or holds a fraction of a share at the end of any day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from heapq import heappop, heappush, merge
from itertools import groupby
from operator import itemgetter

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.model.fractions import unsaid
from ledger.model.movements import ACROSS, BY_TYPE, MOVEMENTS, SPLITTING, rounds, takes_all
from ledger.model.posted import FoldKey, Posted, Split, end_of
from ledger.model.register import (
    Around,
    Pair,
    Register,
    Violation,
    issuer_of,
    legs,
    named,
    violations,
)
from ledger.rules.across import bearing, unsound
from ledger.rules.new_events import NewEvents
from ledger.time.view import View
from ledger.values.dates import FOREVER, days_before
from ledger.values.refusals import Refusal, Refused, shown, to_run
from ledger.values.share_counts import count_text, fits

Moved = tuple[
    FoldKey, Fact | Pair, int | Fraction
]  # a replayed movement, or what is added to an account


def shares_are_there(view: View, new_events: NewEvents) -> Iterator[tuple[Recorded, Refused]]:
    """Every movement finds its shares, on its own day and, when back-dated, on every later day."""
    read = bearing(view, new_events)
    problems = list(unsound(view, read, new_events))
    yield from problems
    for issuer in new_events.touched("issuer:") if not problems else ():
        whole = issuer in read.issuers or _is_reshaped(view, issuer, new_events)
        violation = _in_the_end(view, issuer, new_events, whole)
        violation = violation or _meanwhile(view, issuer, new_events, whole)
        if violation is not None:
            event = new_events.attribute_to(f"issuer:{issuer}", violation.fact.recorded.position)
            digits = view.across.digits(violation.share_class)
            left = not fits(violation.balance, digits) and _left(view, violation, event)
            needed = _needed(view, violation)
            refused = left or _refusal(violation, event, needed, digits)
            yield event, _with_command(refused, violation, issuer, new_events)


def _in_the_end(view: View, issuer: str, new_events: NewEvents, whole: bool) -> Violation | None:
    """The first trouble in a register as all its movements make it."""
    facts = view.unposted(f"issuer:{issuer}", MOVEMENTS).counted
    posted, around = view.posted(issuer), view.across.around(issuer)
    if not posted.classes:
        return next(violations(facts, around), None)
    if new_events.indexed and _surely_valid(facts, posted, around):
        return None
    if new_events.indexed or whole:
        every = type(view)(view.history).about(f"issuer:{issuer}", types=MOVEMENTS)
        return next(violations(every.counted, around), None)
    return _Followed(view, posted, around, new_events).first_violation(facts)


def _is_reshaped(view: View, issuer: str, new_events: NewEvents) -> bool:
    """Whether all accounts of a register are looked at, for a movement of them reads otherwise."""
    return issuer in new_events.reshaped and view.asks_all_rules


def _meanwhile(view: View, issuer: str, new_events: NewEvents, whole: bool) -> Violation | None:
    """The first trouble in a register as of a day on which a movement is still counted in place of
    a later one that was recorded first."""
    since, about = "", f"issuer:{issuer}"
    may_skip = bool(view.posted(issuer).classes) and not (new_events.indexed or whole)
    read = [about, *(f"issuer:{source}" for source in view.across.sources(issuer))]
    for day in view.handovers(f for one in read for f in view.unposted(one, MOVEMENTS).certain):
        before = view.on(days_before(day, 1))
        replayed = before.unposted(about, MOVEMENTS).counted if may_skip else ()
        if not may_skip or any(new_events.moves(fact.recorded.position) for fact in replayed):
            facts = before.about(about, types=MOVEMENTS).counted
            violation = next(violations(facts, before.across.around(issuer), since), None)
            if violation is not None:
                return violation
        since = day
    return None


def _surely_valid(facts: Sequence[Fact], posted: Posted, around: Around) -> bool:
    """Whether no account of a register ends any day below zero or with a fraction of a share."""
    splits = splits_of(facts, around)
    if splits is not None and posted.valid(splits):
        return True
    register, sums = Register(around=around), dict[Pair, int | Fraction]()
    replayed, touched, today = set[str](), set[Pair](), ""

    def is_possible(pair: Pair) -> bool:
        balance: int | Fraction = sums.get(pair, 0)
        if pair[0] in replayed and (more := register.shares(*pair)):
            balance += more
        return register.is_possible(pair[0], balance)

    posted_movements: Iterator[Moved] = posted.moves()
    others: Iterator[Moved] = ((fact.order, fact, 0) for fact in facts)
    for (day, _, _), moved, shares in merge(posted_movements, others, key=itemgetter(0)):
        if day != today:
            if not all(map(is_possible, touched)):
                return False
            touched.clear()
            today = day
        if isinstance(moved, Fact):
            if takes_all(moved.type, moved.data):
                for pair in [pair for pair in sums if pair[0] == moved.need("share_class")]:
                    register.move(*pair, sums.pop(pair))
            pairs = register.apply(moved)
            replayed.update(share_class for share_class, _ in pairs)
            touched.update(pairs)
        else:
            sums[moved] = sums.get(moved, 0) + shares
            touched.add(moved)
    return all(map(is_possible, touched))


def splits_of(facts: Sequence[Fact], around: Around) -> Mapping[str, list[Split]] | None:
    """The splits that replayed movements are, by class; None where sums cannot follow one of them,
    or it is something else."""
    found = dict[str, list[Split]]()
    for fact in facts:
        share_class = fact.need("share_class")
        if fact.type not in SPLITTING or rounds(fact.data) or around.digits(share_class):
            return None
        found.setdefault(share_class, []).append((fact.order, fact.ratio()))
    return found


class _Followed:
    """A register walked to the first trouble that new movements make, and earlier ones that read
    otherwise.

    What was recorded before them was sound, so only the accounts that they touch, or did before,
    are followed, from the first day on which they do: at the end of each later day on which
    anything else moves them.
    """

    def __init__(self, view: View, posted: Posted, around: Around, new_events: NewEvents) -> None:
        self._view, self._posted, self._new_events = view, posted, new_events
        self._register = Register(posted, around)
        self._followed: dict[Pair, str] = {}  # and from which day on
        self._due: dict[str, set[Pair]] = {}  # the accounts to look at, by day
        self._days: list[str] = []  # a heap of those days
        self._set: dict[int, list[Pair]] = {}  # what each replayed movement of a day has set

    def first_violation(self, facts: Sequence[Fact]) -> Violation | None:
        """Walk through the movements that are replayed and the days that matter between them."""
        self._follow_moved()
        moves = (self._new_events.moves(fact.recorded.position) for fact in facts)
        if not self._followed and not any(moves):
            return None
        by_day = {day: list(group) for day, group in groupby(facts, key=lambda f: f.order[0])}
        for day in by_day:
            self._look(day)
        replayed_until = max(by_day, default="")
        while self._days:
            if self._days[0] > replayed_until:
                if self._stay_possible(self._days[0]):
                    return None
                replayed_until = FOREVER
            day = heappop(self._days)
            replayed = by_day.get(day, [])
            self._set = {fact.recorded.position: self._apply(fact) for fact in replayed}
            self._register.advance(end_of(day))
            violation = self._impossible(day, replayed)
            if violation is not None:
                return violation
        return None

    def _stay_possible(self, day: str) -> bool:
        """Whether no account that is followed ends a day from one on with an impossible balance,
        where nothing is replayed any more."""
        self._register.advance(end_of(self._view.cut.as_of))
        return all(
            self._register.is_possible(
                pair[0], self._register.shares(*pair) + self._posted.lowest(*pair, day)
            )
            for pair in self._followed
        )

    def _look(self, day: str, *pairs: Pair) -> None:
        if day not in self._due:
            self._due[day] = set()
            heappush(self._days, day)
        self._due[day].update(pairs)

    def _apply(self, fact: Fact) -> list[Pair]:
        """Apply a replayed movement; returns the accounts it set that are followed from now on."""
        new = self._new_events.moves(fact.recorded.position)
        scaled = self._scaled(fact, new) if takes_all(fact.type, fact.data) else []
        pairs = list(dict.fromkeys([*self._register.apply(fact), *scaled]))
        for pair in pairs:
            if new or pair in scaled:
                self._follow(pair, fact.order[0])
        followed = [pair for pair in pairs if pair in self._followed]
        self._look(fact.order[0], *followed)
        return followed

    def _scaled(self, fact: Fact, new: bool) -> list[Pair]:
        """The accounts that a split or reclassification is about to set, of those that matter."""
        before, register = fact.need("share_class"), self._register
        register.advance(fact.order)
        accounts = dict.fromkeys(register.held(before)) if new else {}
        since = sorted(self._followed.items())
        followed = (pair[1] for pair, day in since if pair[0] == before and day <= fact.order[0])
        accounts |= dict.fromkeys(a for a in followed if register.has_line(before, a))
        accounts |= dict.fromkeys(named(fact.type, fact.data))
        classes = dict.fromkeys((fact.text("into_class") or before, before))
        return [(share_class, account) for account in accounts for share_class in classes]

    def _follow_moved(self) -> None:
        """Follow the accounts that earlier movements touched before they read otherwise."""
        before = self._new_events.before
        read = before and map(before.fact, self._new_events.reread.values())
        for fact in sorted(filter(None, read or ()), key=lambda fact: fact.order):
            for account, _ in legs(fact.type, fact.data):
                pair = fact.need("share_class"), account
                self._look(fact.order[0], pair)
                self._follow(pair, fact.order[0])

    def _follow(self, pair: Pair, since: str) -> None:
        """Look at an account on each day after one on which a posted movement touches it."""
        if since >= self._followed.get(pair, FOREVER):
            return
        self._followed[pair] = since
        if pair[0] in self._posted.classes:
            last = end_of(self._view.cut.as_of)
            for day in self._posted.days(*pair, end_of(since), last):
                self._look(day, pair)

    def _impossible(self, day: str, replayed: list[Fact]) -> Violation | None:
        """The first trouble at the end of a day, in the order in which accounts were set on it."""
        found = {}
        for pair in self._due[day]:
            balance = self._register.shares(*pair)
            if not self._register.is_possible(pair[0], balance):
                found[pair] = balance
        set_by: dict[Pair, Fact] = {}
        for fact in sorted(self._facts(day, replayed, found), key=lambda fact: fact.order):
            own = self._set.get(fact.recorded.position)
            pairs = Register().apply(fact) if own is None else own
            set_by |= dict.fromkeys((pair for pair in pairs if pair in found), fact)
        for pair in sorted(set_by, key=lambda pair: found[pair] >= 0):
            return Violation(set_by[pair], *pair, found[pair])
        return None

    def _facts(self, day: str, replayed: list[Fact], pairs: Iterable[Pair]) -> list[Fact]:
        """The movements of a day that set any of some accounts, and the replayed ones."""
        facts = {fact.recorded.position: fact for fact in replayed}
        for share_class, account in pairs:
            for recorded in self._posted.on(share_class, account, day):
                fact = self._view.fact(recorded)
                facts |= {recorded.position: fact} if fact else {}
        return list(facts.values())


def _with_command(
    refused: Refused, violation: Violation, issuer: str, new_events: NewEvents
) -> Refused:
    """The refusal with the command that shows what stands in the way, if that is recorded."""
    fact, share_class, *_ = violation
    made = new_events.events(new_events.introducing)
    if not new_events.has(fact.recorded.position):
        command = to_run("show", fact.recorded.position)
    elif all(e.data.get("share_class") != share_class for e in made):
        command = to_run("holdings", issuer, "--as-of", fact.order[0])
    else:
        return refused
    remedy = f"{refused.remedy} See {command}."
    return Refused(refused.refusal, refused.wrong, remedy, refused.place)


def _left(view: View, violation: Violation, event: Recorded) -> Refused | None:
    """The refusal of a movement that itself leaves fractions, of all accounts that have one."""
    fact, share_class = violation.fact, violation.fact.need("share_class")
    movement = BY_TYPE[fact.type]
    if rounds(fact.data) or not (movement.reshapes or movement.converts):
        return None
    issuer = issuer_of(share_class)
    if takes_all(fact.type, fact.data):
        register = Register(view.posted(issuer), view.across.around(issuer))
        for other in view.unposted(f"issuer:{issuer}", MOVEMENTS).counted:
            if other.order < fact.order:
                register.apply(other)
        register.advance(fact.order)
        held = register.held(share_class)
    else:
        held = {account: Fraction(fact.shares()) for account, _ in legs(fact.type, fact.data)}
    ratio, into = fact.ratio(), fact.text("into_class") or share_class
    digits = view.across.digits(share_class), view.across.digits(into)
    if all(fits(n * ratio, digits[1]) for n in held.values()):
        return None
    named = {account or f"{issuer} (treasury)": shares for account, shares in held.items()}
    recorded = "" if fact.recorded.position == event.position else fact.key
    return unsaid(into, fact.order[0], named, ratio, digits, recorded)


def _needed(view: View, violation: Violation) -> Fraction:
    """How many shares of an account the movement takes that leaves it without them."""
    fact, share_class, account, _ = violation
    if fact.type in ACROSS:
        then = view.on(fact.order[0])  # a later event may tell the same, and count in its place
        return -then.across.outcome(fact).moves.get((share_class, account), Fraction())
    return Fraction(fact.text("shares") or fact.text("quantity") or 0)


def _refusal(violation: Violation, event: Recorded, needed: Fraction, digits: int) -> Refused:
    fact, share_class, account, number = violation
    day, balance = fact.order[0], count_text(number, digits)
    holder = account or f"{issuer_of(share_class)} (treasury)"
    own = fact.recorded.position == event.position
    if not fits(number, digits):
        return Refused(
            Refusal.SPLIT_LEAVES_FRACTION,
            f"On {day} {holder} would be left with {balance} {share_class}.",
            "Record what becomes of the fractions (shares-repurchased, shares-transferred) before;"
            " or say it as claim-recorded, and what is held after it as stake-disclosed.",
        )
    if own and fact.type not in ACROSS and share_class != fact.need("share_class"):
        return Refused(
            Refusal.SHARES_NOT_THERE,
            f"On {day} {holder} would be left with {balance} {share_class}, of what it supplies.",
            "Correct the supply, or record first what it holds.",
            "supply",
        )
    if own:
        there = count_text(number + needed, digits)
        return Refused(
            Refusal.SHARES_NOT_THERE,
            f"On {day} {holder} holds {there} {share_class}, not the"
            f" {count_text(needed, digits)} needed.",
            "Correct the number, or record a source's word as stake-disclosed or claim-recorded.",
            "supply" if fact.type in ACROSS else "shares",
        )
    return Refused(
        Refusal.BREAKS_LATER_EVENT,
        f"It would leave {holder} with {balance} {share_class} on {day}, when #"
        f"{fact.recorded.position} {shown(fact.key)} ({fact.type}) takes effect.",
        "Record the missing movement first, correct that event, or record a source's word as"
        " stake-disclosed or claim-recorded.",
    )
