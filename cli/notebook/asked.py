"""Asking: what a program gives a method, as words for the command, whose answer it is given."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

import click

from cli.arguments import HELP
from cli.context import OpenedLedger, today
from cli.notebook import rows
from cli.notebook.answers import Checked, Differences, Explanation, Graph, Picture, Rows
from cli.notebook.made import Row
from cli.notebook.parameters import SUPPOSING, Method, in_python, methods
from cli.notebook.values import PartialDate
from cli.question import SUPPOSITION, supposition
from cli.receiver import RECEIVER, Found
from cli.supposing import Supposed as Supposition
from ledger.storage.server import Place
from ledger.values.refusals import Refusal, Refused

if TYPE_CHECKING:
    from cli.drafts import Told
    from cli.screen import Screen
    from projections.readmodel.index import Index

When = str | date | PartialDate  # a day; a partial date stands for its last day
Instant = str | datetime
Number = str | int | Decimal | Fraction
Supposed = str | Path | Mapping[str, Any] | Sequence[str | Path | Mapping[str, Any]]
RowType = TypeVar("RowType", bound=Row)
FigureType = TypeVar("FigureType", bound=Row)


class Limits(TypedDict, total=False):
    """One side of a comparison; what it does not name is as the parameters of the method say."""

    as_of: When
    known_by: When
    recorded_by: Instant
    standing: str


@dataclass
class Handed:
    """Takes what a command answers, of the history that ``index`` is."""

    index: Index
    plain: dict[str, Any] | None = None
    shown: Screen | None = None
    supposed: str = ""

    def screen(self, screen: Screen) -> None:
        """Take an answer as a person reads it."""
        supposed = supposition()
        self.shown, self.supposed = screen, supposed.words if supposed else ""

    def value(self, value: dict[str, Any]) -> None:
        """Take an answer in plain values."""
        self.plain = value

    def linked(self, text: str, kind: str, *ids: str) -> str:
        """The text as it is."""
        return text

    def looked_up(self, path: Place, look: Callable[[Index], Found]) -> Found:
        """What is found in the history."""
        return look(self.index)


@dataclass(frozen=True)
class _Call:
    """A call of a method, which can be asked again of the same history."""

    path: Place
    method: Method
    given: Mapping[str, Any]
    position: int | None = None

    def handed(self, *options: str) -> Handed:
        """What the command answers, with options besides those that are given."""
        with OpenedLedger(self.path, "ro") as opened:
            return opened.ask(partial(self._run, options))

    def _run(self, options: Sequence[str], index: Index) -> Handed:
        into = Handed(index if self.position is None else index.at(self.position))
        root = click.Context(
            click.Command("stakebook"), info_name="stakebook", obj=self.path,
            help_option_names=HELP,
        )  # fmt: skip
        root.meta[RECEIVER] = into
        self._suppose(root)
        context: click.Context = root
        command = self.method.command
        *groups, name = self.method.words
        for group in groups:
            context = click.Context(click.Group(group), parent=context, info_name=group)
        words = [*options, *self._words()]
        try:
            with command.make_context(name, words, parent=context) as context:
                command.invoke(context)
        except click.ClickException as error:
            raise self._refused(error) from None
        except Refused as refused:
            raise _in_python(refused, self.method) from None
        return into

    def _refused(self, error: click.ClickException) -> Refused:
        """What click finds wrong with a value, as a refusal."""
        remedy = f"help(stakebook.Book.{self.method.name}) tells what it takes."
        text = in_python(error.format_message(), self.method).rstrip(".")
        return Refused(Refusal.BAD_CHOICE, f"{text}.", remedy, f"{self.method.name}()")

    def _words(self) -> Iterator[str]:
        """The options and arguments as they would be typed."""
        arguments = list[str]()
        for name, parameter in self.method.parameters.items():
            value = self.given[name]
            if name in SUPPOSING or value is None or value == parameter.default:
                continue
            if isinstance(parameter, click.Argument):
                arguments.append(_text(name, value))
            elif getattr(parameter, "is_flag", False):
                yield from [parameter.opts[0]] if _flag(name, value) else []
            elif getattr(parameter, "multiple", False):
                yield from (f"{parameter.opts[0]}={_text(name, one)}" for one in _each(value))
            else:
                yield f"{parameter.opts[0]}={_text(name, value)}"
        yield from ("--", *arguments)

    def _suppose(self, context: click.Context) -> None:
        with_, without = _each(self.given.get("with_", ())), _each(self.given.get("without", ()))
        if with_ or without:
            files = [_told(place, one) for place, one in enumerate(with_, 1)]
            left = [_text("without", event) for event in without]
            context.meta[SUPPOSITION] = Supposition(self.path, files, left)


class Asks:
    """What asks the ledger at a path; the methods of each question rest on it."""

    _path: Place

    def _rows(
        self, name: str, given: Mapping[str, Any], row: type[RowType], **instead: type[Row]
    ) -> Rows[RowType]:
        """An answer, with other rows in place of those of the question where an option is given."""
        call, answer = self._asked(name, given)
        asked: Any = next((other for option, other in instead.items() if given[option]), row)
        return Rows(answer, asked, rows.PossibleRow, partial(_shown, call))

    def _checked(self, name: str, given: Mapping[str, Any]) -> Checked:
        call, answer = self._asked(name, given)
        return Checked(answer, rows.FindingRow, rows.PossibleRow, partial(_shown, call))

    def _differences(self, name: str, given: Mapping[str, Any]) -> Differences:
        call, answer = self._asked(name, given)
        show = partial(_shown, call)
        return Differences(answer, rows.DifferenceRow, rows.PossibleOnASideRow, show)

    def _explained(
        self, name: str, given: Mapping[str, Any], figure: type[FigureType]
    ) -> Explanation[FigureType]:
        call, answer = self._asked(name, given)
        return Explanation(answer, figure, partial(_shown, call, "--full"))

    def _graph(self, name: str, given: Mapping[str, Any]) -> Graph:
        call, answer = self._asked(name, given)
        show = partial(_shown, call)
        return Graph(answer, Picture(partial(_drawn, call), show), show)

    def _picture(self, name: str, given: Mapping[str, Any]) -> Picture:
        day = given["as_of"] or today().isoformat()
        call = self._call(name, {**given, "as_of": day})
        into = call.handed()
        if into.shown is None:
            raise TypeError(f"{name} hands no screen over")
        told = into.shown, into.supposed
        return Picture(partial(_drawn, replace(call, position=into.index.position)), lambda: told)

    def _asked(self, name: str, given: Mapping[str, Any]) -> tuple[_Call, dict[str, Any]]:
        """The answer, and the same call of the same history, day and all."""
        call, day = self._call(name, given), today().isoformat()
        into = call.handed("--format=json")
        if into.plain is None:
            raise TypeError(f"{name} hands no answer over")
        told = into.plain["cut"].get("as_of") or given.get("as_of") or day
        again = {**given, "as_of": told} if "as_of" in given else given
        return _Call(call.path, call.method, again, into.index.position), into.plain

    def _call(self, name: str, given: Mapping[str, Any]) -> _Call:
        return _Call(self._path, methods()[name], given)


def _shown(call: _Call, *options: str) -> tuple[Screen, str]:
    into = call.handed("--format=markdown", *options)
    if into.shown is None:
        raise TypeError(f"{call.method.name} hands no screen over")
    return into.shown, into.supposed


def _drawn(call: _Call, suffix: str) -> bytes:
    """A picture, in the format that the end of a file's name says."""
    with TemporaryDirectory() as folder:
        file = Path(folder, f"picture{suffix}")
        call.handed(f"--out={file}")
        return file.read_bytes()


