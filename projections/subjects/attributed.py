"""Attributed: the accounts that a disclosed interest is in, on the day of the disclosure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.model.register import TREASURY, account_of
from ledger.model.share_rights import RIGHTS
from ledger.time.view import View
from projections.subjects.bases import Balances, accounts
from projections.subjects.checked_figures import LOWER_BOUNDS, UPPER_BOUNDS, CheckedFigure, how_sure
from projections.subjects.reaching import PERHAPS, Members
from projections.subjects.trusts import Trust, trusts_at
from projections.told import Told, told

OF_OTHERS = {  # the interests in shares that stand in the names of others
    "indirect": "through others",
    "group": "with its group",
}
_ALL = Fraction(1)


class Attributed(NamedTuple):
    """Accounts, each with the part that surely counts, and why others may count as well."""

    accounts: Mapping[str, Fraction]
    more: Told | None = None

    def settles(self, figure: CheckedFigure) -> CheckedFigure:
        """A figure that was compared with what surely counts; not comparable where it is otherwise
        with what may count too."""
        if self.more is None or figure.agrees is None:
            return figure
        how, most = how_sure(figure.fact), Fraction(figure.stated)
        if figure.figure in ("percent", "percent of votes"):
            most = Fraction(figure.fact.text("percent_to") or most)
        if how in UPPER_BOUNDS:
            is_open = figure.agrees
        else:
            is_above = how in LOWER_BOUNDS or any(one < most for one in figure.found)
            is_open = not figure.agrees and is_above
        return figure._replace(agrees=None, why=self.more) if is_open else figure


def attributed(
    at_cut: Balances, fact: Fact, classes: Sequence[str], members: Members
) -> Attributed:
    """The accounts of the interest that is disclosed: of a group those of the holder, of what it
    controls and with whom it acts, and what is in trust for any of them; through others, the same
    without its own."""
    holder, interest = fact.need("holder"), fact.text("interest") or "direct"
    issuer, trusts, view = at_cut.issuer, at_cut.trusts, at_cut.view_on(fact.order[0])
    if interest != "direct" and fact.order[0] != at_cut.day:
        trusts = trusts_at(view, trusts)
    if interest not in OF_OTHERS:
        return Attributed(accounts(issuer, trusts, holder, interest))
    who, own = members(view, holder, "concert"), account_of(f"{issuer}/", holder)
    found = _of_all(issuer, trusts, who)
    if holder != issuer:
        found.pop(TREASURY, None)
    why = [*_perhaps(holder, who, members(view, holder, PERHAPS))]
    why += [*_hidden(at_cut, who, classes), *_rights(view, issuer, who)]
    why += [_no_group(holder)] if {*found} == {own} else []
    if interest == "indirect":
        found.pop(own, None)
    return Attributed(found, next(iter(why), None))


def _of_all(
    issuer: str, trusts: Mapping[str, Trust | None], who: Sequence[str]
) -> dict[str, Fraction]:
    """The accounts of some parties and of the trusts for any of them, or that they instruct."""
    found = dict[str, Fraction]()
    for one in who:
        for account, part in accounts(issuer, trusts, one, "aggregate").items():
            found[account] = min(found.get(account, Fraction()) + part, _ALL)
    for name, trust in trusts.items():
        if trust and trust.voting == "as-instructed" and set(trust.instructed_by) <= {*who}:
            found[name] = _ALL
    return found


def _no_group(holder: str) -> Told:
    return Told(f"no event tells whom {told('party', holder)} controls or acts with")


def _perhaps(holder: str, who: Sequence[str], perhaps: Sequence[str]) -> Iterator[Told]:
    for one in sorted({*perhaps} - {*who}):
        others = f"{told('party', holder)} controls {told('party', one)}, or acts with it"
        yield Told(f"it is not certain that {others}")


def _hidden(at_cut: Balances, who: Sequence[str], classes: Sequence[str]) -> Iterator[Told]:
    for one in (party for party in who if party != at_cut.issuer):
        hiding = [c for c in classes if at_cut.may_hide(c)]
        if hiding and not any(at_cut.has_line(c, one) for c in classes):
            register = f"the register of {told('class', hiding[0])}"
            yield Told(f"{told('party', one)} has no line of its own in {register}")


def _rights(view: View, issuer: str, who: Sequence[str]) -> Iterator[Told]:
    for fact in view.about(f"issuer:{issuer}", types=RIGHTS[:1]).counted:
        holder, to = fact.need("holder"), fact.need("to")
        if to in who and holder not in who:
            shares = f"shares of {told('party', holder)} ({told('event', fact.key)})"
            yield Told(f"{told('party', to)} has a right in {shares}, which may count too")
