"""The report: docs/performance.md and .svg from docs/performance.json.

python -m benchmarks.report [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import fill

from benchmarks.curve import exponent
from benchmarks.jobs import AS_OF, BARE, FLOOR, OURS, known_jobs
from benchmarks.results import KINDS, VERDICTS, Results, aim_of, read, report_name, shown, table
from benchmarks.site import PARTS

HEAD = """\
# Performance

Written by `python -m benchmarks.run` (see its `--help`; `--quick` takes some minutes). Every figure
is the median over rounds in which each job, its floor and its peers ran one after another, each as
a process of its own. A *floor* does the work that the job promises, in loops that explain nothing
(`benchmarks/floors.py`): every field validated, canonical bytes, digests, unique keys and streams,
the tree, references, postings with their limits, balances, no account below zero. Tests hold what
floors make against what stakebook makes. *Bare* loops (`benchmarks/bare.py`) check nothing.

*Beside* is what the aim compares with: the floor where nothing else is said. *Of CPU* is the same
ratio in seconds of the processor, of all processes of a job; where others are at work on a machine,
it says more than time does. Nothing here is a promise; the ratios say more than the times, and
another machine has other ones.

Measured on {processor}, {cores} cores, {memory}, {system}, Python {python}, SQLite {sqlite}.

