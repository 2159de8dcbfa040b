"""Charts drawn by matplotlib, from the extra ``pictures``: the same bytes from the same chart."""

from __future__ import annotations

import logging
import re
import unicodedata
import warnings
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any, NamedTuple

import click

from cli.pictures.chart import Chart, Line, Step, lines_of, told_figure
from cli.pictures.dot import wrapped
from cli.pictures.gantt import Gantt, Lane, Term, terms_in_words
from cli.pictures.picture import described
from cli.safe_text import visible

_COLOURS = (  # of Okabe and Ito, told apart by the colour-blind, and dark enough on white
    "#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#BF8400", "#3B97D0", "#999933",
)  # fmt: skip
_SIGNS = "os^Dv<>p"  # of the steps of each line, for those who see no colours
_DOTS_PER_INCH = 144
_WIDTH, _HEIGHT = 11.0, 5.6  # inches
_APART = 0.42  # inches, between the names at the ends of lines
_MOST_LANES = 200
_LACKING = re.compile(r"Glyph ([0-9]+) .*missing from")
_HEAD = 86  # cells of the title
_UNDER = 120  # of what stands under it
_BESIDE_POINTS = 178  # of a name at the end of a line


def plotted(chart: Chart | Gantt, form: str) -> bytes:
    """A chart as a picture, in the format that a file's name ends in."""
    if isinstance(chart, Gantt) and len(chart.lanes) > _MOST_LANES:
        raise click.UsageError(
            f"The chart has {len(chart.lanes):,} agreements, clauses and offices, more than the"
            f" {_MOST_LANES} that can be read. Draw fewer of them with --holder, --from or --to."
        )
    mpl = _library()
    with mpl.rc_context(), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")  # of letters that the fonts lack
        mpl.rcdefaults()
        mpl.rcParams.update({
            "svg.hashsalt": "stakebook", "svg.fonttype": "none", "text.parse_math": False,
            "font.size": 9, "axes.spines.top": False, "axes.spines.right": False,
            "hatch.linewidth": 0.6,
        })  # fmt: skip
        figure = _stakes(chart) if isinstance(chart, Chart) else _terms(chart)
        stream = BytesIO()
        nothing = {"Date": None, "Creator": None} if form == ".svg" else {"Software": None}
        figure.savefig(stream, format=form[1:], metadata=nothing, dpi=_DOTS_PER_INCH)
    if form != ".svg":
        _check_letters(warned)
        return stream.getvalue()
    lines = lines_of(chart) if isinstance(chart, Chart) else terms_in_words(chart)
    lines = filter(None, [chart.unlimited, *lines])
    return described(stream.getvalue().decode(), chart.title, lines)


def _check_letters(warned: Sequence[warnings.WarningMessage]) -> None:
    """Refuse a picture in which letters would be boxes."""
    for one in warned:
        if found := _LACKING.match(str(one.message)):
            letter = chr(int(found[1]))
            called = unicodedata.name(letter, "without a name").lower()
            raise click.UsageError(
                f"The fonts of PNG charts have no {letter} ({called}). Write the chart as .svg,"
                " which a browser draws with the fonts of its machine."
            )


def _library() -> Any:
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    try:
        import matplotlib as mpl
        from matplotlib import figure  # noqa: F401
    except ImportError:
        raise click.UsageError(
            "Charts as pictures need matplotlib. Install it with: pip install"
            " 'stakebook[pictures]'; or leave out --out to read the chart as text."
        ) from None
    return mpl


