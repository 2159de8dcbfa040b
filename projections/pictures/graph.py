"""The graph around a party: who has what of whom, in which role, at one cut.

Stakes are those of ``holdings`` and ``votes``, control is that of ``group``: a graph adds nothing
to them but the choice of parties.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from ledger.model.fact import STANDINGS, Fact
from ledger.time.exclusions import About
from ledger.time.view import View
from ledger.values.dates import place_of
from projections.answer import Answer, exact, keys, percentage, weakest, weakest_of, whole
from projections.control.found import Asked, Found
from projections.control.kernel import Control
from projections.control.members import members
from projections.control.network import TYPES, Network
from projections.control.structure import Structures
from projections.graph_rows import GraphRow
from projections.holding_rows import HoldingRow
from projections.names import NAMING
from projections.pictures.around import Around
from projections.pictures.loops import closing
from projections.rows import VoteRow
from projections.sentences import listed
from projections.subjects.bases import issued
from projections.subjects.holdings import holdings
from projections.subjects.register_at_cut import RegisterAtCut
from projections.subjects.remainder import NOT_KNOWN
from projections.subjects.share_rights import rows_of
from projections.subjects.vote_lots import lots
from projections.subjects.votes import votes
from projections.told import told

_NAMED = 5  # companies of which others have something too


def graph(view: View, party: str, depth: int | None = None, digits: int = 2) -> Answer[GraphRow]:
    """The edges among the parties around one: those above it and below, ``depth`` steps away."""
    drawn = _Drawn(view, view.identities.of(party), depth, digits)
    answer = Answer[GraphRow](about=drawn.about)
    answer.rows += drawn.rows()
    for company in drawn.issuers:
        answer.add_possible(drawn.network.company(company).at_cut.possible)
    if drawn.open_ended:
        names = [told("party", one) for one in drawn.open_ended]
        more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
        who = listed([*names[:_NAMED], *more])
        answer.note(f"Others who have something of {who} are not drawn.")
    if not answer.rows:
        who = told("party", drawn.parties[0])
        answer.gap(f"no event at this cut tells who has anything of {who}, or of whom it has")
    return answer


class _Drawn:
    """The parties of a graph, and what each has of the others."""

    def __init__(self, view: View, party: str, depth: int | None, digits: int) -> None:
        self.view, self.digits = view, digits
        self._whole, self._kinds = view.whole, dict[str, str]()
        self.network = Network(view)
        self.around = Around(self.network, depth)
        self.parties = self.around.parties([party])
        named = [f"party:{one}" for one in self.parties]
        for types in (NAMING[:1], NAMING):
            view.history.gather(named, types)

    @property
    def about(self) -> list[About]:
        """The events among which the graph is looked for."""
        return [([f"{kind}:{one}" for one in self.parties for kind in ("issuer", "party")], TYPES)]

    @property
    def issuers(self) -> list[str]:
        """The parties of whose shares anything is recorded."""
        return [one for one in self.parties if self.network.company(one).is_issuer]

    @cached_property
    def _control(self) -> tuple[Control, Control]:
        structure = Structures(self.network).of(self.parties)
        return Control(structure, sure=True), Control(structure, sure=False)

    def rows(self) -> list[GraphRow]:
        """The edges, those of the parties first that come first; loops are marked."""
        found = [row for party in self.parties for row in self._edges_to(party)]
        drawn = set(self.parties)
        drawn.add(NOT_KNOWN)
        self.open_ended = dict.fromkeys(row["of"] for row in found if row["party"] not in drawn)
        found = [row for row in found if row["party"] in drawn]
        found += list(self._controlling(found))
        for number in closing([(row["party"], row["of"]) for row in found], self.parties):
            found[number]["closes_loop"] = True
        return found

    def _controlling(self, edges: Sequence[GraphRow]) -> Iterator[GraphRow]:
        """Who controls a company by nothing that is drawn: who instructs a trust that has it."""
        heavy = defaultdict[str, set[str]](set)
        for row in edges:
            if row["in_control"] != "no":
                heavy[row["party"]].add(row["of"])
        for party in self.parties:
            entries = [of for control in self._control for of in control.group(party).entries]
            led = _led(heavy, party) if entries else ()
            for of in dict.fromkeys(one for one in entries if one in self.parties):
                found = None if of in led else Found(self.view, Asked(of))
                pair = found.pair(party, of) if found and party not in found.pools else None
                if pair:
                    told = pair.row(self.digits)
                    edge = self._edge(party, of, "control", ())
                    yield edge | {"standing": told["standing"], "events": told["events"]}

    def _edges_to(self, party: str) -> Iterator[GraphRow]:
        if self.network.company(party).is_issuer:
            yield from self._stakes(party)
            yield from self._rights(party)
        for one, role in self.around.roles(party):
            yield self._edge(one, party, role, self.around.facts(party))
        for relation in self.around.relations(party):
            if relation.of == party:
                yield self._edge(relation.party, party, relation.kind, [relation.fact])
        for seat in self.network.seats(party):
            for holder in seat.holders if len(seat.holders) == 1 else ():
                yield self._edge(holder, party, "appoints", seat.right.facts)

    def _stakes(self, issuer: str) -> Iterator[GraphRow]:
        """What each holder has of an issuer, by the register, then as disclosed."""
        voting = votes(self.view, issuer, members).rows
        cast = {row["holder"]: row for row in voting if not row["group"]}
        factors = self._factors(issuer)
        registered = defaultdict[str, list[HoldingRow]](list)
        held = holdings(self.view, issuer).rows
        for row in held:
            if row["basis"] == "register":
                registered[row["holder"]].append(row)
        at_cut = self.network.company(issuer).at_cut
        capital = at_cut.capital
        all_shares = sum((issued(at_cut, c) for c in capital), Fraction())
        for holder, rows in registered.items():
            edge = self._held(at_cut, rows, capital, all_shares) | {"factor": factors.get(holder)}
            yield self._with_votes(edge, cast[holder]) if holder in cast else edge
        for row in held:
            if row["basis"] in ("disclosed", "asserted"):
                yield self._disclosed(issuer, row)
        holders = {row["holder"] for row in held}
        for holder, voted in cast.items():
            if holder not in holders:
                yield self._with_votes(self._bare(holder, issuer, "holder"), voted)

    def _factors(self, issuer: str) -> dict[str, str]:
        """The most votes that a share of each holder has, where that is more than one."""
        found = dict[str, Fraction]()
        if not self.network.company(issuer).rights.lots.known:
            return {}
        for row in lots(self.view, issuer).rows:
            found[row["holder"]] = max(
                found.get(row["holder"], Fraction(1)), Fraction(row["factor"])
            )
        return {holder: str(factor) for holder, factor in found.items() if factor > 1}

    def _held(
        self,
        at_cut: RegisterAtCut,
        rows: Sequence[HoldingRow],
        capital: Sequence[str],
        all_shares: Fraction,
    ) -> GraphRow:
        """A line of a register, its classes of capital together."""
        counted = [row for row in rows if row["share_class"] in capital] or rows
        shares = sum((Fraction(row["shares"] or 0) for row in counted), Fraction())
        edge = self._bare(rows[0]["holder"], at_cut.issuer, "holder")
        edge |= {
            "shares": whole(shares, at_cut.digits),
            "percent": percentage(shares, all_shares, self.digits),
            "percent_exact": exact(shares, all_shares),
            "percent_of": "capital" if len(capital) > 1 else "issued",
            "standing": weakest_of(row["standing"] for row in rows),
            "events": list(dict.fromkeys(key for row in rows for key in row["events"])),
        }
        return edge

    def _disclosed(self, issuer: str, row: HoldingRow) -> GraphRow:
        edge = self._bare(row["holder"], issuer, "holder")
        edge |= {
            "shares": row["shares"],
            "percent": row["percent"],
            "percent_exact": row["percent_exact"],
            "percent_to": row.get("percent_to"),
            "percent_of": row["percent_of"],
            "qualifier": row.get("qualifier"),
            "basis": "disclosed" if row["basis"] == "disclosed" else "asserted",
            "standing": row["standing"],
            "events": row["events"],
        }
        return edge

    def _with_votes(self, edge: GraphRow, cast: VoteRow) -> GraphRow:
        cast_votes, net = cast["after_caps"], cast["net_votes"]
        counted = cast_votes is not None and net is not None
        edge |= {
            "votes": cast["votes"],
            "votes_percent": cast["votes_percent"],
            "votes_percent_exact": cast["votes_percent_exact"],
            "after_caps_percent": cast["after_caps_percent"],
            "after_caps_percent_exact": (
                exact(Fraction(cast_votes or 0), Fraction(net or 0)) if counted else None
            ),
            "suspended": _unless_nothing(cast["suspended"]),
            "neutral": _unless_nothing(cast["neutral"]),
            "bound_by": cast["bound_by"],
        }
        return edge

    def _rights(self, issuer: str) -> Iterator[GraphRow]:
        """Who has a right in shares of an issuer that stand in another's name."""
        for row in rows_of(self.network.company(issuer).at_cut):
            edge = self._bare(row["party"], issuer, row["kind"])
            edge |= {
                "shares": row["shares"],
                "basis": "recorded",
                "since": row["since"],
                "standing": row["standing"],
                "events": row["events"],
            }
            yield edge

    def _edge(self, party: str, of: str, role: str, facts: Iterable[Fact]) -> GraphRow:
        found = list(facts)
        edge = self._bare(party, of, role)
        edge |= {
            "basis": "recorded",
            "since": min((f.since for f in found if f.since), key=place_of, default=None),
            "standing": weakest(found),
            "events": keys(found),
        }
        return edge

    def _bare(self, party: str, of: str, role: str) -> GraphRow:
        return {
            "party": party,
            "party_kind": self._kind(party),
            "of": of,
            "of_kind": self._kind(of),
            "role": role,
            "shares": None,
            "percent": None,
            "percent_exact": None,
            "percent_to": None,
            "qualifier": None,
            "percent_of": None,
            "votes": None,
            "votes_percent": None,
            "votes_percent_exact": None,
            "after_caps_percent": None,
            "after_caps_percent_exact": None,
            "suspended": None,
            "neutral": None,
            "factor": None,
            "bound_by": [],
            "basis": "register",
            "in_control": self._controls(party, of),
            "closes_loop": False,
            "since": None,
            "standing": STANDINGS[0],
            "events": [],
        }

    def _controls(self, party: str, of: str) -> Any:
        sure, perhaps = self._control
        company = self.network.company(of)
        if party == of or (company.is_issuer and company.is_pool(party)):
            return "no"
        if of in sure.group(party).entries:
            return "yes"
        return "perhaps" if of in perhaps.group(party).entries else "no"

    def _kind(self, party: str) -> str:
        """The kind of a party, told before the day of its registration too, as its name is."""
        if party not in self._kinds:
            about = self._whole.about(f"party:{party}", types=NAMING[:1])
            facts = [*about.certain, *(possible.fact for possible in about.possible)]
            own = [fact for fact in facts if fact.text("party") == party]
            self._kinds[party] = own[-1].need("kind") if own else "unknown"
        return self._kinds[party]


def _led(below: Mapping[str, Collection[str]], party: str) -> set[str]:
    """All to which edges lead from a party, one after another."""
    found, left = set[str](), [party]
    while left:
        fresh = set(below.get(left.pop(), ())) - found
        found |= fresh
        left += fresh
    return found


def _unless_nothing(number: str | None) -> str | None:
    return None if number in (None, "0") else number
