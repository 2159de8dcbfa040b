"""Evidence: from a figure to the places in documents that its events rest on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ledger.model.fact import Cited, Fact
from ledger.time.view import View
from projections.answer import Answer, named_event, recorder
from projections.consistency.conflicts import conflicts
from projections.explain.explanation import Explanation
from projections.explained_rows import CitedRow, EvidenceRow
from projections.names import Names, source_fields
from projections.rows import Row
from projections.sentences import sentence


@dataclass(slots=True)
class Evidence(Answer[EvidenceRow]):
    """An answer whose rows are the events that a figure rests on, with their evidence.

    For people ``told`` has each event in a sentence with names, ``called`` the names of what the
    conflicts are about.
    """

    figure: Sequence[Row] = ()
    told: dict[str, str] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)


def evidence(view: View, explained: Explanation) -> Evidence:
    """The evidence of an explained figure, each event with the conflicts that it is in."""
    found = Evidence(notes=explained.notes, possible=explained.possible, figure=explained.figure)
    found.outcome, found.hidden = explained.outcome, explained.hidden
    names, disputes = Names(view), conflicts(view).rows
    for subject in {row["subject"] for row in disputes}:
        found.called[subject] = names.title(names.kind_of(subject), subject)
    for fact in _facts(view, explained.steps):
        found.told[fact.key] = sentence(names, fact)
        found.rows.append(
            {
                **named_event(fact),
                "position": fact.recorded.position,
                "known_on": fact.known_on,
                "recorded_at": fact.recorded.recorded_at,
                **recorder(fact.recorded),
                "amended_by": list(fact.amendments),
                "cited": [_cited(view, one) for one in fact.citations],
                "conflicts": [
                    row for row in disputes if fact.key in {c["event"] for c in row["claims"]}
                ],
            }
        )
    if bare := sum(not row["cited"] for row in found.rows):
        events = "1 of these events cites" if bare == 1 else f"{bare} of these events cite"
        found.note(f"{events} no source: what is recorded there stands on the record alone.")
    return found


def _facts(view: View, steps: Sequence[Fact]) -> Iterator[Fact]:
    """The facts of a figure, each once and before the amendments that apply to it."""
    seen = set[str]()
    pending = list(reversed(steps))
    while pending:
        fact = pending.pop()
        if fact.key in seen:
            continue
        seen.add(fact.key)
        yield fact
        amending = (r for key in fact.amendments for r in view.history.mentioning(f"key:{key}"))
        pending += filter(None, map(view.fact, amending))


def _cited(view: View, cited: Cited) -> CitedRow:
    told = source_fields(view.whole, cited.source)
    return {
        "source": cited.source,
        "locator": cited.locator,
        "title": told["title"],
        "publisher": told["publisher"],
        "published_on": told["published_on"],
        "dated_by": told["dated_by"],
        "retrieved_on": None,
        "address": told["address"],
        "sha256": told["sha256"],
        "document": None,
        "document_whole": None,
    }
