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
from ledger.model.board import BOARD, Board
from ledger.model.fact import Fact
from ledger.model.movements import MOVEMENTS
from ledger.model.register import TREASURY, issuer_of
from ledger.time.history import History, root_of, target_of
from ledger.time.instruments import instruments_of
from ledger.time.view import View
from ledger.values.dates import FOREVER, parse_days
from ledger.values.share_counts import count_text
from ledger.values.warnings import WARNINGS, Looked, Warned, WarningKind
from projections.names import Names
from projections.obligation_rows import VerdictRow
from projections.obligations.limits import CEILING, FLOOR
from projections.obligations.moved import days_moved
from projections.obligations.verdicts import verdicts
from projections.sentences import class_words, money_words
from projections.subjects.authorised import authorised_shares
from projections.subjects.dividends import DIVIDENDS, Dividend, take
from projections.subjects.expiries import left_unvested
from projections.subjects.register_at_cut import register_at_cut
from projections.told import counted, read

MOST_DAYS = 20  # of one issuer on which authorised shares are looked at
_KINDS = {
    "breaches": WarningKind.MAY_BREAK_A_CLAUSE,
    "needs": WarningKind.NEEDS_BY_A_CLAUSE,
}
_PEOPLE = tuple(name for name in BOARD if name.startswith(("director-", "officer-")))


def look(before: History, after: History, new: Sequence[Recorded]) -> Looked:
    """The warnings of new events that the histories before and after them give."""
    return _New(View(before), View(after), new).looked()


class _New:
    """New events seen before and after."""

    def __init__(self, before: View, after: View, new: Sequence[Recorded]) -> None:
        self.before, self.after, self.new = before, after, new
        self.names = Names(after)
        self.left_out: list[str] = []
        self.verdicts: list[VerdictRow] = []

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
        found = list(self._clauses())
        for types, rule in rules:
            concerned = [fact for name in types for fact in by_type.get(name, ())]
            found += rule(concerned) if concerned else ()
        return Looked(tuple(found), tuple(self.left_out), tuple(self.verdicts))

    def _is_new(self, fact: Fact) -> bool:
        return fact.recorded.position > self.before.history.position

    def _moved(self, facts: list[Fact]) -> Iterator[Warned]:
        """Classes over what is authorised."""
        for issuer, on in days_moved(self.before, self.after, self.new, facts).items():
            classes = self._authorised(issuer)
            if classes and len(on) > MOST_DAYS:
                self.left_out.append(
                    f"Authorised shares of {self.names.short('party', issuer)} are looked at on the"
                    f" last {MOST_DAYS} of {len(on)} days."
                )
            for day in sorted(on)[-MOST_DAYS:] if classes else ():
                yield from self._over(day, on[day], classes)

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

    def _clauses(self) -> Iterator[Warned]:
        """What clauses forbid, and what they ask for first."""
        found = verdicts(self.before, self.after, self.new)
        self.verdicts, positions = found.rows, {event.key: event.position for event in self.new}
        self.left_out += [read(one, self.names.short) for one in found.left_out]
        for row in found.rows:
            kind = _KINDS.get(row["verdict"])
            unsure = row["verdict"] == "cannot be told" and row["kind"] in (CEILING, FLOOR)
            position = positions.get(row["event"])
            if kind is None and not unsure:
                continue
            kind = kind or WarningKind.MAY_BREAK_A_CLAUSE
            yield Warned(kind, f"#{position}: {self._said(row)}", WARNINGS[kind].way_out, position)

    def _said(self, row: VerdictRow) -> str:
        """A verdict in a sentence."""
        verb = {"breaches": "it breaks", "needs": "by"}.get(row["verdict"], "it may break")
        what = f"a {row['kind']}"
        if row["agreement"] is not None:
            what += f" of {self.names.title('agreement', row['agreement'])}"
        day = f" on {row['from']}," if row["from"] and row["kind"] in (CEILING, FLOOR) else ""
        return f"{verb} {what}:{day} {read(row['what'], self.names.short)}."

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
    return old is not None and (new is None or parse_days(new).last > parse_days(old).last)


def _says(view: View, event: Recorded) -> Any:
    fact = view.fact(event)
    return fact and (fact.data, fact.effective, fact.known, fact.citations)
