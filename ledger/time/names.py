"""Names: what events call parties, as indexes keep them, whichever of it counts at a cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ledger.events.envelope import Recorded
from ledger.model.named import Named
from ledger.model.subject import parse_subject
from ledger.time.history import History, amending, known_ids, root_of, subjects_of

NAMED_BY = ("party-registered", "party-renamed", "party-details-changed")
_FIELDS = ("name", "aliases")


def all_named(history: History) -> Iterator[Named]:
    """The ids and the names of all parties of a history."""
    for party in known_ids(history, "party"):
        yield Named.of(party, party)
    for name in NAMED_BY:
        for root in history.mentioning(f"type:{name}"):
            yield from names_of(root, history)


def names_told(event: Recorded, history: History) -> Iterator[Named]:
    """The names that an event of a history may give parties, if it is the last one there."""
    root = root_of(event, history)
    if root is None or root.type not in NAMED_BY:
        return
    if root is event:
        yield from (Named.of(event.data["party"], name) for name in _names(event.data))
        return
    changed = {change["field"]: change.get("value") for change in event.data.get("changes", ())}
    if "party" in changed:
        yield from names_of(root, history)
        return
    parties = _parties(root, history)
    yield from (Named.of(party, name) for name in _names(changed) for party in parties)


def names_of(root: Recorded, history: History) -> Iterator[Named]:
    """The names that an event may give parties, with all that corrects it."""
    parties, names = _parties(root, history), set[str]()
    for event in amending(root, history, ()):
        changes = event.data.get("changes", ())
        for data in (event.data, {c["field"]: c.get("value") for c in changes}):
            names.update(_names(data))
    yield from (Named.of(party, name) for name in names for party in parties)


def _names(data: Any) -> Iterator[str]:
    for value in map(data.get, _FIELDS):
        for name in (value,) if isinstance(value, str) else value or ():
            if isinstance(name, str):
                yield name


def _parties(root: Recorded, history: History) -> Iterable[str]:
    found = {*subjects_of(root.type, root.data), *history.moved(root)}
    return sorted({one.id for one in map(parse_subject, found) if one.kind == "party"})
