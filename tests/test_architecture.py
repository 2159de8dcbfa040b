"""The shape of the code, read from the code: what must not appear in it."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.asking import QUESTION_NAMES
from tests import ROOT

PACKAGES = ("ledger", "projections", "cli")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
ids = [str(path.relative_to(ROOT)) for path in MODULES]


def imports(tree: ast.AST) -> Iterator[str]:
    """The modules a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", MODULES, ids=ids)
def test_no_float_and_no_business_rule_in_an_assert(path: Path) -> None:
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        assert not isinstance(node, ast.Assert), f"line {node.lineno}: python -O removes asserts"
        if path.relative_to(ROOT).parts[0] != "cli":
            floating = isinstance(node, ast.Constant) and isinstance(node.value, float)
            named = isinstance(node, ast.Name) and node.id == "float"
            assert not floating, f"line {node.lineno}: use Decimal or Fraction"  # type: ignore[attr-defined]
            assert not named, "use Decimal or Fraction"


@pytest.mark.parametrize("path", MODULES, ids=ids)
def test_files_and_functions_stay_short(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= 400, "ask what this file wants to become"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 50, f"{node.name} has {length} lines: split it"


@pytest.mark.parametrize("path", MODULES, ids=ids)
def test_constructors_do_not_compute(path: Path) -> None:
    """A class is made of values: what reads, walks or asks is a function or a lazy property."""
    if path.relative_to(ROOT).parts[0] == "cli":
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ClassDef) and node.name not in OPENING:
            for made in node.body:
                if isinstance(made, ast.FunctionDef) and made.name == "__init__":
                    assert not computed(made), f"{node.name} computes {computed(made)} when made"


def computed(constructor: ast.FunctionDef) -> list[str]:
    """The methods that a constructor calls on its own object, and the SQL that it runs."""
    called = [n.func for n in ast.walk(constructor) if isinstance(n, ast.Call)]
    return [
        ast.unparse(function)
        for function in called
        if isinstance(function, ast.Attribute)
        and (ast.unparse(function.value) == "self" or function.attr == "execute")
    ]


OPENING = {  # what is constructed by opening something, or by being given what it holds
    "Ledger": "the library opens the store where an application is constructed",
    "Snapshot": "opens a ledger, in a transaction that ends with it",
    "Export": "opens a file and reads its header and its end",
    "Indexer": "begins where the read model stands",
    "Subjects": "begins where the read model stands",
    "Log": "a collection of the events that it is given",
    "NewEvents": "a collection of the events that it is given",
    "Watched": "sees what another view has seen",
}


def test_what_opens_is_there() -> None:
    text = "".join(path.read_text() for path in MODULES)
    assert all(f"class {name}" in text for name in OPENING)


@pytest.mark.parametrize("path", MODULES, ids=ids)
def test_the_core_never_asks_the_world(path: Path) -> None:
    if path.relative_to(ROOT).parts[0] == "cli":
        return
    world = {"time", "random", "uuid", "uuid_utils", "secrets", "socket"}
    tree = ast.parse(path.read_text())
    found = world & {name.split(".")[0] for name in imports(tree)}
    found |= {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)} & ENVIRONMENT
    assert not found, "the clock, ids and the environment come in as arguments"


@pytest.mark.parametrize("path", MODULES, ids=ids)
def test_no_failure_is_swallowed(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ExceptHandler):
            assert not all(isinstance(line, ast.Pass) for line in node.body), f"line {node.lineno}"


ENVIRONMENT = {"environ", "getenv", "urandom", "getcwd", "utcnow", "today"}

LOADED = """
import sys
from cli.main import main
from tests import ROOT
try:
    main(sys.argv[1:])
except SystemExit:
    pass
names = "click sqlite3 json hashlib pydantic eventsourcing sqlite_utils rich ruamel rfc8785"
print("LOADED", *[name for name in [*names.split(), "cli.commands"] if name in sys.modules])
"""


def loaded(*words: str, **environment: str) -> set[str]:
    """The libraries in memory after a command has run in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *words], capture_output=True, text=True, check=True,
        cwd=ROOT, env=os.environ | environment,
    )  # fmt: skip
    assert done.stdout.rpartition("LOADED")[0] or done.stderr, "the command has said something"
    return set(done.stdout.rsplit("LOADED", 1)[1].split())


def test_help_loads_next_to_nothing() -> None:
    assert loaded("--help") <= {"click", "json"}


def test_completing_a_command_loads_none() -> None:
    typed = {"_STAKEBOOK_COMPLETE": "bash_complete", "COMP_WORDS": "stakebook ho"}
    assert loaded(**typed, COMP_CWORD="1") <= {"click", "json"}


def test_a_question_loads_neither_validation_nor_the_store(tmp_path: Path) -> None:
    path = str(tmp_path / "deal.db")
    loaded("--ledger", path, "init")
    party = ("--party", "acme", "--kind", "company", "--name", "Acme")
    loaded("--ledger", path, "append", "party-registered", *party)
    words = ("--ledger", path, "holdings", "acme", "--format", "json")
    light = {"click", "sqlite3", "json", "cli.commands"}
    assert loaded(*words) <= {*light, "hashlib"}, "what is indexed is hashed"
    assert loaded(*words) <= light
    (tmp_path / "deal.views.db").unlink()
    assert "sqlite_utils" in loaded(*words), "a read model is made with it"
    assert loaded(*words) <= light
    for name in (*QUESTION_NAMES, "conflicts", "check"):
        subject = {"votes": ["acme"], "governance": ["acme"], "show": ["party-acme"]}.get(name, [])
        asked = ("--ledger", path, name, *subject, "--format", "json")
        if name not in ("timeline", "show", "claims", "pending"):  # these word events
            assert loaded(*asked) <= light, name
