"""What disclosures and assertions state of a register, compared with it, or why it cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.values.dates import parse_days
from ledger.values.refusals import Unhandled
from projections.answer import whole as text_of
from projections.subjects.attributed import OF_OTHERS, Attributed, attributed
from projections.subjects.bases import (
    WORDS,
    Balances,
    asserted,
    classes_of,
    held,
    held_on,
    in_issue,
    is_counted,
    meant,
)
from projections.subjects.checked_figures import (
    CheckedFigure,
    Figure,
    Unchecked,
    agrees_within,
    implied_whole,
)
from projections.subjects.reaching import alone
from projections.subjects.remainder import in_part
from projections.told import COUNT, Told, told

_ALL = "all classes together"
_OF_ALL = {  # of several classes together, where a disclosure names none
    "issued": ("capital", "capital-par"),
    "unstated": ("capital", "outstanding", "capital-par"),
}


class Compared(NamedTuple):
    """The figures of a fact that were compared, and what could not be."""

    checked: Sequence[CheckedFigure] = ()
    unchecked: Sequence[Unchecked] = ()


def compared(at_cut: Balances, fact: Fact) -> Compared:
    """Each figure of a disclosure or assertion of shares beside the register as it stands.

    Nothing where there is no register of what it speaks of; what a register alone does not tell is
    compared with its count (``stated_counts.py``).
    """
    classes = classes_meant(at_cut, fact)
    if not classes:
        return Compared()
    match fact.type:
        case "balance-asserted":
            return _asserted(at_cut, fact)
        case "stake-disclosed":
            if (why := not_told(at_cut, fact, classes)) is not None:
                return Compared(unchecked=[Unchecked(fact, why)])
            if at_cut.members is None and fact.text("interest") in OF_OTHERS:
                return Compared()
            found = attributed(at_cut, fact, classes, at_cut.members or alone)
            return _disclosed(at_cut, fact, classes, found)
        case _:
            raise Unhandled(fact.type, "what is compared with a register")


def classes_meant(at_cut: Balances, fact: Fact) -> list[str]:
    """The classes in issue that a disclosure or assertion speaks of: where it names none, those
    that are shares."""
    return [c for c in classes_of(at_cut, fact.text("share_class")) if c in at_cut.classes]


def _asserted(at_cut: Balances, fact: Fact) -> Compared:
    share_class, register, total = fact.need("share_class"), at_cut.register, fact.text("total")
    match total:
        case None:
            has = held(at_cut, share_class, fact.need("holder"), "direct")
        case "treasury":
            has = register.treasury(share_class)
        case "capital":
            has = sum(map(register.issued, at_cut.capital), Fraction())
        case "issued":
            has = register.issued(share_class)
        case "outstanding":
            has = register.outstanding(share_class)
        case _ if is_counted(total):
            return Compared()
        case _:
            raise Unhandled(total, "the totals of a register")
    of, agrees = total or fact.need("holder"), has == fact.shares()
    stated, digits = fact.need("shares"), register.digits(share_class)
    figure = CheckedFigure(fact, "balance", stated, of, (has,), agrees, digits=digits)
    of_all = total not in (None, "treasury") and has < fact.shares()
    if not of_all or not in_part(at_cut, [share_class], fact):
        return Compared([figure])
    why = _known_in_part(share_class, figure)
    return Compared([figure._replace(agrees=None)], [Unchecked(fact, why)])


def _known_in_part(share_class: str, figure: CheckedFigure) -> Told:
    has, of = (told(COUNT, n) for n in (text_of(figure.found[0], figure.digits), figure.stated))
    return Told(f"the register of {told('class', share_class)} is known in part, {has} of {of}")


def not_told(at_cut: Balances, fact: Fact, classes: Sequence[str]) -> Told | None:
    """Why no account of the register has what is disclosed."""
    if fact.text("interest") in OF_OTHERS:
        return None
    if (hiding := hidden_in(at_cut, fact, classes)) is not None:
        register = f"the register of {told('class', hiding)}"
        return Told(f"{told('party', fact.need('holder'))} has no line of its own in {register}")
    return None


def hidden_in(at_cut: Balances, fact: Fact, classes: Sequence[str]) -> str | None:
    """The class in which who is disclosed, without a line, may be among those counted together."""
    if any(at_cut.has_line(c, fact.need("holder")) for c in classes):
        return None
    return next(filter(at_cut.may_hide, classes), None)


def _disclosed(
    at_cut: Balances, fact: Fact, classes: Sequence[str], interest: Attributed
) -> Compared:
    found, unchecked = list[CheckedFigure](), list[Unchecked]()
    if fact.text("shares") is not None:
        found.append(_shares(at_cut, fact, classes, interest.accounts))
    of = fact.text("percent_of")
    if of is not None and not is_counted(of):
        figure = _percent(at_cut, fact, of, classes, interest.accounts)
        if isinstance(figure, Unchecked):
            unchecked.append(figure)
        else:
            found.append(figure)
    left = [interest.settles(one) for one in found]
    why = next((one.why for one in left if one.why is not None), None)
    return Compared(left, [*unchecked, Unchecked(fact, why)] if why else unchecked)


def _shares(
    at_cut: Balances, fact: Fact, classes: Sequence[str], accounts: Mapping[str, Fraction]
) -> CheckedFigure:
    """The number of shares: of several classes where none is named, of all or of one of them."""
    each = {c: held_on(at_cut, c, accounts) for c in classes}
    return shares_figure(fact, each, _within(at_cut, fact, classes), at_cut.digits)


def shares_figure(
    fact: Fact, each: Mapping[str, Fraction], within: str | None = None, digits: int = 0
) -> CheckedFigure:
    """A number of shares that is disclosed, beside what the holder has of each class."""
    stated, qualifier, classes = fact.need("shares"), fact.text("qualifier") or "exactly", [*each]
    found = {_ALL: sum(each.values(), Fraction())}
    if len(classes) > 1:
        found |= {told("class", c): shares for c, shares in each.items()}
    near = {
        words: shares == Fraction(stated)
        if qualifier == "exactly"
        else agrees_within(stated, shares, qualifier)
        for words, shares in found.items()
    }
    return CheckedFigure(
        fact, "shares", stated, classes[0] if len(classes) == 1 else _ALL, tuple(found.values()),
        any(near.values()), within, digits, tuple(found), _some(near),
    )  # fmt: skip


def _percent(
    at_cut: Balances,
    fact: Fact,
    of: str,
    classes: Sequence[str],
    accounts: Mapping[str, Fraction],
) -> CheckedFigure | Unchecked:
    several = fact.text("share_class") is None and len(classes) > 1
    bases = _OF_ALL.get(of, meant(of)) if several else meant(of)
    shares = {c: held_on(at_cut, c, accounts) for c in classes}
    found = list[tuple[str, Fraction]]()
    for base in bases:
        own = in_issue(at_cut, base).part(base, classes, shares.__getitem__)
        for words, all_of in _wholes(at_cut, fact, base, classes):
            if own is not None and all_of:
                found.append((words, own / all_of * 100))
    if not found:
        return Unchecked(fact, _untold(fact, bases))
    within = None if several or of == "capital" else _within(at_cut, fact, classes)
    return percent_figure(fact, "percent", of, found, within)


def _wholes(
    at_cut: Balances, fact: Fact, base: str, classes: Sequence[str]
) -> Iterator[tuple[str, Fraction | None]]:
    """All that a disclosure may be a percentage of: what there is on its day, or on the day that it
    takes its base of; and what the newest assertion says."""
    day = fact.text("base_on")
    then = at_cut if day is None else at_cut.on(parse_days(day).last)
    yield WORDS[base], None if then is None else in_issue(then, base).whole(base, classes)
    for one in asserted(at_cut, base, classes) if day is None else ():
        yield asserted_words(base, one), Fraction(one.shares())


def asserted_words(base: str, fact: Fact) -> str:
    """A total that is asserted, in words."""
    number = told(COUNT, fact.need("shares"))
    return f"the {number} {WORDS[base]} that {told('event', fact.key)} asserts"


def _untold(fact: Fact, bases: Sequence[str]) -> Told:
    """Why a percentage is not compared; what its own figures imply of the whole."""
    words = " or ".join(WORDS[base] for base in bases)
    day = fact.text("base_on")
    why = f"no event tells {words}{f' on {day}' if day else ''}"
    if (implied := implied_whole(fact)) is not None and "shares" in fact.data:
        low, high = (told(COUNT, text_of(end)) for end in implied)
        why += f"; its figures imply {low}" + (f" to {high}" if low != high else "")
    return Told(why)


def percent_figure(
    fact: Fact,
    figure: Figure,
    of: str,
    found: Sequence[tuple[str, Fraction]],
    within: str | None = None,
) -> CheckedFigure:
    """A percentage beside what a holder has of each base that it can be of."""
    near = {words: is_near(fact, value) for words, value in found}
    return CheckedFigure(
        fact, figure, fact.need("percent"), of, tuple(value for _, value in found),
        any(near.values()), within, 0, tuple(words for words, _ in found), _some(near),
    )  # fmt: skip


def _some(near: Mapping[str, bool]) -> tuple[str, ...]:
    """Those of some that agree, where not all do."""
    return () if all(near.values()) else tuple(words for words, one in near.items() if one)


def _within(at_cut: Balances, fact: Fact, classes: Sequence[str]) -> str | None:
    """The class that a figure was compared with, where the fact names none of several."""
    assumed = fact.text("share_class") is None and at_cut.known_classes > 1
    return classes[0] if assumed and len(classes) == 1 else None


def is_near(fact: Fact, value: Fraction) -> bool:
    """Whether an exact percentage is what a disclosure prints, or within its band."""
    percent, upto = fact.need("percent"), fact.text("percent_to")
    if upto is None:
        return agrees_within(percent, value, fact.text("qualifier") or "exactly")
    return Fraction(percent) <= value <= Fraction(upto)
