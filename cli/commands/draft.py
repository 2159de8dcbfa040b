"""stakebook draft"""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import OpenedLedger, at_terminal
from cli.options import defaults_in, defaults_option
from cli.output import FileOnly
from ledger.storage.server import Place
from ledger.values.refusals import Refusal, Refused, shown


def _types(_context: click.Context, _param: click.Parameter, typed: str) -> list[str]:
    from cli.option_words import TYPES

    return [name for name in TYPES if name.startswith(typed)]


@click.command("draft")
@click.argument("file", type=FileOnly())
@click.argument("words", metavar="[WHAT]...", nargs=-1, shell_complete=_types)
@click.pass_obj
def command(path: Place, file: Path, words: tuple[str, ...], defaults_file: str | None) -> None:
    """Ask for events at a terminal, and write them to FILE instead of recording them.

    It asks as `stakebook append` does, and holds what is typed against the ledger. FILE is YAML,
    each event with a key: `stakebook append --file FILE` records it, and records nothing twice.
    WHAT is the first event in a few words: a type, words of one, or allotment, buy-back,
    new-director and the like.

    \b
    Example:
      stakebook draft round.yaml
      stakebook draft march.yaml buy-back
    """
    from cli.entry.acts import types_called
    from cli.entry.drafting import Drafting
    from cli.entry.session import hold

    if not at_terminal():
        raise click.UsageError("draft asks at a terminal. Write the file by hand, or with export.")
    if file.exists():
        raise Refused(
            Refusal.FILE_EXISTS, f"{file} exists already.", "Name another file, or move it away."
        )
    with OpenedLedger(path) as opened:
        named, _ = types_called(" ".join(words))
        if words and len(named) != 1:
            raise Refused(
                Refusal.UNKNOWN_TYPE,
                f"{shown(' '.join(words))} names no one event type.",
                f"Write one of {', '.join(named[:6])}." if named else "See `stakebook events`.",
                "WHAT",
            )
        kept = defaults_in(defaults_file).fields
        hold(opened, Drafting(opened, file), named[0] if named else "", kept=kept)


command.params.append(defaults_option())
