"""Measure the pages of a large ledger, from the address to the HTML, over subjects by chance.

    python -m benchmarks.pages LEDGER --times 50

Prints a table of Markdown, or writes it to a file, which ``benchmarks.run`` puts into its report
where it is ``docs/performance-pages.txt``: of each kind of page, and of all of them together, the
time of the processor in which half of the pages are made, 19 of 20, and 99 of 100, beside the aim.
The ledger is opened anew for each page; what is measured is what one request costs in a server,
sockets apart.
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from time import process_time

from cli.context import OpenedLedger
from cli.main import COLLECTED
from cli.web.addresses import Limits, path_of
from cli.web.html import html
from cli.web.pages import Pages
from cli.web.visit import Visit
from projections.readmodel.index import Index

AIM = 100  # milliseconds, for 19 of 20 pages
_OF_COMPANIES = (
    "holdings", "votes", "governance", "pending", "timeline", "radar", "conflicts", "graph",
    "group", "power", "owners",
)  # fmt: skip
_OF_EVERYTHING = ("timeline", "deals", "pending", "breaches", "classes", "sources")
Address = tuple[list[str], dict[str, list[str]]]


def addresses(index: Index, chance: Random) -> dict[str, Callable[[], Address]]:
    """What gives an address of each kind of page, of a subject by chance."""

    def one_of(prefix: str) -> Callable[[], str]:
        ids = [subject.partition(":")[2] for subject in index.subjects(prefix)]
        return lambda: chance.choice(ids)

    issuer, party, deal, source = map(one_of, ("issuer:", "party:", "deal:", "source:"))
    names = [one.plain for one in index.named() if one.plain != one.party]
    made: dict[str, Callable[[], Address]] = {
        "start page": lambda: ([], {}),
        "search of a name": lambda: ([], {"text": [chance.choice(names)]}),
        "search of an id": lambda: ([], {"text": [party()]}),
        "company": lambda: (["c", issuer()], {}),
        "party": lambda: (["p", party()], {}),
        "deal": lambda: (["d", deal()], {}),
        "event": lambda: (["e", str(chance.randint(1, index.position))], {}),
        "source": lambda: (["source", source()], {}),
        "lots of a company": lambda: (["votes", issuer()], {"lots": ["1"]}),
        "terms of a company": lambda: (["chart", issuer()], {"terms": ["1"]}),
        "conflicts of all": lambda: (["conflicts"], {}),
        "check of all": lambda: (["check"], {}),
        "explanation of votes": lambda: (["explain", "votes", issuer(), party()], {}),
        "deals further on": lambda: (["deals"], {"after": [f"deal:{deal()}"]}),
        "sources further on": lambda: (["sources"], {"after": [source()]}),
        "timeline of a year": lambda: (["timeline"], {"to": [str(chance.randint(2005, 2020))]}),
    }
    for question in _OF_EVERYTHING:
        made[f"{question} of everything"] = lambda path=question: ([path], {})  # type: ignore[misc]
    for question in _OF_COMPANIES:
        made[f"{question} of a company"] = lambda path=question: ([path, issuer()], {})  # type: ignore[misc]
    return made


def measured(ledger: Path, times: int, seed: int) -> Iterator[tuple[str, list[float]]]:
    """Of each kind of page, the seconds that each took, ascending."""
    with OpenedLedger(ledger) as opened:
        made = addresses(opened.index, Random(seed))
        gc.freeze()  # as a server does when it begins
        for kind, address in made.items():
            _show(ledger, *address())
            yield kind, sorted(_timed(ledger, *address()) for _ in range(times))


def _timed(ledger: Path, parts: list[str], query: dict[str, list[str]]) -> float:
    start = process_time()
    _show(ledger, parts, query)
    return process_time() - start


def _show(ledger: Path, parts: list[str], query: dict[str, list[str]]) -> None:
    with Visit(ledger, 600) as visit:
        page = Pages(visit, query, Limits.of(query)).page(parts)
        html(page, None)
    if page.problem and page.problem.status >= 500:  # one of too much to draw is a page as well
        raise SystemExit(f"{path_of(*parts)}: {page.problem}")


def table(rows: Sequence[tuple[str, list[float]]]) -> str:
    """The figures as a table of Markdown."""
    lines = [f"| page | half | 19 of 20 (aim {AIM} ms) | 99 of 100 |", "| --- | --: | --: | --: |"]
    every = sorted(seconds for _, taken in rows for seconds in taken)
    for kind, taken in [*rows, ("**all of these together**", every)]:
        reached = (taken[int(part * (len(taken) - 1))] for part in (0.5, 0.95, 0.99))
        lines.append(f"| {kind} | {' | '.join(f'{one * 1e3:.0f} ms' for one in reached)} |")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("ledger", type=Path)
    parser.add_argument("--times", type=int, default=50, help="pages of each kind [%(default)s]")
    parser.add_argument("--seed", type=int, default=1, help="of the subjects [%(default)s]")
    parser.add_argument("--into", type=Path, help="the file for the table [standard output]")
    given = parser.parse_args(arguments)
    gc.set_threshold(*COLLECTED)  # as in a server
    text = table([*measured(given.ledger, given.times, given.seed)]) + "\n"
    if given.into:
        given.into.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
