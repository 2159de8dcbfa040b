"""A holder's votes explained: the running count of votes, and each reduction spelled out."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.model.movements import MOVEMENTS
from ledger.model.register import account_of
from ledger.time.view import View
from projections.answer import complete, whole
from projections.explain.explanation import (
    Explanation,
    claims_about,
    division,
    explaining,
    number,
    plans,
    unused,
)
from projections.explain.steps import Walk, add_trusts, disclosure_words, excluded_trusts
from projections.rows import Row
from projections.subjects.ballots import Rights, ballots
from projections.subjects.register_at_cut import CHECKS
from projections.subjects.votes import votes
from projections.told import told

_WORDS = ("vot", "share", "stake", "cap")


class Count(NamedTuple):
    """A holder's votes at one moment, with the votes of all and the limit of its cap."""

    held: Fraction
    suspended: Fraction
    neutral: Fraction
    all_held: Fraction
    castable: Fraction
    limit: Fraction | None
    digits: int = 0

    def text(self, votes: Fraction) -> str:
        """A number of these votes, its digits grouped."""
        return number(votes, self.digits)

    def part(self, votes: Fraction, of: Fraction, shown: str | None) -> str:
        """A percentage of them spelled out."""
        return division(votes, of, shown, self.digits)

    @property
    def exercisable(self) -> Fraction:
        return self.held - self.suspended - self.neutral

    @property
    def after_caps(self) -> Fraction:
        return self.exercisable if self.limit is None else min(self.exercisable, self.limit)


def explain_votes(view: View, holder: str, issuer: str, digits: int = 2) -> Explanation:
    """The votes a holder has in an issuer, and why it may cast no more."""
    query = complete(view, votes(view, issuer, digits))
    figure = [row for row in query.rows if row["holder"] == holder]
    explained = explaining(query, figure)
    tally = _Tally(view, explained, account_of(f"{issuer}/", holder))
    walk = Walk(view, issuer, tally.after, tally.rights).to_cut()
    add_trusts(explained, walk, [holder])
    if tally.last is None:
        _add_disclosures(explained, walk, holder)
    explained.in_order()
    if figure and tally.last is not None:
        for line in (
            *_held(walk, tally.rights, account_of(f"{issuer}/", holder)),
            *_arithmetic(tally.last, tally.cap, figure[0]),
        ):
            explained.reckon(line)
    elif not figure:
        whose, of = told("party", holder), told("party", issuer)
        explained.note(f"No event at this cut gives {whose} any votes in {of}.")
    used = {fact.key for fact in explained.steps}
    left = unused(view, f"issuer:{issuer}", used, _why)
    left += excluded_trusts(view, explained, holder)
    left += plans(view, issuer, holder) + claims_about(view, issuer, _WORDS)
    return explained.finish(view, left + claims_about(view, holder, _WORDS))


