"""Options of the commands that read a file of tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from cli.output import FileOnly
from ledger.formats.reading import READERS


@dataclass(frozen=True)
class TableOptions:
    """What a command was told of a file of tables."""

    format: str
    file: str
    mapping: str | None = None
    ids: str | None = None
    losses: Path | None = None
    strict: bool = False
    allow: tuple[str, ...] = ()
    namespace: str | None = None
    published_on: str | None = None
    asserting: bool = False
    changed: str | None = None


def table_options(*, recording: bool = True) -> list[click.Parameter]:
    """The options of a command that reads a file of tables."""
    formats = "|".join(reader.name for reader in READERS)
    options: list[click.Parameter] = [
        click.Option(["--from", "format"], metavar="FORMAT", help=f"Read a FILE of {formats}."),
        click.Option(["--mapping"], metavar="FILE", help="How its tables are read: see --dry-run."),
        click.Option(["--ids"], metavar="FILE", help="Who its names are: `Milo Fund: milo-fund`."),
        click.Option(
            ["--losses"], type=FileOnly(dir_okay=False), metavar="FILE",
            help="Write the loss report to FILE, as JSON Lines.",
        ),
        click.Option(
            ["--allow"], multiple=True, metavar="KIND:FIELD", help="A loss that is accepted."
        ),
        click.Option(
            ["--as", "namespace"], metavar="NAME",
            help="The register that the file is of: keys begin with it.",
        ),
        click.Option(
            ["--published-on"], metavar="DATE", help="When the file was published, so known."
        ),
    ]  # fmt: skip
    if recording:
        options += [
            click.Option(
                ["--assert", "asserting"], is_flag=True,
                help="Record the holdings of a FILE as balances to be checked.",
            ),
            click.Option(
                ["--changed"], type=click.Choice(["correct", "append"]),
                help="What to do where rows of FILE changed or are gone.",
            ),
        ]  # fmt: skip
    return options


def strict_option() -> click.Option:
    """--strict"""
    return click.Option(
        ["--strict"], is_flag=True, help="End with 1, and record nothing, where anything is lost."
    )


def table_options_of(given: dict[str, Any], files: Sequence[str]) -> TableOptions | None:
    """Take what ``TableOptions`` says out of a command's options; None where there is no --from."""
    taken = {n: given.pop(n) for n in TableOptions.__dataclass_fields__ if n in given}
    if taken["format"] is None:
        if named := [name for name, value in taken.items() if value and name != "strict"]:
            option = "as" if named[0] == "namespace" else named[0].removesuffix("ing")
            raise click.UsageError(f"--{option.replace('_', '-')} is for --from FORMAT FILE.")
        return None
    if len(files) != 1:
        raise click.UsageError("Give one file: --from FORMAT FILE.")
    return TableOptions(file=files[0], **taken)
