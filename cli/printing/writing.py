"""How a sheet is written: the options of that, and the format that the name of a file says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

if TYPE_CHECKING:
    from cli.printing.sheet import Sheet

Paper = Literal["a4", "letter"]
FORMATS = (".html", ".xlsx", ".pdf")  # a name without an ending, or -, is of HTML


def paper_options() -> list[Callable[[Any], Any]]:
    """How a document is written, as options."""
    return [
        click.option(
            "--paper",
            type=click.Choice(["a4", "letter"]),
            default="a4",
            show_default=True,
            help="The size of the paper of HTML and PDF.",
        ),
        click.option(
            "--redact",
            type=click.Choice(["persons"]),
            help='Print "person 1", "person 2" in place of names and ids of persons.',
        ),
    ]


def check_format(file: Path) -> None:
    """Refuse a file whose name says no format, before anything is done."""
    if file.suffix.lower() not in ("", *FORMATS):
        raise click.UsageError(
            f"{file} says no format by its name. Name a file that ends in {', '.join(FORMATS)}."
        )


def written(made: Sheet, file: Path, paper: Paper) -> bytes:
    """A sheet in the format that a file's name says; HTML on standard output."""
    from cli.printing.html import html

    match file.suffix.lower():
        case ".xlsx":
            from cli.printing.xlsx import xlsx

            return xlsx(made)
        case ".pdf":
            from cli.printing.pdf import pdf

            return pdf(html(made, paper), made.made)
        case _:
            return html(made, paper).encode()
