"""Dependents: the events that count or not by what another event tells."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from ledger.events.envelope import Recorded
from ledger.model.subject import parse_subject
from ledger.time.conditions import AGREEMENT_TERMS, DEAL_ENDS, RIGHTS
from ledger.time.happenings import subjects_naming
from ledger.time.history import WITHDRAWAL, History, subjects_of
from ledger.values.text import parse_event_reference

_OF_CONDITIONS = ("condition-set", "condition-settled", "proceeding-decided")
_ENDS = ("agreement-ended", *AGREEMENT_TERMS, *DEAL_ENDS)
_ENDING = ("agreement-ended", "deal-abandoned", WITHDRAWAL, *_OF_CONDITIONS)
_TERMS = frozenset(["until", "revives"])


def decides_on_others(event: Recorded) -> bool:
    """Whether an event tells, whatever waits for it, if others count."""
    terms = event.type in _ENDS and not _TERMS.isdisjoint(event.data)
    return event.type in _ENDING or terms


def deciding_types(history: History) -> list[str]:
    """The types of the events of a history that may decide if others count."""
    awaited = (parse_subject(subject).id for subject in history.subjects("awaits:"))
    return [*dict.fromkeys((*_ENDING, *_ENDS, *awaited))]


class Dependents:
    """Finds, in a history, the events that may count otherwise because of another one."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._awaiting: dict[str, list[Recorded]] = {}  # by the types awaited

    def of(self, event: Recorded) -> Iterator[Recorded]:
        """The events that depend on one."""
        history = self._history
        if event.type == WITHDRAWAL:
            yield from history.mentioning(f"key:{event.data['event']}")
        waiting = self.awaiting(event.type)
        if not (waiting or event.type in (*_OF_CONDITIONS, *_ENDS)):
            return
        about = subjects_of(event.type, event.data).union(history.moved(event))
        waiting = [one for one in waiting if self.may_answer(about, one)]
        yield from waiting
        conditions = _set_by(waiting)
        if event.type in _OF_CONDITIONS:
            conditions |= {subject for subject in about if subject.startswith("condition:")}
        for subject in sorted(about) if event.type in _ENDS else ():
            if parse_subject(subject).kind in ("agreement", "deal"):
                yield from history.mentioning(subject, RIGHTS)
                conditions |= _set_by(history.mentioning(subject, ("condition-set",)))
        for condition in sorted(conditions):
            for other in history.mentioning(condition):
                if "conditional_on" in other.data or history.is_amended(other.key):
                    yield other

    def awaiting(self, type_name: str) -> list[Recorded]:
        """The events that an event of a type can meet."""
        if type_name not in self._awaiting:
            subject = f"awaits:{type_name}"
            known = self._history.knows(subject)
            self._awaiting[type_name] = list(self._history.mentioning(subject)) if known else []
        return self._awaiting[type_name]

    def may_answer(self, about: Collection[str], waiting: Recorded) -> bool:
        """Whether an event about some subjects may be one that another waits for; where that one
        is corrected, any may."""
        if self._history.is_amended(waiting.key):
            return True
        wanted = parse_event_reference(waiting.data["met_by"])
        named = {subject for id in wanted.about for subject in subjects_naming(wanted, id)}
        return not named.isdisjoint(about)


def _set_by(settings: Iterable[Recorded]) -> set[str]:
    found = (setting for setting in settings if setting.type == "condition-set")
    return {f"condition:{setting.data['condition']}" for setting in found}
