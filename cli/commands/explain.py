"""stakebook explain"""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import check_known
from cli.explain_rights import RIGHTS
from cli.explanation import Shown, check_parties, explain, limits
from cli.law import LAW, check_companies
from cli.naming import PARTY, Naming
from cli.plans.explain import ExplainPlan
from cli.plans.explain_holdings import holdings_blocks, why_holds
from cli.plans.explain_others import (
    control_blocks,
    indirect_blocks,
    seats_blocks,
    thread_blocks,
    votes_blocks,
    why_control,
    why_indirect,
    why_seats,
    why_thread,
    why_votes,
)
from ledger.time.view import Cut, View
from projections.explain.explanation import Explanation

_DIGITS = click.option(
    "--digits",
    type=click.IntRange(0, 18),
    default=2,
    show_default=True,
    help="Decimals of percent.",
)


_STATUS = (
    "subject", "party", "status", "qualifier", "amount", "currency", "committed", "paid",
    "percent_qualifier", "percent", "since", "expected", "standing",
)  # fmt: skip


@click.group("explain")
def command() -> None:
    """A figure down to its events, its arithmetic and its sources.

    Each gives the figure as its own query gives it, the events it is made of with what each
    changed, the sums spelled out, the sources, and the events left out with the reason: later,
    retracted, only planned, and so on. Those not yet known by --known-by are counted, and listed
    with --not-yet-known.

    \b
    Example:
      stakebook explain holdings nissan renault --as-of 2023-11-08
      stakebook explain votes renault nissan-finance --as-of 2023-11-08
    """


@command.command("holdings")
@click.argument("issuer", type=PARTY)
@click.argument("holder", type=PARTY)
@_DIGITS
@limits
@click.pass_obj
def holdings(path: Path, holder: str, issuer: str, digits: int, cut: Cut, shown: Shown) -> None:
    """What, in ISSUER, HOLDER holds in its own name and in trust, and why.

    \b
    Example:
      stakebook explain holdings nissan renault --as-of 2023-11-08
    """
    from projections.explain.holdings import explain_holdings

    def ask(view: View) -> Explanation:
        check_parties(view, holder, issuer)
        return explain_holdings(view, holder, issuer, digits)

    columns = (
        "holder", "share_class", "shares", "percent", "percent_to", "percent_of", "qualifier",
        "capacity", "basis", "disclosed_on", "standing",
    )  # fmt: skip
    plan = ExplainPlan(
        lambda explained, labels: why_holds(explained, labels, issuer, holder),
        lambda explained, labels, to: list(holdings_blocks(explained, labels, to, holder)),
        columns,
    )
    explain(path, cut, ask, plan, shown)


@command.command("votes")
@click.argument("issuer", type=PARTY)
@click.argument("holder", type=PARTY)
@_DIGITS
@limits
@click.pass_obj
def votes(path: Path, holder: str, issuer: str, digits: int, cut: Cut, shown: Shown) -> None:
    """What, in ISSUER, HOLDER can vote, and each reduction on the way.

    \b
    Example:
      stakebook explain votes renault nissan-finance --as-of 2023-11-08
    """
    from projections.explain.votes import explain_votes

    def ask(view: View) -> Explanation:
        check_parties(view, holder, issuer)
        return explain_votes(view, holder, issuer, digits)

    columns = (
        "holder", "votes", "votes_percent", "exercisable", "exercisable_percent", "after_caps",
        "after_caps_percent",
    )  # fmt: skip
    plan = ExplainPlan(
        lambda explained, labels: why_votes(explained, labels, issuer, holder),
        lambda explained, labels, to: list(votes_blocks(explained, labels, to)),
        columns,
    )
    explain(path, cut, ask, plan, shown)


@command.command("seats")
@click.argument("company", type=PARTY)
@click.argument("party", type=PARTY)
@limits
@click.pass_obj
def seats(path: Path, party: str, company: str, cut: Cut, shown: Shown) -> None:
    """Who, on the board of COMPANY, sits for PARTY, and by what right.

    PARTY may also be a person, who sits or holds an office.

    \b
    Example:
      stakebook explain seats nissan renault --as-of 2025-06-30
    """
    from projections.explain.seats import explain_seats

    def ask(view: View) -> Explanation:
        check_parties(view, party, company)
        return explain_seats(view, party, company)

    columns = ("kind", "party", "person", "role", "agreement", "since", "until", "text", "standing")
    plan = ExplainPlan(
        lambda explained, labels: why_seats(explained, labels, company, party),
        lambda explained, labels, to: list(seats_blocks(explained, labels, to)),
        columns,
    )
    explain(path, cut, ask, plan, shown)


