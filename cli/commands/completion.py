"""stakebook completion"""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the script that completes stakebook's commands and options in SHELL.

    \b
    Example:
      stakebook completion bash >> ~/.bashrc
    """
    from cli.main import cli

    complete = get_completion_class(shell)
    if complete is None:  # pragma: no cover (click knows the three shells)
        raise click.UsageError(f"{shell} is not supported.")
    click.echo(complete(cli, {}, "stakebook", "_STAKEBOOK_COMPLETE").source())
