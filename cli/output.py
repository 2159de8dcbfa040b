"""Where a command writes a file: a new one that appears whole, or standard output for ``-``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import click

from cli.safe_text import safe_lines
from ledger.storage.atomic_file import appearing, drafted, refuse_name
from ledger.storage.files import file_error

STDOUT = Path("-")


class FileOnly(click.Path):
    """A file or folder that cannot be standard output, so that none is ever named ``-``."""

    def __init__(self, **others: Any) -> None:
        super().__init__(path_type=Path, **others)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if str(value) == "-":
            self.fail("It cannot be written to standard output: name a file.", param, ctx)
        return super().convert(value, param, ctx)


out_option = click.option(
    "--out",
    type=click.Path(path_type=Path),
    default="-",
    metavar="FILE",
    help="Write to FILE [standard output].",
)


def is_stdout(path: Path | None) -> bool:
    """Whether a name stands for standard output."""
    return path == STDOUT


def refuse_taken(*files: Path | None) -> None:
    """Refuse outputs that could not be written, before anything is done for them."""
    named = [file for file in files if file is not None and not is_stdout(file)]
    if len({file.absolute() for file in named}) < len(named):
        raise click.UsageError("Two outputs are given one name.")
    for file in named:
        refuse_name(file)
        try:
            with drafted(file):
                pass
        except OSError as error:
            raise file_error(file, error) from None


@contextmanager
def output(path: Path) -> Iterator[BinaryIO]:
    """A stream that becomes the file of that name when all is written, or standard output.

    On a terminal nothing is written that could steer it.
    """
    if is_stdout(path):
        sys.stdout.flush()
        shown = BytesIO()
        yield shown if sys.stdout.isatty() else sys.stdout.buffer
        click.echo(safe_lines(shown.getvalue().decode(errors="backslashreplace")), nl=False)
        sys.stdout.flush()
        return
    with appearing(path) as draft, draft.open("wb") as stream:
        yield stream
