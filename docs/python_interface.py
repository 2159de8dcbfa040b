"""The Python interface from the registry: rows and methods as modules, and the page on both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap
from types import NoneType, UnionType
from typing import (
    Any,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

import click

from cli.notebook.kinds import type_of
from cli.notebook.parameters import LIMITS, SUPPOSING, Method, in_python, methods, python_name
from projections.answers import ANSWERS, SupposedRow
from projections.columns import NAMED, SEVERAL, name_column

FOLDER = Path(__file__).parent.parent / "cli" / "notebook"
_CONTEXT = click.Context(click.Command("stakebook"))
_RETURNS = {
    "graph": "Graph", "graph_between": "Picture", "diff": "Differences", "check": "Checked",
}  # fmt: skip
_TYPES = {int: "int", str: "str", bool: "bool", NoneType: "None", Any: "Any"}


def row_types() -> dict[str, Any]:
    """Every type of row that an answer has, by its name, those within others after them."""
    found = dict[str, Any]()
    _collect(SupposedRow, found)
    for shape in ANSWERS.values():
        for holds in (shape.rows, shape.possible, *shape.parts.values()):
            _collect(holds, found)
    return found


def _collect(holds: Any, found: dict[str, Any]) -> None:
    if is_typeddict(holds) and holds.__name__ not in found:
        found[holds.__name__] = holds
        for hint in get_type_hints(holds).values():
            _collect(hint, found)
    for inner in get_args(holds):
        _collect(inner, found)


def python_modules() -> dict[str, str]:
    """The modules that are generated, by their names."""
    return {"rows.py": rows_module(), "questions.py": questions_module()}


def rows_module() -> str:
    """cli/notebook/rows.py"""
    lines = [
        '"""The rows of all answers, written from the classes by docs/generate.py."""',
        "",
        "from __future__ import annotations",
        "",
        "from collections.abc import Mapping",
        "from dataclasses import dataclass",
        "from datetime import datetime",
        "from decimal import Decimal",
        "from fractions import Fraction",
        "from typing import Any, Literal",
        "",
        "from cli.notebook.made import Row",
        "from cli.notebook.values import Money, PartialDate",
        "",
        "# fmt: off",
    ]
    for name, row in row_types().items():
        lines += ["", "", "@dataclass(frozen=True, kw_only=True, repr=False)"]
        lines += [f"class {name}(Row):", *_docstring(_meaning(row), "    "), ""]
        lines += [f"    {field}: {hint}{_default(hint)}" for field, hint in fields_of(row)]
    return "\n".join(lines) + "\n"


def _meaning(row: Any) -> str:
    return " ".join((row.__doc__ or "").split()) or "A row of a clause, or of what changed."


def _default(hint: str) -> str:
    return " = None" if hint.endswith("| None") or hint == "Any" else ""


def fields_of(row: Any) -> Iterator[tuple[str, str]]:
    """The fields of a row with their types; beside each id the name of what it stands for."""
    hints, extras = get_type_hints(row), get_type_hints(row, include_extras=True)
    for column, hint in hints.items():
        may_lack = column not in row.__required_keys__ or get_origin(extras[column]) is NotRequired
        told = _type(hint, type_of(row.__name__, column, hints))
        yield python_name(column), _or_none(told) if may_lack else told
        if column in NAMED:
            several = column in SEVERAL
            yield name_column(column), "tuple[str | None, ...] | None" if several else "str | None"


def _or_none(told: str) -> str:
    return told if told.endswith("| None") or told == "Any" else f"{told} | None"


def _type(hint: Any, text: str | None) -> str:
    """A type as it is written; ``text`` is what stands for text."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (UnionType, Union):
        return " | ".join(_type(one, text) for one in inner)
    if origin is Literal:
        return f"Literal[{', '.join(map(repr, inner))}]".replace("'", '"')
    if origin is list:
        return f"tuple[{_type(inner[0], None)}, ...]"
    if origin is dict:
        return f"Mapping[str, {'str' if inner[1] is str else 'Any'}]"
    if hint is str and text:
        return text
    return hint.__name__ if is_typeddict(hint) else _TYPES[hint]


def questions_module() -> str:
    """cli/notebook/questions.py"""
    head = (
        '"""Every question as a method, written from the classes by docs/generate.py."""\n\n'
        "from __future__ import annotations\n\n"
        "from collections.abc import Sequence\n"
        "from pathlib import Path\n"
        "from typing import Any, Literal, overload\n\n"
        "from cli.notebook import rows\n"
        "from cli.notebook.answers import Checked, Differences, Explanation, Graph, Picture, Rows\n"
        "from cli.notebook.asked import Asks, Instant, Limits, Number, Supposed, When\n\n"
        "# fmt: off\n\n\n"
        "class Questions(Asks):\n"
        '    """A question each."""\n'
    )
    return head + "".join(map(_method, methods().values()))


