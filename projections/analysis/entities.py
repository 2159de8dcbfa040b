"""What ids stand for: parties, classes, sources and events, a row each, with names at a cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ledger.events.actor import in_words
from ledger.events.envelope import Recorded
from ledger.model.register import issuer_of
from ledger.model.texts import searched
from ledger.time.history import History, known_ids
from ledger.time.view import View
from projections.analysis.tables import Column, Row
from projections.names import Names, source_fields
from projections.sentences import sentence
from projections.subjects.texts import Told, texts


def _columns(names: str, numbers: str = "") -> tuple[Column, ...]:
    small = numbers.split()
    return tuple(Column(name, "small" if name in small else "text") for name in names.split())


ENTITIES: dict[str, tuple[Column, ...]] = {  # the first column is the key
    "party": _columns("id name former_names"),
    "share_class": _columns("id name issuer"),
    "source": _columns("id name title publisher published_on dated_by address sha256"),
    "event": _columns(
        "position title key type effective_on known_on standing recorded_at recorder",
        "position",
    ),
    "citation": _columns("id position source locator", "id position"),
    "text": _columns("id kind subject subject_name field title position folded", "id position"),
}


def entities(view: View, history: History) -> Iterator[tuple[str, Row]]:
    """The rows of everything that a history names, as a view of it tells, each with its table."""
    names, whole = Names(view), View(view.history)
    for id in sorted({*known_ids(history, "party"), *known_ids(history, "issuer")}):
        former = "; ".join(name for name, _ in names.former(id))
        yield "party", {"id": id, "name": names.name("party", id), "former_names": former or None}
    for id in known_ids(history, "class"):
        row: Row = {"id": id, "name": names.name("class", id), "issuer": issuer_of(id)}
        yield "share_class", row
    for id in known_ids(history, "source"):
        yield "source", {"id": id, "name": names.name("source", id), **source_fields(whole, id)}


def events(view: View, log: Iterable[Recorded]) -> Iterator[tuple[str, Row]]:
    """The row of each event of a log, as it stands at the cut, and of its citations there."""
    names, number = Names(view), 0
    for recorded in log:
        fact = view.fact(recorded) if recorded.position <= view.history.position else None
        yield (
            "event",
            {
                "position": recorded.position,
                "title": sentence(names, fact) if fact else f"{recorded.type} (does not stand)",
                "key": recorded.key,
                "type": recorded.type,
                "effective_on": fact.text("effective_on") if fact else None,
                "known_on": fact.known_on if fact else None,
                "standing": fact.standing if fact else None,
                "recorded_at": recorded.recorded_at,
                "recorder": in_words(recorded.actor) or None,
            },
        )
        for cited in fact.citations if fact else ():
            number += 1
            row: Row = {"id": number, "position": recorded.position, "source": cited.source}
            yield "citation", row | {"locator": cited.locator}


def searchable(view: View) -> Iterator[tuple[str, Row]]:
    """Every text that counts at the cut, with what it is of."""
    names = Names(view)
    told = (one for event in texts(view) for one in event if not one.why)
    for number, one in enumerate(told, 1):
        yield (
            "text",
            {
                "id": number,
                "kind": one.kind,
                "subject": one.id,
                "subject_name": _named(names, one),
                "field": one.where,
                "title": one.text,
                "position": one.fact.recorded.position,
                "folded": searched(one.text),
            },
        )


def _named(names: Names, told: Told) -> str | None:
    kind = names.kind_of(told.id) if told.kind == "subject" else told.kind
    return names.found(kind, told.id)
