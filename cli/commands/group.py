"""stakebook group"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.asking import Asking, question
from cli.context import check_known
from cli.law import LAW, check_companies
from cli.naming import PARTY
from ledger.time.view import View
from projections.answer import Answer

if TYPE_CHECKING:
    from cli.labels import Labels
    from cli.screen import Screen
    from projections.control_rows import ControlRow, GroupRow

_DENIALS = ("accounting", "takeover-law", "disclosure-law", "agreement")


@question("group")
@click.argument("company", required=False, type=PARTY)
@click.option("--all", "everybody", is_flag=True, help="Who controls whom, of all parties.")
@click.option("--law", type=LAW, metavar="LAW", help="Count out votes that law takes away.")
@click.option(
    "--for",
    "denied_for",
    type=click.Choice(_DENIALS),
    help="Count recorded denials of control that are made for this.",
)
@click.option(
    "--over-time", is_flag=True, help="Every time of control up to the cut, with its end."
)
@click.option(
    "--digits",
    type=click.IntRange(0, 18),
    default=2,
    show_default=True,
    help="Decimals of percent.",
)
def command(
    company: str | None,
    everybody: bool,
    law: str | None,
    denied_for: str | None,
    over_time: bool,
    digits: int,
) -> Asking:
    """Who controls COMPANY, and what COMPANY controls, directly or through others.

    Control is recorded, or found by votes (more than half of those that can be cast), in concert,
    by seats, or, by French law, presumed of who has more than 40% and more than anybody else.

    LAW is issuer (each company's own law), codes such as FR,JP, or says of companies which law they
    are under: renault=FR,nissan=JP. Votes that companies have in one another then fall away as
    these laws have it.

    With --all it is asked of all parties at once: for every company the rows that it has by itself,
    without since when and by which events. As JSON and CSV they are written as they are found.

    \b
    Example:
      stakebook group nissan --as-of 2023-11-08
      stakebook group renault --law FR --over-time
      stakebook group --all --format csv
    """
    if everybody:
        if company is not None or law is not None or denied_for is not None or over_time:
            raise click.UsageError("--all takes no COMPANY, --law, --for or --over-time.")
        return _all(digits)
    if company is None:
        raise click.UsageError("Say whose group: COMPANY, or --all.")
    from projections.control.group import group

    def ask(view: View) -> Answer[GroupRow]:
        check_known(view, company, "party", "issuer")
        if law is not None:
            check_companies(view, law)
        return group(view, company, digits, denied_for, law, over_time)

    def screen(answer: Answer[GroupRow], labels: Labels) -> Screen:
        from cli.plans.group import GroupPlan

        return GroupPlan(company).screen(answer, labels)

    return Asking(ask, f"Group of {company}", screen)


def _all(digits: int) -> Asking:
    """Who controls whom, of all parties."""
    from cli.plans.group import AllPlan
    from projections.control.market import controls

    def ask(view: View) -> Answer[ControlRow]:
        return controls(view, digits)

    return Asking(ask, "Who controls whom", AllPlan().screen, "group --all", streamed=True)
