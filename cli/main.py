"""The entry point: the list of commands, loaded one at a time, and the one end of failures."""

from __future__ import annotations

import errno
import gc
import importlib
import io
import keyword
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TextIO

import click

from cli.arguments import HELP, StrictGroup
from ledger.values.refusals import MOST_TOLD, Refused, StakebookError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "demo": "Build the alliance ledger and walk through its story.",
    "init": "Make a new, empty ledger.",
    "append": "Record an event, or a batch from a file.",
    "propose": "What clauses of agreements say of an event.",
    "convert": "A table of CSV or XLSX as events, with nothing recorded.",
    "reconcile": "Holdings in CSV or XLSX beside the register on their day.",
    "draft": "Ask for events, and write them to a file.",
    "drafts": "What waits on a server for another person.",
    "review": "What a draft says, and what it would change.",
    "approve": "Record a draft of another person.",
    "reject": "Reject a draft, or withdraw an own one.",
    "status": "Was the event under a key recorded?",
    "correct": "Correct fields of an event.",
    "edit": "Edit an event as text, which makes a correction.",
    "retract": "Take an event back.",
    "undo": "Take back the last batch, by retractions.",
    "correct-source": "Correct what is recorded about a source.",
    "retract-source": "Withdraw a source.",
    "corroborate": "Say that further sources support an event.",
    "events": "The catalogue of event types.",
    "schema": "JSON Schema of event types, for editors.",
    "holdings": "Who holds what.",
    "votes": "Who can vote what, and why.",
    "diluted": "Who would hold what, with all options and pools.",
    "rights": "Pledges, usufructs, nominees: rights in shares.",
    "graph": "Who has what of whom, as a tree or a picture.",
    "chart": "Stakes, votes, terms over time, as text or picture.",
    "group": "Who controls whom, by which rule and since when.",
    "owners": "Who owns a company in the end, by a named rule.",
    "power": "Who decides in how many coalitions of votes.",
    "radar": "Thresholds crossed, and the notices due for it.",
    "governance": "Seats, directors, officers, agreements in force.",
    "meetings": "Meetings, resolutions, and who voted how.",
    "deals": "Deals, investments, offerings: status and steps.",
    "offer": "Who accepted an offer, and what of it is taken.",
    "pending": "What is announced but not done.",
    "dividends": "What each holder is due of dividends.",
    "breaches": "When clauses of agreements were broken.",
    "claims": "What sources say of something, side by side.",
    "conflicts": "What is recorded that cannot all be true.",
    "search": "Words in names, titles, notes, clauses and claims.",
    "timeline": "The history, in the order of the fold.",
    "parties": "Who is recorded, by name.",
    "classes": "The share classes, with what is issued.",
    "sources": "The documents that events cite.",
    "show": "One event whole.",
    "explain": "A figure down to its events, arithmetic and sources.",
    "evidence": "From a figure to the documents behind it.",
    "diff": "Two points in time, on any clock, or two ledgers.",
    "restatements": "What was corrected or retracted, and what it changed.",
    "check": "Does the record agree with itself?",
    "replay": "Rebuild everything from the log and check it.",
    "keygen": "Make a key that signs checkpoints, or a witness's key.",
    "seal": "Sign a checkpoint of everything recorded.",
    "rotate-key": "Give the signing of checkpoints over to a new key.",
    "cosign": "As a witness, cosign that a history only grew.",
    "export": "Write everything recorded, for an audit or for analysis.",
    "import": "Rebuild a ledger from an audit export, byte for byte.",
    "verify": "Is a history whole, unaltered, and as it was signed?",
    "prove": "Prove that one event is in the history.",
    "prove-answer": "Bundle an answer with the events it rests on, proven.",
    "print": "Registers, certificates and reports on paper, and a calendar.",
    "report": "A printable audit report: another name of print audit.",
    "follow": "Read what is recorded on a server as it comes.",
    "backup": "Copy the ledger to a new file, and check the copy.",
    "restore": "Put a backup in the place of the ledger.",
    "doctor": "Is this machine fit to keep the ledger?",
    "serve": "Pages of the ledger in a browser, and JSON; read-only.",
    "completion": "Completion for your shell.",
}


def module_of(name: str) -> str:
    """The module of a command, which may not be named by a word of Python's own."""
    word = name.replace("-", "_")
    return f"{word}_" if keyword.iskeyword(word) else word


