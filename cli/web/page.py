"""What a page shows, and what else its reader can ask there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import click

from cli.web.addresses import Limits
from cli.web.problems import Problem
from cli.web.tables import Shown

Entry = tuple[str, str]  # a name and an address


@dataclass(frozen=True)
class Section:
    """An answer on a page, under the heading that leads to its own page."""

    heading: str
    address: str
    shown: Shown | None
    problem: Problem | None = None


@dataclass(frozen=True)
class Field:
    """A parameter of a question as a form asks for it."""

    name: str
    help: str
    values: Sequence[str]  # each in an input of its own
    choices: Sequence[str] = ()
    is_flag: bool = False
    required: bool = False

    @classmethod
    def of(cls, name: str, parameter: click.Parameter, values: Sequence[str]) -> Field:
        """What asks for a parameter that has some values; one of several can be given one more."""
        option = parameter if isinstance(parameter, click.Option) else None
        choices = parameter.type.choices if isinstance(parameter.type, click.Choice) else ()
        given = [value for value in values if value]
        return cls(
            name,
            (option.help or "") if option else "",
            [*given, ""] if parameter.multiple else [" ".join(given)],
            [str(one) for one in choices],
            bool(option and option.is_flag),
            parameter.required,
        )


class Links(NamedTuple):
    """Where a reader can go on from a page, under one label."""

    label: str
    entries: Sequence[Entry]


class Picture(NamedTuple):
    """A picture with its heading, the page that tells the same in words, and what it shows."""

    heading: str
    image: str
    told: str
    shows: str


class Supposing(NamedTuple):
    """What a what-if supposes and asks: the events, the question, and how it is answered."""

    events: str
    ask: str
    only: bool
    clauses: bool


@dataclass(frozen=True)
class Page:
    """A page: what it shows, and what else its reader can ask there."""

    title: str
    limits: Limits
    sections: Sequence[Section] = ()
    fields: Sequence[Field] = ()
    links: Sequence[Links] = ()
    entries: Sequence[tuple[str, str, str]] = ()  # name, address, what it is
    pictures: Sequence[Picture] = ()
    following: str = ""
    action: str = ""  # the path to which the form goes, where that is not the page's own
    search: bool = False
    about: str = ""
    json: str = ""  # the address of the same answer in JSON
    supposing: Supposing | None = None
    problem: Problem | None = None
