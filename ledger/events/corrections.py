"""Corrections: what was recorded is never changed, only spoken about by later events."""

from ledger.events import fields as f
from ledger.events.base import Event, RecordKeeping


class Amendment(RecordKeeping):
    """Base of events about another event, named by its key.

    A clerical amendment mends the record: it is known whenever the event it amends is. One of new
    information is known from its own source, like any event.
    """

    event: f.EventKey
    because: f.Text
    correction: f.Correction = "clerical"


class EventCorrected(Amendment, type="event-corrected", stream="event:{event}", schema=2):
    """Fields of an event were wrong; those named take the values given, the others stay."""

    sentence = "{event} is corrected ({changes}): {because}"
    example = {
        "event": "trust-sale-2",
        "changes": [{"field": "shares", "value": "99132100"}],
        "because": "the buyback of 100,242,900 was entered as the sale",
    }

    changes: f.Changes


class EventRetracted(Amendment, type="event-retracted", stream="event:{event}", schema=2):
    """An event should not have been recorded; retracting a correction revives what it corrected."""

    sentence = "{event} is retracted: {because}"
    example = {"event": "trust-sale-2", "because": "recorded twice"}


class EventCorroborated(RecordKeeping, type="event-corroborated", stream="event:{event}", schema=2):
    """Further sources support an event: it is known from the earliest, and falls with the last."""

    sentence = "{event} is supported by {citations}"
    example = {
        "event": "trust-sale-2",
        "citations": [{"source": "amf-notice-2023-11-10", "locator": "p. 2"}],
    }

    event: f.EventKey
    citations: f.Citations


class ActionWithdrawn(Event, type="action-withdrawn", stream="event:{event}"):
    """An announced action is called off before it takes effect: it stands as announced until this
    day, and is void after. What should never have been recorded is retracted instead."""

    sentence = "{event} is called off: {because}"
    example = {"event": "split-2020", "because": "the meeting did not approve it"}

    event: f.EventKey
    because: f.Text
    by: f.PartyId | None = None
