"""How many findings the check of the ledger has, worked out aside and remembered."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from datetime import date

import click

from cli.context import today
from cli.web.addresses import Limits
from cli.web.asked import served_at, words_of
from cli.web.visit import TooLongError, Visit
from ledger.storage.head import Peek
from ledger.storage.opening import peek
from ledger.storage.server import Place
from ledger.values.refusals import StakebookError

LARGE = 20_000  # events of a ledger
_KEPT = 32  # counts remembered
_PATIENCE = 0.05  # seconds that a page waits for a count


class Findings:
    """Counts findings one cut after another, while pages are shown."""

    def __init__(self, path: Place, seconds: float) -> None:
        self._path, self._seconds = path, seconds
        self._thread = ThreadPoolExecutor(1, "findings")
        self._counts: dict[tuple[Peek, date, str], Future[int | None]] = {}

    def count(self, limits: Limits) -> int | None:
        """The number of findings at a cut; None as long as it is not known, and of a ledger that is
        too large to be checked beside other work."""
        seen = peek(self._path)
        if seen.position > LARGE:
            return None
        key = seen, today(), limits.at("")
        if key not in self._counts:
            if len(self._counts) >= _KEPT:
                self._forget()
            self._counts[key] = self._thread.submit(self._counted, limits)
        with suppress(NotYet):
            return self._counts[key].result(_PATIENCE)
        return None

    def _forget(self) -> None:
        for key in [*self._counts][: _KEPT // 2]:
            forgotten = self._counts.pop(key, None)
            if forgotten is not None:
                forgotten.cancel()

    def _counted(self, limits: Limits) -> int | None:
        asked, _ = served_at(["check"])
        cut = {name: [value] for name, value in limits.given.items()}
        try:
            with Visit(self._path, self._seconds) as visit:
                return len(visit.values(words_of(asked, cut, "--format=json"))["rows"])
        except (StakebookError, click.ClickException, TooLongError):
            return None  # a limit that is refused: the page itself says so