The load average was {load}; where it is far above 1, others were at work on the
machine, and times are longer than they need be.
"""
MEASURED = {  # by other scripts: what their tables hold
    "amendments": "Medians of whole processes on much corrected ledgers",
    "large": "A ledger too large for rounds, recorded in batches: each job once, as a process",
    "pages": "Seconds of the processor for one request",
}
PEERS = ("ledger", "hledger", "beancount")


def write_report(folder: Path) -> None:
    """Write the page and the picture beside the figures."""
    others = [folder / report_name(one) for one in KINDS if one != "market"]
    lines = [line for one in others if one.is_file() for line in _other(read(one))]
    if (folder / report_name("market")).is_file():
        results = read(folder / report_name("market"))
        lines = [*_page(results, _draw(results, folder / "performance.svg")), *lines]
    for kind in MEASURED:
        lines += _measured(kind, folder / f"performance-{kind}.txt")
    text = "\n".join(lines)
    (folder / "performance.md").write_text(text + "\n", encoding="utf-8")


def _measured(kind: str, file: Path) -> list[str]:
    """What another script has measured last, if anything."""
    if not file.is_file():
        return []
    of, text = MEASURED[kind], file.read_text(encoding="utf-8").rstrip()
    said = f"{of}, by `python -m benchmarks.{kind}`."
    return ["", f"## {kind.capitalize()}", "", said, "", text]


def _page(results: Results, pictured: bool) -> list[str]:
    made = f"The ledgers are made up (`benchmarks/generate.py`): {KINDS[results.workload]}, over 25"
    made += " years, recorded in large batches."
    lines = [HEAD.format(**results.head), fill(made, 100), "", *_not_measured(results)]
    if not results.sizes:
        return lines
    largest = max(results.sizes, key=lambda size: (results.jobs(size), size))
    if pictured:
        lines += ["![time by size, on logarithmic scales](performance.svg)", ""]
    for size in reversed(results.sizes):
        lines += [f"## At {size:,} events", "", *_aims(results, size), ""]
    lines += _missed(results, largest)
    lines += [f"## Side by side: the balances of one issuer as of {AS_OF}", ""]
    lines += _peers(results)
    lines += ["", "## The whole market", "", *_market(results)]
    lines += ["", "## Growth", "", *_growth(results)]
    return [*lines, "", "## Memory", "", *_memory(results)]


def _other(results: Results) -> list[str]:
    """What was measured on another workload."""
    said = f"The ledgers hold {KINDS[results.workload]}."
    lines = ["", f"## Another workload: {results.workload}", "", fill(said, 100), ""]
    lines += _not_measured(results)
    for size in reversed(results.sizes):
        lines += [f"### {results.workload.capitalize()}, {size:,} events", ""]
        lines += [*_aims(results, size), ""]
    return lines


def _not_measured(results: Results) -> list[str]:
    """Why a run ended early, and what is not in it."""
    missing = list(results.missing())
    if not results.ended and not missing:
        return []
    ended = f"{results.ended}. " if results.ended else ""
    items = [fill(f"- {one}", 100, subsequent_indent="  ") for one in missing]
    return [f"{ended}Not measured:", "", *items, ""]


def _aims(results: Results, size: int) -> list[str]:
    rows = []
    for job in known_jobs(size):
        ours, aim = results.of(size, job.name, OURS), aim_of(job)
        if not ours or ours["failed"]:
            what = ours["failed"] if ours else "not run"
            rows.append([job.does, what, "", "", "", "", aim, VERDICTS[False] if ours else ""])
            continue
        taken = shown(ours["median"])
        if job.per_event:
            events = size * (PARTS - 1) // PARTS if job.name == "append-bulk" else size
            taken += f" ({events / ours['median']:,.0f} events/s)"
        ratio, of_cpu = (results.ratio(size, job, what) for what in ("median", "cpu"))
        against, bare = (results.seconds(size, job.name, p) for p in (job.against or FLOOR, BARE))
        met = VERDICTS[results.verdict(size, job)]
        rows.append(
            [
                job.does, taken, shown(against), f"{ratio:.2f}" if ratio else "",
                f"{of_cpu:.2f}" if of_cpu else "", shown(bare), aim,
                f"**{met}**" if met == VERDICTS[False] else met,
            ]
        )  # fmt: skip
    return table(["job", "stakebook", "beside", "ratio", "of CPU", "bare", "aim", ""], rows)


def _missed(results: Results, size: int) -> list[str]:
    """Why each aim that is missed is missed, as far as its job says it."""
    found = []
    for job in known_jobs(size):
        ours = results.of(size, job.name, OURS)
        if ours and ours["median"] and job.why and results.verdict(size, job) is False:
            words = fill(f"- {job.name}: {job.why}", 100, subsequent_indent="  ")
            found.append(words)
    return [f"## Aims that are missed at {size:,} events", "", *found, ""] if found else []


def _peers(results: Results) -> list[str]:
    programs = [
        p for p in (OURS, FLOOR, BARE, *PEERS) if results.curve("holdings", p)
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
                if ours and program not in (OURS, FLOOR, BARE):
                    text += f", {taken['median'] / ours:,.1f}x"
            row.append(text)
        rows.append(row)
    note = (
        "Time, most memory, and how many times ours. They read the whole journal each"
        " time. Their answers are the same to the last share; this is checked in each run."
    )
    return [*table(["events", *programs], rows), "", fill(note, 100)]


def _market(results: Results) -> list[str]:
    programs = [p for p in (OURS, FLOOR, "duckdb", "polars") if results.curve("market", p)]
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
    for job in known_jobs(results.sizes[-1]):
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


def _memory(results: Results) -> list[str]:
    """The most memory of each job by size, and that of its floor at the largest."""
    rows = []
    for job in known_jobs(results.sizes[-1]):
        peaks = [results.of(size, job.name, OURS).get("peak_mib") for size in results.sizes]
        floor = results.of(results.sizes[-1], job.name, FLOOR).get("peak_mib")
        if any(peaks):
            rows.append([job.name, *(f"{p:,.0f}" if p else "" for p in (*peaks, floor))])
    sizes = [f"{size:,}" for size in results.sizes]
    note = (
        "MiB, the most of all rounds, of all processes of a job together: what a worker beside it"
        " needs is in it, and pages that they share count for each of them."
    )
    return [*table(["job", *sizes, f"floor, {sizes[-1]}"], rows), "", fill(note, 100)]


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
    styles = {FLOOR: "--", BARE: ":"}
    for program in (OURS, FLOOR, BARE, *PEERS):
        points = results.curve("holdings", program)
        if points:
            left.plot(
                *zip(*points, strict=True), styles.get(program, "-"), marker="o", label=program
            )
    left.set_title("Balances of one issuer as of a date")
    for color, job in enumerate(("append-bulk", "replay", "verify", "export-parquet")):
        for program in (OURS, FLOOR):
            points = results.curve(job, program)
            if points:
                label = job if program == OURS else f"{job}, floor"
                right.plot(
                    *zip(*points, strict=True), styles.get(program, "-"), marker="o", label=label,
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
