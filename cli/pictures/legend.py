"""What the signs of a picture mean: of each that is in it, and of no other."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping

from cli.pictures.drawing import Drawing, Edge, groups

SHAPES = {"person": "ellipse", "state": "octagon", "trust": "hexagon", "fund": "folder"}
KINDS = {
    "person": "oval: a person", "state": "octagon: a state", "trust": "hexagon: a trust",
    "fund": "folder: a fund", "other": "dashed box: several, or other",
    "group": "double box: a group, with what it holds added up",
}  # fmt: skip
_STYLES = {
    "solid": "solid: by a register", "dashed": "dashed: disclosed or asserted",
    "dotted": "dotted: a role, right or relationship",
}  # fmt: skip
_WORDS = {
    "votes": "votes: of all votes held",
    "casts": "casts: after caps, of the votes that can be cast",
    "capped": "capped: by a voting cap", "suspended": "suspended: votes that may not be cast",
    "neutral": "neutral: votes that a trustee casts neutrally",
    "of ?": "of ?: of a base that is not stated", "? %": "? %: not known",
    "votes ?": "votes ?: not known",
    "reported": "reported: by the press", "unnamed": "unnamed: by sources without a name",
    "inferred": "inferred: worked out by the recorder",
}  # fmt: skip


def legend(drawing: Drawing) -> Iterator[str]:
    """What the lines, shapes, signs and words of a picture mean."""
    styles, kinds = ({one.style for one in drawing.edges}, {one.kind for one in drawing.nodes})
    lines = [*_used(_STYLES, styles)]
    lines += ["heavy: control, directly or not"] if any(e.controls for e in drawing.edges) else []
    yield from _sentence("Lines", lines)
    frames = ["frame: a group"] if not drawing.compares and groups(drawing) else []
    yield from _sentence("Shapes", [*_used(KINDS, kinds), *frames])
    yield from words(drawing)
    back = ["(back): closes a loop"] if any(edge.back for edge in drawing.edges) else []
    changes = ["+: new", "\u2212: ended", "~: changed"] if drawing.compares else []
    yield from _sentence("Signs", [*changes, *back])


def words(drawing: Drawing) -> Iterator[str]:
    """What the words of a graph mean, also where it is told and not drawn."""
    said = {word for edge in drawing.edges for word in _said(edge)}
    told = ["%: of the shares issued, if nothing else is said"] if "%" in said else []
    told += _used(_WORDS, said)
    told += ["< and >: less and more than the rounded figure"] if said & {"<", ">"} else []
    told += ["\u00d7: the most votes that a share has"] if "\u00d7" in said else []
    yield from _sentence("Words", told)


def _said(edge: Edge) -> Iterator[str]:
    """The signs and words of an edge that are explained."""
    yield from ("votes" for _ in edge.words.votes[:1])
    yield from ("casts" for _ in edge.words.casts[:1])
    yield from re.split(r"[ ,]+", edge.words.marks)
    yield from (
        sign
        for sign in ("%", "\u00d7", "of ?", "? %", "votes ?", "<", ">")
        if any(sign in line for line in edge.lines)
    )


def _used(meanings: Mapping[str, str], said: Container[str]) -> list[str]:
    return [meaning for sign, meaning in meanings.items() if sign in said]


def _sentence(about: str, told: list[str]) -> Iterator[str]:
    if told:
        yield f"{about}: {'; '.join(told)}."
