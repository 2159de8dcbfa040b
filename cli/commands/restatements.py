"""stakebook restatements"""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import answered, check_known, cut_options, progress
from cli.impact import change_words, crossing_words, event_words
from cli.render import render
from ledger.time.view import Cut, View
from projections.answer import Answer


@click.command("restatements")
@click.argument("subject", required=False)
@click.option("--limit", type=click.IntRange(1), help="Only the last N of them.")
@cut_options
@click.pass_obj
def command(path: Path, subject: str | None, limit: int | None, cut: Cut, form: str) -> None:
    """What was corrected, retracted or corroborated, and what each of them changed.

    In the order recorded. SUBJECT is any id, or the key of an event. What changed is computed
    again from the log as it was before and after each of them.

    \b
    Example:
      stakebook restatements
      stakebook restatements nissan --recorded-by 2026-11-22
    """
    from projections.changes.restatements import restatements
    from projections.readmodel.index import Index
    from projections.readmodel.past import Past
    from projections.subjects.timeline import SUBJECT_KINDS

    def ask(view: View) -> Answer:
        if subject is not None:
            check_known(view, subject, *SUBJECT_KINDS, "issuer", "event", "key")
        history = view.history
        if not isinstance(history, Index):
            raise TypeError("restatements are asked of the read model")
        with progress("comparing", history.position) as advance:
            return restatements(view, Past(history).at, subject, limit, advance)

    answer = answered(path, cut, ask)
    for row in answer.rows:
        changed = row["changed"]
        if form == "json":
            row["changed"] = changed.as_json()
        else:
            words = (event_words(changed), change_words(changed), crossing_words(changed))
            row["changed"] = [line for lines in words for line in lines] or ["changed no answer"]
    columns = ("position", "recorded_at", "known_on", "type", "amends", "kind", "because")
    title = f"Restatements of {subject}" if subject else "Restatements"
    render(answer, cut, form, title, columns, details="changed")
