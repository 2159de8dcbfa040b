"""stakebook conflicts"""

from __future__ import annotations

import click

from cli.context import answered, check_known, cut_options, progress
from cli.keepers import keeper_of
from cli.labels import How
from cli.naming import SUBJECT
from cli.page_options import paged_options, shown_options
from cli.render import render
from cli.supposing import supposing_options
from cli.telling import tell
from ledger.storage.server import Place
from ledger.time.view import Cut, View
from projections.answer import Answer
from projections.rows import ConflictRow


@click.command("conflicts")
@click.argument("subject", required=False, type=SUBJECT)
@paged_options("conflicts", "SUBJECT")
@cut_options
@supposing_options
@shown_options
@click.pass_obj
def command(
    path: Place,
    subject: str | None,
    limit: int | None,
    after: str | None,
    cut: Cut,
    form: str,
    how: How,
    paged: bool,
) -> None:
    """What is recorded that cannot all be true, in all or where it speaks of SUBJECT.

    Each conflict has the claims in it, the one preferred and why, and what would settle it.
    Rounding, another base, and a later change are no conflicts.

    \b
    Example:
      stakebook conflicts
      stakebook conflicts ampere --as-of 2023-12-31
      stakebook conflicts --policy latest
      stakebook conflicts --limit 25 --after nissan
    """
    from cli.plans.conflicts import ConflictsPlan
    from projections.consistency.conflicts import conflicts
    from projections.subjects.timeline import SUBJECT_KINDS

    def ask(view: View) -> Answer[ConflictRow]:
        if subject is not None:
            check_known(view, subject, *SUBJECT_KINDS)
        with progress("comparing", view.history.position) as advance:
            keeper = keeper_of(view, "conflicts")
            return conflicts(view, subject, advance, keeper, limit, after or "")

    if form in ("table", "markdown"):
        tell(path, cut, ask, ConflictsPlan(subject, limit, after).screen, form, how, paged)
        return
    title = f"Conflicts about {subject}" if subject else "Conflicts"
    render(answered(path, cut, ask, form), cut, form, title, ())
