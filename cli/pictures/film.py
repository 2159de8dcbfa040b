"""The film of a graph: one file that shows every state of it, and asks nobody for anything.

The states are folded here and all of them are laid out together, once; the file only shows and
hides the parts of that one picture, so that each party keeps its place.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from cli.pictures.dot import dot, edge_lines, node_lines
from cli.pictures.drawing import Drawing, Edge, Node, Words
from cli.pictures.engine import laid_out
from cli.pictures.legend import legend
from cli.pictures.stage import stage
from cli.safe_text import cells_of, visible
from ledger.time.exclusions import About
from ledger.values.dates import BEGINNING
from projections.pictures.cells import Cells

TEMPLATES = Path(__file__).parent.with_name("templates")
Item = TypeVar("Item", bound=Hashable)
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class State:
    """A graph at one cut, what is only possible there, and the events among which it was looked
    for."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    possible: tuple[str, ...]
    about: tuple[About, ...] = field(compare=False, repr=False)


class Film(NamedTuple):
    """All states of a graph, and at each cell how many events are not yet known."""

    title: str
    notes: Sequence[str]
    cells: Cells[State]
    missing: Sequence[Sequence[int]]


class _Forms(Generic[Key, Item]):
    """What each of some things looks like over time; the forms of one are counted from 1."""

    def __init__(self, states: Iterable[Iterable[Item]], key: Callable[[Item], Key]) -> None:
        self._key = key
        self.of: dict[Key, dict[Item, int]] = {}
        for state in states:
            for item in state:
                forms = self.of.setdefault(key(item), {})
                forms.setdefault(item, len(forms) + 1)

    def numbers(self, state: Iterable[Item]) -> list[int]:
        """The form that each thing has in a state; 0 where it is not in it."""
        now = {self._key(item): item for item in state}
        return [forms[now[key]] if key in now else 0 for key, forms in self.of.items()]


def page(film: Film) -> str:
    """The file: the same text for the same film."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    style, script = _own()
    drawing, data = _staged(film)
    return environment.get_template("film.html").render(
        title=visible(film.title), notes=list(map(visible, film.notes)), key=_key(film),
        policy=film_policy(),
        days=len(film.cells.days), known=len(film.cells.known), style=Markup(style),
        script=Markup(script), data=Markup(_script_json(data)),
        stage=Markup(stage(laid_out(dot(drawing), "svg"), drawing)),
    )  # fmt: skip


def _key(film: Film) -> list[str]:
    """What the signs of all states mean."""
    states = list(dict.fromkeys(state for row in film.cells.rows for state in row))
    nodes = [node for state in states for node in state.nodes]
    edges = [edge for state in states for edge in state.edges]
    return list(legend(Drawing("", nodes, edges, compares=True)))


def _staged(film: Film) -> tuple[Drawing, Mapping[str, Any]]:
    """The drawing that has room for every state, and the states by the numbers of its parts."""
    cells = film.cells
    order = [state for row in reversed(cells.rows) for state in reversed(row)]
    states = {state: number for number, state in enumerate(dict.fromkeys(order))}
    nodes = _Forms((state.nodes for state in states), lambda node: node.id)
    edges = _Forms((state.edges for state in states), lambda edge: edge.key)
    possible = dict.fromkeys(text for state in states for text in state.possible)
    places = {id: number for number, id in enumerate(nodes.of)}
    told = {text: number for number, text in enumerate(possible)}
    data = {
        "days": cells.days, "known": cells.known, "beginning": BEGINNING, "grain": cells.grain,
        "cells": [[states[state] for state in row] for row in cells.rows],
        "missing": film.missing,
        "states": [
            [nodes.numbers(s.nodes), edges.numbers(s.edges), [told[text] for text in s.possible]]
            for s in states
        ],
        "nodes": [list(map(_node_form, forms)) for forms in nodes.of.values()],
        "edges": [[places[party], places[of]] for party, of, _ in edges.of],
        "forms": [list(map(_edge_form, forms)) for forms in edges.of.values()],
        "possible": list(map(visible, possible)),
    }  # fmt: skip
    roomy = [_roomy_node(list(forms)) for forms in nodes.of.values()]
    return Drawing("", roomy, [_roomy_edge(list(forms)) for forms in edges.of.values()]), data


def _node_form(node: Node) -> list[Any]:
    """The lines of a node, its style, its name, and all of it in words."""
    name = visible(node.name)
    return [node_lines(node), "", name, ", ".join([name, *map(visible, node.notes)])]


def _edge_form(edge: Edge) -> list[Any]:
    """The lines of an edge, its style, and all of it in words."""
    style = f"{edge.style} controls" if edge.controls else edge.style
    back = ["(back)"] if edge.back else []
    return [edge_lines(edge), style, ", ".join([*map(visible, edge.lines), *back])]


def _roomy_node(forms: Sequence[Node]) -> Node:
    """A node as large as any of its forms."""
    first = forms[0]
    kind = next((node.kind for node in forms if node.kind), "")
    return Node(first.id, "", kind, notes=tuple(_longest(map(node_lines, forms))))


def _roomy_edge(forms: Sequence[Edge]) -> Edge:
    """An edge with room for the words of all of its forms."""
    first, back = forms[0], any(edge.back for edge in forms)
    words = Words(*_longest(edge.lines for edge in forms))
    return Edge(*first.key, words, "solid", False, back)


def _longest(forms: Iterable[Sequence[str]]) -> list[str]:
    """Of each line the longest that it ever is."""
    found: list[str] = []
    for lines in forms:
        found += [""] * (len(lines) - len(found))
        for number, line in enumerate(lines):
            found[number] = max(found[number], line, key=cells_of)
    return found


def _shipped(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _own() -> tuple[str, str]:
    """The style and the script of the file."""
    return _shipped("film.css"), _shipped("film.js")


def film_policy() -> str:
    """What the file may do: run its own script, use its own style, and nothing else."""
    own = (b64encode(sha256(text.encode()).digest()).decode() for text in _own())
    return (
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none';"
        " form-action 'none'"
    ).format(*own)


def _script_json(data: Mapping[str, Any]) -> str:
    """JSON that ends no element of HTML."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
