"""Commands that are shown to be run: with the ledger as it was given, quoted for a shell."""

from __future__ import annotations

import re
from shlex import quote

import click
from click.core import ParameterSource


def command(*words: str) -> str:
    """A command line of stakebook on the ledger of the command that runs now."""
    return " ".join(["stakebook", *_ledger(), *map(quote, words)])


def on_this_ledger(text: str) -> str:
    """A text with the ledger of the command that runs now in each command that it shows."""
    given = " ".join(_ledger())
    return (
        re.sub(r"`stakebook (?!--ledger)", lambda _: f"`stakebook {given} ", text)
        if given
        else text
    )


def _ledger() -> list[str]:
    """The option that names the ledger, as it was typed; nothing where it was not."""
    context = click.get_current_context(silent=True)
    root = context.find_root() if context is not None else None
    if root is None or root.get_parameter_source("ledger") is not ParameterSource.COMMANDLINE:
        return []
    return ["--ledger", quote(str(root.params["ledger"]))]
