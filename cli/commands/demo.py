"""stakebook demo"""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from cli.commands.append import drafts_of
from cli.context import OpenedLedger, answered, looked_up, make_ledger, shipped
from cli.main import cli
from cli.output import FileOnly
from cli.render import print_table
from cli.safe_text import safe
from ledger.time.view import Cut, View
from ledger.values.refusals import Refusal, Refused
from projections.questions import state
from projections.rows import Row
from projections.subjects.holdings import holdings

SETS = ("alliance-press", "alliance-register")
MOMENTS = (
    ("2023-11-07", "the day before the agreement is in force"),
    ("2023-11-08", "28.4% goes into the trust"),
    ("2023-12-13", "the trust sells 211,000,000 shares to Nissan"),
    ("2023-12-15", "Nissan cancels them"),
    ("2024-03-28", "second sale"),
    ("2024-04-03", "second cancellation"),
    ("2024-09-27", "third sale"),
    ("2024-10-03", "third cancellation"),
)
IPO = "deals ampere-ipo --as-of {0} --known-by {0}"
STORY = (
    (
        "Who could vote in Nissan the day before the new agreement ...",
        "votes nissan --as-of 2023-11-07",
    ),
    ("... and on the day itself?", "votes nissan --as-of 2023-11-08"),
    ("What was known of Ampere's listing at the end of 2023 ...", IPO.format("2023-12-31")),
    ("... and a month later?", IPO.format("2024-01-31")),
    (
        "What had Nissan committed to Ampere, and paid, at the end of 2024 ...",
        "deals nissan-in-ampere --as-of 2024-12-31",
    ),
    ("... and after March 2025?", "deals nissan-in-ampere --as-of 2025-04-30"),
)
NEXT = (
    "holdings nissan --as-of 2024-10-03",
    "votes renault --as-of 2023-11-08",
    "governance nissan --as-of 2025-06-30",
    "pending --as-of 2023-08-31 --known-by 2023-08-31",
    "timeline renault-nissan-trust",
    "claims ampere",
    "conflicts",
    "check",
    "replay",
)  # fmt: skip


@click.command("demo")
@click.option(
    "--into",
    type=FileOnly(file_okay=False),
    default="stakebook-demo",
    show_default=True,
    help="The folder to build alliance.db in.",
)
def command(into: Path) -> None:
    """Build the ledger of the Renault-Nissan alliance and walk through its story.

    The events come from the fixtures shipped with stakebook: what five press articles said, and
    the official record. Building it again into the same folder records nothing twice.

    \b
    Example:
      stakebook demo --into /tmp/alliance
    """
    path = into / "alliance.db"
    try:
        into.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(
            Refusal.FILE_TROUBLE,
            f"{into} cannot be made: {error.strerror}.",
            "Name another folder with --into.",
        ) from None
    _build(path)
    for words, asked in STORY[:2]:
        _ask(path, words, asked)
    _cancellations(path)
    for words, asked in STORY[2:]:
        _ask(path, words, asked)
    _disagreements(path)
    click.echo("\nTry next:")
    for asked in NEXT:
        click.echo(safe(f"  stakebook --ledger {shlex.quote(str(path))} {asked}"))


def _build(path: Path) -> None:
    if not path.exists():
        make_ledger(path)
    with OpenedLedger(path) as opened:
        for name in SETS:
            drafts = drafts_of((str(shipped("fixtures") / name),))
            receipt = opened.ledger.append(drafts, opened.read_model)
            new, known = len(receipt.new), receipt.known
            click.echo(f"{name}: {new} events recorded, {known} already recorded")


def _ask(path: Path, words: str, asked: str) -> None:
    click.secho(f"\n{words}", bold=True)
    click.secho(f"$ stakebook {asked}", dim=True)
    cli.main(["--ledger", str(path), *asked.split()], standalone_mode=False)


def _cancellations(path: Path) -> None:
    """The eight moments side by side: percentages that rise although nobody buys."""
    click.secho(
        "\nHow Renault's percentages rose with every cancellation, without a trade:", bold=True
    )
    rows: list[Row] = []
    for day, what in MOMENTS:
        answer = answered(path, Cut(as_of=day), lambda view: holdings(view, "nissan"))
        held = {row["holder"]: row for row in answer.rows}
        renault, trust = held["renault"], held.get("renault-nissan-trust")
        rows.append(
            {
                "day": day,
                "issued": f"{int(renault['issued'] or 0):,}",
                "renault": renault["percent"],
                "trust": trust and trust["percent"],
                "what happened": what,
            }
        )
    print_table("Nissan, percent of issued shares", rows, tuple(rows[0]))


def _disagreements(path: Path) -> None:
    click.secho("\nWhere do sources disagree?", bold=True)
    answers = looked_up(path, lambda index: state(View(index))).values()
    notes = {
        note for answer in answers for note in answer["notes"] if note.startswith("Sources di")
    }
    for note in sorted(notes):
        click.echo(safe(f"* {note}"))
