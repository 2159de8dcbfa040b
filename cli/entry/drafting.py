"""Events drafted into a file instead of recorded: YAML that ``append --file`` reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cli import hints
from cli.context import OpenedLedger
from cli.entry.terminal import say
from cli.recording import AppendOptions, write
from cli.yaml_export import item
from ledger.batch import Draft
from ledger.events.base import Event
from ledger.events.registry import mentions
from ledger.storage.atomic_file import create
from ledger.storage.files import file_error
from projections.told import how_many


class Drafting:
    """Events put by until the session ends, then written into a new file, each with a key."""

    verb = "Keep"

    def __init__(self, opened: OpenedLedger, file: Path) -> None:
        self._opened, self._file = opened, file
        self._kept: list[Draft] = []

    def look(self, events: Sequence[Event], again: bool) -> None:
        drafts = [*self._kept, *self._drafts(events, again)]
        write(self._opened, drafts, replace(AppendOptions(), dry_run=True))

    def keep(self, events: Sequence[Event], again: bool) -> None:
        for event in events:
            self._kept += self._drafts([event], again)

    def ended(self, left: bool) -> None:
        if not self._kept:
            say("Nothing drafted.")
            return
        content = b"".join(item(d.event.type, d.key, d.event.data) for d in self._kept)
        try:
            create(self._file, content)
        except OSError as error:
            raise file_error(self._file, error) from None
        events = how_many(len(self._kept), "event")
        to_record = hints.command("append", "--file", str(self._file))
        say(f"{events} written to {self._file}. To record: {to_record}")

    def _drafts(self, events: Sequence[Event], again: bool) -> list[Draft]:
        return [Draft(event, self._key(event), again=again) for event in events]

    def _key(self, event: Event) -> str:
        """A key made of what an event says, which nothing else has."""
        about = [m.id.replace("/", "-") for m in mentions(event.type, event.data)]
        date = event.data.get("effective_on", "").strip("./").replace("/", "-")
        words = dict.fromkeys(filter(None, [event.type, *about[:3], date]))
        stem = "-".join(words)[:100]
        taken = {draft.key for draft in self._kept}
        number, key = 1, stem
        while key in taken or self._opened.index.knows(f"key:{key}"):
            number += 1
            key = f"{stem}-{number}"
        return key
