"""Carried: the latest disclosures that no register tells, and what their numbers have become by
what multiplied their class since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.model.movements import RESHAPING
from ledger.model.posted import end_of
from ledger.values.share_counts import rounded_down
from projections.answer import whole
from projections.subjects.register_at_cut import RegisterAtCut
from projections.told import COUNT, told


class Carried(NamedTuple):
    """A number disclosed, as it stands at the cut, by which events; None where none is disclosed,
    or its class is not said and one of several was multiplied."""

    number: Fraction | None
    by: list[Fact]


def latest(at_cut: RegisterAtCut) -> Mapping[tuple[str | None, str, str], Sequence[Fact]]:
    """The disclosures of the latest day, by class, holder and interest, that no register tells."""
    found: dict[tuple[str | None, str, str], list[Fact]] = {}
    for fact in at_cut.disclosures:
        if at_cut.tells_position(fact):
            continue
        of = fact.text("share_class"), fact.need("holder"), fact.text("interest") or "direct"
        facts = found.setdefault(of, [])
        if facts and facts[-1].order[0] != fact.order[0]:
            facts.clear()
        facts.append(fact)
    return dict(sorted(found.items(), key=lambda one: str(one[0])))


def carried(at_cut: RegisterAtCut, fact: Fact, name: str = "shares") -> Carried:
    """A number of shares or votes of a disclosure at the cut, in whole shares."""
    printed = fact.text(name)
    since = reshaped_since(at_cut, fact) if printed is not None else []
    if printed is None or not since:
        return Carried(None if printed is None else Fraction(printed), [])
    known = at_cut.terms.created or at_cut.classes
    share_class = fact.text("share_class") or (next(iter(known)) if len(known) == 1 else None)
    if share_class is None:
        return Carried(None, since)
    number, by = Fraction(printed), list[Fact]()
    for one in since:
        if one.need("share_class") == share_class:
            share_class = one.text("into_class") or share_class
            number = rounded_down(number * one.ratio(), at_cut.register.digits(share_class))
            by.append(one)
    return Carried(number, by)


def reshaped_since(at_cut: RegisterAtCut, fact: Fact) -> list[Fact]:
    """What multiplied any class of the issuer after the day of a disclosure."""
    found = at_cut.view.about(f"issuer:{at_cut.issuer}", types=RESHAPING).counted
    return [one for one in found if end_of(fact.order[0]) < one.order <= at_cut.register.fold_key]


def carried_words(at_cut: RegisterAtCut, fact: Fact, found: Carried) -> str:
    """What a disclosure told, and what has become of it."""
    key, by = told("event", fact.key), ", ".join(told("event", one.key) for one in found.by)
    printed = told(COUNT, fact.need("shares"))
    if found.number is None:
        return (
            f"{key} tells {printed} shares and not of which class: how many they are since {by} is"
            " not known."
        )
    number = told(COUNT, whole(found.number, at_cut.digits))
    return f"{key} tells {printed} shares, which are {number} since {by}."
