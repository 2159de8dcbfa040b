"""What was asked, from the command that asks it: in JSON, and in words for a heading."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
from click.core import ParameterSource

_LIMITS = ("as_of", "known_by", "recorded_by", "standing", "policy")  # told by the cut
_FORM = "form"  # how an answer is written is no part of what was asked


def question_fields() -> dict[str, Any]:
    """The command's words, arguments and options, by the names that users write."""
    context = click.get_current_context(silent=True)
    if context is None:
        return {}
    asked: dict[str, Any] = {"question": " ".join(_words(context))}
    for parameter in _asked(context):
        asked[_name(parameter)] = context.params[str(parameter.name)]
    return asked


def option_words(title: str) -> list[str]:
    """The options that were given, in words; those whose value the title has are not repeated."""
    context = click.get_current_context(silent=True)
    if context is None:
        return []
    found = []
    for parameter in _asked(context):
        value = context.params[str(parameter.name)]
        given = context.get_parameter_source(str(parameter.name)) is ParameterSource.COMMANDLINE
        if given and isinstance(parameter, click.Option) and str(value) not in title.split():
            named = "" if parameter.is_flag else f" {value}"
            found.append(_name(parameter).replace("_", " ") + named)
    return found


def _asked(context: click.Context) -> Iterator[click.Parameter]:
    for parameter in context.command.params:
        if parameter.name in context.params and parameter.name not in (*_LIMITS, _FORM):
            yield parameter


def _name(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len).lstrip("-").replace("-", "_")
    return str(parameter.name)


def _words(context: click.Context) -> list[str]:
    """The names of the command and of the groups it is in, the program's apart."""
    if context.parent is None:
        return []
    return [*_words(context.parent), str(context.info_name)]
