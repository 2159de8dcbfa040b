"""Answers as programs have them: rows in a sequence, with all that an answer says besides.

In a notebook an answer shows itself as the table that the command prints, or as a picture. That is
made when it is shown, of the history that was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, overload

from cli.notebook import rows
from cli.notebook.made import Row, made

if TYPE_CHECKING:
    import pandas
    import polars

    from cli.screen import Screen

RowType = TypeVar("RowType", bound=Row)
PossibleType = TypeVar("PossibleType", bound=Row)
FigureType = TypeVar("FigureType", bound=Row)
Outcome = Literal["answered", "none", "not-known", "hidden"]
Plain = dict[str, Any]


class Answer(Sequence[RowType], Generic[RowType, PossibleType]):
    """Rows that are certain, and what else an answer says; ``json`` is all of it as the command
    writes it with ``--format json``."""

    def __init__(
        self,
        json: Plain,
        row: type[RowType],
        possible: type[PossibleType],
        show: Callable[[], tuple[Screen, str]],
    ) -> None:
        self.json, self._row, self._show = json, row, show
        self._rows = tuple(made(row, plain) for plain in json["rows"])
        self._possible = tuple(made(possible, plain) for plain in json["possible"])

    @overload
    def __getitem__(self, place: int) -> RowType: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[RowType]: ...
    def __getitem__(self, place: int | slice) -> RowType | Sequence[RowType]:
        return self._rows[place]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[RowType]:
        return iter(self._rows)

    def __repr__(self) -> str:
        return f"<{len(self)} x {self._row.__name__}, {self.outcome}>"

    def __str__(self) -> str:
        """The table as the command prints it where rows may be of any width."""
        return _text(*self._show())

    @property
    def cut(self) -> Mapping[str, Any]:
        """The whole question: its arguments and limits."""
        return dict(self.json["cut"])

    @property
    def outcome(self) -> Outcome:
        """Answered, or what it means that there are no rows."""
        given: Outcome | None = self.json.get("outcome")
        return given or ("answered" if self._rows else "none")

    @property
    def possible(self) -> Sequence[PossibleType]:
        """Events that may count at the cut, each with why that is not certain."""
        return self._possible

    @property
    def notes(self) -> Sequence[str]:
        """Remarks in words."""
        return tuple(map(str, self.json["notes"]))

    @property
    def warnings(self) -> Sequence[rows.FindingRow]:
        """What is odd and no finding; only ``check`` tells any."""
        return tuple(made(rows.FindingRow, plain) for plain in self.json.get("warnings", ()))

    @property
    def hidden(self) -> Mapping[str, Any] | None:
        """How many events each limit leaves out; None where it is not counted."""
        found = self.json.get("hidden")
        return None if found is None else dict(found)

    @property
    def supposed(self) -> Sequence[rows.SupposedRow]:
        """The events that the answer supposes, which are recorded nowhere."""
        return tuple(made(rows.SupposedRow, plain) for plain in self.json.get("supposed", ()))

    def to_pandas(self, *, floats: bool = False) -> pandas.DataFrame:
        """The rows as a table of pandas.

        Whole numbers are Int64; percentages, fractions and money are text, exact, or Float64 with
        ``floats``. Beside each date, as it was written, stand its first and last day.
        """
        from cli.notebook.frames import to_pandas

        return to_pandas(self._row, self.json["rows"], floats)

    def to_polars(self) -> polars.DataFrame:
        """The rows as a table of polars: whole numbers, decimals, dates, and lists of text.

        Beside each date, as it was written, stand its first and last day. An exact fraction is
        text.
        """
        from cli.notebook.frames import to_polars

        return to_polars(self._row, self.json["rows"])

    def _repr_html_(self) -> str:
        from cli.notebook.html import html

        return html(*self._show())


class Rows(Answer[RowType, rows.PossibleRow]):
    """The answer to a question."""


class Checked(Rows[rows.FindingRow]):
    """Whether the record agrees with itself: a row for each finding."""


class Differences(Answer[rows.DifferenceRow, rows.PossibleOnASideRow]):
    """What differs between two points in time."""


class Explanation(Rows[rows.StepRow], Generic[FigureType]):
    """The events that a figure is made of, with the state after each."""

    def __init__(
        self, json: Plain, figure: type[FigureType], show: Callable[[], tuple[Screen, str]]
    ) -> None:
        super().__init__(json, rows.StepRow, rows.PossibleRow, show)
        self._figure = figure

    @property
    def figure(self) -> Sequence[FigureType]:
        """The rows of the question that are explained."""
        return tuple(made(self._figure, plain) for plain in self.json["figure"])

    @property
    def arithmetic(self) -> Sequence[str]:
        """The sums spelled out."""
        return tuple(map(str, self.json["arithmetic"]))

    @property
    def sources(self) -> Sequence[rows.SourceRow]:
        """Where the evidence stands."""
        return tuple(made(rows.SourceRow, plain) for plain in self.json["sources"])

    @property
    def excluded(self) -> Sequence[rows.ExcludedRow]:
        """Each event that does not count, with the reason."""
        return tuple(made(rows.ExcludedRow, plain) for plain in self.json["excluded"])


class Picture:
    """A graph as a picture, which a notebook shows."""

    def __init__(
        self, draw: Callable[[str], bytes], show: Callable[[], tuple[Screen, str]]
    ) -> None:
        self._draw, self._show = draw, show

    @property
    def svg(self) -> str:
        """The picture in SVG."""
        return self._draw(".svg").decode()

    @property
    def png(self) -> bytes:
        """The picture in PNG."""
        return self._draw(".png")

    def __repr__(self) -> str:
        return "<Picture>"

    def __str__(self) -> str:
        """What the picture shows, in words."""
        return _text(*self._show())

    def _repr_html_(self) -> str:
        from cli.notebook.html import figure

        screen, supposed = self._show()
        return figure(screen, self.svg, supposed)


def _text(screen: Screen, supposed: str) -> str:
    """A screen as the command prints it where rows may be of any width."""
    from cli.screen import laid_out

    return "\n".join([*filter(None, [supposed]), *laid_out(screen, None)])


class Graph(Rows[rows.GraphRow]):
    """Who has what of whom: a row for each edge, and the picture of all."""

    def __init__(
        self, json: Plain, picture: Picture, show: Callable[[], tuple[Screen, str]]
    ) -> None:
        super().__init__(json, rows.GraphRow, rows.PossibleRow, show)
        self.picture = picture

    def _repr_html_(self) -> str:
        return self.picture._repr_html_()
