"""What an address asks: the words of a command, from its path and its parameters.

The parameters are those that the command itself takes, but for files: no address reads or writes
one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import NamedTuple
from urllib.parse import parse_qs

import click

from cli.arguments import HELP
from cli.asking import QUESTION_NAMES
from cli.main import command_of
from cli.question import SHOWN_BY
from ledger.values.refusals import Refusal, Refused, nearest, shown

SERVED = (
    *QUESTION_NAMES, "conflicts", "check", "search", "diff", "restatements", "explain", "chart",
)  # fmt: skip
_FIELDS = 200  # parameters of an address
_YES, _NO = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")
_APART = (*SHOWN_BY, "listed")  # how it is written, and what is no answer
Query = Mapping[str, Sequence[str]]


class NoSuchPageError(Exception):
    """An address that stands for nothing."""


class Served(NamedTuple):
    """A question that can be asked by an address: the words of its command, and the command."""

    words: tuple[str, ...]
    command: click.Command

    @property
    def path(self) -> str:
        """The words as a part of an address."""
        return "/".join(self.words)

    def parameters(self) -> dict[str, click.Parameter]:
        """What it takes, by the names of an address."""
        return {name_of(one): one for one in self.command.params if _is_served(one)}

    def arguments(self) -> list[str]:
        """The names of its arguments, in their order."""
        return [n for n, one in self.parameters().items() if isinstance(one, click.Argument)]

    def at(self, query: Query) -> tuple[tuple[str, ...], Query]:
        """The parts of the path that asks it, with its first arguments, and the parameters left."""
        ids = [*takewhile(bool, ("".join(query.get(n, ())[:1]) for n in self.arguments()))]
        rest = set(query) - set(self.arguments()[: len(ids)])
        return (*self.words, *ids), {name: query[name] for name in query if name in rest}


def served() -> Iterator[Served]:
    """Every question that can be asked, each one explanation apart."""
    for name in SERVED:
        yield from _within((name,), command_of(name))


def served_at(parts: Sequence[str]) -> tuple[Served, list[str]]:
    """The question at the beginning of a path, and what follows it."""
    if not parts or parts[0] not in SERVED:
        raise NoSuchPageError
    for one in _within((parts[0],), command_of(parts[0])):
        if tuple(parts[: len(one.words)]) == one.words:
            return one, list(parts[len(one.words) :])
    raise NoSuchPageError


def query_of_words(words: Sequence[str]) -> tuple[Served, Query]:
    """What some words of a command line ask, in the parameters of an address."""
    asked, rest = served_at(words)
    context = click.Context(asked.command, help_option_names=HELP)
    given, _, _ = asked.command.make_parser(context).parse_args(list(rest))
    values = {name: given.get(str(one.name)) for name, one in asked.parameters().items()}
    flags = {name: ["1"] for name, value in values.items() if value is True}
    return asked, flags | {n: [value] for n, value in values.items() if isinstance(value, str)}


def fields_of(text: str) -> Query:
    """The parameters that the end of an address gives."""
    if text.count("&") >= _FIELDS:
        raise click.UsageError(f"The address has more than {_FIELDS} parameters.")
    return parse_qs(text, keep_blank_values=True)


def words_of(asked: Served, query: Query, *how: str) -> list[str]:
    """The words of a command line that asks what an address asks; ``how`` it is to be written."""
    known, arguments = asked.parameters(), list[str]()
    options = list[str](how)
    refuse_others(query, known, asked.path)
    for name, parameter in known.items():
        values = list(query.get(name, ()))
        if isinstance(parameter, click.Argument):
            arguments += _given(name, parameter, values)
        else:
            options += _options(name, parameter, values)
    return [*asked.words, *options, "--", *arguments]


def refuse_others(query: Query, known: Collection[str], taker: str) -> None:
    """Refuse a parameter that what is asked does not take, rather than answer without it."""
    for name in query:
        if name not in known:
            raise Refused(
                Refusal.UNKNOWN_FIELD,
                f"{shown(name)} is no parameter of {taker}.",
                nearest(name, known) or f"It takes {', '.join(known)}.",
            )


def only_value(name: str, values: Sequence[str]) -> str:
    """The value of a parameter that is given once; an empty one is none."""
    given = [value for value in values if value]
    if len(given) > 1:
        raise click.UsageError(f"{name} is given {len(given)} times.")
    return "".join(given)


def with_arguments(asked: Served, ids: Sequence[str], query: Query) -> dict[str, Sequence[str]]:
    """The parameters of an address in which the arguments are parts of the path."""
    names = asked.arguments()
    if len(ids) > len(names):
        raise NoSuchPageError
    of = dict(zip(names, ids, strict=False))
    for name, id in of.items():
        if other := next((one for one in query.get(name, ()) if one not in ("", id)), None):
            raise click.UsageError(
                f"{name} is {shown(id)} in the path, and {shown(other)} after it."
            )
    return {**query, **{name: [id] for name, id in of.items()}}


def _given(name: str, argument: click.Parameter, values: Sequence[str]) -> Sequence[str]:
    """The values of an argument; an empty one is none."""
    given = [value for value in values if value]
    if not given and argument.required:
        raise click.UsageError(f"Missing parameter {name}.")
    if len(given) > 1 and argument.nargs == 1:
        raise click.UsageError(f"{name} is given {len(given)} times.")
    return given


def _options(name: str, option: click.Parameter, values: Sequence[str]) -> Iterator[str]:
    """The values of an option as words; an empty one is none."""
    given = [value for value in values if value]
    if len(given) > 1 and not option.multiple:
        raise click.UsageError(f"{name} is given {len(given)} times.")
    for value in given:
        if not (isinstance(option, click.Option) and option.is_flag):
            yield f"--{name}={value}"
        elif value in _YES:
            yield f"--{name}"
        elif value not in _NO:
            raise click.UsageError(f"{name} is 1 or left out, not {shown(value)}.")


def name_of(parameter: click.Parameter) -> str:
    """The name that a parameter has in an address: that of the command line."""
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len).lstrip("-")
    return str(parameter.name)


def _is_served(parameter: click.Parameter) -> bool:
    is_file = isinstance(parameter.type, click.Path | click.File)
    named = isinstance(parameter, click.Option) and parameter.metavar == "FILE"
    return not is_file and not named and parameter.name not in _APART


def _within(words: tuple[str, ...], command: click.Command) -> Iterator[Served]:
    if not isinstance(command, click.Group):
        yield Served(words, command)
        return
    for name, inner in command.commands.items():
        yield from _within((*words, name), inner)
