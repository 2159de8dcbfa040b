"""Ranges: the lowest and highest figure over everything that is in doubt at a cut.

In doubt are the possible events and amendments (each may count or not), the place among others of
events that are dated by several days (``orders``) and, for a holder's own figure, the disclosures
that contradict it and that no later movement overtakes. What would leave an account below zero in
the end is left out, unless the certain events alone already do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import combinations
from typing import Any

from ledger.model.fact import Fact, Slice
from ledger.model.movements import MOVEMENTS
from ledger.model.register import account_of
from ledger.time.history import AMENDMENTS
from ledger.time.view import View
from ledger.values.quantities import rounded
from ledger.values.share_counts import MOST_DIGITS
from projections.answer import Answer, whole
from projections.holding_rows import HoldingRow
from projections.rows import VoteRow
from projections.subjects import bases
from projections.subjects.balances import CAPACITIES, registered_row
from projections.subjects.ballots import ballots_of, of_no_class
from projections.subjects.carried import carried
from projections.subjects.checked_figures import ends_of, how_sure
from projections.subjects.differing import differing
from projections.subjects.elsewhere import posted_in, with_read
from projections.subjects.orders import MOST_WAYS, Doubts
from projections.subjects.reaching import Members
from projections.subjects.register_at_cut import RegisterAtCut, register_at_cut
from projections.subjects.stated import classes_meant
from projections.subjects.stated_counts import checked_counts
from projections.subjects.trusts import TYPES as TRUST_TYPES
from projections.subjects.vote_lines import Line, lines_of
from projections.subjects.voting_rights import Fallen, Rights
from projections.told import COUNT, told

MOST_AMENDMENTS = 6  # in doubt; above it, every choice among them would take too long

Figures = dict[tuple[str, str, str], Fraction]  # by class, account and name of the figure
Measure = Callable[[View], tuple[Figures, bool]]  # and whether no account is below zero
Gather = Callable[[View], Slice]  # the facts on which the figures rest


class Bounds:
    """The lowest and highest of each figure seen; a figure not seen counts as nothing."""

    def __init__(self, certain: Figures) -> None:
        self.certain = certain
        self.low, self.high = dict(certain), dict(certain)

    def of(self, name: tuple[str, str, str]) -> tuple[Fraction, Fraction]:
        """The lowest and highest value of a figure."""
        return self.low.get(name, Fraction()), self.high.get(name, Fraction())

    def see(self, figures: Figures) -> None:
        """Take the figures of one choice into account."""
        for name in {*figures, *self.low}:
            value = figures.get(name, Fraction())
            self.low[name] = min(value, self.low.get(name, Fraction()))
            self.high[name] = max(value, self.high.get(name, Fraction()))

    def widen(self, name: tuple[str, str, str], value: Fraction) -> None:
        """Take one more value of a figure into account."""
        self.low[name] = min(value, self.low.get(name, value))
        self.high[name] = max(value, self.high.get(name, value))

    def add(self, ways: Iterable[Figures]) -> None:
        """Take what one event can do into account as if no other event in doubt mattered."""
        low, high = Figures(), Figures()
        for figures in ways:
            for name in {*figures, *self.certain}:
                change = figures.get(name, Fraction()) - self.certain.get(name, Fraction())
                low[name] = min(change, low.get(name, Fraction()))
                high[name] = max(change, high.get(name, Fraction()))
        for name in low:
            self.low[name] = self.low.get(name, Fraction()) + low[name]
            self.high[name] = self.high.get(name, Fraction()) + high[name]


def add_holding_ranges(
    answer: Answer[HoldingRow], at_cut: RegisterAtCut, rows: list[HoldingRow], digits: int
) -> None:
    """Give each row its lowest and highest shares and percentage, and add who may hold some."""
    issuer = at_cut.issuer

    def gather(seen: View) -> Slice:
        return with_read(seen, issuer, seen.unposted(f"issuer:{issuer}", MOVEMENTS))

    bounds = _bounds(answer, at_cut, gather, [lambda seen: _holdings(seen, issuer)])
    _widen_by_disclosures(at_cut, bounds)
    listed = {(row["share_class"], account_of(f"{issuer}/", row["holder"])) for row in rows}
    for share_class, account, name in sorted(bounds.high):
        in_doubt = bounds.low[share_class, account, name] != bounds.high[share_class, account, name]
        if in_doubt and (share_class, account) not in listed:
            listed.add((share_class, account))
            rows.append(registered_row(at_cut, share_class, account, digits))
    for row in rows:
        if row["basis"] == "register":
            of = row["share_class"] or "", account_of(f"{issuer}/", row["holder"])
            shares, percent = bounds.of((*of, "shares")), bounds.of((*of, "percent"))
            row["shares_low"], row["shares_high"] = (at_cut.count(of[0], end) for end in shares)
            of_none = row["percent"] is None and percent[0] == percent[1]  # nothing is issued
            low, high = (None if of_none else rounded(end, digits) for end in percent)
            row["percent_low"], row["percent_high"] = low, high
        elif row["basis"] == "asserted":
            row["shares_low"] = row["shares_high"] = row["shares"]
            row["percent_low"] = row["percent_high"] = row["percent"]
        else:
            _add_disclosed_range(at_cut, row)


def add_vote_ranges(answer: Answer[VoteRow], at_cut: RegisterAtCut, rights: Rights) -> None:
    """Give each row its lowest and highest votes, and votes after caps."""
    placed = [p.fact.need("trust") for p in at_cut.possible if "trust" in p.fact.data]
    trusts = [f"party:{trust}" for trust in {*at_cut.trusts, *placed}]

    def gather(seen: View) -> Slice:
        found = seen.unposted(f"issuer:{at_cut.issuer}", (*MOVEMENTS, *rights.types))
        terms = seen.about(*trusts, types=TRUST_TYPES)
        found = Slice(found.certain + terms.certain, found.possible + terms.possible)
        return with_read(seen, at_cut.issuer, found)

    bounds = _bounds(answer, at_cut, gather, [*_ways_to_count(at_cut, rights)])
    for checked in checked_counts(at_cut, rights.members):
        account = account_of(f"{at_cut.issuer}/", checked.fact.text("holder") or "")
        own = checked.figure == "votes" and checked.fact.data.get("interest", "direct") == "direct"
        if own and checked.agrees is False and not _overtaken(at_cut, checked.fact, account):
            bounds.widen(("", account, "votes"), Fraction(checked.stated))
    for row in answer.rows:
        account = account_of(f"{at_cut.issuer}/", row["holder"])
        row["votes_low"], row["votes_high"] = (
            whole(n, at_cut.digits) for n in bounds.of(("", account, "votes"))
        )
        after = bounds.of(("", account, "after_caps"))
        row["after_caps_low"], row["after_caps_high"] = (whole(n, at_cut.digits) for n in after)
    shown = {account_of(f"{at_cut.issuer}/", row["holder"]) for row in answer.rows}
    for of in sorted(bounds.high):
        if of[2] == "votes" and of[1] not in shown and bounds.high[of]:
            answer.note(
                f"{told('party', of[1])} has no certain votes; it may have up to"
                f" {told(COUNT, whole(bounds.high[of], at_cut.digits))}."
            )


def _bounds(
    answer: Answer[Any], at_cut: RegisterAtCut, gather: Gather, ways: Sequence[Measure]
) -> Bounds:
    """The bounds of figures that are measured in several ways, the usual one first."""
    view, found, measure = at_cut.view, gather(at_cut.view), ways[0]
    certain, valid = measure(view)
    bounds = Bounds(certain)
    for other in ways[1:]:
        bounds.see(other(view)[0])
    perhaps = sorted({p.fact.key for p in found.possible if p.fact.type in AMENDMENTS})
    doubts = _doubts(at_cut, view, found)
    choices = sorted({*doubts.chosen, *perhaps})
    if (views := _every_way(at_cut, gather, perhaps)) is not None:
        for seen in views:
            for one in ways:
                figures, possible = one(seen)
                if possible or not valid:
                    bounds.see(figures)
        if choices:
            answer.note(f"The ranges hold over every choice among: {_events(choices)}.")
    else:
        for doubt in doubts.each:
            bounds.add(measure(view.taking(way))[0] for way in doubts.alone(doubt))
        for key in perhaps:
            bounds.add([measure(view.knowing([key]))[0]])
        number = len(doubts.each) + len(perhaps)
        if number > 1:
            answer.note(
                f"{number} events are in doubt: the ranges add up the effect of each taken alone,"
                " and are not exact where one bears on another."
            )
    if doubts.placed:
        answer.note(
            f"The day is not known of: {_events(doubts.placed)}. The ranges hold over the places"
            " that each can have among the events of its days."
        )
    if doubts.rough:
        answer.note(
            f"The ranges are not exact: {_events(doubts.rough)} meet so many movements that not"
            " every place was tried."
        )
    return bounds


def _every_way(at_cut: RegisterAtCut, gather: Gather, perhaps: Sequence[str]) -> list[View] | None:
    """A view for each way in which everything in doubt can have come; None for too many."""
    found: list[View] = []
    if len(perhaps) > MOST_AMENDMENTS:
        return None
    for known in _choices(perhaps):
        seen = at_cut.view.knowing(known) if known else at_cut.view
        ways = _doubts(at_cut, seen, gather(seen)).ways()
        if ways is None or len(found) + len(ways) > MOST_WAYS:
            return None
        found += map(seen.taking, ways)
    return found


def _doubts(at_cut: RegisterAtCut, view: View, found: Slice) -> Doubts:
    possible = (p.fact for p in found.possible if p.fact.type not in AMENDMENTS)
    return Doubts(view, posted_in(at_cut.view, at_cut.issuer), found.counted, possible)


def _choices(keys: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Every choice of some of the events, none and all included."""
    for number in range(len(keys) + 1):
        yield from combinations(keys, number)