@command.command("indirect")
@click.argument("holder", type=PARTY)
@click.argument("issuer", type=PARTY)
@click.option(
    "--digits",
    type=click.IntRange(0, 18),
    default=4,
    show_default=True,
    help="Decimals of percent.",
)
@limits
@click.pass_obj
def indirect(path: Path, holder: str, issuer: str, digits: int, cut: Cut, shown: Shown) -> None:
    """What HOLDER has of ISSUER through others: every chain, and what loops add.

    \b
    Example:
      stakebook explain indirect french-state nissan --as-of 2023-12-31
    """
    from projections.explain.indirect import explain_indirect

    def ask(view: View) -> Explanation:
        check_parties(view, holder, issuer)
        return explain_indirect(view, holder, issuer, digits)

    columns = (
        "issuer", "attributed", "attributed_percent", "base", "economic", "economic_percent",
        "economic_low", "economic_high", "through_loops", "standing",
    )  # fmt: skip
    plan = ExplainPlan(
        lambda _, labels: why_indirect(labels, holder, issuer),
        lambda explained, labels, to: list(indirect_blocks(explained, labels, to)),
        columns,
    )
    explain(path, cut, ask, plan, shown)


@command.command("control")
@click.argument("company", type=PARTY)
@click.option("--law", type=LAW, metavar="LAW", help="Count out votes that law takes away.")
@_DIGITS
@limits
@click.pass_obj
def control(path: Path, company: str, law: str | None, digits: int, cut: Cut, shown: Shown) -> None:
    """Who controls COMPANY and what it controls: by which rule, in which round, with which votes.

    \b
    Example:
      stakebook explain control renault --law FR --as-of 2023-11-07
    """
    from projections.explain.control import explain_control

    def ask(view: View) -> Explanation:
        check_parties(view, company)
        if law is not None:
            check_companies(view, law)
        return explain_control(view, company, digits, law)

    columns = (
        "party", "in_control_of", "since", "by", "through", "votes_attributed", "percent", "base",
        "certain", "standing",
    )  # fmt: skip
    plan = ExplainPlan(
        lambda _, labels: why_control(labels, company),
        lambda explained, labels, to: list(control_blocks(explained, labels, to)),
        columns,
    )
    explain(path, cut, ask, plan, shown)


@command.command("deal")
@click.argument("deal", type=Naming("deal"))
@limits
@click.pass_obj
def deal(path: Path, deal: str, cut: Cut, shown: Shown) -> None:
    """The status of DEAL, and the steps that gave it.

    \b
    Example:
      stakebook explain deal alliance-rebalancing --as-of 2023-12-31
    """
    _thread(path, "deal", deal, cut, shown)


@command.command("investment")
@click.argument("investment", type=Naming("investment"))
@limits
@click.pass_obj
def investment(path: Path, investment: str, cut: Cut, shown: Shown) -> None:
    """What is committed to INVESTMENT and paid into it, each commitment once.

    \b
    Example:
      stakebook explain investment nissan-in-ampere --as-of 2024-12-31
    """
    _thread(path, "investment", investment, cut, shown)


@command.command("offering")
@click.argument("offering", type=Naming("offering"))
@limits
@click.pass_obj
def offering(path: Path, offering: str, cut: Cut, shown: Shown) -> None:
    """The status of OFFERING, and the steps that gave it.

    \b
    Example:
      stakebook explain offering ampere-ipo --known-by 2024-01-31
    """
    _thread(path, "offering", offering, cut, shown)


@command.command("offer")
@click.argument("offer", type=Naming("offer"))
@limits
@click.pass_obj
def offer(path: Path, offer: str, cut: Cut, shown: Shown) -> None:
    """The status of OFFER, and the steps that gave it, earlier terms too.

    \b
    Example:
      stakebook explain offer bid-1 --as-of 2024-04-01
    """
    _thread(path, "offer", offer, cut, shown)


def _thread(path: Path, kind: str, id: str, cut: Cut, shown: Shown) -> None:
    from projections.explain.deals import explain_thread

    def ask(view: View) -> Explanation:
        check_known(view, id, kind)
        return explain_thread(view, kind, id)

    plan = ExplainPlan(
        lambda explained, labels: why_thread(explained, labels, kind, id),
        lambda explained, labels, to: list(thread_blocks(explained, labels, to)),
        _STATUS,
    )
    explain(path, cut, ask, plan, shown)


for one in RIGHTS:
    command.add_command(one)
