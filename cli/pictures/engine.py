"""Graphviz, which lays graphs out: from the extra ``pictures``, or ``dot`` on the path."""

from __future__ import annotations

import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Literal

import click

from ledger.values.refusals import Refusal, Refused

Format = Literal["svg", "png", "json0"]
_WHEEL = "graphviz-pure"
_SECONDS = 60


def laid_out(text: str, form: Format, *how: str) -> bytes:
    """A graph in DOT as a picture; the same bytes from the same text by one engine, asked with
    ``how`` it lays out where not as ``dot`` does."""
    done = subprocess.run(
        [_engine(), f"-T{form}", *how],
        input=text.encode(),
        capture_output=True,
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode or not done.stdout:
        told = done.stderr.decode(errors="replace").strip() or "it printed nothing"
        raise Refused(
            Refusal.FILE_TROUBLE, f"Graphviz drew no picture: {told}.", "Write it as .dot."
        )
    return done.stdout


def has_own_font() -> bool:
    """Whether the program draws with a font of its own, and with none of the machine."""
    return Path(_engine()).stem == _WHEEL


def _engine() -> str:
    """The program: of the wheel first, which draws the same on every machine."""
    beside = Path(sysconfig.get_path("scripts")) / _WHEEL
    found = str(beside) if beside.exists() else shutil.which(_WHEEL) or shutil.which("dot")
    if found is None:
        raise click.UsageError(
            "Pictures need Graphviz. Install it with: pip install 'stakebook[pictures]'; or write"
            " the graph as .dot or .mmd, which needs nothing."
        )
    return found
