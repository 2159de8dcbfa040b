"""What was asked, from the command that asks it: in JSON, and in words for a heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Protocol

import click
from click.core import ParameterSource

from ledger.model.posted import MOST_COUNTED, Hidden
from ledger.time.history import History
from ledger.time.view import Cut

LIMITS = ("as_of", "known_by", "recorded_by", "standing", "policy")  # told by the cut
SUPPOSITION = "stakebook.supposition"  # under which a context keeps it
OFFLINE = "stakebook.offline"  # the words for an answer from what was read before
SHOWN_BY = ("form", "how", "paged")  # how an answer is written is no part of what was asked
TABLE_ALONE = ("whole", "sources", "full", "plain")  # nor is how a table has it


class Supposition(Protocol):
    """What is supposed for one answer, beside what is recorded."""

    def over(self, history: History) -> History:
        """The history with what is supposed after it."""

    @property
    def words(self) -> str:
        """The heading of every answer."""

    @property
    def typed(self) -> str:
        """The options that suppose it, as words for another command."""

    def fields(self) -> dict[str, Any]:
        """What is supposed, as JSON shows it."""


def supposition() -> Supposition | None:
    """What the running command supposes, if anything."""
    context = click.get_current_context(silent=True)
    return None if context is None else context.meta.get(SUPPOSITION)


def headings() -> Iterator[str]:
    """What stands over every answer: what is supposed, and that the server was not asked."""
    if supposed := supposition():
        yield supposed.words
    context = click.get_current_context(silent=True)
    if context is not None and OFFLINE in context.meta:
        yield context.meta[OFFLINE]


def supposed_fields() -> dict[str, Any]:
    """What the running command supposes, or answers from, as JSON shows it at the head."""
    supposed = supposition()
    context = click.get_current_context(silent=True)
    offline = context.meta.get(OFFLINE) if context is not None else None
    return (supposed.fields() if supposed else {}) | ({"offline": offline} if offline else {})


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
    """The options that were given, in words; what the title has is not repeated."""
    context = click.get_current_context(silent=True)
    if context is None:
        return []
    found, said = [], re.findall(r"[^\s(),]+", title)
    switched = {word.casefold() for word in said}
    for parameter in _asked(context):
        value = context.params[str(parameter.name)]
        given = context.get_parameter_source(str(parameter.name)) is ParameterSource.COMMANDLINE
        told = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
        if not given or not isinstance(parameter, click.Option):
            continue
        name = _name(parameter).replace("_", " ")
        if parameter.is_flag and name not in switched:
            found.append(name)
        elif not parameter.is_flag and told not in said:
            found.append(f"{name} {told}")
    return found


def hidden_fields(hidden: Hidden | None) -> dict[str, Any] | None:
    """What the limits leave out, as JSON shows it; null where it is not counted."""
    return None if hidden is None else hidden._asdict()


def hidden_words(hidden: Hidden | None, cut: Cut | None) -> Iterator[str]:
    """What the limits leave out, in sentences."""
    if hidden is None or cut is None:
        return
    if hidden.as_of:
        least = "At least " if hidden.as_of >= MOST_COUNTED else ""
        yield f"{least}{_events(hidden.as_of, 'takes', 'take')} effect after {cut.as_of} (--as-of)."
    if hidden.known_by > hidden.uncited:
        count = _events(hidden.known_by, "became", "became")
        yield f"{count} known after {cut.known_by} (--known-by)."
    if hidden.uncited:
        whole = hidden.known_by == hidden.uncited
        counted = _events(hidden.uncited, "is", "are")
        if not whole:
            counted = f"{hidden.uncited:,} of them {'is' if hidden.uncited == 1 else 'are'}"
        until = f" to {hidden.until}" if hidden.until != hidden.since else ""
        option = " (--known-by)" if whole else ""
        yield (
            f"{counted} known only from {hidden.since}{until}, recorded without source or"
            f" known_on{option}."
        )
    if hidden.standing:
        below = f"below standing {cut.standing} (--standing)"
        yield f"{_events(hidden.standing, 'is', 'are')} {below}."


def _events(count: int, one: str, many: str) -> str:
    return f"{count:,} {'event ' + one if count == 1 else 'events ' + many}"


def _asked(context: click.Context) -> Iterator[click.Parameter]:
    told_apart = (*LIMITS, *SHOWN_BY, *TABLE_ALONE)
    for parameter in context.command.params:
        if parameter.name in context.params and parameter.name not in told_apart:
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
