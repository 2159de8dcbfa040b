"""The shape of the code, read from the code: what must not appear in it."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from cli.asking import QUESTION_NAMES
from tests import ROOT

PACKAGES = ("ledger", "projections", "cli")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
CORE = [path for path in MODULES if path.relative_to(ROOT).parts[0] != "cli"]


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a module."""
    return tuple(ast.walk(ast.parse(path.read_text())))


def each(paths: Sequence[Path]) -> Iterator[tuple[Path, ast.AST]]:
    """Every node of some modules."""
    for path in paths:
        for node in nodes(path):
            yield path, node


def place(path: Path, node: ast.stmt | ast.expr | ast.ExceptHandler) -> str:
    """Where a node stands."""
    return f"{path.relative_to(ROOT)}, line {node.lineno}"


def imports(path: Path) -> Iterator[str]:
    """The modules a module imports, wherever in it."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_the_top_folder_holds_what_it_says_and_no_more() -> None:
    said = {*PACKAGES, "tests", "fixtures", "docs", "benchmarks", "stakebook.py", "README.md"}
    said |= {"pyproject.toml", "constraints.txt", "LICENSE"}
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("this is no checkout of git")
    found = {os.fsdecode(name).partition("/")[0] for name in listed.stdout.split(b"\0") if name}
    assert {name for name in found if not name.startswith(".")} == said


def test_no_float_and_no_business_rule_in_an_assert() -> None:
    core = set(CORE)
    for path, node in each(MODULES):
        if isinstance(node, ast.Assert):
            pytest.fail(f"{place(path, node)}: python -O removes asserts")
        if path in core:
            floating = isinstance(node, ast.Constant) and isinstance(node.value, float)
            if floating or (isinstance(node, ast.Name) and node.id == "float"):
                pytest.fail(f"{place(path, node)}: use Decimal or Fraction")


def test_files_and_functions_stay_short() -> None:
    for path in MODULES:
        text = path.read_text()
        generated = "written from the classes by docs/" in text
        assert generated or text.count("\n") <= 400, f"{path}: ask what it wants to become"
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                assert length <= 50, f"{place(path, node)}, {node.name}: split its {length} lines"


def test_constructors_do_not_compute() -> None:
    """A class is made of values: what reads, walks or asks is a function or a lazy property."""
    for path, node in each(CORE):
        if isinstance(node, ast.ClassDef) and node.name not in OPENING:
            for made in node.body:
                if isinstance(made, ast.FunctionDef) and made.name == "__init__":
                    found = computed(made)
                    assert not found, f"{place(path, made)}: {node.name} computes {found} when made"


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
    "Noting": "shares what another view has worked out",
}


def test_what_opens_is_there() -> None:
    text = "".join(path.read_text() for path in MODULES)
    assert all(f"class {name}" in text for name in OPENING)


def test_the_core_never_asks_the_world() -> None:
    world = {"time", "random", "uuid", "uuid_utils", "secrets", "socket"}
    for path in CORE:
        found = world & {name.split(".")[0] for name in imports(path)}
        found |= {n.attr for n in nodes(path) if isinstance(n, ast.Attribute)} & ENVIRONMENT
        assert not found, f"{path}: the clock, ids and the environment come in as arguments"


def test_only_the_store_names_a_table_of_the_log() -> None:
    tables = r"\b(FROM|INTO|UPDATE|JOIN|TABLE) (stored_events|frontier|checkpoints|ledger)\b"
    for path in MODULES:
        if path.parent != ROOT / "ledger" / "storage":
            found = re.search(tables, path.read_text())
            assert not found, f"{path}: asks {found} itself, and not the store"


def test_no_failure_is_swallowed() -> None:
    for path, node in each(MODULES):
        if isinstance(node, ast.ExceptHandler):
            assert not all(isinstance(line, ast.Pass) for line in node.body), place(path, node)


ENVIRONMENT = {"environ", "getenv", "urandom", "getcwd", "utcnow", "today"}

LOADED = """
import json, os, sys
from cli.main import main
from tests import ROOT
names = "click sqlite3 json hashlib pydantic eventsourcing sqlite_utils rich ruamel rfc8785"
for words in json.loads(sys.argv[1]):
    sys.stdout.flush()
    if os.fork():
        os.wait()
        continue
    try:
        main(words)
    except SystemExit:
        pass
    print("LOADED", *[name for name in [*names.split(), "cli.commands"] if name in sys.modules])
    break
"""


def loaded(*words: str, **environment: str) -> set[str]:
    """The libraries in memory after a command has run in a process of its own."""
    (found,) = loaded_by([words], **environment)
    return found


def loaded_by(commands: Sequence[Sequence[str]], **environment: str) -> list[set[str]]:
    """The same of several commands, one after another, each in a copy of a fresh process."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, json.dumps(commands)], capture_output=True, text=True,
        check=True, cwd=ROOT, env=os.environ | environment,
    )  # fmt: skip
    first, *told = done.stdout.split("LOADED")
    found = [one.partition("\n") for one in told]
    said = [first, *(after for *_, after in found[:-1])]
    assert all(said) or done.stderr, "each command has said something"
    assert len(found) == len(commands)
    return [set(names.split()) for names, *_ in found]


def test_help_loads_next_to_nothing() -> None:
    assert loaded("--help") <= {"click", "json"}


def test_completing_a_command_loads_none() -> None:
    typed = {"_STAKEBOOK_COMPLETE": "bash_complete", "COMP_WORDS": "stakebook ho"}
    assert loaded(**typed, COMP_CWORD="1") <= {"click", "json"}


def test_a_question_loads_neither_validation_nor_the_store(tmp_path: Path) -> None:
    ledger = ("--ledger", str(tmp_path / "deal.db"))
    party = ("--party", "acme", "--kind", "company", "--name", "Acme")
    words = (*ledger, "holdings", "acme", "--format", "json")
    light = {"click", "sqlite3", "json", "cli.commands"}
    record = ((*ledger, "init"), (*ledger, "append", "party-registered", *party))
    *_, first, again = loaded_by([*record, words, words])
    assert first <= {*light, "hashlib"}, "what is indexed is hashed"
    assert again <= light
    (tmp_path / "deal.views.db").unlink()
    anew, *others = loaded_by([words, words, *(asked(*ledger, name) for name in LIGHT)])
    assert "sqlite_utils" in anew, "a read model is made with it"
    for name, found in zip(("again", *LIGHT), others, strict=True):
        assert found <= light, name


LIGHT = {*QUESTION_NAMES, "conflicts", "check"} - {  # without those that word events
    "timeline", "show", "claims", "pending"
}  # fmt: skip


def asked(*words: str) -> tuple[str, ...]:
    """A question in JSON, about Acme where it needs a subject."""
    needing = words[-1] in ("votes", "governance")
    return (*words, *(("acme",) if needing else ()), "--format", "json")
