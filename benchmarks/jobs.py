"""What is measured: each job, its aim, and the runs it is compared with."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import NamedTuple

from benchmarks import measure
from benchmarks.generate import LAST_DAY
from benchmarks.site import HOLDER, WRITTEN, Site, bare, floor, ours, reading, within

OURS, FLOOR, BARE, AS_DURABLE = "stakebook", "floor", "bare", "bare, as durable"
AS_OF, KNOWN_BY, NEXT = "2012-12-31", "2012-06-30", "2013-01-01"
TIMES, FEW = "30", "3"
MILLION = 10**6


class Runnable(NamedTuple):
    """A program to run: its words, made fresh for each run, and whether it times itself."""

    words: Callable[[], Sequence[str]]
    inside: bool = False


@dataclass(frozen=True)
class Job:
    """A job, who does it, and the aim: at most ``times`` the ``against``, at most ``cpu_times`` its
    seconds of the processor, under ``seconds``."""

    name: str
    does: str
    runs: Mapping[str, Runnable]
    against: str = FLOOR
    times: float | None = None
    cpu_times: float | None = None
    seconds: float | None = None
    peak: float | None = None
    faster_than: tuple[str, float] | None = None
    needs: str = ""
    per_event: bool = False
    why: str = ""  # what it does beyond the floor, for where the aim is missed


PEERS: Mapping[str, Callable[[], object]] = {  # and what tells whether each is installed
    "ledger": partial(shutil.which, "ledger"),
    "hledger": partial(shutil.which, "hledger"),
    "beancount": partial(shutil.which, "bean-query"),
    "duckdb": partial(find_spec, "duckdb"),
    "polars": partial(find_spec, "polars"),
}


def jobs_on(site: Site, peers: Collection[str] = PEERS) -> list[Job]:
    """The jobs at the size of a site, in the order of the table of aims."""
    return [*_questions(site, peers), *_recording(site), *_audits(site, peers), *_starting()]


def known_jobs(size: int) -> list[Job]:
    """The jobs at a size, to read their names and aims; nothing is made on disk."""
    return jobs_on(Site.unmade(size))


def _questions(site: Site, among: Collection[str]) -> list[Job]:
    ledger, journal, issuer = site.ledger, str(site.journal), site.issuer
    plain = ("holdings", issuer, "--as-of", AS_OF, "--format", "json")
    query = [sys.executable, str(measure.ROOT / "benchmarks/bare_query.py")]
    same = [sys.executable, "-m", "benchmarks.floor_question"]
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
        if name in among
    }
    asking = Runnable(lambda: ours(ledger, *plain))
    past = ("--known-by", KNOWN_BY, "--recorded-by", site.recorded_by)
    once = Runnable(lambda: [*query, str(site.bare), issuer, "--as-of", AS_OF])
    whole = Runnable(lambda: [*same, str(site.model), issuer, "--as-of", AS_OF])
    asked = str(ledger), issuer, AS_OF, TIMES
    again = Runnable(lambda: bare("query", str(site.bare), issuer, AS_OF, TIMES), True)
    return [
        Job(
            "holdings", "`holdings ISSUER --as-of D`, the whole process",
            {OURS: asking, FLOOR: whole, BARE: once, **peers_there},
            times=1.5, peak=100, faster_than=("ledger", 100),
            why="It loads more of itself than a floor loads: what reads dates, words rows and"
            " refuses what was typed wrong.",
        ),
        Job(
            "holdings-inside", "the same in one process",
            {
                OURS: Runnable(lambda: within("question", *asked), True),
                FLOOR: Runnable(lambda: reading("question", str(site.model), *asked[1:]), True),
                BARE: again,
            },
            times=2, seconds=0.0018 if site.events <= MILLION else 0.003,
            why="It compares every disclosed stake with the register of its day.",
        ),
        Job(
            "balances-inside", "the balances alone in one process",
            {OURS: Runnable(lambda: within("balances", *asked), True), BARE: again},
            against=BARE, seconds=0.001,
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
                FLOOR: Runnable(site.floor_append),
                BARE: Runnable(lambda: bare("append", str(site.fresh()), *files)),
            },
            times=1.2, cpu_times=1.5, seconds=_scaled(site, 75), per_event=True,
            why="It asks every rule of deals, boards and amendments, files texts and names, and"
            " words what is wrong.",
        ),
        Job(
            "append-inside", "one durable append in one process",
            {
                OURS: Runnable(lambda: within("append", str(site.ledger), *each), True),
                FLOOR: Runnable(
                    lambda: floor(
                        "commit", str(site.floor_ledger), str(site.floor_model), *each[:2], TIMES
                    ),
                    True,
                ),
                BARE: Runnable(lambda: bare("commit", str(site.fresh()), "200", "wal"), True),
                AS_DURABLE: Runnable(
                    lambda: bare("commit", str(site.fresh()), "200", "delete"), True
                ),
            },
            times=2, seconds=0.003,
            why="Each append asks every rule and looks for what is to be warned of.",
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


def _audits(site: Site, among: Collection[str]) -> list[Job]:
    ledger, out = str(site.ledger), site.folder / "out"
    peers = {
        name: Runnable(partial(_by_tables, name, str(out)))
        for name in ("duckdb", "polars")
        if name in among
    }
    return [
        Job(
            "verify", "`verify --key`, the log against its seal",
            {
                OURS: Runnable(lambda: ours(site.ledger, "verify", "--key", str(site.key))),
                FLOOR: Runnable(lambda: reading("verify", ledger, str(site.key))),
                BARE: Runnable(lambda: bare("verify", ledger)),
            },
            times=1.25, needs="verify", per_event=True,
            why="It looks for rotations of the key, and at documents kept beside the ledger.",
        ),
        Job(
            "replay", "`replay`, every read model rebuilt from the log",
            {
                OURS: Runnable(lambda: ours(site.ledger, "replay")),
                FLOOR: Runnable(
                    lambda: floor("replay", ledger, str(site.fresh()), str(site.filed()))
                ),
                BARE: Runnable(lambda: bare("replay", ledger, str(site.fresh()))),
            },
            cpu_times=1.8, seconds=_scaled(site, 75), needs="replay", per_event=True,
            why="It asks the rules of every recorded batch again, and hashes every answer.",
        ),
        Job(
            "rebuild", "the read model alone, indexed anew in one process",
            {
                OURS: Runnable(lambda: within("rebuild", ledger, str(site.fresh())), True),
                FLOOR: Runnable(lambda: floor("file", ledger, str(site.fresh()))),
                BARE: Runnable(lambda: bare("replay", ledger, str(site.fresh()))),
            },
            times=1.3, per_event=True,
            why="It files texts, names and a copy of every event as well, which a floor does not.",
        ),
        Job(
            "export-parquet", "`export --parquet`, every version of every event as tables",
            {
                OURS: Runnable(lambda: ours(site.ledger, "export", "--parquet", str(out))),
                FLOOR: Runnable(lambda: floor("tables", str(site.ledger), str(out) + ".floor")),
                BARE: Runnable(lambda: bare("tables", str(site.ledger), str(out) + ".bare")),
            },
            times=2, seconds=_scaled(site, 60), needs="export --parquet",
            per_event=True,
            why="It asks of each event what bears on it, and orders what many processes make.",
        ),
        Job(
            "market", "the holdings of all issuers, the whole process",
            {
                OURS: Runnable(
                    lambda: ours(site.ledger, "holdings", "--as-of", AS_OF, "--format", "json")
                ),
                FLOOR: Runnable(lambda: reading("market", str(site.model), AS_OF)),
                **peers,
            },
            seconds=_scaled(site, 1.5), needs="export --parquet",
            why="Every row has names, rights and the events that it is made of.",
        ),
        Job(
            "market-balances", "the balances of all issuers in one process",
            {
                OURS: Runnable(lambda: within("everybody", ledger, AS_OF, FEW), True),
                FLOOR: Runnable(lambda: reading("balances", str(site.model), AS_OF, FEW), True),
            },
            seconds=_scaled(site, 0.6),
            why="It asks for one issuer after another.",
        ),
        Job(
            "export-audit", "`export --audit`",
            {OURS: Runnable(lambda: ours(site.ledger, "export", "--audit", str(site.fresh())))},
            against="", needs="export --audit", per_event=True,
        ),
    ]  # fmt: skip


def _scaled(site: Site, seconds: float) -> float | None:
    """An aim for a million events, in proportion where there are more; None where fewer."""
    return seconds * site.events / MILLION if site.events >= MILLION else None


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
