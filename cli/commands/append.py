"""stakebook append"""

from __future__ import annotations

import sys
from itertools import takewhile
from pathlib import Path
from shlex import quote
from typing import Any

import click
from click.core import ParameterSource

from cli.arguments import StrictGroup, check_values
from cli.context import OpenedLedger, at_terminal, clock_option, jobs_option
from cli.declared import declared_command, known_declared
from cli.documents import document_of, document_options, keeping
from cli.drafts import drafts_of
from cli.entry.session import Recording, hold
from cli.guidance import when_to_use, write_types
from cli.options import completing, data_of, defaults_in, defaults_option, missing, options_of
from cli.recording import (
    AppendOptions,
    append_options,
    append_options_of,
    draft_option,
    impact_option,
    one_draft,
    proof_option,
    save_option,
    strict_option,
    thresholds_option,
    write,
)
from cli.spreadsheets import append_table
from cli.table_options import table_options, table_options_of
from ledger.events.base import Event
from ledger.events.local import PREFIX
from ledger.events.registry import event_class, event_types
from ledger.events.validation import make_event
from ledger.intake.event_files import SUFFIXES
from ledger.values.refusals import Refusal, Refused, shown

_RECORDING = ("clock_is_right", "impact", "thresholds", "strict", "proof", "draft", "save")


