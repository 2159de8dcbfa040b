"""Beneficial holdings: who bears gain and loss of shares, through trusts, nominees and receipts.

Every account is followed to its economic owners; what is not told to be anybody's is not known. The
shares of all rows but sums and those of income alone make what is outstanding; where a part is
between two figures, the smaller one is a row's, and what it leaves is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from ledger.model.register import TREASURY, account_of
from ledger.time.history import known_ids
from ledger.time.view import View
from projections.answer import Answer, exact, percentage, weakest_of, whole
from projections.control.ways import Link, Owner, Ways
from projections.holding_rows import HoldingRow, LinkRow
from projections.subjects import bases
from projections.subjects.balances import class_totals, rest_rows
from projections.subjects.capital import add_capital
from projections.subjects.disclosed_rows import disclosed
from projections.subjects.elsewhere import rests_on
from projections.subjects.holdings import TYPES as HOLDINGS
from projections.subjects.holdings import add_notes, registered
from projections.subjects.register_at_cut import RegisterAtCut, register_at_cut
from projections.subjects.share_rights import TYPES as RIGHTS
from projections.subjects.share_rights import shortfalls
from projections.subjects.trusts import TYPES as TRUSTS
from projections.told import COUNT, Told, told

TYPES = (*HOLDINGS, *TRUSTS, *RIGHTS, "share-class-created", "share-class-amended")
_NOTHING = Fraction()


def beneficial(
    view: View, issuer: str | None = None, holder: str | None = None, digits: int = 2
) -> Answer[HoldingRow]:
    """Who bears gain and loss of the shares of an issuer, what a holder has so, or all of it."""
    issuer, holder = (one and view.identities.of(one) for one in (issuer, holder))
    about = f"issuer:{issuer or ''}" if issuer or not holder else f"party:{holder}"
    answer = Answer[HoldingRow](about=[((about,), TYPES), *rests_on(view, issuer)])
    ways = Ways(view)
    for one in _issuers(ways, issuer, holder):
        _add_issuer(answer, ways, one, holder, digits)
    _add_notes(answer, ways)
    if not answer.rows and answer.outcome != "none":
        what = (
            f"who bears gain and loss of shares of {told('party', issuer)}"
            if issuer
            else (
                f"what {told('party', holder)} has, itself or through others"
                if holder
                else "who bears gain and loss of any shares"
            )
        )
        answer.gap(f"no event at this cut tells {what}", "a register or a stake-disclosed")
    return answer


def _issuers(ways: Ways, issuer: str | None, holder: str | None) -> list[str]:
    if issuer is not None:
        return [issuer]
    if holder is None:
        return known_ids(ways.view.history, "issuer")
    return ways.issuers(holder)


def _add_issuer(
    answer: Answer[HoldingRow], ways: Ways, issuer: str, holder: str | None, digits: int
) -> None:
    at_cut = register_at_cut(ways.view, issuer)
    ways.registers.add(at_cut)
    rows = [
        row
        for share_class in sorted(at_cut.classes, key=lambda c: not at_cut.terms.of(c).is_capital)
        for row in _of_class(ways, at_cut, share_class, holder, digits)
    ]
    add_capital(answer, at_cut, [row for row in rows if row.get("benefit") != "income"], digits)
    rows += [row for row in disclosed(answer, at_cut, digits) if holder in (None, row["holder"])]
    if holder is None:
        rows += rest_rows(at_cut, digits)
    if holder is not None and not rows and at_cut.classes and _tells_all(ways, at_cut):
        classes = " or ".join(told("class", one) for one in at_cut.classes)
        answer.none(
            f"{told('party', holder)} bears gain and loss of no shares of {classes}, says the"
            " register."
        )
    answer.rows += [*rows, *_sums(at_cut, rows, digits)]
    answer.add_possible(at_cut.possible)
    if rows or holder is None:
        add_notes(answer, at_cut, holder)
        for words in shortfalls(at_cut, ways.registers.of(issuer).rows):
            answer.note(words)


def _tells_all(ways: Ways, at_cut: RegisterAtCut) -> bool:
    """Whether it is known of all the shares of an issuer for whom they are."""
    pairs = [(c, account) for c in at_cut.classes for account in at_cut.register.held(c) if account]
    owners = (owner.party for pair in pairs for owner in ways.owners(pair))
    return None not in owners and not any(map(at_cut.may_hide, at_cut.classes))


def _of_class(
    ways: Ways, at_cut: RegisterAtCut, share_class: str, holder: str | None, digits: int
) -> Iterator[HoldingRow]:
    """The rows of a class, account by account."""
    accounts = None
    if holder is not None:
        own = account_of(share_class, holder)
        accounts = list(dict.fromkeys([own, *ways.registers.of(at_cut.issuer).shared(share_class)]))
    for row in registered(at_cut, share_class, accounts, digits):
        account = account_of(share_class, row["holder"])
        if account == TREASURY:
            continue
        for owner in ways.owners((share_class, account)):
            if holder in (None, owner.party):
                yield _row(ways.view, at_cut, row, owner, digits)


def _row(
    view: View, at_cut: RegisterAtCut, account: HoldingRow, owner: Owner, digits: int
) -> HoldingRow:
    """What one owner has of an account."""
    share_class = account["share_class"] or ""
    held, issued = Fraction(account["shares"] or 0), bases.issued(at_cut, share_class)
    part, row = owner.part, account.copy()
    row.pop("beneficiaries", None)
    shares = held * (part.low if owner.party else part.high)
    row["shares"] = at_cut.count(share_class, shares)
    row["percent"], row["percent_exact"] = percentage(shares, issued, digits), exact(shares, issued)
    if not part.is_exact:
        ends = held * part.low, held * part.high
        row["shares_low"], row["shares_high"] = (at_cut.count(share_class, end) for end in ends)
        row["percent_low"], row["percent_high"] = (percentage(e, issued, digits) for e in ends)
    row["economic_owner"] = owner.party
    row["fraction"] = str(part.low) if part.is_exact else None
    row["benefit"] = owner.of
    row["voting"], row["votes_by"], row["disposal_by"] = owner.entitled
    row["chain"] = [_link(link, share_class) for link in owner.chain]
    _add_evidence(view, row, owner)
    return row


def _link(link: Link, share_class: str) -> LinkRow:
    exactly = link.fraction.is_exact
    return {
        "holder": link.holder,
        "capacity": link.part.through or "own name",
        "party": link.part.owner,
        "fraction": str(link.fraction.low) if exactly else None,
        "share_class": link.share_class or share_class,
        "events": list(link.part.events),
    }


def _add_evidence(view: View, row: HoldingRow, owner: Owner) -> None:
    """Let a row rest on the events of its steps too."""
    more = list(dict.fromkeys(key for link in owner.chain for key in link.part.events))
    facts = [view.fact(found) for key in more for found in view.history.mentioning(f"key:{key}")]
    standings = [row["standing"], *(fact.standing for fact in facts if fact)]
    row["standing"] = weakest_of(standings)
    if row["events"]:
        row["events"] = list(dict.fromkeys([*row["events"], *more]))
        row["events_count"] = len(row["events"])
    else:
        row["events_count"] += len(more)


def _sums(at_cut: RegisterAtCut, rows: Iterable[HoldingRow], digits: int) -> Iterator[HoldingRow]:
    """What each owner of several rows has together: of capital, whatever the class."""
    capital = at_cut.capital
    found: dict[str, list[HoldingRow]] = {}
    for row in rows:
        counted = row["basis"] == "register" and row.get("benefit") != "income"
        if counted and row["economic_owner"] and row["share_class"] in capital:
            found.setdefault(row["economic_owner"], []).append(row)
    for owner, held in found.items():
        if len(held) > 1:
            yield _sum(at_cut, owner, held, digits)


def _sum(at_cut: RegisterAtCut, owner: str, held: list[HoldingRow], digits: int) -> HoldingRow:
    of = list(dict.fromkeys(str(row["share_class"]) for row in held))
    one_class = len(of) == 1
    issued = sum((bases.issued(at_cut, c) for c in (of if one_class else at_cut.capital)), _NOTHING)
    shares = sum((Fraction(row["shares"] or 0) for row in held), _NOTHING)
    row: HoldingRow = {
        "issuer": at_cut.issuer,
        "share_class": of[0] if one_class else None,
        "holder": owner,
        "shares": whole(shares, at_cut.digits),
        "percent": percentage(shares, issued, digits),
        "percent_of": "issued" if one_class else "capital",
        "percent_exact": exact(shares, issued),
        "basis": "sum",
        "basis_detail": f"the sum of {len(held)} rows",
        "capacity": "own name and through others",
        "trustee": None,
        "title_holder": None,
        "economic_owner": owner,
        "fraction": None,
        "voting": None,
        "votes_by": None,
        "disposal_by": None,
        "standing": weakest_of(row["standing"] for row in held),
        "events": list(dict.fromkeys(key for row in held for key in row["events"])),
        "events_count": sum(row["events_count"] for row in held),
    }
    if one_class:
        class_totals(at_cut, of).add_to(row)
    if any("shares_high" in one for one in held):
        highs = (Fraction(one.get("shares_high") or one["shares"] or 0) for one in held)
        most = sum(highs, _NOTHING)
        row["shares_low"], row["shares_high"] = row["shares"], whole(most, at_cut.digits)
        row["percent_low"], row["percent_high"] = row["percent"], percentage(most, issued, digits)
    return row


def _add_notes(answer: Answer[HoldingRow], ways: Ways) -> None:
    """What the ways came past: trusts of their own trustees, ended owners, circles."""
    answer.about += [((f"party:{trust}",), TRUSTS) for trust in sorted(ways.trusts)]
    for name, trust in sorted(ways.trusts.items()):
        if trust.is_own:
            answer.note(
                f"{told('party', trust.trustee)} is the trustee and the beneficiary of"
                f" {told('party', name)}: it holds for itself."
            )
    for party, event in sorted(ways.ended.items()):
        answer.note(
            f"Not known: who has what was for {told('party', party)}, which has ended"
            f" ({told('event', event)})."
        )
    for circle in sorted(ways.circles):
        names = ", ".join(told("party", one) for one in circle)
        answer.note(f"Not known: who is behind {names}, which are for one another alone.")
    for row in answer.rows:
        if row["economic_owner"] is not None or row["basis"] == "asserted":
            continue
        of = told("class", row["share_class"])
        answer.note(
            Told(
                f"Not known: for whom {told('party', row['holder'])} has"
                f" {told(COUNT, row['shares'])} {of}."
            )
        )
