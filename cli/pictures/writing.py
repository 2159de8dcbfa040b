"""How a graph is written to a file, in the format that its name says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from cli.pictures.drawing import Drawing

FORMATS = (".svg", ".png", ".dot", ".mmd")
MOST_NODES = 150


def check_format(file: Path, formats: Sequence[str] = FORMATS) -> None:
    """Refuse a file whose name says no format, before anything is done."""
    if file.suffix.lower() not in formats:
        raise click.UsageError(
            f"{file} says no format by its name. Name a file that ends in {', '.join(formats)}."
        )


def check_files(out: Path | None, film: Path | None, *sides: str | None) -> None:
    """Refuse files of a graph whose names do not fit, or that show the same otherwise."""
    if out is not None:
        check_format(out)
    if film is not None:
        check_film(film, *sides, out)


def check_film(file: Path, *others: object) -> None:
    """Refuse a film under another name than a page has, or beside another picture."""
    if file.suffix.lower() != ".html":
        raise click.UsageError(f"A film is a page: name a file that ends in .html, not {file}.")
    if any(other is not None for other in others):
        raise click.UsageError("A film shows all points in time: leave out --from, --to and --out.")


def check_size(count: int, most: int) -> None:
    """Refuse a graph of more parties than anybody can read."""
    if count > most:
        raise click.UsageError(
            f"The graph has {count:,} parties, and --max-nodes is {most}. Draw less of it with"
            " --depth 1, or holders of less than a percentage together with --min 1."
        )


def written(drawing: Drawing, file: Path) -> bytes:
    """A drawing in the format that a file's name says."""
    match file.suffix.lower():
        case ".mmd":
            from cli.pictures.mermaid import mermaid

            return mermaid(drawing).encode()
        case ".dot":
            from cli.pictures.dot import dot

            return dot(drawing).encode()
        case ".png":
            from cli.pictures.picture import png

            return png(drawing)
        case _:
            from cli.pictures.picture import svg

            return svg(drawing)
