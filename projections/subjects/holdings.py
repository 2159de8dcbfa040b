"""Holdings: who is registered with how many shares, and, without a register, what was disclosed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from ledger.model.fact import STANDINGS
from ledger.model.instruments import RESTRICTIONS
from ledger.model.movements import CREATING
from ledger.model.posted import end_of
from ledger.model.register import Pair
from ledger.time.history import known_ids
from ledger.time.view import View
from projections.answer import Answer
from projections.holding_rows import HoldingRow
from projections.subjects import bases
from projections.subjects.balances import (
    OWN_NAME,
    Balance,
    add_provenance,
    balance_row,
    balances,
    class_totals,
    owners_of,
    rest_rows,
    trustees_of,
)
from projections.subjects.capital import add_capital
from projections.subjects.disclosed_rows import disclosed, note_too_much
from projections.subjects.elsewhere import rests_on
from projections.subjects.entitlements import entitle
from projections.subjects.fractions import (
    exchanged_note,
    exchanges_for_money,
    fraction_words,
    fractions_note,
    left,
    left_across,
)
from projections.subjects.holding_notes import agreeing_note, no_register_note, totals_note
from projections.subjects.impossible import impossible_balances
from projections.subjects.paid import add_paid
from projections.subjects.provenance import MOST_LISTED, NONE, Provenance, provenance_of
from projections.subjects.reaching import Members
from projections.subjects.register_at_cut import TYPES as POSITION_TYPES
from projections.subjects.register_at_cut import RegisterAtCut, register_at_cut, spoken_of
from projections.subjects.restricted import add_vesting
from projections.subjects.share_rights import attach
from projections.subjects.trusts import note_unknown_terms
from projections.told import told

TYPES = POSITION_TYPES


def holdings(
    view: View,
    issuer: str | None = None,
    holder: str | None = None,
    digits: int = 2,
    ranged: bool = False,
    most: int | None = MOST_LISTED,
    members: Members | None = None,
) -> Answer[HoldingRow]:
    """The holdings in an issuer, of a holder (also through trusts), of both, or of everybody.

    ``ranged`` adds the lowest and highest shares and percentage over all that is in doubt. A row
    of the register that rests on more than the ``most`` events gives their number alone; with None
    it leaves out its events and their weakest standing. With ``members`` of
    groups it says how what is disclosed through others compares.
    """
    issuer, holder = (one and view.identities.of(one) for one in (issuer, holder))
    about = f"issuer:{issuer or ''}" if issuer or not holder else f"party:{holder}"
    types = *TYPES, *RESTRICTIONS
    answer = Answer[HoldingRow](about=[((about,), types), *rests_on(view, issuer)])
    plain = None
    if issuer is None and holder is None and most == 0 and not ranged:
        from projections.subjects.plain_holdings import PlainHoldings

        plain = PlainHoldings(view, digits)
    for one in _issuers(view, issuer, holder):
        if plain is not None and plain.add(answer, one):
            continue
        if most is not None and holder is None:
            view.posted(one).look_ahead(end_of(view.cut.as_of))
        at_cut = register_at_cut(view, one, members=members)
        _add_issuer(answer, at_cut, holder, digits, ranged, most)
    if not answer.rows and answer.outcome != "none":
        answer.gap(
            f"no event at this cut tells {_what(issuer, holder)}",
            f"a register ({', '.join(CREATING)}) or a stake-disclosed",
        )
    return answer


def _issuers(view: View, issuer: str | None, holder: str | None) -> list[str]:
    if issuer is not None:
        return [issuer]
    if holder is None:
        return known_ids(view.history, "issuer")
    return issuers_of(view, holder)


def issuers_of(view: View, holder: str) -> list[str]:
    """The issuers of which a party may have shares, itself or through trusts, and itself."""
    found = {holder} if view.history.knows(f"issuer:{holder}") else set()
    pending, seen = [holder], {holder}
    while pending:  # a trust's shares count for its beneficiary
        party = pending.pop()
        found |= set(view.registers_of(party))
        facts = view.unposted(f"party:{party}", (*TYPES, "trust-settled", "trust-amended"))
        for fact in [*facts.certain, *(p.fact for p in facts.possible)]:
            if fact.type in TYPES:
                found.add(spoken_of(fact))
            elif "trust" in fact.data and fact.need("trust") not in seen:
                seen.add(fact.need("trust"))
                pending.append(fact.need("trust"))
    return sorted(found.union(*map(view.across.readers, found)))


def _add_issuer(
    answer: Answer[HoldingRow],
    at_cut: RegisterAtCut,
    holder: str | None,
    digits: int,
    ranged: bool,
    most: int | None,
) -> None:
    classes = at_cut.classes
    accounts = None if holder is None else at_cut.accounts_of(holder)
    rows = [
        row
        for share_class in sorted(classes, key=lambda c: not at_cut.terms.of(c).is_capital)
        for row in registered(at_cut, share_class, accounts, digits, most)
    ]
    add_capital(answer, at_cut, rows, digits)
    add_paid(at_cut, rows)
    stated = list(disclosed(answer, at_cut, digits))
    note_too_much(answer, at_cut.issuer, [r for r in stated if r["capacity"] == OWN_NAME])
    rows += stated
    if holder is None:
        rows += rest_rows(at_cut, digits)
    if ranged:
        from projections.subjects.ranges import add_holding_ranges

        add_holding_ranges(answer, at_cut, rows, digits)
    elif at_cut.spans:
        from projections.subjects.orders import note_unplaced

        note_unplaced(answer, at_cut)
    if most is not None:
        attach(answer, at_cut, rows)
        entitle(at_cut, rows)
    kept = [r for r in rows if holder in (None, r["holder"], *owners_of(r), *trustees_of(r))]
    add_vesting(answer, at_cut, kept)
    answer.rows += kept
    answer.add_possible(at_cut.possible)
    if kept or holder is None:
        add_notes(answer, at_cut, holder)
    elif _tells_of_none(at_cut, holder):
        of = " or ".join(told("class", one) for one in [*at_cut.classes, *at_cut.emptied])
        answer.none(f"{told('party', holder)} has no shares of {of}, says the register.")


def _tells_of_none(at_cut: RegisterAtCut, holder: str) -> bool:
    """Whether the register tells that somebody without a row holds nothing."""
    classes = at_cut.classes
    if any(at_cut.has_line(c, holder) for c in (*classes, *at_cut.emptied)):
        return True
    return bool(classes or at_cut.emptied) and not any(map(at_cut.may_hide, classes))


def _shown(
    at_cut: RegisterAtCut, share_class: str, accounts: Collection[str]
) -> Mapping[str, Fraction]:
    """The balances of some accounts of a class."""
    register = at_cut.register
    return {a: shares for a in accounts if (shares := register.shares(share_class, a))}


def registered(
    at_cut: RegisterAtCut,
    share_class: str,
    accounts: Collection[str] | None,
    digits: int,
    most: int | None = MOST_LISTED,
) -> Iterable[HoldingRow]:
    """The rows of a class, the largest first: those of some accounts, or of all."""
    register = at_cut.register
    held = register.held(share_class) if accounts is None else _shown(at_cut, share_class, accounts)
    provenance: dict[str, Provenance] = {}
    if most is not None:
        for only in [None] if accounts is None else held:
            provenance |= provenance_of(at_cut, share_class, only, most)
    totals = class_totals(at_cut, [share_class])
    for balance in balances(at_cut, share_class, held):
        row = balance_row(balance, digits)
        totals.add_to(row)
        if most is not None:
            add_provenance(row, provenance.get(balance.account, NONE))
        yield row


class Line(NamedTuple):
    """What a row of holdings is made of, with the weakest standing it rests on; two that are equal
    make the same row."""

    balance: Balance
    standing: str

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells the row from others: the class and the holder."""
        return self.balance.share_class, self.balance.account or self.balance.issuer

    @property
    def place(self) -> tuple[str, Fraction, str]:
        """The place of the row in an answer."""
        return self.balance.share_class, -self.balance.shares, self.balance.account

    def row(self, digits: int = 2) -> HoldingRow:
        """The row, without the events that it rests on."""
        return balance_row(self.balance, digits) | {"standing": self.standing}