def _told(place: int, event: object) -> str | Told:
    """A file to suppose, or an event as a line of a file."""
    if isinstance(event, Mapping):
        from cli.drafts import Told  # which loads all that appends events

        line = json.dumps(dict(event), default=str).encode()
        return Told(f"with_, event {place}", line + b"\n")
    return _text("with_", event)


def _each(value: object) -> Sequence[Any]:
    """What is given for a parameter that takes several."""
    one = isinstance(value, str | Path | Mapping)
    return [value] if one or not isinstance(value, Sequence) else value


def _flag(name: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise TypeError(f"{name} is True or False, not {value!r}.")


def _text(name: str, value: object) -> str:
    """A value as it would be typed."""
    if isinstance(value, Mapping):
        return _side(name, value)
    if isinstance(value, datetime) and name != "recorded_by":
        return value.date().isoformat()
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError(f"{name} needs a time with its time zone, such as UTC: {value!r}.")
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, bool) or not isinstance(value, _TYPED):
        raise TypeError(f"{name} takes text, a number or a date, not {value!r}.")
    return str(value)


def _side(name: str, limits: Mapping[str, object]) -> str:
    """One side of a comparison as it would be typed."""
    taken = Limits.__annotations__
    if wrong := [limit for limit in limits if limit not in taken]:
        raise TypeError(f"{name} takes {', '.join(taken)}, not {wrong[0]!r}.")
    texts = {limit: _text(limit, value) for limit, value in limits.items()}
    if several := [limit for limit, text in texts.items() if "," in text]:
        raise TypeError(f"{several[0]} of {name} is one value, not {texts[several[0]]!r}.")
    return ",".join(f"{limit.replace('_', '-')}={text}" for limit, text in texts.items())


def _in_python(refused: Refused, method: Method) -> Refused:
    """A refusal that names options as a method does."""
    told = (refused.wrong, refused.remedy, refused.place)
    wrong, remedy, place = (in_python(text, method) for text in told)
    more = [_in_python(one, method) for one in refused.more]
    return Refused(refused.refusal, wrong, remedy, place, more)


_TYPED = (str, int, date, PartialDate, Path, Decimal, Fraction)
