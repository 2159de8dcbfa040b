"""Search: where words stand among all texts at a cut, found by SQLite's full-text index."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import count

from ledger.model.fact import Possible
from ledger.model.texts import TOKENS, searched
from ledger.time.view import View
from ledger.values.refusals import Refusal, Refused, shown
from projections.answer import Answer
from projections.names import Names
from projections.rows import SearchRow
from projections.subjects.texts import Told, texts

MOST_WORDS = 32
_NAMING = ("name", "title")
_LOOK = {"subject": "claims", "event": "show", "deal": "deals", "investment": "deals",
         "offering": "deals", "offer": "offer"}  # fmt: skip


def search(view: View, text: str) -> Answer[SearchRow]:
    """Every place at the cut where the words of a text stand, names and titles first.

    All of the words stand in texts of one event, at least one of them in the place that is told;
    the last one may be the beginning of a word. Case and accents make no difference.
    """
    words, answer, names = _words(text), Answer[SearchRow](), Names(view)
    for told in _ranked(words, texts(view, parts_of(words))):
        if told.why:
            answer.add_possible([Possible(told.fact, told.why)])
        else:
            answer.rows.append(_row(told, names))
    if not answer.rows:
        answer.none("No text that counts at this cut has all of these words.")
    return answer


def _words(text: str) -> list[str]:
    words = [searched(word) for word in text.split()]
    words = [word for word in words if any(unicodedata.category(c)[0] in "LN" for c in word)]
    if not words:
        raise Refused(
            Refusal.EMPTY,
            f"{shown(text)} has no letter and no digit.",
            "Give a word, or its beginning.",
        )
    if len(words) > MOST_WORDS:
        raise Refused(
            Refusal.TOO_LARGE, f"{len(words)} words are given.", f"Give at most {MOST_WORDS}."
        )
    return words


def _ranked(words: Sequence[str], found: Iterable[Sequence[Told]]) -> Iterator[Told]:
    """The texts that have the words: names and titles first, then by how much they are about
    them, of all that have. Of an event, those that have all of the words alone, if any does."""
    events = [*found]
    have = {told.fact.key for told in _matching(words, events)}
    yield from _matching(words, [event for event in events if event[0].fact.key in have])


def _matching(words: Sequence[str], events: Iterable[Sequence[Told]]) -> list[Told]:
    told = list[Told]()
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute(f'CREATE VIRTUAL TABLE texts USING fts5(text, rest, tokenize="{TOKENS}")')
        for event in events:
            whole = [searched(one.text) for one in event]
            rests = (" ".join(whole[:n] + whole[n + 1 :]) for n in range(len(whole)))
            rows = zip(count(len(told)), whole, rests)
            database.executemany("INSERT INTO texts (rowid, text, rest) VALUES (?, ?, ?)", rows)
            told += event
        every, some = (f"text : ({query(words, joint)})" for joint in ("AND", "OR"))
        whole_in = _ranks(database, every)
        ranks = _ranks(database, f"({query(words, 'AND')}) AND {some}")
    served = {told[place].fact.key for place in whole_in}
    kept = (place for place in ranks if place in whole_in or told[place].fact.key not in served)
    return [told[place] for place in sorted(kept, key=lambda at: _order(told[at], ranks[at]))]


def _ranks(database: sqlite3.Connection, wanted: str) -> dict[int, int]:
    """The places that match, each with its rank; equal ones share it."""
    found = (
        "SELECT rowid, rank() OVER (ORDER BY score) FROM (SELECT rowid, bm25(texts, 10, 1) AS score"
        " FROM texts WHERE texts MATCH ? LIMIT -1)"
    )
    return dict(database.execute(found, (wanted,)).fetchall())


def query(words: Sequence[str], joint: str) -> str:
    """The words in the language of FTS5, in which nothing typed has a meaning of its own; the last
    may be the beginning of one."""
    quoted = ['"' + word.replace('"', '""') + '"' for word in words]
    return f" {joint} ".join([*quoted[:-1], f"{quoted[-1]}*"])


def parts_of(words: Sequence[str]) -> list[str]:
    """Each part of a word as FTS5 is asked for it alone."""
    parts = "".join(c if _is_in_word(c) else " " for c in " ".join(words)).split()
    return [
        query([part], "") if n == len(parts) else f'"{part}"' for n, part in enumerate(parts, 1)
    ]


def _is_in_word(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LNM" or category == "Co"


def _order(told: Told, rank: int) -> tuple[bool, int, str, str, str, str]:
    return told.where not in _NAMING, rank, told.kind, told.id, told.fact.key, told.where


def _row(told: Told, names: Names) -> SearchRow:
    fact, where = told.fact, told.where
    if told.kind == "party" and where == "name" and told.text != names.found("party", told.id):
        where = "former name"
    return {
        "kind": told.kind,
        "subject": told.id,
        "where": where,
        "matched": told.text,
        "effective_on": fact.since,
        "at_latest": fact.at_latest,
        "event": fact.key,
        "standing": fact.standing,
        "look": f"stakebook {_LOOK.get(told.kind, 'timeline')} {told.id}",
    }