def _figure(chart: Chart | Gantt, height: float, left: float, right: float) -> tuple[Any, Any]:
    from matplotlib import dates
    from matplotlib.figure import Figure

    untyped: Any = dates
    title = wrapped(visible(chart.title), _HEAD)
    told = [chart.unlimited, *(chart.remarks if isinstance(chart, Chart) else [])]
    small = [line for text in told for line in wrapped(visible(text), _UNDER)]
    height += (head := 0.2 * (len(title) + len(small) - 1))
    figure = Figure(figsize=(_WIDTH, height))
    axes = figure.add_axes((left, 0.62 / height, right - left, 1 - (1.2 + head) / height))
    for number, line in enumerate([*title, *small]):
        weight = "bold" if number < len(title) else "normal"
        top = 1 - (0.26 + 0.2 * number) / height
        figure.text(0.02, top, line, fontsize=11 if weight == "bold" else 9, weight=weight)
    start, end = _day(chart.first), _day(chart.last)
    end = end if end > start else start + 1
    axes.set_xlim(start, end + (end - start) * 0.01)
    locator = untyped.AutoDateLocator(maxticks=10)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(untyped.ConciseDateFormatter(locator, show_offset=True))
    return figure, axes


def _day(day: str) -> float:
    from matplotlib import dates

    untyped: Any = dates
    return float(untyped.date2num(date.fromisoformat(day)))


def _stakes(chart: Chart) -> Any:
    height = max(_HEIGHT, 1.4 + _APART * len(chart.lines))
    figure, axes = _figure(chart, height, 0.06, 0.74)
    top = float(chart.most) or 1.0
    axes.set_ylim(0, min(top * 1.06, max(top, 100.0) * 1.02))
    axes.set_ylabel(chart.unit)
    axes.grid(visible=True, axis="y", color="#dddddd", linewidth=0.6)
    for line, look in zip(chart.drawn, _looks(chart), strict=True):
        _line(axes, chart, line, look)
    _names(axes, chart, _APART / (height - 1.2))
    _legend(axes, chart)
    return figure


class _Look(NamedTuple):
    """The colour of a line, and the sign of its steps."""

    colour: str
    sign: str


def _looks(chart: Chart) -> list[_Look]:
    """How each line looks: the lines of one holder alike."""
    holders = list(dict.fromkeys(line.holder for line in chart.drawn))
    numbers = (holders.index(line.holder) % len(_COLOURS) for line in chart.drawn)
    return [_Look(_COLOURS[number], _SIGNS[number]) for number in numbers]


def _line(axes: Any, chart: Chart, line: Line, look: _Look) -> None:
    style, colour = "--" if line.disclosed else "-", look.colour
    xs, ys = list[float](), list[float]()
    for step in line.steps:
        if step.now is not None:
            xs += [_day(step.since), _day(step.until)]
            ys += [float(step.now)] * 2
        if step in line.ends or step.now is None:
            if not line.disclosed and xs:
                xs, ys = [*xs, xs[-1]], [*ys, 0.0]
            axes.plot(xs, ys, style, color=colour, linewidth=1.8)
            xs, ys = [], []
    axes.plot(xs, ys, style, color=colour, linewidth=1.8)
    before = 0.0
    for step in line.steps:
        _then(axes, chart, step, colour)
        _step(axes, chart, step, before, look)
        before = before if step.now is None else float(step.now)


def _then(axes: Any, chart: Chart, step: Step, colour: str) -> None:
    """What was known on the day, where it was another figure."""
    if step.then is None:
        return
    start, end, then = _day(step.since), _day(step.until), float(step.then)
    axes.plot([start, end], [then, then], ":", color=colour, linewidth=1.3)
    if end - start < (_day(chart.last) - _day(chart.first)) / 100:
        axes.plot([start], [then], "x", color=colour, markersize=5, markeredgewidth=1.2)
    low, high = sorted([then, then if step.now is None else float(step.now)])
    axes.fill_between([start, end], low, high, color=colour, alpha=0.12, linewidth=0)


def _step(axes: Any, chart: Chart, step: Step, before: float, look: _Look) -> None:
    """The sign of a step, and the days on one of which it was."""
    if step.now is None or step.row["made"] in (None, "start"):
        return
    if step.row["since"] is not None and step.row["since"] < chart.first:
        return
    day, now, earliest = _day(step.since), float(step.now), step.row["earliest"]
    colour, sign = look
    if earliest is not None:
        first = chart.first if earliest == "unknown" else max(earliest, chart.first)
        low, high = sorted([before, now])
        axes.fill_between(
            [_day(first), day], low, high, facecolor="none", edgecolor=colour, hatch="////",
            linewidth=0, alpha=0.5,
        )  # fmt: skip
    own = step.row["made"] == "own"
    axes.plot(
        [day], [now], sign, color=colour, markersize=4.5,
        markerfacecolor=colour if own else "white", zorder=4, clip_on=False,
    )  # fmt: skip


