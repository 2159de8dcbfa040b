"""Films of graphs, each made once, aside, for a state of the log and a cut, and remembered."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import date
from threading import Lock
from typing import NamedTuple

from cli.context import today
from cli.pictures.film import film_policy
from cli.web.addresses import LIMITS, Limits
from cli.web.asked import Query
from cli.web.files import Written, written
from cli.web.visit import Visit
from ledger.storage.head import Peek
from ledger.storage.opening import peek
from ledger.storage.server import Place

_SECONDS = 300.0  # that one film may take
_KEPT = 8  # films remembered
_PART = 0.7  # of the time of a request, after which it is told that the film is being made


class _Wanted(NamedTuple):
    """What tells a film from others: the log, the day, the party, and what is asked of it."""

    log: Peek
    day: date
    party: str
    asked: str


class Films:
    """Makes films one after another, while pages are shown."""

    def __init__(self, path: Place, seconds: float) -> None:
        self._path, self._patience = path, seconds * _PART
        self._thread = ThreadPoolExecutor(1, "films")
        self._made: dict[_Wanted, Future[Written]] = {}
        self._lock = Lock()
        self._visit: Visit | None = None

    def film(self, party: str, query: Query, limits: Limits) -> Written | None:
        """The film around a party; None as long as it is being made."""
        own = {name: values for name, values in query.items() if name not in LIMITS}
        wanted = _Wanted(peek(self._path), today(), party, limits.at("", own))
        with self._lock:
            if wanted not in self._made:
                self._forget()
                self._made[wanted] = self._thread.submit(self._make, party, query)
            making = self._made[wanted]
        wait([making], self._patience)
        if not making.done() or making.cancelled():
            return None
        if making.exception():
            with self._lock:
                self._made.pop(wanted, None)
        return making.result()

    def close(self) -> None:
        """Give up what is being made, and what waits."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        if self._visit is not None:
            self._visit.give_up()

    def _forget(self) -> None:
        while len(self._made) >= _KEPT:
            done = (wanted for wanted, film in self._made.items() if film.done())
            self._made.pop(next(done, None) or next(iter(self._made))).cancel()

    def _make(self, party: str, query: Query) -> Written:
        with Visit(self._path, _SECONDS) as visit:
            self._visit = visit
            data = written(visit, "graph", party, query, "--film", "film.html")
        self._visit = None
        policy = f"{film_policy()}; frame-ancestors 'none'"
        return Written(data, "text/html", {"content-security-policy": policy})