def _method(method: Method) -> str:
    instead = method.instead
    lines = [""]
    for option, row in instead.items():
        lines += ["    @overload", *_signature(method, option, _returns(method, row)), ""]
    if instead:
        lines += ["    @overload", *_signature(method, "", _returns(method, method.row)), ""]
    returns = "Rows[Any]" if instead else _returns(method, method.row)
    lines += _signature(method, None, returns, body=True)
    lines += [*_docstring(_told(method), "        "), "        given = locals()"]
    asked = f'"{method.name}", given'
    match _RETURNS.get(method.name):
        case "Graph" | "Picture" | "Differences" | "Checked" as shape:
            called = f"_{shape.lower()}({asked})"
        case _ if method.figure:
            called = f"_explained({asked}, rows.{method.figure})"
        case _:
            others = (f", {option}=rows.{row}" for option, row in instead.items())
            called = f"_rows({asked}, rows.{method.row}{''.join(others)})"
    lines += [*_broken(f"        return self.{called}", 12)]
    return "\n".join(lines) + "\n"


def _returns(method: Method, row: str) -> str:
    if method.figure:
        return f"Explanation[rows.{method.figure}]"
    return _RETURNS.get(method.name) or f"Rows[rows.{row}]"


def _signature(method: Method, option: str | None, returns: str, body: bool = False) -> list[str]:
    """The head of a method; of an overload, the one in which an option is given (empty: none)."""
    parts, keyed = ["self"], False
    for name, parameter in method.parameters.items():
        if isinstance(parameter, click.Option) and not keyed:
            parts, keyed = [*parts, "*"], True
        told = _parameter(name, parameter)
        if option is not None and name in method.instead:
            told = f"{name}: Literal[True]" if name == option else f"{name}: Literal[False] = False"
        parts.append(told)
    text = f"    def {method.name}({', '.join(parts)}) -> {returns}:" + ("" if body else " ...")
    return _broken(text, 8)


def _broken(text: str, indent: int) -> list[str]:
    """A line of code in lines, broken after commas and nowhere within a type."""
    lines = [""]
    pieces = re.split(r"(?<=,) (?![^\[]*\])", text)
    for piece in (
        short for one in pieces for short in (re.split("(?<=,) ", one) if len(one) > 80 else [one])
    ):
        if lines[-1] and len(lines[-1]) + len(piece) > 98:
            lines.append(" " * indent + piece)
        else:
            lines[-1] = f"{lines[-1]} {piece}" if lines[-1] else piece
    return lines


def _parameter(name: str, parameter: click.Parameter) -> str:
    hint, default = _parameter_type(name, parameter), parameter.get_default(_CONTEXT)
    if name in SUPPOSING:
        return f"{name}: {hint} = ()"
    if parameter.required:
        return f"{name}: {hint}"
    if getattr(parameter, "multiple", False):
        return f"{name}: {hint} = ()"
    if isinstance(default, bool | int | str):
        return f"{name}: {hint} = {default!r}".replace("'", '"')
    return f"{name}: {hint} | None = None"


def _parameter_type(name: str, parameter: click.Parameter) -> str:
    if name == "with_":
        return "Supposed"
    several = getattr(parameter, "multiple", False)
    return f"str | Sequence[{_one(name, parameter)}]" if several else _one(name, parameter)


def _one(name: str, parameter: click.Parameter) -> str:
    metavar = getattr(parameter, "metavar", None)
    if getattr(parameter, "is_flag", False):
        return "bool"
    if metavar == "LIMITS":
        return "Limits"
    if name == "recorded_by":
        return "Instant"
    if metavar == "DATE":
        return "When"
    if isinstance(parameter.type, click.Choice):
        return f"Literal[{', '.join(map(repr, parameter.type.choices))}]".replace("'", '"')
    if isinstance(parameter.type, click.IntRange):
        return "int"
    if isinstance(parameter.type, click.FloatRange) or metavar in ("PERCENT", "QUOTA"):
        return "Number"
    return "str | Path" if metavar == "FILE" else "str"


