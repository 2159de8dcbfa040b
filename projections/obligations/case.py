"""A case: new events of one day, the histories before and after them, and what a clause says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from ledger.model.fact import Fact
from ledger.model.register import TREASURY, issuer_of
from ledger.time.view import View
from ledger.values.quantities import parse_limit
from ledger.values.text import parse_moment
from projections.answer import keys, whole
from projections.obligation_rows import Verdict, VerdictRow
from projections.obligations.acts import Act
from projections.obligations.binding import Bound
from projections.obligations.figures import Counting, Standing, percent_text
from projections.obligations.sets import counted_with
from projections.subjects.moments import days_of
from projections.told import COUNT, Told, told

READ_IT = "read it"


class Case:
    """New events of one day, seen before and after all of them."""

    def __init__(
        self,
        before: View,
        after: View,
        acts: Callable[[], Sequence[Act]],
        counted: Counting = counted_with,
    ) -> None:
        self.before, self.after, self._find, self._counted = before, after, acts, counted
        self._standings: dict[tuple[bool, str], Standing] = {}

    @property
    def day(self) -> str:
        return self.after.cut.as_of

    @cached_property
    def acts(self) -> Sequence[Act]:
        """The events of the day, and those that were of it before the new ones."""
        return self._find()

    @property
    def standing_acts(self) -> Sequence[Act]:
        """The events of the day as they are with the new ones."""
        return [act for act in self.acts if act.stands]

    def then(self, issuer: str) -> Standing:
        """An issuer at the end of the day without the new events."""
        return self._standing(False, self.before, issuer)

    def now(self, issuer: str) -> Standing:
        """An issuer at the end of the day with the new events."""
        return self._standing(True, self.after, issuer)

    def _standing(self, new: bool, view: View, issuer: str) -> Standing:
        if (new, issuer) not in self._standings:
            self._standings[new, issuer] = Standing(view, issuer, self._counted)
        return self._standings[new, issuer]

    def count(self, share_class: str | None, shares: Fraction | int) -> str:
        """A number of shares of a class as text."""
        return whole(shares, self.after.across.digits(share_class) if share_class else 0)


Rule = Callable[[Case, Bound, Act], Iterator[VerdictRow]]


def found(
    clause: Bound,
    act: Act,
    verdict: Verdict,
    what: str,
    *,
    party: str | None = None,
    by: Sequence[Fact] = (),
    first: str | None = None,
    **more: Any,
) -> VerdictRow:
    """What a clause says of an event."""
    row: VerdictRow = {
        "agreement": clause.agreement,
        "clause": clause.id,
        "kind": clause.kind,
        "party": party or next(iter(clause.bound), None),
        "issuer": clause.issuer or act.issuer,
        "event": act.cause.key,
        "step": act.fact.type,
        "verdict": verdict,
        "needs": None,
        "of": [],
        "shares": None,
        "measured": None,
        "limit": None,
        "base": None,
        "from": first,
        "until": None,
        "what": Told(what),
        "events": keys([*clause.facts, *by]),
    }
    return row | more  # type: ignore[return-value]


def named(parties: Sequence[str]) -> str:
    """Some parties in words."""
    names = [told("party", one) for one in parties]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def counted(number: str) -> str:
    """A number of shares in words."""
    return told(COUNT, number)


def last_day(view: View, clause: Bound) -> str | None:
    """The last day on which a clause binds, where that is a date on record."""
    until = clause.text("until")
    days = days_of(view, parse_moment(until), clause.facts[0].order[0]) if until else None
    return days.last if days else None


def holders(standing: Standing, share_class: str | None) -> list[str]:
    """Who holds shares of a class, or of any class of capital; those of the issuer itself apart."""
    register = standing.at_cut.register
    found = {a for c in standing.classes(share_class) for a, n in register.held(c).items() if n > 0}
    return sorted(found - {TREASURY})


def concerns(clause: Bound, act: Act) -> bool:
    """Whether an event is about the shares that a clause is about, as far as it says which."""
    if (share_class := clause.text("share_class")) is not None:
        return act.share_class == share_class
    return clause.issuer is None or clause.issuer in act.issuers


def over(case: Case, clause: Bound, act: Act) -> tuple[bool | None, str | None]:
    """Whether an event is above the size from which a clause is about it, and its size; None where
    the record does not tell it."""
    above = clause.text("above")
    if above is None:
        return True, None
    limit = parse_limit(above)
    if isinstance(limit, int):
        return (None, None) if act.shares is None else (act.shares > limit, str(act.shares))
    if above.endswith("%"):
        part = _part(case, clause, act)
        if part is None:
            return None, None
        return part > Fraction(limit), percent_text(part, Fraction(limit))  # type: ignore[arg-type]
    money = act.money
    if money is None or money.currency != limit.currency:  # type: ignore[union-attr]
        return None, None
    return money.value > Fraction(limit.amount), str(money)  # type: ignore[union-attr]


def _part(case: Case, clause: Bound, act: Act) -> Fraction | None:
    """The shares that an event moves, in percent of those that there were."""
    if act.shares is None or act.share_class is None:
        return None
    base, among = clause.text("base") or "issued", clause.text("share_class")
    return case.then(issuer_of(act.share_class)).percent(base, among, act.share_class, act.shares)
