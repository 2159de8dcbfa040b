"""A holder's votes explained: the running count of votes, and each reduction spelled out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.model.movements import MOVEMENTS
from ledger.model.register import account_of
from ledger.time.view import View
from projections.answer import complete, whole
from projections.control.members import members
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
from projections.subjects.ballots import ballots, counting
from projections.subjects.bases import IN_FULL
from projections.subjects.beside import unregistered
from projections.subjects.changed_hands import Counted
from projections.subjects.register_at_cut import CHECKS
from projections.subjects.remainder import NOT_KNOWN
from projections.subjects.vote_limits import Limit
from projections.subjects.vote_lines import AnyLine, GroupLine, Line, lines_of, lines_on
from projections.subjects.vote_lots import change_words
from projections.subjects.votes import votes
from projections.subjects.voting_rights import Rights, lots_of
from projections.told import told

_WORDS = ("vot", "share", "stake", "cap")


class Group(NamedTuple):
    """Accounts under one cap, the votes that they have together, and those that it leaves them."""

    accounts: tuple[str, ...]
    together: Fraction
    after: Fraction


class Count(NamedTuple):
    """A holder's votes at one moment, with the votes of all and the limits of its caps."""

    held: Fraction
    suspended: Fraction
    neutral: Fraction
    all_held: Fraction
    castable: Fraction
    limits: tuple[Limit, ...]
    digits: int = 0
    groups: tuple[Group, ...] = ()

    @property
    def own(self) -> tuple[Fraction, ...]:
        """The holder's own votes: held, suspended and cast neutrally."""
        return self.held, self.suspended, self.neutral

    @property
    def limit(self) -> Fraction | None:
        """The votes that its lowest cap leaves."""
        return min((one.votes for one in self.limits if one.votes is not None), default=None)

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
    holder, issuer = view.identities.of(holder), view.identities.of(issuer)
    query = complete(view, votes(view, issuer, members, digits))
    own = [row for row in query.rows if row["holder"] == holder and row["group"] is None]
    figure = own + [row for row in query.rows if own and holder in (row["group"] or ())]
    explained = explaining(query, figure)
    view.history.mentioning(f"issuer:{issuer}")  # read at once: also what is left out is told
    tally = _Tally(view, explained, account_of(f"{issuer}/", holder))
    walk = Walk(view, issuer, tally.after, tally.rights).to_cut()
    add_trusts(explained, walk, [holder])
    if tally.last is None:
        _add_disclosures(explained, walk, holder)
    explained.in_order()
    if figure and tally.last is not None:
        for line in (
            *_held(walk, tally.rights, account_of(f"{issuer}/", holder)),
            *_lots(walk, tally.rights, account_of(f"{issuer}/", holder)),
            *votes_by_class(walk, tally.rights),
            *_arithmetic(tally.last, figure[0]),
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
        self.rights = Rights(view, members)
        self.last: Count | None = None
        self._explained, self._account = explained, account
        self._counted: Counted | None = None
        self._lines: Mapping[str, AnyLine] = {}
        self._moved: set[str] = set()  # accounts whose lines are not yet those of today

    def after(self, walk: Walk, fact: Fact) -> None:
        """Count the votes after a fact."""
        told_of_rest = fact.type in CHECKS
        if told_of_rest and (not walk.asserted or self.last is None):
            return
        count = self._count(walk, fact)
        named = not told_of_rest and self._account in (
            fact.text("holder"),
            fact.text("transferee"),
            fact.text("trust"),
        )
        if count == self.last and not named and fact.type != "share-class-created":
            return
        only_whole = (
            count is not None
            and not named
            and count.own == (self.last.own if self.last else (Fraction(),) * 3)
        )
        self.last = count
        if count is None:
            self._explained.add_step(fact, "no votes are counted yet", holder=self._account)
            return
        fields = {name: whole(getattr(count, name), count.digits) for name in Count._fields[:5]}
        limit = None if count.limit is None else whole(count.limit)
        self._explained.add_step(
            fact,
            f"{'only the votes of all change: ' if only_whole else ''}{_state(count)}",
            holder=self._account or walk.issuer,
            **fields,
            limit=limit,
            exercisable=whole(count.exercisable, count.digits),
            after_caps=whole(count.after_caps, count.digits),
        )

    def _count(self, walk: Walk, fact: Fact) -> Count | None:
        pairs = self._counted and self._counted.changed_hands([fact])
        if self._counted is None or pairs is None:
            self._moved.clear()
            found = ballots(walk, self.rights)
            self._lines = {
                " ".join(one.identity): one for one in lines_of(walk, self.rights, found)
            }
            self._counted = Counted(walk, self.rights) if found else None
        elif pairs:
            self._moved.update(account for _, account in pairs)
            if self._account not in self._moved and self._counted.keeps_totals(pairs):
                return self.last
            self._lines = lines_on(walk, self.rights, self._moved, self._lines)
            self._moved.clear()
        return self._told(walk) if self._lines else None

    def _told(self, walk: Walk) -> Count:
        lines = [one for one in self._lines.values() if isinstance(one, Line)]
        groups = tuple(
            Group(tuple(one.account for one in group.lines), group.together, group.after)
            for group in self._lines.values()
            if isinstance(group, GroupLine) and group.binds
        )
        of = lines[0].totals
        for line in lines:
            if line.account == self._account:
                own, limits = line.ballot, (*line.limits, *line.shared)
                parts = own.held, own.suspended, own.neutral
                own_groups = tuple(one for one in groups if line.account in one.accounts)
                return Count(*parts, of.held, of.castable, limits, walk.digits, own_groups)
        return Count(*(Fraction(),) * 3, of.held, of.castable, (), walk.digits)


def _state(count: Count) -> str:
    words = [f"{count.text(count.held)} held"]
    words += [f"{count.text(count.suspended)} suspended"] if count.suspended else []
    words += [f"{count.text(count.neutral)} cast neutrally"] if count.neutral else []
    words.append(f"{count.text(count.exercisable)} exercisable")
    at_most = "at most " if count.groups else ""
    after = f"{at_most}{count.text(count.after_caps)} after the cap"
    words += [] if count.limit is None else [after]
    of_all = f"V = {count.text(count.all_held)}, C = {count.text(count.castable)}"
    return f"{', '.join(words)}; of all, {of_all}"


def _held(walk: Walk, rights: Rights, account: str) -> list[str]:
    """The votes held, class by class, and lot by lot."""
    lines = []
    for share_class in walk.classes:
        beside = unregistered(walk, share_class)
        shares = beside.get(account) or walk.register.shares(share_class, account)
        if not shares:
            continue
        pair, each = (share_class, account), rights.terms.each(share_class)
        words = f"{number(shares, walk.digits)} shares x {each}"
        for lot, of in lots_of(rights.parts(pair, shares)):
            times = "doubled" if lot.factor == 2 else f"{lot.factor - 1} times more"
            words += f" + {number(of, walk.digits)} {times} x {each}"
        held = rights.votes(share_class, shares + rights.extra(pair, shares))
        votes = number(held, walk.digits)
        lines.append(f"votes of {told('class', share_class)}: {words} = {votes}")
    return lines


def _lots(walk: Walk, rights: Rights, account: str) -> Iterator[str]:
    """Each lot that is or was on an account, with its grant and what became of it."""
    for pair, name in rights.lots.known:
        if pair[1] == account:
            history = rights.lots.history(pair, name)
            left = next(
                (lot.shares for lot in rights.lots.of(pair) if lot.name == name), Fraction()
            )
            lot = told("event", name) if name in {one.by.key for one in history} else name
            words = ", ".join(change_words(walk, change).marked for change in history)
            yield f"lot {lot}: {words} = {walk.count(pair[0], left)} shares"


def votes_by_class(walk: Walk, rights: Rights) -> Iterator[str]:
    """How the votes of all are found, class by class, and what is suspended of them."""
    found = ballots(walk, rights)
    for share_class in walk.classes if len(found) > 1 else ():
        if not rights.has_votes(share_class):
            continue
        parts = [one.parts[share_class] for one in found.values() if share_class in one.parts]
        votes = sum((rights.votes(share_class, counting(one)) for one in parts), Fraction())
        rest = unregistered(walk, share_class)
        named = sum((n for account, n in rest.items() if account != NOT_KNOWN), Fraction())
        shares = walk.register.outstanding(share_class) + named
        more = sum(map(counting, parts), Fraction()) - shares
        of, digits = told("class", share_class), walk.register.digits(share_class)
        words = f"{number(shares, digits)} shares {'of known holders' if rest else 'outstanding'}"
        words = f"({words} + {number(more, digits)} more of lots)" if more else words
        each = "counted holder by holder" if rights.terms.rounds(share_class) else "x"
        each += f" {rights.terms.each(share_class)}" if each == "x" else ""
        yield f"in V, votes of {of}: {words} {each} = {number(votes, walk.digits)}"
    told_alone = [b.held for a, b in found.items() if b.held and not b.parts and a != NOT_KNOWN]
    if told_alone:
        disclosed = sum(told_alone, Fraction())
        yield f"in V, votes disclosed of holders without a line: {number(disclosed, walk.digits)}"
    if (nobodys := found.get(NOT_KNOWN)) is not None:
        yield f"in V, votes that nobody is known to hold: {number(nobodys.held, walk.digits)}"


def _arithmetic(count: Count, row: Row) -> list[str]:
    v, c = count.all_held, count.castable
    lines = [
        f"V, all votes held = {count.text(v)}",
        f"C, votes that can be cast = V - suspended = {count.text(v)}"
        f" - {count.text(v - c)} = {count.text(c)}",
        f"exercisable = held - suspended - neutral = {count.text(count.held)}"
        f" - {count.text(count.suspended)} - {count.text(count.neutral)}"
        f" = {count.text(count.exercisable)}",
    ]
    lines += [_cap_words(one, count) for one in count.limits]
    lines += [_together(one, count) for one in count.groups]
    if count.limit is not None and not count.groups:
        lines.append(
            f"after caps = min({count.text(count.exercisable)}, {count.text(count.limit)})"
            f" = {count.text(count.after_caps)}"
        )
    return [
        *lines,
        f"votes % = held / V: {count.part(count.held, v, row['votes_percent'])}",
        f"exercisable % = of C: {count.part(count.exercisable, c, row['exercisable_percent'])}",
        *_after_percent(count, row),
    ]


def _after_percent(count: Count, row: Row) -> Iterator[str]:
    if not count.groups:
        part = count.part(count.after_caps, count.castable, row["after_caps_percent"])
        yield f"after caps % = of C: {part}"


def _together(group: Group, count: Count) -> str:
    """The votes that accounts under one cap have, and what it leaves them, which nothing shares
    out among them."""
    whose = " and ".join(told("party", one) for one in group.accounts)
    return (
        f"after caps, {whose} together: min({count.text(group.together)},"
        f" {count.text(group.after)}) = {count.text(group.after)}, which is not shared out"
    )


def _cap_words(limit: Limit, count: Count) -> str:
    """How the votes that a cap leaves are found."""
    percent, by = limit.cap.need("percent"), told("event", limit.cap.key)
    together = f" for {len(limit.accounts)} accounts together" if len(limit.accounts) > 1 else ""
    if limit.absent:
        return f"cap = none: the caps of the votes cast make the whole or more ({by})"
    if limit.votes is None:
        return f"cap = {percent}/100 of {IN_FULL[limit.base]}, not known{together} ({by})"
    left = count.text(limit.votes)
    if limit.base != "net-votes":
        return f"cap = floor({percent}/100 of {IN_FULL[limit.base]}) = {left}{together} ({by})"
    exact = _decimal(count.castable * limit.percent)
    return f"cap = floor({percent}/100 * C) = floor({exact}) = {left}{together} ({by})"


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
