"""Sources: the documents that events cite, and what is later learnt about them."""

from typing import Literal

from ledger.events import fields as f
from ledger.events.base import RecordKeeping

SourceKind = Literal[
    "press", "press-release", "filing", "register", "contract", "minutes", "statement", "other"
]
DatedBy = Literal["source", "recorder"]


class SourceRegistered(RecordKeeping, type="source-registered", stream="source:{source}", schema=2):
    """A document that events may cite; what rests on it is known from its publication date."""

    sentence = "{title} is registered as a source[ ({publisher}, {published_on})]"
    example = {
        "source": "amf-notice-2023-11-10",
        "title": "Notification of crossing of thresholds",
        "kind": "filing",
        "publisher": "AMF",
        "published_on": "2023-11-10",
    }

    source: f.NewSourceId
    title: f.Text
    kind: SourceKind
    publisher: f.Name
    published_on: f.PublishedDate
    dated_by: DatedBy = "source"
    address: f.Text | None = None
    sha256: f.Sha256 | None = None
    form: f.Text | None = None
    registry: f.Text | None = None
    reference: f.Text | None = None
    made_up_to: f.KnownDate | None = None
    outcome: Literal["accepted", "rejected"] | None = None
    replaces: f.SourceId | None = None


class SourceCorrected(RecordKeeping, type="source-corrected", stream="source:{source}", schema=2):
    """What is recorded about a source was wrong; the fields given replace it."""

    sentence = "The record of the source {source} is corrected: {because}"
    example = {
        "source": "amf-notice-2023-11-10",
        "published_on": "2023-11-09",
        "because": "the notice is dated the day before its publication",
    }

    source: f.SourceId
    because: f.Text
    title: f.Text | None = None
    kind: SourceKind | None = None
    publisher: f.Name | None = None
    published_on: f.PublishedDate | None = None
    dated_by: DatedBy | None = None
    address: f.Text | None = None
    sha256: f.Sha256 | None = None
    form: f.Text | None = None
    registry: f.Text | None = None
    reference: f.Text | None = None
    made_up_to: f.KnownDate | None = None
    outcome: Literal["accepted", "rejected"] | None = None
    replaces: f.SourceId | None = None


class SourceRetracted(RecordKeeping, type="source-retracted", stream="source:{source}", schema=2):
    """A source is withdrawn; everything that rests on it alone falls."""

    sentence = "The source {source} is retracted: {because}"
    example = {"source": "amf-notice-2023-11-10", "because": "it was a forgery"}

    source: f.SourceId
    because: f.Text
