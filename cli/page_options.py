"""How a person is shown an answer, as options of commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from cli.context import check_known
from ledger.time.view import View
from ledger.values.refusals import shown


def full_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that shows all of an answer which begins with a summary."""
    help = "All of it, instead of a summary of 40 lines."
    return click.option("--full", is_flag=True, help=help)(command)


def paged_options(of: str, metavar: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The options that ask for a list page by page: for what it is of, each named by an id."""

    def paged(command: Callable[..., Any]) -> Callable[..., Any]:
        after = click.option(
            "--after", metavar=metavar, help=f"Only {of} that are listed after one."
        )
        limit = click.option(
            "--limit", type=click.IntRange(1), metavar="N", help=f"At most N {of} [all]."
        )
        return limit(after(command))

    return paged


def paged_thread(view: View, subject: str | None, limit: int | None, after: str | None) -> str:
    """After which thread a page of all begins; empty for the first page, and of one subject."""
    if subject is not None and (limit or after):
        raise click.UsageError(f"--limit and --after list all of them: leave out {subject}.")
    if after is None:
        return ""
    from projections.subjects.deals import KINDS

    kind, _, id = after.partition(":")
    if not id or kind not in KINDS:
        raise click.UsageError(f"--after takes KIND:ID, as {KINDS[0]}:ID, not {shown(after)}.")
    check_known(view, id, kind)
    return after


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
