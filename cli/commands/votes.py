"""stakebook votes"""

from __future__ import annotations

import click

from cli.asking import Asking, question
from cli.context import check_known
from cli.law import LAW, check_companies
from cli.naming import PARTY
from ledger.time.view import View
from projections.answer import Answer
from projections.rows import VoteRow
from projections.share_rows import LotRow
from projections.vote_rows import ClassVoteRow


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
@click.option("--law", type=LAW, metavar="LAW", help="Count as suspended what law takes away.")
def command(
    issuer: str, digits: int, ranged: bool, by_lots: bool, by_class: bool, law: str | None
) -> Asking:
    """Who can vote what in ISSUER, with the reason for every reduction.

    Votes held, votes exercisable, and what is left after contractual caps. Shares that carry more
    votes than others of their class do so as lots: --lots tells each, and what became of it.
    --classes has a row for each holder and class, and the totals of each class and of all.

    With --law, votes fall away as the law of the issuer has it where companies hold one another.
    LAW is issuer (each company's own law), codes such as FR,JP, or says of companies which law they
    are under: renault=FR,nissan=JP.

    \b
    Example:
      stakebook votes nissan --as-of 2023-11-08
      stakebook votes renault --as-of 2023-11-07 --format json
      stakebook votes renault --lots
      stakebook votes nissan --classes --as-of 2023-11-08
      stakebook votes renault --law renault=FR,nissan=JP --as-of 2023-11-07
    """
    if by_lots or by_class:
        _refuse_other(by_lots, by_class, ranged, law)
        return _by_lots(issuer) if by_lots else _by_class(issuer, digits)
    from cli.plans.votes import VotesPlan
    from projections.control.members import members
    from projections.subjects.votes import votes

    def ask(view: View) -> Answer[VoteRow]:
        check_known(view, issuer, "party", "issuer")
        if law is not None:
            from projections.control.law_votes import votes_by_law

            check_companies(view, law)
            return votes_by_law(view, issuer, law, digits, ranged)
        return votes(view, issuer, members, digits, ranged)

    plan = VotesPlan(issuer, digits, ranged)
    return Asking(ask, f"Votes in {issuer}", screen=plan.screen)


def _refuse_other(by_lots: bool, by_class: bool, ranged: bool, law: str | None) -> None:
    """Refuse what tells of the whole of a holder beside what tells of its parts."""
    if by_lots and by_class:
        raise click.UsageError("--lots has the class of each lot: give --lots or --classes.")
    parts = "lots" if by_lots else "classes"
    if law is not None:
        raise click.UsageError(f"--law counts the votes of holders, not of their {parts}.")
    if ranged:
        raise click.UsageError(f"--range gives the ends of a holder's votes, not of its {parts}.")


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
