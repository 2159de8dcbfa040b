"""stakebook correct"""

from __future__ import annotations

from typing import Any

import click

from cli.amending import amendment_options, find, record
from cli.arguments import StrictGroup
from cli.context import OpenedLedger
from cli.options import option_of
from ledger.events.base import Event
from ledger.events.envelope import Recorded
from ledger.events.introspection import part_of
from ledger.events.registry import event_class
from ledger.time.history import AMENDMENTS, OWN_FIELDS, root_of
from ledger.values.refusals import Refusal, Refused, nearest, shown

_TYPE = "event-corrected"


class EventGroup(StrictGroup):
    """A group whose commands are the events recorded, each with the fields of its own type."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return []

    def get_command(self, ctx: click.Context, name: str) -> click.Command:
        opened = ctx.with_resource(OpenedLedger(ctx.obj))
        event = find(opened, name)
        root = opened.ask(lambda index: root_of(event, index)) if event.type == _TYPE else None
        return click.Command(
            name,
            params=[*_field_options(event, root), _without_option(), *amendment_options(_TYPE)],
            callback=lambda **given: _correct(opened, event, root, given),
            help=f"Correct #{event.position}, {event.type}; fields not given stay as they are.",
        )


@click.group("correct", cls=EventGroup, subcommand_metavar="EVENT [FIELDS]...")
def command() -> None:
    """Correct fields of an event: EVENT is its key, its position ('#12' or 12) or its id.

    The event stays in the log as it was recorded; answers take the fields given, and keep the
    others. `stakebook correct EVENT --help` lists them: they are those of the event's own type
    (lists of clauses and of citations apart: see corroborate, or retract and append anew). A field
    named like an option of this command is given as --corrected-NAME. Correcting a correction
    changes what it proposes. What changes is always told.

    \b
    Options of every EVENT:
      --because TEXT     Why; always needed.
      --kind KIND        clerical (mends the record at every date; the default)
                         or new-information (is known from its own source).
      --without FIELD    Take an optional field away; repeatable.
      --dry-run          Only say what would change.

    \b
    Example:
      stakebook correct trust-sale-2 --shares 99132100 --because "a misprint"
    """


def _correct(
    opened: OpenedLedger, event: Recorded, root: Recorded | None, given: dict[str, Any]
) -> None:
    given["event"] = event.key
    values = {
        name.removeprefix("field_"): given.pop(name)
        for name in list(given)
        if name.startswith("field_")
    }
    changes: list[dict[str, Any]] = [
        {"field": name, "value": list(value) if isinstance(value, tuple) else value}
        for name, value in values.items()
        if value not in (None, ())
    ]
    changes += [{"field": _optional(name, event, root)} for name in given.pop("without")]
    if not changes:
        raise click.UsageError(f"Give a field to correct; see `stakebook correct {event.key} -h`.")
    record(opened, _TYPE, given, {"changes": changes})


def _optional(name: str, event: Recorded, root: Recorded | None) -> str:
    known = _fields(event, root)
    wanted = name.replace("-", "_")
    if wanted not in known:
        raise Refused(
            Refusal.UNKNOWN_FIELD,
            f"{shown(name)} is not a field of {event.type}.",
            nearest(wanted, known) or f"It has {', '.join(known)}.",
            "--without",
        )
    return wanted


def _fields(event: Recorded, root: Recorded | None) -> list[str]:
    """The fields that a correction of an event may name; those of its root, if it is one itself."""
    about = "event" if event.type in AMENDMENTS else "source"
    own = list(event_class(event.type).model_fields)
    if event.type in (*AMENDMENTS, "source-corrected", "source-retracted"):
        own.remove(about)  # an amendment stays about what it names
    if root is None:
        return own
    proposed = [n for n in event_class(root.type).model_fields if n not in OWN_FIELDS]
    return proposed + [name for name in own if name not in _IDLE]


# In a correction these date and file the correction itself; correct the event's own once more.
_IDLE = (
    "changes", "effective_on", "sequence", "deal", "reaffirms", "conditional_on", "under", "tense",
)  # fmt: skip


def _field_options(event: Recorded, root: Recorded | None) -> list[click.Parameter]:
    taken = {o.name for o in amendment_options(_TYPE)} | {"kind", "without", "help"}
    wanted = _fields(event, root)
    options: list[click.Parameter] = []
    for cls in dict.fromkeys(event_class(e.type) for e in (root, event) if e):
        for name in sorted(wanted, key=lambda name: name in Event.model_fields):
            info = cls.model_fields.get(name)
            if info is None or part_of(info.annotation) is not None:
                continue
            option = option_of(name, cls)
            wanted.remove(name)
            flag = name.replace("_", "-")
            options.append(
                click.Option(
                    [f"--corrected-{flag}" if name in taken else f"--{flag}", f"field_{name}"],
                    type=option.type,
                    multiple=option.multiple,
                    help=(option.help or "").replace(" [required]", ""),
                )
            )
    return options


def _without_option() -> click.Option:
    return click.Option(
        ["--without"], multiple=True, metavar="FIELD", help="Take FIELD away; repeatable."
    )
