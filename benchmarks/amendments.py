"""Measure what is asked of much corrected ledgers, and the reading of YAML, beside their aims.

    python -m benchmarks.amendments --into docs/performance-amendments.txt

Writes a table of Markdown, which ``benchmarks.run`` puts into its report: the median of some
rounds, each a whole process. The sizes are those of the aims; smaller ones try whether it runs.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from benchmarks import measure
from benchmarks.results import VERDICTS, shown, table
from benchmarks.site import ours, within

CLASS, FIRST, DAYS = "co/common", date(2010, 1, 1), 5_000
HOLDERS = [f"h{number}" for number in range(20)]
Event = dict[str, Any]


class Asked(NamedTuple):
    """What is measured: in words, how, and the seconds it may take."""

    does: str
    words: Callable[[], Sequence[str]]
    aim: float
    inside: bool = False


def register(transfers: int) -> Iterator[Event]:
    """A register of some holders, and transfers among them over the years."""
    for party in ("co", *HOLDERS):
        yield {"type": "party-registered", "party": party, "kind": "company", "name": party}
    yield {"type": "share-class-created", "share_class": CLASS}
    for holder in HOLDERS:
        yield _on(0, "register-opened", holder=holder, shares="10000000")
    for number in range(transfers):
        giver, taker = (HOLDERS[(number * step + step) % len(HOLDERS)] for step in (3, 7))
        day, shares = 1 + number * DAYS // transfers, str(100 + number * 37 % 900)
        if giver == taker:
            taker = HOLDERS[(HOLDERS.index(giver) + 1) % len(HOLDERS)]
        parties = {"transferor": giver, "transferee": taker}
        yield _on(day, "shares-transferred", key=f"t{number}", **parties, shares=shares)


def corrections(count: int, *, chained: bool) -> Iterator[Event]:
    """Corrections of one transfer; chained, each corrects the one before it."""
    for number in range(count):
        event = f"c{number - 1}" if chained and number else "t0"
        change = {"field": "shares", "value": str(100 + number % 500)}
        yield {
            "type": "event-corrected", "key": f"c{number}", "event": event, "because": "misread",
            "changes": [change],
        }  # fmt: skip


def flat_yaml(size: int) -> str:
    """A file of transfers as people write them, of so many bytes."""
    items, written = ["# transfers\n"], 0
    while written < size:
        item = (
            f"- type: shares-transferred\n  key: y{len(items)}\n  share_class: {CLASS}\n"
            f"  transferor: {HOLDERS[0]}\n  transferee: {HOLDERS[1]}\n  shares: 10\n"
            f"  effective_on: 2020-01-01\n  known_on: 2020-01-02\n  standing: official\n"
            f'  note: "as told by the registrar"\n'
        )
        items.append(item)
        written += len(item)
    return "".join(items)


def asked(folder: Path, given: argparse.Namespace) -> Iterator[Asked]:
    """What is measured, on ledgers that are made in a folder."""
    several, chain, many = (
        _ledger(folder, name, [*register(transfers), *amended])
        for name, transfers, amended in (
            ("several", 40, corrections(given.corrections, chained=False)),
            ("chain", 40, corrections(given.chain, chained=True)),
            ("many", given.facts, iter(())),
        )
    )
    yaml = folder / "flat.yaml"
    yaml.write_text(flat_yaml(given.yaml), encoding="ascii")
    page, fresh = folder / "report.html", folder / "fresh.db"
    one = f"one transfer among 40, corrected {given.corrections:,} times"
    yield Asked(f"`restatements` of {one}", lambda: ours(several, "restatements"), 3)
    yield Asked(f"`report` on {one}", lambda: ours(several, "report", str(page)), 5)

    def anew() -> list[str]:
        fresh.unlink(missing_ok=True)
        return within("rebuild", str(chain), str(fresh))

    of_chain = f"a chain of {given.chain:,} corrections"
    yield Asked(f"the read model of {of_chain}, indexed anew", anew, 4, inside=True)
    yield Asked(f"`holdings` after {of_chain}", lambda: ours(chain, "holdings", "co"), 2)
    words = ("correct", "t1", "--shares", "9", "--because", "misread", "--dry-run")
    told = f"what a correction of one of {given.facts:,} transfers changes"
    yield Asked(told, lambda: ours(many, *words), 0.5)
    size = f"{given.yaml / 10**6:g} MB of flat YAML, read in one process"
    yield Asked(size, lambda: within("yaml", str(yaml)), 1, inside=True)


def _ledger(folder: Path, name: str, events: Sequence[Event]) -> Path:
    """A ledger of some events, with its read model."""
    ledger, file = folder / f"{name}.db", folder / f"{name}.jsonl"
    file.write_text("".join(json.dumps(event) + "\n" for event in events), encoding="ascii")
    for words in (("init",), ("append", "--file", str(file)), ("holdings", "co")):
        measure.run(ours(ledger, *words), _LIMIT)
    return ledger


_LIMIT = 1_800.0  # seconds


def measured(one: Asked, rounds: int) -> list[str]:
    """A row of the table: what, how long, its aim, and whether it is met."""
    try:
        taken = [measure.run(one.words(), _LIMIT, one.inside) for _ in range(rounds)]
    except measure.Failed as failure:
        return [one.does, str(failure), f"under {shown(one.aim)}", VERDICTS[False]]
    seconds = median(run.seconds for run in taken)
    met = VERDICTS[seconds < one.aim]
    return [one.does, shown(seconds), f"under {shown(one.aim)}", met]


def _on(day: int, type: str, **fields: Any) -> Event:
    on = (FIRST + timedelta(days=day)).isoformat()
    dated = {"effective_on": on, "known_on": on, "standing": "official", "share_class": CLASS}
    return {"type": type} | dated | fields


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.amendments", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--corrections", type=int, default=500, help="[%(default)s]")
    parser.add_argument("--chain", type=int, default=100_000, help="[%(default)s]")
    parser.add_argument("--facts", type=int, default=10_000, help="[%(default)s]")
    parser.add_argument("--yaml", type=int, default=10_000_000, help="bytes [%(default)s]")
    parser.add_argument("--rounds", type=int, default=3, help="[%(default)s]")
    parser.add_argument("--into", type=Path, help="the file for the table [standard output]")
    given = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        rows = [measured(one, given.rounds) for one in asked(Path(folder), given)]
    text = "\n".join(table(["job", "stakebook", "aim", ""], rows)) + "\n"
    if given.into:
        given.into.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
