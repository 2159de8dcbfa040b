"""Measure everything and write docs/performance.md, .json and .svg.

    python -m benchmarks.run --sizes 10000,100000,1000000
    python -m benchmarks.run --quick

Every job is a process of its own. In each round each job, its floor and its peers run one after
another, so that a busy moment of the machine meets them all; medians are told. A job that has taken
more than ``--patience`` seconds in all is not repeated. The answers of the peers are compared with
ours, to the last share, before anything is told of their times. What is missing is said before
anything is made, and what was measured is kept whatever becomes of the run.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Collection, Sequence
from compileall import compile_dir
from pathlib import Path
from shutil import disk_usage
from statistics import median
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

from benchmarks import measure
from benchmarks.jobs import BARE, FLOOR, MILLION, OURS, PEERS, Job, jobs_on, known_jobs
from benchmarks.report import write_report
from benchmarks.results import report_name, verdicts
from benchmarks.site import Site
from benchmarks.workloads import WORKLOADS

BYTES_AN_EVENT = 10_000  # on the disk at most, with all that jobs make of it
DOCS = measure.ROOT / "docs"


class Measured:
    """What was measured of one job at one size by one program."""

    def __init__(self, size: int, job: str, program: str) -> None:
        self.size, self.job, self.program = size, job, program
        self.seconds: list[float] = []
        self.cpu: list[float] = []
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
            "cpu": round(median(self.cpu), 6) if taken else None,
            "peak_mib": round(max(self.peaks), 1) if taken else None,
            "failed": self.failed,
        }


def measured_on(
    site: Site,
    rounds: int,
    patience: float,
    limit: float,
    only: Collection[str] = (),
    peers: Collection[str] = PEERS,
    keep: Callable[[list[dict[str, Any]]], None] = lambda _: None,
) -> list[dict[str, Any]]:
    """Every job at one size, or only those of some names; ``keep`` is given what is measured so far
    after every job."""
    size = site.events
    _say(f"{size:,} events: building the ledger")
    site.build()
    jobs = [job for job in jobs_on(site, peers) if not only or job.name in only]
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
            keep([one.as_json() for one in found.values() if one.seconds or one.failed])
    site.remove()
    return [one.as_json() for one in found.values()]


def _measure(job: Job, program: str, one: Measured, limit: float) -> str:
    runnable = job.runs[program]
    try:
        done = measure.run(runnable.words(), limit, runnable.inside)
    except measure.Failed as failure:
        one.failed = str(failure)
        _say(f"  {job.name}, {program}: {failure}")
        return ""
    one.seconds.append(done.seconds)
    one.cpu.append(done.cpu)
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
        if program in (OURS, FLOOR):
            rows = json.loads(said)["rows"]
            rows = [row for row in rows if row.get("basis", "register") == "register"]
            pairs = [(row["holder"], row["shares"]) for row in rows]
        elif program == BARE:
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


def lacking(work: Path, events: int, peers: Collection[str], only: Collection[str]) -> str:
    """What a run cannot do without, and how to do; empty where all is there."""
    if not Path(measure.stakebook()[0]).exists():
        return "stakebook is not installed beside this Python: pip install -e ."
    names = [job.name for job in known_jobs(MILLION)]
    if others := [name for name in only if name not in names]:
        return f"{others[0]} is no job. The jobs are {', '.join(names)}."
    if others := [name for name in peers if name not in PEERS]:
        return f"{others[0]} is no peer. The peers are {', '.join(PEERS)}."
    for name in peers:
        if not PEERS[name]():
            return f"{name} is not installed. Install it, or leave it out of --peers."
    needed, free = events * BYTES_AN_EVENT, disk_usage(work).free
    if free < needed:
        return (
            f"{work} has {free / 2**30:.1f} GiB free, and {events:,} events need about"
            f" {needed / 2**30:.1f}. Give another folder with --work."
        )
    return ""


class Report:
    """What was measured, kept in a file as it comes."""

    def __init__(self, file: Path, sizes: Sequence[int], workload: str, rounds: int) -> None:
        self._file = file
        self._head: dict[str, Any] = {"workload": workload, "rounds": rounds, "asked": list(sizes)}
        self._found: list[dict[str, Any]] = []
        self._loads: list[float] = []

    def go_on(self, only: Collection[str]) -> None:
        """Keep what an earlier run has measured of other jobs and sizes."""
        sizes = self._head["asked"]
        if only and self._file.is_file():
            kept = json.loads(self._file.read_text(encoding="utf-8"))["results"]
            self._found = [
                one for one in kept if one["size"] not in sizes or one["job"] not in only
            ]

    def add(self, measured: list[dict[str, Any]]) -> None:
        """Keep what was measured at one size."""
        self._loads.append(round(os.getloadavg()[1], 1))
        self._found += measured

    def save(self, measured: Collection[dict[str, Any]] = (), ended: str = "") -> None:
        """Write what was measured by now; ``ended`` says why there is no more."""
        loads = self._loads or [round(os.getloadavg()[1], 1)]
        machine = measure.machine() | {"load": " to ".join(map(str, spread(loads)))}
        whole = {"machine": machine, **self._head, "ended": ended}
        whole |= {"results": [*self._found, *measured]}
        self._file.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


def measured_at(sizes: Sequence[int], given: argparse.Namespace, report: Report) -> str:
    """Measure at every size; why it ended early, empty where it did not."""
    last = list[dict[str, Any]]()

    def keep(measured: list[dict[str, Any]]) -> None:
        last[:] = measured
        report.save(measured, "It ended before all was measured")  # until more is

    try:
        with TemporaryDirectory(dir=given.work) as passing:
            for size in sizes:
                name = f"{given.workload}-{size}-{given.seed}"  # it is found by what it is
                folder = Path(given.work if given.keep else passing, name)
                site = Site(folder, size, given.seed, given.limit, given.workload, keep=given.keep)
                found = measured_on(
                    site, given.rounds, given.patience, given.limit, given.jobs, given.peers, keep
                )
                last.clear()
                report.add(found)
                report.save()
    except (KeyboardInterrupt, measure.Failed) as failure:
        stopped = isinstance(failure, measure.Failed)
        ended = f"It was stopped by what failed: {failure}" if stopped else "It was interrupted"
        report.add(last)
        report.save(ended=ended)
        return ended
    return ""


def _positive(text: str) -> int:
    if int(text) < 1:
        raise ValueError("not a positive number")
    return int(text)


def _sizes(text: str) -> list[int]:
    return sorted(map(_positive, text.split(",")))


def _names(text: str) -> list[str]:
    return [name for name in text.split(",") if name]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--sizes", type=_sizes, default="10000,100000,1000000", help="[%(default)s]"
    )
    parser.add_argument("--rounds", type=_positive, help="[7; 3 with --quick]")
    parser.add_argument("--quick", action="store_true", help="2,000 and 10,000 events")
    parser.add_argument(
        "--jobs", type=_names, default="", help="only these; the figures of others are kept"
    )
    parser.add_argument(
        "--peers", type=_names, default="ledger,hledger,duckdb,polars",
        help="the programs compared with, of these and beancount [%(default)s]",
    )  # fmt: skip
    parser.add_argument("--workload", choices=WORKLOADS, default="market", help="[%(default)s]")
    parser.add_argument("--seed", type=int, default=1, help="of the market [%(default)s]")
    parser.add_argument("--patience", type=float, default=120, help="seconds for one job [120]")
    parser.add_argument("--limit", type=float, default=1800, help="seconds for one run [1800]")
    parser.add_argument("--work", type=Path, help="a folder for the ledgers [a temporary one]")
    parser.add_argument("--keep", action="store_true", help="keep what is in --work, and use it")
    parser.add_argument("--into", type=Path, default=DOCS, help="the folder for the report [docs]")
    return parser


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.keep and given.work is None:
        parser.error("--keep needs --work.")
    for folder in filter(None, (given.into, given.work)):
        if trouble := unusable(folder):
            parser.error(f"{folder} cannot be used: {trouble}.")
    sizes = [2_000, 10_000] if given.quick else given.sizes
    given.rounds = given.rounds or (3 if given.quick else 7)
    work = given.work or Path(gettempdir())
    events = sum(sizes) if given.keep else max(sizes)
    if trouble := lacking(work, events, given.peers, given.jobs):
        parser.error(trouble)
    file = given.into / report_name(given.workload)
    report = Report(file, sizes, given.workload, given.rounds)
    report.go_on(given.jobs)
    compiled()
    ended = measured_at(sizes, given, report)
    write_report(given.into)
    print("\n".join(verdicts(file)))
    if ended:
        sys.exit(f"python -m benchmarks.run: {ended}; what was measured is in {given.into}.")


if __name__ == "__main__":
    main()
