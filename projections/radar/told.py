"""Crossings that disclosures alone tell: of holders whose positions no register has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.values.dates import next_day, parse_published
from projections.radar.crossings import Crossing, Has, Scan, crossed
from projections.radar.disclosed import Disclosures
from projections.radar.positions import Base
from projections.radar.published import Total
from projections.subjects.bases import is_of_votes
from projections.subjects.checked_figures import UPPER_BOUNDS, how_sure, is_point
from projections.subjects.register_at_cut import register_at_cut

_HUNDRED = Total(Fraction(100))


class Told(NamedTuple):
    """A crossing by a disclosure, and the first day on which it may have been; None if not told."""

    crossing: Crossing
    first: str | None
    begins: bool  # the first position disclosed, so that nothing tells what was before


def told_crossings(scan: Scan, disclosures: Disclosures) -> Iterator[Told]:
    """What each holder crossed from one of its disclosed positions to the next."""
    view, issuer = scan.positions.view, scan.positions.issuer
    if not disclosures.facts:
        return
    at_cut = register_at_cut(view, issuer)
    positions = defaultdict[tuple[str, ...], list[Fact]](list)
    for fact in disclosures.facts:
        if fact.effective is not None and not at_cut.tells_position(fact):
            positions[_position(fact)].append(fact)
    for (holder, *_), facts in sorted(positions.items()):
        facts.sort(key=lambda fact: fact.order)
        yield from _of_holder(scan, holder, facts)


def _position(fact: Fact) -> tuple[str, ...]:
    """Of whom, of which class and interest, and whether of votes: what else is disclosed is another
    position."""
    of = fact.text("share_class") or "", fact.text("interest") or "direct"
    base = fact.text("percent_of")
    return fact.need("holder"), *of, "votes" if base and is_of_votes(base) else ""


def _of_holder(scan: Scan, holder: str, facts: Sequence[Fact]) -> Iterator[Told]:
    before: Fraction | None = None
    last: str | None = None
    for fact in facts:
        percent = _percent(scan, fact)
        if percent is None:
            continue
        if fact.text("replaces") is None:
            yield from _between(scan, holder, fact, before, percent, last)
        before, last = percent if is_point(fact) else None, fact.order[0]


def _between(
    scan: Scan, holder: str, fact: Fact, before: Fraction | None, after: Fraction, last: str | None
) -> Iterator[Told]:
    triggered = parse_published(fact.text("triggered_on"))
    day = triggered.last if triggered else fact.order[0]
    first = triggered.first if triggered else (next_day(last) if last else None)
    for rule in scan.valid(day, asked=True):
        if rule.test != "crossing" or rule.bases == ("value",):
            continue
        base = Base(rule.bases[0], fact.text("share_class") if "class" in rule.bases else None)
        both = Has(before or Fraction(), _HUNDRED), Has(after, _HUNDRED)
        found = list(crossed(rule, *both))
        for threshold, up in found[-1:] if before is None else found:
            crossing = Crossing(rule, holder, (holder,), base, *both, threshold, up, day, (fact,))
            yield Told(crossing, first, before is None)


def _percent(scan: Scan, fact: Fact) -> Fraction | None:
    """The percentage that a disclosure tells, at the least; of a number of shares by the total
    published last."""
    if how_sure(fact) in UPPER_BOUNDS:
        return None
    if (text := fact.text("percent")) is not None:
        return Fraction(text)
    shares, share_class = fact.text("shares"), fact.text("share_class")
    if shares is None or share_class is None:
        return None
    total = scan.positions.published.on(fact.order[0]).get(share_class)
    return Fraction(shares) / total.number * 100 if total else None
