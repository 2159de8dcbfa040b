"""One log, one state: anywhere, under any Python, and for ever."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from inspect import signature
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import ROOT
from tests.faults import FIGURES
from tests.faults.tracing import COMMAND
from tests.helpers import accept, new_ledger, party, run
from tests.ledger.intake import test_event_files
from tests.projections.readmodel import test_histories
from tests.test_alliance import PRESS, REGISTER, loaded

ZONES = ("UTC", "Pacific/Apia", "America/St_Johns", "Asia/Kathmandu")
LOCALES = ("C", "tr_TR.UTF-8", "de_DE.UTF-8")
pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole alliance."""
    return loaded(tmp_path_factory.mktemp("replay") / "alliance.db", [PRESS, REGISTER])


def digest(path: Path, *command: str, **environment: str) -> str:
    """The digest of a replay by a process of its own."""
    done = subprocess.run(
        [*(command or COMMAND), "--ledger", str(path), "replay", "--json"],
        capture_output=True, text=True, check=False, cwd=ROOT, env={**os.environ, **environment},
    )  # fmt: skip
    assert done.returncode == 0, done
    return str(json.loads(done.stdout)["digest"])


def test_one_digest_in_every_place(ledger: Path) -> None:
    places = list(itertools.product(ZONES, LOCALES))
    found = {
        digest(ledger, TZ=zone, LC_ALL=locale, PYTHONHASHSEED=str(seed))
        for seed, (zone, locale) in enumerate(places)
    }
    found |= {digest(ledger, sys.executable, "-O", *COMMAND[1:])}
    found |= {digest(ledger, sys.executable, "-OO", *COMMAND[1:])}
    assert len(found) == 1
    FIGURES.append(f"P12 replays: {len(places) + 2} places, 1 digest")


def test_control_another_history_gives_another_digest(ledger: Path, tmp_path: Path) -> None:
    other = new_ledger(tmp_path)
    before = digest(other)
    accept(other, party("newco"))
    assert len({digest(ledger), digest(other), before}) == 3


def pythons(version: str) -> Iterator[str]:
    """Where an interpreter of a version may be found."""
    home = Path.home() / ".pyenv" / "versions"
    yield from (str(path) for path in sorted(home.glob(f"{version}.*/bin/python")))
    yield from filter(None, [shutil.which(f"python{version}")])


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
def test_one_digest_under_every_python(ledger: Path, tmp_path: Path, version: str) -> None:
    if sys.version.startswith(f"{version}."):
        pytest.skip(f"Python {version} runs these tests")
    python = next(pythons(version), None)
    if python is None:
        pytest.skip(f"Python {version} is not installed")
    made = subprocess.run([python, "-m", "venv", str(tmp_path / "venv")], check=False)
    inside = str(tmp_path / "venv" / "bin" / "python")
    install = [inside, "-m", "pip", "install", "-q", "-c", str(ROOT / "constraints.txt"), "."]
    if made.returncode or subprocess.run(install, cwd=ROOT, check=False, timeout=300).returncode:
        pytest.skip(f"stakebook cannot be installed for Python {version} here")
    assert digest(ledger, inside, *COMMAND[1:]) == digest(ledger)
    FIGURES.append(f"P12 Python {version}: the same digest")


@settings(test_histories.slow, max_examples=1000)
@given(st.data())
def test_what_is_recorded_later_never_changes_an_earlier_view(data: st.DataObject) -> None:
    """P13, at the number that is claimed; its small run is in test_histories."""
    law = test_histories.test_what_is_recorded_later_never_changes_an_earlier_view
    law.hypothesis.inner_test(data)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "examples"),
    [("test_random_bytes", 8_000), ("test_random_values", 2_000), ("test_random_text", 8_400),
     ("test_random_events", 1_000), ("test_mutated_files", 600)],
)  # fmt: skip
def test_bad_input_many_times(tmp_path: Path, name: str, examples: int) -> None:
    """P21: 20,000 random inputs; their small run, with the catalogue, is in test_event_files."""
    law = getattr(test_event_files, name).hypothesis
    many = settings(test_event_files.FUZZ, max_examples=examples)(
        given(**law._given_kwargs)(law.inner_test)
    )
    if "shared" in signature(law.inner_test).parameters:
        many(shared=new_ledger(tmp_path))
    else:
        many()
    FIGURES.append(f"P21 {name}: {examples} examples")


def test_control_a_view_that_forgets_its_cut_changes(tmp_path: Path) -> None:
    """Without a limit on what is recorded, an answer does change later."""
    path = new_ledger(tmp_path)
    before = run(path, "timeline", "acme", "--format", "json").out
    accept(path, {"type": "note-added", "subject": "acme", "text": "later", "key": "later"})
    assert run(path, "timeline", "acme", "--format", "json").out != before
