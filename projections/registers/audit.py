"""What an auditor is given of a record: its parties, the events of a period, those to be tried."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.time.history import known_ids
from ledger.time.view import View
from projections.registers.board_pack import conflict_table
from projections.registers.chronology import events
from projections.registers.document import Block, Column, Part, Table, Value, Words
from projections.registers.wording import Wording
from projections.subjects.timeline import between

_PARTIES = (Column("Name"), Column("Id"), Column("Kind"), Column("Formerly"))
_SEEN = ("Seen", "Remarks")


class Request(NamedTuple):
    """What a report is about: companies (all, if none), days, and how many events are tried."""

    about: tuple[str, ...]
    first: str
    last: str
    sample: int
    seed: str


def audit_parts(view: View, asked: Request) -> Iterator[Part]:
    """The parties, the events of the period, a sample of them, those without a source."""
    wording = Wording(view, asked.about[0] if len(asked.about) == 1 else "")
    found = _facts(view, asked)
    yield Part("Conflicts", list(_conflicts(wording, asked)))
    yield Part("Parties", [_parties(wording, found, asked)])
    period = f"{asked.first} to {asked.last}"
    yield Part(f"Events from {period}", [events("Events of the period", wording, found)])
    yield Part("Sample", [*_sample(wording, found, asked)])
    bare = [fact for fact in found if not fact.citations]
    words = f"{len(bare):,} of the {len(found):,} events from {period} cite no source."
    listed = [events("Events without a source", wording, bare)] if bare else []
    yield Part("Events without a source", [Words(words), *listed])


def _facts(view: View, asked: Request) -> list[Fact]:
    """The events of the period that speak of any of the companies, each once."""
    found: dict[int, Fact] = {}
    for subject in asked.about or (None,):
        facts, _ = between(view, subject, asked.first, asked.last)
        found |= {fact.recorded.position: fact for fact in facts}
    return sorted(found.values(), key=lambda fact: fact.order)


def _conflicts(wording: Wording, asked: Request) -> Iterator[Block]:
    for subject in asked.about or (None,):
        yield conflict_table(wording, subject, "Conflicts")


def _parties(wording: Wording, found: Sequence[Fact], asked: Request) -> Block:
    """The parties that the companies and the events of the period name."""
    view = wording.view
    every = known_ids(view.history, "new-party")
    if asked.about:
        named = {str(value) for fact in found for value in _values(fact)}
        every = [id for id in every if id in named or id in asked.about]
    rows: list[tuple[Value, ...]] = []
    for id in every:
        registered = view.about(f"new-party:{id}").certain
        if not registered:
            continue
        kind = registered[-1].need("kind")
        rows.append((wording.party(id), id, kind, wording.formerly(id)))
    rows.sort(key=lambda row: (str(row[0]).casefold(), str(row[1])))
    return Table("Parties", _PARTIES, rows)


def _values(fact: Fact) -> Iterator[object]:
    for value in fact.data.values():
        if isinstance(value, list):
            yield from (one for one in value if isinstance(one, str))
        else:
            yield value


def _sample(wording: Wording, found: Sequence[Fact], asked: Request) -> Iterator[Block]:
    """Events drawn by the digests of their ids, so that anybody can draw them again."""
    drawn = sorted(found, key=lambda fact: _draw(asked.seed, fact))[: asked.sample]
    yield Words(
        f"Drawn are {len(drawn):,} of {len(found):,} events: those whose SHA-256 of"
        f' "{asked.seed}:ID OF THE EVENT" comes first (--sample, --seed).'
    )
    if drawn:
        in_order = sorted(drawn, key=lambda fact: fact.order)
        yield events("Sample", wording, in_order, *_SEEN)


def _draw(seed: str, fact: Fact) -> str:
    return hashlib.sha256(f"{seed}:{fact.recorded.id}".encode()).hexdigest()
