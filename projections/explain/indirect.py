"""An economic interest explained: every chain with its product, and what loops add to them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from ledger.model.fact import Fact
from ledger.time.view import View
from ledger.values.quantities import rounded
from projections.answer import complete
from projections.control.chains import Chain
from projections.control.indirect import Through, indirect, rest_of
from projections.control.interests import Between
from projections.control.network import TYPES
from projections.explain.explanation import Explanation, explaining, unused
from projections.told import told


def explain_indirect(view: View, holder: str, issuer: str, digits: int = 4) -> Explanation:
    """What a holder has of an issuer through others, chain by chain, and why."""
    holder, issuer = view.identities.of(holder), view.identities.of(issuer)
    query = complete(view, indirect(view, holder, issuer, digits))
    explained = explaining(query, query.rows)
    through = Through(view, holder)
    _add_steps(explained, through, issuer)
    for line in _arithmetic(through, issuer, digits):
        explained.reckon(line)
    used = {fact.key for fact in explained.steps}
    return explained.finish(view, unused(view, f"issuer:{issuer}", used, _why, TYPES))


def _add_steps(explained: Explanation, through: Through, issuer: str) -> None:
    """A step for each event of a stake on a chain, with the stake it bears on."""
    bears: dict[str, list[str]] = {}
    links = {link for one in through.chains(issuer).found for link in pairwise(one.parties)}
    for owner, owned in sorted(links):
        for key in through.capital.evidence(owned, owner).events:
            bears.setdefault(key, []).append(f"{told('party', owner)} in {told('party', owned)}")
    for key, stakes in bears.items():
        for recorded in through.view.history.mentioning(f"key:{key}"):
            if (fact := through.view.fact(recorded)) is not None:
                explained.add_step(fact, f"bears on the stake of {', '.join(stakes)}")
    explained.in_order()


def _arithmetic(through: Through, issuer: str, digits: int) -> Iterator[str]:
    """The product of each chain, what comes through loops, and their sum."""
    found, part = through.chains(issuer), through.reach.parts.get(issuer)
    for chain in found.found:
        yield _product(through, chain, digits)
    rest = rest_of(part, found)
    if rest:
        more = "" if found.complete else ", and chains that are not listed"
        yield f"through loops{more}: {_percent(rest, digits)} = {rest}"
    if part is not None and found.found:
        exact = f" = {part.low}" if part.is_exact else ""
        yield f"together: {_between(part, digits)}{exact}"


def _product(through: Through, chain: Chain, digits: int) -> str:
    owners = through.capital.told.owners
    stakes = [_between(owners[owned][owner], digits) for owner, owned in pairwise(chain.parties)]
    parties = ", ".join(told("party", one) for one in chain.parties)
    result = f" = {_between(chain.part, digits)}" if len(stakes) > 1 else ""
    return f"{parties}: {' x '.join(stakes)}{result}"


def _between(part: Between, digits: int) -> str:
    low = _percent(part.low, digits)
    return low if part.is_exact else f"{low} to {_percent(part.high, digits)}"


def _percent(part: Fraction, digits: int) -> str:
    return f"{rounded(part * 100, digits)}%"


def _why(fact: Fact) -> tuple[str, str]:
    if fact.repeats:
        return "repeats", "it tells again what another event tells"
    return "of others", "it bears on no stake of these chains"
