"""Words of the command line before they are parsed: no option takes another one for its value."""

from __future__ import annotations

from collections.abc import Sequence

import click

HELP = ["-h", "--help"]  # the options that ask for help


class StrictGroup(click.Group):
    """A group that refuses an option where a value is missing, its own and of its commands."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        check_values(self, ctx, args)
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None and not isinstance(command, StrictGroup):
            check_values(command, ctx, rest)
        return name, command, rest


def check_values(command: click.Command, ctx: click.Context, words: Sequence[str]) -> None:
    """Raise BadOptionUsage where the word after an option that takes a value is an option."""
    if ctx.resilient_parsing:  # for completion, words are missing as they are typed
        return
    options = [p for p in command.get_params(ctx) if isinstance(p, click.Option)]
    names = {name for option in options for name in (*option.opts, *option.secondary_opts)}
    taking = {name for o in options if not o.is_flag and not o.count for name in o.opts}
    rest = iter(words)
    for word in rest:
        if word == "--" or (isinstance(command, click.Group) and not word.startswith("-")):
            return
        if word in taking and (value := next(rest, "")) and _is_option(value, names):
            raise click.BadOptionUsage(
                word,
                f"{word} needs a value, and {value} is an option: nothing is done."
                f" Write {word}={value} if that is the value.",
                ctx,
            )


def _is_option(value: str, names: set[str]) -> bool:
    return value.startswith("--") or value in names
