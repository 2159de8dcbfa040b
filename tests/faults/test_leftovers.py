"""A killed command leaves nothing half-made under its own name, and drafts that are cleared."""

from __future__ import annotations

import json
import random
import shutil
import signal
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest

from cli.main import main
from ledger.storage.atomic_file import DRAFT, drafted, left_behind
from tests.faults import FIGURES
from tests.faults.tracing import needs_strace, points, traced
from tests.helpers import accept, new_ledger, party, run

CALLS = ("flock", "fchmod", "pwrite64", "fdatasync", "fsync", "link", "rename", "unlink")
MAKES = {  # what each command makes
    ("--ledger", "new.db", "init"): "new.db",
    ("--ledger", "new.db", "import", "deal.audit.jsonl"): "new.db",
    ("--ledger", "deal.db", "replay"): "deal.views.db",
    ("--ledger", "deal.db", "export", "--audit", "copy.jsonl"): "copy.jsonl",
    ("--ledger", "deal.db", "backup", "copy.db"): "copy.db",
    ("--ledger", "deal.db", "keygen", "deal.key"): "deal.key",
    ("--ledger", "deal.db", "report", "deal.html"): "deal.html",
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small ledger and an export of it."""
    folder = tmp_path_factory.mktemp("base")
    assert run(new_ledger(folder), "export", "--audit", str(folder / "deal.audit.jsonl")).code == 0
    (folder / "deal.views.db").unlink()
    return folder


def commanded(folder: Path, words: tuple[str, ...], option: str) -> int | None:
    """Run a command in a folder under strace; how it ended."""
    return traced(folder, main, list(words), options=["-e", option], everywhere=True).code


def drafts(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if DRAFT in path.name]


def cases() -> Iterator[Any]:
    """Each command killed at every call in the long run; in every run at one call, those by which
    a ledger, a read model and a file of another kind are made."""
    for words, made in MAKES.items():
        yield pytest.param(words, made, 40, marks=pytest.mark.whole, id=f"{words[2]}-40")
        if words[2] in ("init", "replay", "export"):
            yield pytest.param(words, made, 1, id=f"{words[2]}-1")


@needs_strace
@pytest.mark.parametrize(("words", "made", "most"), list(cases()))
def test_a_command_killed_anywhere_leaves_what_the_next_one_clears(
    base: Path, tmp_path: Path, words: tuple[str, ...], made: str, most: int, rng: random.Random
) -> None:
    shutil.copytree(base, tmp_path / "whole")
    assert commanded(tmp_path / "whole", words, f"trace={','.join(CALLS)}") == 0
    at = points(tmp_path / "whole" / "trace", CALLS)
    whole = (tmp_path / "whole" / made).stat().st_size
    left = 0
    for name, number in rng.sample(at, min(most, len(at))):
        folder = tmp_path / f"{name}-{number}"
        shutil.copytree(base, folder)
        code = commanded(folder, words, f"inject={name}:signal=KILL:when={number}")
        assert code == -signal.SIGKILL, (name, number)
        left += bool(drafts(folder))
        there = (folder / made).exists()
        assert not there or (folder / made).stat().st_size == whole, "it is whole, or not there"
        found = json.loads(run(folder / "deal.db", "doctor", "--json").out)["findings"]
        assert any(row["check"] == "left behind" for row in found) == bool(drafts(folder))
        with chdir(folder):
            again = run(words[1], *words[2:]).code
        assert again == (0 if not there or made == "deal.views.db" else 2) or "import" in words
        assert run(folder / words[1], "replay").code == 0
        assert drafts(folder) == []
        accept(folder / "deal.db", party("after"))
        shutil.rmtree(folder)
    FIGURES.append(f"killed {words[2]}: {min(most, len(at))} runs, {left} drafts left and cleared")


def test_a_draft_that_is_being_written_is_not_cleared(tmp_path: Path) -> None:
    with drafted(tmp_path / "one") as first:
        assert list(left_behind(tmp_path)) == []
        with drafted(tmp_path / "two") as second:
            assert first.exists()
            assert second != first
        assert first.exists()
    assert list(tmp_path.iterdir()) == []


def test_what_was_left_is_cleared_with_all_that_lies_beside_it(tmp_path: Path) -> None:
    for name in (f".deal.db.abc{DRAFT}", f".deal.db.abc{DRAFT}-journal", "mine.part", ".mine"):
        (tmp_path / name).touch()
    with drafted(tmp_path / "one"):
        assert {path.name for path in tmp_path.iterdir()} >= {"mine.part", ".mine"}
        assert len(list(tmp_path.iterdir())) == 3
