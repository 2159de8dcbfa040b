"""The walls between folders: which may use which, and that no module is in a circle.

``USES`` is the structure of the code, stated once: each folder may use itself, those it names and
no others, and all of them stand above it, so that arrows point one way. The modules that lie in
``ledger/`` and ``projections/`` themselves are named one by one. Imports inside functions count.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from tests import ROOT

PACKAGES = ("ledger", "projections", "cli")

_TIME = ("ledger.values", "ledger.events", "ledger.model", "ledger.time")
_BYTES = ("ledger.values", "ledger.transparency", "ledger.events")
_ANSWER = (
    *("projections.rows", "projections.share_rows", "projections.holding_rows"),
    "projections.vote_rows",
    *("projections.columns", "projections.names"),
    *("projections.sentences", "projections.told", "projections.answer"),
)
_SUBJECTS = (*_TIME, *_ANSWER, "projections.subjects")
_LEDGER = (*_TIME, "ledger.transparency", "ledger.rules", "ledger.storage", "ledger.proofs")
USES: Mapping[str, tuple[str, ...]] = {
    "ledger.values": (),
    "ledger.transparency": ("ledger.values",),
    "ledger.vocabulary": ("ledger.values",),
    "ledger.events": ("ledger.values", "ledger.transparency", "ledger.vocabulary"),
    "ledger.model": ("ledger.values", "ledger.events"),
    "ledger.time": ("ledger.values", "ledger.events", "ledger.model"),
    "ledger.rules": _TIME,
    "ledger.storage": _BYTES,
    "ledger.proofs": (*_BYTES, "ledger.storage"),
    "ledger.intake": ("ledger.values", "ledger.events", "ledger.time", "ledger.storage"),
    "ledger.formats": ("ledger.values", "ledger.events", "ledger.intake"),
    "ledger.batch": _LEDGER,
    "ledger.checked": (*_LEDGER, "ledger.batch"),
    "ledger.application": (*_LEDGER, "ledger.batch", "ledger.checked"),
    "ledger.replay": (*_LEDGER, "ledger.batch", "ledger.application"),
    "ledger.restore": (*_LEDGER, "ledger.application", "ledger.replay"),
    "projections.share_rows": (),
    "projections.vote_rows": (),
    "projections.holding_rows": ("projections.share_rows",),
    "projections.control_rows": (),
    "projections.rows": ("projections.share_rows",),
    "projections.explained_rows": ("projections.rows", "projections.share_rows"),
    "projections.vote_columns": (),
    "projections.chart_columns": (),
    "projections.columns": ("projections.chart_columns", "projections.vote_columns"),
    "projections.shown": (),
    "projections.told": (),
    "projections.sentences": (*_TIME, "projections.told"),
    "projections.answer": (
        *(*_TIME, "projections.rows", "projections.sentences", "projections.told"),
    ),
    "projections.names": (*_TIME, "projections.rows", "projections.columns", "projections.answer"),
    "projections.subjects": (*_TIME, *_ANSWER, "ledger.vocabulary"),
    "projections.directory": (*_SUBJECTS, "projections.names"),
    "projections.control": (*_SUBJECTS, "projections.control_rows"),
    "projections.graph_rows": (),
    "projections.chart_rows": (),
    "projections.pictures": (
        *(*_SUBJECTS, "projections.graph_rows", "projections.control", "projections.names"),
    ),
    "projections.radar_rows": (),
    "projections.obligation_rows": (),
    "projections.obligations": (
        *(*_SUBJECTS, "ledger.rules", "projections.obligation_rows", "projections.control"),
    ),
    "projections.radar": (
        *(*_SUBJECTS, "projections.radar_rows", "projections.control"),
        *("projections.obligation_rows", "projections.obligations"),
    ),
    "projections.questions": (
        *(*_SUBJECTS, "projections.shown", "projections.control_rows", "projections.radar_rows"),
        *("projections.directory", "projections.control", "projections.radar"),
        *("projections.obligation_rows", "projections.obligations"),
        *("projections.graph_rows", "projections.pictures"),
    ),
    "projections.answers": (
        *("projections.rows", "projections.holding_rows", "projections.share_rows"),
        "projections.vote_rows",
        *(
            "projections.explained_rows",
            "projections.radar_rows",
            "projections.columns",
            "projections.questions",
        ),
        *("projections.control_rows", "projections.obligation_rows", "projections.chart_rows"),
    ),
    "projections.reconcile": _SUBJECTS,
    "projections.readmodel": (*_BYTES, *_TIME, "ledger.storage"),
    "projections.consistency": (
        *(*_SUBJECTS, "projections.control"),
        *("projections.obligation_rows", "projections.obligations"),
    ),
    "projections.explain": (
        *(*_SUBJECTS, "projections.explained_rows", "projections.control"),
        *("projections.radar_rows", "projections.radar"),
        *("projections.obligation_rows", "projections.obligations"),
    ),
    "projections.evidence": (
        *(*_SUBJECTS, "projections.explained_rows"),
        *("projections.consistency", "projections.explain"),
    ),
    "projections.changes": (
        *(*_SUBJECTS, "ledger.rules", "projections.questions", "projections.consistency"),
        *("projections.radar", "projections.control"),
        *("projections.obligation_rows", "projections.obligations"),
    ),
    "projections.charts": (
        *(*_SUBJECTS, "projections.chart_rows", "projections.control", "projections.obligations"),
        *("projections.questions", "projections.changes"),
    ),
    "projections.analysis": _SUBJECTS,
    "projections.registers": (
        *(*_SUBJECTS, "projections.control", "projections.consistency", "projections.obligations"),
    ),
    "cli": ("ledger", "projections"),
    "cli.pictures": ("ledger", "projections", "cli"),
    "cli.plans": ("ledger", "projections", "cli", "cli.pictures"),
    "cli.printing": ("ledger", "projections", "cli"),
    "cli.entry": ("ledger", "projections", "cli"),
    "cli.web": ("ledger", "projections", "cli", "cli.printing"),
    "cli.notebook": ("ledger", "projections", "cli"),
    "cli.commands": ("ledger", "projections", "cli", "cli.pictures", "cli.plans", "cli.web"),
}
REMEDY = (
    "Move what is shared into a folder above both, or, if the arrow is right, add it to USES in"
    " tests/test_walls.py and to docs/architecture.md."
)


def modules() -> dict[str, Path]:
    """Every module by its dotted name."""
    found = {}
    for path in sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = path
    return found


MODULES = modules()
FOLDERS = {name for name in MODULES if (ROOT / name.replace(".", "/")).is_dir()}


@cache
def read(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text())


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """The statements of a tree, also those within others; no expression holds one."""
    for name in ("body", "orelse", "finalbody", "handlers", "cases"):
        for inner in getattr(node, name, None) or ():
            yield inner
            yield from statements(inner)


def imported(tree: ast.AST, known: Mapping[str, Path] | None = None) -> Iterator[str]:
    """The modules of the project that a module imports, wherever in it, each by its full name."""
    known = MODULES if known is None else known
    for node in statements(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield from [name for name in (inner, node.module) if name in known][:1]


def room(module: str) -> str:
    """The folder of a module, or the module itself where it lies beside the folders."""
    if module in FOLDERS:
        return module
    folder = module.rpartition(".")[0]
    return module if folder in ("ledger", "projections") else folder


def allowed(here: str, there: str) -> bool:
    """Whether what lies in one room may import from another."""
    uses = (here, *USES[here])
    return there in uses or any(there.startswith(f"{used}.") for used in uses)


def broken(name: str, tree: ast.AST) -> list[str]:
    """The walls that a module breaks, in words."""
    here = room(name)
    return [
        f"{name} imports {other}: {here} may not use {room(other)}. {REMEDY}"
        for other in dict.fromkeys(imported(tree))
        if not allowed(here, room(other))
    ]


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """The modules that import themselves in the end, each with the way back to it."""
    found = []
    for start in graph:
        ways = {other: [start, other] for other in graph[start]}
        pending = list(ways)
        while pending and start not in ways:
            here = pending.pop()
            for other in graph.get(here, ()):
                if other not in ways:
                    ways[other] = [*ways[here], other]
                    pending.append(other)
        if start in ways:
            found.append(ways[start])
    return found


def test_no_wall_is_broken() -> None:
    found = [said for name in MODULES for said in broken(name, read(name))]
    assert not found, "\n".join(found)


def test_no_module_is_looked_up_by_its_name() -> None:
    """What a module needs of those above it is handed to it: nothing goes past the walls."""
    below = {name: path for name, path in MODULES.items() if not name.startswith("cli")}
    past = [name for name, path in below.items() if "import_module" in path.read_text()]
    assert not past


def test_every_room_is_stated_and_arrows_point_one_way() -> None:
    rooms = {room(name) for name in MODULES} - {"ledger", "projections"}
    assert rooms == set(USES), "state in USES what a folder, or a module beside one, may use"
    order = list(USES)
    for name, used in USES.items():
        wrong = [
            other for other in used if other in order and order.index(other) > order.index(name)
        ]
        assert not wrong, f"{name} stands above {wrong} in USES"


def test_no_module_is_in_a_circle() -> None:
    graph = {name: {*imported(read(name))} - {name} for name in MODULES}
    packages = {name for name in FOLDERS if name in graph}  # they hold a sentence and no code
    graph = {name: used - packages for name, used in graph.items() if name not in packages}
    assert not circles(graph)


def test_every_folder_says_what_it_is_for() -> None:
    texts = {name: ast.get_docstring(read(name)) or "" for name in FOLDERS}
    silent = sorted(name for name, text in texts.items() if not text.endswith("."))
    assert not silent, "their __init__.py need one sentence"


def test_the_checks_above_can_fail() -> None:
    def inside(line: str) -> ast.Module:
        return ast.parse(f"def late():\n    {line}\n")

    (said,) = broken("ledger.rules.shares", inside("from ledger.storage.sqlite import Recorder"))
    assert "ledger.rules may not use ledger.storage" in said
    assert REMEDY in said
    assert broken("ledger.batch", inside("import ledger.application"))
    assert broken("projections.answer", inside("from projections.subjects import votes"))
    assert broken("ledger.model.fact", inside("from cli import main"))
    assert not broken("projections.subjects.votes", inside("from projections.answer import Row"))
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}})[0] == ["a", "b", "c", "a"]
    assert not circles({"a": {"b", "c"}, "b": {"c"}, "c": set()})
