"""What the rows of votes are made of: each account under its caps, and those that share one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from ledger.model.fact import Fact
from projections.answer import exact, percentage, qualified, whole
from projections.rows import VoteRow
from projections.subjects.ballots import Ballot, ballots_of, can_be_counted, totals
from projections.subjects.bases import IN_FULL, OF_VOTES, Totals
from projections.subjects.carried import carried
from projections.subjects.checked_figures import is_point, printed_percent
from projections.subjects.register_at_cut import RegisterAtCut
from projections.subjects.vote_limits import Limit, binding, left, limits_of
from projections.subjects.voting_rights import Rights
from projections.told import COUNT, Told, told

AnyLine: TypeAlias = "Line | GroupLine"


class Line(NamedTuple):
    """What a row of votes is made of; two that are equal make the same row.

    ``limits`` are of the account alone; ``shared`` those of several accounts that together have
    more votes than the limit.
    """

    issuer: str
    account: str
    ballot: Ballot
    limits: tuple[Limit, ...]
    shared: tuple[Limit, ...]
    totals: Totals
    decimals: int

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells the row from others: the holder."""
        return (self.account or self.issuer,)

    @property
    def place(self) -> tuple[Fraction, str]:
        """The place of the row in an answer: those with the most votes come first."""
        return -self.ballot.held, self.account

    @property
    def after(self) -> Fraction:
        """The votes that its own caps leave."""
        return left(self.ballot.exercisable, self.limits)

    @property
    def known(self) -> bool:
        """Whether it is known what its caps leave to it alone."""
        return not self.shared and not any(limit.unknown for limit in self.limits)

    @property
    def most(self) -> Fraction:
        """The most votes that all its caps leave, shared ones by itself alone."""
        return left(self.after, self.shared)

    @property
    def capped(self) -> list[str]:
        """Each of its caps in words."""
        return [*_caps([*self.limits, *self.shared], self.totals, self.decimals)]

    def row(self, digits: int = 2) -> VoteRow:
        """The row, its percentages with so many digits."""
        ballot = self.ballot
        row = _row(self, self.account or self.issuer, self.totals, ballot, digits)
        row["gross"] = whole(ballot.held + ballot.treasury, self.decimals)
        row["gross_percent"] = percentage(ballot.held + ballot.treasury, self.totals.gross, digits)
        binds = [*self.limits, *self.shared]
        row["limit"] = _lowest(binds, self.decimals)
        row["bound_by"] = _names(binding(binds), self.after if not self.shared else None)
        row["reasons"] = [*ballot.reasons, *self.capped]
        if not self.known:
            row["after_caps_high"] = whole(self.most, self.decimals)
        else:
            row["after_caps"] = whole(self.after, self.decimals)
            row["after_caps_percent"] = percentage(self.after, self.totals.castable, digits)
        return row


