"""What the commands that amend have in common: their options, the event named, the event made."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import click

from cli.context import OpenedLedger, at_terminal
from cli.options import data_of, missing, options_of
from cli.recording import append_options, append_options_of, one_draft, write
from ledger.events.envelope import Recorded
from ledger.events.registry import event_class
from ledger.events.validation import make_event
from ledger.time.view import View

EVIDENCE = ("known_on", "citations", "standing", "inferred_from")
KINDS = ("clerical", "new-information")


def amendment_options(
    type_name: str, *, without: Collection[str] = (), kind: bool = True
) -> list[click.Parameter]:
    """The options of a command that records an amendment: why, on what evidence, and how."""
    own = ("because", *(name for name in EVIDENCE if name not in without))
    options = [o for o in options_of(event_class(type_name)) if o.name in own]
    if kind:
        options.insert(1, _kind_option())
    return [*options, *append_options()]


def find(opened: OpenedLedger, event: str) -> Recorded:
    """The event a person names by key, position or id."""
    from projections.subjects.timeline import find_event

    return opened.ask(lambda index: find_event(View(index), event))


def record(
    opened: OpenedLedger,
    type_name: str,
    given: dict[str, Any],
    more: Mapping[str, Any] | None = None,
) -> None:
    """Record one amendment from option values, and tell its impact."""
    options = append_options_of(given | {"amends": True})
    cls = event_class(type_name)
    fields = {name: value for name, value in given.items() if name in cls.model_fields}
    data = {**data_of(cls, fields), **(more or {})}
    if at_terminal() and missing(cls, data):
        from cli.entry.gather import Gathering
        from cli.entry.known import Known
        from cli.entry.terminal import Leave

        try:
            data = Gathering(type_name, Known(opened), given=data, brief=True).event().data
        except Leave:
            raise click.Abort from None
    event = make_event(type_name, data)
    write(opened, [one_draft(event, options)], options)


def _kind_option() -> click.Option:
    return click.Option(
        ["--kind", "correction"],
        type=click.Choice(KINDS),
        default="clerical",
        show_default=True,
        help="Mends the record at every date, or is news from its own source.",
    )
