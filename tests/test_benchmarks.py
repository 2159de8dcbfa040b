"""The made-up market: accepted by the rules, the same in every run, the same in its journal."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from benchmarks import amendments, curve, generate, large, measure, pages, report, results
from benchmarks import run as running
from benchmarks.generate import plan_of, write
from benchmarks.jobs import known_jobs
from benchmarks.site import Site
from tests import ROOT
from tests.helpers import Outcome, run

DAYS = ("2000-01-01", "2004-06-30", "2011-03-15", "2019-12-31", "2026-01-01")
Balances = dict[tuple[str, str], int]


class Made:
    """A made-up market: its events, its journal, and the ledger they were appended to."""

    def __init__(
        self, folder: Path, events: int, seed: int, parts: int, workload: str = "market"
    ) -> None:
        self.events, self.journal = folder / "events", folder / "market.journal"
        self.ledger = folder / "market.db"
        write(plan_of(events, 3, 30, seed, workload), self.events, self.journal, parts)
        assert run(self.ledger, "init").code == 0
        self.parts = sorted(self.events.glob("*.jsonl")) if parts > 1 else []
        self.outcomes = [self.append(part) for part in self.parts]

    def append(self, part: Path) -> Outcome:
        """Append a part as a batch of its own."""
        return run(self.ledger, "append", "--file", str(part))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("market"), 1_500, 7, 3)


def told(part: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in part.read_text(encoding="ascii").splitlines()]


def test_every_part_is_accepted_as_a_batch_of_its_own_and_replays(made: Made) -> None:
    assert len(made.parts) == 3
    for outcome in made.outcomes:
        assert outcome.code == 0, outcome.err
    outcome = run(made.ledger, "replay")
    assert outcome.code == 0, outcome.err
    assert "1500 replayed" in outcome.out


def test_a_share_too_many_is_refused(made: Made) -> None:
    """The control: the rules do look at what is made up."""
    events = told(made.parts[-1])
    moved = next(e for e in reversed(events) if e["type"] == "shares-transferred")
    extra = made.events / "extra.txt"
    extra.write_text(json.dumps(moved | {"key": "extra", "shares": "9" * 30}), encoding="ascii")
    assert "R401" in made.append(extra).err


def test_it_has_every_kind_of_trouble(made: Made) -> None:
    events = [event for part in made.parts for event in told(part)]
    types = Counter(event["type"] for event in events)
    for type in (
        "shares-transferred", "shares-issued", "shares-repurchased", "shares-cancelled",
        "shares-split", "shares-placed-in-trust", "stake-disclosed", "source-registered",
        "event-corrected", "event-retracted", "director-appointed", "negotiation-opened",
    ):  # fmt: skip
        assert types[type], type
    assert types["shares-transferred"] > len(events) * 3 // 5
    moves = [e for e in events if e["type"] == "shares-transferred"]
    late = sum(a["effective_on"] > b["effective_on"] for a, b in pairwise(moves))
    assert late > len(moves) // 50, "some are recorded after later ones"
    assert any(e.get("known_on", "") > e["effective_on"] for e in moves)


def test_the_same_seed_gives_the_same_bytes_under_any_hash_seed(tmp_path: Path) -> None:
    made = []
    for name, seed, hashes in (("a", "5", "0"), ("b", "5", "1"), ("c", "6", "0")):
        words = ("--events", "600", "--seed", seed, "--into", str(tmp_path / name))
        words += ("--journal", str(tmp_path / f"{name}.journal"))
        subprocess.run(
            [sys.executable, "-m", "benchmarks.generate", *words],
            check=True, capture_output=True, cwd=ROOT, env={"PYTHONHASHSEED": hashes},
        )  # fmt: skip
        made.append([(tmp_path / f).read_bytes() for f in (name, f"{name}.journal")])
    assert made[0] == made[1]
    assert made[0] != made[2]
    assert made[0][0].count(b"\n") == 600
    digest = hashlib.sha256(b"".join(made[0])).hexdigest()[:16]
    assert digest == "59d8c5f5daee6da5", "figures of other versions were measured on another market"


def of_workload(folder: Path, workload: str) -> tuple[Made, Counter[str]]:
    """A ledger of a workload, every part of which was accepted, and its types of events."""
    made = Made(folder, 1_500, 7, 3, workload)
    for outcome in made.outcomes:
        assert outcome.code == 0, outcome.err
    outcome = run(made.ledger, "replay")
    assert outcome.code == 0, outcome.err
    for until in DAYS:
        assert our_balances(made, until) == journal_balances(made.journal, until)
    return made, Counter(event["type"] for part in made.parts for event in told(part))


@pytest.mark.whole
def test_a_workload_of_deals_has_threads_of_every_kind(tmp_path: Path) -> None:
    _, types = of_workload(tmp_path, "deals")
    assert types["shares-transferred"] < 1_500 // 5
    for type in (
        "negotiation-opened", "deal-completed", "deal-abandoned", "investment-paid",
        "offering-completed", "offering-cancelled", "project-ended", "meeting-held",
        "agreement-signed", "agreement-amended", "agreement-ended", "director-left",
        "board-seat-withdrawn",
    ):  # fmt: skip
        assert types[type], type


@pytest.mark.whole
def test_a_workload_of_corrections_corrects_every_transfer_five_times(tmp_path: Path) -> None:
    made, _ = of_workload(tmp_path, "corrected")
    events = [event for part in made.parts for event in told(part)]
    transfers = {e["key"] for e in events if e["type"] == "shares-transferred"}
    corrections = [e for e in events if e["type"] == "event-corrected"]
    assert len(transfers) > 150
    assert Counter(e["event"] for e in corrections) == dict.fromkeys(transfers, 5)
    dated = sum("known_on" in e for e in corrections)
    assert len(corrections) // 3 < dated < 2 * len(corrections) // 3
    changed = Counter(change["field"] for e in corrections for change in e["changes"])
    assert min(changed[name] for name in ("shares", "transferee", "price")) > 100


@pytest.mark.parametrize(
    ("workload", "digest"), [("deals", "3ccd9d91aa9dc470"), ("corrected", "5da4bada40cd4bd0")]
)
def test_another_workload_of_the_same_seed_is_the_same_bytes(
    tmp_path: Path, workload: str, digest: str
) -> None:
    for name, hashes in (("a", "0"), ("b", "1")):
        words = ("--events", "600", "--workload", workload, "--into", str(tmp_path / name))
        subprocess.run(
            [sys.executable, "-m", "benchmarks.generate", *words],
            check=True, capture_output=True, cwd=ROOT, env={"PYTHONHASHSEED": hashes},
        )  # fmt: skip
    made = (tmp_path / "a").read_bytes()
    assert made == (tmp_path / "b").read_bytes()
    assert made.count(b"\n") == 600
    assert hashlib.sha256(made).hexdigest()[:16] == digest, "figures were measured on another one"


def test_one_register_is_one_issuer_with_many_holders(tmp_path: Path) -> None:
    plan = plan_of(400, holders=300, workload="register")
    write(plan, tmp_path / "events.jsonl")
    assert run(tmp_path / "one.db", "init").code == 0
    outcome = run(tmp_path / "one.db", "append", "--file", str(tmp_path / "events.jsonl"))
    assert outcome.code == 0, outcome.err
    moved = Counter(event["type"].partition("-")[0] for event in told(tmp_path / "events.jsonl"))
    assert moved["party"] == 301
    assert moved["shares"] + moved["event"] > 340


def test_too_few_events_for_the_holders_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        generate.main(["--events", "50", "--holders", "100", "--into", "/dev/null"])
    assert "ask for more" in capsys.readouterr().err


def journal_balances(journal: Path, until: str) -> Balances:
    """A reader of the journal that knows nothing of how it was written."""
    balances: dict[tuple[str, str], int] = defaultdict(int)
    day = ""
    for line in journal.read_text(encoding="ascii").splitlines():
        if line[:1].isdigit():
            day = line[:10]
        elif line.strip() and day <= until:
            account, shares, commodity = line.split()
            balances[account, commodity.strip('"')] += int(shares)
    total: dict[str, int] = defaultdict(int)
    for (_, commodity), shares in balances.items():
        total[commodity] += shares
    assert not any(total.values()), "every transaction balances"
    return {at: n for at, n in balances.items() if n and not at[0].startswith("capital:")}


def our_balances(made: Made, until: str) -> Balances:
    found: Balances = {}
    for issuer in ("i00000", "i00001", "i00002"):
        outcome = run(made.ledger, "holdings", issuer, "--as-of", until, "--format", "json")
        assert outcome.code == 0, outcome.err
        for row in json.loads(outcome.out)["rows"]:
            if row["basis"] == "register":
                found[f"{issuer}:{row['holder']}", row["share_class"]] = int(row["shares"])
    return found


@pytest.mark.parametrize("until", DAYS)
def test_the_journal_holds_the_same_shares(made: Made, until: str) -> None:
    ours = our_balances(made, until)
    assert ours
    assert ours == journal_balances(made.journal, until)


def test_a_journal_without_one_transaction_differs(made: Made, tmp_path: Path) -> None:
    whole = made.journal.read_text(encoding="ascii")
    shorter = tmp_path / "shorter.journal"
    shorter.write_text("\n\n".join(whole.split("\n\n")[1:]), encoding="ascii")
    assert journal_balances(shorter, DAYS[-1]) != our_balances(made, DAYS[-1])


@pytest.mark.parametrize("program", ["ledger", "hledger"])
def test_the_programs_it_is_written_for_agree(made: Made, program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    until = "2012-01-01"
    chosen = {"ledger": ["--flat", "^i0"], "hledger": ["--flat", "-N", "^i0"]}[program]
    done = subprocess.run(
        [program, "-f", str(made.journal), "bal", *chosen, "-e", until],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    said = re.findall(r'(-?\d+) "?([a-z0-9]+/[a-z]+)"?\s+(\S+:\S+)', done.stdout)
    theirs = {(account, commodity): int(shares) for shares, commodity, account in said}
    assert theirs == journal_balances(made.journal, "2011-12-31")


def test_growth_is_the_slope_on_paper_with_two_logarithmic_scales() -> None:
    assert curve.exponent([(10, 5), (100, 50), (1000, 500)]) == pytest.approx(1)
    assert curve.exponent([(10, 7), (1000, 7)]) == pytest.approx(0)
    assert curve.exponent([(10, 1), (100, 100)]) == pytest.approx(2)
    assert curve.exponent([(10, 1)]) is None


def figures(
    size: int, ours: float, floor: float, peer: float, job: str = "holdings", cpu: float = 1
) -> dict[str, Any]:
    """What a run leaves of one job; ``cpu`` is of ours, that of the floor being 1."""
    taken = {"stakebook": ours, "floor": floor, "ledger": peer}
    found = [
        {"size": size, "job": job, "program": program, "median": seconds}
        | {"rounds": 3, "least": seconds, "most": seconds, "peak_mib": 40.0, "failed": ""}
        | {"cpu": cpu if program == "stakebook" else 1.0}
        for program, seconds in taken.items()
    ]
    words = ("processor", "cores", "memory", "system", "python", "sqlite", "load")
    head = {"machine": dict.fromkeys(words, "X"), "rounds": 3, "workload": "market", "ended": ""}
    head |= {"asked": [size]}
    return head | {"results": found}


@pytest.mark.parametrize(
    ("ours", "floor", "peer", "met"),
    [(0.15, 0.1, 30.0, True), (0.25, 0.1, 30.0, False), (0.15, 0.1, 1.0, False)],
    ids=["met", "above the floor by too much", "too little faster than the peer"],
)
def test_an_aim_is_met_only_when_all_of_it_is(
    ours: float, floor: float, peer: float, met: bool
) -> None:
    found = results.Results(figures(10**6, ours, floor, peer))
    (job,) = [job for job in known_jobs(10**6) if job.name == "holdings"]
    assert found.verdict(10**6, job) is met


@pytest.mark.parametrize(
    ("seconds", "cpu", "met"), [(70, 1.4, True), (76, 1.4, False), (70, 1.6, False)]
)
def test_an_aim_of_time_is_that_of_its_size_and_one_of_the_processor_apart(
    seconds: float, cpu: float, met: bool
) -> None:
    for size in (10**6, 10**7):
        taken = seconds * size / 10**6
        found = results.Results(figures(size, taken, taken, taken, "append-bulk", cpu))
        (job,) = [job for job in known_jobs(size) if job.name == "append-bulk"]
        assert found.verdict(size, job) is met


def test_the_report_names_what_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "_draw", lambda *_: False)
    found = figures(1000, 0.2, 0.1, 0.5)
    found["results"].append(found["results"][0] | {"job": "replay", "failed": "over 9 s"})
    found["ended"] = "It was interrupted"
    (tmp_path / "performance.json").write_text(json.dumps(found))
    report.write_report(tmp_path)
    page = (tmp_path / "performance.md").read_text(encoding="utf-8")
    assert "| `verify --key`, the log against its seal | not run |" in page
    assert "| 200 ms | 100 ms | 2.00 | 1.00 |" in page
    assert "It was interrupted. Not measured:" in page
    missing = list(results.read(tmp_path / "performance.json").missing())
    assert missing[0].startswith("at 1,000 events: holdings-inside, ")
    assert "verify" in missing[0]
    assert missing[1:] == ["at 1,000 events: replay by stakebook: over 9 s"]
    told = "\n".join(results.verdicts(tmp_path / "performance.json"))
    assert re.search(r"holdings +200 ms +2.00x +not met +at most 1.5x the floor", told)
    assert "not measured at 1,000 events: replay by stakebook: over 9 s" in told


def test_other_workloads_stand_on_the_same_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "_draw", lambda *_: False)
    (tmp_path / "performance.json").write_text(json.dumps(figures(1000, 0.2, 0.1, 0.5)))
    other = figures(2000, 0.3, 0.1, 0.5) | {"workload": "corrected"}
    (tmp_path / "performance-corrected.json").write_text(json.dumps(other))
    report.write_report(tmp_path)
    page = (tmp_path / "performance.md").read_text(encoding="utf-8")
    assert "## At 1,000 events" in page
    assert "### Corrected, 2,000 events" in page
    assert "| 300 ms | 100 ms | 3.00 |" in page


@pytest.mark.parametrize("keep", [True, False])
def test_a_site_that_is_kept_is_built_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep: bool
) -> None:
    ran = list[Sequence[str]]()
    done, instant = measure.Run(1.0, 1.0, 1.0, ""), "2026-11-22T10:00:00.123456Z"

    def noted(site: Site, words: Sequence[str]) -> measure.Run:
        ran.append(words)
        return measure.run(words, site.limit) if "benchmarks.generate" in words else done

    monkeypatch.setattr(Site, "_run", noted)
    monkeypatch.setattr("benchmarks.site._last", lambda *_: 1)
    monkeypatch.setattr("benchmarks.site._last_instant", lambda _: instant)
    for _ in range(2):
        site = Site(tmp_path / "1000", 1_000, 1, 60, keep=keep)
        site.build()
        assert site.parts
        assert site.recorded_by == instant
        site.remove()
    assert sum("init" in words for words in ran) == (2 if keep else 4)
    assert (tmp_path / "1000").exists() == keep


RunMain = Callable[..., None]


@pytest.fixture
def running_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> tuple[RunMain, list[str], dict[int, BaseException]]:
    """A run in which each of two jobs takes a second and nothing is made: the command line, what
    was done, and what is to be raised at a size in place of the second job."""
    done, raised = list[str](), dict[int, BaseException]()
    jobs = [replace(job, needs="") for job in known_jobs(10) if job.name in ("help", "verify")]

    def measured(job: Any, program: str, one: running.Measured, _: float) -> str:
        if job.name == "help" and one.size in raised:
            raise raised[one.size]
        one.seconds.append(1.0)
        one.cpu.append(1.0)
        one.peaks.append(1.0)
        done.append(f"{one.size} {job.name} {program}")
        return ""

    for name in ("_generate", "build", "catch_up", "seal"):
        monkeypatch.setattr(Site, name, lambda site, *_: done.append(f"{site.events} made"))
    monkeypatch.setattr(running, "compiled", lambda: None)
    monkeypatch.setattr(running, "jobs_on", lambda *_: jobs)
    monkeypatch.setattr(running, "_measure", measured)
    monkeypatch.setattr(report, "_draw", lambda *_: False)
    monkeypatch.setattr(running, "DOCS", None)
    return (lambda *words: running.main([*words, "--peers", ""])), done, raised


Running = tuple[RunMain, list[str], dict[int, BaseException]]


def test_where_the_report_goes_is_made_before_anything_is_measured(
    tmp_path: Path, running_nothing: Running
) -> None:
    run_main, _, _ = running_nothing
    folder = tmp_path / "not" / "there"
    run_main("--sizes", "20,10", "--into", str(folder), "--work", str(folder / "work"))
    found = json.loads((folder / "performance.json").read_text())
    assert [(one["size"], one["job"], one["program"]) for one in found["results"]] == [
        (size, job, program)
        for size in (10, 20)
        for job, program in (
            ("verify", "stakebook"), ("verify", "floor"), ("verify", "bare"),
            ("help", "stakebook"), ("help", "import click"),
        )
    ]  # fmt: skip
    assert not found["ended"]
    assert list((folder / "work").iterdir()) == []


def test_what_is_missing_is_said_before_anything_is_made(
    tmp_path: Path,
    running_nothing: Running,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run_main, done, _ = running_nothing
    taken = tmp_path / "taken"
    taken.touch()
    for words, said in (
        (("--into", str(taken)), "cannot be used"),
        (("--work", str(taken)), "cannot be used"),
        (("--sizes", "many"), "--sizes"),
        (("--sizes", "0"), "--sizes"),
        (("--rounds", "0"), "--rounds"),
        (("--keep",), "--keep needs --work"),
        (("--jobs", "verify,reply"), "reply is no job. The jobs are holdings, "),
        (("--sizes", "1000000000000"), "free, and 1,000,000,000,000 events need about"),
    ):
        with pytest.raises(SystemExit) as leaving:
            run_main("--into", str(tmp_path), *words)
        assert leaving.value.code == 2, words
        assert said in capsys.readouterr().err
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setitem(running.PEERS, "hledger", lambda: None)
    for peers, said in (("hledger", "hledger is not installed"), ("gnucash", "is no peer")):
        with pytest.raises(SystemExit):
            running.main(["--into", str(tmp_path), "--peers", peers])
        assert said in capsys.readouterr().err
    monkeypatch.setattr(measure, "stakebook", lambda: [str(tmp_path / "stakebook")])
    with pytest.raises(SystemExit):
        run_main("--into", str(tmp_path))
    assert "stakebook is not installed" in capsys.readouterr().err
    assert done == []


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (KeyboardInterrupt(), "It was interrupted"),
        (measure.Failed("disk full"), "It was stopped by what failed: disk full"),
    ],
    ids=["interrupted", "failed"],
)
def test_what_was_measured_is_kept_when_a_run_ends_early(
    tmp_path: Path, running_nothing: Running, raised: BaseException, said: str
) -> None:
    run_main, _, raising = running_nothing
    raising[20] = raised
    with pytest.raises(SystemExit, match=said):
        run_main("--sizes", "10,20,30", "--into", str(tmp_path), "--work", str(tmp_path / "work"))
    found = json.loads((tmp_path / "performance.json").read_text())
    assert {(one["size"], one["job"]) for one in found["results"]} == {
        (10, "verify"), (10, "help"), (20, "verify"),
    }  # fmt: skip
    assert found["ended"] == said
    page = (tmp_path / "performance.md").read_text(encoding="utf-8")
    assert f"{said}. Not measured:" in page
    for size in (20, 30):
        assert re.search(rf"- at {size} events: holdings[a-z,\s-]*\bhelp\b", page), size


def test_a_run_that_is_killed_says_that_it_did_not_end(
    tmp_path: Path, running_nothing: Running
) -> None:
    run_main, _, raising = running_nothing
    raising[20] = MemoryError()  # whatever nobody expects
    with pytest.raises(MemoryError):
        run_main("--sizes", "10,20", "--into", str(tmp_path), "--work", str(tmp_path / "work"))
    found = results.read(tmp_path / "performance.json")
    assert found.ended == "It ended before all was measured"
    assert found.of(20, "verify", "stakebook")


def test_the_figures_of_other_jobs_and_sizes_are_kept(
    tmp_path: Path, running_nothing: Running
) -> None:
    run_main, done, _ = running_nothing
    words = ("--into", str(tmp_path), "--work", str(tmp_path / "work"), "--rounds", "1")
    run_main("--sizes", "10,20", *words)
    done.clear()
    run_main("--sizes", "20", "--jobs", "verify", *words)
    assert [one for one in done if "verify" in one or "help" in one] == [
        "20 verify stakebook", "20 verify floor", "20 verify bare",
    ]  # fmt: skip
    found = json.loads((tmp_path / "performance.json").read_text())["results"]
    assert sorted((one["size"], one["job"]) for one in found) == sorted(
        (size, job) for size in (10, 20) for job in ("verify", "verify", "verify", "help", "help")
    )


@pytest.mark.whole
def test_a_quick_run_measures_every_job_beside_its_floor(tmp_path: Path) -> None:
    words = ("--quick", "--rounds", "1", "--into", str(tmp_path), "--peers", "duckdb,polars")
    subprocess.run(
        [sys.executable, "-m", "benchmarks.run", *words, "--work", str(tmp_path / "work")],
        check=True, cwd=ROOT,
    )  # fmt: skip
    found = results.read(tmp_path / "performance.json")
    assert not found.ended
    assert list(found.missing()) == []
    for size in (2_000, 10_000):
        for job in known_jobs(size):
            assert not job.times or found.ratio(size, job), job.name
    page = (tmp_path / "performance.md").read_text(encoding="utf-8")
    assert "Not measured" not in page
    assert list((tmp_path / "work").iterdir()) == []


def test_answers_that_differ_end_the_run() -> None:
    ours = json.dumps({"rows": [{"holder": "a", "shares": "5", "basis": "register"}]})
    floor = json.dumps({"rows": [{"holder": "a", "shares": "5"}]})
    peer = '5 "i00001/common"  i00001:a\n'
    running.agree({"stakebook": ours, "floor": floor, "bare": "a 5\n", "ledger": peer})
    for wrong in ("a 6\n", "b 5\n", "a 5\nb 1\n"):
        with pytest.raises(SystemExit, match="bare differs"):
            running.agree({"stakebook": ours, "bare": wrong})
    with pytest.raises(SystemExit, match="floor differs"):
        running.agree({"stakebook": ours, "floor": floor.replace("5", "6")})


def test_a_program_that_fails_or_takes_too_long_is_told_so() -> None:
    done = measure.run([sys.executable, "-c", "print(1)"], 60)
    assert done.said == "1\n"
    assert done.cpu > 0
    with pytest.raises(measure.Failed, match="boom"):
        measure.run([sys.executable, "-c", "raise SystemExit('boom')"], 60)
    with pytest.raises(measure.Failed, match="over"):
        measure.run([sys.executable, "-c", "import time; time.sleep(60)"], 0.2)


@pytest.mark.whole
def test_every_kind_of_page_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger, events = tmp_path / "market.db", tmp_path / "events.jsonl"
    write(plan_of(400), events)
    assert run(ledger, "init").code == 0
    assert run(ledger, "append", "--file", str(events)).code == 0
    pages.main([str(ledger), "--times", "1"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "| page | half | 19 of 20 (aim 100 ms) | 99 of 100 |"
    assert len(lines) == 2 + 33 + 1  # and all of them together
    assert all(line.count(" ms ") >= 3 for line in lines[2:])


@pytest.mark.whole
def test_a_large_ledger_is_recorded_in_batches_and_every_job_is_measured_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--events", "2000", "--work", str(tmp_path / "work")]
    large.main(words)
    lines = capsys.readouterr().out.splitlines()
    assert len([line for line in lines if "batch" in line]) == large.BATCHES
    assert lines[-1].startswith("| `replay` | ")
    assert all(line.endswith(" MiB |") for line in lines[2:])
    with pytest.raises(SystemExit):
        large.main(words)
    assert "is not empty" in capsys.readouterr().err


@pytest.mark.whole
def test_what_is_asked_of_much_corrected_ledgers_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = ("--corrections", "4", "--chain", "30", "--facts", "40", "--yaml", "2000")
    file = tmp_path / "performance-amendments.txt"
    amendments.main([*small, "--rounds", "1", "--into", str(file)])
    lines = file.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2 + 6
    assert all(line.count("met |") == 1 for line in lines[2:])
    assert all(re.search(r"\| [0-9.]+ (m|µ)?s \| under ", line) for line in lines[2:]), lines
    monkeypatch.setattr(report, "_draw", lambda *_: False)
    report.write_report(tmp_path)
    assert lines[2] in (tmp_path / "performance.md").read_text(encoding="utf-8")