def lines(at_cut: RegisterAtCut, worst: Mapping[Pair, int]) -> list[Line | HoldingRow]:
    """What the rows of holdings are made of, of a register whose movements are all replayed;
    ``worst`` has the rank of the weakest movement of each account."""
    found = (
        Line(balance, STANDINGS[worst[share_class, balance.account]])
        for share_class in at_cut.classes
        for balance in balances(at_cut, share_class, at_cut.register.held(share_class))
    )
    stated = list(disclosed(Answer(), at_cut))
    return [*found, *stated, *rest_rows(at_cut)]


def lines_on(at_cut: RegisterAtCut, worst: Mapping[Pair, int], pairs: Iterable[Pair]) -> list[Line]:
    """Those of some accounts of classes."""
    return [
        Line(balance, STANDINGS[worst[share_class, account]])
        for share_class, account in pairs
        if (shares := at_cut.register.shares(share_class, account))
        for balance in balances(at_cut, share_class, {account: shares})
    ]


def add_notes(answer: Answer[HoldingRow], at_cut: RegisterAtCut, holder: str | None) -> None:
    register = at_cut.register
    for share_class in at_cut.emptied:
        of = told("class", share_class)
        answer.none(f"{told('party', at_cut.issuer)}: no shares of {of} in issue.")
    note_unknown_terms(answer, at_cut.without_terms())
    for share_class in at_cut.classes:
        treasury = register.treasury(share_class)
        kind = at_cut.terms.of(share_class).kind
        issued, decimals = bases.issued(at_cut, share_class), register.digits(share_class)
        answer.note(totals_note(share_class, issued, treasury, kind, decimals))
        accounts = None if holder is None else at_cut.accounts_of(holder)
        held = register.held(share_class)
        if accounts is not None:
            held = _shown(at_cut, share_class, accounts)
        for text in impossible_balances(at_cut, share_class, held):
            answer.note(text)
    for one in sorted(
        (*left(register), *left_across(at_cut.view, at_cut.issuer)), key=lambda one: one.fact.order
    ):
        if holder is None or any(fraction_words(one, a) for a in at_cut.accounts_of(holder)):
            answer.note(fractions_note(one))
    for fact in exchanges_for_money(at_cut.view, at_cut.issuer):
        if note := exchanged_note(at_cut.view, fact, holder):
            answer.note(note)
    for note in _compared(at_cut, holder):
        answer.note(note)


def _compared(at_cut: RegisterAtCut, holder: str | None) -> Iterator[str]:
    """What came of comparing disclosures and assertions with the register."""
    if at_cut.agreeing:
        yield agreeing_note(at_cut.issuer, at_cut.agreeing)
    yield from sorted(at_cut.findings, key=str)
    for before, fact in at_cut.restated:
        if holder in (None, fact.need("holder")):
            old, new = told("event", before.key), told("event", fact.key)
            yield f"{old} ({before.when}) is restated by {new} ({fact.when})."
    for fact in at_cut.disclosures:
        if not at_cut.classes and fact.text("shares") is None:
            yield no_register_note(at_cut.issuer)


def _what(issuer: str | None, holder: str | None) -> str:
    issuer, holder = issuer and told("party", issuer), holder and told("party", holder)
    if issuer and holder:
        return f"that {holder} holds shares of {issuer}"
    if issuer:
        return f"who holds shares of {issuer}"
    return f"what {holder} holds" if holder else "who holds any shares"
