"""Days to keep in mind: milestones, dividends, ends of terms, offers, as the record tells them.

A day that no longer is to come (its event was retracted, its milestone moved, its director left)
stays among them as cancelled, so that a calendar which has it takes it out. What is done says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ledger.events.envelope import Recorded
from ledger.events.references import REFERENCES
from ledger.model.fact import STANDINGS, Fact
from ledger.time.cut import FLOORS
from ledger.time.dating import begins_after
from ledger.time.history import AMENDMENTS, subjects_of
from ledger.time.upcoming import upcoming
from ledger.time.view import View
from ledger.time.visibility import as_reported, is_visible
from ledger.values.dates import FOREVER, UNKNOWN, after, parse_days, worded
from projections.names import Names
from projections.registers.wording import begun
from projections.sentences import class_words, money_words, sentence
from projections.subjects.timeline import subjects_about


class Day(NamedTuple):
    """A whole day of the calendar, which the field of an event gives.

    ``sequence`` is how often what it says was changed, ``told_at`` when that was last recorded.
    """

    event: Recorded
    field: str
    day: str
    summary: str
    description: str
    cancelled: bool
    sequence: int
    told_at: str


class _Kind(NamedTuple):
    """What an event type gives a calendar: the fields of days with what they are, and the events
    of the same ``thread`` and the ``same`` other fields after which they are not to come."""

    fields: Mapping[str, str]
    thread: str = ""
    same: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()


_OFFERING = ("offering-rescheduled", "offering-cancelled", "offering-completed")
_PROJECT = ("project-updated", "project-ended")
_OFFER = ("offer-amended", "offer-closed")
_CONDITION = ("condition-settled",)
_KINDS = {
    "milestone-expected": _Kind(
        {"expected_on": "{title}"}, "milestone", ("deal",), ("milestone-expected", "milestone-met")
    ),
    "project-announced": _Kind({"expected_on": "{title}"}, "project", (), _PROJECT),
    "project-updated": _Kind({"expected_on": "{project}"}, "project", (), _PROJECT),
    "offering-planned": _Kind({"window": "Listing of {issuer}"}, "offering", (), _OFFERING),
    "offering-rescheduled": _Kind({"window": "{offering}"}, "offering", (), _OFFERING),
    "dividend-declared": _Kind(
        {
            "record_on": "Record day of the dividend of {per_share} on {share_class}",
            "payable_on": "Dividend of {per_share} on {share_class} is payable",
        }
    ),
    "meeting-called": _Kind(
        {"held_on": "{body} of {company}", "record_on": "Record day: {body} of {company}"},
        "meeting", (), ("meeting-called", "meeting-held"),
    ),
    "offer-made": _Kind({"closes_on": "Offer {offer} closes"}, "offer", (), _OFFER),
    "offer-amended": _Kind({"closes_on": "Offer {offer} closes"}, "offer", (), _OFFER),
    "condition-set": _Kind(
        {"long_stop_on": "Last day of the condition {condition}"}, "condition", (), _CONDITION
    ),
    "condition-settled": _Kind(
        {"long_stop_on": "Last day of the condition {condition}"}, "condition", (), _CONDITION
    ),
    "director-appointed": _Kind(
        {"term_ends_on": "Term of {person} as {role} of {company} ends"},
        "company", ("person",), ("director-appointed", "director-left"),
    ),
    "officer-appointed": _Kind(
        {"term_ends_on": "Term of {person} as {role} of {company} ends"},
        "company", ("person", "role"), ("officer-appointed", "officer-left"),
    ),
}  # fmt: skip
_DONE = ("milestone-met", "offering-completed", "meeting-held")
_ENDING = ("offer-closed",)
_SETTLING = ("satisfied", "waived", "failed")
TYPES = tuple(_KINDS)


def days(view: View, company: str | None = None) -> list[Day]:
    """The days that events of the cut give, of a company or of all, in their order.

    They are the days that an event names, and those of events that are still to come.
    """
    history = view.history
    about = (
        set(view.identities.widened(subjects_about(view, company)))
        if company
        else {f"type:{name}" for name in TYPES}
    )
    names = Names(view)
    giving = {e.position: e for s in sorted(about) for e in history.mentioning(s, TYPES)}
    found = [day for place in sorted(giving) for day in _given(view, names, giving[place])]
    for fact, withdrawn in _coming(view):
        if company is None or not about.isdisjoint(subjects_of(fact.type, fact.data)):
            found += _scheduled(view, names, fact, withdrawn)
    return sorted(found, key=lambda day: (day.day, day.event.position, day.field))


def _given(view: View, names: Names, recorded: Recorded) -> Iterator[Day]:
    """The days in the fields of an event."""
    kind, withdrawn = _KINDS[recorded.type], is_withdrawn(view, recorded)
    if withdrawn:
        facts = [as_reported(view, recorded)]
    else:
        facts = view.about(f"key:{recorded.key}").counted
    for fact in facts:
        every = [] if withdrawn else _later(view, kind, fact)
        for field, words in kind.fields.items():
            later = [other for other in every if _replaces(other, field)]
            was = recorded.data.get(field)
            written, done = fact.text(field) or was, [f for f in later if _is_done(f)]
            if isinstance(written, str) and written != UNKNOWN:
                gone = withdrawn or bool(later and not done) or fact.text(field) is None
                summary = f"{'Done: ' if done else ''}{begun(_summary(names, fact, words))}"
                yield _day(view, names, fact, field, written, summary, gone, later)


def _scheduled(view: View, names: Names, fact: Fact, withdrawn: bool) -> Iterator[Day]:
    """The day of an event that is to come."""
    written = fact.since
    if written is not None and fact.type not in AMENDMENTS:
        summary = sentence(names, fact)
        yield _day(view, names, fact, "effective_on", written, summary, withdrawn, [])


def _coming(view: View) -> Iterator[tuple[Fact, bool]]:
    """The events that are to come, and those withdrawn that were, with which it is."""
    for fact in upcoming(view):
        yield fact, False
    for retraction in view.history.mentioning("type:event-retracted"):
        for event in view.history.mentioning(f"key:{retraction.data['event']}"):
            later = begins_after(event.data, view.cut.as_of)
            if later and is_withdrawn(view, event):
                yield as_reported(view, event), True


def is_withdrawn(view: View, recorded: Recorded) -> bool:
    """Whether an event that the view may tell of was taken back."""
    weak = FLOORS[view.cut.standing] < STANDINGS.index(recorded.data["standing"])
    return not weak and view.fact(recorded) is None and is_visible(view, recorded)


def _later(view: View, kind: _Kind, fact: Fact) -> list[Fact]:
    """The events of the view after which the days of another no longer are to come."""
    if not kind.replaced_by:
        return []
    subject = f"{_SUBJECT.get(kind.thread, kind.thread)}:{fact.need(kind.thread)}"
    found = [
        other
        for other in view.about(subject, types=kind.replaced_by).counted
        if other.order > fact.order
        and all(other.text(name) == fact.text(name) for name in (kind.thread, *kind.same))
    ]
    reopened = [n for n, other in enumerate(found) if other.text("outcome") == "reopened"]
    return found[reopened[-1] :] if reopened else found


def _is_done(later: Fact) -> bool:
    """Whether a later event is what was to come."""
    told = later.text("outcome") or later.text("result")
    return later.type in _DONE or told in ("satisfied", "waived", "successful", "lapsed")


def _replaces(later: Fact, field: str) -> bool:
    """Whether a later step of an offer or a condition ends it, or gives another day."""
    if later.type not in (*_OFFER, *_CONDITION):
        return True
    ends = later.type in _ENDING or later.text("outcome") in _SETTLING
    return ends or later.text(field) is not None


_SUBJECT = {"company": "party"}


def _day(
    view: View,
    names: Names,
    fact: Fact,
    field: str,
    written: str,
    summary: str,
    cancelled: bool,
    later: list[Fact],
) -> Day:
    recorded, (first, last) = fact.recorded, parse_days(written)
    kept, which = (first, "first") if last == FOREVER else (last, "last")
    amending = view.amendments(recorded)
    changes = [*(a for a in amending if a.type != "event-corroborated"), *later]
    told = [f"Recorded as {fact.key} ({fact.standing})."]
    told += [f"Since then: {begun(sentence(names, other))} ({other.when})." for other in later]
    if kept != written:
        words = worded(written)
        told.append(f"The record gives {words}, not a day; this is the {which} day of it.")
        summary = f"{summary} (some day {after('of', words)})"
    if sources := [names.title("source", cited.source) for cited in fact.citations]:
        told.append(f"Sources: {'; '.join(sources)}.")
    instants = [recorded.recorded_at, *(change.recorded.recorded_at for change in changes)]
    return Day(
        recorded, field, kept, begun(summary), " ".join(told), cancelled, len(changes),
        max(instants),
    )  # fmt: skip


def _summary(names: Names, fact: Fact, words: str) -> str:
    """What a day is, with names; a milestone that names nobody is told by its title."""
    kinds = {field: kind for field, part, kind, _ in REFERENCES[fact.type] if not part}
    told = {name: str(value) for name, value in fact.data.items()}
    for field in told.keys() & kinds.keys():
        kind = kinds[field]
        label = class_words if kind == "class" else None
        told[field] = label(names, told[field]) if label else names.short(kind, told[field])
    told["per_share"] = money_words(told.get("per_share", ""))
    return words.format_map({"person": "an unnamed person", "role": "director"} | told)
