"""stakebook demo"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import click

from cli.context import OpenedLedger, looked_up, shipped
from cli.drafts import drafts_of
from cli.main import cli
from cli.making import make_ledger
from cli.output import FileOnly
from cli.page import write
from cli.plans.figures import UNKNOWN, count
from cli.safe_text import safe
from cli.screen import Block, Column, Line, Screen
from ledger.time.view import Cut, View
from ledger.values.refusals import Refusal, Refused
from projections.answer import qualified
from projections.readmodel.index import Index
from projections.subjects.deals import deals
from projections.subjects.holdings import holdings

SETS = ("alliance-press", "alliance-register")
MOMENTS = (
    ("2023-11-07", "the day before the agreement"),
    ("2023-11-08", "28.4% goes into a trust"),
    ("2023-12-13", "the trust sells to Nissan"),
    ("2023-12-15", "Nissan cancels the shares"),
    ("2024-03-28", "second sale"),
    ("2024-04-03", "second cancellation"),
    ("2024-09-27", "third sale"),
    ("2024-10-03", "third cancellation"),
)
KNOWN = ("2022-12-31", "2023-06-30", "2023-12-31", "2024-01-31", "2025-03-31")
OVERNIGHT = "diff nissan --from as-of=2023-11-07 --to as-of=2023-11-08"
NEXT = (
    "votes renault --as-of 2023-11-08",
    "explain holdings nissan renault --as-of 2024-10-03",
    "conflicts",
)


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
    click.secho(
        "\nWhat changed in Nissan overnight, when the new agreement took effect?", bold=True
    )
    click.secho(f"$ stakebook {OVERNIGHT}", dim=True)
    cli.main(["--ledger", str(path), *OVERNIGHT.split()], standalone_mode=False)
    for screen in looked_up(path, lambda index: [_cancellations(index), _hopes(index)]):
        click.echo()
        write(screen, "table", paged=False)
    click.echo("\nTry next:")
    click.echo(safe(f"  export STAKEBOOK_LEDGER={shlex.quote(str(path))}"))
    for asked in NEXT:
        click.echo(f"  stakebook {asked}")


def _build(path: Path) -> None:
    if not path.exists():
        make_ledger(path)
    with OpenedLedger(path) as opened:
        for name in SETS:
            drafts = drafts_of((str(shipped("fixtures") / name),))
            receipt = opened.ledger.append(drafts, opened.read_model)
            new, known = len(receipt.new), receipt.known
            click.echo(f"{name}: {new} events recorded, {known} already recorded")


def _cancellations(index: Index) -> Screen:
    """The eight moments side by side: percentages that rise although nobody buys."""
    columns = (
        Column("as of"), Column("issued", "right"), Column("Renault %", "right"),
        Column("its trust %", "right"), Column("what happened"),
    )  # fmt: skip
    lines = []
    for day, what in MOMENTS:
        held = {row["holder"]: row for row in holdings(View(index, Cut(as_of=day)), "nissan").rows}
        renault, trust = held["renault"], held.get("renault-nissan-trust")
        percents = renault["percent"] or UNKNOWN, (trust and trust["percent"]) or UNKNOWN
        lines.append(Line((day, count(renault.get("issued")), *percents, what)))
    title = "How Renault's percentage of Nissan rose with every cancellation, without a trade"
    return Screen(title, [Block(columns, lines)])


def _hopes(index: Index) -> Screen:
    """Two plans for one company, as they were known on some days."""
    columns = (Column("known on"), Column("listing of Ampere"), Column("Nissan's investment in it"))
    lines = [Line((day, *_known(index, day))) for day in KNOWN]
    return Screen("What was known of Ampere, and when", [Block(columns, lines)])


def _known(index: Index, day: str) -> Iterator[str]:
    """How the listing and the investment stood on a day, as was known on it."""
    view = View(index, Cut(as_of=day, known_by=day))
    for thread in ("ampere-ipo", "nissan-in-ampere"):
        (row,) = (row for row in deals(view, thread).rows if row["kind"] != "deal")
        over, amount = row["status"] in ("cancelled", "released"), row["amount"]
        money = f"{row['currency']} {count(amount)}" if amount else None
        terms = qualified(money, row["qualifier"]) if money else row["expected"]
        yield row["status"] if over or terms is None else f"{row['status']}, {terms}"