def _holdings(view: View, issuer: str) -> tuple[Figures, bool]:
    at_cut = register_at_cut(view, issuer)
    found: Figures = {}
    for share_class in at_cut.classes:
        issued = bases.issued(at_cut, share_class)
        for account, shares in at_cut.register.held(share_class).items():
            found[share_class, account, "shares"] = shares
            found[share_class, account, "percent"] = shares / issued * 100 if issued else Fraction()
    return found, _valid(at_cut)


def _votes(
    view: View,
    issuer: str,
    order: str | None = None,
    overlapping: bool = False,
    *,
    members: Members,
    fallen: Mapping[str, Fallen],
) -> tuple[Figures, bool]:
    rights = Rights(view, members, order, fallen)
    at_cut = register_at_cut(view, issuer, rights)
    if rights.untold(at_cut.classes):
        return {}, False
    found: Figures = {}
    for line in lines_of(at_cut, rights, ballots_of(at_cut, rights, overlapping=overlapping)):
        if isinstance(line, Line):
            found["", line.account, "votes"] = line.ballot.held
            found["", line.account, "after_caps"] = line.most
    return found, _valid(at_cut)


def _ways_to_count(at_cut: RegisterAtCut, rights: Rights) -> Iterator[Measure]:
    """The votes as they are counted; and, where the record does not say which lots left or whether
    suspensions are of the same shares, in the other ways."""
    measure = partial(_votes, issuer=at_cut.issuer, members=rights.members, fallen=rights.fallen)
    yield measure
    if rights.assumed or of_no_class(at_cut, rights):
        for order in ("fewest-votes", "most-votes"):
            yield partial(measure, order=order)
    several = Counter(one.holder for one in rights.restrictions.numbered)
    if any(number > 1 for number in several.values()):
        yield partial(measure, overlapping=True)


