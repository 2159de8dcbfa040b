"""Restatements: every amendment at a cut, in the order recorded, and what each one changed.

What it changed is not stored: it is computed again from the log as it was just before the amendment
and just after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ledger.events.envelope import Recorded
from ledger.model.fact import STANDINGS
from ledger.rules.across import bearing
from ledger.rules.new_events import NewEvents, bears_on
from ledger.time.cut import FLOORS, Cut
from ledger.time.history import AMENDMENTS, SOURCE_EVENTS, History, root_of
from ledger.time.view import View
from ledger.time.visibility import is_visible
from ledger.values.dates import FOREVER
from projections.answer import Answer
from projections.changes.impact import Impact, impact_seen
from projections.changes.restated import AMENDING
from projections.changes.succession import Succession
from projections.rows import ChangeRow, RestatementRow
from projections.subjects.timeline import SUBJECT_KINDS
from projections.told import told


def restatements(
    view: View,
    upto: Callable[[int], History],
    subject: str | None = None,
    last: int | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Answer[RestatementRow]:
    """Corrections, retractions and corroborations at the cut; of a subject or event, or all.

    Many events rest on one source: of what is amended about a source, a subject is told its own
    answers, and what events change that bear on it.

    ``upto`` gives the history as it was when a position was the last; ``last`` keeps only that
    many rows. One that was itself retracted is listed, and does not stand. ``progress`` is told
    the positions reached.
    """
    answer = Answer[RestatementRow](about=[([f"type:{name}" for name in AMENDING], AMENDING)])
    kinds = (*SUBJECT_KINDS, "issuer", "event") if subject is not None else ()
    subjects = frozenset(f"{kind}:{subject}" for kind in kinds)
    chosen = [
        recorded
        for recorded in _amendments(view)
        if not subjects or _concerns(recorded, upto, subjects)
    ]
    if last is not None and len(chosen) > last:
        answer.note(f"{len(chosen) - last} earlier restatements are not shown.")
        chosen = chosen[-last:]
    changes = _Changes(view, upto, subjects)
    for recorded in chosen:
        answer.rows.append(_row(view, recorded, changes.of(recorded)))
        if view.fact(recorded) is None:
            answer.note(
                f"#{recorded.position} {recorded.key} was itself taken back, or has fallen."
            )
        progress(recorded.position)
    progress(view.history.position)
    if subject and changes.narrowed:
        answer.note(
            "Of what was amended about a source, only what events change that bear on"
            f" {told('party', subject)} is told; without a subject all is."
        )
    if not chosen:
        of = f" of {told('party', subject)}" if subject else ""
        answer.none(f"Nothing{of} was corrected, retracted or corroborated at this cut.")
    return answer


def _amendments(view: View) -> list[Recorded]:
    """The amendments at the cut, also those taken back, in log order."""
    standing = {fact.recorded.position for fact in view.every(AMENDING).certain}
    found = {
        recorded.position: recorded
        for name in AMENDING
        for recorded in view.history.mentioning(f"type:{name}")
        if recorded.position in standing or _withdrawn(view, recorded)
        if is_visible(view, recorded)
    }
    return [found[position] for position in sorted(found)]


def _withdrawn(view: View, recorded: Recorded) -> bool:
    """Whether an amendment that the floor lets through was itself taken back."""
    low_enough = STANDINGS.index(recorded.data["standing"]) <= FLOORS[view.cut.standing]
    return low_enough and view.fact(recorded) is None


def _concerns(recorded: Recorded, upto: Callable[[int], History], subjects: frozenset[str]) -> bool:
    history = upto(recorded.position)
    new_events = NewEvents([recorded], recorded.position).within(history)
    bearing(View(history), new_events)
    return not subjects.isdisjoint(new_events.touched(""))


class _Changes:
    """What amendments changed, asked for one after another as they were recorded."""

    def __init__(
        self, view: View, upto: Callable[[int], History], subjects: frozenset[str]
    ) -> None:
        self._view, self._upto, self._subjects = view, upto, subjects
        self._successions: dict[Cut, Succession] = {}
        self.narrowed = False

    def of(self, recorded: Recorded) -> Impact:
        """What an amendment changed up to the as-of day, and after it with what was known then."""
        day, cut = self._view.cut.as_of, self._view.cut._replace(as_of=FOREVER, recorded_by=None)
        found, then = self._seen(recorded, cut), cut._replace(known_by=min(day, cut.known_by))
        asked = then == cut or all(_begun(found, day))
        later = found if asked else self._seen(recorded, then)
        found.events = [row for row in found.events if _may_tell(self._view, row["event"])]
        found.changes = [*_until(found.changes, day), *_after(later.changes, day)]
        found.crossings = [
            *(row for row in found.crossings if row["day"] <= day),
            *(row for row in later.crossings if row["day"] > day),
        ]
        return found

    def _seen(self, recorded: Recorded, cut: Cut) -> Impact:
        if cut not in self._successions:
            self._successions[cut] = Succession(self._view.history, self._upto, cut)
        concerning = self._subjects if self._subjects and self._is_broad(recorded) else ()
        self.narrowed = self.narrowed or bool(concerning)
        sides = self._successions[cut].around(recorded)
        return impact_seen(sides, [recorded], concerning=concerning)

    def _is_broad(self, recorded: Recorded) -> bool:
        """Whether an amendment is about a source, on which many events may rest, and itself not
        about one of the subjects."""
        history = self._upto(recorded.position)
        about = root_of(recorded, history) if recorded.type in AMENDMENTS else recorded
        if about is None or about.type not in SOURCE_EVENTS:
            return False
        own = {*bears_on(recorded, history), *bears_on(about, history)}
        return own.isdisjoint(self._subjects)


def _may_tell(view: View, event: str) -> bool:
    return any(is_visible(view, recorded) for recorded in view.history.mentioning(f"key:{event}"))


def _begun(found: Impact, day: str) -> Iterator[bool]:
    """Whether each change and crossing is one of the day or of an earlier one."""
    yield from ((row["from"] or "") <= day for row in found.changes)
    yield from (row["day"] <= day for row in found.crossings)


def _until(rows: list[ChangeRow], day: str) -> Iterator[ChangeRow]:
    """The changes that begin by a day; one that lasts beyond it is still open."""
    for row in rows:
        if (row["from"] or "") <= day:
            if (row["until"] or "") > day:
                row["until"] = None
            yield row


def _after(rows: list[ChangeRow], day: str) -> Iterator[ChangeRow]:
    """The changes that begin after a day."""
    return (row for row in rows if (row["from"] or "") > day)


def _row(view: View, recorded: Recorded, changed: Impact) -> RestatementRow:
    fact = view.fact(recorded)
    data = fact.data if fact else recorded.data
    clerical = "clerical" if recorded.type in ("event-corrected", "event-retracted") else None
    return {
        "position": recorded.position,
        "recorded_at": recorded.recorded_at,
        "known_on": fact.known_on if fact else None,
        "type": recorded.type,
        "event": recorded.key,
        "amends": data.get("event") or data.get("source"),
        "kind": data.get("correction", clerical),
        "because": data.get("because"),
        "stands": fact is not None,
        "changed": changed.as_json(),
    }
