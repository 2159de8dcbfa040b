"""Jobs measured inside one process, by the names that the command line uses itself.

    python -m benchmarks.inside question LEDGER ISSUER AS_OF TIMES
    python -m benchmarks.inside balances LEDGER ISSUER AS_OF TIMES
    python -m benchmarks.inside everybody LEDGER AS_OF TIMES
    python -m benchmarks.inside page LEDGER ISSUER AS_OF TIMES
    python -m benchmarks.inside append LEDGER CLASS HOLDER TIMES
    python -m benchmarks.inside catch-up LEDGER CLASS HOLDER TIMES
    python -m benchmarks.inside rebuild LEDGER READ_MODEL
    python -m benchmarks.inside yaml FILE

Each prints its median in seconds as JSON, ``page`` the time in which 19 of 20 are made.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.generate import LAST_DAY
from benchmarks.timing import say, timed

if TYPE_CHECKING:
    from ledger.time.view import View


def question(ledger: str, issuer: str, as_of: str, times: str) -> None:
    """The holdings of an issuer from an open read model, nothing remembered between questions."""
    from projections.subjects.holdings import holdings

    _ask(ledger, as_of, times, lambda view: holdings(view, issuer))


def balances(ledger: str, issuer: str, as_of: str, times: str) -> None:
    """The balances of an issuer alone: no percentages, evidence or disclosures."""
    from projections.subjects.register_at_cut import register_at_cut

    def held(view: View) -> None:
        position = register_at_cut(view, issuer, checking=False)
        for share_class in position.classes:
            position.register.held(share_class)

    _ask(ledger, as_of, times, held)


def everybody(ledger: str, as_of: str, times: str) -> None:
    """The balances of all issuers, one after another."""
    from projections.subjects.register_at_cut import register_at_cut

    def held(view: View) -> None:
        of = {subject[6:].partition("/")[0] for subject in view.history.subjects("class:")}
        for issuer in sorted(of):
            position = register_at_cut(view, issuer, checking=False)
            for share_class in position.classes:
                position.register.held(share_class)

    _ask(ledger, as_of, times, held)


def page(ledger: str, issuer: str, as_of: str, times: str) -> None:
    """The page of a company, from the address to the HTML, the ledger opened for each."""
    from cli.web.addresses import Limits
    from cli.web.html import html
    from cli.web.pages import Pages
    from cli.web.visit import Visit

    query = {"as-of": [as_of]}

    def show() -> None:
        with Visit(Path(ledger), 600) as visit:
            html(Pages(visit, query, Limits.of(query)).page(["c", issuer]), None)

    show()
    taken = sorted(timed(show) for _ in range(int(times)))
    say(taken[: -(len(taken) // 20) or None][-1:])


def _ask(ledger: str, as_of: str, times: str, question: Callable[[View], object]) -> None:
    from cli.context import OpenedLedger
    from ledger.time.view import Cut, View

    with OpenedLedger(Path(ledger)) as opened:
        index = opened.index

        def ask() -> None:
            question(View(index.at(index.position), Cut(as_of=as_of)))

        say([timed(ask) for _ in range(int(times))])


def append(ledger: str, share_class: str, holder: str, times: str) -> None:
    """One event at a time, each durable, in a session that keeps the read model open."""
    from cli.context import open_ledger
    from projections.readmodel.index import views_path
    from projections.readmodel.provisional import ReadModelFile

    path = Path(ledger)
    with open_ledger(path) as opened, closing(ReadModelFile(views_path(path))) as read_model:
        ways = (_recording(opened, read_model, share_class, holder) for _ in range(int(times)))
        say([timed(record) for record in ways])


def catch_up(ledger: str, share_class: str, holder: str, times: str) -> None:
    """The read model caught up after one event."""
    from cli.context import looked_up, open_ledger
    from projections.readmodel.index import views_path
    from projections.readmodel.provisional import ReadModelFile

    path, taken = Path(ledger), []
    for _ in range(int(times)):
        with open_ledger(path) as opened, closing(ReadModelFile(views_path(path))) as read_model:
            _recording(opened, read_model, share_class, holder)()
        taken.append(timed(lambda: looked_up(path, lambda index: index.position)))
    say(taken)


def rebuild(ledger: str, read_model: str) -> None:
    """A read model filed from the first event, without the rules."""
    from ledger.storage.opening import store_at
    from projections.readmodel.opening import open_index

    log = store_at(Path(ledger))
    say([timed(lambda: open_index(Path(read_model), log).close())])


def yaml(file: str) -> None:
    """The events of a file of YAML, read and validated."""
    from ledger.intake.event_files import read_file

    say([timed(lambda: sum(1 for _ in read_file(Path(file))))])


def _recording(opened: Any, read_model: Any, share_class: str, holder: str) -> Callable[[], object]:
    """What records one issue of shares, made ready."""
    from cli.context import new_id
    from ledger.batch import Draft
    from ledger.events.validation import make_event

    data = {
        "share_class": share_class, "holder": holder, "shares": "100",
        "effective_on": LAST_DAY, "known_on": LAST_DAY, "standing": "official",
    }  # fmt: skip
    draft = Draft(make_event("shares-issued", data), new_id())
    return lambda: opened.append([draft], read_model)


JOBS: dict[str, Callable[..., None]] = {
    "question": question,
    "balances": balances,
    "everybody": everybody,
    "page": page,
    "append": append,
    "catch-up": catch_up,
    "rebuild": rebuild,
    "yaml": yaml,
}

if __name__ == "__main__":
    JOBS[sys.argv[1]](*sys.argv[2:])
