"""What is measured: each job, its aim, and the runs it is compared with."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from benchmarks import measure
from benchmarks.generate import LAST_DAY, beancount_of

OURS, FLOOR, AS_DURABLE = "stakebook", "floor", "as durable"
PARTS = 10  # the last is recorded later, so that there is a past to ask for
AS_OF, KNOWN_BY, NEXT = "2012-12-31", "2012-06-30", "2013-01-01"
WRITTEN, HOLDER = "i00000", "h000001"  # another register than that of the questions
TIMES = "30"


class Runnable(NamedTuple):
    """A program to run: its words, made fresh for each run, and whether it times itself."""

    words: Callable[[], Sequence[str]]
    inside: bool = False


@dataclass(frozen=True)
class Job:
    """A job, who does it, and the aim: at most ``times`` the ``against``, under ``seconds``."""

    name: str
    does: str
    runs: Mapping[str, Runnable]
    against: str = FLOOR
    times: float | None = None
    seconds: float | None = None
    peak: float | None = None
    faster_than: tuple[str, float] | None = None
    needs: str = ""
    per_event: bool = False
    why: str = ""  # what it does beyond the floor, for where the aim is missed


class Site:
    """A made-up market of one size on disk, in every form that a job asks for.

    One that is kept is built once, and found again in its folder.
    """

    def __init__(
        self,
        folder: Path,
        events: int,
        seed: int,
        limit: float,
        *,
        one_register: bool = False,
        keep: bool = False,
    ) -> None:
        self.folder, self.events, self.limit = folder, events, limit
        self.issuer = "i00000" if one_register else "i00001"
        folder.mkdir(parents=True, exist_ok=True)
        self.journal, self.bare = folder / "market.journal", folder / "bare.db"
        self.ledger, self.empty = folder / "market.db", folder / "empty.db"
        self.key = folder / "market.key"
        self.recorded_by, self.beancount = "", folder / "market.beancount"
        self._keep, self._built = keep, folder / "recorded_by"
        self._used = 0
        if self._built.exists():
            self.recorded_by = self._built.read_text(encoding="ascii")
        else:
            self._generate(seed, one_register)
        self.parts = sorted((folder / "events").glob("*.jsonl"))

    def _generate(self, seed: int, one_register: bool) -> None:
        """Write the events and their journal, in a process of its own: what this one ever held
        in memory, Linux counts as the most of every process that it starts."""
        words = ["--events", str(self.events), "--seed", str(seed), "--parts", str(PARTS)]
        if one_register:
            holders = min(100_000, self.events // 5)
            words[1] = str(self.events - holders)
            words += ["--one-register", "--holders", str(holders)]
        places = ["--into", str(self.folder / "events"), "--journal", str(self.journal)]
        self._run([sys.executable, "-m", "benchmarks.generate", *words, *places])

    def build(self) -> None:
        """The ledgers and the bare database that the questions are put to."""
        if self._built.exists():
            return
        files = [word for part in self.parts[:-1] for word in ("--file", str(part))]
        self._ours(self.ledger, "init")
        self._ours(self.ledger, "append", *files)
        said = self._ours(self.ledger, "append", "--file", str(self.parts[-1])).said
        later = said.rsplit("at ", 1)[1].strip()
        self.recorded_by = f"{later[:-4]}000Z"  # before the last part, and after the others
        self.catch_up()
        self._ours(self.ledger, "keygen", str(self.key))
        self._ours(self.empty, "init")
        issuer, share_class = WRITTEN, f"{WRITTEN}/common"
        for type, words in (
            ("party-registered", ("--party", issuer, "--kind", "company", "--name", "Issuer")),
            ("party-registered", ("--party", HOLDER, "--kind", "fund", "--name", "Holder")),
            ("share-class-created", ("--share-class", share_class)),
        ):
            self._ours(self.empty, "append", type, *words)
        self._ours(self.empty, "holdings", issuer)
        if shutil.which("bean-query"):
            beancount_of(self.journal, self.beancount)
        self._run(bare("postings", str(self.journal), str(self.bare)))
        self._built.write_text(self.recorded_by, encoding="ascii")

    def catch_up(self) -> None:
        """Bring the read model up to the log, so that no question measured has to."""
        self._ours(self.ledger, "holdings", self.issuer)

    def seal(self) -> None:
        """Sign for the whole log, so that verifying it is hashing it."""
        self._ours(self.ledger, "seal", "--key", str(self.key))

    def fresh(self) -> Path:
        """A path that no run has used."""
        self._used += 1
        for old in self.folder.glob("fresh-*"):
            old.unlink()
        return self.folder / f"fresh-{self._used}.db"

    def fresh_ledger(self) -> Path:
        """An empty ledger that no run has used."""
        path = self.fresh()
        self._ours(path, "init")
        return path

    def remove(self) -> None:
        """Give the space back, unless the site is kept."""
        if not self._keep:
            shutil.rmtree(self.folder)

    def _ours(self, ledger: Path, *words: str) -> measure.Run:
        return self._run(ours(ledger, *words))

    def _run(self, words: Sequence[str]) -> measure.Run:
        return measure.run(words, self.limit)


def ours(ledger: Path, *words: str) -> list[str]:
    """A command of stakebook on a ledger."""
    return [*measure.stakebook(), "--ledger", str(ledger), *words]


def bare(*words: str) -> list[str]:
    """A bare loop."""
    return [sys.executable, "-m", "benchmarks.floors", *words]


def within(*words: str) -> list[str]:
    """A job timed inside a process of its own."""
    return [sys.executable, "-m", "benchmarks.inside", *words]


def jobs_on(site: Site) -> list[Job]:
    """The jobs at the size of a site, in the order of the table of aims."""
    return [*_questions(site), *_recording(site), *_audits(site), *_starting()]


def _questions(site: Site) -> list[Job]:
    ledger, journal, issuer = site.ledger, str(site.journal), site.issuer
    plain = ("holdings", issuer, "--as-of", AS_OF, "--format", "json")
    query = [sys.executable, str(measure.ROOT / "benchmarks/bare_query.py")]
    sums = (
        f"SELECT account, sum(number) WHERE date <= {AS_OF}"
        f" AND account ~ '^Assets:{issuer.upper()}:' GROUP BY account"
    )
    peers = {
        "ledger": ["ledger", "-f", journal, "bal", "--flat", f"^{issuer}:", "-e", NEXT],
        "beancount": ["bean-query", "-f", "csv", str(site.beancount), sums],
        "hledger": ["hledger", "-f", journal, "bal", "--flat", f"^{issuer}:", "-e", NEXT],
    }
    peers_there = {
        name: Runnable(lambda words=words: words)  # type: ignore[misc]
        for name, words in peers.items()
        if shutil.which(words[0])
    }
    asking = Runnable(lambda: ours(ledger, *plain))
    past = ("--known-by", KNOWN_BY, "--recorded-by", site.recorded_by)
    once = Runnable(lambda: [*query, str(site.bare), issuer, "--as-of", AS_OF])
    return [
        Job(
            "holdings", "`holdings ISSUER --as-of D`, the whole process",
            {OURS: asking, FLOOR: once, **peers_there},
            times=2, peak=100, faster_than=("ledger", 100),
        ),
        Job(
            "holdings-inside", "the same in one process",
            {
                OURS: Runnable(lambda: within("question", str(ledger), issuer, AS_OF, TIMES), True),
                FLOOR: Runnable(lambda: bare("query", str(site.bare), issuer, AS_OF, TIMES), True),
            },
            against="", seconds=0.001 if site.events <= 10**6 else 0.003,
            why="Beside the sums it lists the events that each balance is made of, and compares"
            " every disclosed stake with the register of its day, which is most of the time.",
        ),
        Job(
            "balances-inside", "the balances alone in one process",
            {
                OURS: Runnable(lambda: within("balances", str(ledger), issuer, AS_OF, TIMES), True),
                FLOOR: Runnable(lambda: bare("query", str(site.bare), issuer, AS_OF, TIMES), True),
            },
        ),
        Job(
            "page", "the page of a company in a running server, 19 of 20 within",
            {OURS: Runnable(lambda: within("page", str(ledger), issuer, AS_OF, TIMES), True)},
            against="", seconds=0.1, needs="serve",
            why="It answers five questions, each with its names, evidence and what limits hide.",
        ),
        Job(
            "holdings-past", "with `--known-by` and `--recorded-by` in the past, the whole process",
            {OURS: Runnable(lambda: ours(ledger, *plain, *past)), "plain": asking},
            against="plain", times=5,
        ),
    ]  # fmt: skip


def _recording(site: Site) -> list[Job]:
    files = [str(part) for part in site.parts[:-1]]
    named = [word for name in files for word in ("--file", name)]
    share_class = f"{WRITTEN}/common"
    one = (
        "append", "shares-issued", "--share-class", share_class, "--holder", HOLDER,
        "--shares", "100", "--effective-on", LAST_DAY,
        "--known-on", LAST_DAY, "--standing", "official", "--again",
    )  # fmt: skip
    each = share_class, HOLDER, "10"
    return [
        Job(
            "append-bulk", "bulk append from JSON Lines, atomic and durable",
            {
                OURS: Runnable(lambda: ours(site.fresh_ledger(), "append", *named)),
                FLOOR: Runnable(lambda: bare("append", str(site.fresh()), *files)),
            },
            times=2, per_event=True,
            why="It validates every field, asks the rules of the whole timeline and files the read"
            " model in the same batch; the floor does none of it.",
        ),
        Job(
            "append-inside", "one durable append in one process",
            {
                OURS: Runnable(lambda: within("append", str(site.ledger), *each), True),
                FLOOR: Runnable(lambda: bare("commit", str(site.fresh()), "200", "wal"), True),
                AS_DURABLE: Runnable(
                    lambda: bare("commit", str(site.fresh()), "200", "delete"), True
                ),
            },
            times=2,
            why="The floor commits to a write-ahead log, which ledgers do without (decisions.md);"
            " each append opens the read model, catches it up and asks the rules.",
        ),
        Job(
            "append-one", "one `append` command, the whole process",
            {
                OURS: Runnable(lambda: ours(site.ledger, *one)),
                "on an empty ledger": Runnable(lambda: ours(site.empty, *one)),
            },
            against="on an empty ledger", times=2,
        ),
        Job(
            "catch-up", "the read model caught up after one append",
            {OURS: Runnable(lambda: within("catch-up", str(site.ledger), *each), True)},
            against="", seconds=0.005,
        ),
    ]  # fmt: skip


def _audits(site: Site) -> list[Job]:
    ledger, out = str(site.ledger), site.folder / "out"
    peers = {
        name: Runnable(partial(_by_tables, name, str(out)))
        for name in ("duckdb", "polars")
        if find_spec(name)
    }
    return [
        Job(
            "verify", "`verify --key`, the log against its seal",
            {
                OURS: Runnable(lambda: ours(site.ledger, "verify", "--key", str(site.key))),
                FLOOR: Runnable(lambda: bare("verify", ledger)),
            },
            times=1.25, needs="verify", per_event=True,
            why="It reads of every event its place and its time as well, and loads the library of"
            " signatures before it begins.",
        ),
        Job(
            "replay", "`replay`, every read model rebuilt from the log",
            {
                OURS: Runnable(lambda: ours(site.ledger, "replay")),
                FLOOR: Runnable(lambda: bare("replay", ledger, str(site.fresh()))),
            },
            times=2, needs="replay", per_event=True,
            why="A replay is an audit: the bytes, fields and rules of every event are checked"
            " again, every answer is hashed, and the read model in use is compared. What the"
            " floor does is the line after it.",
        ),
        Job(
            "rebuild", "the read model alone, indexed anew in one process",
            {
                OURS: Runnable(lambda: within("rebuild", ledger, str(site.fresh())), True),
                FLOOR: Runnable(lambda: bare("replay", ledger, str(site.fresh()))),
            },
            per_event=True,
        ),
        Job(
            "export-parquet", "`export --parquet`, every version of every event as tables",
            {
                OURS: Runnable(lambda: ours(site.ledger, "export", "--parquet", str(out))),
                FLOOR: Runnable(lambda: bare("tables", str(site.ledger), str(out) + ".bare")),
            },
            times=2, seconds=60, needs="export --parquet", per_event=True,
            why="It works out every version of what was corrected, and checks each event.",
        ),
        Job(
            "market", "the holdings of all issuers, the whole process",
            {
                OURS: Runnable(
                    lambda: ours(site.ledger, "holdings", "--as-of", AS_OF, "--format", "json")
                ),
                **peers,
            },
            against="", needs="export --parquet",
        ),
        Job(
            "export-audit", "`export --audit`",
            {OURS: Runnable(lambda: ours(site.ledger, "export", "--audit", str(site.fresh())))},
            against="", needs="export --audit", per_event=True,
        ),
    ]  # fmt: skip


def _by_tables(name: str, folder: str) -> list[str]:
    return [sys.executable, "-m", "benchmarks.tables", name, folder, AS_OF]


def _starting() -> list[Job]:
    click = Runnable(lambda: [sys.executable, "-c", "import click"])
    return [
        Job(
            "help", "`--help`",
            {OURS: Runnable(lambda: [*measure.stakebook(), "--help"]), "import click": click},
            against="import click", times=1.3,
        ),
        Job(
            "completion", "completion of a word in a shell",
            {
                OURS: Runnable(
                    lambda: [
                        "env", "_STAKEBOOK_COMPLETE=bash_complete", "COMP_WORDS=stakebook ho",
                        "COMP_CWORD=1", *measure.stakebook(),
                    ]
                ),
                "import click": click,
            },
            against="import click", times=1.3,
        ),
    ]  # fmt: skip
