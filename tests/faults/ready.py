"""Loads all that commands load while they run: into the server that processes are started from."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import ROOT


def run_some() -> None:
    """Run commands that are run under strace, and print the names of all modules that they load."""
    from tests.helpers import new_ledger, run

    with TemporaryDirectory() as folder:
        ledger = new_ledger(Path(folder))
        for words in (
            ("export", "--audit", f"{folder}/audit"),
            ("backup", f"{folder}/backup.db"),
            ("keygen", f"{folder}/key"),
            ("report", f"{folder}/report.html"),
            ("replay",),
            ("holdings",),
        ):
            assert run(ledger, *words).code == 0, words
        assert run(f"{folder}/new.db", "import", f"{folder}/audit").code == 0
    print("\n".join(sorted(sys.modules)))


if __name__ == "__main__":
    run_some()
else:
    command = [sys.executable, "-m", __name__]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    for name in done.stdout.split():
        with suppress(ImportError):  # what belongs to the program itself
            import_module(name)
