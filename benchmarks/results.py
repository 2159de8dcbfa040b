"""What a run has measured, read again: figures, ratios, and whether the aims are met."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.jobs import FLOOR, MILLION, OURS, Job, known_jobs

KINDS = {  # of each workload: what its ledgers hold
    "market": "nine of ten events are transfers of shares, some late, corrected or retracted, one"
    " issuer to 500 events and about 50 holders in each",
    "register": "transfers in one register with up to 100,000 holders, some late or corrected",
    "deals": "deals, offerings, projects, meetings, agreements and boards, with few transfers",
    "corrected": "transfers that are each corrected five times, with and without a date on which"
    " the correction became known",
}
VERDICTS = {True: "met", False: "not met", None: ""}


def report_name(workload: str) -> str:
    """The name of the file of figures of a workload."""
    return "performance.json" if workload == "market" else f"performance-{workload}.json"


class Results:
    """The figures by size, job and program."""

    def __init__(self, report: dict[str, Any]) -> None:
        self.workload, self.ended = report["workload"], report["ended"]
        self.asked: list[int] = report["asked"]
        self.head = report["machine"]
        self.found = {(r["size"], r["job"], r["program"]): r for r in report["results"]}
        self.sizes = sorted({size for size, _, _ in self.found})

    def of(self, size: int, job: str, program: str) -> dict[str, Any]:
        """The figures of one program; empty where it was not run."""
        found: dict[str, Any] = self.found.get((size, job, program), {})
        return found

    def seconds(self, size: int, job: str, program: str) -> float | None:
        """The median; None where there is none."""
        return self.of(size, job, program).get("median")

    def jobs(self, size: int) -> int:
        """How many jobs were measured at a size."""
        return len({job for measured, job, _ in self.found if measured == size})

    def curve(self, job: str, program: str) -> list[tuple[float, float]]:
        """The medians over the sizes."""
        times = ((float(size), self.seconds(size, job, program)) for size in self.sizes)
        return [(size, seconds) for size, seconds in times if seconds]

    def missing(self) -> Iterator[str]:
        """What was not measured, and why as far as it is known."""
        for size in sorted({*self.sizes, *self.asked}):
            jobs = known_jobs(size)
            unseen = [job.name for job in jobs if not self.of(size, job.name, OURS)]
            if unseen:
                yield f"at {size:,} events: {', '.join(unseen)}"
        for (size, job, program), one in self.found.items():
            if one["failed"]:
                yield f"at {size:,} events: {job} by {program}: {one['failed']}"

    def ratio(self, size: int, job: Job, what: str = "median") -> float | None:
        """How many times what it is compared with a job takes, of time or of ``cpu``."""
        mine, theirs = (self.of(size, job.name, p).get(what) for p in (OURS, job.against or FLOOR))
        return mine / theirs if mine and theirs else None

    def verdict(self, size: int, job: Job) -> bool | None:
        """Whether the aim is met; None where there is none, or nothing to compare with."""
        ours = self.of(size, job.name, OURS)
        if not ours or ours["failed"]:
            return False if ours else None
        met: list[bool] = []
        for most, what in ((job.times, "median"), (job.cpu_times, "cpu")):
            ratio = self.ratio(size, job, what)
            if most is not None and ratio is not None:
                met.append(ratio <= most)
        if job.seconds is not None:
            met.append(ours["median"] < job.seconds)
        if job.peak is not None:
            met.append(ours["peak_mib"] < job.peak)
        if job.faster_than is not None and size >= MILLION:
            peer = self.seconds(size, job.name, job.faster_than[0])
            if peer:
                met.append(peer >= job.faster_than[1] * ours["median"])
        return all(met) if met else None


def read(file: Path) -> Results:
    """The figures in a file."""
    return Results(json.loads(file.read_text(encoding="utf-8")))


def verdicts(file: Path) -> Iterator[str]:
    """A line for each aim, as a run prints them at its end."""
    results = read(file)
    for size in results.sizes:
        for job in known_jobs(size):
            met, aim = results.verdict(size, job), aim_of(job)
            if met is not None:
                taken, ratio = results.seconds(size, job.name, OURS), results.ratio(size, job)
                times = f"{ratio:.2f}x" if ratio else ""
                told = f"{size:>10,} {job.name:<16} {shown(taken):>9} {times:>8}"
                yield f"{told}  {VERDICTS[met]:<7}  {aim}"
    yield from (f"not measured {one}" for one in results.missing())


def aim_of(job: Job) -> str:
    """The aim in words."""
    words = []
    if job.times is not None:
        than = "the floor" if job.against == FLOOR else job.against
        than = {"plain": "the plain question", "on an empty ledger": "an empty ledger"}.get(
            than, than
        )
        words.append(f"at most {job.times:g}x {than}")
    if job.cpu_times is not None:
        words.append(f"at most {job.cpu_times:g}x its CPU")
    if job.seconds is not None:
        words.append(f"under {shown(job.seconds)}")
    if job.peak is not None:
        words.append(f"under {job.peak:g} MiB")
    if job.faster_than is not None:
        words.append(f"{job.faster_than[1]:g}x faster than {job.faster_than[0]} at 1,000,000")
    return "; ".join(words)


def shown(seconds: float | None) -> str:
    """A time with three digits, in the unit that suits it."""
    if seconds is None:
        return ""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}" if seconds < 1000 else f"{seconds:,.0f} s"
    return f"{seconds / 1e-6:.3g} µs"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return ["| " + " | ".join(line) + " |" for line in lines]
