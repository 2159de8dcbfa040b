"""The rights to vote as answers fold them along with a register."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from ledger.model.lots import lots_of
from ledger.time.view import View
from ledger.time.voting import TYPES, VotingRights
from projections.subjects.reaching import Members
from projections.subjects.watcher import Watcher

__all__ = ["TYPES", "Fallen", "Rights", "lots_of"]


class Fallen(NamedTuple):
    """The part of the votes of an account that falls away by law, and why."""

    part: Fraction
    why: str


class Rights(VotingRights, Watcher):
    """What bears on votes apart from shares, folded along with the register of an answer.

    What reaches a holder's group reaches its ``members``. ``fallen`` has the accounts whose votes
    fall away by a law that is asked for.
    """

    types: tuple[str, ...] = TYPES

    def __init__(
        self,
        view: View,
        members: Members,
        order: str | None = None,
        fallen: Mapping[str, Fallen] = MappingProxyType({}),
    ) -> None:
        super().__init__(view, order)
        self.members, self.fallen = members, fallen
