"""Ranges: the lowest and highest figure over everything that is in doubt at a cut.

In doubt are the possible events (each may have happened or not) and, for a holder's own figure, the
disclosures that contradict it and that no later movement overtakes. Combinations of events that
would leave an account below zero are left out, unless the certain events alone already do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from ledger.fact import Fact
from ledger.quantities import rounded
from ledger.register import MOVEMENTS, account_of
from ledger.view import View
from projections.answer import Answer, Row, whole
from projections.holdings import registered_row
from projections.position import Position, differing
from projections.trusts import TYPES as TRUST_TYPES
from projections.votes import Rights, after_cap, ballots_of, checked_votes, totals

MOST_IN_DOUBT = 10  # above it, 2 to that power combinations would take too long

Figures = dict[tuple[str, str, str], Fraction]  # by class, account and name of the figure
Measure = Callable[[View], tuple[Figures, bool]]  # and whether no account is below zero


class Bounds:
    """The lowest and highest of each figure seen; a figure not seen counts as nothing."""

    def __init__(self, certain: Figures) -> None:
        self.certain = certain
        self.low, self.high = dict(certain), dict(certain)

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

    def add(self, figures: Figures) -> None:
        """Take one event's effect into account as if no other event in doubt mattered."""
        for name in {*figures, *self.certain}:
            change = figures.get(name, Fraction()) - self.certain.get(name, Fraction())
            self.low[name] = self.low.get(name, Fraction()) + min(change, Fraction())
            self.high[name] = self.high.get(name, Fraction()) + max(change, Fraction())


def add_holding_ranges(answer: Answer, position: Position, rows: list[Row], digits: int) -> None:
    """Give each row its lowest and highest shares and percentage, and add who may hold some."""
    view, issuer = position.view, position.issuer
    doubtful = [p.fact for p in position.possible if p.fact.type in MOVEMENTS]
    bounds = _bounds(answer, view, doubtful, lambda seen: _holdings(seen, issuer))
    _widen_by_disclosures(position, bounds)
    listed = {(row["share_class"], account_of(f"{issuer}/", row["holder"])) for row in rows}
    for share_class, account, name in sorted(bounds.high):
        in_doubt = bounds.low[share_class, account, name] != bounds.high[share_class, account, name]
        if in_doubt and (share_class, account) not in listed:
            listed.add((share_class, account))
            rows.append(registered_row(position, share_class, account, digits))
    for row in rows:
        if row["basis"] == "register":
            of = row["share_class"], account_of(f"{issuer}/", row["holder"])
            row |= {"shares_low": whole(bounds.low.get((*of, "shares"), Fraction()))}
            row |= {"shares_high": whole(bounds.high.get((*of, "shares"), Fraction()))}
            row |= {"percent_low": rounded(bounds.low.get((*of, "percent"), Fraction()), digits)}
            row |= {"percent_high": rounded(bounds.high.get((*of, "percent"), Fraction()), digits)}
        else:
            row |= _disclosed_range(position, row)


def add_vote_ranges(answer: Answer, view: View, position: Position, rights: Rights) -> None:
    """Give each row its lowest and highest votes, and votes after caps."""
    types = {*MOVEMENTS, *rights.types}
    doubtful = [p.fact for p in position.possible if p.fact.type in types]
    placed = [p.fact.need("trust") for p in position.possible if "trust" in p.fact.data]
    for trust in {*position.trusts, *placed}:
        doubtful += [p.fact for p in view.about(f"party:{trust}", types=TRUST_TYPES).possible]
    bounds = _bounds(answer, view, doubtful, lambda seen: _votes(seen, position.issuer))
    for fact, agrees, _ in checked_votes(position):
        account = account_of(f"{position.issuer}/", fact.need("holder"))
        if agrees is False and fact.text("votes") and not _overtaken(position, fact, account):
            bounds.widen(("", account, "votes"), Fraction(fact.need("votes")))
    for row in answer.rows:
        account = account_of(f"{position.issuer}/", row["holder"])
        for name in ("votes", "after_caps"):
            of = "", account, name
            row[f"{name}_low"] = whole(bounds.low.get(of, Fraction()))
            row[f"{name}_high"] = whole(bounds.high.get(of, Fraction()))
    shown = {account_of(f"{position.issuer}/", row["holder"]) for row in answer.rows}
    for of in sorted(bounds.high):
        if of[2] == "votes" and of[1] not in shown and bounds.high[of]:
            answer.note(
                f"{of[1]} has no certain votes; it may have up to {whole(bounds.high[of])}."
            )


