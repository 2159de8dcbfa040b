"""What `explain` tells of thresholds crossed and of clauses broken."""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import days_typed
from cli.explanation import Shown, check_parties, explain, limits
from cli.naming import PARTY
from cli.plans.explain import ExplainPlan
from cli.plans.explain_rights import radar_blocks, why_radar
from cli.rule_files import RuleFiles, rule_options
from ledger.time.view import Cut, View
from projections.explain.explanation import Explanation


@click.command("radar")
@click.argument("issuer", type=PARTY)
@click.argument("holder", type=PARTY)
@click.option("--on", "day", metavar="DATE", help="The crossings of DATE; else of the last day.")
@rule_options
@limits
@click.pass_obj
def radar(
    path: Path, issuer: str, holder: str, day: str | None, rules: RuleFiles, cut: Cut, shown: Shown
) -> None:
    """Why HOLDER crossed thresholds in ISSUER, when a notice was due, and what became of it.

    Each rule with its version and source; what HOLDER had and has, account by account; all of it;
    each day that was counted, or passed over, to the due day; the disclosure that matches.

    \b
    Example:
      stakebook explain radar nissan renault --rule JP-5-change --on 2024-03-28
    """
    from projections.explain.radar import explain_radar

    on = None if day is None else days_typed("--on", day).last
    asked = rules.asked()

    def ask(view: View) -> Explanation:
        check_parties(view, issuer, holder)
        return explain_radar(view, issuer, holder, asked, on)

    columns = (
        "rule", "kind", "holder", "of_whom", "base", "share_class", "percent_before",
        "percent_after", "threshold", "direction", "passive", "day", "duty", "deadline", "due_on",
        "status", "standing",
    )  # fmt: skip
    plan = ExplainPlan(
        lambda _, labels: why_radar(labels, issuer, holder),
        lambda explained, labels, to: list(radar_blocks(explained, labels, to)),
        columns,
    )
    explain(path, cut, ask, plan, shown)


RIGHTS = (radar,)
