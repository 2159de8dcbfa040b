"""What disclosures and assertions state of a register, compared with it, or why it cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple, Protocol

from ledger.model.fact import Fact
from ledger.model.register import Register
from ledger.values.refusals import Unhandled
from projections.answer import whole
from projections.subjects.checked_figures import (
    CheckedFigure,
    Unchecked,
    agrees_within,
    four_places,
)
from projections.told import COUNT, Told, told

OF_OTHERS = {  # the interests in shares that stand in the names of others
    "indirect": "through others",
    "group": "with its group",
}
_TOTALS = ("issued", "outstanding", "treasury")
_BASES = ("issued", "outstanding", "unstated", "capital")
_TOGETHER = "all classes together"


class Compared(NamedTuple):
    """The figures of a fact that were compared, and what could not be."""

    checked: Sequence[CheckedFigure] = ()
    unchecked: Sequence[Unchecked] = ()


class Balances(Protocol):
    """What a walked register tells."""

    issuer: str

    @property
    def register(self) -> Register:
        """The balances."""

    @property
    def classes(self) -> list[str]:
        """The classes in issue."""

    @property
    def capital(self) -> list[str]:
        """Those that are shares."""

    @property
    def known_classes(self) -> int:
        """How many classes of the issuer are created or in issue."""

    @property
    def digits(self) -> int:
        """The most decimals of their shares."""

    def base(self, share_class: str, of: str) -> Fraction:
        """The number of shares a percentage is taken of."""

    def interest(self, share_class: str, holder: str, interest: str) -> Fraction:
        """A holder's shares."""

    def has_line(self, share_class: str, holder: str) -> bool:
        """Whether any movement named the holder."""

    def may_hide(self, share_class: str) -> bool:
        """Whether the holder may be among shareholders counted together."""


def compared(at_cut: Balances, fact: Fact) -> Compared:
    """Each figure of a disclosure or assertion beside the register as it stands.

    Nothing where there is no register of what it speaks of.
    """
    classes = classes_meant(at_cut, fact)
    if not classes:
        return Compared()
    match fact.type:
        case "balance-asserted":
            return _asserted(at_cut, fact)
        case "stake-disclosed":
            why = _not_told(at_cut, fact, classes)
            found = [] if why else list(_disclosed(at_cut, fact, classes))
            return Compared(found, [Unchecked(fact, why)] if why else [])
        case _:
            raise Unhandled(fact.type, "what is compared with a register")


def classes_meant(at_cut: Balances, fact: Fact) -> list[str]:
    """The classes in issue that a disclosure or assertion speaks of: where it names none, those
    that are shares."""
    share_class, classes = fact.text("share_class"), at_cut.classes
    if share_class is None:
        return at_cut.capital if len(classes) > 1 else classes
    return [share_class] if share_class in classes else []


def _asserted(at_cut: Balances, fact: Fact) -> Compared:
    share_class, register, total = fact.need("share_class"), at_cut.register, fact.text("total")
    if total is not None and total not in _TOTALS:
        words = "authorised number" if total == "authorised" else total.replace("-", " ")
        why = f"the register of {told('class', share_class)} tells no {words}"
        return Compared(unchecked=[Unchecked(fact, Told(why))])
    match total:
        case "issued":
            held = register.issued(share_class)
        case "outstanding":
            held = register.outstanding(share_class)
        case "treasury":
            held = register.treasury(share_class)
        case _:
            held = at_cut.interest(share_class, fact.need("holder"), "direct")
    of, agrees = total or fact.need("holder"), held == fact.shares()
    stated, digits = fact.need("shares"), register.digits(share_class)
    figure = CheckedFigure(fact, "balance", stated, of, (held,), agrees, digits=digits)
    return Compared([figure])


def _not_told(at_cut: Balances, fact: Fact, classes: Sequence[str]) -> Told | None:
    """Why the register cannot tell what is disclosed."""
    holder, interest = told("party", fact.need("holder")), fact.text("interest") or ""
    of = fact.text("percent_of") or "issued"
    if interest in OF_OTHERS:
        return Told(f"what {holder} holds {OF_OTHERS[interest]} is in no line of the register")
    if (hiding := hidden_in(at_cut, fact, classes)) is not None:
        register = f"the register of {told('class', hiding)}"
        return Told(f"{holder} has no line of its own in {register}")
    if of == "votes" and "shares" not in fact.data:
        return None
    if of not in (*_BASES, "votes"):
        return Told(f"a percentage of {of.replace('-', ' ')} is not compared with the register")
    if len(classes) > 1 and (of != "capital" or "shares" in fact.data):
        has = ", ".join(_of_each(at_cut, fact, classes))
        return Told(f"it names no class, and which it means is not known; {holder} has {has}")
    return None


def hidden_in(at_cut: Balances, fact: Fact, classes: Sequence[str]) -> str | None:
    """The class in which who is disclosed, without a line, may be among those counted together."""
    if any(at_cut.has_line(c, fact.need("holder")) for c in classes):
        return None
    return next(filter(at_cut.may_hide, classes), None)


def _of_each(at_cut: Balances, fact: Fact, classes: Sequence[str]) -> Iterator[str]:
    """What a holder has of several classes: together, and of each."""
    holder, interest = fact.need("holder"), fact.text("interest") or "direct"
    of = fact.text("percent_of") or "issued"
    held = {c: at_cut.interest(c, holder, interest) for c in classes}
    bases = {c: at_cut.base(c, of) for c in classes}
    rows = [(_TOGETHER, sum(held.values(), Fraction()), sum(bases.values(), Fraction()))]
    rows += [(told("class", c), held[c], bases[c]) for c in classes]
    for name, shares, base in rows:
        part = f"{four_places(shares / base * 100)}%" if base else "nothing"
        number = told(COUNT, whole(shares, at_cut.digits))
        yield f"{number if 'shares' in fact.data else part} of {name}"


def _disclosed(at_cut: Balances, fact: Fact, classes: Sequence[str]) -> Iterator[CheckedFigure]:
    holder, qualifier = fact.need("holder"), fact.text("qualifier") or "exactly"
    interest = fact.text("interest") or "direct"
    held = sum((at_cut.interest(c, holder, interest) for c in classes), Fraction())
    shares, percent, of = fact.text("shares"), fact.text("percent"), fact.text("percent_of")
    assumed = fact.text("share_class") is None and at_cut.known_classes > 1
    within = classes[0] if assumed and of != "capital" else None
    if shares is not None:
        exactly = qualifier == "exactly"
        near = held == Fraction(shares) if exactly else agrees_within(shares, held, qualifier)
        digits = at_cut.digits
        yield CheckedFigure(fact, "shares", shares, classes[0], (held,), near, within, digits)
    if percent is not None and of != "votes":
        counted = at_cut.capital if of == "capital" else classes
        bases = ("issued", "outstanding") if of == "unstated" else (of or "issued",)
        sums = (sum((at_cut.base(c, base) for c in counted), Fraction()) for base in bases)
        found = tuple(held / base * 100 for base in sums if base)
        near = any(is_near(fact, value) for value in found)
        yield CheckedFigure(fact, "percent", percent, str(of), found, near, within)


def is_near(fact: Fact, value: Fraction) -> bool:
    """Whether an exact percentage is what a disclosure prints, or within its band."""
    percent, upto = fact.need("percent"), fact.text("percent_to")
    if upto is None:
        return agrees_within(percent, value, fact.text("qualifier") or "exactly")
    return Fraction(percent) <= value <= Fraction(upto)
