"""How a person is shown an answer, as options of commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click


def full_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that shows all of an answer which begins with a summary."""
    help = "All of it, instead of a summary of 40 lines."
    return click.option("--full", is_flag=True, help=help)(command)


def pager_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option to write past the pager."""
    return click.option(
        "--no-pager", "paged", flag_value=False, default=True, help="Never through a pager."
    )(command)


def shown_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """How a person is shown an answer, as options of a command."""
    labels = click.option(
        "--labels", "how", type=click.Choice(["names", "ids", "both"]), default="both",
        show_default=True, help="What stands in rows of tables: names, ids, or names with the ids"
        " at the foot or beside them.",
    )  # fmt: skip
    return labels(pager_option(command))
