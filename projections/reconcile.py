"""Holdings that a file states, line by line beside the register at a cut."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple, TypedDict

from ledger.model.register import TREASURY, account_of, issuer_of
from ledger.time.view import View
from projections.names import Names
from projections.subjects.register_at_cut import RegisterAtCut, register_at_cut


class Stated(NamedTuple):
    """Shares of a class that a file gives a holder, and the cell that does."""

    holder: str
    name: str
    share_class: str
    shares: int
    place: str


class ReconciledRow(TypedDict):
    """A holder's shares of a class in a file and in the ledger."""

    holder: str
    holder_name: str
    share_class: str
    file: str | None
    ledger: str | None
    difference: str
    agrees: bool
    where: list[str]


class ReconciledTotal(TypedDict):
    """All shares of a class in a file, and those issued in the ledger."""

    share_class: str
    file: str
    ledger: str
    difference: str


def reconciled(
    view: View, stated: Iterable[Stated]
) -> tuple[list[ReconciledRow], list[ReconciledTotal]]:
    """Each holder of each class of a file, those only in the ledger among them; the largest first.

    Lines of one holder and class add up. Shares that the issuer holds are treasury shares.
    """
    lines: dict[str, dict[str, list[Stated]]] = {}
    for one in stated:
        lines.setdefault(one.share_class, {}).setdefault(one.holder, []).append(one)
    registers = {
        issuer: register_at_cut(view, issuer) for issuer in {issuer_of(one) for one in lines}
    }
    rows: list[ReconciledRow] = []
    totals: list[ReconciledTotal] = []
    for share_class, holders in sorted(lines.items()):
        found = list(_of_class(view, registers[issuer_of(share_class)], share_class, holders))
        rows += sorted(found, key=lambda row: (-int(row["file"] or 0), row["holder"]))
        at_cut = registers[issuer_of(share_class)]
        issued = at_cut.register.issued(share_class)
        total = sum(one.shares for same in holders.values() for one in same)
        totals.append(
            {
                "share_class": share_class,
                "file": str(total),
                "ledger": at_cut.count(share_class, issued),
                "difference": at_cut.count(share_class, total - issued),
            }
        )
    return rows, totals


def _of_class(
    view: View, at_cut: RegisterAtCut, share_class: str, holders: dict[str, list[Stated]]
) -> Iterable[ReconciledRow]:
    register = at_cut.register
    held = {account: shares for account, shares in register.held(share_class).items() if shares}
    for holder, same in holders.items():
        account = account_of(share_class, holder)
        shares = sum(one.shares for one in same)
        recorded = held.pop(account, None)
        difference = shares - (recorded or Fraction())
        named = Names(view).name("party", holder)
        yield {
            "holder": holder,
            "holder_name": same[0].name if named == holder else named,
            "share_class": share_class,
            "file": str(shares),
            "ledger": None if recorded is None else at_cut.count(share_class, recorded),
            "difference": at_cut.count(share_class, difference),
            "agrees": difference == 0,
            "where": [one.place for one in same],
        }
    for account, recorded in held.items():
        holder = issuer_of(share_class) if account == TREASURY else account
        yield {
            "holder": holder,
            "holder_name": Names(view).name("party", holder),
            "share_class": share_class,
            "file": None,
            "ledger": at_cut.count(share_class, recorded),
            "difference": at_cut.count(share_class, -recorded),
            "agrees": False,
            "where": [],
        }
