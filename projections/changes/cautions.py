"""Cautions: what a recorder should look at again in new events that the rules accept.

Each looks at the histories before and after the events, at few facts: clauses and authorised
shares on the days on which shares move, boards and dividends as they stand when the events come.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from math import floor
from typing import Any

from ledger.events.envelope import Recorded
from ledger.model.across import source_of
from ledger.model.board import BOARD, Board
from ledger.model.fact import Fact
from ledger.model.movements import MOVEMENTS, classes_of
from ledger.model.posted import end_of
from ledger.model.register import TREASURY, issuer_of
from ledger.model.threads import OWN_KINDS
from ledger.rules.across import bearing
from ledger.rules.new_events import NewEvents
from ledger.time.across import into
from ledger.time.history import History, root_of, target_of
from ledger.time.instruments import instruments_of
from ledger.time.view import View
from ledger.values.dates import FOREVER
from ledger.values.share_counts import count_text
from ledger.values.warnings import WARNINGS, Looked, Warned, WarningKind
from projections.consistency.checks import broken_clauses, share_of
from projections.names import Names
from projections.sentences import class_words, money_words
from projections.subjects.authorised import authorised_shares
from projections.subjects.checked_figures import four_places
from projections.subjects.dividends import DIVIDENDS, Dividend, take
from projections.subjects.expiries import left_unvested
from projections.subjects.governance import clauses_in_force
from projections.subjects.register_at_cut import register_at_cut
from projections.told import counted

MOST_DAYS = 20  # of one issuer on which clauses and authorised shares are looked at
_AGREEMENTS = OWN_KINDS["agreement"].types
_PEOPLE = tuple(name for name in BOARD if name.startswith(("director-", "officer-")))

_Days = dict[str, dict[str, Fact]]  # by issuer and day, the first new fact that bears on it


def look(before: History, after: History, new: Sequence[Recorded]) -> Looked:
    """The warnings of new events that the histories before and after them give."""
    return _New(View(before), View(after), new).looked()


class _New:
    """New events seen before and after."""

    def __init__(self, before: View, after: View, new: Sequence[Recorded]) -> None:
        self.before, self.after, self.new = before, after, new
        self.names = Names(after)
        self.left_out: list[str] = []
        self._told: set[tuple[int, str, str]] = set()  # by position, agreement and clause

    def looked(self) -> Looked:
        """Every warning, and what was not looked at."""
        facts = [fact for event in self.new if (fact := self.after.fact(event)) is not None]
        by_type: dict[str, list[Fact]] = defaultdict(list)
        for fact in facts:
            by_type[fact.type].append(fact)
        rules: tuple[tuple[Collection[str], Callable[[list[Fact]], Iterator[Warned]]], ...] = (
            ((*MOVEMENTS, "event-corrected", "event-retracted"), self._moved),
            (("event-corrected",), self._corrected),
            (("party-renamed",), self._renamed),
            (BOARD, self._governed),
            (("dividend-paid",), self._paid),
            (("shares-split",), self._split),
            (("instrument-granted",), self._granted),
            (("relationship-ended",), self._left),
        )
        found: list[Warned] = []
        for types, rule in rules:
            concerned = [fact for name in types for fact in by_type.get(name, ())]
            found += rule(concerned) if concerned else ()
        return Looked(tuple(found), tuple(self.left_out))

    def _is_new(self, fact: Fact) -> bool:
        return fact.recorded.position > self.before.history.position

    def _moved(self, facts: list[Fact]) -> Iterator[Warned]:
        """Clauses that may be broken, and classes over what is authorised."""
        days: _Days = defaultdict(dict)
        for fact in facts:
            for moved in self._movements(fact):
                for issuer in set(map(issuer_of, classes_of(moved.data))):
                    _on_the_day_of(moved, issuer, fact, days)
        self._read_elsewhere(days)
        for issuer, on in days.items():
            agreements = self._agreements(issuer)
            classes = self._authorised(issuer)
            if not agreements and not classes:
                continue
            self._later(issuer, agreements, on)
            if len(on) > MOST_DAYS:
                self.left_out.append(
                    f"Clauses and authorised shares of {self.names.short('party', issuer)} are"
                    f" looked at on the last {MOST_DAYS} of {len(on)} days."
                )
            for day in sorted(on)[-MOST_DAYS:]:
                yield from self._broken(issuer, day, on[day], agreements)
                yield from self._unlimited(issuer, day, on[day], agreements)
                yield from self._over(day, on[day], classes)

    def _read_elsewhere(self, days: _Days) -> None:
        """Add the days on which distributions and exchanges read registers that move."""
        new = NewEvents(self.new, self.before.history.position + 1).within(self.after.history)
        for reading in bearing(self.after, new).facts:
            position = reading.recorded.position
            moving = self.after.fact(new.attribute_to(f"issuer:{source_of(reading)}", position))
            if moving is not None:
                for issuer in into(reading):
                    _on_the_day_of(reading, issuer, moving, days)

    def _later(self, issuer: str, agreements: Sequence[str], on: dict[str, Fact]) -> None:
        """Add the later days on which agreements change, and on which their parties move."""
        since = min(on)
        about = (self.after.about(f"agreement:{one}", types=_AGREEMENTS) for one in agreements)
        told = [fact for one in about for fact in one.counted]
        clauses = (clause for fact in told for clause in fact.data.get("clauses", ()))
        parties = {clause.get("party") for clause in clauses if clause.get("issuer") == issuer}
        if not parties:
            return
        moving = self.after.unposted(f"issuer:{issuer}", MOVEMENTS).counted
        posted = self.after.posted(issuer)
        accounts = ((c, party) for c in posted.classes for party in parties if party)
        days = {fact.order[0] for fact in (*told, *moving)}
        days.update(day for one in accounts for day in posted.days(*one, None, end_of(FOREVER)))
        for day in days:
            if since < day < FOREVER:
                on.setdefault(day, on[since])

    def _split(self, facts: list[Fact]) -> Iterator[Warned]:
        """Splits that look like a bonus issue, of a class with treasury shares."""
        for fact in facts[:MOST_DAYS]:
            day, share_class = fact.effective, fact.need("share_class")
            if day is None or day.last == FOREVER or not 1 < fact.ratio() < 2:
                continue
            at_cut = register_at_cut(self.after.on(day.last), issuer_of(share_class))
            if at_cut.register.shares(share_class, TREASURY):
                what = f"treasury shares of {share_class} are split with the others."
                yield self._warned(WarningKind.SPLIT_OF_TREASURY, fact, what)

    def _movements(self, fact: Fact) -> Iterator[Fact]:
        """The movement that a fact is, or those that it amends, as they were and are."""
        if fact.type in MOVEMENTS:
            yield fact
            return
        root = root_of(fact.recorded, self.after.history)
        if root is not None and root.type in MOVEMENTS:
            yield from filter(None, (self.before.fact(root), self.after.fact(root)))

    def _agreements(self, issuer: str) -> list[str]:
        found = self.after.history.mentioning(f"issuer:{issuer}", _AGREEMENTS)
        return sorted({event.data["agreement"] for event in found})

    def _broken(
        self, issuer: str, day: str, fact: Fact, agreements: Sequence[str]
    ) -> Iterator[Warned]:
        for agreement in agreements:
            held = {one.clause: one for one in broken_clauses(self.before.on(day), agreement)}
            for broken in broken_clauses(self.after.on(day), agreement):
                worse = broken.issuer == issuer and broken.worse_than(held.get(broken.clause))
                if worse and self._first(fact, agreement, broken.clause):
                    kind = "standstill" if broken.ceiling else "lock-up"
                    party = self.names.short("party", broken.party)
                    of = broken.words.format(self.names.short("party", issuer))
                    what = (
                        f"it may break a {kind} of {self.names.title('agreement', agreement)}: on"
                        f" {day} {party} holds {of}"
                    )
                    yield self._warned(WarningKind.MAY_BREAK_A_CLAUSE, fact, what)

    def _unlimited(
        self, issuer: str, day: str, fact: Fact, agreements: Sequence[str]
    ) -> Iterator[Warned]:
        """Standstills and lock-ups recorded without a percentage, where a holding moves against
        them."""
        before, after = self.before.on(day), self.after.on(day)
        for agreement in agreements:
            for clause, _ in clauses_in_force(after, agreement):
                party, ceiling = clause.get("party"), clause["kind"] == "standstill"
                bound = ceiling or clause["kind"] == "lock-up"
                if not bound or clause.get("percent") or (party, issuer) != _about(clause):
                    continue
                interest = "direct" if ceiling else "aggregate"
                then, now = (share_of(v, issuer, str(party), interest) for v in (before, after))
                if now is None or not (now > (then or 0) if ceiling else now < (then or 0)):
                    continue
                if not self._first(fact, agreement, clause["clause"]):
                    continue
                held = f"{four_places(then or Fraction())}% -> {four_places(now)}%"
                title, short = self.names.title("agreement", agreement), self.names.short
                what = (
                    f"it may break a {clause['kind']} of {title}, recorded without a percentage: on"
                    f" {day} {short('party', str(party))} holds {held} of {short('party', issuer)}."
                )
                yield self._warned(WarningKind.MAY_BREAK_A_CLAUSE, fact, what)

    def _first(self, fact: Fact, agreement: str, clause: str) -> bool:
        """Whether a fact is not yet said to break a clause, on an earlier day."""
        told = fact.recorded.position, agreement, clause
        known = told in self._told
        self._told.add(told)
        return not known

    def _authorised(self, issuer: str) -> list[str]:
        classes = self.after.history.subjects(f"new-class:{issuer}/")
        ids = [subject.partition(":")[2] for subject in classes]
        return [one for one in ids if any(authorised_shares(self.after, one))]

    def _over(self, day: str, fact: Fact, classes: Sequence[str]) -> Iterator[Warned]:
        for share_class in classes:
            issuer = issuer_of(share_class)
            then, now = (
                register_at_cut(view.on(day), issuer, checking=False).register.issued(share_class)
                for view in (self.before, self.after)
            )
            number = count_text(now, self.after.across.digits(share_class))
            for authorised in authorised_shares(self.after.on(day), share_class):
                if now > authorised and now > then:
                    yield self._warned(
                        WarningKind.OVER_THE_AUTHORISED,
                        fact,
                        f"on {day} {counted(number)} {class_words(self.names, share_class)} are"
                        f" in issue, {counted(str(authorised))} are authorised.",
                    )

    def _granted(self, facts: list[Fact]) -> Iterator[Warned]:
        """Grants above what their pool has left."""
        pools = {f.need("pool"): f for f in facts if f.text("pool") and f.text("share_class")}
        for pool, fact in pools.items():
            if fact.effective is None or fact.effective.last == FOREVER:
                continue
            day, issuer = fact.effective.last, issuer_of(fact.need("share_class"))
            sides = (instruments_of(view.on(day), issuer) for view in (self.before, self.after))
            then, now = (
                found.available(found.pools[pool]) if pool in found.pools else Fraction()
                for found in sides
            )
            if now < min(then, 0):
                above = counted(str(floor(-now)))
                what = f"on {day} {above} shares more are granted of pool {pool} than reserved."
                yield self._warned(WarningKind.ABOVE_THE_POOL, fact, what)

    def _left(self, facts: list[Fact]) -> Iterator[Warned]:
        """What has not vested of those who leave."""
        types = ("instrument-granted", "instrument-amended", "shares-restricted")
        for fact in facts:
            relationship, day = fact.need("relationship"), fact.order[0]
            vesting = self.after.about(f"relationship:{relationship}", types=types).certain
            for issuer in sorted({i for one in vesting if (i := self._issuer_of(one))}):
                found = instruments_of(self.after.on(day), issuer)
                for what in left_unvested(found, relationship, day):
                    yield self._warned(WarningKind.OPEN_AFTER_LEAVING, fact, what)

    def _issuer_of(self, fact: Fact) -> str | None:
        """Whose shares a grant, what amends it or a restriction is on."""
        if fact.type == "instrument-amended":
            id = fact.need("instrument")
            granted = self.after.about(f"instrument:{id}", types=("instrument-granted",)).certain
            return self._issuer_of(granted[0]) if granted else None
        return fact.text("issuer") or issuer_of(fact.need("share_class"))

    def _corrected(self, facts: list[Fact]) -> Iterator[Warned]:
        """Corrections that give what is there already."""
        for fact in facts:
            target = target_of(fact.recorded, self.after.history)
            root = root_of(fact.recorded, self.after.history)
            amended = [one for one in (target, root) if one is not None]
            if amended and all(
                _says(self.before, one) == _says(self.after, one) for one in amended
            ):
                yield self._warned(
                    WarningKind.CHANGES_NO_ANSWER, fact, "it gives what is recorded already."
                )

    def _renamed(self, facts: list[Fact]) -> Iterator[Warned]:
        """Parties renamed to the name that they have."""
        for fact in facts:
            party, name = fact.need("party"), fact.need("name")
            facts_of = self.after.about(f"party:{party}", types=("party-registered", fact.type))
            earlier = [f for f in facts_of.certain if f.order < fact.order]
            if earlier and earlier[-1].need("name") == name:
                yield self._warned(
                    WarningKind.CHANGES_NO_ANSWER, fact, f"{party} is called {name} already."
                )

    def _governed(self, facts: list[Fact]) -> Iterator[Warned]:
        """Those who come and sit already, and those who leave and do not."""
        for company in sorted({fact.need("company") for fact in facts}):
            board = Board()
            for fact in self.after.about(f"party:{company}", types=BOARD).counted:
                if fact.need("company") == company:
                    if self._is_new(fact) and fact.type in _PEOPLE:
                        yield from self._of_board(fact, board)
                    board.apply(fact)

    def _of_board(self, fact: Fact, board: Board) -> Iterator[Warned]:
        person, sitting = fact.text("person"), _sitting(fact, board)
        who = self.names.short("party", person) if person else "Somebody"
        company = self.names.short("party", fact.need("company"))
        director = fact.type.startswith("director")
        at = f"on the board of {company}" if director else f"{fact.need('role')} of {company}"
        if fact.type.endswith("-left") and sitting is None:
            what = f"{who} is not recorded {'' if director else 'as '}{at} {fact.on}."
            yield self._warned(WarningKind.ENDS_NOTHING, fact, what)
        elif fact.type.endswith("-appointed") and sitting and not _renews(fact, sitting):
            what = f"{who} is {at} already, since {sitting.when} (#{sitting.recorded.position})."
            yield self._warned(WarningKind.SITS_ALREADY, fact, what)

    def _paid(self, facts: list[Fact]) -> Iterator[Warned]:
        """Dividends paid that differ from those declared and unpaid."""
        for share_class in sorted({fact.need("share_class") for fact in facts}):
            found: list[Dividend] = []
            for fact in self.after.about(f"class:{share_class}", types=DIVIDENDS).counted:
                unpaid = [one.declared for one in found if one.paid is None]
                if not take(found, fact) and unpaid and self._is_new(fact):
                    declared = ", ".join(map(_declared, unpaid))
                    paid = money_words(fact.need("per_share"))
                    yield self._warned(
                        WarningKind.DIVIDEND_DIFFERS,
                        fact,
                        f"{paid} a share is paid, {declared} is declared and unpaid.",
                    )

    def _warned(self, kind: WarningKind, fact: Fact, what: str) -> Warned:
        position = fact.recorded.position
        return Warned(kind, f"#{position}: {what}", WARNINGS[kind].way_out, position)


def _on_the_day_of(moved: Fact, issuer: str, new: Fact, days: _Days) -> None:
    """A new fact bears on an issuer's register on the last day of a movement."""
    if moved.effective is not None and moved.effective.last != FOREVER:
        days[issuer].setdefault(moved.effective.last, new)


