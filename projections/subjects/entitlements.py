"""Entitlements: whose the shares on an account are, part by part, and who votes and sells them.

Title stays with the holder. By the terms of a trust, by rights in shares and by depositary receipts
gain and loss are others'; what nobody is told to have is not known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Literal, NamedTuple, TypeVar

from ledger.model.register import TREASURY, Pair, account_of, issuer_of
from ledger.time.class_terms import TYPES as CLASS_TYPES
from ledger.time.class_terms import class_terms
from ledger.time.view import View
from ledger.values.quantities import parse_ratio
from projections.holding_rows import HoldingRow
from projections.share_rows import RightRow
from projections.subjects.register_at_cut import RegisterAtCut, register_at_cut
from projections.subjects.share_rights import FOR_OTHERS, rows_of, shares_of
from projections.subjects.trusts import Trust

_NOTHING = Fraction()
_K = TypeVar("_K")
Of = Literal["whole", "capital", "income"]


class Receipts(NamedTuple):
    """A class of receipts for the shares on an account, so many of them a share."""

    share_class: str
    per_share: Fraction
    events: tuple[str, ...]


class Part(NamedTuple):
    """So many of the shares on an account, at the least and at the most, that are for one party.

    Where ``of`` is the income alone, others have the capital. ``through`` says as what the holder
    has it for the party: trustee, nominee, depositary; nothing where it has it for itself. ``on``
    is the account of receipts that stand for it.
    """

    owner: str
    low: Fraction
    high: Fraction
    of: Of
    through: str
    voting: str | None
    votes_by: str | None
    disposal_by: str | None
    events: tuple[str, ...] = ()
    on: Pair | None = None


class _Walked(dict[str, RegisterAtCut]):
    """The registers of some issuers at a cut, each walked when it is first asked for."""

    def __init__(self, view: View) -> None:
        self._view = view

    def __missing__(self, issuer: str) -> RegisterAtCut:
        self[issuer] = register_at_cut(self._view, issuer, checking=False)
        return self[issuer]


class Registers:
    """The registers that are asked for at a cut, each walked once."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._walked = _Walked(view)
        self._found: dict[str, Entitlements] = {}

    def add(self, at_cut: RegisterAtCut) -> None:
        """Take a register that is walked already."""
        self._walked.setdefault(at_cut.issuer, at_cut)

    def at(self, issuer: str) -> RegisterAtCut:
        """The register of an issuer."""
        return self._walked[issuer]

    def of(self, issuer: str) -> Entitlements:
        """Whose the shares of an issuer are."""
        if issuer not in self._found:
            self._found[issuer] = Entitlements(self._walked, self.at(issuer))
        return self._found[issuer]