def _told(method: Method) -> str:
    """What the help of a command says first, in the words of Python."""
    help = (method.command.help or "").partition("\b")[0].strip()
    first = in_python(" ".join(re.split(r"\n\n", help)[0].split()), method)
    for name in method.parameters:
        first = re.sub(rf"\b{name.upper()}\b", f"`{name}`", first)
    return first


def _docstring(text: str, indent: str) -> list[str]:
    lines = wrap(f'"""{text}"""', 100 - len(indent), break_long_words=False, break_on_hyphens=False)
    return [f"{indent}{line}" for line in lines]


_HEAD = """# Python

```python
import stakebook

with stakebook.open_ledger("alliance.db") as book:
    rows = book.holdings("nissan", as_of="2024-09-30")
    rows[0].holder_name, rows[0].shares, rows[0].percent  # str, int, Fraction
```

`pip install 'stakebook[notebooks,pictures]'` brings pandas, polars and pictures as well. This page
is generated by `python docs/generate.py`; a worked example is in [notebook](notebook.ipynb).

- A book only reads. Every call looks at the ledger as it is then, and several threads may call at
  once. An answer stays as it was, also when the book is closed.
- Every method takes `as_of`, `known_by` (days), `recorded_by` (a time), `standing` and `policy`, as
  the options of the [commands](cli.md) do. `restatements` supposes nothing; all others take
  `with_`, a mapping or a file of events or several of them, and `without`, keys of events.
- An answer is a sequence of rows with `cut`, `outcome`, `possible`, `notes`, `warnings`, `hidden`
  and `supposed`, as in [answers](answers.md). `json` is what the command writes with
  `--format json`. `str()` is its table, and a notebook shows the table, or a graph as a picture.
- A `Fraction` is exact. A percentage that is only told rounded is a `Decimal`. Money is an amount
  with its currency beside it, or `Money(currency, amount)`. What is unknown is `None`.
- A `PartialDate` has the `text` as it was written, the `first` and `last` day that it may be, and
  the `day` where there is one. Where it is open it reaches to the ends of the calendar.
- `to_pandas()` and `to_polars()` give tables. Whole numbers are integers of 64 bits, percentages
  and money as printed: as text in pandas (`floats=True` gives floats), as decimals in polars. Exact
  fractions are text. Beside a date stand its `_first` and `_last` day.
- What is refused raises `stakebook.Refused`, a `ValueError` whose `refusal.code` is a number of
  [refusals](refusals.md). A value of a wrong type is a `TypeError`.

Stable are the names of methods, parameters and fields, and their types. They may grow; what is
to go is told two minor versions before. What begins with an underscore may change at any time.

## Methods

`...` stands for the parameters that every method takes. `When` is text, a `date` or a
`PartialDate`, `Instant` text or a `datetime` with its time zone, `Number` text, an `int`, a
`Decimal` or a `Fraction`. `Limits` is a mapping with some of `as_of`, `known_by`, `recorded_by` and
`standing`.
"""


def python_page() -> str:
    """docs/python.md"""
    lines = [_HEAD]
    for method in methods().values():
        lines += [f"### {method.name}", "", "```python", *_short(method), "```", ""]
        lines += [*_wrapped(_told(method)), ""]
        lines += [
            f"- `{option}=True` gives `Rows[rows.{row}]`" for option, row in method.instead.items()
        ]
        lines += [""] if method.instead else []
    lines += ["## Rows", "", *_wrapped("They are in `stakebook.rows`. A field is `None` where"
              " nothing is known, and where its row has no such field."), ""]  # fmt: skip
    for name, row in sorted(row_types().items()):
        lines += [f"### {name}", "", *_wrapped(_meaning(row)), ""]
        fields = (f"`{field}` {_bare(hint)}" for field, hint in fields_of(row))
        lines += [*_wrapped(", ".join(fields)), ""]
    return "\n".join(lines).rstrip() + "\n"


def _short(method: Method) -> list[str]:
    """The call of a method, without the parameters that all of them take."""
    own = [n for n in method.parameters if n not in (*LIMITS, *SUPPOSING)]
    told = [_parameter(name, method.parameters[name]) for name in own]
    places = [n for n in own if isinstance(method.parameters[n], click.Argument)]
    told.insert(len(places), "*")
    returns = _returns(method, method.row)
    return _broken(f"{method.name}({', '.join(told)}, ...) -> {returns}", 4)


def _bare(hint: str) -> str:
    """A type in a list of fields: that it may be None is said of all."""
    return hint.removesuffix(" | None").replace("tuple[", "[").replace("|", "or")


def _wrapped(text: str) -> list[str]:
    return wrap(text, 98, break_long_words=False, break_on_hyphens=False)
