"""Texts: every name, title, note, clause and claim that counts at a cut, with what it is of."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.model.texts import HELD, IN_EVERY_CLAIM, TEXTS
from ledger.model.threads import OWN_KINDS
from ledger.time.history import AMENDMENTS, SOURCE_EVENTS
from ledger.time.view import View
from ledger.time.visibility import is_visible

_SUBJECTS = {  # by type: the kind of thing that its texts are of, and the field with its id
    **dict.fromkeys(("party-registered", "party-renamed", "party-ended"), ("party", "party")),
    **dict.fromkeys(SOURCE_EVENTS, ("source", "source")),
    **dict.fromkeys(("claim-recorded", "note-added"), ("subject", "subject")),
    "share-class-created": ("class", "share_class"),
    **{
        name: (kind, threads.fields[-1])
        for kind, threads in OWN_KINDS.items()
        for name in threads.types
    },
}


class Told(NamedTuple):
    """A text: the kind and id of what it is of, the field that holds it, and its event, with why
    that is only possible, if it is."""

    kind: str
    id: str
    where: str
    text: str
    fact: Fact
    why: str


def texts(view: View, having: Collection[str] = ()) -> Iterator[list[Told]]:
    """The texts of each event at the cut that has any; of those that may have some words alone, as
    FTS5 is asked for each."""
    seen = set[int]()
    for fact, why in _facts(view, having):
        if fact.recorded.position in seen:
            continue
        seen.add(fact.recorded.position)
        if fact.type in AMENDMENTS and not is_visible(view, fact.recorded):
            continue
        kind, id = _subject(fact)
        if found := [Told(kind, id, where, text, fact, why) for where, text in _told(fact)]:
            yield found


def _facts(view: View, having: Collection[str]) -> Iterator[tuple[Fact, str]]:
    """The facts that may hold texts: of movements, which are very many, those alone that do."""
    for recorded in view.history.having(having):
        if HELD.isdisjoint(recorded.data) and not view.history.is_amended(recorded.key):
            continue
        for one, why in view.each(f"key:{recorded.key}"):
            if isinstance(one, Fact):
                yield one, why


def _subject(fact: Fact) -> tuple[str, str]:
    kind, field = _SUBJECTS.get(fact.type, ("event", ""))
    id = fact.text(field) if field else None
    return ("event", fact.key) if id is None else (kind, id)


def _told(fact: Fact) -> Iterator[tuple[str, str]]:
    """The texts of a fact, each with where it stands."""
    if fact.type == "claim-recorded":
        attribute, value, unit = map(fact.text, IN_EVERY_CLAIM)
        yield "claim", f"{attribute}: {value}{f' {unit}' if unit else ''}"
    for name in TEXTS:
        said = fact.data.get(name, ())
        for text in (said,) if isinstance(said, str) else said:
            if isinstance(text, str):
                yield name, text
    for clause in fact.many("clauses"):
        words = "; ".join([clause["text"], *clause.get("matters", ())])
        yield "clause", f"{clause['clause']} ({clause['kind']}): {words}"
    for one in fact.many("exceptions"):
        if isinstance(one, dict) and "text" in one:  # those of a cap are words alone
            yield "clause", f"{one['clause']}, except: {one['text']}"
