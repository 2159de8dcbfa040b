"""stakebook votes"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from cli.asking import Asking, question
from cli.context import check_known, days_typed
from cli.law import LAW, check_companies
from cli.naming import PARTY
from ledger.time.view import View
from ledger.values.dates import BEGINNING, FOREVER
from projections.answer import Answer

if TYPE_CHECKING:
    from cli.labels import Labels
    from cli.screen import Screen
    from projections.rows import VoteRow
    from projections.share_rows import LotRow
    from projections.subjects.votes import VotesAnswer
    from projections.vote_rows import ClassVoteRow, TotalRow


@question("votes")
@click.argument("issuer", type=PARTY)
@click.option(
    "--digits",
    type=click.IntRange(0, 18),
    default=2,
    show_default=True,
    help="Decimals of percent.",
)
@click.option(
    "--range", "ranged", is_flag=True, help="Lowest and highest figures over all that is in doubt."
)
@click.option(
    "--lots", "by_lots", is_flag=True, help="The shares of each holder by lot, and its history."
)
@click.option(
    "--classes", "by_class", is_flag=True, help="The votes of each class, and their totals."
)
@click.option(
    "--totals", is_flag=True, help="All votes and shares over time, beside what is stated of them."
)
@click.option("--monthly", is_flag=True, help="With --totals, also at the end of each month.")
@click.option("--from", "first", metavar="DATE", help="With --totals, only DATE or later.")
@click.option("--to", "last", metavar="DATE", help="With --totals, only DATE or earlier.")
@click.option("--law", type=LAW, metavar="LAW", help="Count as suspended what law takes away.")
def command(
    issuer: str,
    digits: int,
    ranged: bool,
    by_lots: bool,
    by_class: bool,
    totals: bool,
    monthly: bool,
    first: str | None,
    last: str | None,
    law: str | None,
) -> Asking:
    """Who can vote what in ISSUER, with the reason for every reduction.

    Votes held, votes exercisable, and what is left after contractual caps. Shares that carry more
    votes than others of their class do so as lots: --lots tells each, and what became of it.
    --classes has a row for each holder and class, and the totals of each class and of all.

    --totals tells what ISSUER states of all its shares and votes (balance-asserted), beside the
    recorded figure of the day, and each event that moved it in between. What a statement has beyond
    them is its gap.

    With --law, votes fall away as the law of the issuer has it where companies hold one another.
    LAW is issuer (each company's own law), codes such as FR,JP, or says of companies which law they
    are under: renault=FR,nissan=JP.

    \b
    Example:
      stakebook votes nissan --as-of 2023-11-08
      stakebook votes renault --as-of 2023-11-07 --format json
      stakebook votes renault --lots
      stakebook votes nissan --classes --as-of 2023-11-08
      stakebook votes nissan --totals --monthly --from 2023-11 --to 2024-04
      stakebook votes renault --law renault=FR,nissan=JP --as-of 2023-11-07
    """
    if not totals and (monthly or first or last):
        raise click.UsageError("--monthly, --from and --to are of --totals: give it too.")
    parts = _parts(lots=by_lots, classes=by_class, totals=totals)
    if not parts:
        return _plain(issuer, digits, ranged, law)
    _refuse_other(parts, ranged, law)
    if totals:
        return _totals(issuer, monthly, first, last)
    return _by_lots(issuer) if by_lots else _by_class(issuer, digits)


def _parts(**asked: bool) -> list[str]:
    """The options given of which each has rows of its own."""
    return [name for name, given in asked.items() if given]


def _plain(issuer: str, digits: int, ranged: bool, law: str | None) -> Asking:
    from projections.control.members import members
    from projections.subjects.votes import votes

    def ask(view: View) -> Answer[VoteRow]:
        check_known(view, issuer, "party", "issuer")
        if law is not None:
            from projections.control.law_votes import votes_by_law

            check_companies(view, law)
            return votes_by_law(view, issuer, law, digits, ranged)
        return votes(view, issuer, members, digits, ranged)

    def screen(answer: VotesAnswer, labels: Labels) -> Screen:
        from cli.plans.votes import VotesPlan

        return VotesPlan(issuer, digits, ranged).screen(answer, labels)

    return Asking(ask, f"Votes in {issuer}", screen)


def _refuse_other(parts: Sequence[str], ranged: bool, law: str | None) -> None:
    """Refuse what tells of the whole of a holder beside what tells of its parts, or of all."""
    if len(parts) > 1:
        raise click.UsageError(f"Give --{parts[0]} or --{parts[1]}: each has rows of its own.")
    whose = "totals over time" if parts == ["totals"] else f"their {parts[0]}"
    if law is not None:
        raise click.UsageError(f"--law counts the votes of holders, not of {whose}.")
    if ranged:
        raise click.UsageError(f"--range gives the ends of a holder's votes, not of {whose}.")


def _totals(issuer: str, monthly: bool, first: str | None, last: str | None) -> Asking:
    from cli.plans.vote_totals import TotalsPlan
    from projections.control.members import members
    from projections.subjects.totals_over_time import Wanted, totals_over_time

    wanted = Wanted(
        days_typed("--from", first).first if first else BEGINNING,
        days_typed("--to", last).last if last else FOREVER,
        monthly,
    )

    def ask(view: View) -> Answer[TotalRow]:
        check_known(view, issuer, "party", "issuer")
        return totals_over_time(view, issuer, members, wanted)

    return Asking(ask, f"Votes in {issuer}", TotalsPlan(issuer).screen, "votes --totals")


def _by_class(issuer: str, digits: int) -> Asking:
    from cli.plans.vote_classes import ClassesPlan
    from projections.control.members import members
    from projections.subjects.vote_classes import votes_by_class

    def ask(view: View) -> Answer[ClassVoteRow]:
        check_known(view, issuer, "party", "issuer")
        return votes_by_class(view, issuer, members, digits)

    return Asking(ask, f"Votes in {issuer}", ClassesPlan(issuer).screen, "votes --classes")


def _by_lots(issuer: str) -> Asking:
    from cli.plans.vote_lots import LotsPlan
    from projections.subjects.vote_lots import lots

    def ask(view: View) -> Answer[LotRow]:
        check_known(view, issuer, "party", "issuer")
        return lots(view, issuer)

    return Asking(ask, f"Votes in {issuer}", LotsPlan(issuer).screen, "votes --lots")
