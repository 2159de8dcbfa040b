"""stakebook graph"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import page
from cli.asking import Asking, question
from cli.labels import How
from cli.naming import PARTY
from cli.output import output, refuse_taken
from cli.receiver import receiver
from cli.safe_text import safe
from cli.sides import side
from ledger.time.view import Cut

if TYPE_CHECKING:
    from cli.pictures.asked import AskedGraph
    from cli.pictures.drawing import Drawing
    from cli.plans.graph import GraphPlan

_MOST = 150


@question("graph")
@click.argument("party", type=PARTY)
@click.option("--depth", type=click.IntRange(1), help="Only so many steps above and below.")
@click.option(
    "--min", "least", type=click.FloatRange(0, 100), metavar="PERCENT",
    help="Draw holders of less together.",
)  # fmt: skip
@click.option(
    "--group", type=click.Choice(["open", "closed"]), default="open", show_default=True,
    help="Draw each group as one, closed, or with a frame around it.",
)  # fmt: skip
@click.option("--from", "before", metavar="LIMITS", help="Before, such as as-of=2023-11-07.")
@click.option("--to", "after", metavar="LIMITS", help="After; both are one picture, with signs.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE",
    help="Write a picture: .svg, .png, .dot or .mmd.",
)  # fmt: skip
@click.option(
    "--film", type=click.Path(path_type=Path), metavar="FILE",
    help="Write all points in time as one page, .html, that shows them.",
)  # fmt: skip
@click.option(
    "--max-nodes", "most", type=click.IntRange(1), default=_MOST, show_default=True,
    help="The most parties that are drawn.",
)  # fmt: skip
@click.option("--ascii", "plain", is_flag=True, help="Draw the tree with plain characters.")
def command(
    party: str,
    depth: int | None,
    least: float | None,
    group: str,
    before: str | None,
    after: str | None,
    out: Path | None,
    film: Path | None,
    most: int,
    plain: bool,
) -> Asking:
    """Who has what of whom around PARTY: all above it, and all below.

    A stake says its part of the shares, the votes where these differ, and what bears on them.
    Registers are drawn solid, disclosures dashed, roles and relationships dotted, control heavy; a
    picture of one point in time frames a group of three or more. With --from and --to every party
    keeps its place, and the signs +, - and ~ tell what is new, ended and changed. Without --out the
    graph is told as a tree. A film has two sliders: the day, and by which day it was known. It
    needs a browser, and nothing else: no network, no server.

    \b
    Example:
      stakebook graph nissan --as-of 2023-11-08
      stakebook graph nissan --out nissan.svg
      stakebook graph nissan --film nissan.html
      stakebook graph nissan --from as-of=2023-11-07 --to as-of=2023-11-08
    """
    from cli.pictures.asked import AskedGraph
    from cli.pictures.writing import check_files
    from cli.plans.graph import GraphPlan

    check_files(out, film, before, after)
    asked = AskedGraph(
        party, depth, None if least is None else Decimal(str(least)), most, group == "closed"
    )
    plan = GraphPlan(asked, plain)
    if film is None and out is None and before is None and after is None:
        return Asking(asked.ask, f"Graph around {party}", screen=plan.screen)

    def write(path: Path, cut: Cut, how: How) -> None:
        if film is not None:
            _write_film(film, asked, path, cut, how)
            return
        two = before is not None or after is not None
        sides = side("--from", before, path, cut), side("--to", after, path, cut)
        drawing = asked.between(*sides, how) if two else asked.at(path, cut, how)
        _write_picture(out, drawing, plan)

    return Asking(asked.ask, f"Graph around {party}", screen=plan.screen, instead=write)


def _write_picture(file: Path | None, drawing: Drawing, plan: GraphPlan) -> None:
    from cli.pictures.writing import written

    if file is None:
        page.write(plan.told(drawing), "table")
        return
    refuse_taken(file)
    with output(file) as stream:
        stream.write(written(drawing, file))
    if not receiver():
        click.echo(f"Wrote {file}.", err=True)


def _write_film(file: Path, asked: AskedGraph, path: Path, cut: Cut, how: How) -> None:
    from cli.pictures.film import page as film_page
    from cli.pictures.folding import folded

    refuse_taken(file)
    film = folded(asked, path, cut, how)
    text = film_page(film)
    with output(file) as stream:
        stream.write(text.encode())
    if receiver():
        return
    days, known = (
        f"{len(found):,} {'day' if len(found) == 1 else 'days'}"
        for found in (film.cells.days, film.cells.known)
    )
    click.echo(f"Wrote {file}: {days}, as known by {known}.", err=True)
    for note in film.notes:
        click.echo(safe(note), err=True)
