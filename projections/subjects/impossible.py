"""Balances that nobody can have: below zero, or with a fraction of a share; and why they appear.

The rules let none be recorded. So one appears where a limit of the question hides a movement that
others rest on, and then the balance is not known; or where a file was changed from outside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from ledger.time.view import Cut, View
from ledger.values.dates import FOREVER
from projections.subjects.register_at_cut import RegisterAtCut, register_at_cut
from projections.told import COUNT, told


def impossible_balances(
    at_cut: RegisterAtCut, share_class: str, held: Mapping[str, Fraction]
) -> Iterator[str]:
    """A sentence for every balance of a class, of those held, that nobody can have."""
    possible = at_cut.register.is_possible
    found = {account: n for account, n in held.items() if not possible(share_class, n)}
    if not found:
        return
    view = at_cut.view
    unlimited = register_at_cut(
        View(view.history, Cut(view.cut.as_of)), at_cut.issuer, checking=False
    ).register
    for account, shares in found.items():
        name, whatever = account or at_cut.issuer, unlimited.shares(share_class, account)
        party, of = told("party", name), told("class", share_class)
        stands = f"{party} stands at {told(COUNT, at_cut.count(share_class, shares))} {of}"
        if not possible(share_class, whatever):
            yield (
                f"{stands}, which cannot be: no limit hides anything of it. Release 0.1.0 recorded"
                " an undated movement that it never counted, or the ledger or its read model was"
                " changed from outside; run `stakebook check` and `stakebook replay`."
            )
        else:
            yield (
                f"{stands}: the register is incomplete at this cut. What {party} held is not known:"
                f" a limit of the question ({_limits(view.cut)}) hides movements."
            )


def _limits(cut: Cut) -> str:
    known = [f"known by {cut.known_by}"] if cut.known_by != FOREVER else []
    standing = [f"standing {cut.standing}"] if cut.standing != "any" else []
    return ", ".join([*known, *standing])