def _bounds(answer: Answer, view: View, doubtful: Sequence[Fact], measure: Measure) -> Bounds:
    keys = sorted({fact.key for fact in doubtful})
    certain, sound = measure(view)
    bounds = Bounds(certain)
    exact = len(keys) <= MOST_IN_DOUBT
    for chosen in _choices(keys) if exact else ((key,) for key in keys):
        figures, possible = measure(view.taking(chosen))
        if exact and (possible or not sound):
            bounds.see(figures)
        elif not exact:
            bounds.add(figures)
    if keys and exact:
        answer.note(f"The ranges hold over every choice among: {', '.join(keys)}.")
    elif keys:
        answer.note(
            f"{len(keys)} events are in doubt: the ranges add up the effect of each taken alone,"
            " and are not exact where one bears on another."
        )
    return bounds


def _choices(keys: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Every choice of some of the events, none and all included."""
    for number in range(len(keys) + 1):
        yield from combinations(keys, number)


def _holdings(view: View, issuer: str) -> tuple[Figures, bool]:
    position = Position(view, issuer)
    found: Figures = {}
    for share_class in position.classes:
        issued = position.register.issued(share_class)
        for account, shares in position.register.held(share_class).items():
            found[share_class, account, "shares"] = shares
            found[share_class, account, "percent"] = shares / issued * 100 if issued else Fraction()
    return found, _sound(position)


def _votes(view: View, issuer: str) -> tuple[Figures, bool]:
    rights = Rights()
    position = Position(view, issuer, rights)
    if any(share_class not in rights.votes_per_share for share_class in position.classes):
        return {}, False
    ballots = ballots_of(position, rights)
    _, castable = totals(ballots)
    found: Figures = {}
    for account, ballot in ballots.items():
        found["", account, "votes"] = ballot.held
        found["", account, "after_caps"] = after_cap(ballot, rights.caps.get(account), castable)
    return found, _sound(position)


def _sound(position: Position) -> bool:
    register = position.register
    return all(shares >= 0 for c in register.classes for shares in register.held(c).values())


def _widen_by_disclosures(position: Position, bounds: Bounds) -> None:
    """Let disclosures of a holder's own shares widen its range; its percentage, if of issued."""
    for fact, _, text in differing(position):
        direct = fact.type == "stake-disclosed" and fact.data.get("interest", "direct") == "direct"
        share_class = fact.text("share_class") or next(iter(position.classes), "")
        account = account_of(share_class, fact.text("holder") or "")
        if not direct or _overtaken(position, fact, account):
            continue
        if "shares" in fact.data and text.startswith(f"it says {fact.need('shares')} "):
            bounds.widen((share_class, account, "shares"), Fraction(fact.need("shares")))
        elif fact.text("percent_of") == "issued":
            bounds.widen((share_class, account, "percent"), Fraction(fact.need("percent")))


def _overtaken(position: Position, fact: Fact, account: str) -> bool:
    """Whether a movement after a disclosure's day touched the account."""
    return position.moved_after(account, fact.order[0])


def _disclosed_range(position: Position, row: Row) -> Row:
    """The range of a holder without a register: what its latest disclosures, and possible, say."""
    days = {f.order[0] for f in position.disclosures if f.key in row["events"]}
    said = [*position.disclosures, *(p.fact for p in position.possible)]
    facts = [
        fact
        for fact in said
        if fact.type == "stake-disclosed"
        and fact.need("holder") == row["holder"]
        and fact.text("share_class") == row["share_class"]
        and (fact.data.get("interest", "direct") == "direct") == (row["capacity"] == "own name")
        and (fact.order[0] in days or fact not in position.disclosures)
    ]
    shares = [int(fact.need("shares")) for fact in facts if "shares" in fact.data]
    percents = [
        p for f in facts if f.text("percent_of") == row["percent_of"] and (p := f.percent())
    ]
    return {
        "shares_low": str(min(shares)) if shares else None,
        "shares_high": str(max(shares)) if shares else None,
        "percent_low": str(min(percents)) if percents else None,
        "percent_high": str(max(percents)) if percents else None,
    }
