"""Lines asked at a terminal: with completion, help, a way back and a way out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click

from cli.safe_text import safe

HELP, BACK, LEAVE = "?", "<", "."
Completing = Callable[[str], Sequence[str]]


class Back(Exception):
    """The question before is wanted again."""


class Leave(Exception):
    """Nothing more is to be asked."""


def no_completions(_: str) -> Sequence[str]:
    """For answers that are made up by whoever types them."""
    return ()


def say(text: str) -> None:
    """Say something between two questions."""
    click.echo(safe(text))


def ask(prompt: str, help: str, complete: Completing = no_completions) -> str:
    """A line typed at the terminal, without spaces around it.

    Raises Back and Leave where these are wanted, and Leave at the end of input.
    """
    _completing(complete)
    while True:
        try:
            line = input(safe(prompt)).strip()
        except EOFError:
            click.echo()
            raise Leave from None
        except UnicodeDecodeError:
            line = "\N{REPLACEMENT CHARACTER}"
        if line == HELP:
            say(f"  {help}")
            say(f"  {BACK} goes back, {LEAVE} leaves; Tab completes.")
        elif line == BACK:
            raise Back
        elif line == LEAVE:
            raise Leave
        elif not line.isprintable() or "\N{REPLACEMENT CHARACTER}" in line:
            say("  That has characters that cannot be read. Write it again.")
        else:
            return line


def agreed(prompt: str, help: str) -> bool:
    """Whether a question is answered with yes; anything but that is no."""
    return ask(f"{prompt} [y/N] ", help).casefold() in ("y", "yes")


def _completing(complete: Completing) -> None:
    """Let Tab propose what may be typed, where the terminal can."""
    try:
        import readline
    except ImportError:
        return
    found = list[str]()

    def propose(typed: str, number: int) -> str | None:
        if number == 0:
            found[:] = complete(typed)
        return found[number] if number < len(found) else None

    readline.set_completer(propose)
    readline.set_completer_delims("")
    edits = "libedit" in (readline.__doc__ or "")
    readline.parse_and_bind("bind ^I rl_complete" if edits else "tab: complete")
