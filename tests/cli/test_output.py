"""Where commands write: new files, or standard output for ``-``, and never a file of that name."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cli.commands.verify import _kind
from cli.main import COMMANDS, cli
from ledger.proofs.audit_export import Export
from tests.helpers import assert_printable, assert_usage, new_ledger, run

AMENDING = (
    "correct-source", "corroborate", "retract", "retract-source", "undo",
)  # fmt: skip
WRITTEN = {  # by command, the parameters that name what is written
    "backup": {"file"},
    "cosign": {"state", "out"},
    "demo": {"into"},
    "draft": {"file"},
    "export": {"audit", "verifier", "tables", "yaml"},
    "follow": {"rescue"},
    "chart": {"out"},
    "graph": {"film", "out"},
    "keygen": {"file"},
    "prove": {"out"},
    "prove-answer": {"out"},
    "report": {"file"},
    "seal": {"request", "out"},
    "append": {"losses", "save"},
    **{name: {"losses"} for name in ("convert", "reconcile")},
    **{name: {"save"} for name in AMENDING},
}
READ = {
    "correct-source": {"document"},
    "cosign": {"request", "key"},
    "export": {"ledgers"},
    "follow": {"taken"},
    "import": {"file"},
    "report": {"last_seen"},
    "restore": {"file"},
    "rotate-key": {"key"},
    "seal": {"key", "add"},
    "verify": {"file", "last_seen"},
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    ledger = new_ledger(tmp_path_factory.mktemp("base"))
    key = str(ledger.with_name("key"))
    assert run(ledger, "keygen", key).code == 0
    assert run(ledger, "seal", "--key", key).code == 0
    return ledger


@pytest.fixture
def sealed(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A sealed ledger in the current folder, where no file named ``-`` is ever left."""
    shutil.copytree(base.parent, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    yield tmp_path / base.name
    assert not Path("-").exists()


def test_every_file_that_a_command_takes_is_known_here() -> None:
    """A new one is written by ``cli.output``, and tried below."""
    found: dict[str, set[str]] = {}
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        paths = {str(p.name) for p in command.params if isinstance(p.type, click.Path)}
        if paths:
            found[name] = paths
    names = WRITTEN.keys() | READ.keys()
    assert found == {name: WRITTEN.get(name, set()) | READ.get(name, set()) for name in names}


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ("export --audit -", '{"events":8,"format":"stakebook-audit-1"'),
        ("export --verifier -", "#!/usr/bin/env python3"),
        ("export --audit - --verifier verifier.py", '{"events":8'),
        ("prove opened --out -", "c2sp.org/tlog-proof@v1"),
        ("prove opened", "c2sp.org/tlog-proof@v1"),
        ("prove-answer --out - holdings acme", "{"),
        ("report -", "<!DOCTYPE html>"),
        ("seal --request -", "old 0"),
        ("seal --out -", "stakebook/"),
        ("seal", "stakebook/"),
    ],
)
def test_a_dash_is_standard_output(sealed: Path, words: str, begins: str) -> None:
    outcome = run(sealed, *words.split())
    assert outcome.code == 0, outcome.err
    assert outcome.out.startswith(begins)
    assert_printable(outcome.err)


def test_what_is_printed_is_what_a_file_would_hold(sealed: Path) -> None:
    printed = run(sealed, "export", "--audit", "-")
    assert run(sealed, "export", "--audit", "deal.audit.jsonl").code == 0
    assert printed.out == Path("deal.audit.jsonl").read_text("utf-8")
    assert Export(Path("deal.audit.jsonl")).size == 8
    Path("proof").write_text(run(sealed, "prove", "#2").out, encoding="utf-8")
    assert _kind(Path("proof")) == "proof"


@pytest.mark.parametrize(
    "words",
    [
        "backup -",
        "keygen -",
        "keygen - --witness acme.law/w1",
        "demo --into -",
        "draft -",
        "export --parquet -",
        "export --yaml -",
        "export --to sqlite -",
        "export --audit - --verifier -",
        "export --audit - --json",
        "seal --request - --json",
        "retract 1 --because wrong --save -",
        "cosign asked --log key --key key --state - --first",
    ],
)
def test_what_cannot_be_printed_is_refused(sealed: Path, words: str) -> None:
    assert_usage(run(sealed, *words.split()))


@pytest.mark.usefixtures("sealed")
def test_a_ledger_is_a_file() -> None:
    for command in ("init", "holdings", "status x"):
        assert_usage(run("-", *command.split()), "--ledger")
