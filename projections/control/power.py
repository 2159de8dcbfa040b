"""The power to decide of each holder of votes, over all coalitions (docs/arithmetic.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any, Literal

from ledger.time.view import View
from ledger.values.majorities import Quota, parse_quota
from projections.answer import Answer, exact, percentage, whole
from projections.control.coalitions import MOST_STATES, Coalitions, Minimal, Power, TooLarge
from projections.control.members import members
from projections.control.network import RELATIONS, Network, Relation
from projections.control_rows import PowerRow
from projections.subjects.ballots import can_be_counted
from projections.subjects.elsewhere import rests_on
from projections.subjects.register_at_cut import TYPES as POSITION_TYPES
from projections.subjects.register_at_cut import register_at_cut
from projections.subjects.share_rights import moved_votes
from projections.subjects.vote_lines import GroupLine, Line, counted
from projections.subjects.votes import note_uncounted, note_unsaid_lots
from projections.subjects.voting_rights import TYPES as VOTING
from projections.subjects.voting_rights import Rights
from projections.told import COUNT, Told, told

Rest = Literal["absent", "block", "listed"]
TYPES = (*POSITION_TYPES, *VOTING, *RELATIONS)
MAJORITY = "50%+1"
_NAMED = 6  # of many who are absent


@dataclass
class Player:
    """Accounts that vote as one, by the one with the most votes; no holder is the rest."""

    holder: str | None
    parties: list[str]
    votes: Fraction
    events: list[str] = field(default_factory=list)


def power(
    view: View,
    issuer: str,
    quota: str = MAJORITY,
    rest: Rest = "absent",
    top: int | None = None,
    digits: int = 2,
) -> Answer[PowerRow]:
    """How often each holder of votes decides, over all coalitions of those who vote.

    Votes are those that caps leave. Parties in concert are one player, and so are accounts that
    somebody instructs. ``rest`` says whether shareholders who are counted together, and with
    ``top`` all but so many of the largest, are absent, one block, or each a player as listed.
    """
    issuer, needed = view.identities.of(issuer), parse_quota(quota)
    about = [((f"issuer:{issuer}",), TYPES), *rests_on(view, issuer)]
    answer = Answer[PowerRow](about=about)
    rights = Rights(view, members)
    at_cut = register_at_cut(view, issuer, rights)
    answer.add_possible(at_cut.possible)
    if not can_be_counted(at_cut, rights):
        note_uncounted(answer, at_cut, rights)
        return answer
    found = _Players(Network(view), issuer, [*counted(at_cut, rights)])
    if found.unknown:
        named = ", ".join(told("party", one) for one in found.unknown)
        answer.gap(f"no event at this cut tells what caps leave of the votes of {named}")
        return answer
    players = _gathered(found, rest, top, answer)
    _count(answer, issuer, players, needed, quota, rest, digits)
    for words in moved_votes(at_cut):
        answer.note(words)
    note_unsaid_lots(answer, rights)
    return answer


class _Together:
    """Parties of which some are together; what is together with one of two is with the other."""

    def __init__(self) -> None:
        self._one: dict[str, str] = {}

    @property
    def parties(self) -> Iterable[str]:
        return self._one

    def join(self, parties: Iterable[str]) -> None:
        """Take some parties as together."""
        first, *others = map(self.first, parties)
        for other in others:
            self._one[other] = first

    def first(self, party: str) -> str:
        """The one that stands for all with whom a party is together."""
        while (above := self._one.setdefault(party, party)) != party:
            party = above
        return party


class _Players:
    """The accounts of a company that can vote, those that vote as one together."""

    def __init__(self, network: Network, issuer: str, lines: Sequence[Line | GroupLine]) -> None:
        self._network, self._company = network, network.company(issuer)
        alone = [line for line in lines if isinstance(line, Line) and line.ballot.exercisable]
        groups = [line for line in lines if isinstance(line, GroupLine) and line.binds]
        among = [line.account for group in groups for line in group.lines]
        several = {account for account in among if among.count(account) > 1}
        self.unknown = [line.account for line in alone if not line.shared and not line.known]
        self.unknown += [g.holder for g in groups if not g.known or several & _accounts(g)]
        self.neutral = [x.account for x in lines if isinstance(x, Line) and x.ballot.neutral]
        self._lines, self._groups = alone, groups

    @cached_property
    def _concerts(self) -> list[Relation]:
        """Who acts with whom, of those who vote and of those who act with them."""
        pending, found = [*self._voting.parties], dict[str, Relation]()
        for party in pending:
            for one in self._network.relations(party):
                if one.kind == "concert" and one.fact.key not in found:
                    found[one.fact.key] = one
                    pending += [one.party, one.of]
        return list(found.values())

    @property
    def _voting(self) -> _Together:
        """Those who vote as one without acting in concert."""
        found = _Together()
        for line in self._lines:
            voters = self._company.voters(line.account)
            found.join([line.account, *voters] if len(voters) == 1 else [line.account])
        for group in self._groups:
            found.join(line.account for line in group.lines)
        return found

    @cached_property
    def _together(self) -> _Together:
        found = self._voting
        for one in self._concerts:
            found.join([one.party, one.of])
        return found

    def each(self) -> Iterator[tuple[Player, bool]]:
        """The players, largest first, and whether each is of several who are counted together."""
        shared = [(group.lines[0].account, group.after) for group in self._groups]
        own = [(line.account, line.after) for line in self._lines if not line.shared]
        votes = defaultdict[str, Fraction](Fraction)
        for account, number in (*own, *shared):
            votes[self._together.first(account)] += number
        members = defaultdict[str, list[Line]](list)
        for line in sorted(self._lines, key=lambda line: line.place):
            members[self._together.first(line.account)].append(line)
        for root in sorted(members, key=lambda one: (-votes[one], one)):
            lines = members[root]
            if votes[root]:
                pooled = all(self._company.is_pool(line.account) for line in lines)
                yield self._player(root, lines, votes[root]), pooled

    def _player(self, root: str, lines: Sequence[Line], votes: Fraction) -> Player:
        first = self._company.voters(lines[0].account)
        holder = first[0] if len(first) == 1 else lines[0].account
        accounts = dict.fromkeys((holder, *(line.account for line in lines)))
        joined = (one for one in self._concerts if self._together.first(one.party) == root)
        return Player(holder, list(accounts), votes, [one.fact.key for one in joined])


def _accounts(group: GroupLine) -> set[str]:
    return {line.account for line in group.lines}


def _gathered(found: _Players, rest: Rest, top: int | None, answer: Answer[Any]) -> list[Player]:
    """The players of a game, and what became of the others, in a note."""
    each = [*found.each()]
    listed = [player for player, pooled in each if rest == "listed" or not pooled]
    players, others = listed[:top], listed[top:] if top is not None else []
    others += [player for player, pooled in each if pooled and rest != "listed"]
    if found.neutral:
        named = ", ".join(told("party", one) for one in found.neutral)
        answer.note(Told(f"No player is who votes neutrally: {named}."))
    if not others:
        return players
    votes = sum((player.votes for player in others), Fraction())
    parties = [party for player in others for party in player.parties]
    if rest == "block":
        players.append(Player(None, parties, votes))
        return sorted(players, key=lambda player: -player.votes)
    named = ", ".join(told("party", one) for one in parties[:_NAMED])
    named += f" and {len(parties) - _NAMED} more" if len(parties) > _NAMED else ""
    answer.note(Told(f"Absent, with {told(COUNT, whole(votes))} votes: {named} (--rest)."))
    return players


def _count(
    answer: Answer[PowerRow],
    issuer: str,
    players: Sequence[Player],
    needed: Quota,
    quota: str,
    rest: Rest,
    digits: int,
) -> None:
    unit = lcm(*(player.votes.denominator for player in players))
    votes = [int(player.votes * unit) for player in players]
    least, every = needed.least(sum(votes), unit), sum(votes)
    table = _Table(issuer, players, Fraction(every, unit), Fraction(least, unit), digits)
    of = f"{told(COUNT, whole(table.least))} of {told(COUNT, whole(table.every))} votes"
    answer.note(Told(f"Votes that win: {of} ({quota})."))
    if least > every:
        answer.note("No coalition has so many: nobody decides.")
    elif 2 * least <= every:
        answer.note("Two coalitions can have so many at once: it is no majority.")
    coalitions = Coalitions(votes, least)
    try:
        powers = coalitions.powers()
    except TooLarge as too:
        answer.rows += map(table.row, players)
        answer.note(_too_many(len(players), _fitting(votes, too.counted, needed, unit, rest), rest))
        return
    minimal = coalitions.minimal()
    answer.rows += map(table.row, players, powers)
    answer.rows += (table.coalition(places) for places in minimal.listed)
    if len(minimal.listed) < minimal.total:
        answer.note(_listed(minimal))


def _fitting(votes: Sequence[int], most: int, needed: Quota, unit: int, rest: Rest) -> int:
    """How many of the largest players are not too many, with the others absent or one block."""
    for number in range(min(most, len(votes) - 1), 0, -1):
        others = [sum(votes[number:])] if rest == "block" else []
        chosen = sorted([*votes[:number], *others], reverse=True)
        try:
            Coalitions(chosen, needed.least(sum(chosen), unit)).check()
        except TooLarge:
            continue
        return number
    return 1


def _too_many(players: int, number: int, rest: Rest) -> str:
    others = "are one player" if rest == "block" else "are absent"
    how = " with --rest absent or block" if rest == "listed" else ""
    return (
        f"Not counted: {players} players make more than {MOST_STATES:,} states of members and"
        f" votes. --top {number}{how} counts the {number} largest; the others then {others}."
    )


def _listed(minimal: Minimal) -> str:
    return (
        f"{minimal.total:,} coalitions win and lose without any of their members; the"
        f" {len(minimal.listed)} smallest are listed."
    )


def _yes(said: bool) -> Literal["yes", "no"]:
    return "yes" if said else "no"


@dataclass(frozen=True)
class _Table:
    """What all rows have in common."""

    issuer: str
    players: Sequence[Player]
    every: Fraction
    least: Fraction
    digits: int

    def row(self, player: Player, power: Power | None = None) -> PowerRow:
        """The row of a player; its power is not known where it is not counted."""
        row = self._row("player" if player.holder else "rest", player.parties, player.votes)
        row["holder"], row["events"] = player.holder, player.events
        if power is None:
            return row
        row["swings"], row["veto"] = str(power.swings), _yes(power.veto)
        row["in_minimal"] = _yes(power.swings > 0)
        if power.banzhaf is not None and power.shapley is not None:
            whole_power = Fraction(1)
            row["banzhaf"] = percentage(power.banzhaf, whole_power, self.digits)
            row["banzhaf_exact"] = str(power.banzhaf)
            row["shapley"] = percentage(power.shapley, whole_power, self.digits)
            row["shapley_exact"] = str(power.shapley)
        return row

    def coalition(self, places: Sequence[int]) -> PowerRow:
        """The row of a minimal winning coalition."""
        members = [self.players[place] for place in places]
        votes = sum((player.votes for player in members), Fraction())
        parties = [player.holder for player in members if player.holder]
        row = self._row("coalition", parties, votes)
        row["with_rest"] = _yes(any(player.holder is None for player in members))
        return row

    def _row(
        self, kind: Literal["player", "rest", "coalition"], parties: list[str], votes: Fraction
    ) -> PowerRow:
        return {
            "issuer": self.issuer,
            "kind": kind,
            "holder": None,
            "parties": parties,
            "with_rest": _yes(kind == "rest"),
            "votes": whole(votes),
            "percent": percentage(votes, self.every, self.digits),
            "percent_exact": exact(votes, self.every),
            "quota": whole(self.least),
            "swings": None,
            "banzhaf": None,
            "banzhaf_exact": None,
            "shapley": None,
            "shapley_exact": None,
            "in_minimal": None,
            "veto": None,
            "events": [],
        }
