"""Plain holdings: the registers of a whole market of which all rows and notes follow from sums.

A register is plain where its movements are posted but for splits, its one class has no terms but
votes, and nothing else is recorded of it than disclosures of numbers of shares that its holders
have in their own names. Such registers are read many at once. All others are walked one by one,
and so is every one where a history keeps no sums: what is told is the same.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from ledger.events.envelope import Recorded
from ledger.model.fact import STANDINGS, Fact
from ledger.model.instruments import RESTRICTIONS
from ledger.model.movements import MOVEMENTS, SIGNS, SPLITTING, rounds
from ledger.model.offers import OFFERS
from ledger.model.posted import FoldKey, Summed, end_of
from ledger.model.register import TREASURY, account_of, issuer_of, simplest
from ledger.model.share_rights import CARRYING, RIGHTS
from ledger.model.subject import parse_subject
from ledger.time.class_terms import TYPES as CLASS_TYPES
from ledger.time.history import History, known_ids, subjects_of
from ledger.time.publication import gather_sources
from ledger.time.view import View
from projections.answer import Answer, exact, percentage, whole
from projections.holding_rows import HoldingRow
from projections.subjects.balances import Balance, ClassTotals, balance_row
from projections.subjects.checked_figures import CheckedFigure, differs
from projections.subjects.holding_notes import agreeing_note, totals_note
from projections.subjects.paid import TYPES as PAYMENTS
from projections.subjects.register_at_cut import CHECKS
from projections.subjects.stated import shares_figure
from projections.subjects.trusts import TYPES as TRUSTS
from projections.subjects.trusts import Trust, settled, trusts_at

_CREATED, _DISCLOSED = "share-class-created", "stake-disclosed"
_READ = (*SPLITTING, _DISCLOSED)
_OTHERS = tuple(  # whatever else an answer about holdings looks for under an issuer
    dict.fromkeys(
        name
        for name in (
            *MOVEMENTS, *CHECKS, *CLASS_TYPES, *RIGHTS, *CARRYING, *OFFERS, *RESTRICTIONS,
            *PAYMENTS, "instrument-exercised",
        )
        if name not in SIGNS and name not in _READ and name != _CREATED
    )
)  # fmt: skip
_WITHOUT_TERMS = {  # fields of a class that no holding depends on
    "share_class", "name", "votes_per_share", "standing", "effective_on", "known_on", "citations",
    "note",
}  # fmt: skip
_OWN_SHARES = {  # fields of a disclosure of shares in the holder's own name
    "issuer", "share_class", "holder", "shares", "qualifier", "interest", "standing",
    "effective_on", "tense", "known_on", "citations", "note", "sequence",
}  # fmt: skip
_TOGETHER = 300  # issuers looked up at once


class _Line(NamedTuple):
    """The shares on an account, how many events they are made of, and the rank of the weakest."""

    shares: int
    account: str
    number: int
    rank: int


class _Register(NamedTuple):
    """A plain register at the cut: its lines, the largest first, the terms of trusts among them,
    and the disclosures as they were compared."""

    share_class: str
    lines: Sequence[_Line]
    trusts: Mapping[str, Trust]
    checked: Sequence[CheckedFigure]

    @property
    def issued(self) -> int:
        return sum(line.shares for line in self.lines)

    @property
    def treasury(self) -> int:
        return sum(line.shares for line in self.lines if line.account == TREASURY)


class _Told(NamedTuple):
    """What is recorded of an issuer besides posted movements."""

    splits: Sequence[Fact]
    disclosures: Sequence[Fact]


class PlainHoldings:
    """The plain registers of a view, of all that it has."""

    def __init__(self, view: View, digits: int) -> None:
        self._view, self._digits = view, digits
        self._classes: dict[str, str] = {}
        self._found: dict[str, _Register] = {}
        self._looked_up = ""  # the last issuer that was
        limits = view.cut.limits
        self._registers = view.history.registers(limits, view.cut.as_of)
        if self._registers is None or view.identities or view.taken or view.amended_by:
            return
        self._classes = _plain_classes(view.history, self._registers.replayed())
        self._issuers = sorted(self._classes)
        self._trusts = set(known_ids(view.history, "trust"))

    def add(self, answer: Answer[HoldingRow], issuer: str) -> bool:
        """Add the rows and notes of a register, if it is plain; they are asked for in order."""
        if issuer in self._classes and issuer > self._looked_up:
            place = bisect_left(self._issuers, issuer)
            issuers = self._issuers[place : place + _TOGETHER]
            self._looked_up, self._found = issuers[-1], dict(self._look_up(issuers))
        register = self._found.pop(issuer, None)
        if register is None:
            return False
        answer.rows += _rows(issuer, register, self._digits)
        for note in _notes(issuer, register):
            answer.note(note)
        return True

    def _look_up(self, issuers: Sequence[str]) -> Iterator[tuple[str, _Register]]:
        """Those of some issuers whose registers are plain."""
        told, registers = dict(self._tell(issuers)), self._registers
        if registers is None or not told:
            return
        of = {issuer: self._classes[issuer] for issuer in told}
        splits = {of[i]: [fact.order for fact in one.splits] for i, one in told.items()}
        sums = dict(registers.summed(splits))
        disclosed = ((of[i], fact) for i, one in told.items() for fact in one.disclosures)
        legs = registers.legs_on((c, account_of(c, f.need("holder"))) for c, f in disclosed)
        trusts = self._trusts_of(one for each in sums.values() for one in each)
        for issuer, one in told.items():
            posted = sums.get(of[issuer], ())
            lines = _lines(posted, one.splits)
            own = {x.account: trusts[x.account] for x in posted if x.account in trusts}
            terms = {account: trust for account, trust in own.items() if trust is not None}
            checked = [*_checked(of[issuer], one, legs)]
            if lines and len(terms) == len(own) and len(checked) == len(one.disclosures):
                yield issuer, _Register(of[issuer], lines, terms, checked)

    def _tell(self, issuers: Sequence[str]) -> Iterator[tuple[str, _Told]]:
        """What is told of issuers of which no more is told than of plain registers."""
        history, about = self._view.history, {f"issuer:{one}": one for one in issuers}
        history.gather(about, _READ)
        gather_sources((event for one in about for event in history.unposted(one, _READ)), history)
        for subject, issuer in about.items():
            found = self._view.unposted(subject, _READ)
            splits = [fact for fact in found.counted if fact.type in SPLITTING]
            told = _Told(splits, [fact for fact in found.counted if fact.type == _DISCLOSED])
            if not found.possible and _is_plain(told, issuer, self._classes[issuer]):
                yield issuer, told

    def _trusts_of(self, sums: Iterable[Summed]) -> Mapping[str, Trust | None]:
        """The terms of the trusts that have an account."""
        placed, perhaps = set[str](), set[str]()
        for one in sums:
            if one.entrusted:
                placed.add(one.account)
            elif one.account in self._trusts:
                perhaps.add(one.account)
        self._view.history.gather((f"trust:{one}" for one in sorted(perhaps)), TRUSTS[:1])
        return trusts_at(self._view, sorted(placed.union(settled(self._view, perhaps))))


def _plain_classes(history: History, others: Collection[str]) -> dict[str, str]:
    """By issuer its class, where it has one, is not among others, and no more is recorded of it and
    its shares than of plain registers."""
    found, several = dict[str, str](), set(others)
    for share_class in known_ids(history, "class"):
        issuer = issuer_of(share_class)
        if found.setdefault(issuer, share_class) != share_class:
            several.add(issuer)
    about = history.told_of([f"issuer:{issuer}" for issuer in found], _OTHERS)
    several |= {parse_subject(subject).id for subject in about}
    for created in history.each(f"type:{_CREATED}"):
        if not created.data.keys() <= _WITHOUT_TERMS or history.is_amended(created.key):
            several |= _issuers_of(created, history)
    return {issuer: one for issuer, one in found.items() if issuer not in several}


def _issuers_of(event: Recorded, history: History) -> set[str]:
    subjects = map(parse_subject, subjects_of(event.type, event.data).union(history.moved(event)))
    return {subject.id for subject in subjects if subject.kind == "issuer"}


def _is_plain(told: _Told, issuer: str, share_class: str) -> bool:
    """Whether what is told of an issuer has no more to it than whole splits on known days and
    numbers of shares."""
    return all(
        fact.depending is None
        and fact.need("share_class") == share_class
        and not rounds(fact.data)
        and fact.effective is not None
        and fact.effective.first == fact.effective.last
        for fact in told.splits
    ) and all(
        fact.depending is None
        and "shares" in fact.data
        and fact.data.keys() <= _OWN_SHARES
        and fact.text("interest") in (None, "direct")
        and fact.text("issuer") in (None, issuer)
        and fact.text("share_class") in (None, share_class)
        for fact in told.disclosures
    )


def _lines(sums: Sequence[Summed], splits: Sequence[Fact]) -> list[_Line] | None:
    """The lines of a register, the largest first; None where a balance cannot be."""
    found, factors = dict[str, tuple[int | Fraction, int, int, int]](), _factors(splits)
    for account, before, added, number, rank, _ in sums:
        if not splits:
            found[account] = added, number, 0, rank
            continue
        had, count, first, weakest = found.get(account, (0, 0, before, 0))
        found[account] = (
            had + added * factors[before],
            count + number,
            min(first, before),
            max(rank, weakest),
        )
    lines = list[_Line]()
    for account, (shares, number, first, rank) in found.items():
        if shares.denominator != 1 or shares < 0:
            return None
        if shares:
            by = splits[first:]
            rank = max([rank, *(fact.rank for fact in by)]) if by else rank
            lines.append(_Line(shares.numerator, account, number + len(by), rank))
    lines.sort(key=lambda line: (-line.shares, line.account))
    return lines


def _factors(splits: Sequence[Fact]) -> list[int | Fraction]:
    """What shares have been multiplied by that were there before so many splits."""
    factors: list[int | Fraction] = [1]
    for fact in reversed(splits):
        factors.append(simplest(fact.ratio() * factors[-1]))
    return factors[::-1]


def _checked(
    share_class: str,
    told: _Told,
    legs: Mapping[tuple[str, str], Sequence[tuple[FoldKey, int]]],
) -> Iterator[CheckedFigure]:
    """The disclosures of those who then had shares, beside what they had."""
    for fact in told.disclosures:
        account = account_of(share_class, fact.need("holder"))
        shares = _shares_on(fact.order[0], legs.get((share_class, account), ()), told.splits)
        if shares > 0:
            yield shares_figure(fact, {share_class: shares})


def _shares_on(day: str, legs: Sequence[tuple[FoldKey, int]], splits: Sequence[Fact]) -> Fraction:
    """The shares on an account at the end of a day."""
    upto = end_of(day)
    if not splits:
        return Fraction(sum(shares for place, shares in legs if place <= upto))
    before = [fact for fact in splits if fact.order <= upto]
    factors = _factors(before)
    return sum(
        (
            Fraction(shares * factors[sum(fact.order < place for fact in before)])
            for place, shares in legs
            if place <= upto
        ),
        Fraction(),
    )


def _rows(issuer: str, register: _Register, digits: int) -> Iterator[HoldingRow]:
    """The rows of a register, the largest first."""
    share_class, issued, treasury = register.share_class, register.issued, register.treasury
    totals = ClassTotals(*map(whole, (issued, treasury, issued - treasury)))
    like: HoldingRow | None = None  # the row of somebody who holds for itself
    for shares, account, number, rank in register.lines:
        trust, own = register.trusts.get(account), account != TREASURY
        if like is None or trust is not None or not own:
            each = Fraction(shares), Fraction(issued)
            row = balance_row(Balance(issuer, share_class, account, *each, trust), digits)
            totals.add_to(row)
            if trust is None and own:
                like = row.copy()
        else:
            row = like.copy()
            row["holder"] = row["title_holder"] = row["economic_owner"] = account
            row["votes_by"] = row["disposal_by"] = account
            row["shares"] = whole(shares)
            row["percent"] = percentage(shares, issued, digits)
            row["percent_exact"] = exact(shares, issued)
        row["standing"], row["events"], row["events_count"] = STANDINGS[rank], [], number
        yield row


def _notes(issuer: str, register: _Register) -> Iterator[str]:
    """What is said of a register beside its rows."""
    yield totals_note(register.share_class, Fraction(register.issued), Fraction(register.treasury))
    if agreeing := sum(bool(one.agrees) for one in register.checked):
        yield agreeing_note(issuer, agreeing)
    yield from sorted((differs(one) for one in register.checked if one.agrees is False), key=str)
