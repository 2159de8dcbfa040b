"""The report: docs/performance.md and .svg from docs/performance.json.

python -m benchmarks.report [FOLDER]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from textwrap import fill
from typing import Any

from benchmarks.curve import exponent
from benchmarks.jobs import AS_OF, FLOOR, KNOWN_BY, OURS, PARTS, Job, Site, jobs_on

HEAD = """\
# Performance

Written by `python -m benchmarks.run` (see its `--help`; `--quick` takes some minutes). Every figure
is the median over rounds in which each job, its floor and its peers ran one after another, each as
a process of its own. A *floor* is the least that the job must do, in bare loops of Python and
SQLite (`benchmarks/floors.py`): nothing checked, named or explained.
*Beside* is what the aim compares with, the floor where nothing else is said. Nothing here is a
promise; the ratios say more than the times, and another machine has other ones.

Measured on {processor}, {cores} cores, {memory}, {system}, Python {python}, SQLite {sqlite}.

The load average was {load}; where it is far above 1, others were at work on the
machine, and times are longer than they need be.

The ledgers are made up (`benchmarks/generate.py`): nine of ten events
are transfers of shares, {kind}, over 25 years,
with late, corrected and retracted ones, recorded in large batches.
"""


PEERS = ("ledger", "hledger", "beancount")


class Results:
    """The figures by size, job and program."""

    def __init__(self, report: dict[str, Any]) -> None:
        kind = "one issuer to 500 events and about 50 holders in each"
        if report.get("one_register"):
            kind = "all in one register with up to 100,000 holders"
        self.head = report["machine"] | {"kind": kind}
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


def write_report(folder: Path) -> None:
    """Write the page and the picture beside the figures."""
    results = Results(json.loads((folder / "performance.json").read_text(encoding="utf-8")))
    pictured = _draw(results, folder / "performance.svg")
    text = "\n".join([*_page(results, pictured), *_pages(folder / "performance-pages.txt")])
    (folder / "performance.md").write_text(text + "\n", encoding="utf-8")


def _pages(measured: Path) -> list[str]:
    """What ``benchmarks.pages`` has measured last, if anything."""
    if not measured.is_file():
        return []
    said = "Seconds of the processor for one request, by `python -m benchmarks.pages`."
    return ["", "## Pages", "", said, "", measured.read_text(encoding="utf-8").rstrip()]


def _page(results: Results, pictured: bool) -> list[str]:
    largest = max(results.sizes, key=lambda size: (results.jobs(size), size))
    lines = [HEAD.format(**results.head)]
    if pictured:
        lines += ["![time by size, on logarithmic scales](performance.svg)", ""]
    for size in reversed(results.sizes):
        lines += [f"## At {size:,} events", "", *_aims(results, size), ""]
    lines += _missed(results, largest)
    lines += [f"## Side by side: the balances of one issuer as of {AS_OF}", ""]
    lines += _peers(results)
    lines += ["", "## The whole market", "", *_market(results)]
    lines += ["", "## Growth", "", *_growth(results)]
    lines += ["", "## Memory", "", f"The most memory at {largest:,} events, MiB.", ""]
    return [*lines, *_memory(results, largest)]


def _aims(results: Results, size: int) -> list[str]:
    rows = []
    for job in _jobs(size):
        ours = results.of(size, job.name, OURS)
        if not ours:
            rows.append([job.does, "not run", "", "", aim_of(job), ""])
            continue
        if ours["failed"]:
            rows.append([job.does, ours["failed"], "", "", aim_of(job), "no"])
            continue
        against = results.seconds(size, job.name, job.against or FLOOR)
        taken = shown(ours["median"])
        if job.per_event:
            events = size * (PARTS - 1) // PARTS if job.name == "append-bulk" else size
            taken += f" ({events / ours['median']:,.0f} events/s)"
        ratio = f"{ours['median'] / against:.2f}" if against else ""
        met = verdict(results, size, job)
        verdicts = {True: "yes", False: "**no**", None: ""}
        rows.append([job.does, taken, shown(against), ratio, aim_of(job), verdicts[met]])
    return table(["job", "stakebook", "beside", "ratio", "aim", "met"], rows)


def _missed(results: Results, size: int) -> list[str]:
    """Why each aim that is missed is missed, as far as its job says it."""
    found = []
    for job in _jobs(size):
        ours = results.of(size, job.name, OURS)
        if ours and ours["median"] and job.why and verdict(results, size, job) is False:
            words = fill(f"- {job.name}: {job.why}", 100, subsequent_indent="  ")
            found.append(words)
    return [f"## Aims that are missed at {size:,} events", "", *found, ""] if found else []


def aim_of(job: Job) -> str:
    """The aim in words."""
    words = []
    if job.times is not None:
        than = "the floor" if job.against == FLOOR else job.against
        than = {"plain": "the plain question", "on an empty ledger": "an empty ledger"}.get(
            than, than
        )
        words.append(f"at most {job.times:g}x {than}")
    if job.seconds is not None:
        words.append(f"under {shown(job.seconds)}")
    if job.peak is not None:
        words.append(f"under {job.peak:g} MiB")
    if job.faster_than is not None:
        words.append(f"{job.faster_than[1]:g}x faster than {job.faster_than[0]} at 1,000,000")
    return "; ".join(words)


def verdict(results: Results, size: int, job: Job) -> bool | None:
    """Whether the aim is met; None where there is none or nothing to compare with."""
    ours = results.of(size, job.name, OURS)
    met: list[bool] = []
    against = results.seconds(size, job.name, job.against)
    if job.times is not None and against:
        met.append(ours["median"] <= job.times * against)
    if job.seconds is not None:
        met.append(ours["median"] < job.seconds)
    if job.peak is not None:
        met.append(ours["peak_mib"] < job.peak)
    if job.faster_than is not None and size >= 10**6:
        peer = results.seconds(size, job.name, job.faster_than[0])
        if peer:
            met.append(peer >= job.faster_than[1] * ours["median"])
    return all(met) if met else None


def _peers(results: Results) -> list[str]:
    programs = [
        p for p in (OURS, FLOOR, *PEERS) if results.curve("holdings", p)
    ]  # fmt: skip
    rows = []
    for size in results.sizes:
        ours = results.seconds(size, "holdings", OURS)
        row = [f"{size:,}"]
        for program in programs:
            taken = results.of(size, "holdings", program)
            text = shown(taken.get("median")) or taken.get("failed", "")
            if text and taken.get("median"):
                text += f", {taken['peak_mib']:,.0f} MiB"
                if ours and program not in (OURS, FLOOR):
                    text += f", {taken['median'] / ours:,.1f}x"
            row.append(text)
        rows.append(row)
    note = (
        "Time, most memory, and how many times ours. They read the whole journal each"
        " time. Their answers are the same to the last share; this is checked in each run."
    )
    return [*table(["events", *programs], rows), "", fill(note, 100)]


def _market(results: Results) -> list[str]:
    programs = [p for p in (OURS, "duckdb", "polars") if results.curve("market", p)]
    rows = [
        [f"{size:,}", *(shown(results.seconds(size, "market", p)) for p in programs)]
        for size in results.sizes
    ]
    note = (
        f"The holdings of all issuers as of {AS_OF}: by the command, and from exported tables by"
        " the queries of [analysis](analysis.md), each as a whole process."
    )
    return [
        *(table(["events", *programs], rows) if programs else ["Not measured."]),
        "",
        fill(note, 100),
    ]


def _growth(results: Results) -> list[str]:
    rows = []
    for job in _jobs(results.sizes[-1]):
        for program in job.runs:
            points = results.curve(job.name, program)
            grows = exponent(points)
            if grows is not None:
                times = [shown(results.seconds(s, job.name, program)) for s in results.sizes]
                rows.append([job.name, program, *times, f"{grows:.2f}"])
    note = (
        "The last column is the b of time = a * events^b, by least squares on logarithms: 0 does"
        " not grow with the ledger, 1 grows in proportion to it. What a process needs to start is"
        " in every time, and makes small ones look flatter than they are."
    )
    heads = ["job", "program", *(f"{size:,}" for size in results.sizes), "exponent"]
    return [*(table(heads, rows) if rows else ["Measured at one size only."]), "", fill(note, 100)]


def _memory(results: Results, size: int) -> list[str]:
    rows = []
    for job in _jobs(size):
        figures = {p: results.of(size, job.name, p).get("peak_mib") for p in job.runs}
        told = ", ".join(f"{p} {peak:,.0f}" for p, peak in figures.items() if peak)
        if told:
            rows.append([job.name, told])
    return table(["job", "MiB"], rows)


def _jobs(size: int) -> list[Job]:
    """The jobs, to read their names and aims; nothing is made on disk."""
    site = Site.__new__(Site)
    site.events, site.recorded_by, site.parts, site.issuer = size, KNOWN_BY, [], "i00001"
    site.folder = site.ledger = site.empty = Path()
    site.journal = site.bare = site.beancount = Path()
    return jobs_on(site)


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


def _draw(results: Results, path: Path) -> bool:
    """Two plots side by side: one question, and jobs over the whole log."""
    try:
        import matplotlib as mpl

        mpl.use("svg")
        from matplotlib import pyplot
    except ImportError:
        print("No picture: pip install 'stakebook[benchmarks]'", file=sys.stderr)
        return False
    mpl.rcParams["svg.hashsalt"] = "stakebook"
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
    style: Callable[[str], str] = lambda program: "--" if program == FLOOR else "-"  # noqa: E731
    for program in (OURS, FLOOR, *PEERS):
        points = results.curve("holdings", program)
        if points:
            left.plot(*zip(*points, strict=True), style(program), marker="o", label=program)
    left.set_title("Balances of one issuer as of a date")
    for color, job in enumerate(("append-bulk", "replay", "verify", "export-parquet")):
        for program in (OURS, FLOOR):
            points = results.curve(job, program)
            if points:
                label = job if program == OURS else f"{job}, floor"
                right.plot(
                    *zip(*points, strict=True), style(program), marker="o", label=label,
                    color=f"C{color}",
                )  # fmt: skip
    right.set_title("The whole log")
    for axes in (left, right):
        axes.set(xscale="log", yscale="log", xlabel="events in the ledger", ylabel="seconds")
        axes.grid(visible=True, which="major", alpha=0.3)
        if axes.lines:
            axes.legend(fontsize="small")
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    pyplot.close(figure)
    return True


if __name__ == "__main__":
    write_report(Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parents[1] / "docs")
