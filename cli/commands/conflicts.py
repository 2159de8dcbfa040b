"""stakebook conflicts"""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import answered, check_known, cut_options, progress
from cli.naming import SUBJECT
from cli.render import render
from ledger.time.view import Cut, View
from projections.answer import Answer
from projections.rows import ConflictRow


@click.command("conflicts")
@click.argument("subject", required=False, type=SUBJECT)
@cut_options
@click.pass_obj
def command(path: Path, subject: str | None, cut: Cut, form: str) -> None:
    """What is recorded that cannot all be true, in all or where it speaks of SUBJECT.

    Each conflict has the claims in it, the one preferred and why, and what would settle it.
    Rounding, another base, and a later change are no conflicts.

    \b
    Example:
      stakebook conflicts
      stakebook conflicts ampere --as-of 2023-12-31
      stakebook conflicts --policy latest
    """
    from projections.consistency.conflicts import conflicts
    from projections.subjects.timeline import SUBJECT_KINDS

    def ask(view: View) -> Answer[ConflictRow]:
        if subject is not None:
            check_known(view, subject, *SUBJECT_KINDS)
        with progress("comparing", view.history.position) as advance:
            return conflicts(view, subject, advance)

    columns = ("subject", "attribute", "kind", "preferred", "why")
    title = f"Conflicts about {subject}" if subject else "Conflicts"
    answer = answered(path, cut, ask, form)
    if form in ("table", "markdown"):
        answer.notes = [*map(_line, answer.rows), *answer.notes]
    render(answer, cut, form, title, columns)


def _line(row: ConflictRow) -> str:
    claimed = "; ".join(row["claimed"])
    return f"{row['attribute']} of {row['subject']}: {claimed}. To settle it: {row['settle']}."
