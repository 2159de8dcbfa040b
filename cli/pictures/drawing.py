"""What a picture of a graph shows: nodes and edges with their words, and the signs of change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from cli.labels import Labels
from cli.plans.figures import span
from cli.safe_text import visible
from ledger.values.quantities import rounded
from projections.graph_rows import GraphRow

Sign = Literal["", "+", "-", "~"]
Style = Literal["solid", "dashed", "dotted"]
HELD = "holder"
_GROUP = 3  # parties; two are told well enough by the edge between them
_STYLES: Mapping[str, Style] = {"register": "solid", "disclosed": "dashed", "asserted": "dashed"}
QUALIFIERS = {
    "about": "about ", "at-least": "at least ", "more-than": "over ", "at-most": "at most ",
    "less-than": "under ", "reaches": "reaches ", "falls-below": "under ",
}  # fmt: skip


@dataclass(frozen=True)
class Node:
    """A party: its name, what it is where that is no company, and how it changed."""

    id: str
    name: str
    kind: str
    sign: Sign = ""
    notes: tuple[str, ...] = ()


class Words(NamedTuple):
    """What an edge says: a part or a role, the votes held, those cast, and what bears on them."""

    part: str
    votes: str = ""
    casts: str = ""
    marks: str = ""


@dataclass(frozen=True)
class Edge:
    """What a party has of another, and how that changed."""

    party: str
    of: str
    role: str
    words: Words
    style: Style
    controls: bool
    back: bool
    sign: Sign = ""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.party, self.of, self.role

    @property
    def lines(self) -> list[str]:
        """The words, without those that are none."""
        return [one for one in self.words if one]


@dataclass(frozen=True)
class Drawing:
    """A graph with a title and, where it compares two points in time, its changes; ``notes`` say
    what is not known or not certain."""

    title: str
    nodes: Sequence[Node]
    edges: Sequence[Edge]
    compares: bool = False
    notes: tuple[str, ...] = ()

    @property
    def heading(self) -> list[str]:
        """The title, and under it the notes."""
        return [*map(visible, (self.title, *self.notes))]

    def names(self) -> Mapping[str, str]:
        """The names of the nodes by their ids."""
        return {node.id: node.name for node in self.nodes}


def groups(drawing: Drawing) -> Mapping[str, Sequence[str]]:
    """Groups of some size: by the party that nobody drawn controls all that it alone controls, and
    itself."""
    above = defaultdict[str, set[str]](set)
    for edge in drawing.edges:
        if edge.controls:
            above[edge.of].add(edge.party)
    found = defaultdict[str, list[str]](list)
    for node in drawing.nodes:
        tops, seen, left = set[str](), set[str](), [node.id]
        while left:
            one = left.pop()
            if one not in seen:
                seen.add(one)
                left += above[one]
                tops |= set() if above[one] else {one}
        if len(tops) == 1:
            found[tops.pop()].append(node.id)
    return {top: members for top, members in found.items() if len(members) >= _GROUP}


class State(NamedTuple):
    """A graph at one cut: its rows, and what things are called there."""

    rows: Sequence[GraphRow]
    labels: Labels


def drawn(state: State, centre: str, title: str, least: Decimal | None = None) -> Drawing:
    """The drawing of a graph at one cut; holders below ``least`` percent are one node."""
    nodes, edges = _parts(state, centre)
    return Drawing(title, *_gathered(nodes, edges, state.rows, least, centre))


def compared(before: State, after: State, centre: str, title: str) -> Drawing:
    """One drawing of two points in time, with every party in one place and the changes signed."""
    (old_nodes, old_edges), (new_nodes, new_edges) = _parts(before, centre), _parts(after, centre)
    old, new = ({one.key: one for one in edges} for edges in (old_edges, new_edges))
    both = dict.fromkeys([*old, *new])
    edges = [edge for key in both for edge in _change(old.get(key), new.get(key))]
    was, now = ({one.id: one for one in nodes} for nodes in (old_nodes, new_nodes))
    nodes = []
    for id in dict.fromkeys([*was, *now]):
        sign: Sign = "-" if id not in now else "+" if id not in was else ""
        nodes.append(replace(now.get(id) or was[id], sign=sign))
    return Drawing(title, nodes, edges, compares=True)


def _change(old: Edge | None, new: Edge | None) -> Iterator[Edge]:
    """What became of an edge."""
    if old is None or new is None:
        yield from (replace(one, sign="-") for one in (old,) if one)
        yield from (replace(one, sign="+") for one in (new,) if one)
        return
    if old.words == new.words and old.style == new.style:
        yield new
        return
    words = Words(*(_turned(*pair) for pair in zip(old.words, new.words, strict=True)))
    yield replace(new, words=words, sign="~")


def _turned(before: str, after: str) -> str:
    return after if before == after else f"{before or 'none'} \u2192 {after or 'none'}"


def _parts(state: State, centre: str) -> tuple[list[Node], list[Edge]]:
    edges = [_edge(row) for row in state.rows if row["party"] != row["of"]]
    kinds = {centre: ""}
    for row in state.rows:
        kinds |= {row["party"]: row["party_kind"], row["of"]: row["of_kind"]}
    own = {row["of"]: row for row in state.rows if row["party"] == row["of"]}
    nodes = [
        Node(id, state.labels.name("party", id), kind, notes=_own(own.get(id)))
        for id, kind in kinds.items()
    ]
    return nodes, list(_joined(edges))


def _joined(edges: Iterable[Edge]) -> Iterator[Edge]:
    """One edge for each role, the registers before disclosures of the same stake."""
    by_key = defaultdict[tuple[str, str, str], list[Edge]](list)
    for edge in edges:
        by_key[edge.key].append(edge)
    for first, *others in by_key.values():
        part = "; ".join(dict.fromkeys(one.words.part for one in (first, *others)))
        yield replace(first, words=first.words._replace(part=part))


def _own(row: GraphRow | None) -> tuple[str, ...]:
    return () if row is None else (f"own shares {_percent(row)}",)


def _edge(row: GraphRow) -> Edge:
    style = _STYLES.get(row["basis"], "dotted")
    controls = row["in_control"] == "yes"
    of = row["party"], row["of"], row["role"]
    return Edge(*of, _words(row), style, controls, row["closes_loop"])


def _words(row: GraphRow) -> Words:
    if row["role"] != HELD:
        return Words(row["role"].replace("-", " "))
    part = _percent(row)
    held, cast = row["votes_percent"], row["after_caps_percent"]
    votes = f"votes {held}%" if held is not None and {held, cast} != {row["percent"]} else ""
    casts = f"casts {cast}%" if votes and cast is not None else ""
    marks = (
        f"\u00d7{row['factor']}" if row["factor"] else "",
        "capped" if row["bound_by"] else "",
        "suspended" if row["suspended"] else "",
        "neutral" if row["neutral"] else "",
    )
    told = part if row["basis"] == "register" else f"{part} disclosed"
    return Words(told, votes, casts, ", ".join(filter(None, marks)))


def _percent(row: GraphRow) -> str:
    if row["percent"] is None:
        return "? %" if row["shares"] is None else f"{int(row['shares']):,} shares"
    if row["percent_to"]:
        return span(row["percent"], row["percent_to"], "%")
    return f"{QUALIFIERS.get(row['qualifier'] or '', '')}{row['percent']}%"


def _gathered(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    rows: Sequence[GraphRow],
    least: Decimal | None,
    centre: str,
) -> tuple[list[Node], list[Edge]]:
    """Nodes and edges, with the small holders of each company in one node."""
    if least is None:
        return list(nodes), list(edges)
    linked = defaultdict[str, int](int)
    for edge in edges:
        linked[edge.party] += 1
        linked[edge.of] += 1
    small = defaultdict[str, list[GraphRow]](list)
    for row in rows:
        lone = linked[row["party"]] == 1 and row["party"] != centre
        told = row["role"] == HELD and row["percent_exact"] and not row["percent_to"]
        if lone and told and Decimal(row["percent"] or 0) < least:
            small[row["of"]].append(row)
    many = {of: few for of, few in small.items() if len(few) > 1}
    gone = {row["party"] for few in many.values() for row in few}
    kept = [node for node in nodes if node.id not in gone]
    left = [edge for edge in edges if edge.party not in gone]
    for of, few in many.items():
        parts = (Fraction(row["percent_exact"] or 0) for row in few)
        all_of_them = rounded(sum(parts, Fraction()) * 100, 2)
        id = f"others of {of}"
        kept.append(Node(id, f"{len(few)} others", "other"))
        left.append(Edge(id, of, HELD, Words(f"{all_of_them}%"), "solid", False, False))
    return kept, left
