"""Reached: whom a holder controls and acts with, of which ``members`` is asked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from ledger.time.view import View
from projections.control.kernel import Control
from projections.control.network import Network
from projections.control.structure import Structures
from projections.subjects.reaching import PERHAPS


def reached(view: View, holder: str, reach: str) -> Sequence[str]:
    """A holder and the members of its group that something reaches."""
    structures = _structures(view, view.history.position)
    control = Control(structures.of(structures.below(holder)), sure=reach != PERHAPS)
    group = control.group(holder)
    found = group.voting if reach in ("concert", PERHAPS) else group.members
    return [holder, *sorted(found - {holder})]


@lru_cache(maxsize=1)
def _structures(view: View, _position: int) -> Structures:
    """The structures of control at a view, of which many holders may be asked one after another."""
    return Structures(Network(view))
