"""stakebook corroborate"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cli.amending import amendment_options, find, record


class _WithLocators(click.Command):
    """A command whose --source takes a source and, if it is there, where in it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        spelt: list[str] = []
        rest = iter([*args, "--"])
        word = next(rest, "--")
        while word != "--":
            name, equals, value = word.partition("=")
            following = next(rest, "--")
            if name == "--source" and (equals or not following.startswith("-")):
                source = value if equals else following
                following = following if equals else next(rest, "--")
                locator = "" if following.startswith("-") else following
                spelt += ["--source", source, locator]
                following = next(rest, "--") if locator else following
            else:
                spelt.append(word)
            word = following
        return super().parse_args(ctx, spelt)


@click.command("corroborate", cls=_WithLocators)
@click.argument("event")
@click.option(
    "--source",
    "citations",
    nargs=2,
    multiple=True,
    required=True,
    metavar="SOURCE [LOCATOR]",
    help="A source that supports it, and where; repeatable.",
)
@click.pass_obj
def command(path: Path, /, event: str, **given: Any) -> None:
    """Say that further sources support an event: EVENT is its key, position or id.

    It is then known from the earliest of its sources, and falls only with the last of them. EVENT
    comes before --source. What changes is always told.

    \b
    Example:
      stakebook corroborate trust-sale-2 --source notice "p. 2" --source press
    """
    record(path, "event-corroborated", given | {"event": find(path, event).key})


command.params += amendment_options("event-corroborated", without=("citations",), kind=False)