class Entitlements:
    """Whose the shares on the accounts of a register are, one of those that are ``walked``."""

    def __init__(self, walked: _Walked, at_cut: RegisterAtCut) -> None:
        self._walked, self._at_cut = walked, at_cut

    @cached_property
    def rows(self) -> Sequence[RightRow]:
        """The rights in force."""
        return rows_of(self._at_cut)

    def shared(self, share_class: str) -> list[str]:
        """The accounts of a class of which others than the holder may have something."""
        pairs = [*self.rights, *self.receipts]
        return [*self._at_cut.trusts, *(account for of, account in pairs if of == share_class)]

    @cached_property
    def rights(self) -> Mapping[Pair, Sequence[RightRow]]:
        """The rights in force in the shares of each account."""
        found: dict[Pair, list[RightRow]] = {}
        for row in self.rows:
            account = account_of(row["share_class"], row["holder"])
            found.setdefault((row["share_class"], account), []).append(row)
        return found

    @cached_property
    def receipts(self) -> Mapping[Pair, Sequence[Receipts]]:
        """The receipts that stand for the shares of each depositary."""
        view, issuer = self._at_cut.view, self._at_cut.issuer
        told = view.about(f"issuer:{issuer}", types=CLASS_TYPES).counted
        named = {fact.need("share_class") for fact in told if "represents" in fact.data}
        found = defaultdict[Pair, list[Receipts]](list)
        for share_class in sorted(named):
            terms = class_terms(view, issuer_of(share_class)).of(share_class)
            of, depositary = terms.text("represents"), terms.text("depositary")
            if of is not None and depositary is not None and issuer_of(of) == issuer:
                each = parse_ratio(terms.told["receipts_per_share"])
                by = terms.by["represents"].key, terms.by["depositary"].key
                events = tuple(dict.fromkeys(by))
                found[of, account_of(of, depositary)].append(Receipts(share_class, each, events))
        return dict(found)

    def is_plain(self, pair: Pair) -> bool:
        """Whether an account is for its holder alone, who votes and sells."""
        trust = self._at_cut.trusts.get(pair[1])
        return trust is None and pair not in self.rights and pair not in self.receipts

    def held(self, pair: Pair) -> Fraction:
        """The shares on an account; of one that has none, those that nominees have for it."""
        if pair not in self.rights:
            return self._at_cut.register.shares(*pair)
        return shares_of(self._at_cut, self.rows, *pair)

    def is_conduit(self, pair: Pair) -> bool:
        """Whether what nominees have for a party it has for others in turn."""
        is_nominee = any(right["kind"] == "nominee" for right in self.rights.get(pair, ()))
        return is_nominee and not self._at_cut.register.shares(*pair)

    def parts(self, pair: Pair) -> list[Part]:
        """The parts of the shares on an account; what they leave is not known to be anybody's."""
        held, trust = self.held(pair), self._at_cut.trusts.get(pair[1])
        holder = pair[1] or self._at_cut.issuer
        if pair[1] == TREASURY or held <= 0:
            return [_own((), holder, held, held)] if held else []
        if trust is not None:
            return list(of_trust(trust, held))
        if pair in self.receipts:
            return list(self._of_receipts(self.receipts[pair], held))
        return list(_by_rights(self.rights.get(pair, ()), pair[1], held))

    def _of_receipts(self, receipts: Sequence[Receipts], held: Fraction) -> Iterator[Part]:
        """What stands for each holder of receipts, whatever is deposited for them."""
        wanted: dict[Pair, Fraction] = {}
        for one in receipts:
            theirs = self._walked[issuer_of(one.share_class)].register
            for account, number in theirs.held(one.share_class).items():
                if number > 0:
                    wanted[one.share_class, account] = number / one.per_share
        by = {one.share_class: one.events for one in receipts}
        for pair, (low, high) in within(held, wanted).items():
            holder = pair[1] or issuer_of(pair[0])
            yield Part(
                holder, low, high, "whole", f"depositary of {pair[0]}",
                "as-instructed", holder, holder, by[pair[0]], pair,
            )  # fmt: skip


def within(held: Fraction, wanted: Mapping[_K, Fraction]) -> dict[_K, tuple[Fraction, Fraction]]:
    """What each of several can have of the shares held, where together they may want more."""
    every = sum(wanted.values(), _NOTHING)
    over = max(every - held, _NOTHING)
    return {
        name: (max(number - over, _NOTHING), min(number, held)) for name, number in wanted.items()
    }


def of_trust(trust: Trust, held: Fraction) -> Iterator[Part]:
    """The parts of shares that a trust has, by its terms."""
    events = tuple(fact.key for fact in trust.facts)
    income = any(one.income for one in trust.benefits)
    through = "ended trust" if trust.ended else "trustee"
    for one in trust.benefits:
        of: Of = "income" if one.income else "capital" if income else "whole"
        yield Part(
            one.party, one.low * held, one.high * held, of, through,
            trust.voting, trust.votes_for(one.party), trust.disposal_for(one.party), events,
        )  # fmt: skip


_THROUGH = {"usufruct": "bare owner", "own-shares": "holder for the issuer"}


