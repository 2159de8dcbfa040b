"""Losses: what of a foreign file did not come through whole, one kind of object for all formats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

KINDS = {  # the closed list: what each means
    "not-carried": "has no place on the other side",
    "narrowed": "carried as something coarser",
    "assumed": "worked out, or taken by an option, and not said",
    "merged": "several things became one",
    "refused": "could not be read, and was left out",
    "unproved": "a count or figure of the file does not agree with the rest",
}


@dataclass(frozen=True)
class Loss:
    """What was lost at a place; ``count`` where it is lost so many times."""

    kind: str
    place: str
    field: str
    value: str
    why: str
    count: int = 1

    @property
    def name(self) -> str:
        """The loss as ``--allow`` names it: KIND:FIELD."""
        return f"{self.kind}:{self.field}"

    def as_json(self, format: str) -> Mapping[str, Any]:
        """The loss as one object of a report."""
        return {"kind": self.kind, "format": format, **asdict(self)}


class Report(NamedTuple):
    """The losses of one reading: of so many objects these were refused, these touched."""

    format: str
    version: str
    objects: int
    touched: int
    refused: int
    losses: Sequence[Loss]

    @property
    def whole(self) -> int:
        """How many objects came through without loss."""
        return self.objects - self.touched - self.refused

    def head(self) -> Mapping[str, Any]:
        """The first line of a report, which can be checked by addition."""
        return {
            "format": self.format,
            "version": self.version,
            "direction": "in",
            "cut": None,
            "objects": self.objects,
            "whole": self.whole,
            "touched": self.touched,
            "refused": self.refused,
        }

    def sentence(self) -> str:
        """The last sentence of every report."""
        counts = Counter[str]()
        for loss in self.losses:
            counts[loss.kind] += loss.count
        ordered = sorted(filter(counts.get, KINDS), key=lambda kind: -counts[kind])
        said = [f"{counts[kind]} {kind.replace('-', ' ')}" for kind in ordered]
        kinds = f" ({', '.join(said)})" if said else ""
        noun = "object" if self.objects == 1 else "objects"
        return (
            f"{self.format.upper()} {self.version}: of {self.objects} {noun} {self.whole} whole,"
            f" {self.touched} with losses{kinds}, {self.refused} refused."
        )
