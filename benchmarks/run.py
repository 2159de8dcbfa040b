"""Measure everything and write docs/performance.md, .json and .svg.

    python -m benchmarks.run --sizes 10000,100000,1000000
    python -m benchmarks.run --quick

Every job is a process of its own. In each round each job, its floor and its peers run one after
another, so that a busy moment of the machine meets them all; medians are told. A job that has taken
more than ``--patience`` seconds in all is not repeated. The answers of the peers are compared with
ours, to the last share, before anything is told of their times.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Collection, Iterator
from compileall import compile_dir
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import measure
from benchmarks.jobs import FLOOR, OURS, Job, Site, jobs_on

DOCS = measure.ROOT / "docs"


class Measured:
    """What was measured of one job at one size by one program."""

    def __init__(self, size: int, job: str, program: str) -> None:
        self.size, self.job, self.program = size, job, program
        self.seconds: list[float] = []
        self.peaks: list[float] = []
        self.failed = ""

    def as_json(self) -> dict[str, Any]:
        """The figures; seconds in full so that others can be worked out."""
        taken = self.seconds
        return {
            "size": self.size,
            "job": self.job,
            "program": self.program,
            "rounds": len(taken),
            "median": round(median(taken), 6) if taken else None,
            "least": round(min(taken), 6) if taken else None,
            "most": round(max(taken), 6) if taken else None,
            "peak_mib": round(max(self.peaks), 1) if taken else None,
            "failed": self.failed,
        }


def measured_on(
    site: Site, rounds: int, patience: float, limit: float, only: Collection[str] = ()
) -> Iterator[dict[str, Any]]:
    """Every job at one size, or only those of some names."""
    size = site.events
    _say(f"{size:,} events: building the ledger")
    site.build()
    jobs = [job for job in jobs_on(site) if not only or job.name in only]
    jobs = [job for job in jobs if is_there(job.needs)]
    found = {(j.name, p): Measured(size, j.name, p) for j in jobs for p in j.runs}
    for number in range(1, rounds + 1):
        _say(f"{size:,} events: round {number} of {rounds}")
        site.catch_up()
        site.seal()
        for job in jobs:
            answers = {}
            for program in job.runs:
                one = found[job.name, program]
                if not one.failed and sum(one.seconds) * (1 + 1 / number) <= patience:
                    answers[program] = _measure(job, program, one, limit)
            if number == 1 and job.name == "holdings":
                agree(answers)
    site.remove()
    yield from (one.as_json() for one in found.values())


def _measure(job: Job, program: str, one: Measured, limit: float) -> str:
    runnable = job.runs[program]
    try:
        done = measure.run(runnable.words(), limit, runnable.inside)
    except measure.Failed as failure:
        one.failed = str(failure)
        _say(f"  {job.name}, {program}: {failure}")
        return ""
    one.seconds.append(done.seconds)
    one.peaks.append(done.peak)
    return done.said


def compiled() -> None:
    """Compile the packages as an installation does, so that no run has to."""
    for package in ("ledger", "projections", "cli", "benchmarks"):
        compile_dir(measure.ROOT / package, quiet=1)


def is_there(needs: str) -> bool:
    """Whether the command (and option) that a job needs exists in this version."""
    command, _, option = needs.partition(" ")
    if not command:
        return True
    try:
        told = measure.run([*measure.stakebook(), command, "--help"], 60)
    except measure.Failed:
        return False
    return option in told.said


def agree(answers: dict[str, str]) -> None:
    """Stop if programs that were asked the same differ in a single share."""
    balances = {}
    for program, said in answers.items():
        if not said:
            continue
        if program == OURS:
            rows = json.loads(said)["rows"]
            pairs = [(r["holder"], r["shares"]) for r in rows if r["basis"] == "register"]
        elif program == FLOOR:
            pairs = [(h, s) for h, s in (line.split() for line in said.splitlines())]
        elif program == "beancount":
            lines = (line.split(",") for line in said.splitlines()[1:])
            pairs = [(a.strip().rsplit(":", 1)[1].lower(), n.strip()) for a, n in lines]
            pairs = [(holder, shares) for holder, shares in pairs if int(shares)]
        else:
            found = re.findall(r'(-?\d+) "?[a-z0-9]+/common"?\s+\w+:(\S+)', said)
            pairs = [(holder, shares) for shares, holder in found]
        balances[program] = {holder: int(shares) for holder, shares in pairs}
    for program, found_balances in balances.items():
        if not found_balances or found_balances != next(iter(balances.values())):
            raise SystemExit(f"The answer of {program} differs: nothing is measured.")


def spread(values: list[float]) -> list[float]:
    """The least and the most of some values, once if they are the same."""
    return sorted({min(values), max(values)})


def unusable(folder: Path) -> str:
    """Why nothing can be written to a folder, which is made if need be; empty where it can."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        TemporaryDirectory(dir=folder).cleanup()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _positive(text: str) -> int:
    if int(text) < 1:
        raise ValueError("not a positive number")
    return int(text)


