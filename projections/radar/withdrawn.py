"""Crossings that the record told before a correction or retraction, and tells no more."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from ledger.events.envelope import Recorded
from ledger.model.movements import MOVEMENTS
from ledger.model.share_rights import RIGHTS
from ledger.time.history import amending
from ledger.time.view import View
from projections.radar.attribution import TYPES as RELATIONS
from projections.radar.crossings import Crossing, Scan
from projections.radar.earlier import Earlier
from projections.radar.positions import Positions
from projections.subjects.trusts import TYPES as TRUSTS
from projections.subjects.voting_rights import TYPES as VOTING

MOST = 100  # amendments looked at
_UNDOING = ("event-corrected", "event-retracted")


def before_amendments(scan: Scan) -> Iterator[tuple[Recorded, list[Crossing]]]:
    """What was crossed as the record was just before each amendment that bears on a register, the
    last ones first, with the amendment."""
    positions = scan.positions
    view = positions.view
    for amendment in amendments(positions)[:MOST]:
        then = View(Earlier(view.history, amendment.position - 1), view.cut)
        earlier = Scan(
            Positions.of(then, positions.issuer, positions.controls), scan.rules, scan.named
        )
        yield amendment, list(earlier.crossings())


def amendments(positions: Positions) -> list[Recorded]:
    """The corrections and retractions, known at the cut, of what a register and its votes are made
    of, the last ones first."""
    view, history = positions.view, positions.view.history
    issuer = f"issuer:{positions.issuer}"
    about = [(issuer, (*MOVEMENTS, *VOTING)), *((f"type:{name}", None) for name in RELATIONS)]
    about += [(f"type:{name}", None) for name in RIGHTS]
    about += [(f"party:{trust}", TRUSTS) for trust in positions.trusts]
    told = [history.mentioning(*one) for one in about if history.knows(one[0])]
    found: dict[int, Recorded] = {}
    for event in chain.from_iterable(told):
        for other in amending(event, history, ()):
            fact = view.fact(other) if other.type in _UNDOING else None
            if fact is not None and fact.known.last <= view.cut.known_by:
                found[other.position] = other
    return [found[at] for at in sorted(found, reverse=True)]
