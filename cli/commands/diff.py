"""stakebook diff"""

from __future__ import annotations

from dataclasses import replace

import click

from cli.context import check_known, cut_options
from cli.differences import differences_screen, write_differences
from cli.labels import How
from cli.naming import SUBJECT
from cli.page import width, write
from cli.page_options import full_option, shown_options
from cli.plans.diff import DiffPlan
from cli.plans.summary import summarised
from cli.question import supposition
from cli.render import cut_fields
from cli.screen import Screen
from cli.sides import Side, of_both, side, sides_words
from cli.supposing import supposing_options
from ledger.model.threads import OWN_KINDS
from ledger.storage.server import Place
from ledger.time.view import Cut, View
from projections.changes.diff import Differences

_SUBJECTS = ("party", "issuer", "class", *OWN_KINDS, "subject")


@click.command("diff")
@click.argument("subject", required=False, type=SUBJECT)
@click.option("--from", "before", metavar="LIMITS", help="The one side, such as as-of=2023-11-07.")
@click.option("--to", "after", metavar="LIMITS", help="The other side.")
@full_option
@cut_options
@supposing_options
@shown_options
@click.pass_obj
def command(
    path: Place,
    subject: str | None,
    before: str | None,
    after: str | None,
    full: bool,
    cut: Cut,
    form: str,
    how: How,
    paged: bool,
) -> None:
    """Two points in time side by side: what is added, gone or changed.

    Compares holdings, votes, governance, deals and claims; SUBJECT limits it to answers about an
    id and rows that name it. LIMITS are as-of=DATE, known-by=DATE, recorded-by=TIME,
    standing=FLOOR and ledger=PATH, with commas between; what a side does not name is as the
    options say. With every difference come the events that make it.

    \b
    Example:
      stakebook diff --from as-of=2023-11-07 --to as-of=2023-11-09
      stakebook diff nissan --from known-by=2023-06,as-of=2024 --to as-of=2024
    """
    if before is None and after is None:
        raise click.UsageError("Give the sides to compare with --from and --to.")
    one, other = side("--from", before, path, cut), side("--to", after, path, cut)
    if supposition() and (one.path, other.path) != (path, path):
        raise click.UsageError("What is supposed is supposed of one ledger: leave out ledger=.")
    if form in ("table", "markdown"):
        flat = form == "markdown" or width() is None
        plan = DiffPlan(subject, full)

        def tell(then: View, now: View) -> Screen:
            return _screen(_compare(then, now, subject), now, plan, one, other, how, flat)

        write(of_both(one, other, tell), form, paged)
        return
    answer = of_both(one, other, lambda then, now: _compare(then, now, subject))
    cuts = {
        name: {**cut_fields(side.cut), "ledger": str(side.path)}
        for name, side in (("from", one), ("to", other))
    }
    title = f"Differences{f' about {subject}' if subject else ''}: {sides_words(one, other)}"
    write_differences(answer, cuts, form, title)


def _compare(then: View, now: View, subject: str | None) -> Differences:
    from projections.changes.diff import diff

    known = [v for v in (then, now) for kind in _SUBJECTS if v.history.knows(f"{kind}:{subject}")]
    if subject is not None and not known:
        check_known(now, subject, *_SUBJECTS)
    return diff(then, now, subject)


def _screen(
    answer: Differences, now: View, plan: DiffPlan, one: Side, other: Side, how: How, flat: bool
) -> Screen:
    """The differences as a person reads them, in the names of the later side."""
    screen = differences_screen(answer, now, plan, how, flat)
    titled = replace(screen, title=f"{screen.title}: {sides_words(one, other)}")
    return titled if plan.full else summarised(titled)
