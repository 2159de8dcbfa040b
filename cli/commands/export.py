"""stakebook export"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import click
from click.core import ParameterSource

from cli import exporting
from cli.context import cut_alone
from cli.hints import say_next
from cli.output import FileOnly, is_stdout, refuse_taken
from cli.question import LIMITS
from cli.render import write_json
from cli.safe_text import filled, safe
from ledger.storage.server import Place
from ledger.time.view import Cut
from ledger.values.refusals import to_run


@click.command("export")
@click.option(
    "--audit", type=click.Path(path_type=Path), metavar="FILE", help="The history, to be verified."
)
@click.option(
    "--verifier",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The verifier, one Python file that needs nothing of stakebook.",
)
@click.option(
    "--parquet",
    "tables",
    type=FileOnly(file_okay=False),
    metavar="FOLDER",
    help="Tables for DuckDB, Polars and Spark, one file each.",
)
@click.option("--ledgers", "many", is_flag=True, help="With --parquet: of all the LEDGERS named.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    metavar="N",
    help="With --parquet: share the work out to N processes [one a core].",
)
@click.option(
    "--yaml",
    type=FileOnly(file_okay=False),
    metavar="FOLDER",
    help="Events as `append --file` reads them, for git.",
)
@click.option(
    "--to",
    "answers",
    type=(click.Choice(["sqlite", "xlsx"]), FileOnly(dir_okay=False)),
    metavar="FORMAT FILE",
    help="The answers at a cut: sqlite FILE or xlsx FILE.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.argument("ledgers", nargs=-1, type=click.Path(path_type=Path))
@cut_alone
@click.pass_obj
def command(
    path: Place,
    /,
    cut: Cut,
    answers: tuple[str, Path] | None,
    as_json: bool,
    ledgers: tuple[Path, ...],
    many: bool,
    jobs: int | None,
    **wanted: Path | None,
) -> None:
    """Write everything recorded, to be verified, read or computed with.

    --audit writes one file of every event's bytes, checkpoints and cosignatures. It is taken from
    one moment, also while others append, and exporting twice gives the same bytes. Whoever gets it
    can check it with `stakebook verify FILE`, with the verifier of one file, or by hand; `stakebook
    import` makes a ledger of it again. The name - is standard output.

    --parquet writes tables with a row for each version of each event, and the limits between which
    it stands, so that a question on any clock is a filter: docs/analysis.md shows the queries. With
    --ledgers they hold every ledger named, and the column `ledger` tells whose a row is. Read
    models named beside their ledgers, as by *.db, are passed over.

    --yaml writes files of 1,000 events each, which `append --file FOLDER` records in another ledger
    with the same types, keys and content. Full files never change: what a second export into the
    same folder adds is what was recorded since. What is not carried is said.

    --to sqlite writes one database for Datasette and sqlite-utils: all that --parquet writes, and
    the answers at the cut that --as-of and its like give, with names, keys and full-text search.
    --to xlsx writes these answers as a workbook, a sheet for each, with names beside ids.

    \b
    Example:
      stakebook export --audit deal.audit.jsonl --verifier verify_ledger.py
      stakebook export --parquet tables
      stakebook export --parquet tables --ledgers companies/*.db
      stakebook export --yaml events
      stakebook export --to sqlite deal.sqlite --as-of 2023-11-08
      stakebook export --to xlsx deal.xlsx --known-by 2023-12-31
    """
    _check(wanted, answers, as_json)
    _check_tables(wanted, answers, many, ledgers, jobs)
    writers = _WRITERS | {"tables": partial(exporting.tables, ledgers=ledgers, jobs=jobs)}
    written = {name: writers[name](path, place) for name, place in wanted.items() if place}
    if answers is not None:
        form, file = answers
        written[form] = exporting.answers(path, form, file, cut)
    _say(written, wanted, as_json)


def _say(
    written: Mapping[str, exporting.Exported], wanted: Mapping[str, Path | None], as_json: bool
) -> None:
    for remark in (remark for one in written.values() for remark in one.remarks):
        click.echo(filled(remark, 80), err=True)
    if as_json:
        write_json({name: one.fields for name, one in written.items()})
        return
    printed = any(map(is_stdout, wanted.values()))
    for line in (line for one in written.values() for line in one.lines):
        click.echo(safe(line), err=printed)
    _say_next(wanted.get("audit"))


def _say_next(audited: Path | None) -> None:
    if audited is not None and not is_stdout(audited):
        checks = to_run("verify", audited, "--key", "VKEY")
        say_next(f"give it to whoever verifies; {checks} checks it.")


def _check(
    wanted: Mapping[str, Path | None], answers: tuple[str, Path] | None, as_json: bool
) -> None:
    """Refuse what cannot all be written, before anything is."""
    if not any(wanted.values()) and answers is None:
        raise click.UsageError(
            "Say what to export: --audit FILE, --parquet or --yaml FOLDER, --to FORMAT FILE."
        )
    if answers is None:
        _refuse_limits()
    if [*map(is_stdout, wanted.values()), as_json].count(True) > 1:
        raise click.UsageError("Only one of --audit -, --verifier - and --json can be printed.")
    refuse_taken(wanted["audit"], wanted["verifier"])


def _check_tables(
    wanted: Mapping[str, Path | None],
    answers: object,
    many: bool,
    ledgers: tuple[Path, ...],
    jobs: int | None,
) -> None:
    """Refuse what is said of tables where it does not fit."""
    if many != bool(ledgers):
        raise click.UsageError(
            "Name the ledgers: --parquet FOLDER --ledgers A.db B.db."
            if many
            else f"What is {ledgers[0]}? To export several ledgers, write --ledgers before them."
        )
    if jobs is not None and wanted["tables"] is None:
        raise click.UsageError("--jobs is for --parquet.")
    others = [name for name, place in wanted.items() if place and name != "tables"]
    if many and (wanted["tables"] is None or others or answers is not None):
        raise click.UsageError("--ledgers is for --parquet alone; all else is of one ledger.")


_WRITERS: dict[str, Callable[[Path, Path], exporting.Exported]] = {
    "audit": exporting.audit,
    "verifier": exporting.verifier,
    "yaml": exporting.texts,
}


def _refuse_limits() -> None:
    """Refuse the limits of a cut where nothing is asked at one."""
    context = click.get_current_context()
    for name in LIMITS:
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            option = name.replace("_", "-")
            raise click.UsageError(f"--{option} is for --to: all else is written whole.")
