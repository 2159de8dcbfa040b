"""What was counted, and the seed, at the end of every run."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults import FIGURES, SEED


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """Random choices that are the same in every run of one test with one seed."""
    return random.Random(f"{SEED} {request.node.name}")


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: power cuts are modelled, kills need no disk."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the seed and the figures."""
    terminalreporter.section(f"faults, STAKEBOOK_SEED={SEED}")
    for line in FIGURES:
        terminalreporter.write_line(line)
