"""Capital: which classes are shares of the issuer, and what part of them all a holding is.

A part of capital is by number of shares or by par value; the two are told apart and never switched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ledger.values.quantities import Amount
from projections.answer import Answer, exact, percentage
from projections.holding_rows import HoldingRow
from projections.subjects.bases import InIssue
from projections.subjects.register_at_cut import RegisterAtCut
from projections.told import Told, told

_NONE = Fraction()


def add_capital(
    answer: Answer[HoldingRow], at_cut: RegisterAtCut, rows: Sequence[HoldingRow], digits: int
) -> None:
    """Give the rows of a register the kind and par value of their class and, where several classes
    are capital, their part of it by number and by par."""
    capital = at_cut.capital
    pars = {c: par for c in capital if (par := at_cut.terms.of(c).price("par_value"))}
    for row in rows:
        share_class = row["share_class"] or ""
        if share_class not in capital:
            row["kind"] = at_cut.terms.of(share_class).kind
        elif share_class in pars:
            row["par_value"] = str(pars[share_class])
    if len(capital) < 2:
        return
    in_issue = InIssue.at(at_cut, at_cut.terms)
    whole, nominal = (in_issue.whole(base, capital) or _NONE for base in ("capital", "capital-par"))
    for row in rows:
        if (share_class := row["share_class"] or "") in capital:
            shares = Fraction(row["shares"] or 0)
            own = in_issue.part("capital-par", [share_class], {share_class: shares}.__getitem__)
            row["capital_percent"] = percentage(shares, whole, digits)
            row["capital_percent_exact"] = exact(shares, whole)
            row["capital_par_percent"] = percentage(own or _NONE, nominal, digits)
            row["capital_par_percent_exact"] = exact(own or _NONE, nominal)
    if not nominal and pars:
        answer.note(_without_par(at_cut.issuer, capital, pars))


def _without_par(issuer: str, capital: Sequence[str], pars: Mapping[str, Amount]) -> Told:
    without = ", ".join(told("class", c) for c in capital if c not in pars)
    why = f"{without} has no par value told" if without else "the currencies of par differ"
    return Told(f"{told('party', issuer)}: parts of capital by par value are not known: {why}.")
