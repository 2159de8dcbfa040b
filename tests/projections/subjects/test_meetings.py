"""Meetings and resolutions: in which order they are told."""

from __future__ import annotations

from typing import Any

from projections.subjects.meetings import meetings
from tests.histories import Draft
from tests.projections.subjects.record import at, columns, on, record


def voted(day: str, resolution: str) -> Draft:
    """A resolution of acme that was passed."""
    said: dict[str, Any] = {"title": resolution, "outcome": "passed", "company": "acme"}
    return on(day, resolution, "resolution-voted", resolution=resolution, **said)


def test_meetings_and_resolutions_are_told_by_the_last_day_of_their_dates() -> None:
    view = at(
        record(
            voted("../2024-05", "in-may-or-before"),
            voted("2024-03", "in-march"),
            on("2024-03-15", "met", "meeting-held", company="acme", body="board"),
            voted("2024-04-02", "in-april"),
        )
    )
    assert columns(meetings(view, "acme").rows, "subject") == [
        ("met",), ("in-march",), ("in-april",), ("in-may-or-before",),
    ]  # fmt: skip
