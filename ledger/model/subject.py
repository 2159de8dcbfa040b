"""Subjects: what events are indexed under, such as ``issuer:nissan`` or ``event:K``."""

from __future__ import annotations

from typing import NamedTuple


class Subject(NamedTuple):
    """A kind of thing and its id; as text, ``kind:id``."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


def parse_subject(text: str) -> Subject:
    """The kind and the id in the text of a subject; ids may hold colons, kinds do not."""
    kind, _, id = text.partition(":")
    return Subject(kind, id)