def command_of(name: str) -> click.Command:
    """A command, its module imported now."""
    command: click.Command = importlib.import_module(f"cli.commands.{module_of(name)}").command
    return command


class LazyGroup(StrictGroup):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        return command_of(name) if name in COMMANDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from ledger.values.refusals import nearest, shown

        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in COMMANDS:
            ctx.fail(f"No such command {shown(name)}. {nearest(name, COMMANDS)}".strip())
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        named = [CompletionItem(n, help=h) for n, h in COMMANDS.items() if n.startswith(incomplete)]
        return [*named, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": HELP})
@click.option(
    "--ledger",
    type=click.Path(),
    envvar="STAKEBOOK_LEDGER",
    default="stakebook.db",
    show_default=True,
    help="The ledger's file, or the URL of its server; also from STAKEBOOK_LEDGER.",
)
@click.option("--offline", is_flag=True, help="Answer from what was last read of the server.")
@click.option("--by", metavar="NAME", help="Who records, where that is kept [you].")
@click.option("--insecure-transport", is_flag=True, help="Use a server without full TLS.")
@click.version_option(package_name="stakebook")
@click.pass_context
def cli(
    ctx: click.Context, ledger: str, offline: bool, by: str | None, insecure_transport: bool
) -> None:
    """An event-sourced ledger of corporate actions.

    Every step of a deal is appended as one immutable event with its source; queries rebuild who
    held, voted, sat and agreed what, as it stood and as it was known at any point in time.

    \b
    Example:
      stakebook demo
      stakebook --ledger deal.db holdings nissan --as-of 2023-11-08
    """
    from ledger.storage.server import Server, place_of  # neither help nor completion needs it

    ctx.obj = place_of(ledger, insecure=insecure_transport, offline=offline)
    if not isinstance(ctx.obj, Server) and ctx.obj.name in ("", "-"):
        raise click.UsageError(f'--ledger takes the name of a file, and "{ledger}" is none.')
    ctx.meta["cli.person.named"] = by
    ctx.with_resource(_ending_cleanly(ctx.meta))


_COMPLETING = "_STAKEBOOK_COMPLETE"
COLLECTED = 100_000, 20, 20  # new objects before cycles are looked for: events make hardly any
_ENDED_BY = "cli.main.ended_by"  # the signal, in the meta of the context
_IF_HEARD = suppress(OSError)  # where no error can be written, there is nowhere left to say it


class Terminated(KeyboardInterrupt):
    """Asked to end by SIGTERM: ends as an interruption does."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; every failure ends as one message and a documented exit code."""
    gc.set_threshold(*COLLECTED)
    _ready_streams()
    sys.stdout, sys.stderr = _written_whole(sys.stdout), _written_whole(sys.stderr)
    code = _run(arguments)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:  # told if it can be; what cannot be written is not tried again at the end
            _drop(stream)
    sys.exit(code)


def _ready_streams() -> None:
    """Open what was closed by whoever started this process, so that no other file takes its number:
    input is empty, what is written to output fails and is told, errors go nowhere. What would not
    wait is told to: input would seem to end where nothing has come yet, and cut a batch."""
    for number, mode in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            waits = os.get_blocking(number)
        except OSError:
            os.open(os.devnull, mode)  # takes the lowest number that is free
            continue
        if not waits:
            os.set_blocking(number, True)
    sys.stdin = sys.stdin or open(0, encoding="utf-8")  # noqa: SIM115
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8")  # noqa: SIM115


def _written_whole(stream: Any) -> Any:
    """Standard output or errors, through a buffer where Python has none (PYTHONUNBUFFERED): of what
    is written without one the system may take a part, as where this process is stopped and goes
    on, and the rest is lost."""
    if isinstance(getattr(stream, "buffer", None), io.RawIOBase):
        encoding = stream.encoding
        buffer = io.BufferedWriter(stream.detach())
        stream = io.TextIOWrapper(buffer, encoding, line_buffering=True)
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")
    return stream


@contextmanager
def _ending_cleanly(meta: dict[str, Any]) -> Iterator[None]:
    """Let SIGTERM undo what is begun, as Ctrl-C does, and keep which of them came: a library may
    turn the interruption into a failure of its own."""
    import signal
    import threading

    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(*_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        meta[_ENDED_BY] = Terminated
        raise Terminated

    def interrupt(*_: object) -> None:
        meta[_ENDED_BY] = KeyboardInterrupt
        raise KeyboardInterrupt

    before = {signal.SIGTERM: signal.signal(signal.SIGTERM, end)}
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else it is ignored
        before[signal.SIGINT] = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _run(arguments: list[str] | None) -> int:
    context: click.Context | None = None
    try:
        if os.environ.get(_COMPLETING):
            _complete(arguments)
        given = sys.argv[1:] if arguments is None else arguments
        with cli.make_context("stakebook", list(given)) as context:
            result: Any = cli.invoke(context)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except (click.Abort, EOFError, KeyboardInterrupt) as ending:
        return _ended(type(ending))
    except click.ClickException as error:
        return _misused(error)
    except StakebookError as error:
        return _stopped(error, context)
    except OSError as error:
        return _output_failed(error)
    except Exception as error:  # the last resort: a fault of ours, told without a traceback
        if context is not None and _ENDED_BY in context.meta:
            return _ended(context.meta[_ENDED_BY])
        if os.environ.get("STAKEBOOK_DEBUG"):
            raise
        text = f"{type(error).__name__}: {error}"
        return _fail(
            f"A fault in stakebook itself: {text[:500]!r}. Set STAKEBOOK_DEBUG=1 to see where.", 70
        )


def _ended(by: type[BaseException]) -> int:
    how, code = ("Ended by SIGTERM", 143) if by is Terminated else ("Interrupted", 130)
    return _fail(f"{how}. What was not reported as recorded is not recorded.", code)


def _complete(arguments: list[str] | None) -> None:
    """Answer a shell that asks for completions, and end."""
    shell, _, wanted = os.environ[_COMPLETING].partition("_")
    word = os.environ.get("COMP_CWORD", "")
    counted = word.isdecimal() or (shell == "fish" and "COMP_CWORD" in os.environ)
    asked = wanted == "source" or (counted and "COMP_WORDS" in os.environ)
    if shell not in ("bash", "fish", "zsh") or not asked:
        raise click.UsageError(f"{_COMPLETING} is for the completion of shells: unset it.")
    if wanted == "source":
        cli.main(arguments, prog_name="stakebook", complete_var=_COMPLETING)
    from click.shell_completion import BashComplete, get_completion_class

    from cli.completions import of_events

    completing = get_completion_class(shell) or BashComplete
    found = completing(cli, {}, "stakebook", _COMPLETING)
    words, typed = found.get_completion_args()
    items = of_events(words, typed)
    for item in found.get_completions(words, typed) if items is None else items:
        click.echo(found.format_completion(item))
    raise click.exceptions.Exit(0)


def _misused(error: click.ClickException) -> int:
    """Show what click found wrong with the words given, which it quotes as they are."""
    from cli.safe_text import safe

    as_it_is = click.MissingParameter, getattr(click.exceptions, "NoArgsIsHelpError", ())
    shown = error
    if isinstance(error, click.UsageError) and not any(isinstance(error, of) for of in as_it_is):
        shown = click.UsageError(safe(error.format_message()), error.ctx)
    with _IF_HEARD:
        shown.show()
    return error.exit_code


def _stopped(error: StakebookError, context: click.Context | None) -> int:
    """Tell why a command did not do what it was asked, each reason on a line of its own, with the
    commands to run on the ledger that was named."""
    from cli.hints import on_this_ledger

    each = error.each() if isinstance(error, Refused) else (error,)
    for one in each:
        _fail(on_this_ledger(str(one), context), error.exit_code)
    if len(each) > 1:
        more = ", and no more are looked for" if len(each) == MOST_TOLD else ""
        _fail(f"{len(each)} errors{more}. Nothing is recorded.", error.exit_code)
    return error.exit_code


def _output_failed(error: OSError) -> int:
    """What to do when output cannot be written: a closed pipe is no failure of ours."""
    _drop(sys.stdout)
    if error.errno == errno.EPIPE:
        return 0
    if error.errno == errno.EBADF:
        return _fail("Standard output is closed: the answer went nowhere.", 2)
    return _fail(f"Cannot write or read: {error.strerror or error}.", 2)


def _drop(stream: TextIO) -> None:
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, stream.fileno())


def _fail(text: str, code: int) -> int:
    from cli.safe_text import safe

    with _IF_HEARD:
        click.echo(safe(f"stakebook: {text}"), err=True)
    return code
