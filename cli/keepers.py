"""Keepers: where commands keep, beside the read model, what they found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.context import today
from ledger import __version__
from ledger.time.view import View

if TYPE_CHECKING:
    from projections.readmodel.kept import Kept


def keeper_of(view: View, question: str) -> Kept | None:
    """Where is kept what a question as of today finds; None for one as of another day. As of an
    earlier day nothing that was kept stands; what is kept as of a later one says nothing of
    today."""
    if view.cut.as_of != today().isoformat():
        return None
    from projections.readmodel.kept import kept

    return kept(view, question, __version__)
