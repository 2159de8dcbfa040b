"""Commands that are shown to be run: with the ledger as it was given, quoted for a shell."""

from __future__ import annotations

import re
from shlex import quote

import click
from click.core import ParameterSource

from cli.safe_text import filled

WIDTH = 80
_GLUE = "\N{OPEN BOX}"  # stands for a space where no line may end


def command(*words: str) -> str:
    """A command line of stakebook on the ledger of the command that runs now."""
    return " ".join(["stakebook", *_ledger(), *map(quote, words)])


def on_this_ledger(text: str, root: click.Context | None = None) -> str:
    """A text with the ledger as it was typed in each command that it shows: by the command that
    runs now, or that of a context."""
    named = " ".join(["`stakebook", *_ledger(root), ""])
    return re.sub("`stakebook (?!--ledger)", lambda _: named, text)


def paragraph(text: str) -> str:
    """Text in lines for a person, in which no command is broken."""
    whole = re.sub("`[^`]*`", lambda found: found[0].replace(" ", _GLUE), text)
    return filled(whole, WIDTH, "", "  ").replace(_GLUE, " ")


def say_next(text: str, *, aside: bool = False) -> None:
    """Tell what to do after what was done; aside from output that a script reads."""
    click.echo(paragraph(f"Next: {on_this_ledger(text)}"), err=aside)


def _ledger(root: click.Context | None = None) -> list[str]:
    """The option that names the ledger, as it was typed; nothing where it was not."""
    context = root or click.get_current_context(silent=True)
    root = context.find_root() if context is not None else None
    if root is None or root.get_parameter_source("ledger") is not ParameterSource.COMMANDLINE:
        return []
    return ["--ledger", quote(str(root.params["ledger"]))]
