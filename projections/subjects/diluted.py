"""Fully diluted: who would hold what if everything that may become shares did so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import floor

from ledger.model.fact import Fact
from ledger.model.grants import Instrument
from ledger.model.instruments import BEARING, OF_INSTRUMENTS, POOLS, Instruments
from ledger.model.movements import MOVEMENTS, RESHAPING
from ledger.model.register import TREASURY, simplest
from ledger.time.class_terms import TYPES as TERMS
from ledger.time.class_terms import class_terms
from ledger.time.instruments import folded, of_issuer
from ledger.time.view import View
from ledger.values.share_counts import MOST_DIGITS, count_text, rounded_down
from projections.answer import Answer, keys, percentage, weakest
from projections.subjects.beside import unregistered
from projections.subjects.caps import Capped, capped, converted, not_known
from projections.subjects.diluted_rows import DilutedRow, InstrumentRow
from projections.subjects.register_at_cut import CHECKS, RegisterAtCut, register_at_cut
from projections.told import COUNT, Told, told

TYPES = tuple(dict.fromkeys((*MOVEMENTS, *CHECKS, *TERMS, *POOLS, *OF_INSTRUMENTS, *BEARING)))
UNCOUNTED = ("phantom", "put")  # kinds that never become new shares
Number = int | Fraction  # of shares, which are whole but of a class with decimals
_OPEN_CLASSES = ("right", "warrant", "unit")  # kinds of class that may become shares


@dataclass
class Part:
    """What a holder has: shares as converted, and what is open of instruments."""

    shares: Number = 0
    vested: Number = 0
    unvested: Number = 0
    unknown: list[str] = field(default_factory=list)
    instruments: list[InstrumentRow] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    at_caps: Number = 0

    @property
    def total(self) -> Number:
        """All of it that has a number."""
        return self.shares + self.vested + self.unvested


def diluted(view: View, issuer: str, digits: int = 2) -> Answer[DilutedRow]:
    """The fully diluted shares of an issuer: by holder, what is left of pools, what is promised.

    Shares of a class that converts count as what they become in the end, each holder's in whole
    shares. Treasury shares, phantom shares, puts, and calls between holders are not counted.
    """
    issuer = view.identities.of(issuer)
    answer = Answer[DilutedRow](about=[((f"issuer:{issuer}",), TYPES)])
    count = _Count(view, issuer, digits)
    answer.add_possible([*count.at_cut.possible, *count.told.possible.values()])
    answer.rows = list(count.rows())
    if any(
        fact.type in RESHAPING for one in count.found.instruments.values() for fact in one.facts
    ):
        answer.note(
            "Splits have multiplied what is open of each instrument, rounded down one by one, and"
            " divided its price."
        )
    for note in count.notes:
        answer.note(note)
    if not answer.rows:
        answer.gap(
            f"no event at this cut tells who holds shares of {told('party', issuer)}",
            "a register or an instrument-granted",
        )
    return answer


class _Count:
    """The fully diluted shares of an issuer at a cut, counted."""

    def __init__(self, view: View, issuer: str, digits: int) -> None:
        self.view, self.issuer, self._digits = view, issuer, digits
        self.at_cut: RegisterAtCut = register_at_cut(view, issuer)
        self.terms = class_terms(view, issuer)
        self.told = of_issuer(view, issuer)
        self.found: Instruments = folded(self.told.bearing())
        self.notes: list[str] = []
        self._parts: dict[str, Part] = defaultdict(Part)
        self._capped: list[Capped] = []
        self._unknown: list[str] = []
        self.day = view.cut.as_of

    def rows(self) -> Iterator[DilutedRow]:
        """The rows: holders, the largest first, then pools, promises and totals."""
        self._count_shares()
        for one in sorted(self.found.instruments.values(), key=lambda one: one.id):
            self._count_instrument(one)
        if not self._parts and not self.found.pools:
            return
        self._tell_unknown()
        caps = self._at_caps
        for part in self._parts.values():
            part.at_caps = part.total + sum(
                (caps or {}).get(one["instrument"], 0) for one in part.instruments
            )
        ordered = sorted(self._parts.items(), key=lambda one: (-one[1].at_caps, one[0]))
        for holder, part in ordered:
            yield self._row("holder", part, holder=holder)
        for name, left in self._left.items():
            yield self._row("pool", Part(unvested=left), pool=name)
        if self._promised:
            yield self._row("promised", Part(unvested=self._promised))
        if self._left or self._promised:
            yield self._total("total-without-pool", self._held)
        yield self._total("total", self._all)

    def _row(
        self, kind: str, part: Part, holder: str | None = None, pool: str | None = None
    ) -> DilutedRow:
        known = not self._unknown
        at_caps = part.at_caps or part.total
        held = kind == "holder"
        return {
            "issuer": self.issuer, "kind": kind, "holder": holder, "pool": pool,
            "as_converted": self._text(part.shares) if held else None,
            "vested": self._text(part.vested) if held else None,
            "unvested": self._text(part.unvested) if held else None,
            "diluted": self._text(part.total), "unknown": part.unknown,
            "percent": self._percent(part.total, self._all) if known else None,
            "percent_without_pool":
                self._percent(part.total, self._held) if known and held else None,
            "at_caps": self._text(at_caps) if self._at_caps is not None else None,
            "percent_at_caps": self._percent(at_caps, self._whole_at_caps),
            "instruments": part.instruments,
            "standing": weakest(part.facts), "events": keys(part.facts),
        }  # fmt: skip

    def _total(self, kind: str, shares: Number) -> DilutedRow:
        whole = self._whole_at_caps
        without = shares == self._held and kind != "total"
        row = self._row(kind, Part(unvested=shares))
        row["unknown"] = list(self._unknown)
        row["percent"] = row["percent_without_pool"] = None
        if not self._unknown and shares:
            row["percent"] = self._percent(shares, self._all)
        row["at_caps"] = None
        if whole is not None:
            row["at_caps"] = self._text(whole - (self._all - self._held if without else 0))
        row["percent_at_caps"] = None
        return row

    def _percent(self, part: Number, whole: Number | None) -> str | None:
        return percentage(Fraction(part), Fraction(whole), self._digits) if whole else None

    def _text(self, number: Number) -> str:
        return count_text(number, MOST_DIGITS)

    @property
    def _held(self) -> Number:
        return sum(part.total for part in self._parts.values())

    @cached_property
    def _left(self) -> dict[str, Number]:
        """What is left of each pool, without what is promised of it, as converted."""
        found = dict[str, Number]()
        for pool in sorted(self.found.pools.values(), key=lambda pool: pool.id):
            left = self.found.available(pool) - self.found.granted_of(pool, promised=True)
            if left < 0:
                self.notes.append(_overdrawn(pool.id, -floor(left)))
            found[pool.id] = self._as_converted(pool.share_class, Fraction(max(0, floor(left))))
        return found

    @cached_property
    def _promised(self) -> Number:
        found = (one for one in self.found.instruments.values() if one.promised)
        return sum(
            self._as_converted(one.share_class, Fraction(one.open))
            for one in found
            if one.share_class and one.counted
        )

    @property
    def _all(self) -> Number:
        return self._held + sum(self._left.values()) + self._promised

    @cached_property
    def _at_caps(self) -> dict[str, int] | None:
        """The shares of each instrument at its cap; None where a cap is missing, or none asked."""
        if not self._capped or len(self._capped) < len(self._unknown):
            return None
        found = converted(self._all, self._capped)
        return None if found is None else dict(found)

    @property
    def _whole_at_caps(self) -> Number | None:
        caps = self._at_caps
        return None if caps is None else self._all + sum(caps.values())

    def _count_shares(self) -> None:
        """What every holder has of each class, as what it becomes."""
        for share_class in self.at_cut.classes:
            kind = self.terms.of(share_class).kind
            opens = kind in _OPEN_CLASSES and self.terms.of(share_class).text("converts_into")
            if kind != "share" and not opens:
                self.notes.append(Told(
                    f"{told('class', share_class)} ({kind}) is not counted: it becomes no shares."
                ))  # fmt: skip
                continue
            held = self.at_cut.register.held(share_class)
            for account, shares in {**held, **unregistered(self.at_cut, share_class)}.items():
                if account == TREASURY:
                    continue
                number = self._as_converted(share_class, shares)
                part = self._parts[account]
                if opens:
                    part.vested += number
                else:
                    part.shares += number

    def _as_converted(self, share_class: str, shares: Fraction) -> Number:
        """The shares that some become in the end, to what their class counts."""
        if self.terms.of(share_class).text("converts_into") is None:
            return self._counted(share_class, shares)
        found = self.terms.converted(share_class, shares)
        if found is not None:
            return self._counted(*found)
        note = Told(
            f"{told('class', share_class)}: its terms do not tell what a share converts into in the"
            " end, or go round in a circle. It is counted share for share."
        )
        if note not in self.notes:
            self.notes.append(note)
            self._unknown.append(note)
        return self._counted(share_class, shares)

    def _counted(self, share_class: str, shares: Fraction) -> Number:
        return simplest(rounded_down(shares, self.view.across.digits(share_class)))

    def _count_instrument(self, one: Instrument) -> None:
        if one.promised or not self._dilutes(one):
            return
        if one.ended or (one.counted and not one.open):
            return
        if one.ceased:
            self.notes.append(Told(
                f"The shares that {told('instrument', one.id)} of {told('party', one.holder)} is on"
                " exist no more; no event tells what became of it. It is not counted."
            ))  # fmt: skip
            return
        if self.found.expired(one, self.day):
            self.notes.append(Told(
                f"{told('instrument', one.id)} of {told('party', one.holder)} expired by"
                f" {self.found.expiry_words(one)}; no event tells what became of it. It is not"
                " counted."
            ))  # fmt: skip
            return
        part = self._parts[one.holder]
        part.facts += one.facts
        if one.counted:
            of = one.share_class or ""
            vested = self.found.vested_open(one, self.day)
            self._note_leaver(one, vested)
            part.vested += self._as_converted(of, Fraction(vested))
            part.unvested += self._as_converted(of, Fraction(one.open)) - self._as_converted(
                of, Fraction(vested)
            )
        else:
            found = capped(one, self.day)
            why = found if isinstance(found, str) else "what it becomes is not fixed"
            self._unknown.append(not_known(one, why))
            part.unknown.append(one.id)
            if not isinstance(found, str):
                self._capped.append(found)
        part.instruments.append(instrument_row(one, self.found, self.day))

    def _note_leaver(self, one: Instrument, vested: int) -> None:
        """Say that the rest of an instrument vests no more once its holder left."""
        left = self.found.left_on(one)
        if left is not None and left <= self.day and vested < one.open:
            self.notes.append(Told(
                f"{told('instrument', one.id)} of {told('party', one.holder)}:"
                f" {told(COUNT, one.open - vested)} had not vested when its holder left on {left},"
                " and vest no more. They are counted until instrument-ended tells what became of"
                " them."
            ))  # fmt: skip

    def _dilutes(self, one: Instrument) -> bool:
        """Whether new shares may come of an instrument."""
        writer = one.granted.text("writer") or self.issuer
        by_issuer = one.kind != "call" or (writer == self.issuer != one.holder)
        return one.kind not in UNCOUNTED and by_issuer

    def _tell_unknown(self) -> None:
        """Say that the total is not known, and why; and what it is at the caps."""
        if not self._unknown:
            return
        self.notes.append(Told(
            f"Not known: at least {told(COUNT, self._text(self._all))} shares fully diluted."
            f" {'; '.join(self._unknown)}."
        ))  # fmt: skip
        whole = self._whole_at_caps
        if whole is not None:
            self.notes.append(Told(
                f"If converted at their caps: {told(COUNT, self._text(whole))} shares."
            ))  # fmt: skip
        elif self._capped and len(self._capped) == len(self._unknown):
            self.notes.append("At their caps the instruments would take all of the company.")


def instrument_row(one: Instrument, found: Instruments, day: str) -> InstrumentRow:
    """What is told of one instrument that is open."""
    return {
        "instrument": one.id,
        "kind": one.kind,
        "share_class": one.share_class,
        "open": str(one.open) if one.counted else None,
        "vested": str(found.vested_open(one, day)) if one.counted else None,
        "exercise_price": one.price_words(),
        "highest_exercise_price": one.price_words("highest_exercise_price"),
        "expires_on": one.terms.get("expires_on"),
        "principal": one.terms.get("principal"),
        "cap": one.terms.get("cap"),
        "pool": one.granted.text("pool"),
        "events": keys(one.facts),
    }


def _overdrawn(pool: str, shares: int) -> str:
    return Told(f"The pool {told('pool', pool)} is exceeded by {told(COUNT, shares)} shares.")