class TypeGroup(StrictGroup):
    """A group with one command for each event type, made from the type's class."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """With --from, the word that is no option is a FILE and no TYPE, wherever it stands."""
        if not names_table(args):
            return super().parse_args(ctx, args)
        check_values(self, ctx, args)
        ctx.allow_interspersed_args = True
        ctx.params["tables"] = tuple(click.Command.parse_args(self, ctx, args))
        ctx.args = []
        return ctx.args

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(event_types())

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_types(formatter)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name.startswith(PREFIX):
            return declared_command(ctx.obj, name, _record)
        cls = event_types().get(name)
        if cls is None:
            return None
        return click.Command(
            name,
            params=[
                *options_of(cls),
                *(document_options() if "sha256" in cls.model_fields else ()),
                defaults_option(),
                *append_options(),
            ],
            callback=click.pass_obj(_append_one),
            help=f"{cls.__doc__}\n\n{when_to_use(name)}\n\n\b\nExample:\n  {example(name)}",
            short_help=(cls.__doc__ or "").partition("\n")[0],
        )

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args:
            _refuse_file(args[0])
            if args[0].startswith(PREFIX):
                known_declared(ctx.obj, args[0])
            else:
                event_class(args[0])  # refused by its words, where click would only name it
        return super().resolve_command(ctx, args)


def _refuse_file(name: str) -> None:
    """Refuse a file where a TYPE stands, with the command that reads it."""
    suffix = Path(name).suffix.lower()
    if suffix in SUFFIXES:
        how = f"stakebook append --file {quote(name)}"
    elif suffix in (".csv", ".xlsx"):
        how = f"stakebook append --from {suffix[1:]} {quote(name)} --dry-run"
    else:
        return
    raise Refused(
        Refusal.UNKNOWN_TYPE, f"{shown(name)} is a file, not an event type.", f"Run: {how}", "TYPE"
    )


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
    ctx: click.Context,
    /,
    files: tuple[str, ...],
    dry_run: bool,
    again: bool,
    defaults_file: str | None,
    as_json: bool,
    jobs: int,
    tables: tuple[str, ...] = (),
    **others: Any,
) -> int | None:
    """Record one event of a TYPE, or with --file a whole batch: all of it, or nothing.

    All that is refused says where, what and what to do, and nothing is recorded. `stakebook append
    TYPE --help` lists the fields of a type. An item `defaults: {...}` of a file gives fields to the
    events after it that do not give them; a later one replaces what it names, and an item
    `end-defaults` ends them.

    `--from FORMAT FILE` reads a table of CSV or XLSX: a journal, a register of members, holdings, a
    board, parties, share classes. With --dry-run it prints the mapping that it would use; what is
    open is asked by naming the line to add to it. A second import records nothing.

    \b
    Example:
      stakebook append --file fixtures/alliance-register
      stakebook append party-registered --party acme --kind company --name Acme
      stakebook append --from xlsx cap.xlsx --as caps --dry-run > map.yaml
    """
    if ctx.invoked_subcommand is not None:
        _refuse_before(ctx, ctx.invoked_subcommand)
        return None
    options = AppendOptions(
        dry_run=dry_run, json=as_json, **{n: others.pop(n) for n in _RECORDING if n in others}
    )
    table = table_options_of({**others, "strict": options.strict}, tables)
    if table is not None:
        _refuse_beside_table(ctx)
        with OpenedLedger(ctx.obj) as opened:
            return append_table(opened, table, options)
    if not files:
        if not at_terminal() or options.save or options.draft:
            raise click.UsageError("Give a TYPE (see `stakebook events`), --file or --from.")
        with OpenedLedger(ctx.obj) as opened:
            hold(opened, Recording(opened, options), kept=defaults_in(defaults_file).fields)
        return None
    with OpenedLedger(ctx.obj) as opened:
        defaults = completing(defaults_in(defaults_file), opened)
        write(opened, drafts_of(files, again, defaults, jobs), options, counted(files))
    return None


command.params += [*table_options(), strict_option(), proof_option()]
command.params += [
    jobs_option(),
    defaults_option(),
    clock_option(),
    draft_option(),
    save_option(),
    impact_option(),
    thresholds_option(),
]


def _refuse_beside_table(ctx: click.Context) -> None:
    """Refuse options of files of events, which would not be heeded."""
    for name in ("files", "again", "jobs", "defaults_file"):
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError("--from takes neither --file, --again, --jobs nor --defaults.")


def names_table(words: list[str]) -> bool:
    """Whether --from stands among the words before any TYPE."""
    before = takewhile(lambda word: word not in event_types(), words)
    return any(word == "--from" or word.startswith("--from=") for word in before)


def _refuse_before(ctx: click.Context, type_name: str) -> None:
    """Refuse options before a TYPE, which would not be heeded."""
    for name in ctx.params:
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            if name == "files":
                raise click.UsageError("Give either a TYPE or --file.")
            option = next(p.opts[0] for p in ctx.command.params if p.name == name)
            raise click.UsageError(f"Write {option} after {type_name}: nothing is recorded.")


def counted(files: tuple[str, ...]) -> int:
    """How many events there may be in files of JSON Lines, for whoever waits; 0 if unknown."""
    total = 0
    for name in files if sys.stderr.isatty() else ():
        path = Path(name)
        if path.suffix in (".jsonl", ".ndjson") and path.is_file():
            with path.open("rb") as stream:
                while block := stream.read(2**20):
                    total += block.count(b"\n")
    return total


def example(type_name: str) -> str:
    """A command line that appends the example of an event type."""
    from cli.options import words_of
    from ledger.events.base import RecordKeeping

    cls = event_types()[type_name]
    data: dict[str, Any] = dict(cls.example)
    if not issubclass(cls, RecordKeeping):
        data = {"effective_on": "2023-11-08", "standing": "official"} | data
    return " ".join(["stakebook append", type_name, *words_of(cls, data)])


def _append_one(path: Path, /, **given: Any) -> None:
    (_type,) = [click.get_current_context().info_name or ""]
    document, options = document_of(given), append_options_of(given)
    defaults = defaults_in(given.pop("defaults_file"))
    cls = event_types()[_type]
    data = data_of(cls, given, defaults)
    if _type == "instrument-exercised":
        with OpenedLedger(path) as opened:
            data = completing(defaults, opened).complete(_type, data)
    kept = options.save or options.draft  # for later: nothing can be shown of it before it is
    if at_terminal() and missing(cls, data) and not kept:
        with keeping(path, None if options.dry_run else document), OpenedLedger(path) as opened:
            recording = Recording(opened, options)
            hold(opened, recording, _type, data)
            if not recording.recorded:
                raise click.exceptions.Exit(0)  # so that no document is kept either
        return
    with keeping(path, None if options.dry_run else document):
        _record(path, make_event(_type, data), options)


def _record(path: Path, event: Event, options: AppendOptions) -> None:
    with OpenedLedger(path) as opened:
        write(opened, [one_draft(event, options)], options)
