"""What a picture of a graph shows: nodes and edges with their words, and the signs of change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from cli.labels import Labels
from cli.plans.figures import span
from cli.safe_text import visible
from ledger.model.fact import STANDINGS
from projections.graph_rows import GraphRow
from projections.subjects.remainder import NOT_KNOWN
from projections.told import counted, told_rounded

Sign = Literal["", "+", "-", "~"]
Style = Literal["solid", "dashed", "dotted"]
HELD = "holder"
_GROUP = 3  # parties; two are told well enough by the edge between them
_STYLES: Mapping[str, Style] = {"register": "solid", "disclosed": "dashed", "asserted": "dashed"}
QUALIFIERS = {
    "about": "about ", "at-least": "at least ", "more-than": "over ", "at-most": "at most ",
    "less-than": "under ", "reaches": "reaches ", "falls-below": "under ",
}  # fmt: skip
_BASES = {"unstated": "?"}
_COUNTED = ("votes", "casts")
_CONTROL = {"yes": "controls", "perhaps": "may control"}


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
    counted: tuple[str, str] = field(default=("", ""), compare=False)  # its votes, said or not

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
    unlimited: str = ""  # what the title sets no limit on

    @property
    def heading(self) -> list[str]:
        """The title, and under it what is not limited and the notes."""
        return [*map(visible, filter(None, (self.title, self.unlimited, *self.notes)))]

    def names(self) -> Mapping[str, str]:
        """The names of the nodes by their ids."""
        return {node.id: node.name for node in self.nodes}


class State(NamedTuple):
    """A graph at one cut: its rows, and what things are called there."""

    rows: Sequence[GraphRow]
    labels: Labels


class Parts(NamedTuple):
    """The nodes and edges of a graph, and the rows that they are of."""

    nodes: Sequence[Node]
    edges: Sequence[Edge]
    rows: Sequence[GraphRow]


def groups(drawing: Drawing | Parts) -> Mapping[str, Sequence[str]]:
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


def drawn(parts: Parts, title: str) -> Drawing:
    """The drawing of a graph at one cut."""
    return Drawing(title, parts.nodes, parts.edges)


def compared(before: Parts, after: Parts, title: str) -> Drawing:
    """One drawing of two points in time, with every party in one place and the changes signed."""
    old, new = ({one.key: one for one in parts.edges} for parts in (before, after))
    both = dict.fromkeys([*old, *new])
    edges = [edge for key in both for edge in _change(old.get(key), new.get(key))]
    was, now = ({one.id: one for one in parts.nodes} for parts in (before, after))
    ids = dict.fromkeys([*was, *now])
    nodes = [node for id in ids for node in _changed_node(was.get(id), now.get(id))]
    return Drawing(title, nodes, edges, compares=True)


def _changed_node(old: Node | None, new: Node | None) -> Iterator[Node]:
    """What became of a party."""
    if old is None or new is None:
        yield from (replace(one, sign="-") for one in (old,) if one)
        yield from (replace(one, sign="+") for one in (new,) if one)
        return
    if (old.name, old.notes) == (new.name, new.notes):
        yield new
        return
    named = (f"before: {old.name}",) if old.name != new.name else ()
    notes = new.notes
    if old.notes != new.notes:
        notes = (_turned("; ".join(old.notes), "; ".join(new.notes)),)
    yield replace(new, notes=(*named, *notes), sign="~")


def _change(old: Edge | None, new: Edge | None) -> Iterator[Edge]:
    """What became of an edge."""
    if old is None or new is None:
        yield from (replace(one, sign="-") for one in (old,) if one)
        yield from (replace(one, sign="+") for one in (new,) if one)
        return
    if old.words == new.words and old.style == new.style:
        yield new
        return
    was, now = _compared_words(old, new), _compared_words(new, old)
    words = Words(
        _turned(was.part, now.part), _turned(was.votes, now.votes), _turned(was.casts, now.casts),
        _turned_marks(was.marks, now.marks),
    )  # fmt: skip
    yield replace(new, words=words, sign="~")


def _compared_words(edge: Edge, other: Edge) -> Words:
    """The words of an edge, with its votes where the other says them: they are not none."""
    votes, casts = edge.counted
    words = edge.words
    return words._replace(
        votes=words.votes or (votes if other.words.votes else ""),
        casts=words.casts or (casts if other.words.casts else ""),
    )


def _turned(before: str, after: str) -> str:
    if before == after:
        return after
    kind, _, rest = after.partition(" ")
    said = rest if kind in _COUNTED and before.startswith(f"{kind} ") else after
    return f"{before or 'none'} \u2192 {said or 'none'}"


def _turned_marks(before: str, after: str) -> str:
    """The marks of an edge, each with the sign of its change: one does not become another."""
    old, new = ([mark for mark in marks.split(", ") if mark] for marks in (before, after))
    told = [mark if mark in old else f"+ {mark}" for mark in new]
    return _listed(*told, *(f"\u2212 {mark}" for mark in old if mark not in new))


def parts_of(state: State, centre: str) -> Parts:
    """What a graph at one cut is made of."""
    edges = [edge_of(row) for row in state.rows if row["party"] != row["of"]]
    kinds, names = {centre: ""}, dict[str, str]()
    for row in state.rows:
        kinds |= {_party(row): row["party_kind"], row["of"]: row["of_kind"]}
        names |= {_party(row): row["party"]}
    own = {row["of"]: row for row in state.rows if row["party"] == row["of"]}
    nodes = [
        Node(id, state.labels.name("party", names.get(id, id)), kind, notes=_own(own.get(id)))
        for id, kind in kinds.items()
    ]
    return Parts(nodes, list(_joined(edges)), state.rows)


def _party(row: GraphRow) -> str:
    """The id of a party; of what nobody is known to hold one for each company."""
    unknown = row["party"] == NOT_KNOWN
    return f"{NOT_KNOWN} of {row['of']}" if unknown else row["party"]


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


def edge_of(row: GraphRow) -> Edge:
    """A row as an edge."""
    style = _STYLES.get(row["basis"], "dotted")
    controls = row["in_control"] == "yes"
    votes, casts = (
        "" if figure is None else f"{word} {told_rounded(figure)}%"
        for word, figure in (("votes", row["votes_percent"]), ("casts", row["after_caps_percent"]))
    )
    return Edge(
        _party(row), row["of"], row["role"], _words(row), style, controls, row["closes_loop"],
        counted=(votes, casts),
    )  # fmt: skip


def _words(row: GraphRow) -> Words:
    standing = "" if row["standing"] == STANDINGS[0] else row["standing"]
    if row["role"] != HELD:
        role = row["role"].replace("-", " ")
        of = f" of {_shares(row['shares'])}" if row["shares"] else ""
        says = role == "control" and row["in_control"] != "perhaps"
        control = "" if says else _CONTROL.get(row["in_control"], "")
        return Words(f"{role}{of}", marks=_listed(control, standing))
    part, held, cast = (
        None if figure is None else told_rounded(figure)
        for figure in (row["percent"], row["votes_percent"], row["after_caps_percent"])
    )
    votes = f"votes {held}%" if held is not None and {held, cast} != {part} else ""
    if row["basis"] == "register" and row["votes"] is None:
        votes = "votes ?"
    casts = f"casts {cast}%" if votes and cast is not None else ""
    marks = _listed(
        f"\u00d7{row['factor']}" if row["factor"] else "",
        "capped" if row["bound_by"] else "",
        "suspended" if row["suspended"] else "",
        "neutral" if row["neutral"] else "",
        _CONTROL.get(row["in_control"], ""),
        standing,
    )
    return Words(_part(row), votes, casts, marks)


def _listed(*words: str) -> str:
    return ", ".join(filter(None, words))


def _part(row: GraphRow) -> str:
    """The part of a company that a row tells, with its base where it is disclosed of another."""
    part = _percent(row)
    if row["basis"] == "register":
        return part
    of = of_base(row["percent_of"]) if row["percent"] is not None else ""
    return f"{part}{of} {row['basis']}"


def of_base(base: str | None) -> str:
    """The base of a percentage in words, where it is not the shares issued."""
    return "" if base in (None, "issued", "capital") else f" of {_BASES.get(base, base)}"


def _shares(count: str) -> str:
    return f"{counted(count)} share{'' if count == '1' else 's'}"


def _percent(row: GraphRow) -> str:
    if row["percent"] is None:
        return "? %" if row["shares"] is None else _shares(row["shares"])
    if row["percent_to"]:
        return span(row["percent"], row["percent_to"], "%")
    return f"{QUALIFIERS.get(row['qualifier'] or '', '')}{told_rounded(row['percent'])}%"
