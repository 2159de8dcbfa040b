"""A made-up ledger on disk, in every form that a job asks for, and the words that run programs."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from benchmarks import measure
from benchmarks.floor_fold import read_only
from benchmarks.generate import beancount_of

PARTS = 10  # the last is recorded later, so that there is a past to ask for
WRITTEN, HOLDER = "i00000", "h000001"  # another register than that of the questions


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
        workload: str = "market",
        *,
        keep: bool = False,
    ) -> None:
        self._place(folder, events, limit, workload, keep)
        folder.mkdir(parents=True, exist_ok=True)
        if self._built.exists():
            self.recorded_by = self._built.read_text(encoding="ascii")
        else:
            self._generate(seed, workload)
        self.parts = sorted((folder / "events").glob("*.jsonl"))

    @classmethod
    def unmade(cls, events: int) -> Site:
        """One that is nowhere, to read what jobs there are."""
        site = cls.__new__(cls)
        site._place(Path(), events, 0, "market", keep=True)
        return site

    def _place(self, folder: Path, events: int, limit: float, workload: str, keep: bool) -> None:
        self.folder, self.events, self.limit = folder, events, limit
        self.issuer = "i00000" if workload == "register" else "i00001"
        self.parts = list[Path]()
        self.journal, self.bare = folder / "market.journal", folder / "bare.db"
        self.ledger, self.empty = folder / "market.db", folder / "empty.db"
        self.model, self.key = folder / "market.model", folder / "market.key"
        self.floor_ledger, self.floor_model = folder / "floor.db", folder / "floor.model"
        self.recorded_by, self.beancount = "", folder / "market.beancount"
        self._built: Path = folder / "recorded_by"
        self._keep, self._used = keep, 0

    def _generate(self, seed: int, workload: str) -> None:
        """Write the events and their journal, in a process of its own: what this one ever held
        in memory, Linux counts as the most of every process that it starts."""
        events, words = self.events, ["--seed", str(seed), "--parts", str(PARTS)]
        if workload == "register":
            holders = min(100_000, self.events // 5)
            events -= holders
            words += ["--holders", str(holders)]
        words += ["--events", str(events), "--workload", workload]
        places = ["--into", str(self.folder / "events"), "--journal", str(self.journal)]
        self._run([sys.executable, "-m", "benchmarks.generate", *words, *places])

    def build(self) -> None:
        """The ledgers, and what the floors have in their place."""
        if not self._built.exists():
            self._build()
        self.filed()
        if not self.floor_model.exists():
            self._run(self.floor_append())

    def floor_append(self) -> list[str]:
        """What makes the ledger and the read model of a floor, in the place of any."""
        files = map(str, self.parts[:-1])
        return floor("append", str(self.floor_ledger), str(self.floor_model), *files)

    def filed(self) -> Path:
        """The read model of a floor, of all that the ledger holds now."""
        if _last(self.ledger, "stored_events") != _last(self.model, "events"):
            self._run(floor("file", str(self.ledger), str(self.model)))
        return self.model

    def _build(self) -> None:
        files = [word for part in self.parts[:-1] for word in ("--file", str(part))]
        self._ours(self.ledger, "init")
        self._ours(self.ledger, "append", *files)
        self.recorded_by = _last_instant(self.ledger)
        self._ours(self.ledger, "append", "--file", str(self.parts[-1]))
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
    return [sys.executable, "-m", "benchmarks.bare", *words]


def floor(*words: str) -> list[str]:
    """A floor."""
    return [sys.executable, "-m", "benchmarks.floors", *words]


def reading(*words: str) -> list[str]:
    """A floor of what only reads."""
    return [sys.executable, "-m", "benchmarks.floor_reads", *words]


def within(*words: str) -> list[str]:
    """A job timed inside a process of its own."""
    return [sys.executable, "-m", "benchmarks.inside", *words]


def _last(database: Path, table: str) -> int:
    """The last position in a database; -1 where there is none."""
    if not database.exists():
        return -1
    with closing(read_only(str(database))) as opened:
        return int(opened.execute(f"SELECT max(position) FROM {table}").fetchone()[0])


def _last_instant(ledger: Path) -> str:
    """When the last event of a ledger was recorded."""
    with closing(read_only(str(ledger))) as opened:
        last = "SELECT state FROM stored_events ORDER BY position DESC LIMIT 1"
        return str(json.loads(opened.execute(last).fetchone()[0])["recorded_at"])
