"""Names of parties as they are kept to be sorted and searched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ledger.values.names import folded


class Named(NamedTuple):
    """A name that a party bears or ever bore, or its id: folded, and without its case."""

    folded: str
    party: str
    plain: str

    @classmethod
    def of(cls, party: str, name: str) -> Named:
        """A name of a party."""
        return cls(folded(name), party, name.casefold())


def wanted(text: str) -> str:
    """A text as it is looked for in names, folded or without their case."""
    return folded(text) or text.casefold()


def sorted_names(found: Iterable[Named], text: str, after: tuple[str, str]) -> Iterator[Named]:
    """Those of some names whose parties have a text in any of them, sorted, from a place on."""
    found, part = [*found], wanted(text)
    parties = {one.party for one in found if part in one.folded or part in one.plain}
    chosen = {one for one in found if one.party in parties and (one.folded, one.party) > after}
    return iter(sorted(chosen))
