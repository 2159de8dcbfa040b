"""stakebook radar"""

from __future__ import annotations

from dataclasses import replace

import click

from cli.asking import Asking, question
from cli.context import check_known, days_typed
from cli.naming import PARTY
from cli.rule_files import RuleFiles, rule_options
from ledger.time.view import View
from ledger.values.dates import BEGINNING, FOREVER
from projections.answer import Answer
from projections.radar_rows import RadarRow


@question("radar")
@click.argument("issuer", type=PARTY)
@click.option("--holder", type=PARTY, metavar="PARTY", help="Only what PARTY crossed.")
@click.option("--from", "first", metavar="DATE", help="Only crossings on DATE or later.")
@click.option("--to", "last", metavar="DATE", help="Only crossings on DATE or earlier.")
@rule_options
@click.option("--distance", is_flag=True, help="How many shares the next thresholds are away.")
def command(
    issuer: str,
    holder: str | None,
    first: str | None,
    last: str | None,
    distance: bool,
    rules: RuleFiles,
) -> Asking:
    """The thresholds that holders of ISSUER crossed, and the notices due for it.

    Which rules apply follows from the law and the listings of ISSUER on each day; --rule names
    others. Each crossing is of the end of one day against the day before, with the day by which a
    notice was due, and the disclosure that matches it.

    \b
    Example:
      stakebook radar nissan --rule JP-5 --rule JP-5-change
      stakebook radar renault --rule FR-L233-7 --holder nissan-finance
      stakebook radar nissan --rule FR-L233-7 --distance --as-of 2023-11-08
    """
    from cli.plans.radar import RadarPlan
    from projections.radar.radar import radar

    asked = replace(
        rules.asked(),
        holder=holder,
        first=days_typed("--from", first).first if first else BEGINNING,
        last=days_typed("--to", last).last if last else FOREVER,
        distance=distance,
    )

    def ask(view: View) -> Answer[RadarRow]:
        for party in (issuer, holder):
            if party is not None:
                check_known(view, party, "party", "issuer")
        return radar(view, issuer, asked)

    plan = RadarPlan(issuer, holder, distance)
    return Asking(ask, f"Thresholds crossed in {issuer}", screen=plan.screen)
