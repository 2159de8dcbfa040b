"""The members of a holder's group, whom a cap or a suspension of its votes reaches."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.time.view import View
from projections.control.kernel import Control
from projections.control.network import Network
from projections.control.structure import Structures


def members(view: View, holder: str, reach: str) -> Sequence[str]:
    """A holder and what it controls; with ``concert`` those it acts with too, and what they do."""
    structures = Structures(Network(view))
    group = Control(structures.of(structures.below(holder))).group(holder)
    found = group.voting if reach == "concert" else group.members
    return [holder, *sorted(found - {holder})]
