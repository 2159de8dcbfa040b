"""The questions as methods: which commands they are, and the parameters that each takes."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

import click

from cli.asking import QUESTION_NAMES
from cli.main import command_of
from cli.question import SHOWN_BY, TABLE_ALONE

LIMITS = ("as_of", "known_by", "recorded_by", "standing", "policy")
SUPPOSING = ("with_", "without")
_OVER_ALL = ("check", "conflicts", "search", "restatements", "diff")
_WRITTEN = (*SHOWN_BY, *TABLE_ALONE, "listed", "out", "film", "plain", "against", "help")
_OPTION = re.compile(r"--([a-z]+(?:-[a-z]+)*)")
_TWO_CUTS = ("before", "after")
_EXPLAINED = {  # the rows of the figure that each explains
    "holdings": "HoldingRow", "votes": "VoteRow", "seats": "GovernanceRow",
    "indirect": "IndirectRow", "control": "GroupRow", "radar": "RadarRow", "breach": "BreachRow",
}  # fmt: skip


class Method(NamedTuple):
    """A method of a book: the words of its command, and the options of it that are left out.

    ``row`` are the rows that it answers with, ``figure`` those of the figure it explains.
    """

    name: str
    words: tuple[str, ...]
    row: str
    without: tuple[str, ...] = ()
    figure: str = ""

    @property
    def command(self) -> click.Command:
        """The command."""
        return _command(self.words)

    @property
    def parameters(self) -> Mapping[str, click.Parameter]:
        """Its arguments and options, by the names that a program gives them."""
        return {name: one for name, one in _parameters(self.words) if name not in self.without}

    @property
    def instead(self) -> Mapping[str, str]:
        """The rows that options ask for, by the option."""
        from projections.answers import ANSWERS

        shape = ANSWERS[self.words[0]]
        return {python_name(option): row.__name__ for option, row in shape.instead.items()}


@cache
def methods() -> Mapping[str, Method]:
    """Every method, by its name: a question each, and an explanation of each figure."""
    return {method.name: method for method in _methods()}


def _methods() -> Iterator[Method]:
    from projections.answers import ANSWERS

    for name in (*QUESTION_NAMES, *_OVER_ALL):
        row = ANSWERS[name].row.__name__
        if name == "graph":
            yield Method(name, (name,), row, _TWO_CUTS)
            yield Method("graph_between", (name,), row, ("min",))
        else:
            yield Method(name, (name,), row)
    group = command_of("explain")
    for part in group.commands if isinstance(group, click.Group) else ():
        figure = _EXPLAINED.get(part, "DealRow")
        yield Method(f"explain_{part}", ("explain", part), "StepRow", figure=figure)


def _command(words: tuple[str, ...]) -> click.Command:
    command = command_of(words[0])
    for word in words[1:]:
        command = command.commands[word] if isinstance(command, click.Group) else command
    return command


@cache
def _parameters(words: tuple[str, ...]) -> tuple[tuple[str, click.Parameter], ...]:
    found = [
        (_name(parameter), parameter)
        for parameter in _command(words).params
        if str(parameter.name) not in _WRITTEN
    ]
    last = {name: place for place, name in enumerate((*LIMITS, *SUPPOSING), 1)}
    return tuple(sorted(found, key=lambda one: last.get(one[0], 0)))


def _name(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Option):
        if parameter.metavar == "LIMITS":
            return str(parameter.name)
        return python_name(max(parameter.opts, key=len))
    return str(parameter.name) if parameter.nargs == 1 else str(parameter.metavar).lower()


def python_name(option: str) -> str:
    """An option, or the name of a column, as Python names it."""
    name = option.lstrip("-").replace("-", "_")
    return f"{name}_" if keyword.iskeyword(name) else name


def in_python(text: str, method: Method) -> str:
    """A text with the options in it as a method names them, but for those of commands to run."""
    taken = method.parameters.items()
    names = {option: name for name, parameter in taken for option in parameter.opts}

    def named(found: re.Match[str]) -> str:
        return names.get(found[0]) or python_name(found[0])

    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else _OPTION.sub(named, part) for part in parts)