def _sizes(text: str) -> list[int]:
    return sorted(map(_positive, text.split(",")))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--sizes", type=_sizes, default="10000,100000,1000000", help="[%(default)s]"
    )
    parser.add_argument("--rounds", type=_positive, default=7, help="[%(default)s]")
    parser.add_argument("--quick", action="store_true", help="2,000 and 10,000 events, 3 rounds")
    parser.add_argument("--jobs", default="", help="only these; the figures of others are kept")
    parser.add_argument("--one-register", action="store_true", help="all in one register")
    parser.add_argument("--seed", type=int, default=1, help="of the market [%(default)s]")
    parser.add_argument("--patience", type=float, default=120, help="seconds for one job [120]")
    parser.add_argument("--limit", type=float, default=1800, help="seconds for one run [1800]")
    parser.add_argument("--work", type=Path, help="a folder for the ledgers [a temporary one]")
    parser.add_argument("--keep", action="store_true", help="keep what is in --work, and use it")
    parser.add_argument("--into", type=Path, default=DOCS, help="the folder for the report [docs]")
    given = parser.parse_args(arguments)
    if given.keep and given.work is None:
        parser.error("--keep needs --work.")
    for folder in filter(None, (given.into, given.work)):
        if trouble := unusable(folder):
            parser.error(f"{folder} cannot be used: {trouble}.")
    sizes = [2_000, 10_000] if given.quick else given.sizes
    rounds = 3 if given.quick else given.rounds
    only, report = given.jobs.split(",") if given.jobs else [], given.into / "performance.json"
    found: list[dict[str, Any]] = []
    if only and report.is_file():
        kept = json.loads(report.read_text(encoding="utf-8"))["results"]
        found = [one for one in kept if one["size"] not in sizes or one["job"] not in only]
    loads: list[float] = []
    compiled()
    with TemporaryDirectory(dir=given.work) as passing:
        for size in sizes:
            kind = "register" if given.one_register else "market"
            name = f"{kind}-{size}-{given.seed}"  # one that is kept is found by what it is
            folder = Path(given.work if given.keep else passing, name)
            site = Site(
                folder, size, given.seed, given.limit,
                one_register=given.one_register, keep=given.keep,
            )  # fmt: skip
            found += measured_on(site, rounds, given.patience, given.limit, only)
            loads.append(round(os.getloadavg()[1], 1))
            machine = measure.machine() | {"load": " to ".join(map(str, spread(loads)))}
            whole = {"machine": machine, "rounds": rounds, "one_register": given.one_register}
            text = json.dumps(whole | {"results": found}, indent=1) + "\n"
            report.write_text(text, encoding="utf-8")
    from benchmarks.report import write_report

    write_report(given.into)


if __name__ == "__main__":
    try:
        main()
    except measure.Failed as failure:
        sys.exit(f"python -m benchmarks.run: {failure}")
