"""Events restated: which earlier events read otherwise, or are known from another day, after
new ones."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.rules.new_events import bears_on_any
from ledger.time.history import AMENDMENTS, SOURCE_EVENTS, History, root_of
from ledger.time.view import View
from ledger.time.visibility import is_visible
from ledger.values.dates import parse_effective
from projections.rows import RestatedRow

AMENDING = (*AMENDMENTS, "source-corrected", "source-retracted")


def restated(
    then: View, now: View, new: Sequence[Recorded], concerning: Collection[str] = ()
) -> list[RestatedRow]:
    """The earlier events that differ: whether they stand, since when they are known, the day that
    bounds when they took effect, the fields changed; with subjects those that bear on one of them.

    Those that neither view may tell of are left out.
    """
    candidates: dict[int, Recorded] = {}
    for event in new:
        for recorded in _amended(event, now.history):
            reached = is_visible(then, recorded) or is_visible(now, recorded)
            reached = reached and bears_on_any(recorded, now.history, concerning)
            if reached and recorded.position <= then.history.position:
                candidates[recorded.position] = recorded
    rows = []
    for position in sorted(candidates):
        row = _compared(candidates[position], then, now)
        if row is not None:
            rows.append(row)
    return rows


def _amended(event: Recorded, history: History) -> Iterator[Recorded]:
    """What an amendment is about: the event it names, the root of it, what rests on a source."""
    about = event
    if event.type in AMENDMENTS:
        yield from history.mentioning(f"key:{event.data['event']}")
        root = root_of(event, history)
        if root is None:
            return
        yield root
        about = root
    if about.type in SOURCE_EVENTS and event.type in AMENDING:
        for resting in history.mentioning(f"source:{about.data['source']}"):
            yield resting
            amended = root_of(resting, history) if resting.type in AMENDMENTS else None
            if amended is not None:
                yield amended


def _compared(recorded: Recorded, then: View, now: View) -> RestatedRow | None:
    old, new = then.fact(recorded), now.fact(recorded)
    row: RestatedRow = {
        "event": recorded.key,
        "position": recorded.position,
        "type": recorded.type,
        "stands": [old is not None, new is not None],
        "known": [old.known_on if old else None, new.known_on if new else None],
        "at_latest": [old.at_latest if old else None, new.at_latest if new else None],
        "fields": _fields(old, new),
    }
    if old is None and new is None:
        return None
    pairs: tuple[list[Any], ...] = row["stands"], row["known"], row["at_latest"]
    same = all(before == after for before, after in pairs)
    return None if same and not row["fields"] else row


def worked_out(
    then: View, now: View, new: Sequence[Recorded], concerning: Collection[str] = ()
) -> Iterator[str]:
    """Sentences for sources that are dated anew: which events that cite them are dated alike, and
    may have their date from there; with subjects those that bear on one of them."""
    for event in new:
        about = root_of(event, now.history) if event.type in AMENDMENTS else event
        if about is None or about.type not in SOURCE_EVENTS:
            continue
        source = about.data["source"]
        old = then.publication(source)
        alike = _dated(then, source, old, concerning) if old != now.publication(source) else []
        if alike:
            yield (
                f"Dated as {source} was are {', '.join(alike)}: correct the date where it was"
                " worked out from the publication."
            )


def _dated(view: View, source: str, date: object, concerning: Collection[str]) -> list[str]:
    """The events that cite a source and are themselves given a date."""
    return [
        f"#{recorded.position} {recorded.key} ({name.replace('_', ' ')})"
        for recorded in view.history.mentioning(f"source:{source}")
        if bears_on_any(recorded, view.history, concerning)
        if recorded.type not in SOURCE_EVENTS and (fact := view.fact(recorded)) is not None
        for name in ("effective_on", "known_on")
        if name in fact.data and parse_effective(fact.data[name]) == date
    ]


def _fields(old: Fact | None, new: Fact | None) -> dict[str, list[Any]]:
    if old is None or new is None:
        return {}
    before, after = _as_it_stands(old), _as_it_stands(new)
    return {
        name: [before.get(name), after.get(name)]
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    }


def _as_it_stands(fact: Fact) -> dict[str, Any]:
    """The data of a fact, with the citations that stand alone."""
    cited = [{k: v for k, v in c._asdict().items() if v is not None} for c in fact.citations]
    kept = {name: value for name, value in fact.data.items() if name != "citations"}
    return kept | ({"citations": cited} if cited else {})