class _Tally:
    """Writes a step for each event that changes a holder's votes or the votes of all."""

    def __init__(self, view: View, explained: Explanation, account: str) -> None:
        self.rights = Rights(view)
        self.last: Count | None = None
        self._explained, self._account = explained, account

    @property
    def cap(self) -> Fact | None:
        """The cap on the holder's votes, where one is agreed."""
        return self.rights.cap(self._account)

    def after(self, walk: Walk, fact: Fact) -> None:
        """Count the votes after a fact."""
        if fact.type in CHECKS:
            return
        count = self._count(walk)
        named = self._account in (fact.text("holder"), fact.text("transferee"), fact.text("trust"))
        if count == self.last and not named and fact.type != "share-class-created":
            return
        self.last = count
        if count is None:
            self._explained.add_step(fact, "no votes are counted yet", holder=self._account)
            return
        fields = {name: whole(getattr(count, name), count.digits) for name in Count._fields[:5]}
        limit = None if count.limit is None else whole(count.limit)
        self._explained.add_step(
            fact,
            _state(count),
            holder=self._account or walk.issuer,
            **fields,
            limit=limit,
            exercisable=whole(count.exercisable, count.digits),
            after_caps=whole(count.after_caps, count.digits),
        )

    def _count(self, walk: Walk) -> Count | None:
        found = ballots(walk, self.rights)
        if not found:
            return None
        all_held = sum((b.held for b in found.values()), Fraction())
        castable = all_held - sum((b.suspended for b in found.values()), Fraction())
        own = found.get(self._account)
        parts = (own.held, own.suspended, own.neutral) if own else (Fraction(),) * 3
        limit = _limit(self.cap, castable) if self.cap else None
        whole_limit = None if limit is None else Fraction(limit // 1)
        return Count(*parts, all_held, castable, whole_limit, walk.digits)


def _limit(cap: Fact, castable: Fraction) -> Fraction:
    """The votes that a cap leaves, before they are rounded down to whole votes."""
    return castable * Fraction(cap.percent() or 0) / 100


def _state(count: Count) -> str:
    words = [f"{count.text(count.held)} held"]
    words += [f"{count.text(count.suspended)} suspended"] if count.suspended else []
    words += [f"{count.text(count.neutral)} cast neutrally"] if count.neutral else []
    words.append(f"{count.text(count.exercisable)} exercisable")
    words += [] if count.limit is None else [f"{count.text(count.after_caps)} after the cap"]
    of_all = f"V = {count.text(count.all_held)}, C = {count.text(count.castable)}"
    return f"{', '.join(words)}; of all, {of_all}"


def _held(walk: Walk, rights: Rights, account: str) -> list[str]:
    """The votes held, class by class."""
    lines = []
    for share_class in walk.classes:
        shares = walk.register.shares(share_class, account)
        if not shares:
            continue
        each, doubled = rights.terms.each(share_class), Fraction()
        words = f"{number(shares, walk.digits)} shares x {each}"
        if (share_class, account) in rights.doubled:
            count, _ = rights.doubled[share_class, account]
            doubled = shares if count is None else min(shares, count)
            words += f" + {number(doubled, walk.digits)} doubled x {each}"
        votes = number(rights.votes(share_class, shares + doubled), walk.digits)
        lines.append(f"votes of {told('class', share_class)}: {words} = {votes}")
    return lines


def _arithmetic(count: Count, cap: Fact | None, row: Row) -> list[str]:
    v, c = count.all_held, count.castable
    lines = [
        f"V, all votes held = {count.text(v)}",
        f"C, votes that can be cast = V - suspended = {count.text(v)}"
        f" - {count.text(v - c)} = {count.text(c)}",
        f"exercisable = held - suspended - neutral = {count.text(count.held)}"
        f" - {count.text(count.suspended)} - {count.text(count.neutral)}"
        f" = {count.text(count.exercisable)}",
    ]
    if cap is not None and count.limit is not None:
        exact = _limit(cap, c)
        lines.append(
            f"cap = floor({cap.need('percent')}/100 * C) = floor({_decimal(exact)})"
            f" = {count.text(count.limit)} ({told('event', cap.key)})"
        )
        lines.append(
            f"after caps = min({count.text(count.exercisable)}, {count.text(count.limit)})"
            f" = {count.text(count.after_caps)}"
        )
    return [
        *lines,
        f"votes % = held / V: {count.part(count.held, v, row['votes_percent'])}",
        f"exercisable % = of C: {count.part(count.exercisable, c, row['exercisable_percent'])}",
        f"after caps % = of C: {count.part(count.after_caps, c, row['after_caps_percent'])}",
    ]


def _decimal(value: Fraction) -> str:
    """A number with its decimals, which end where the cap is a decimal and C is whole."""
    for places in range(25):
        scaled = value * 10**places
        if scaled.denominator == 1:
            digits = str(scaled.numerator).rjust(places + 1, "0")
            whole_part = f"{int(digits[: len(digits) - places]):,}"
            return f"{whole_part}.{digits[len(digits) - places :]}" if places else whole_part
    return str(value)


def _add_disclosures(explained: Explanation, walk: Walk, holder: str) -> None:
    """Without a register: what is disclosed of a holder's votes, which nobody can count."""
    for fact in walk.disclosures:
        of_votes = fact.text("percent_of") == "votes" or fact.text("votes")
        if fact.need("holder") == holder and of_votes:
            state = f"{told('party', holder)} is disclosed at {disclosure_words(fact)}"
            explained.add_step(fact, state, holder=holder)
    if explained.steps:
        explained.reckon("as printed in the disclosures; nothing is computed.")


def _why(fact: Fact) -> tuple[str, str]:
    """Why a certain event about the issuer is no step."""
    if fact.type in CHECKS:
        return "checked only", "votes are counted from the register; this is only compared"
    if fact.type in (*MOVEMENTS, *Rights.types):
        return "of others", "by it neither these votes nor the votes of all change"
    return "no effect", "it bears on no votes"