def _names(axes: Any, chart: Chart, least: float) -> None:
    """The names at the ends of lines, moved apart, each with a thin line to its own."""
    low, high = axes.get_ylim()
    ends = [(line, line.last) for line in chart.drawn]
    wanted = [float(step.now if step.now is not None else step.then or 0) for _, step in ends]
    places = apart(wanted, (high - low) * least, low, high)
    left, right = axes.get_xlim()
    for (line, step), value, place, (colour, sign) in zip(
        ends, wanted, places, _looks(chart), strict=True
    ):
        text = right + (right - left) * 0.03
        axes.plot(
            [_day(step.until), right, text], [value, place, place], "-", color=colour,
            linewidth=0.5, clip_on=False,
        )  # fmt: skip
        axes.plot([text], [place], sign, color=colour, markersize=4.5, clip_on=False)
        axes.text(
            text + (right - left) * 0.01, place, _end_words(line, step, chart), color="#222222",
            va="center", fontsize=8,
        )  # fmt: skip


def _end_words(line: Line, step: Step, chart: Chart) -> str:
    words = [told_figure(step.row["now"] or step.row["known_then"])]
    words += ["disclosed"] if line.disclosed else []
    words += [f"until {step.until}"] if step.until < chart.last else []
    return f"{_fitting(visible(line.name))}\n{visible(', '.join(words))}"


def _fitting(name: str) -> str:
    """A name, or as much of it as there is room for beside a line."""
    from matplotlib.textpath import TextPath

    cut = name
    while cut and TextPath((0, 0), cut, size=8).get_extents().width > _BESIDE_POINTS:
        cut = f"{cut.removesuffix('…')[:-1].rstrip()}…"
    return cut


