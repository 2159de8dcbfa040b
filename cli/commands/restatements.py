"""stakebook restatements"""

from __future__ import annotations

from typing import Any

import click

from cli.context import answered, check_known, cut_options, progress
from cli.impact import change_words, crossing_words, event_words
from cli.labels import How
from cli.naming import SUBJECT
from cli.page_options import shown_options
from cli.render import render
from cli.telling import tell
from ledger.storage.server import Place
from ledger.time.view import Cut, View
from projections.answer import Answer
from projections.rows import RestatementRow


@click.command("restatements")
@click.argument("subject", required=False, type=SUBJECT)
@click.option("--limit", type=click.IntRange(1), help="Only the last N of them.")
@cut_options
@shown_options
@click.pass_obj
def command(
    path: Place, subject: str | None, limit: int | None, cut: Cut, form: str, how: How, paged: bool
) -> None:
    """What was corrected, retracted or corroborated, and what each of them changed.

    In the order recorded. SUBJECT is any id, or the key of an event. What changed is computed
    again from the log as it was before and after each of them; of what was amended about a source,
    on which many events may rest, what bears on SUBJECT.

    \b
    Example:
      stakebook restatements
      stakebook restatements nissan --recorded-by 2026-11-22
    """
    from cli.plans.restatements import RestatementsPlan
    from projections.changes.restatements import restatements
    from projections.readmodel.index import Index
    from projections.readmodel.past import Past
    from projections.subjects.timeline import SUBJECT_KINDS

    def ask(view: View) -> Answer[RestatementRow]:
        if subject is not None:
            check_known(view, subject, *SUBJECT_KINDS, "issuer", "event", "key")
        history = view.history
        if not isinstance(history, Index):
            raise TypeError("restatements are asked of the read model")
        with progress("comparing", history.position) as advance:
            return restatements(view, Past(history).at, subject, limit, advance)

    if form in ("table", "markdown"):
        tell(path, cut, ask, RestatementsPlan(subject).screen, form, how, paged)
        return
    answer: Answer[Any] = answered(path, cut, ask, form)
    if form != "json":
        answer.rows = [{**row, "changed": _lines(row)} for row in answer.rows]
    title = f"Restatements of {subject}" if subject else "Restatements"
    render(answer, cut, form, title, ("position", "recorded_at", "type", "amends", "because"))


def _lines(row: RestatementRow) -> list[str]:
    changed = row["changed"]
    words = (event_words(changed), change_words(changed), crossing_words(changed))
    return [line for lines in words for line in lines] or ["changed no answer"]
