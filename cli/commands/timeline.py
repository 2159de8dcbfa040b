"""stakebook timeline"""

from __future__ import annotations

import click

from cli.asking import Asking, question
from cli.context import check_known, days_typed
from cli.naming import SUBJECT
from cli.plans.timeline import TimelinePlan
from ledger.events.topics import KINDS
from ledger.time.view import View
from ledger.values.dates import FOREVER
from projections.answer import Answer
from projections.rows import EventRow

PAGE = 1_000  # events shown unless more are asked for


@question("timeline")
@click.argument("subject", required=False, type=SUBJECT)
@click.option(
    "--limit",
    type=click.IntRange(1),
    metavar="N",
    default=PAGE,
    show_default=True,
    help="At most N events: the last ones.",
)
@click.option("--oldest", is_flag=True, help="The first N events instead of the last.")
@click.option("--after", metavar="EVENT", help="Only events after EVENT, the first of them.")
@click.option("--before", metavar="EVENT", help="Only events before EVENT, the last of them.")
@click.option(
    "--kind",
    type=click.Choice(list(KINDS)),
    multiple=True,
    metavar="KIND",
    help=f"Only events of KIND, repeatable: {', '.join(KINDS)}.",
)
@click.option("--from", "first", metavar="DATE", help="Only what took effect on DATE or later.")
@click.option("--to", "last", metavar="DATE", help="Only what took effect by DATE.")
@click.option("--all", "whole", is_flag=True, help="In the table, disclosures too.")
@click.option("--sources", is_flag=True, help="In the table, the standing and sources of each.")
def command(
    subject: str | None,
    limit: int,
    oldest: bool,
    after: str | None,
    before: str | None,
    kind: tuple[str, ...],
    first: str | None,
    last: str | None,
    whole: bool,
    sources: bool,
) -> Asking:
    """The events at a cut, in the order in which they took effect.

    SUBJECT is any id: a party, share class, source, deal, agreement, offering, project ... Of a
    party it is all that names it, its own register, every step of its deals, agreements,
    investments, offerings and projects, and the trusts that name it or hold its shares.
    EVENT is a key, a position such as #12, or an id; a note says how to go on where a page ends.

    \b
    Example:
      stakebook timeline renault-nissan-trust
      stakebook timeline nissan --kind register --from 2023-11-01 --to 2024-04-30
      stakebook timeline nissan --as-of 2023-11-08 --limit 10
      stakebook timeline nissan --limit 10 --after nissan-share-sale
    """
    from projections.subjects.timeline import SUBJECT_KINDS, timeline
    from projections.subjects.wanted import Wanted

    wanted = Wanted(
        tuple(dict.fromkeys(topic for one in kind for topic in KINDS[one])),
        days_typed("--from", first).first if first else "",
        days_typed("--to", last).last if last else FOREVER,
    )

    def ask(view: View) -> Answer[EventRow]:
        if subject is not None:
            check_known(view, subject, *SUBJECT_KINDS)
        return timeline(view, subject, limit, after, before, oldest, wanted)

    if wanted.first > wanted.last:
        raise click.UsageError(f"--from {first} is after --to {last}: nothing lies between them.")
    plan = TimelinePlan(subject, kind, first, last, whole or "disclosures" in kind, sources)
    title = f"Timeline of {subject}" if subject else "Timeline"
    return Asking(ask, title, screen=plan.screen)
