"""Drafts of events on a server: kept, listed, and read again for whoever reviews or approves."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import click

from cli.batches import sound
from cli.hints import say_next
from cli.render import write_json
from cli.safe_text import safe
from ledger.batch import Draft, Misread
from ledger.events.validation import make_event
from ledger.storage.opening import server_store
from ledger.storage.server import Place, Server
from ledger.values.dates import stored_instant
from ledger.values.refusals import Refusal, Refused, to_run
from projections.told import how_many

if TYPE_CHECKING:
    from ledger.storage.drafts import Drafted, DraftedEvent, Drafts


def drafts_at(place: Place) -> AbstractContextManager[Drafts]:
    """The drafts of the ledger at a place; Refused where it has none."""
    if not isinstance(place, Server):
        raise Refused(
            Refusal.NO_DRAFTS,
            "Drafts that another person approves lie on a server: nobody could see to that here.",
            "Write the events to a file, have it looked at, and append it.",
        )
    server_store(place)  # says what to install where there is no client of servers
    from ledger.storage.drafts import drafts_on

    return drafts_on(place)


def keep_draft(place: Place, items: Iterable[Draft | Misread], as_json: bool) -> None:
    """Keep a batch as one draft, and say its number."""
    with drafts_at(place) as drafts:
        events = list(_drafted(items))
        if not events:
            raise click.UsageError("There is nothing to draft.")
        number = drafts.make(events)
    if as_json:
        told = [{"key": event.key, "type": event.type} for event in events]
        write_json({"draft": number, "events": told})
        return
    count = how_many(len(events), "event")
    click.echo(f"Drafted {count} as draft {number}. Nothing is recorded yet.")
    look, record = (to_run(word, str(number)) for word in ("review", "approve"))
    say_next(f"{look} shows it to another person, and {record} records it.")


def _drafted(items: Iterable[Draft | Misread]) -> Iterator[DraftedEvent]:
    """What is kept of each event."""
    from ledger.storage.drafts import DraftedEvent

    for item in sound(items):
        told = item.key_given or item.again
        yield DraftedEvent(item.key, told, item.event.type, item.event.written.decode())


def items_of(number: int, events: Sequence[DraftedEvent]) -> Iterator[Draft | Misread]:
    """The events of a draft, ready to be appended."""
    for line, event in enumerate(events, 1):
        place, data = f"draft {number}:{line}", json.loads(event.data)
        try:
            made = make_event(event.type, data)
        except Refused as refused:
            yield Misread(refused.at(place), data)
        else:
            yield Draft(made, event.key, place, event.key_given)


def refuse_ended(draft: Drafted) -> None:
    """Refuse to go on with a draft that has ended."""
    if draft.status == "open":
        return
    raise Refused(
        Refusal.DRAFT_ENDED,
        f"Draft {draft.number} is {draft.status}{_by(draft)}.",
        "`stakebook drafts --all` lists what became of each.",
        "NUMBER",
    )


def row_of(draft: Drafted) -> dict[str, Any]:
    """A draft as plain values."""
    return {
        "number": draft.number,
        "by": draft.by,
        "at": stored_instant(draft.at),
        "events": draft.events,
        "status": draft.status,
        "ended_by": draft.ended_by,
        "note": draft.note,
    }


def in_words(draft: Drafted) -> str:
    """What became of a draft."""
    return safe(f"{draft.status}{_by(draft)}")


def _by(draft: Drafted) -> str:
    if draft.ended_by is None:
        return ""
    return f" by {draft.ended_by}: {draft.note}"
