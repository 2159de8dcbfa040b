"""Figures that new events change on one day, in short lines for people."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from fractions import Fraction
from functools import cache
from itertools import islice

from ledger.events.envelope import Recorded
from ledger.model.across import written
from ledger.model.board import BOARD, Board
from ledger.model.fact import Fact
from ledger.model.movements import BY_TYPE, MOVEMENTS, classes_of
from ledger.model.register import TREASURY, issuer_of, named
from ledger.model.threads import OWN_KINDS
from ledger.time.history import AMENDMENTS, History, root_of
from ledger.time.view import View
from ledger.values.dates import FOREVER
from projections.answer import percentage, whole
from projections.changes.scaled import scaled
from projections.names import Names
from projections.sentences import class_label, class_words
from projections.subjects import bases
from projections.subjects.deals import KINDS, deals
from projections.subjects.governance import AGREEMENT_STEPS
from projections.subjects.register_at_cut import RegisterAtCut, register_at_cut
from projections.told import counted

MOST_LOOKED = 200  # of accounts, boards and threads that are compared
_Lines = Iterator[str]


def figures(before: History, after: History, new: Sequence[Recorded], today: str) -> _Lines:
    """The figures that differ at the end of today: holdings, boards, offices, statuses.

    Where everything takes effect later, they are those of the first day that it does, which is
    said.
    """
    views = View(before), View(after)
    facts = list(_concerned(views, new))
    days = [f.effective.last for f in facts if f.effective and f.effective.last != FOREVER]
    day = max(today, min(days, default=today))
    if day > today and facts:
        when = f"On {day}: "
        yield from (f"{when}{line}" for line in _of_day(views, facts, day))
    else:
        yield from _of_day(views, facts, day)


def _concerned(views: tuple[View, View], new: Sequence[Recorded]) -> Iterator[Fact]:
    """What new events tell, and how what they amend read before and reads after."""
    for event in new:
        amended = root_of(event, views[1].history) if event.type in AMENDMENTS else None
        for view in views:
            fact = view.fact(event if amended is None else amended)
            if fact is not None:
                yield fact


def _of_day(views: tuple[View, View], facts: Sequence[Fact], day: str) -> _Lines:
    names = Names(views[1])
    sides = views[0].on(day), views[1].on(day)
    parts: tuple[Callable[[tuple[View, View], Names, Sequence[Fact]], _Lines], ...] = (
        _holdings,
        scaled,
        _boards,
        _threads,
    )
    for part in parts:
        yield from part(sides, names, facts)


def _holdings(sides: tuple[View, View], names: Names, facts: Sequence[Fact]) -> _Lines:
    """The balances on the accounts between which shares move, and the shares in issue."""
    moving = [fact for fact in facts if fact.type in MOVEMENTS]
    accounts = dict.fromkeys(pair for fact in moving for pair in _accounts(fact))
    accounts |= dict.fromkeys(_moved_across(sides, moving))
    classes = {share_class for share_class, _ in accounts}
    issuers = {issuer_of(share_class) for share_class in classes}

    @cache
    def at_cut(side: int, issuer: str) -> RegisterAtCut:
        return register_at_cut(sides[side], issuer, checking=False)

    for share_class, account in islice(accounts, MOST_LOOKED):
        issuer = issuer_of(share_class)
        both = [at_cut(side, issuer) for side in (0, 1)]
        registers = [one.register for one in both]
        issued = [bases.issued(one, share_class) for one in both]
        if account is None:
            held, of, whose = issued, [Fraction()] * 2, "Issued"
        else:
            held = [register.shares(share_class, account) for register in registers]
            of, whose = issued, _holder(names, account)
        if held[0] != held[1]:
            label = f", {_label(names, share_class, issuers)}" if len(classes) > 1 else ""
            yield f"{whose}{label} {_shares(held, of, registers[1].digits(share_class))}"


def _moved_across(
    sides: tuple[View, View], moving: Sequence[Fact]
) -> Iterator[tuple[str, str | None]]:
    """The accounts to which distributions and exchanges of the registers of movements add, or from
    which they take, otherwise on one side; those of which it is most first."""
    issuers = {issuer_of(share_class) for fact in moving for share_class in classes_of(fact.data)}
    change: dict[tuple[str, str], Fraction] = {}
    for side, view in zip((-1, 1), sides, strict=True):
        read = {one for issuer in issuers for one in (issuer, *view.across.readers(issuer))}
        facts = {f.key: f for issuer in read for f in view.across.of(issuer)}
        for fact in facts.values():
            for pair, shares in view.across.outcome(fact).moves.items():
                change[pair] = change.get(pair, Fraction()) + side * shares
    yield from sorted((p for p in change if change[p]), key=lambda p: (-abs(change[p]), p))


def _accounts(fact: Fact) -> Iterator[tuple[str, str | None]]:
    """The accounts that a movement adds to or takes from; None for the whole of a class."""
    movement, share_class = BY_TYPE[fact.type], fact.need("share_class")
    classes = [share_class, *filter(None, [fact.text("into_class")])]
    if movement.across:
        yield from ((one, None) for one in sorted(written(fact)))
        return
    for account in named(fact.type, fact.data):
        for one in classes:
            yield one, account
    if movement.reshapes or movement.converts or movement.creates(fact.data):
        yield from ((one, None) for one in classes)


def _holder(names: Names, account: str) -> str:
    return "Treasury" if account == TREASURY else names.short("party", account)


def _label(names: Names, share_class: str, issuers: Collection[str]) -> str:
    return (class_label if len(issuers) == 1 else class_words)(names, share_class)


def _shares(held: Sequence[Fraction], of: Sequence[Fraction], digits: int) -> str:
    before, after = (counted(whole(number, digits)) for number in held)
    percents = [percentage(n, base, 2) if base else None for n, base in zip(held, of, strict=True)]
    if not any(percents):
        return f"{before} -> {after}"
    was, now = (f"{percent}%" if percent else "-" for percent in percents)
    return f"{before} -> {after} ({was} -> {now})"


def _boards(sides: tuple[View, View], names: Names, facts: Sequence[Fact]) -> _Lines:
    """How many sit, how many seats are filled by right, and who holds an office."""
    concerned = [fact for fact in facts if fact.type in BOARD]
    companies = dict.fromkeys(fact.need("company") for fact in concerned)
    for company in islice(companies, MOST_LOOKED):
        before, after = (_board(side, company) for side in sides)
        name = names.short("party", company)
        if len(before.directors) != len(after.directors):
            yield f"Board of {name}: {len(before.directors)} -> {len(after.directors)} directors"
        rights = [right for b in (before, after) for right in b.rights]
        for party in sorted({right.holder for right in rights if not right.of_class}):
            then, now = (
                f"{min(len(b.nominees(party)), b.right(party))} of {b.right_words(party)}"
                for b in (before, after)
            )
            if then != now:
                of = names.short("party", party)
                yield f"Seats of {of} on the board of {name}: {then} -> {now} filled"
        for role in dict.fromkeys(role for b in (before, after) for role, _ in b.officers):
            then, now = (_in_office(names, b, role) for b in (before, after))
            if then != now:
                yield f"{role} of {name}: {then} -> {now}"


def _board(view: View, company: str) -> Board:
    board = Board()
    for fact in view.about(f"party:{company}", types=BOARD).counted:
        if fact.need("company") == company:
            board.apply(fact)
    return board


def _in_office(names: Names, board: Board, role: str) -> str:
    holding = (person for office, person in board.officers if office == role)
    return " and ".join(names.short("party", person) for person in sorted(holding)) or "nobody"


def _threads(sides: tuple[View, View], names: Names, facts: Sequence[Fact]) -> _Lines:
    """The statuses of agreements, deals and what is part of them."""
    steps = [
        (kind, fact.need(own.fields[-1]))
        for kind, own in OWN_KINDS.items()
        for fact in facts
        if fact.type in own.types and fact.text(own.fields[-1])
    ]
    for kind, id in islice(dict.fromkeys(steps), MOST_LOOKED):
        then, now = (_status(side, kind, id) for side in sides)
        if then != now:
            words = " -> ".join(status or "nothing known" for status in (then, now))
            yield f"Status of the {kind} {names.short(kind, id)}: {words}"


def _status(view: View, kind: str, id: str) -> str:
    if kind in KINDS:
        rows = [row for row in deals(view, id).rows if (row["kind"], row["subject"]) == (kind, id)]
        return "; ".join(row["status"] for row in rows)
    own = OWN_KINDS[kind].steps
    steps = [own[fact.type] for fact in view.about(f"{kind}:{id}", types=AGREEMENT_STEPS).counted]
    told = (step.status or ("ended" if step.ends else "") for step in reversed(steps))
    return next(filter(None, told), "")
