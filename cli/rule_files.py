"""Files of rules and calendars that a question is asked with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ledger.intake.yaml import parse_yaml
from ledger.storage.input_files import opened
from ledger.values.refusals import Refusal, Refused, shown, unreadable
from ledger.values.text import decoded

_BYTES = 2**20


def read_listed(path: str) -> tuple[Any, str]:
    """What a file of YAML or JSON holds, every scalar as text, and the file's name."""
    name = shown(path, 4096)[1:-1]
    try:
        with opened(Path(path)) as stream:
            raw = stream.read(_BYTES + 1)
    except OSError as error:
        raise unreadable(name, error) from None
    if len(raw) > _BYTES:
        raise Refused(Refusal.TOO_LARGE, "It is over 1 MiB.", "Shorten it.", name)
    text = decoded(raw, name)
    documents = [document for document, _ in parse_yaml(text, name)]
    if len(documents) != 1:
        raise Refused(Refusal.EMPTY, "There is no list in it.", "Begin it with `- id: ...`.", name)
    return documents[0], name
