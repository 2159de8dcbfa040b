"""The registers of issuers, as they are checked: with who is in whose group."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ledger.time.view import View
from projections.control.members import members
from projections.subjects.register_at_cut import RegisterAtCut, register_at_cut


def registers(
    view: View, issuers: Sequence[str], progress: Callable[[int], None]
) -> Iterator[RegisterAtCut]:
    """The register of each issuer, walked when it is asked for; ``progress`` is told in events."""
    for number, issuer in enumerate(issuers):
        progress(view.history.position * number // len(issuers))
        yield register_at_cut(view, issuer, members=members)
    progress(view.history.position)
