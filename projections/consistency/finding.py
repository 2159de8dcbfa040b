"""A finding: what a check tells of the record."""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """Something that does not hold: of what, the event that shows it, if one does, and how."""

    subject: str
    event: str | None
    what: str  # in which ids may be marked
