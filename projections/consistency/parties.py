"""Checks of parties: what has ended holds nothing and gains nothing, an LEI is of one party."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.model.movements import MOVEMENTS
from ledger.model.register import issuer_of
from ledger.time.existence import GAINED, end_of_party, gone
from ledger.time.view import View
from ledger.values.dates import FOREVER
from projections.consistency.finding import Finding
from projections.subjects.holdings import holdings
from projections.told import COUNT, told


def ended_parties_gain_nothing(view: View) -> Iterator[Finding]:
    """Nothing goes to a party that ended on an earlier day."""
    for party in _ended(view):
        for fact in view.about(f"party:{party}", types=GAINED).counted:
            if (end := gone(view, fact, party)) is not None:
                words = f"{told('party', party)} gains by it {fact.on}, and ended {end.on}."
                yield Finding(party, fact.key, words)


def ended_parties_hold_nothing(view: View) -> Iterator[Finding]:
    """Shares of a party that has ended are registered to who came after it."""
    for party in _ended(view):
        end = end_of_party(view, party, FOREVER)
        for issuer in _issuers(view, party) if end is not None else ():
            for row in holdings(view, issuer, party, most=None).rows:
                if end is not None and row["basis"] == "register" and row["holder"] == party:
                    heirs = [told("party", one) for one in end.many("successors")]
                    after = f" (succeeded by {', '.join(map(str, heirs))})" if heirs else ""
                    words = (
                        f"{told('party', party)} ended {end.on}{after}, and"
                        f" {told(COUNT, row['shares'])} {told('class', row['share_class'])} are"
                        " still in its name."
                    )
                    yield Finding(party, end.key, words)


def identifiers_are_of_one_party(view: View) -> Iterator[Finding]:
    """No LEI is recorded of two parties."""
    owner = dict[str, str]()
    for fact in view.every(("party-registered", "party-details-changed")).certain:
        lei, party = fact.text("lei"), view.identities.of(fact.need("party"))
        if lei is not None and owner.setdefault(lei, party) != party:
            words = f"Its LEI {lei} is that of {told('party', owner[lei])} too."
            yield Finding(party, fact.key, words)


def movements_are_between_parties(view: View) -> Iterator[Finding]:
    """No shares pass from a party to itself, under two ids that are found to be one party."""
    if not view.identities:
        return
    for fact in view.every(MOVEMENTS).counted:
        ends = [fact.text(field) for field in ("transferor", "transferee", "holder", "trust")]
        named = [one for one in ends if one is not None]
        if len(named) == 2 and named[0] == named[1]:
            words = (
                f"{told('party', named[0])} passes shares to itself by it: two ids are one party."
            )
            yield Finding(named[0], fact.key, words)


def _ended(view: View) -> list[str]:
    return sorted({fact.need("party") for fact in view.every(("party-ended",)).certain})


def _issuers(view: View, party: str) -> list[str]:
    moved = view.unposted(f"party:{party}", MOVEMENTS).certain
    found = {issuer_of(fact.need("share_class")) for fact in moved}
    found.update(view.registers_of(party))
    return sorted(found.union(*map(view.across.readers, found)))


CHECKS = (
    ended_parties_gain_nothing,
    ended_parties_hold_nothing,
    identifiers_are_of_one_party,
    movements_are_between_parties,
)