class GroupLine(NamedTuple):
    """What a row is made of that adds up several accounts under one limit."""

    issuer: str
    lines: tuple[Line, ...]
    limits: tuple[Limit, ...]
    holder: str

    @property
    def decimals(self) -> int:
        return self.lines[0].decimals

    @property
    def together(self) -> Fraction:
        """The votes of the accounts, each under its own caps."""
        return sum((line.after for line in self.lines), Fraction())

    @property
    def after(self) -> Fraction:
        """The votes that the shared limit leaves them together."""
        return left(self.together, self.limits)

    @property
    def known(self) -> bool:
        """Whether it is known what its limits leave."""
        limits = [*self.limits, *(limit for line in self.lines for limit in line.limits)]
        return not any(limit.unknown for limit in limits)

    @property
    def binds(self) -> bool:
        """Whether the limit takes any of the votes."""
        return self.after < self.together

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells the row from others: the holder of the cap, and its accounts."""
        return self.holder, ";".join(line.account or self.issuer for line in self.lines)

    @property
    def place(self) -> tuple[Fraction, str]:
        """The place of the row in an answer: after the largest of its accounts."""
        first = min(line.place for line in self.lines)
        return first[0], f"{first[1]} together"

    def row(self, digits: int = 2) -> VoteRow:
        """The row, its percentages with so many digits."""
        of = self.lines[0].totals
        ballot = Ballot()
        for line in self.lines:
            ballot.held += line.ballot.held
            ballot.suspended += line.ballot.suspended
            ballot.neutral += line.ballot.neutral
        row = _row(self, self.holder, of, ballot, digits)
        row["group"] = [line.account or self.issuer for line in self.lines]
        row["gross"] = whole(ballot.held, self.decimals)
        row["gross_percent"] = percentage(ballot.held, of.gross, digits)
        row["limit"] = _lowest(self.limits, self.decimals)
        row["bound_by"] = _names(binding(self.limits), self.after)
        row["reasons"] = [*_caps(self.limits, of, self.decimals)]
        if not self.known:
            row["after_caps_high"] = whole(self.after, self.decimals)
            return row
        row["after_caps"] = whole(self.after, self.decimals)
        row["after_caps_percent"] = percentage(self.after, of.castable, digits)
        return row


def _row(line: AnyLine, holder: str, of: Totals, ballot: Ballot, digits: int) -> VoteRow:
    """A row with what does not depend on caps."""
    decimals = line.decimals
    return {
        "issuer": line.issuer,
        "holder": holder,
        "group": None,
        "votes": whole(ballot.held, decimals),
        "votes_percent": percentage(ballot.held, of.held, digits),
        "votes_percent_exact": exact(ballot.held, of.held),
        "gross": None,
        "gross_percent": None,
        "suspended": whole(ballot.suspended, decimals),
        "neutral": whole(ballot.neutral, decimals),
        "exercisable": whole(ballot.exercisable, decimals),
        "exercisable_percent": percentage(ballot.exercisable, of.castable, digits),
        "limit": None,
        "bound_by": [],
        "after_caps": None,
        "after_caps_percent": None,
        "gross_votes": whole(of.gross, decimals),
        "held_votes": whole(of.held, decimals),
        "net_votes": whole(of.castable, decimals),
        "reasons": [],
    }


def _lowest(limits: Sequence[Limit], decimals: int) -> str | None:
    return next(
        (whole(one.votes, decimals) for one in binding(limits) if one.votes is not None), None
    )


def _names(limits: Sequence[Limit], after: Fraction | None) -> list[str]:
    """The caps that bind: those whose limit is what is left."""
    return [one.cap.key for one in limits if after is None or one.votes == after]


def _caps(limits: Sequence[Limit], of: Totals, decimals: int) -> Iterator[Told]:
    """Each of some caps in words, those that bind first."""
    binds = binding(limits)
    for limit in sorted(limits, key=lambda one: one not in binds):
        yield _capped(limit, of, limit in binds, decimals)


def _capped(limit: Limit, of: Totals, binds: bool, decimals: int) -> Told:
    """What a cap leaves, and of what; whether others leave less."""
    cap, scope = limit.cap, limit.cap.text("scope")
    by = f"{f', {scope}' if scope else ''} ({told('event', cap.key)})"
    votes = limit.base in OF_VOTES
    count = f"{told(COUNT, whole(of.whole(limit.base), decimals))} " if votes else ""
    together = ", together with others" if len(limit.accounts) > 1 else ""
    what = f"{cap.need('percent')}% of {count}{IN_FULL[limit.base]}{together}"
    if limit.absent:
        return Told(f"the cap at {what} is no limit: such caps make the whole or more{by}")
    if limit.votes is None:
        return Told(f"capped at {what}, which is not known{by}")
    return Told(f"capped at {what}{by}" if binds else f"the cap at {what} is not the lowest{by}")


def lines(at_cut: RegisterAtCut, rights: Rights) -> list[AnyLine] | list[VoteRow]:
    """What the rows of votes are made of; where they cannot be counted, rows from disclosures that
    speak of them."""
    return [*(counted if can_be_counted(at_cut, rights) else disclosed)(at_cut, rights)]


def lines_on(
    at_cut: RegisterAtCut, rights: Rights, accounts: Collection[str], lines: Mapping[str, AnyLine]
) -> dict[str, AnyLine]:
    """The lines by their holders after movements between some accounts, which changed nothing
    else."""
    issuer = at_cut.issuer
    if rights.restrictions.caps or rights.restrictions.spread:
        return {" ".join(line.identity): line for line in counted(at_cut, rights)}
    found, fresh = dict(lines), ballots_of(at_cut, rights, accounts)
    old = [found.pop(a or issuer) for a in accounts if (a or issuer) in found]
    gone = totals({x.account: x.ballot for x in old if isinstance(x, Line)})
    before = next((line.totals for line in lines.values() if isinstance(line, Line)), Totals())
    come, now = totals(fresh), before
    if come != gone:
        now = before.less(gone).more(come)
        found = {
            one: line._replace(totals=now) if isinstance(line, Line) else line
            for one, line in found.items()
        }
    for account, ballot in fresh.items():
        found[account or issuer] = Line(issuer, account, ballot, (), (), now, at_cut.digits)
    return found


def counted(at_cut: RegisterAtCut, rights: Rights) -> Iterator[AnyLine]:
    return lines_of(at_cut, rights, ballots_of(at_cut, rights))


def lines_of(
    at_cut: RegisterAtCut, rights: Rights, ballots: Mapping[str, Ballot]
) -> Iterator[AnyLine]:
    """The lines of ballots: each account under its caps, and the accounts that share one."""
    of, issuer = totals(ballots), at_cut.issuer
    limits = limits_of(at_cut, rights, ballots) if rights.restrictions.caps else []
    own: dict[str, tuple[Limit, ...]] = {}
    groups: dict[tuple[str, ...], tuple[Limit, ...]] = {}
    for limit in limits:
        if len(limit.accounts) > 1:
            groups[limit.accounts] = (*groups.get(limit.accounts, ()), limit)
        else:
            own[limit.accounts[0]] = (*own.get(limit.accounts[0], ()), limit)
    found = {
        account: Line(issuer, account, ballot, own.get(account, ()), (), of, at_cut.digits)
        for account, ballot in ballots.items()
    }
    for accounts, shared in groups.items():
        holder = shared[0].cap.text("holder") or accounts[0]
        group = GroupLine(issuer, tuple(found[account] for account in accounts), shared, holder)
        yield group
        if group.binds:
            for account in accounts:
                found[account] = found[account]._replace(
                    shared=(*found[account].shared, *binding(shared))
                )
    yield from found.values()


def disclosed(at_cut: RegisterAtCut, _: Rights) -> Iterator[VoteRow]:
    """Rows from disclosures that speak of votes; every other figure is unknown."""
    for fact in at_cut.disclosures:
        if fact.text("percent_of") == "votes" or fact.text("votes"):
            share = printed_percent(fact) if fact.text("percent_of") == "votes" else None
            single = fact.text("percent") if share and is_point(fact) else None
            votes = carried(at_cut, fact, "votes").number if is_point(fact) else None
            yield {
                "issuer": at_cut.issuer,
                "holder": fact.need("holder"),
                "group": None,
                "votes": None if votes is None else whole(votes, at_cut.digits),
                "votes_percent": single,
                "votes_percent_exact": None,
                "gross": None,
                "gross_percent": None,
                "suspended": None,
                "neutral": None,
                "exercisable": None,
                "exercisable_percent": None,
                "limit": None,
                "bound_by": [],
                "after_caps": None,
                "after_caps_percent": None,
                "gross_votes": None,
                "held_votes": None,
                "net_votes": None,
                "reasons": [_as_disclosed(fact, share)],
            }


def _as_disclosed(fact: Fact, share: str | None) -> Told:
    """When votes were disclosed; how sure the figures are, where they are not exact or official."""
    how, votes = fact.text("qualifier"), fact.text("votes")
    figures = [qualified(share, how)] if share else []
    figures += [f"{qualified(told(COUNT, votes), how)} votes"] if votes else []
    hedges = figures if how not in (None, "exactly") or "percent_to" in fact.data else []
    hedges += [fact.standing] if fact.standing != "official" else []
    words = f": {', '.join(hedges)}" if hedges else ""
    return Told(f"as disclosed {fact.on} ({told('event', fact.key)}){words}")
