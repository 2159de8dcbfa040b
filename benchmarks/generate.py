"""Write a made-up ledger as JSON Lines, and the same movements as a plain-text journal.

    python -m benchmarks.generate --events 100000 --into events.jsonl --journal market.journal
    stakebook --ledger market.db init
    stakebook --ledger market.db append --file events.jsonl

The same seed, size and numbers give the same bytes, on every Python and with every hash seed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count, islice
from pathlib import Path
from typing import TextIO

from benchmarks.market import DAYS, ISO, Entry, Event, Market, Plan
from benchmarks.workloads import WORKLOADS

_ENCODE = json.JSONEncoder(separators=(",", ":")).encode
LAST_DAY = ISO[DAYS - 1]


def plan_of(
    events: int,
    issuers: int | None = None,
    holders: int | None = None,
    seed: int = 1,
    workload: str = "market",
) -> Plan:
    """A plan with the proportions of a market: an issuer to 500 events, a holder to 50."""
    if workload == "register":
        return Plan(events, 1, holders or 100_000, seed, workload)
    issuers, holders = issuers or max(2, events // 500), holders or max(20, events // 50)
    return Plan(events, issuers, holders, seed, workload)


def journal_text(entry: Entry) -> str:
    """One transaction of a journal for ledger and hledger: each class is a commodity."""
    issuer = entry.share_class.partition("/")[0]
    lines = [f"{entry.day} {entry.key}"]
    left = 0
    for account, shares in entry.changes:
        lines.append(f'  {issuer}:{account}  {shares} "{entry.share_class}"')
        left += shares
    if left:
        lines.append(f'  capital:{issuer}  {-left} "{entry.share_class}"')
    return "\n".join(lines) + "\n\n"


def beancount_of(journal: Path, into: Path) -> None:
    """The same transactions as a file for beancount, which wants its accounts opened."""
    opened: set[str] = set()
    with (
        journal.open(encoding="ascii") as lines,
        into.open("w", encoding="ascii", newline="\n") as out,
    ):
        for line in lines:
            if line[:1].isdigit():
                out.write(f'{line[:10]} * "{line[11:-1]}"\n')
            elif line.strip():
                account, shares, commodity = line.split()
                name = _beancount_account(account)
                opened.add(name)
                out.write(f"  {name}  {shares} {commodity[1:-1].partition('/')[0].upper()}\n")
            else:
                out.write("\n")
        out.writelines(f"{ISO[0]} open {name}\n" for name in sorted(opened))


def _beancount_account(account: str) -> str:
    if account.startswith("capital:"):
        return f"Equity:{account.partition(':')[2].upper()}"
    return f"Assets:{account.upper()}"


def write(plan: Plan, into: Path, journal: Path | None = None, parts: int = 1) -> int:
    """Write the events of a plan; returns how many.

    In several parts, the path is a folder that is made, and each part can be appended as a batch
    of its own, in order.
    """
    with ExitStack() as opened:
        books: TextIO | None = None
        if journal is not None:
            books = opened.enter_context(journal.open("w", encoding="ascii", newline="\n"))
        events = Market(plan, _booking(books)).events()
        if parts == 1:
            return _write_part(events, into)
        into.mkdir(parents=True, exist_ok=True)
        size, written = plan.lines // parts + 1, 0
        for number in count(1):
            done = _write_part(islice(events, size), into / f"part-{number:04}.jsonl")
            written += done
            if done < size:
                return written
    return 0


def _booking(books: TextIO | None):  # type: ignore[no-untyped-def]
    if books is None:
        return lambda _: None
    return lambda entry: books.write(journal_text(entry))


def _write_part(events: Iterator[Event], path: Path) -> int:
    written = 0
    with path.open("w", encoding="ascii", newline="\n") as out:
        for event in events:
            out.write(_ENCODE(event) + "\n")
            written += 1
    if not written:
        path.unlink()
    return written


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--events", type=int, default=10_000, help="how many events [10000]")
    parser.add_argument("--issuers", type=int, help="[an issuer to 500 events]")
    parser.add_argument("--holders", type=int, help="[a holder to 50 events]")
    parser.add_argument("--seed", type=int, default=1, help="[1]")
    parser.add_argument(
        "--workload", choices=WORKLOADS, default="market",
        help="[market]; register: as many movements as --events, among 100,000 holders",
    )  # fmt: skip
    parser.add_argument("--into", type=Path, required=True, help="the file, or folder of parts")
    parser.add_argument("--parts", type=int, default=1, help="files of about the same size [1]")
    parser.add_argument("--journal", type=Path, help="the same movements for ledger and hledger")
    given = parser.parse_args(arguments)
    plan = plan_of(given.events, given.issuers, given.holders, given.seed, given.workload)
    try:
        print(write(plan, given.into, given.journal, given.parts), "events")
    except (OSError, ValueError) as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
