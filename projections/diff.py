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
    answer, causes = Answer(), _Causes(before, after)
    seen: set[tuple[str, str]] = set()
    for asked in ASKED:
        for id in _ids(asked, before, after):
            answers = asked.ask(before, id), asked.ask(after, id)
            for row in _changed(asked, id, answers, subject, causes):
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
    asked: Asked, id: str, answers: tuple[Answer, Answer], subject: str | None, causes: _Causes
) -> Iterable[Row]:
    then, now = answers
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
            "change": found["change"],
            "before": {name: pair[0] for name, pair in fields.items()} if old else None,
            "after": {name: pair[1] for name, pair in fields.items()} if new else None,
            "events": causes.of(asked, id, old or {}, new or {}),
        }


def _names(old: Row, new: Row, subject: str | None) -> bool:
    """Whether a row names the subject on either side."""
    named = ("holder", "share_class", "economic_owner", "party", "person", "subject", "deal")
    more = ("agreement", "investee")
    return any(subject == row.get(name) for row in (old, new) for name in (*named, *more))


class _Causes:
    """The events that make two views differ, each looked up once."""

    def __init__(self, before: View, after: View) -> None:
        self._views = before, after
        self._amending: dict[str, frozenset[str]] = {}
        self._whole: dict[tuple[str, str, str], frozenset[str]] = {}

    def of(self, asked: Asked, id: str, old: Row, new: Row) -> list[str]:
        """The events behind a row on one side only; where it has none, of the whole answer.

        Corrections and retractions of the events on either side are among them, and what was
        recorded about their sources.
        """
        ours, theirs = set(old.get("events", ())), set(new.get("events", ()))
        return sorted(self._between(ours, theirs) or self._of_answer(asked, id))

    def _of_answer(self, asked: Asked, id: str) -> frozenset[str]:
        place = asked.name, asked.kind, id
        if place not in self._whole:
            found: set[str] = set()
            for types in _types(asked):  # without a register the disclosures are the answer
                ours, theirs = (_counted(view, asked, id, types) for view in self._views)
                found = found or self._between(ours, theirs)
            self._whole[place] = frozenset(found)
        return self._whole[place]

    def _between(self, ours: set[str], theirs: set[str]) -> set[str]:
        amending = (self._amendments(key) for key in ours | theirs)
        return (ours ^ theirs).union(*amending)

    def _amendments(self, key: str) -> frozenset[str]:
        """What amends an event, or is recorded of its sources, on one side only."""
        if key not in self._amending:
            ours, theirs = (_amending(view, key) for view in self._views)
            self._amending[key] = frozenset(ours ^ theirs)
        return self._amending[key]


def _types(asked: Asked) -> tuple[set[str], set[str]]:
    """The types of events that an answer counts: first those of the record, then disclosures."""
    types = set(HANDLED[asked.name]).difference(CHECKS)
    if asked.name == "votes":
        types.update(MOVEMENTS)
    return types, set(CHECKS)


def _counted(view: View, asked: Asked, id: str, types: set[str]) -> set[str]:
    """The events of some types that count in an answer as a whole."""
    return {fact.key for fact in view.about(f"{asked.kind}:{id}", types=sorted(types)).counted}


def _amending(view: View, key: str) -> set[str]:
    """The amendments of an event, and of those, that count in a view, and what of its sources."""
    found: set[str] = set()
    if view.history.is_amended(key):
        found |= {f.key for f in view.about(f"event:{key}", types=AMENDMENTS).certain}
        for amendment in view.history.mentioning(f"event:{key}", AMENDMENTS):
            found |= _amending(view, amendment.key)
    for recorded in view.history.mentioning(f"key:{key}"):
        for citation in recorded.data.get("citations", ()):
            about = view.history.mentioning(f"source:{citation['source']}", _SOURCES)
            found |= {other.key for other in about}
    return found
