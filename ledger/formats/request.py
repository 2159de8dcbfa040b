"""What a reader is asked."""

from __future__ import annotations

from collections.abc import Mapping as Pairs
from collections.abc import Sequence
from dataclasses import dataclass, field

from ledger.formats.mapping import Mapping
from ledger.formats.parties import Known, NothingKnown


@dataclass(frozen=True)
class Request:
    """What is asked of a reader, and what it is told of the ledger."""

    name: str
    mappings: Sequence[Mapping] = (Mapping(),)
    ids: Pairs[str, str] = field(default_factory=dict)
    known: Known = field(default_factory=NothingKnown)
    namespace: str = ""
    published_on: str = ""
    prefix: str = ""  # of keys recorded earlier in the namespace, where it is another format's
    strict: bool = False
    asserting: bool = False
    allowed: frozenset[str] = frozenset()
    comparing: bool = False  # with the ledger, so that nothing will be recorded