def _short(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def apart(wanted: Sequence[float], least: float, low: float, high: float) -> list[float]:
    """Places near those wanted, in their order, no two nearer than ``least``."""
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    pools: list[tuple[float, list[int]]] = []  # the middle of some that stand together
    for number in order:
        pools.append((wanted[number], [number]))
        while len(pools) > 1 and pools[-1][0] - pools[-2][0] < least * (
            (len(pools[-1][1]) + len(pools[-2][1])) / 2
        ):
            (above, more), (under, fewer) = pools.pop(), pools.pop()
            both = fewer + more
            middle = (above * len(more) + under * len(fewer)) / len(both)
            half = least * (len(both) - 1) / 2
            pools.append((max(low + half, min(middle, high - half)), both))
    places = dict[int, float]()
    for middle, numbers in pools:
        start = middle - least * (len(numbers) - 1) / 2
        places |= {number: start + least * n for n, number in enumerate(numbers)}
    return [places[number] for number in range(len(wanted))]


def _legend(axes: Any, chart: Chart) -> None:
    """What the signs mean, of those that are there."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    steps = [step for line in chart.drawn for step in line.steps]
    passive = {w for s in steps if s.row["made"] == "passive" for w in s.row["causes"]}
    grey, found = "#444444", list[Any]()

    def mark(there: object, label: str, **drawn: Any) -> None:
        if there:
            found.append(Line2D([], [], color=grey, label=label, **drawn))

    moved = {step.row["made"] for step in steps}
    mark("own" in moved, "a movement of its own", marker="o", linestyle="")
    mark(
        passive, _short(f"by {', '.join(sorted(passive))}", 64), marker="o", linestyle="",
        markerfacecolor="white",
    )  # fmt: skip
    other = any(line.is_of_another_base for line in chart.drawn)
    disclosed = "disclosed, of the base beside the name" if other else "disclosed"
    mark(any(line.disclosed for line in chart.drawn), disclosed, linestyle="--")
    mark(
        any(s.then is not None for s in steps), "known on the day itself", linestyle=":", marker="x"
    )
    if any(s.row["earliest"] for s in steps):
        found.append(Patch(facecolor="none", edgecolor=grey, hatch="////", label="perhaps then"))
    if found:
        axes.legend(
            handles=found, loc="upper center", bbox_to_anchor=(0.5, -0.06), ncols=len(found),
            frameon=False, fontsize=8,
        )  # fmt: skip


def _terms(chart: Gantt) -> Any:
    rows = list[tuple[str, Lane | None]]()
    for lane in chart.lanes:
        if not any(one is not None and one.heading == lane.heading for _, one in rows):
            rows.append((_short(lane.heading, 52), None))
        rows.append((_short(lane.name, 56), lane))
    figure, axes = _figure(chart, 1.4 + 0.21 * max(len(rows), 3), 0.38, 0.97)
    axes.set_ylim(len(rows) - 0.3, -0.9)
    axes.grid(visible=True, axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    for place, (name, of) in enumerate(rows):
        axes.text(
            -0.012, place, visible(name), transform=axes.get_yaxis_transform(), ha="right",
            va="center", fontsize=8, weight="normal" if of else "bold",
        )  # fmt: skip
        for term in of.terms if of else ():
            _bar(axes, chart, term, place)
    axes.axvline(_day(chart.last), color="#D55E00", linewidth=1)
    _terms_legend(axes, chart)
    return figure


_FULL, _LIGHT = "#0072B2", "#9ecae1"


def _bar(axes: Any, chart: Gantt, term: Term, place: int) -> None:
    colour = _LIGHT if term.signed else _FULL
    start, end = _day(term.since), _day(term.ends)
    edge: dict[str, Any] = {"edgecolor": _FULL, "linewidth": 0.7, "height": 0.56}
    if end > start:
        axes.barh(place, end - start, left=start, color=colour, **edge)
    if term.fades_in:
        _fade(axes, (_day(term.earliest), start), place, colour, rising=True)
    if term.fades_out:
        _fade(axes, (end, _day(term.until)), place, colour, rising=False)
    if term.open and term.until == chart.last:
        axes.plot(
            [_day(term.until)], [place], ">", color=_FULL, markersize=5, clip_on=False, zorder=5
        )


def _fade(axes: Any, days: tuple[float, float], place: int, colour: str, *, rising: bool) -> None:
    """Days on which it is not certain: hatched, fainter the farther from where it is."""
    start, end = days
    parts = 6
    for part in range(parts):
        left = start + (end - start) * part / parts
        alpha = (part + 0.5) / parts if rising else 1 - (part + 0.5) / parts
        axes.barh(place, (end - start) / parts, left=left, color=colour, alpha=alpha * 0.8,
                  height=0.56, linewidth=0)  # fmt: skip
    axes.barh(
        place, end - start, left=start, color="none", edgecolor="#333333", hatch="////",
        linewidth=0, height=0.56,
    )  # fmt: skip


def _terms_legend(axes: Any, chart: Gantt) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    terms = [term for lane in chart.lanes for term in lane.terms]
    found: list[Any] = [Patch(color=_FULL, label="in force, or in office")]
    if any(term.signed for term in terms):
        found.append(Patch(facecolor=_LIGHT, edgecolor=_FULL, label="signed"))
    if any(term.fades_in or term.fades_out for term in terms):
        found.append(Patch(facecolor="none", edgecolor="#333333", hatch="////", label="perhaps"))
    if any(term.open for term in terms):
        found.append(Line2D([], [], color=_FULL, marker=">", linestyle="", label="goes on"))
    found.append(Line2D([], [], color="#D55E00", label=f"up to {chart.last}"))
    axes.legend(
        handles=found, loc="upper center", bbox_to_anchor=(0.3, -0.28 / axes.bbox.height * 144),
        ncols=len(found), frameon=False, fontsize=8,
    )  # fmt: skip
