"""Of which parties more is recorded than movements of shares: what bears on control and capital."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ledger.events.envelope import Recorded
from ledger.model.board import BOARD
from ledger.model.movements import MOVEMENTS, SIGNS
from ledger.model.register import issuer_of
from ledger.model.share_rights import CARRYING, RIGHTS
from ledger.model.subject import parse_subject
from ledger.time.existence import ENDING
from ledger.time.history import (
    AMENDMENTS,
    REVISIONS,
    WITHDRAWAL,
    History,
    known_ids,
    root_of,
    subjects_of,
    target_of,
)
from projections.control.network import RELATIONS
from projections.subjects.jurisdictions import country_of
from projections.subjects.register_at_cut import CHECKS
from projections.subjects.share_rights import LAW
from projections.subjects.trusts import TYPES as TRUSTS
from projections.subjects.voting_rights import TYPES as VOTING

_REGISTERED, _CREATED = "party-registered", "share-class-created"
_OF_HOLDERS = (*TRUSTS, *ENDING, _REGISTERED)  # what tells who stands behind an account
_OF_COMPANIES = frozenset(
    [*MOVEMENTS, *CHECKS, *VOTING, *TRUSTS, *RELATIONS, *BOARD, *LAW, *RIGHTS, *CARRYING, *ENDING]
).difference(SIGNS, (_CREATED, _REGISTERED))
_TOLD_BY = '"kind":"other"', '"jurisdiction":'  # what of a registration bears on control


@dataclass
class Bearing:
    """The ``parties`` of which more is recorded than movements; ``holders``, who are not counted as
    any holder is; ``related`` ones; and those that may be under French ``law``."""

    parties: set[str] = field(default_factory=set)
    holders: set[str] = field(default_factory=set)
    related: set[str] = field(default_factory=set)
    law: set[str] = field(default_factory=set)

    def see(self, event: Recorded, history: History) -> None:
        """Take an event into account, at whatever cut it counts."""
        spoken_of = set(_ids(subjects_of(event.type, event.data)))
        spoken_of.update(_ids(history.moved(event)))
        if event.type == _REGISTERED and not history.is_amended(event.key):
            self._register(event)
            return
        self.parties |= spoken_of
        if event.type in _OF_HOLDERS:
            self.holders |= spoken_of
        if event.type in RELATIONS:
            self.related |= spoken_of
        if event.type in LAW:
            self.law |= spoken_of

    def _register(self, event: Recorded) -> None:
        party, law = event.data["party"], str(event.data.get("jurisdiction", ""))
        if event.data["kind"] == "other":
            self.holders.add(party)
            self.parties.add(party)
        if country_of(law) == "fr":
            self.law.add(party)


def bearing(history: History) -> Bearing:
    """What bears on control beside posted movements, in a whole history."""
    found = Bearing()
    for name in known_ids(history, "type"):
        if name in _OF_COMPANIES or name in REVISIONS:
            for recorded in history.each(f"type:{name}"):
                event = _meant(recorded, history)
                if event is not None and event.type not in SIGNS:
                    found.see(event, history)
    for recorded in history.written(_REGISTERED, *_TOLD_BY):
        found.see(recorded, history)
    return found


def _meant(recorded: Recorded, history: History) -> Recorded | None:
    """An event, or what it amends or calls off."""
    if recorded.type in AMENDMENTS:
        return root_of(recorded, history)
    return target_of(recorded, history) if recorded.type == WITHDRAWAL else recorded


def _ids(subjects: Iterable[str]) -> Iterator[str]:
    """The issuers and parties among some subjects."""
    for subject in subjects:
        kind, id = parse_subject(subject)
        if kind in ("issuer", "party", "class"):
            yield issuer_of(id)