def _valid(at_cut: RegisterAtCut) -> bool:
    register = at_cut.register
    return all(shares >= 0 for c in register.classes for shares in register.held(c).values())


def _widen_by_disclosures(at_cut: RegisterAtCut, bounds: Bounds) -> None:
    """Let disclosures of a holder's own shares widen its range; its percentage, if of issued."""
    for checked in differing(at_cut):
        fact = checked.fact
        direct = fact.type == "stake-disclosed" and fact.data.get("interest", "direct") == "direct"
        share_class = next(iter(classes_meant(at_cut, fact)), "")
        account = account_of(share_class, fact.text("holder") or "")
        if not direct or _overtaken(at_cut, fact, account):
            continue
        if checked.figure == "shares" or checked.of == "issued":
            upto = fact.text("percent_to") if checked.figure == "percent" else None
            for stated in filter(None, (checked.stated, upto)):
                bounds.widen((share_class, account, checked.figure), Fraction(stated))


def _overtaken(at_cut: RegisterAtCut, fact: Fact, account: str) -> bool:
    """Whether a movement after a disclosure's day touched the account."""
    return at_cut.moved_after(account, fact.order[0])


def _add_disclosed_range(at_cut: RegisterAtCut, row: HoldingRow) -> None:
    """The range of a holder without a register: what its latest disclosures, and possible, say."""
    days = {f.order[0] for f in at_cut.disclosures if f.key in row["events"]}
    stated = [*at_cut.disclosures, *(p.fact for p in at_cut.possible)]
    facts = [
        fact
        for fact in stated
        if fact.type == "stake-disclosed"
        and fact.need("holder") == row["holder"]
        and fact.text("share_class") == row["share_class"]
        and CAPACITIES[fact.data.get("interest", "direct")] == row["capacity"]
        and (fact.order[0] in days or fact not in at_cut.disclosures)
    ]
    numbers = [(fact, carried(at_cut, fact).number) for fact in facts]
    shares = [ends_of(number, how_sure(fact)) for fact, number in numbers if number is not None]
    same = [f for f in facts if f.text("percent_of") == row["percent_of"] and "percent" in f.data]
    percents = [ends_of(Fraction(f.need("percent")), how_sure(f), Fraction(100)) for f in same]
    percents += [(Fraction(f.need("percent_to")),) * 2 for f in same if "percent_to" in f.data]
    row["shares_low"], row["shares_high"] = _ends(shares)
    row["percent_low"], row["percent_high"] = _ends(percents)


def _ends(found: Sequence[tuple[Fraction, Fraction | None]]) -> tuple[str | None, str | None]:
    """The lowest and highest of several ranges; None of none, and above where one has no end."""
    if not found:
        return None, None
    high = [end for _, end in found if end is not None]
    most = whole(max(high), MOST_DIGITS) if len(high) == len(found) else None
    return whole(min(low for low, _ in found), MOST_DIGITS), most


def _events(keys: Iterable[str]) -> str:
    return ", ".join(told("event", key) for key in keys)
