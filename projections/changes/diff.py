"""Differences: what two views answer differently, and the events that make the difference."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.time.history import subjects_of
from ledger.time.view import View
from projections.answer import Answer, Row
from projections.changes.causes import Causes
from projections.changes.compare import ASKED, Asked, differing, rows_by


def diff(before: View, after: View, subject: str | None = None) -> Answer:
    """The rows of holdings, votes, governance, deals and claims that differ between two views.

    ``possible`` has the events that are only possible on a side and stand otherwise on the other:
    ``before`` and ``after`` say how. A subject limits both to answers about it and to rows and
    events that name it.
    """
    answer, causes = Answer(), Causes(before, after)
    seen: set[tuple[str, str]] = set()
    possible: dict[str, Row] = {}
    for asked in ASKED:
        for id in _ids(asked, before, after):
            answers = asked.ask(before, id), asked.ask(after, id)
            for row in _changed(asked, id, answers, subject, causes):
                if (row["answer"], row["row"]) not in seen or asked.name != "deals":
                    seen.add((row["answer"], row["row"]))  # a step may name several threads
                    answer.rows.append(row)
            for side, view in zip(answers, (before, after), strict=True):
                for row in side.possible:
                    if subject in (None, id) or _speaks_of(view, row["event"], subject):
                        possible[row["event"]] = row
    answer.possible += _possible(possible, causes)
    if not answer.rows and not answer.possible:
        about = f" about {subject}" if subject else ""
        answer.note(f"No answer{about} differs between the two.")
    return answer


def _ids(asked: Asked, *views: View) -> list[str]:
    prefix = f"{asked.kind}:"
    found = {s.removeprefix(prefix) for view in views for s in view.history.subjects(prefix)}
    return sorted(found)


def _changed(
    asked: Asked, id: str, answers: tuple[Answer, Answer], subject: str | None, causes: Causes
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
            "events": causes.of(asked, id, old, new, answers),
        }


def _possible(found: dict[str, Row], causes: Causes) -> Iterable[Row]:
    """The events that are possible on a side, where they stand otherwise on the other."""
    for event in sorted(found, key=lambda event: (found[event]["effective_on"] or "", event)):
        before, after = causes.states(event)
        if before != after:
            about = {name: value for name, value in found[event].items() if name != "why"}
            yield about | {"before": before, "after": after}


def _speaks_of(view: View, event: str, subject: str | None) -> bool:
    """Whether an event names a subject in any of its fields."""
    facts = map(view.fact, view.history.mentioning(f"key:{event}"))
    spoken = {s for fact in facts if fact for s in subjects_of(fact.type, fact.data)}
    return any(name.partition(":")[2] == subject for name in spoken)


def _names(old: Row, new: Row, subject: str | None) -> bool:
    """Whether a row names the subject on either side."""
    named = ("holder", "share_class", "economic_owner", "party", "person", "subject", "deal")
    more = ("agreement", "investee")
    return any(subject == row.get(name) for row in (old, new) for name in (*named, *more))
