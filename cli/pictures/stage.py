"""The picture of a film as it stands in a page: each node and edge a group, painted by the page."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from decimal import Decimal

from cli.pictures.drawing import Drawing

_SVG = "http://www.w3.org/2000/svg"
_PAINT = ("fill", "stroke", "stroke-width", "font-family", "font-size", "text-anchor")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def stage(svg: bytes, drawing: Drawing) -> str:
    """What Graphviz drew, without colours, and with the ids of the drawing's nodes and edges."""
    ET.register_namespace("", _SVG)
    drawn = ET.fromstring(svg)
    root = ET.Element(f"{{{_SVG}}}svg", viewBox=drawn.attrib["viewBox"])
    root.attrib |= {"class": "stage", "role": "img", "aria-labelledby": "status"}
    (graph,) = (group for group in drawn if group.get("class") == "graph")
    under = ET.SubElement(root, f"{{{_SVG}}}g", transform=graph.attrib["transform"])
    others = {f"n{number}" for number, node in enumerate(drawing.nodes) if node.kind == "other"}
    for group in graph:
        if (kind := group.get("class")) in ("node", "edge"):
            id = group.attrib["id"]
            words = f"{kind} dashed" if id in others else kind
            part = ET.SubElement(under, f"{{{_SVG}}}g", {"id": id, "class": words})
            part.extend(_bare(group, kind))
    under.extend([_words_of(part) for part in under.findall("*[@class='edge']")])
    return ET.tostring(root, encoding="unicode")


def _words_of(edge: ET.Element) -> ET.Element:
    """The words of an edge, taken out of it: they come after all lines, as ``w`` and its number."""
    words = ET.Element(edge.tag, {"id": f"w{edge.attrib['id'][1:]}", "class": "edge"})
    words.extend([one for one in edge if one.get("class") == "ground" or one.tag.endswith("text")])
    for one in words:
        edge.remove(one)
    return words


def _bare(group: ET.Element, kind: str) -> Iterator[ET.Element]:
    """The shapes and words of a node or an edge, without what the page says of them."""
    middle = ""
    for element in group.iter():
        name = element.tag.removeprefix(f"{{{_SVG}}}")
        if name not in ("path", "polygon", "polyline", "ellipse", "text"):
            continue
        shape = ET.Element(element.tag)
        kept = {k: v for k, v in element.attrib.items() if k not in (*_PAINT, _SPACE)}
        kept.pop("stroke-dasharray", None)
        shape.attrib |= kept
        if kind == "edge" and name == "polygon" and element.get("stroke") == "none":
            shape.set("class", "ground")
            corners = [Decimal(corner.split(",")[0]) for corner in element.attrib["points"].split()]
            middle = str((min(corners) + max(corners)) / 2)
        if name == "text":
            shape.text = element.text
            shape.set("x", middle or element.attrib["x"])
        yield shape
