"""The dates of an event, worked out from what it says and from its evidence: ``ledger.time.view``
has the rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ledger.events.envelope import Recorded
from ledger.time.history import AMENDMENTS, REGISTRATIONS, SOURCE_EVENTS
from ledger.values.dates import ALWAYS, Days, parse_effective, parse_published, parse_told

Published = Days | bool | None  # None where it is not known, False where the source is retracted


def dates_of(
    recorded: Recorded,
    data: Mapping[str, Any],
    cited: Sequence[str],
    publication: Callable[[str], Published],
) -> tuple[Days | None, Days]:
    """When an event took effect and became known; ``cited`` are its sources that stand."""
    own = [publication(c["source"]) for c in recorded.data.get("citations", ())]
    published, unsourced = list(map(publication, cited)), not (cited and own)
    if recorded.type in SOURCE_EVENTS:
        of = publication(data["source"])
        published = own = [parse_published(data.get("published_on")) if of is False else of]
    reported = reported_on(recorded, data, published, own)
    known = known_days(recorded, data, reported, unsourced=unsourced)
    return effective_days(data, reported), known


def reported_on(
    recorded: Recorded,
    data: Mapping[str, Any],
    cited: Iterable[Published],
    own: Sequence[Published],
) -> list[Days]:
    """The days on which an event was told: by the sources that stand, on the known date given; or
    when it was recorded.

    ``own`` are the sources that it cites itself. Where none of them is dated, the day of recording
    counts beside those that corroborate it: they cannot make it known later.
    """
    found = [days for days in cited if isinstance(days, Days)]
    if "known_on" in data:
        return [*found, parse_told(data["known_on"])]
    undated = not own or (None in own and not any(isinstance(days, Days) for days in own))
    return [*found, day_of(recorded)] if undated or not found else found


def known_days(
    recorded: Recorded, data: Mapping[str, Any], reported: Sequence[Days], *, unsourced: bool
) -> Days:
    """When an event became known."""
    if "known_on" in data:
        return parse_told(data["known_on"])
    clerical = data.get("correction", "clerical") == "clerical"
    if (recorded.type in REGISTRATIONS and unsourced) or (recorded.type in AMENDMENTS and clerical):
        return ALWAYS
    return Days(min(days.first for days in reported), min(days.last for days in reported))


def effective_days(data: Mapping[str, Any], reported: Iterable[Days]) -> Days | None:
    """The days on which an event can have taken effect; None for one without a date. What was
    still to come is not bounded by those who told it."""
    if "effective_on" not in data:
        return None
    dated = parse_effective(data["effective_on"])
    if dated.first == dated.last or data.get("tense") == "upcoming":
        return dated
    bounds = [days.last for days in reported if days.last >= dated.first]
    return Days(dated.first, min([dated.last, *bounds]))


def day_of(recorded: Recorded) -> Days:
    """The day on which an event was recorded."""
    day = recorded.recorded_at[:10]
    return Days(day, day)


def is_to_come(data: Mapping[str, Any], day: str) -> bool:
    """Whether what an event tells takes effect after a day, or was to come and may not have yet."""
    if "tense" not in data:
        return begins_after(data, day)
    return "effective_on" in data and parse_effective(data["effective_on"]).last > day


def begins_after(data: Mapping[str, Any], day: str) -> bool:
    """Whether what an event tells has a date, and one after a day."""
    return "effective_on" in data and parse_effective(data["effective_on"]).first > day
