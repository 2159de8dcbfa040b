"""Run commands one after another, each in a process that is forked from this one.

So a strange surrounding is made once for all of them: what is closed, full or unknown to this
process is so to each. Run as ``python -m tests.cli.in_turn GIVEN ENDED ERRORS``: files of the
commands' words, as JSON, of their exit codes, and of what they write to standard error.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import cli as cli_package
import ledger
import projections
from cli.main import COMMANDS, cli, main


def run_in_turn(given: Path, ended: Path, errors: Path) -> None:
    """Run each, and write with each code how long the errors were before. No file stays open here:
    its number could be that of a stream that is closed."""
    for words in json.loads(given.read_text()):
        before = errors.stat().st_size
        with suppress(OSError):  # it is closed, or a pipe
            os.lseek(0, 0, os.SEEK_SET)
        child = os.fork()
        if child == 0:
            main(words)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        with ended.open("a") as out:
            out.write(f"{code} {before}\n")


def load() -> None:
    """Load once, for all of them, the commands and what they load late."""
    for command in COMMANDS:
        cli.get_command(None, command)  # type: ignore[arg-type]
    for package in (ledger, projections, cli_package):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    gc.freeze()  # no process that ends looks through all of it


if __name__ == "__main__":
    given, ended, errors = map(Path, sys.argv[1:])
    if len(json.loads(given.read_text())) > 1:
        load()
    run_in_turn(given, ended, errors)
