"""Differences: what two views answer differently, and the events that make the difference."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.history import AMENDMENTS
from ledger.register import MOVEMENTS
from ledger.view import View
from projections.answer import Answer, Row
from projections.compared import ASKED, Asked, differing, rows_by
from projections.position import CHECKS
from projections.questions import HANDLED

_SOURCES = ("source-corrected", "source-retracted")


def diff(before: View, after: View, subject: str | None = None) -> Answer:
    """The rows of holdings, votes, governance, deals and claims that differ between two views.

    A subject limits them to answers about it and to rows that name it.
    """
    answer = Answer()
    seen: set[tuple[str, str]] = set()
    for asked in ASKED:
        for id in _ids(asked, before, after):
            for row in _changed(asked, id, before, after, subject):
                if (row["answer"], row["row"]) not in seen or asked.name != "deals":
                    seen.add((row["answer"], row["row"]))  # a step may name several threads
                    answer.rows.append(row)
    if not answer.rows:
        about = f" about {subject}" if subject else ""
        answer.note(f"No answer{about} differs between the two.")
    return answer


def _ids(asked: Asked, *views: View) -> list[str]:
    prefix = f"{asked.kind}:"
    found = {s.removeprefix(prefix) for view in views for s in view.history.subjects(prefix)}
    return sorted(found)


def _changed(
    asked: Asked, id: str, before: View, after: View, subject: str | None
) -> Iterable[Row]:
    then, now = asked.ask(before, id), asked.ask(after, id)
    ours, theirs = rows_by(then, asked), rows_by(now, asked)
    for found in differing(then, now, asked):
        words, fields = found["row"], found["fields"]
        old, new = ours.get(words), theirs.get(words)
        if subject not in (None, id) and not _names(old or {}, new or {}, subject):
            continue
        yield {
            "answer": asked.name,
            "about": id,
            "row": words,
            "change": "added" if old is None else "gone" if new is None else "changed",
            "before": {name: pair[0] for name, pair in fields.items()} if old else None,
            "after": {name: pair[1] for name, pair in fields.items()} if new else None,
            "events": _events(asked, id, (before, old or {}), (after, new or {})),
        }


def _names(old: Row, new: Row, subject: str | None) -> bool:
    """Whether a row names the subject on either side."""
    named = ("holder", "share_class", "economic_owner", "party", "person", "subject", "deal")
    more = ("agreement", "investee")
    return any(subject == row.get(name) for row in (old, new) for name in (*named, *more))


def _events(asked: Asked, id: str, one: tuple[View, Row], other: tuple[View, Row]) -> list[str]:
    """The events behind a row on one side only; where it has none, of the whole answer.

    Corrections and retractions of the events on either side are among them, and what was
    recorded about their sources.
    """
    ours, theirs = (set(row.get("events", ())) for _, row in (one, other))
    views = one[0], other[0]
    found = ours ^ theirs
    found |= _amendments(views, ours | theirs)
    if not found:
        counted = [_counted(view, asked, id) for view in views]
        found = counted[0] ^ counted[1]
        found |= _amendments(views, counted[0] | counted[1])
    return sorted(found)


def _counted(view: View, asked: Asked, id: str) -> set[str]:
    """The events that count in an answer as a whole."""
    types = set(HANDLED[asked.name]).difference(CHECKS)
    if asked.name == "votes":
        types.update(MOVEMENTS)
    return {fact.key for fact in view.about(f"{asked.kind}:{id}", types=sorted(types)).counted}


def _amendments(views: tuple[View, View], keys: set[str]) -> set[str]:
    """What amends any of the events, or is recorded of their sources, on one side only."""
    found: set[str] = set()
    for key in keys:
        sides = [{f.key for f in v.about(f"event:{key}", types=AMENDMENTS).certain} for v in views]
        papers = [_recorded_of_sources(view, key) for view in views]
        found |= (sides[0] ^ sides[1]) | (papers[0] ^ papers[1])
    return found


def _recorded_of_sources(view: View, key: str) -> set[str]:
    return {
        about.key
        for recorded in view.history.mentioning(f"key:{key}")
        for citation in recorded.data.get("citations", ())
        for about in view.history.mentioning(f"source:{citation['source']}", _SOURCES)
    }
