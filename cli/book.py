"""A ledger as programs and notebooks open it: ``import stakebook`` gives what stands here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from cli.notebook import rows
from cli.notebook.answers import (
    Answer,
    Checked,
    Differences,
    Explanation,
    Graph,
    Picture,
    Rows,
)
from cli.notebook.asked import Limits, _Call
from cli.notebook.made import Row
from cli.notebook.questions import Questions
from cli.notebook.values import Money, PartialDate
from ledger.storage.opening import peek
from ledger.storage.server import Place, Server, place_of
from ledger.values.refusals import Damaged, Refused, StakebookError

__all__ = [
    "Answer", "Book", "Checked", "Damaged", "Differences", "Explanation", "Graph", "Limits",
    "Money", "PartialDate", "Picture", "Refused", "Row", "Rows", "StakebookError", "open_ledger",
    "rows",
]  # fmt: skip


class Book(Questions):
    """A ledger to be asked, and never written: a method for each question.

    Every call looks at the ledger as it is then, so what others append is seen by the next one. An
    answer stays as it was. Calls from several threads may run at once: each opens the file for
    itself, and they share nothing.

    ``as_of``, ``known_by``, ``recorded_by``, ``standing`` and ``policy`` limit what counts, as the
    options of the commands do. ``with_`` supposes events, each a mapping or the name of a file, and
    ``without`` the keys of events that are left out; neither is recorded.
    """

    def __init__(self, path: Place) -> None:
        self._path, self._closed = path, False

    @property
    def path(self) -> Place:
        """The file of the ledger, or its server."""
        return self._path

    def close(self) -> None:
        """Ask no more. Answers that were given can still be shown."""
        self._closed = True

    def _call(self, name: str, given: Mapping[str, Any]) -> _Call:
        if self._closed:
            raise ValueError("The book is closed. stakebook.open_ledger opens it again.")
        return super()._call(name, given)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"stakebook.open_ledger({str(self._path)!r})"


def open_ledger(path: str | Path) -> Book:
    """The ledger in a file, or at the URL of a server, to be asked; Refused where there is none."""
    place = place_of(str(path))
    place = place if isinstance(place, Server) else place.absolute()
    peek(place)
    return Book(place)