def _by_rights(rights: Sequence[RightRow], holder: str, held: Fraction) -> Iterator[Part]:
    """What rights in the shares of a holder leave of them to it, and what they give to others.

    Of the shares of a nominee that no right names a client of, nobody is told to be the owner.
    """
    others = [one for one in rights if one["kind"] in FOR_OTHERS]
    wanted = {one["right"]: _number(one, held) for one in others}
    for right in others:
        low, high = within(held, wanted)[right["right"]]
        yield _part(right, right["party"], low, high, "whole")
    left = held - sum(wanted.values(), _NOTHING)
    if left <= 0 or any(one["kind"] == "nominee" for one in others):
        return
    for right in rights:
        if right["kind"] == "usufruct" and (number := min(_number(right, held), left)):
            left -= number
            yield _part(right, holder, number, number, "capital")
            yield _part(right, right["party"], number, number, "income")
    if left:
        yield _own(rights, holder, held, left)


def _number(right: RightRow, held: Fraction) -> Fraction:
    return held if right["shares"] is None else Fraction(right["shares"])


def _part(right: RightRow, owner: str, low: Fraction, high: Fraction, of: Of) -> Part:
    instructed = right["voting"] == "as-instructed"
    return Part(
        owner, low, high, of, _THROUGH.get(right["kind"], right["kind"]), right["voting"],
        right["party"] if instructed else right["votes_by"], right["disposal_by"],
        tuple(right["events"]),
    )  # fmt: skip


def _own(rights: Sequence[RightRow], holder: str, held: Fraction, left: Fraction) -> Part:
    """What is the holder's own, as others vote or sell it by rights that are on all of it."""
    voting, votes_by, disposal_by = set[str | None](), set[str | None](), set[str | None]()
    events: list[str] = []
    rest = [one for one in rights if one["kind"] not in (*FOR_OTHERS, "usufruct")]
    for one in rest:
        instructed = one["voting"] == "as-instructed"
        voting.add(one["voting"])
        votes_by.add(one["party"] if instructed else one["votes_by"])
        disposal_by.add(one["disposal_by"])
        events += one["events"]
    if not rest or any(_number(one, held) < held for one in rest):
        voting.add("holder")
        votes_by.add(holder)
        disposal_by.add(holder)
    return Part(
        holder, left, left, "whole", "",
        _only(voting), _only(votes_by), _only(disposal_by), tuple(events),
    )  # fmt: skip


def _only(values: set[str | None]) -> str | None:
    """The one of some values; None where there are several."""
    return next(iter(values)) if len(values) == 1 else None


def entitle(at_cut: RegisterAtCut, rows: Iterable[HoldingRow]) -> None:
    """Let the rows of a register say whose benefit, votes and disposal the shares are, where rights
    in them or receipts for them make these others' than the holder's."""
    registers = Registers(at_cut.view)
    registers.add(at_cut)
    of = registers.of(at_cut.issuer)
    for row in rows:
        pair = row["share_class"] or "", account_of(f"{at_cut.issuer}/", row["holder"])
        if row["basis"] != "register" or "beneficiaries" in row or of.is_plain(pair):
            continue
        if (receipts := of.receipts.get(pair)) is not None:
            classes = ", ".join(one.share_class for one in receipts)
            row["capacity"] = f"depositary of {classes}"
            row["economic_owner"] = row["fraction"] = row["votes_by"] = row["disposal_by"] = None
            row["voting"] = "as-instructed"
        else:
            _entitle(row, of.parts(pair), of.held(pair))


def _entitle(row: HoldingRow, parts: Sequence[Part], held: Fraction) -> None:
    main = [part for part in parts if part.of != "income"]
    whole = len(main) == 1 and main[0].low == held
    row["economic_owner"] = main[0].owner if whole else None
    row["fraction"] = "1" if whole else None
    clients = [part.owner for part in parts if part.through == "nominee"]
    if clients:
        row["capacity"] = f"nominee for {', '.join(dict.fromkeys(clients))}"
    if any(part.owner != row["holder"] for part in parts):
        row["beneficiaries"] = [
            {
                "party": part.owner,
                "fraction": str(part.low / held) if part.low == part.high else None,
                "benefit": part.of,
            }
            for part in parts
        ]
    told = sum((part.low for part in main), _NOTHING) == held
    row["voting"] = _only({part.voting for part in main}) if told else None
    row["votes_by"] = _only({part.votes_by for part in main}) if told else None
    row["disposal_by"] = _only({part.disposal_by for part in main}) if told else None
