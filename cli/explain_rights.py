"""What `explain` tells of thresholds crossed and of clauses broken."""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import check_known, days_typed
from cli.explanation import Shown, check_parties, explain, limits
from cli.naming import PARTY, Naming
from cli.plans.explain import ExplainPlan
from cli.plans.explain_rights import breach_blocks, radar_blocks, why_breach, why_radar
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
        "percent_after", "threshold", "direction", "passive", "day_first", "day", "duty",
        "deadline", "due_first_on", "due_on", "status", "standing",
    )  # fmt: skip
    plan = ExplainPlan(
        lambda _, labels: why_radar(labels, issuer, holder),
        lambda explained, labels, to: list(radar_blocks(explained, labels, to)),
        columns,
    )
    explain(path, cut, ask, plan, shown)


@click.command("breach")
@click.argument("agreement", type=Naming("agreement"))
@click.argument("clause", required=False)
@click.option("--on", "day", metavar="DATE", help="Only what was broken on DATE.")
@limits
@click.pass_obj
def breach(
    path: Path, agreement: str, clause: str | None, day: str | None, cut: Cut, shown: Shown
) -> None:
    """Why clauses of AGREEMENT, or its CLAUSE, were broken, from when and until when.

    The terms in force; what is measured, account by account, on the day before and on the day, and
    so for the day on which it ended; the events that opened and closed it; each exception and
    consent that was looked at.

    \b
    Example:
      stakebook explain breach rama nissan-standstill --on 2023-01-01
    """
    from projections.explain.breach import explain_breach

    on = None if day is None else days_typed("--on", day).last

    def ask(view: View) -> Explanation:
        check_known(view, agreement, "agreement")
        return explain_breach(view, agreement, clause, on)

    columns = (
        "agreement", "clause", "kind", "party", "issuer", "verdict", "from", "until", "measured",
        "limit", "base", "opened_by", "closed_by", "standing",
    )  # fmt: skip
    plan = ExplainPlan(
        lambda _, labels: why_breach(labels, agreement, clause),
        lambda explained, labels, to: list(breach_blocks(explained, labels, to)),
        columns,
    )
    explain(path, cut, ask, plan, shown)


RIGHTS = (radar, breach)
