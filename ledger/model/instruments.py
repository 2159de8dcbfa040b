"""Instruments, pools and restricted shares, folded fact by fact: what is open, and what has vested.

A split, or a reclassification into another class, multiplies what is open of each instrument and
rounds it down, one by one, and divides its price. Of what ends, the unvested goes first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from ledger.model.fact import Fact
from ledger.model.grants import Instrument, Pool, Problem, Restriction
from ledger.model.movements import RESHAPING
from ledger.model.register import issuer_of
from ledger.model.vesting import TERMS as VESTING
from ledger.model.vesting import Schedule
from ledger.values.dates import FOREVER, Days, later_by, parse_days
from ledger.values.quantities import Money, less, parse_price
from ledger.values.refusals import Refusal, Unhandled
from ledger.values.text import parse_window

GRANTS = ("instrument-granted", "instrument-transferred")
OF_INSTRUMENTS = (
    *GRANTS, "instrument-amended", "instrument-vested", "instrument-exercised", "instrument-ended",
)  # fmt: skip
RESTRICTIONS = ("shares-restricted", "restriction-ended")
POOLS = ("pool-reserved",)
TYPES = (*POOLS, *OF_INSTRUMENTS, *RESTRICTIONS)
ON_CLASSES = (*RESHAPING, "shares-exchanged")  # bear on all that is counted in shares of a class
BEARING = ("relationship-ended", "condition-settled", *ON_CLASSES)  # on what is open or vested
_NONE = Fraction()
_TERMS = (
    *VESTING, "exercise_price", "highest_exercise_price", "expires_on", "cap", "cap_base",
    "window_after_leaving", "windows", "scheme", "exercisable", "discount", "interest",
    "interest_method", "day_count", "matures_on", "terms", "principal",
)  # fmt: skip


@dataclass
class Instruments:
    """Everything of this kind of one issuer, folded; ``problems`` has what cannot be."""

    instruments: dict[str, Instrument] = field(default_factory=dict)
    pools: dict[str, Pool] = field(default_factory=dict)
    restrictions: dict[str, Restriction] = field(default_factory=dict)
    stopped: dict[str, str] = field(default_factory=dict)  # relationships that ended: the day
    left_by: dict[str, str | None] = field(default_factory=dict)  # and in which manner
    settled: dict[str, str] = field(default_factory=dict)  # conditions met: the day
    problems: list[Problem] = field(default_factory=list)
    released: dict[str, Fraction] = field(default_factory=dict)  # of those exercised early

    def apply(self, fact: Fact) -> None:
        """Take one fact into account."""
        match fact.type:
            case "pool-reserved":
                self._reserve(fact)
            case "instrument-granted":
                self._grant(fact)
            case "shares-restricted":
                self._restrict(fact)
            case "restriction-ended":
                self._release(fact)
            case "relationship-ended":
                if (id := fact.need("relationship")) not in self.stopped:
                    self.stopped[id], self.left_by[id] = fact.order[0], fact.text("manner")
            case "condition-settled":
                self._settle(fact.need("condition"), fact.need("outcome"), fact.order[0])
            case "shares-exchanged":
                self._exchange(fact)
            case reshaping if reshaping in RESHAPING:
                self._reshape(fact)
            case name if name in OF_INSTRUMENTS:
                self._step(fact)
            case _:
                raise Unhandled(fact.type, "the instruments")

    def vested(self, one: Instrument, day: str) -> int:
        """The shares of an instrument vested at the end of a day, used or not."""
        if not one.schedule.given:
            return floor(one.vested_besides if one.by_events else one.total)
        until = self._until(one.schedule, day)
        return floor(
            min(one.total, one.schedule.vested(one.total, until, self.settled) + one.vested_besides)
        )

    def vested_open(self, one: Instrument, day: str) -> int:
        """Those of them that are open: of what ended, the unvested went first."""
        return max(0, min(one.open, floor(self.vested(one, day) - one.used)))

    def left_on(self, one: Instrument) -> str | None:
        """The day on which the relationship ended while which an instrument vests."""
        return self.stopped.get(one.terms.get("vests_while", ""))

    def last_day(self, one: Instrument) -> Days | None:
        """The last day of an instrument: of its terms, or of the time that is left to a leaver."""
        written = one.terms.get("expires_on")
        ends, left = parse_days(written) if written else None, self.left_on(one)
        window = _window(one.terms, self.left_by.get(one.terms.get("vests_while", "")))
        if left is None or window is None:
            return ends
        until = later_by(left, *parse_window(window))
        return Days(until, until) if ends is None or until < ends.last else ends

    def expiry_words(self, one: Instrument) -> str:
        """The last day of an instrument, and why it is that."""
        last, written = self.last_day(one), one.terms.get("expires_on")
        if last is None or (written and parse_days(written) == last):
            return str(written)
        return f"{last.last}, for its holder left on {self.left_on(one)}"

    def expired(self, one: Instrument, day: str) -> bool:
        """Whether the last day of an instrument is over at the end of a day."""
        last = self.last_day(one)
        return last is not None and last.last < day

    def unvested_shares(self, day: str) -> dict[tuple[str, str], int]:
        """The shares of each class and holder that have not vested at the end of a day."""
        found: dict[tuple[str, str], int] = {}
        for one in self.restrictions.values():
            until = self._until(one.schedule, day)
            vested = one.schedule.vested(one.shares, until, self.settled)
            pair = one.share_class, one.holder
            found[pair] = found.get(pair, 0) + max(0, floor(one.shares - vested - one.ended))
        for other in self.instruments.values():
            if other.early and other.share_class is not None:
                ended = self.released.get(other.id, _NONE)
                rest = max(0, floor(other.used - self.vested(other, day) - ended))
                pair = other.share_class, other.holder
                found[pair] = found.get(pair, 0) + rest
        return found

    def granted_of(self, pool: Pool, *, promised: bool = False) -> Fraction:
        """All that was ever granted, or promised, of a pool, without what came back to it."""
        of = [one for one in self.instruments.values() if one.granted.text("pool") == pool.id]
        taken = sum((one.taken for one in of if one.promised == promised), _NONE)
        return taken - (_NONE if promised else pool.returned)

    def available(self, pool: Pool) -> int:
        """What is left of a pool to grant; less than nothing where too much was."""
        return floor(pool.reserved - self.granted_of(pool))

    def _until(self, schedule: Schedule, day: str) -> str:
        """The day up to which a schedule runs: until a relationship ends."""
        return min(day, self.stopped.get(schedule.terms.get("vests_while", ""), FOREVER))

    def _reserve(self, fact: Fact) -> None:
        id, shares = fact.need("pool"), fact.whole()
        pool = self.pools.get(id)
        if pool is None:
            pool = self.pools[id] = Pool(id, fact.need("share_class"), 0, [])
        pool.reserved, pool.share_class = shares, fact.need("share_class")
        pool.facts.append(fact)
        used = self.granted_of(pool)
        if used > shares:
            self.problems.append(
                Problem(
                    fact,
                    Refusal.POOL_TOO_SMALL,
                    f"Of the pool {id} {floor(used)} shares are granted; its new total would be"
                    f" {shares}.",
                    "Give the new total, exercised ones included, not what is left.",
                    "shares",
                )
            )

    def _grant(self, fact: Fact) -> None:
        id = fact.need("instrument")
        share_class = fact.text("share_class")
        shares = Fraction(fact.whole()) if "shares" in fact.data else _NONE
        terms = {name: fact.data[name] for name in _TERMS if name in fact.data}
        self.instruments[id] = Instrument(
            id, fact.need("kind"), fact.need("holder"),
            fact.text("issuer") or issuer_of(share_class or ""), share_class, fact, [fact], terms,
            Schedule(terms, fact.order[0]), int(shares), shares, taken=shares,
        )  # fmt: skip

    def _restrict(self, fact: Fact) -> None:
        terms = {name: fact.data[name] for name in VESTING if name in fact.data}
        self.restrictions[fact.need("restriction")] = Restriction(
            fact.need("restriction"), fact.need("share_class"), fact.need("holder"),
            Fraction(fact.whole()), Schedule(terms, fact.order[0]), [fact],
        )  # fmt: skip

    def _release(self, fact: Fact) -> None:
        id = fact.need("restriction")
        one, early = self.restrictions.get(id), self.instruments.get(id)
        shares = Fraction(fact.whole()) if "shares" in fact.data else None
        if one is not None:
            one.facts.append(fact)
            one.ended += one.shares if shares is None else shares
        elif early is not None:
            early.facts.append(fact)
            before = self.released.get(id, _NONE)
            self.released[id] = before + (early.used if shares is None else shares)

    def _reshape(self, fact: Fact) -> None:
        """Multiply everything that is counted in shares of a class."""
        of, ratio = fact.need("share_class"), fact.ratio()
        into = fact.text("into_class") or of
        for one in self.instruments.values():
            if one.share_class == of:
                one.share_class = into
                one.scale(ratio)
                one.facts.append(fact)
                if one.id in self.released:
                    self.released[one.id] *= ratio
        for pool in self.pools.values():
            if pool.share_class == of:
                pool.share_class, pool.reserved = into, floor(pool.reserved * ratio)
                pool.returned *= ratio
                pool.facts.append(fact)
        for held in self.restrictions.values():
            if held.share_class == of:
                held.share_class, held.shares = into, held.shares * ratio
                held.ended *= ratio
                held.schedule.scale *= ratio
                held.facts.append(fact)

    def _settle(self, condition: str, outcome: str, day: str) -> None:
        """A condition is met from the first day until it fails or is reopened."""
        if outcome in ("satisfied", "waived"):
            self.settled.setdefault(condition, day)
        elif outcome != "extended":
            self.settled.pop(condition, None)

    def _exchange(self, fact: Fact) -> None:
        """Where a whole class ceases, follow it into another of its issuer; else it is gone."""
        if "holder" in fact.data or fact.data.get("old_shares", "cancelled") != "cancelled":
            return
        of, into = fact.need("share_class"), fact.text("into_class")
        if into is not None and issuer_of(into) == issuer_of(of):
            self._reshape(fact)
            return
        for one in self.instruments.values():
            if one.share_class == of:
                one.ceased = True
                one.facts.append(fact)

    def _step(self, fact: Fact) -> None:
        """A step of an instrument after its grant."""
        one = self.instruments.get(fact.need("instrument"))
        if one is None:
            self._problem(
                fact, f"No event grants the instrument {fact.need('instrument')} by then.",
                "Record instrument-granted first.", "instrument",
            )  # fmt: skip
            return
        one.facts.append(fact)
        if one.ended:
            self._problem(
                fact, f"Nothing of {one.id} is open on {fact.order[0]}.",
                "Correct the event that ended it, or this one.", "instrument",
            )  # fmt: skip
            return
        match fact.type:
            case "instrument-amended":
                self._amend(one, fact)
            case "instrument-vested":
                one.by_events = True
                one.vested_besides += fact.whole()
                self._at_most(fact, "shares", fact.whole(), one.total, f"are granted of {one.id}")
            case "instrument-transferred":
                self._transfer(one, fact)
            case "instrument-exercised":
                self._exercise(one, fact)
            case "instrument-ended":
                self._end(one, fact)
            case _:
                raise Unhandled(fact.type, "the instruments")

    def _amend(self, one: Instrument, fact: Fact) -> None:
        given = {name: fact.data[name] for name in _TERMS if name in fact.data}
        if "exercise_price" in given:
            one.price_factor = Fraction(1)
        if given.keys() & {"vests", "months"}:
            kept = {n: v for n, v in one.terms.items() if n not in ("vests", "months", "cliff")}
            one.terms, one.schedule.scale = kept, Fraction(1)
        one.terms = {**one.terms, **given}
        one.schedule = Schedule(one.terms, one.schedule.start, one.schedule.scale)
        if "shares" in fact.data:
            more = fact.whole() - one.total
            one.total, one.taken = one.total + more, one.taken + more
            one.open = max(0, one.open + int(more))

    def _transfer(self, one: Instrument, fact: Fact) -> None:
        into = fact.text("into")
        if into is None:
            one.holder = fact.need("transferee")
            return
        shares = fact.whole()
        self._at_most(fact, "shares", shares, Fraction(one.open), f"are open of {one.id}")
        part = Fraction(shares, one.open) if one.open else _NONE
        schedule = Schedule(one.terms, one.schedule.start, one.schedule.scale * part)
        self.instruments[into] = Instrument(
            into, one.kind, fact.need("transferee"), one.issuer, one.share_class, one.granted,
            [*one.facts], dict(one.terms), schedule, shares, Fraction(shares),
            price_factor=one.price_factor, vested_besides=one.vested_besides * part,
            by_events=one.by_events, taken=Fraction(shares),
        )  # fmt: skip
        one.open = max(0, one.open - shares)
        one.total, one.taken = one.total - shares, one.taken - shares
        one.vested_besides *= 1 - part
        one.schedule.scale *= 1 - part
        one.ended = not one.open

    def _exercise(self, one: Instrument, fact: Fact) -> None:
        one.early = one.early or fact.text("early") == "yes"
        if not one.counted:
            self._convert(one, fact)
            return
        shares = fact.whole("quantity") if "quantity" in fact.data else fact.whole()
        self._at_most(fact, "quantity", shares, Fraction(one.open), f"are open of {one.id}")
        vested = self.vested_open(one, fact.order[0])
        if shares > vested and fact.text("early") != "yes" and shares <= one.open:
            self._problem(
                fact, f"On {fact.order[0]} {vested} shares of {one.id} have vested and are open,"
                f" not {shares}.",
                "Give early yes if it was exercised before it vested, or record what vested it"
                " (instrument-vested).", "quantity", Refusal.NOT_VESTED,
            )  # fmt: skip
        if self.expired(one, fact.order[0]):
            self._problem(
                fact, f"{one.id} expired by {self.expiry_words(one)}.",
                "Record what prolonged it (instrument-amended) first, or correct the day.",
                "instrument",
            )  # fmt: skip
        one.open = max(0, one.open - shares)
        one.used += shares
        one.ended = not one.open

    def _convert(self, one: Instrument, fact: Fact) -> None:
        """Take what converts off the principal; without an amount, all of it converts."""
        amount, principal = fact.money("amount"), one.granted.money("principal")
        if amount is None or principal is None or amount.currency != principal.currency:
            one.ended = True
            return
        left = less(parse_price(one.terms["principal"]).amount, amount.amount)
        rest = Money(principal.currency, max(left, Decimal()))
        one.terms = {**one.terms, "principal": str(rest)}
        one.ended = left <= 0

    def _end(self, one: Instrument, fact: Fact) -> None:
        if not one.counted:
            one.ended = True
            return
        shares = fact.whole("quantity") if "quantity" in fact.data else one.open
        self._at_most(fact, "quantity", shares, Fraction(one.open), f"are open of {one.id}")
        one.open = max(0, one.open - shares)
        one.ended = not one.open
        pool = self.pools.get(one.granted.text("pool") or "")
        if pool is not None and fact.text("returns_to_pool") == "yes":
            pool.returned += shares

    def _at_most(self, fact: Fact, place: str, shares: int, most: Fraction, what: str) -> None:
        if shares > most:
            self._problem(
                fact, f"On {fact.order[0]} {floor(most)} shares {what}, not the {shares} needed.",
                "Correct the number, or record what is missing first.", place,
            )  # fmt: skip

    def _problem(
        self, fact: Fact, wrong: str, remedy: str, place: str,
        refusal: Refusal = Refusal.INSTRUMENT_NOT_OPEN,
    ) -> None:  # fmt: skip
        self.problems.append(Problem(fact, refusal, wrong, remedy, place))


def _window(terms: Mapping[str, Any], manner: str | None) -> str | None:
    """How long what has vested may be exercised after leaving in a manner."""
    found = {one["manner"]: str(one["window"]) for one in terms.get("windows", ())}
    return found.get(manner or "", terms.get("window_after_leaving"))
