"""stakebook rights"""

from __future__ import annotations

import click

from cli.asking import Asking, question
from cli.context import check_known
from cli.naming import PARTY, Naming
from ledger.time.view import View
from projections.answer import Answer
from projections.share_rows import RightRow


@question("rights")
@click.argument("subject", metavar="ISSUER", type=Naming("party", "issuer", "class"))
@click.option(
    "--holder", type=PARTY, metavar="PARTY", help="Only rights in PARTY's shares, or its."
)
@click.option("--matter", metavar="TEXT", help="What is voted on, where that decides who votes.")
def command(subject: str, holder: str | None, matter: str | None) -> Asking:
    """Rights in shares of ISSUER: pledges, usufructs, nominees, custody, loans, proxies.

    Title stays with the holder. Each line tells whose the votes, the dividends and the power to
    dispose are. ISSUER may also be one share class.

    \b
    Example:
      stakebook rights corvo --as-of 2024-06-30
      stakebook rights corvo --matter "ordinary meeting"
    """
    from cli.plans.rights import RightsPlan
    from projections.subjects.share_rights import rights

    def ask(view: View) -> Answer[RightRow]:
        check_known(view, subject, "party", "issuer", "class")
        if holder is not None:
            check_known(view, holder, "party", "issuer")
        return rights(view, subject, holder, matter)

    plan = RightsPlan(subject, holder)
    return Asking(ask, f"Rights in shares of {subject}", screen=plan.screen)
