"""What an issuer may have, issue or buy back, and every interval in which it had or did more."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.model.movements import BY_TYPE, SPLITTING
from ledger.model.register import Register, issuer_of
from ledger.time.class_terms import TYPES as CLASS_TYPES
from ledger.time.class_terms import ClassTerms
from ledger.time.view import View
from ledger.values.dates import FOREVER, days_before, parse_days
from ledger.values.quantities import Amount, parse_authorised, parse_count, parse_price
from ledger.values.refusals import Refused
from projections.answer import whole
from projections.subjects.register_at_cut import register_at_cut
from projections.subjects.watcher import Watcher
from projections.told import COUNT, told

AUTHORISED = "capital-authorised"
CLAIMED = "authorised-shares"  # the attribute of claims that tell how many a class may have
_BROUGHT_FORWARD = "register-opened"
_BOUGHT = "shares-repurchased"

Like = tuple[str | None, str, str | None]  # a class (None: the issuer), a limit, an authority


def like_of(fact: Fact) -> Like:
    """What a newer authority replaces."""
    return fact.text("share_class"), fact.data.get("limit", "total"), fact.text("authority")


def shares_of(fact: Fact) -> int | None:
    """The number of shares that an event authorises; None for any number, or for an amount."""
    shares = fact.text("authorised") or fact.text("shares")
    return None if shares is None else parse_authorised(shares)


def claimed_shares(view: View, share_class: str) -> Iterator[tuple[str, int | None]]:
    """What the latest claim says of how many shares are authorised; None where it is in words."""
    claims = view.about(f"subject:{share_class}", types=("claim-recorded",)).certain
    statements = [fact for fact in claims if fact.need("attribute") == CLAIMED]
    latest = [fact for fact in statements if fact.order[0] == statements[-1].order[0]]
    if latest:
        chosen = max(latest, key=view.preference)
        try:
            yield chosen.key, parse_count(chosen.need("value"))
        except Refused:
            yield chosen.key, None


def authorised_shares(view: View, share_class: str) -> Iterator[int]:
    """How many shares of a class are authorised: by the latest claim, else by the newest event."""
    claims = list(claimed_shares(view, share_class))
    if not claims:
        totals = _totals(view, issuer_of(share_class), share_class)
        claims = [(f.key, shares_of(f)) for f in totals[-1:]]
    yield from (shares for _, shares in claims if shares is not None)


def authorised_total(view: View, issuer: str) -> int | None:
    """How many shares of all classes are authorised, where an event tells it of the issuer."""
    totals = _totals(view, issuer, None)
    return shares_of(totals[-1]) if totals else None


def _totals(view: View, issuer: str, share_class: str | None) -> list[Fact]:
    types = ("share-class-created", AUTHORISED)
    facts = view.about(f"issuer:{issuer}", types=types).counted
    found = [f for f in facts if f.text("authorised") or f.type == AUTHORISED]
    return [f for f in found if like_of(f) == (share_class, "total", None)]


class Excess(NamedTuple):
    """More than is authorised: by which event, of what, and in words how much and when."""

    subject: str
    event: str
    words: str


def excesses(view: View, issuer: str, claimed: set[str]) -> Iterator[Excess]:
    """Each interval in which more was in issue than authorised, and each issue or buy-back without
    authority left; of some classes a claim tells the total, which is looked at elsewhere."""
    facts = view.about(f"issuer:{issuer}", types=(*CLASS_TYPES, AUTHORISED)).counted
    if any(fact.type == AUTHORISED or fact.text("authorised") for fact in facts):
        watch = _Watch(issuer, claimed)
        register_at_cut(view, issuer, watch, whole=True, checking=False)
        yield from watch.excesses()


class _Total(NamedTuple):
    """What stood on a day, and what was authorised."""

    day: str
    stands: Fraction
    limit: Fraction
    unit: str  # of both: nothing for shares, else a currency
    fact: Fact


class _Watch(Watcher):
    """Follows what is in issue beside what is authorised."""

    types: tuple[str, ...] = (*CLASS_TYPES, AUTHORISED)

    def __init__(self, issuer: str, claimed: set[str]) -> None:
        self._issuer, self._claimed = issuer, claimed
        self._terms = ClassTerms()
        self._limits: dict[Like, Fact] = {}
        self._used: dict[str, Fraction] = {}  # of an authority, by the key of its event
        self._issued: dict[str, Fraction] = {}
        self._totals: dict[Like, dict[str, _Total | None]] = {}
        self._without: list[Excess] = []
        self._digits = 0  # the most decimals of any class

    def see(self, fact: Fact, register: Register) -> None:
        """Take an authority, terms of a class or a movement just applied into account."""
        if fact.type in CLASS_TYPES:
            self._terms.see(fact)
            if fact.text("authorised"):
                self._limits[fact.need("share_class"), "total", None] = fact
        elif fact.type == AUTHORISED:
            self._limits[like_of(fact)] = fact
        else:
            self._moved(fact, register)
        self._look(fact.order[0])

    def _moved(self, fact: Fact, register: Register) -> None:
        if fact.type in SPLITTING:
            self._terms.see(fact)
        movement = BY_TYPE[fact.type]
        makes = not (movement.reshapes or movement.converts or fact.type == _BROUGHT_FORWARD)
        for share_class in sorted({*register.classes, *self._issued}):
            before = self._issued.get(share_class, Fraction())
            self._issued[share_class] = after = register.issued(share_class)
            self._digits = max(self._digits, register.digits(share_class))
            if makes and after > before and issuer_of(share_class) == self._issuer:
                self._use(fact, share_class, "issue", after - before)
        if fact.type == _BOUGHT:
            self._use(fact, fact.need("share_class"), "repurchase", Fraction(fact.shares()))

    def _look(self, day: str) -> None:
        """Keep what stands at the end of a day beside each total."""
        for like, fact in self._limits.items():
            if like[1] != "total" or like[0] in self._claimed:
                continue
            limit, found = self._limit(fact), self._totals.setdefault(like, {})
            stands = None if limit is None else self._standing(like[0], limit.currency)
            if limit is None or stands is None:
                found[day] = None
            else:
                found[day] = _Total(day, stands, limit.value, limit.currency, fact)

    def _standing(self, share_class: str | None, currency: str) -> Fraction | None:
        """What is in issue, in shares or at par in a currency; None where the par is not told."""
        found = Fraction()
        for one in [share_class] if share_class else self._issued:
            if share_class is None and not self._terms.of(one).is_capital:
                continue
            part = self._in_unit(one, self._issued.get(one, Fraction()), currency)
            if part is None:
                return None
            found += part
        return found

    def _limit(self, fact: Fact) -> Amount | None:
        """What is authorised, a number of shares having no currency; None where it is unlimited."""
        if (amount := fact.text("amount")) is not None:
            return Amount.of(parse_price(amount))
        shares = shares_of(fact)
        return None if shares is None else Amount("", Fraction(shares))

    def _in_unit(self, share_class: str, shares: Fraction, currency: str) -> Fraction | None:
        if not currency:
            return shares
        par = self._terms.of(share_class).price("par_value")
        return par.value * shares if par and par.currency == currency else None

    def _use(self, fact: Fact, share_class: str, what: str, shares: Fraction) -> None:
        """Take shares issued or bought back from the authorities of the day that end first."""
        granted = [f for like, f in self._limits.items() if like[1] == what]
        granted = [f for f in granted if f.text("share_class") in (None, share_class)]
        left = shares
        for grant in sorted(granted, key=lambda f: (_end(f), f.text("share_class") is None)):
            if _end(grant) < fact.order[0]:
                continue
            limit = self._limit(grant)
            each = limit and self._in_unit(share_class, Fraction(1), limit.currency)
            if limit is None or not each:
                return  # it is unlimited, or par is not told
            used = self._used.get(grant.key, Fraction())
            taken = min(left, max((limit.value - used) / each, Fraction()))
            self._used[grant.key] = used + taken * each
            left -= taken
        if granted and left:
            last = max(granted, key=lambda f: f.order)
            self._without.append(_without(fact, share_class, what, self._texts(shares, left), last))

    def _texts(self, *numbers: Fraction) -> tuple[str, ...]:
        return tuple(told(COUNT, whole(number, self._digits)) for number in numbers)

    def excesses(self) -> Iterator[Excess]:
        """What was found, intervals first."""
        for (share_class, _, _), days in self._totals.items():
            yield from _intervals(share_class or self._issuer, days, self._digits)
        yield from self._without


def _end(fact: Fact) -> str:
    """The last day of an authority."""
    until = fact.text("until")
    return parse_days(until).last if until else FOREVER


def _without(
    fact: Fact, share_class: str, what: str, numbers: tuple[str, ...], last: Fact
) -> Excess:
    did = "are issued" if what == "issue" else "are bought back"
    (number, left), day = numbers, fact.order[0]
    ended = f", which ended on {last.text('until')}" if _end(last) < day else ""
    words = (
        f"{number} {did} on {day}, {left} of them without authority"
        f" ({told('event', last.key)}{ended})."
    )
    return Excess(share_class, fact.key, words)


def _intervals(subject: str, days: dict[str, _Total | None], digits: int) -> Iterator[Excess]:
    """The intervals in which more stood than was authorised, each with the most that stood."""
    over: list[_Total] = []
    for day, total in [*days.items(), ("", None)]:
        if total is not None and total.stands > total.limit:
            over.append(total)
        elif over:
            yield _interval(subject, over, day, digits)
            over = []


def _interval(subject: str, over: list[_Total], ended: str, digits: int) -> Excess:
    most = max(over, key=lambda total: total.stands - total.limit)
    stands, limit = (_number(n, most.unit, digits) for n in (most.stands, most.limit))
    begun = over[0].day
    when = f" from {begun} to {days_before(ended, 1)}" if ended else f" since {begun}"
    words = f"{stands} are in issue, {limit} are authorised,{when if begun else ' at every date'}."
    return Excess(subject, most.fact.key, words)


def _number(value: Fraction, unit: str, digits: int) -> str:
    return str(Amount(unit, value)) if unit else told(COUNT, whole(value, digits))