def _sitting(fact: Fact, board: Board) -> Fact | None:
    """The appointment that a fact about the board repeats or ends."""
    person = fact.text("person")
    if fact.type.startswith("officer"):
        return board.officers.get((fact.need("role"), fact.need("person")))
    for one in board.directors.values():
        if person is not None and one.text("person") == person:
            return one
    if fact.type == "director-left":
        nominees = board.nominees(fact.text("nominated_by") or "")
        return next((one for one in nominees if one.text("person") is None), None)
    return None


def _declared(fact: Fact) -> str:
    """A dividend declared, in words."""
    each, amount = fact.text("per_share"), fact.text("amount")
    words = money_words(each) if each else f"{money_words(amount)} in all" if amount else "in kind"
    return f"{words} ({fact.text('dividend')})" if fact.text("dividend") else words


def _about(clause: Mapping[str, Any]) -> tuple[str | None, str | None]:
    return clause.get("party"), clause.get("issuer")


def _renews(fact: Fact, sitting: Fact) -> bool:
    """Whether an appointment gives a term that ends later than the one that runs."""
    old, new = sitting.text("term_ends_on"), fact.text("term_ends_on")
    return old is not None and (new is None or new > old)


def _says(view: View, event: Recorded) -> Any:
    fact = view.fact(event)
    return fact and (fact.data, fact.effective, fact.known, fact.citations)
