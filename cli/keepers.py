"""Keepers: where commands keep, beside the read model, what they found to be over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.context import today
from ledger import __version__
from ledger.time.view import View

if TYPE_CHECKING:
    from projections.readmodel.kept import Kept


def keeper_of(view: View, question: str) -> Kept | None:
    """Where is kept what is over, for a question about today; None for one about another day. As of
    an earlier day nothing that was kept stands; what is kept as of a later one says nothing of
    today."""
    if view.cut.as_of != today().isoformat():
        return None
    from projections.readmodel.kept import kept

    return kept(view, question, __version__)
