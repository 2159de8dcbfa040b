"""Several parties of a graph as one node: small holders of a company, and closed groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from cli.pictures.drawing import HELD, Edge, Node, Parts, Style, Words, edge_of, groups
from projections.answer import percentage
from projections.graph_rows import GraphRow
from projections.pictures.loops import closing
from projections.told import told_rounded

GROUP = "group"  # the kind of a node that stands for one
_TOLD = 12  # members of a group that are named in it
_AT_MOST = (None, "exactly", "at-most", "less-than")


class _Together(NamedTuple):
    """Holders of a company who are drawn as one: by its register, or as disclosed."""

    of: str
    basis: str

    @property
    def id(self) -> str:
        return f"others of {self.of} by {self.basis}"


def with_others(states: Sequence[Parts], least: Decimal | None, centre: str) -> Sequence[Parts]:
    """Each state with the holders of less than so many percent of a company as one node.

    Of several states, a holder is small if it is so in each that it is in.
    """
    if least is None:
        return states
    found = [_small(parts, least, centre) for parts in states]
    pairs = list(zip(states, found, strict=True))
    large = {node.id for parts, small in pairs for node in parts.nodes if node.id not in small}
    small = {id: _together(row) for rows in found for id, row in rows.items() if id not in large}
    many = {one for one in small.values() if list(small.values()).count(one) > 1}
    gone = {id: one for id, one in small.items() if one in many}
    return [_gathered(parts, small, gone, least) for parts, small in pairs]


def _together(row: GraphRow) -> _Together:
    return _Together(row["of"], row["basis"])


def _small(parts: Parts, least: Decimal, centre: str) -> Mapping[str, GraphRow]:
    """The holders of less than so many percent who are linked to nobody else, by their ids."""
    linked = defaultdict[str, int](int)
    for edge in parts.edges:
        linked[edge.party] += 1
        linked[edge.of] += 1
    found, large = dict[str, GraphRow](), set[str]()
    for row in parts.rows:
        lone = linked[row["party"]] == 1 and row["party"] != centre
        told = row["role"] == HELD and row["percent_exact"] and not row["percent_to"]
        at_most = row["qualifier"] in _AT_MOST
        if lone and told and at_most and Decimal(row["percent"] or 0) < least:
            found.setdefault(row["party"], row)
        else:
            large.add(row["party"])  # whatever else is told of it
    return {id: row for id, row in found.items() if id not in large}


def _gathered(
    parts: Parts, small: Mapping[str, GraphRow], gone: Mapping[str, _Together], least: Decimal
) -> Parts:
    """A graph with one node for those of each company that are gone."""
    nodes = [node for node in parts.nodes if node.id not in gone]
    edges = [edge for edge in parts.edges if edge.party not in gone]
    rows = defaultdict[_Together, list[GraphRow]](list)
    for id, row in small.items():
        if id in gone:
            rows[gone[id]].append(row)
    for one, few in rows.items():
        is_sum, each = one.basis == "register", Words(f"under {least}% each {one.basis}")
        words, counted = _sum(few) if is_sum else (each, ("", ""))
        nodes.append(Node(one.id, f"{len(few)} other{'s'[: len(few) > 1]}", "other"))
        edges.append(
            replace(edge_of(few[0]), party=one.id, words=words, controls=False, counted=counted)
        )
    return Parts(nodes, edges, parts.rows)


def _sum(rows: Sequence[GraphRow]) -> tuple[Words, tuple[str, str]]:
    """The words of several stakes by a register, as one, and its votes, said or not."""
    part, votes, casts = (
        _total([row[name] for row in rows])
        for name in ("percent_exact", "votes_percent_exact", "after_caps_percent_exact")
    )
    marks = [mark for row in rows for mark in edge_of(row).words.marks.split(", ") if mark]
    told = {votes, casts} != {part}
    words = Words(
        f"{part}%",
        f"votes {votes}%" if told else "",
        f"casts {casts}%" if told and votes != "?" else "",
        ", ".join(dict.fromkeys(marks)),
    )
    return words, (f"votes {votes}%", f"casts {casts}%")


def _total(parts: Sequence[str | None]) -> str:
    """The sum of exact fractions, in percent."""
    if None in parts:
        return "?"
    whole = percentage(sum((Fraction(one or 0) for one in parts), Fraction()), Fraction(1), 2)
    return told_rounded(whole or "?")


def closed(parts: Parts) -> Parts:
    """A graph with one node for each group that a picture would frame.

    What the members of a group have of others by their registers is summed. Which member others
    have something of is told, and which one is disclosed to have something.
    """
    names = {node.id: node.name for node in parts.nodes}
    places, nodes = {id: id for id in names}, list(parts.nodes)
    for top, members in groups(parts).items():
        place = f"group of {top}"
        places |= dict.fromkeys(members, place)
        nodes = [node for node in nodes if node.id not in members]
        others = [names[one] for one in members if one != top]
        nodes.append(Node(place, f"Group of {names[top]}", GROUP, notes=(_with(others),)))
    edges = list(_folded(parts, places, names))
    pairs = [(edge.party, edge.of) for edge in edges]
    back = set(closing(pairs, [node.id for node in nodes]))
    turned = [replace(edge, back=number in back) for number, edge in enumerate(edges)]
    return Parts(nodes, turned, parts.rows)


def _with(others: Sequence[str]) -> str:
    left = f" and {len(others) - _TOLD} more" if len(others) > _TOLD else ""
    return f"with {', '.join(others[:_TOLD])}{left}"


def _folded(parts: Parts, places: Mapping[str, str], names: Mapping[str, str]) -> Iterator[Edge]:
    """The edges between groups and parties outside them."""
    together = defaultdict[tuple[str, str, str, Style], list[Edge]](list)
    for edge in parts.edges:
        if places[edge.party] != places[edge.of]:
            together[places[edge.party], edge.of, edge.role, edge.style].append(edge)
    rows = {(row["party"], row["of"]): row for row in parts.rows if row["basis"] == "register"}
    for (party, of, role, style), edges in together.items():
        if len(edges) > 1 and style == "solid":
            words, counted = _sum([rows[edge.party, edge.of] for edge in edges])
        else:
            own = edges[0].party == party
            words = edges[0].words if own else _by(edges, names)
            counted = edges[0].counted if len(edges) == 1 else ("", "")
        inside = places[of] != of
        if inside:
            words = words._replace(part=f"{words.part} of {names[of]}")
        told = (role, *([of] if inside else []), *(["disclosed"] if style == "dashed" else []))
        controls = any(edge.controls for edge in edges)
        ends = party, places[of]
        yield Edge(*ends, " ".join(told), words, style, controls, False, counted=counted)


def _by(edges: Sequence[Edge], names: Mapping[str, str]) -> Words:
    """The words of what members of a group have, each with who has it."""
    if len(edges) == 1:
        words = edges[0].words
        return words._replace(part=f"{words.part} by {names[edges[0].party]}")
    return Words("; ".join(f"{', '.join(one.lines)} by {names[one.party]}" for one in edges))
