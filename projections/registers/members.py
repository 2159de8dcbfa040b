"""The register of members: who holds and held shares of a company, by class, with every change."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property

from ledger.model.fact import Fact
from ledger.model.movements import MOVEMENTS, OF_TRUSTS
from ledger.time.class_terms import class_terms
from ledger.time.view import View
from ledger.values.dates import after
from ledger.values.refusals import Refusal, Refused, to_run
from projections.registers.changes import ChangeWords
from projections.registers.document import (
    Block,
    Box,
    Column,
    Document,
    Part,
    Regime,
    Table,
    Terms,
    Value,
    Words,
    percent_of,
    shares_value,
)
from projections.registers.entries import FORMER_YEARS, Entries
from projections.registers.membership import Change, Member, Membership, Walked
from projections.registers.particulars import Particulars, amount_paid
from projections.registers.wording import Wording, begun
from projections.subjects import bases
from projections.subjects.paid import Paid, paid_at
from projections.subjects.register_at_cut import register_at_cut

_INDEXED = 50  # members above which there is an index, s.115
_PRESENT = (
    Column("No.", "number"), Column("Member"), Column("Formerly", under=True),
    Column("Held", under=True),
    Column("Address", under=True), Column("Registered", "date"), Column("Shares", "number"),
    Column("% of class", "percent"), Column("Amount paid"), Column("Share numbers"),
)  # fmt: skip
_CHANGES = (
    Column("No.", "number"), Column("Member"), Column("Effective", "date"),
    Column("Entered", "date"), Column("Change", "number"), Column("Shares after", "number"),
    Column("What happened"),
)  # fmt: skip
_FORMER = (
    Column("No.", "number"), Column("Former member"), Column("Address", under=True),
    Column("Registered", "date"), Column("Ceased", "date"), Column("Most shares held", "number"),
)  # fmt: skip


def members(view: View, issuer: str, regime: Regime, all_former: bool = False) -> Document:
    """The register of members of a company at the cut of a view.

    Raises Refused (UNKNOWN_SUBJECT) where no event of the cut tells of any movement of its shares.
    """
    issuer = view.identities.of(issuer)
    walked = Walked(view, issuer, regime)
    if not walked.changes:
        raise Refused(
            Refusal.UNKNOWN_SUBJECT,
            f"No event at this cut tells of shares in the register of {issuer}.",
            f"What sources disclose: {to_run('holdings', issuer)}.",
        )
    return _Register(walked, Wording(view, issuer), all_former).document()


class _Register:
    """The parts of a register of members."""

    def __init__(self, walked: Walked, wording: Wording, all_former: bool) -> None:
        self.walked, self.wording = walked, wording
        self.view, self.company = walked.view, wording.company
        self.particulars = Particulars(walked.view)
        self.entries, self.words = Entries(walked, all_former), ChangeWords(walked, wording)

    def document(self) -> Document:
        """The whole register."""
        title = "Register of members"
        parts = [Part("The register", [self._facts(), self._totals(), *self._remarks()])]
        parts += [self._class(share_class) for share_class in self.walked.register.classes]
        parts += [Part("Former members", list(self._former()))]
        parts += self._index()
        silent = OF_TRUSTS if self.walked.regime == "uk" else ()
        possible = [p for p in self.walked.at_cut.possible if p.fact.type in MOVEMENTS]
        uncertain: list[Block] = [
            *self.wording.possible(
                "Not certain", (p for p in possible if p.fact.type not in silent)
            )
        ]
        if unsaid := sum(p.fact.type in silent for p in possible):
            uncertain.append(Words(f"{unsaid} further transfers are possible at this cut."))
        parts += [Part("Not certain at this cut", uncertain)] if uncertain else []
        what = "Members and former members with their shares, by class, and every change."
        return Document(
            title,
            self.wording.party(self.company),
            what,
            parts,
            [((f"issuer:{self.company}",), MOVEMENTS)],
        )

    def _facts(self) -> Terms:
        items: list[tuple[str, Value]] = [
            ("Company", self.wording.party(self.company)),
            ("Registered number", self.particulars.number(self.company)),
            ("Place where the register is kept", self.particulars.kept_at(self.company)),
            ("Members", len(self.entries.single)),
        ]
        if former := self.wording.formerly(self.company):
            items.insert(1, ("Formerly", former))
        return Terms(items)

    def _totals(self) -> Table:
        columns = (
            Column("Class"), Column("Issued", "number"), Column("of which treasury", "number"),
            Column("Outstanding", "number"), Column("Votes a share", "number"),
        )  # fmt: skip
        rows: list[tuple[Value, ...]] = []
        terms = class_terms(self.view, self.company)
        for of in self.walked.register.classes:
            register = self.walked.register
            issued, treasury = bases.issued(self.walked.at_cut, of), register.treasury(of)
            figures = issued, treasury, issued - treasury
            rows.append(
                (
                    begun(self.wording.share_class(of)),
                    *(shares_value(n, self.walked.register.digits(of)) for n in figures),
                    _votes(terms.each(of)) if of in terms else None,
                )
            )
        return Table("Classes", columns, rows)

    def _remarks(self) -> Iterator[Block]:
        for of in self.walked.register.classes:
            for account, shares in self.walked.register.held(of).items():
                if not self.walked.register.is_possible(of, shares):
                    name = self.words.name(self.walked.now(account)) or "A member not recorded"
                    yield Box(
                        f"{name} stands at {shares} {self.wording.share_class(of)}, which nobody"
                        " can hold: the register is not complete at this cut."
                        f" Why: stakebook holdings {self.company}",
                        wrong=True,
                    )
        yield from self._sole_member()
        together = [m for m in self.walked.present if self.entries.are_several(m.member)]
        if together:
            named = ", ".join(str(self.words.name(one.member)) for one in together)
            yield Terms([(f"Names of the members counted together as {named}", None)])
        if self.walked.regime == "uk":
            yield Words(
                "No notice of any trust is entered in this register (Companies Act 2006, s.126)."
            )

    def _sole_member(self) -> Iterator[Block]:
        """That the company has one member, or has ceased to, and since when (s.123)."""
        if (sole := self.entries.sole()) is None:
            return
        member, day = sole
        if member is None:
            yield Words(f"The company ceased to have only one member on {day}.")
        else:
            name = self.words.name(member) or "name not recorded"
            yield Words(f"The company has only one member: {name}, since {day}.")

    def _class(self, share_class: str) -> Part:
        title = begun(self.wording.share_class(share_class))
        register = self.walked.register
        held, issued = register.held(share_class), bases.issued(self.walked.at_cut, share_class)
        digits = register.digits(share_class)
        rows = [
            self._present_row(one, share_class, held[one.member.account], issued)
            for one in self.walked.present
            if held.get(one.member.account)
        ]
        listed = {one.member.account for one in self.walked.present}
        for account, shares in held.items():
            if account not in listed:  # the treasury, or what cannot be at this cut
                name = self.words.name(self.walked.now(account))
                percent = percent_of(shares, issued)
                rows.append(
                    ("", name, "", "", "", "", shares_value(shares, digits), percent, "", "")
                )
        if rest := issued - register.issued(share_class):
            nobody = "not known: the register is known in part"
            percent = percent_of(rest, issued)
            rows.append(("", nobody, "", "", "", "", shares_value(rest, digits), percent, "", ""))
        total = {"Member": "Issued", "Shares": shares_value(issued, digits)}
        changes = [
            self._change_row(c)
            for c in self.walked.changes
            if c.share_class == share_class and self.entries.is_listed(c)
        ]
        return Part(
            title,
            [
                Table(title, _PRESENT, rows, total),
                Table(f"{title}: changes", _CHANGES, changes),
            ],
        )

    @cached_property
    def _payments(self) -> Paid | None:
        """What is paid on the shares, where anything tells of it."""
        return paid_at(register_at_cut(self.view, self.company, checking=False))

    def _present_row(
        self, one: Membership, share_class: str, shares: Fraction, issued: Fraction
    ) -> tuple[Value, ...]:
        percent = percent_of(shares, issued)
        return (
            self.entries.number(one), self.words.name(one.member),
            self.words.formerly(one.member), self._capacity(one.member),
            self.particulars.address(one.member.party),
            registered(one.begun),
            shares_value(shares, self.walked.register.digits(share_class)), percent,
            amount_paid(self._payments, share_class, one.member.account), None,
        )  # fmt: skip

    def _capacity(self, member: Member) -> str:
        if self.entries.are_several(member):
            return "several members, counted together"
        trust = self.walked.trusts.get(member.account)
        if self.walked.regime == "uk" or member.account not in self.walked.trusts:
            return ""
        if trust is None:
            return "a trust whose terms no event of this cut tells"
        trustees, owners = (
            ", ".join(map(self.wording.party, of)) for of in (trust.trustees, trust.beneficiaries)
        )
        return f"trustee {trustees}, for {owners}{', trust ended' if trust.ended else ''}"

    def _change_row(self, change: Change) -> tuple[Value, ...]:
        moved, fact = change.after - change.before, change.fact
        digits = self.walked.register.digits(change.share_class)
        return (
            self.entries.number_of(change), self.words.name(change.member), fact.when,
            fact.recorded.recorded_at[:10],
            shares_value(moved, digits), shares_value(change.after, digits),
            self.words.told(change),
        )  # fmt: skip

    def _former(self) -> Iterator[Block]:
        rows: list[tuple[Value, ...]] = []
        by_member: dict[Member, list[Change]] = {}
        for change in self.walked.changes:
            by_member.setdefault(change.member, []).append(change)
        for one in self.entries.former:
            begun, ended = one.begun.order, one.ended.order if one.ended else one.begun.order
            inside = [c for c in by_member[one.member] if begun[0] <= c.day <= ended[0]]
            digits = max((self.walked.register.digits(c.share_class) for c in inside), default=0)
            most = max((c.after for c in inside), default=Fraction())
            rows.append(
                (
                    self.entries.number(one),
                    self.words.name(one.member),
                    self.particulars.address(one.member.party),
                    registered(one.begun),
                    one.ended.when if one.ended else "",
                    shares_value(most, digits),
                )
            )
        if rows:
            yield Table("Former members", _FORMER, rows)
        elif not self.entries.left_out:
            yield Words("Nobody has ceased to be a member.")
        if count := len(self.entries.left_out):
            yield Words(
                f"Not listed, nor their changes: {count:,} who ceased more than {FORMER_YEARS}"
                f" years before the cut (--all-former lists them)."
            )
        elif not self.entries.all_former:
            yield Words(f"Listed are those who ceased within {FORMER_YEARS} years before the cut.")

    def _index(self) -> list[Part]:
        if len(self.walked.present) <= _INDEXED:
            return []
        columns = (Column("Name"), Column("No.", "number"), Column("Present or former"))
        rows: list[tuple[Value, ...]] = [
            (self.words.name(one.member), number, "former" if one.ended else "present")
            for number, one in enumerate(self.entries.listed, 1)
        ]
        rows.sort(key=lambda row: folded(str(row[0])))
        return [Part("Index of members", [Table("Index of members", columns, rows)])]


def registered(begun: Fact) -> str:
    """When a member was registered: what is brought forward had been before."""
    return after("by", begun.when) if begun.type == "register-opened" else begun.when


def folded(name: str) -> str:
    """A name as an index puts it in order: without case and accents."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def _votes(each: str) -> Value:
    """The votes of one share: a number where they are whole."""
    return int(each) if each.isdecimal() else each
