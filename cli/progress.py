"""A progress bar on standard error, only on a terminal and only for long work."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cli.receiver import receiver

LONG = 2_000


@contextmanager
def bar(label: str, total: int, long: int = LONG) -> Iterator[Callable[[int], None]]:
    """Yields a function that is told how much is done: of events, unless said."""
    if total < long or not sys.stderr.isatty() or receiver():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as shown:
        task = shown.add_task(label, total=total)
        yield lambda done: shown.update(task, completed=done)
