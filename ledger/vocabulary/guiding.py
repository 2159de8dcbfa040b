"""What a guide to an event type says: when it is the right one, when another is, what people call
it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_NAMED = re.compile(r"`([a-z-]+)`")


class Guide(NamedTuple):
    """When to use an event type and when not, each in a sentence, and everyday words for it.

    The words are phrases, by which it is found; one of them names no other type.
    """

    type: str
    when: str
    unless: str
    words: str = ""

    @property
    def phrases(self) -> tuple[str, ...]:
        """The everyday words, phrase by phrase."""
        return tuple(filter(None, re.split(r",\s+", self.words)))

    @property
    def instead(self) -> tuple[str, ...]:
        """The types that are named as the better ones."""
        return tuple(_NAMED.findall(self.unless))
