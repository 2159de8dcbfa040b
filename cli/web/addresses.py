"""Addresses of pages: what each leads to, with the limits of the question in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, urlencode

from cli.context import make_cut, today
from cli.web.asked import Query, only_value
from ledger.time.view import Cut

LIMITS = ("as-of", "known-by", "recorded-by", "standing", "policy")
_USUAL = {"standing": "any", "policy": "standing"}
_PAGES = {"party": "p", "issuer": "c", "event": "e", "source": "source", "explain": "explain"}
_THREADS = ("deal", "investment", "offering", "milestone", "project", "offer")


@dataclass(frozen=True)
class Limits:
    """The limits of a question as they were given, by the names of an address."""

    given: Mapping[str, str]

    @classmethod
    def of(cls, query: Query) -> Limits:
        """Those of an address; an empty one is none."""
        found = {name: only_value(name, query.get(name, ())) for name in LIMITS}
        return cls({name: value for name, value in found.items() if value})

    def cut(self) -> Cut:
        """The cut that they make."""
        given = {**_USUAL, **self.given}
        as_of, known_by, recorded_by = (given.get(name) for name in LIMITS[:3])
        return make_cut(as_of, known_by, recorded_by, given["standing"], given["policy"])

    def citing(self, recorded_at: str) -> Limits:
        """These limits, so that what they show will never change: on the days that they are today,
        and as recorded by the last event there is, where they do not end before it."""
        cut, lasting = self.cut(), dict(self.given)
        lasting["as-of"] = cut.as_of
        if "known-by" in lasting:
            lasting["known-by"] = cut.known_by
        if recorded_at and (cut.recorded_by is None or cut.recorded_by > recorded_at):
            lasting["recorded-by"] = recorded_at
        return Limits(lasting)

    def query(self) -> dict[str, list[str]]:
        """As parameters of another address, the day always told."""
        given = {"as-of": today().isoformat(), **self.given}
        told = {name: given[name] for name in LIMITS if name in given}
        return {n: [value] for n, value in told.items() if value != _USUAL.get(n)}

    def at(self, path: str, more: Mapping[str, Sequence[str]] | None = None) -> str:
        """The address of a path under these limits."""
        if more:
            return f"{path}?{urlencode({**more, **self.query()}, doseq=True)}"
        return f"{path}?{self._encoded}"

    @cached_property
    def _encoded(self) -> str:
        return urlencode(self.query(), doseq=True)


def path_to(kind: str, *ids: str) -> str:
    """The path of the page of a thing."""
    if kind == "event":
        return path_of("e", *(id.removeprefix("#") for id in ids))
    if kind in _THREADS:
        return path_of("d", *ids)
    return path_of(_PAGES.get(kind, "s"), *ids)


def path_of(*parts: str) -> str:
    """A path of parts that may hold any characters."""
    return "/" + "/".join(quote(part, safe="") for part in parts)
