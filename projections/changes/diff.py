"""Differences: what two views answer differently, and the events that make the difference."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from ledger.model.subject import parse_subject
from ledger.time.history import subjects_of
from ledger.time.view import View
from ledger.values.dates import place_of
from projections.answer import Answer
from projections.changes.causes import Causes
from projections.changes.compare import differing, rows_by
from projections.changes.related import related
from projections.questions import COMPARED, Question
from projections.rows import DifferenceRow, PossibleOnASideRow, PossibleRow, Row


@dataclass(slots=True)
class Differences(Answer[DifferenceRow]):
    """The rows that differ; ``on_a_side`` has the events that are only possible on one of both.

    ``sides`` has the whole rows on both sides of each that differs; an empty one is not there.
    """

    on_a_side: list[PossibleOnASideRow] = field(default_factory=list)
    sides: list[tuple[Row, Row]] = field(default_factory=list)


def diff(before: View, after: View, subject: str | None = None) -> Differences:
    """The rows of every compared question that differ between two views.

    ``on_a_side`` has the events that are only possible on a side and stand otherwise on the other:
    ``before`` and ``after`` say how. A subject limits both to answers about it and to rows and
    events that name it.
    """
    answer, causes = Differences(), Causes(before, after)
    seen: set[tuple[str, str]] = set()
    possible: dict[str, PossibleRow] = {}
    within = None if subject is None else related(subject, before, after)
    named = _ids_of(subject, before, after)
    for question in COMPARED:
        for id in _ids(question, within, before, after):
            answers = question.ask(before, id), question.ask(after, id)
            for row, sides in _changed(question, id, answers, named, causes):
                if (row["answer"], row["row"]) not in seen or len(question.kinds) == 1:
                    seen.add((row["answer"], row["row"]))  # a step may name several threads
                    answer.rows.append(row)
                    answer.sides.append(sides)
            for side, view in zip(answers, (before, after), strict=True):
                for one in side.possible:
                    if not named or id in named or _speaks_of(view, one["event"], named):
                        possible[one["event"]] = one
    answer.on_a_side += _possible(possible, causes)
    if not answer.rows and not answer.on_a_side:
        about = f" about {subject}" if subject else ""
        answer.note(f"No answer{about} differs between the two.")
    return answer


def compared(
    question: Question, id: str, answers: tuple[Answer[Any], Answer[Any]], before: View, after: View
) -> Differences:
    """The rows in which two answers to one question, about an id, differ between two views."""
    answer, causes = Differences(), Causes(before, after)
    for row, sides in _changed(question, id, answers, (), causes):
        answer.rows.append(row)
        answer.sides.append(sides)
    possible = {one["event"]: one for side in answers for one in side.possible}
    answer.on_a_side += _possible(possible, causes)
    if not answer.rows and not answer.on_a_side:
        answer.note("Nothing in the answer differs between the two.")
    return answer


def _ids_of(subject: str | None, *views: View) -> Collection[str]:
    """The ids under which views speak of a subject; none without one."""
    return {subject, *(view.identities.of(subject) for view in views)} if subject else ()


def _ids(question: Question, within: Iterable[str] | None, *views: View) -> list[str]:
    histories = dict.fromkeys(view.history for view in views)
    return list(
        dict.fromkeys(
            id
            for kind in question.kinds
            for id in sorted(
                {id for history in histories for id in question.ids(history, kind, within)}
            )
        )
    )


def _changed(
    question: Question,
    id: str,
    answers: tuple[Answer[Any], Answer[Any]],
    named: Collection[str],
    causes: Causes,
) -> Iterable[tuple[DifferenceRow, tuple[Row, Row]]]:
    then, now = answers
    ours, theirs = rows_by(then, question), rows_by(now, question)
    for found in differing(then, now, question):
        words, fields = found.row, found.fields
        old, new = ours.get(words), theirs.get(words)
        if named and id not in named and not _names(old or {}, new or {}, named):
            continue
        row: DifferenceRow = {
            "answer": question.name,
            "about": id,
            "row": words,
            "change": found.change,
            "before": {name: pair[0] for name, pair in fields.items()} if old else None,
            "after": {name: pair[1] for name, pair in fields.items()} if new else None,
            "events": causes.of(question, id, old, new, answers),
        }
        yield row, (old or {}, new or {})


def _possible(found: dict[str, PossibleRow], causes: Causes) -> Iterable[PossibleOnASideRow]:
    """The events that are possible on a side, where they stand otherwise on the other."""
    places = {e: place_of(row["effective_on"], row["at_latest"]) for e, row in found.items()}
    for event in sorted(found, key=lambda event: (places[event], event)):
        before, after = causes.states(event)
        if before != after:
            row = found[event]
            yield {
                "event": event,
                "type": row["type"],
                "effective_on": row["effective_on"],
                "at_latest": row["at_latest"],
                "standing": row["standing"],
                "what": row["what"],
                "before": before,
                "after": after,
            }


def _speaks_of(view: View, event: str, ids: Collection[str]) -> bool:
    """Whether an event names a subject, by any of its ids, in any of its fields."""
    facts = map(view.fact, view.history.mentioning(f"key:{event}"))
    spoken = {s for fact in facts if fact for s in subjects_of(fact.type, fact.data)}
    return any(parse_subject(name).id in ids for name in spoken)


def _names(old: Row, new: Row, ids: Collection[str]) -> bool:
    """Whether a row names a subject, by any of its ids, on either side."""
    named = (
        "holder",
        "share_class",
        "economic_owner",
        "title_holder",
        "party",
        "person",
        "subject",
        "deal",
    )
    more = ("agreement", "investee", "offer", "dividend", "pool")
    return any(row.get(name) in ids for row in (old, new) for name in (*named, *more))
