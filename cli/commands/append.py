"""stakebook append"""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from typing import Any

import click

from cli.context import new_id, open_ledger, open_read_model, progress
from cli.options import data_of, options_of
from cli.render import cell, safe, write_json
from ledger.application import Draft, Receipt
from ledger.event import event_types, make_event
from ledger.files import peek
from ledger.intake import Entry, read_file, read_stream
from ledger.refusals import OutcomeUnknown, Refusal, Refused, nearest
from ledger.text import checked_key, look_alike


class TypeGroup(click.Group):
    """A group with one command for each event type, made from the type's class."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(event_types())

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        cls = event_types().get(name)
        if cls is None:
            return None
        return click.Command(
            name,
            params=[*options_of(cls), *_HOW],
            callback=click.pass_obj(_append_one),
            help=f"{cls.__doc__}\n\n\b\nExample:\n  {example(name)}",
            short_help=(cls.__doc__ or "").splitlines()[0],
        )

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in event_types():
            hint = nearest(args[0], event_types()) or "See `stakebook events`."
            raise Refused(Refusal.UNKNOWN_TYPE, f"{args[0]!r} is not an event type.", hint)
        name, command, rest = super().resolve_command(ctx, args)
        return name, command, rest


_HOW = [
    click.Option(
        ["--key"], metavar="KEY", help="Idempotency key: repeating it records nothing twice."
    ),
    click.Option(["--dry-run"], is_flag=True, help="Say what would be recorded and what changes."),
    click.Option(["--again"], is_flag=True, help="Record it although the same event is recorded."),
    click.Option(
        ["--expect-version"],
        type=click.IntRange(0),
        metavar="N",
        help="Refuse if the stream has moved on from version N.",
    ),
    click.Option(["--json"], is_flag=True, help="Print the receipt as JSON."),
]


@click.group("append", cls=TypeGroup, invoke_without_command=True)
@click.option(
    "--file",
    "files",
    multiple=True,
    metavar="FILE",
    help="Events in YAML or JSON Lines; a folder means its files, - standard input.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be recorded and what changes.")
@click.option("--again", is_flag=True, help="Record events although the same are recorded.")
@click.option("--json", "as_json", is_flag=True, help="Print the receipt as JSON.")
@click.pass_context
def command(
    ctx: click.Context, files: tuple[str, ...], dry_run: bool, again: bool, as_json: bool
) -> None:
    """Record one event of a TYPE, or with --file a whole batch: all of it, or nothing.

    What is refused says where, what and why, and nothing is recorded. `stakebook append TYPE
    --help` lists the fields of a type.

    \b
    Example:
      stakebook append --file fixtures/alliance-register
      stakebook append party-registered --party acme --kind company --name Acme
    """
    if ctx.invoked_subcommand is not None:
        if files:
            raise click.UsageError("Give either a TYPE or --file.")
        return
    if not files:
        raise click.UsageError("Give a TYPE (see `stakebook events`) or --file.")
    _append(ctx.obj, drafts_of(files, again), dry_run, None, as_json)


def drafts_of(files: tuple[str, ...], again: bool = False) -> list[Draft]:
    """The events of files, folders and standard input, ready to be appended as one batch."""
    return [_draft(entry, again) for entry in _entries(files)]


def example(type_name: str) -> str:
    """A command line that appends the example of an event type."""
    from cli.options import words_of
    from ledger.event import RecordKeeping

    cls = event_types()[type_name]
    data: dict[str, Any] = dict(cls.example)
    if not issubclass(cls, RecordKeeping):
        data = {"effective_on": "2023-11-08", "standing": "official"} | data
    return " ".join(["stakebook append", type_name, *words_of(data)])


def _append_one(path: Path, /, **given: Any) -> None:
    (_type,) = [click.get_current_context().info_name or ""]
    how = {name: given.pop(name) for name in ("key", "dry_run", "again", "expect_version", "json")}
    event = make_event(_type, data_of(event_types()[_type], given))
    if how["key"] is not None:
        _check_key(how["key"])
    draft = _draft(Entry("", how["key"], event), how["again"])
    _append(path, [draft], how["dry_run"], how["expect_version"], how["json"])


def _check_key(key: str) -> None:
    try:
        checked_key(key)
    except Refused as refused:
        raise refused.at("--key") from None


def _entries(files: tuple[str, ...]) -> Any:
    for name in files:
        if name == "-":
            yield from read_stream(sys.stdin.buffer, "standard input")
            continue
        path = Path(name)
        inside = [path]
        try:
            if path.is_dir():
                inside = sorted(p for p in path.glob("*") if p.suffix in _READ)
        except (OSError, ValueError) as error:
            raise Refused(
                Refusal.UNREADABLE_FILE, f"It cannot be read: {error}.", "Check the name.", name
            ) from None
        if not inside:
            raise Refused(
                Refusal.EMPTY, f"{name} holds no .yaml or .jsonl file.", "Name a file of events."
            )
        for one in inside:
            yield from read_file(one)


_READ = (".yaml", ".yml", ".jsonl", ".ndjson")


def _draft(entry: Entry, again: bool) -> Draft:
    for name in ("name", "title"):
        warning = look_alike(entry.event.data.get(name, ""))
        if warning:
            place = f"{entry.place}: " if entry.place else ""
            click.echo(f"warning: {place}{name}: {warning}", err=True)
    return Draft(entry.event, entry.key or new_id(), entry.place, entry.key is not None, again)


def _append(
    path: Path, drafts: list[Draft], dry_run: bool, expected_version: int | None, as_json: bool
) -> None:
    indexes = []

    def history() -> Any:
        indexes.append(open_read_model(path))
        return indexes[-1]

    peek(path)
    with open_ledger(path) as ledger, progress("appending", len(drafts)) as advance:
        receipt = ledger.append(
            drafts, history, dry_run=dry_run, expected_version=expected_version, progress=advance
        )
        advance(len(drafts))
    for warning in receipt.warnings:
        click.echo(f"warning: {warning}", err=True)
    changes = _changes(indexes[-1], receipt) if dry_run else []
    try:
        if as_json:
            write_json({"dry_run": dry_run, "events": _lines(receipt), "changes": changes})
        else:
            _say(receipt, dry_run, changes)
        sys.stdout.flush()
    except OSError as error:
        if dry_run or error.errno == errno.EPIPE:
            raise
        raise OutcomeUnknown(
            f"The receipt cannot be written ({error.strerror}), though the events are recorded."
            f" See `stakebook show {receipt.events[0].key}`."
        ) from None


def _lines(receipt: Receipt) -> list[dict[str, Any]]:
    return [
        {
            "position": event.position,
            "status": "recorded" if event.position in receipt.new else "already recorded",
            "type": event.type,
            "key": event.key,
            "id": event.id,
            "stream": event.originator_id,
            "version": event.originator_version,
            "recorded_at": event.recorded_at,
        }
        for event in receipt.events
    ]


def _say(receipt: Receipt, dry_run: bool, changes: list[dict[str, Any]]) -> None:
    new = "would record" if dry_run else "recorded"
    few = len(receipt.events) <= 20
    for event in receipt.events if few else ():
        word = new if event.position in receipt.new else "already recorded as"
        click.echo(f"{word} #{event.position} {event.type} {event.key}")
    if not few:
        known = len(receipt.events) - len(receipt.new)
        positions = sorted(receipt.new)
        span = f" (#{positions[0]} to #{positions[-1]})" if positions else ""
        click.echo(f"{new} {len(positions)} events{span}, {known} already recorded")
    if receipt.new and not dry_run:
        click.echo(f"at {next(e.recorded_at for e in receipt.events if e.position in receipt.new)}")
    if dry_run and changes:
        click.echo("It would change")
        for change in changes:
            fields = ", ".join(
                f"{name} {cell(before, name)} -> {cell(after, name)}"
                for name, (before, after) in change["fields"].items()
            )
            what = f"as of {change['as_of']}: {change['answer']}: {change['row']}: {fields}"
            click.echo(safe(f"  {what}"))
    elif dry_run:
        click.echo("It would change no answer." if receipt.new else "Nothing new to record.")


def _changes(before: Any, receipt: Receipt) -> list[dict[str, Any]]:
    from ledger.history import Log
    from projections.impact import changes

    new = [event for event in receipt.events if event.position in receipt.new]
    return changes(before, Log(new, before), new)
