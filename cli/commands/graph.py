"""stakebook graph"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import click

from cli import page
from cli.asking import Asking, question
from cli.labels import How
from cli.naming import PARTY
from cli.output import output, refuse_taken
from cli.sides import side
from ledger.time.view import Cut

_MOST = 150


@question("graph")
@click.argument("party", type=PARTY)
@click.option("--depth", type=click.IntRange(1), help="Only so many steps above and below.")
@click.option(
    "--min", "least", type=click.FloatRange(0, 100), metavar="PERCENT",
    help="Draw holders of less together.",
)  # fmt: skip
@click.option("--from", "before", metavar="LIMITS", help="Before, such as as-of=2023-11-07.")
@click.option("--to", "after", metavar="LIMITS", help="After; both are one picture, with signs.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE",
    help="Write a picture: .svg, .png, .dot or .mmd.",
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
    before: str | None,
    after: str | None,
    out: Path | None,
    most: int,
    plain: bool,
) -> Asking:
    """Who has what of whom around PARTY: all above it, and all below.

    A stake says its part of the shares, the votes where these differ, and what bears on them.
    Registers are drawn solid, disclosures dashed, roles and relationships dotted, control heavy.
    With --from and --to every party keeps its place, and the signs +, - and ~ tell what is new,
    ended and changed. Without --out the graph is told as a tree.

    \b
    Example:
      stakebook graph nissan --as-of 2023-11-08
      stakebook graph nissan --out nissan.svg
      stakebook graph nissan --from as-of=2023-11-07 --to as-of=2023-11-08
    """
    from cli.pictures.asked import AskedGraph
    from cli.pictures.writing import check_format, written
    from cli.plans.graph import GraphPlan

    if out is not None:
        check_format(out)
    asked = AskedGraph(party, depth, None if least is None else Decimal(str(least)), most)
    plan = GraphPlan(asked, plain)
    if out is None and before is None and after is None:
        return Asking(asked.ask, f"Graph around {party}", screen=plan.screen)

    def write(path: Path, cut: Cut, how: How) -> None:
        two = before is not None or after is not None
        sides = side("--from", before, path, cut), side("--to", after, path, cut)
        drawing = asked.between(*sides, how) if two else asked.at(path, cut, how)
        if out is None:
            page.write(plan.told(drawing), "table")
            return
        refuse_taken(out)
        with output(out) as stream:
            stream.write(written(drawing, out))
        click.echo(f"Wrote {out}.", err=True)

    return Asking(asked.ask, f"Graph around {party}", screen=plan.screen, instead=write)
