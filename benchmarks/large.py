"""Measure a ledger that is too large for rounds and floors: each job once, one after another.

    python -m benchmarks.large --events 10000000 --work DIR

It is recorded batch after batch, each a file of its own, and stays in the folder. Each row is
printed as soon as it is measured. ``benchmarks.run`` puts the table into its report where it is
``docs/performance-large.txt``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import measure
from benchmarks.jobs import AS_OF
from benchmarks.results import shown, table
from benchmarks.site import ours

BATCHES, ISSUER = 10, "i00001"
HEADS = ("job", "stakebook", "of the processor", "most memory")
Job = tuple[str, Sequence[str]]  # what it does, and its words


def jobs(folder: Path, events: int, seed: int) -> Iterator[Job]:
    """The jobs, each to be run before the next is asked for."""
    ledger, parts, key = folder / "large.db", folder / "events", folder / "large.key"
    generate = [sys.executable, "-m", "benchmarks.generate", "--seed", str(seed)]
    numbers = ["--events", str(events), "--parts", str(BATCHES)]
    yield f"{events:,} events made up", [*generate, *numbers, "--into", str(parts)]
    yield "`init`", ours(ledger, "init")
    for number, part in enumerate(sorted(parts.glob("*.jsonl")), 1):
        append = ours(ledger, "append", "--file", str(part))
        yield f"`append --file`, batch {number} of {BATCHES}", append
    holdings = "holdings", ISSUER, "--as-of", AS_OF
    yield "`holdings ISSUER`, and the read model made", ours(ledger, *holdings)
    yield "`holdings ISSUER --as-of D`", ours(ledger, *holdings)
    yield "`keygen`", ours(ledger, "keygen", str(key))
    yield "`seal --key`", ours(ledger, "seal", "--key", str(key))
    yield "`verify --key`", ours(ledger, "verify", "--key", str(key))
    market = "holdings", "--as-of", AS_OF, "--format", "json"
    yield "the holdings of all issuers", ours(ledger, *market)
    yield "`export --parquet`", ours(ledger, "export", "--parquet", str(folder / "tables"))
    yield "`export --audit`", ours(ledger, "export", "--audit", str(folder / "audit.jsonl"))
    yield "`replay`", ours(ledger, "replay")


def measured(job: Job, limit: float) -> list[str]:
    """A row of the table."""
    does, words = job
    done = measure.run(words, limit)
    return [does, shown(done.seconds), shown(done.cpu), f"{done.peak:,.0f} MiB"]


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.large", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--events", type=int, default=10_000_000, help="[%(default)s]")
    parser.add_argument("--seed", type=int, default=1, help="of the market [%(default)s]")
    parser.add_argument("--work", type=Path, required=True, help="an empty folder for the ledger")
    parser.add_argument("--limit", type=float, default=7200, help="seconds for one job [7200]")
    given = parser.parse_args(arguments)
    given.work.mkdir(parents=True, exist_ok=True)
    if any(given.work.iterdir()):
        parser.error(f"{given.work} is not empty. Give another folder with --work.")
    print("\n".join(table(HEADS, [])), flush=True)
    for job in jobs(given.work, given.events, given.seed):
        try:
            row = measured(job, given.limit)
        except measure.Failed as failure:
            sys.exit(f"python -m benchmarks.large: {job[0]}: {failure}")
        print(table(row, [])[0], flush=True)


if __name__ == "__main__":
    main()
