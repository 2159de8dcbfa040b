"""Particulars: what registers print of a party beside its name, as the record has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cached_property

from ledger.model.fact import Fact
from ledger.time.view import View
from projections.registers.document import Personal, printed, shares_value
from projections.subjects.paid import Paid, standing

_TYPES = ("party-registered", "party-details-changed")
_NAMED = ("company", "division", "trust", "state", "fund", "alliance")  # kinds that are no persons
_ELSEWHERE = "inspection-place"
_OF_DIRECTORS = {
    "born": "month of birth", "nationality": "nationality", "occupation": "occupation",
}  # fmt: skip


class Particulars:
    """Numbers, addresses and details of parties at the cut of a view."""

    def __init__(self, view: View) -> None:
        self._view = view

    def number(self, company: str) -> str | None:
        """The number under which a company is registered."""
        return self._newest(company, "registration")

    def kept_at(self, company: str) -> str | None:
        """Where the registers of a company may be looked at."""
        return self._address(company, lambda kind: kind == _ELSEWHERE)

    def address(self, party: str | None) -> str | None:
        """The address that a register prints of a party."""
        found = self._address(party, lambda kind: kind != _ELSEWHERE)
        return found if found is None or self._is_named(party) else Personal(found)

    def of_director(self, person: str | None) -> str | None:
        """Service address, month of birth, nationality and occupation; what is not told of them
        is named."""
        found = {
            "service address": self.address(person),
            **{words: self._newest(person, field) for field, words in _OF_DIRECTORS.items()},
        }
        if not any(found.values()):
            return None
        if found["month of birth"]:
            found["month of birth"] = f"born {found['month of birth']}"
        words = (value or f"{what} not recorded" for what, value in found.items())
        return Personal("; ".join(words))

    @cached_property
    def _told(self) -> Mapping[str, list[Fact]]:
        """What is told of each party, its registration first."""
        told = defaultdict[str, list[Fact]](list)
        facts = self._view.every(_TYPES).certain
        for fact in sorted(facts, key=lambda one: _TYPES.index(one.type)):
            told[fact.need("party")].append(fact)
        return told

    def _newest(self, party: str | None, field: str) -> str | None:
        facts = reversed(self._told.get(party or "", ()))
        return next((value for fact in facts if (value := fact.text(field))), None)

    def _address(self, party: str | None, wanted: Callable[[str | None], bool]) -> str | None:
        for fact in reversed(self._told.get(party or "", ())):
            if (address := fact.text("address")) and wanted(fact.text("address_kind")):
                return address
        return None

    def _is_named(self, party: str | None) -> bool:
        return self._newest(party, "kind") in _NAMED


def amount_paid(paid: Paid | None, share_class: str, account: str) -> str | None:
    """What is paid on each of a member's shares (Companies Act 2006, s.113(3)(b))."""
    found = paid.tranches.get((share_class, account)) if paid else None
    if not found or any(kind.paid is None for kind in found):
        return None
    stands, each = standing(found), dict[str, Fraction]()
    for row in stands.tranches:
        on = str(row["paid_per_share"])
        each[on] = each.get(on, Fraction()) + Fraction(row["shares"])
    words = ", ".join(
        f"{on} each on {printed(shares_value(number), 'number')}" for on, number in each.items()
    )
    unpaid = stands.unpaid is not None and bool(stands.unpaid.value)
    return f"{words}; {stands.unpaid} unpaid" if unpaid else words
