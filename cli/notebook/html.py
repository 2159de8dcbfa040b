"""Answers as HTML in a notebook: the screen that a person reads, as a table with a caption."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from html import escape

from cli.safe_text import visible
from cli.screen import Block, Column, Line, Screen, laid_out, runs

_LEFT, _RIGHT = "text-align:left", "text-align:right"
_CAPTION = f"caption-side:top;{_LEFT};font-weight:bold"


def html(screen: Screen, supposed: str = "") -> str:
    """A screen as HTML; what is supposed stands before its title."""
    title = _title(screen, supposed)
    parts = [f"<p>{_text(screen.remark)}</p>"] if screen.remark else []
    tables = [table for run in runs(screen.blocks) for table in _tables(run)]
    if not tables:
        parts.insert(0, f"<p><strong>{_text(title)}</strong></p>")
    for number, table in enumerate(tables):
        caption = f'<caption style="{_CAPTION}">{_text(title)}</caption>' if not number else ""
        parts.append(f"<table>{caption}{table}</table>")
    if screen.notes:
        notes = "".join(f"<li>{_text(note)}</li>" for note in screen.notes)
        parts.append(f"<ul>{notes}</ul>")
    return f"<div>{''.join(parts)}</div>"


def figure(screen: Screen, svg: str, supposed: str) -> str:
    """A picture, which has its title in it, as an image: its names and styles stay its own."""
    lines = [_title(screen, supposed), *list(laid_out(screen, None))[1:]]
    told = escape("\n".join(map(visible, lines)))
    source = f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
    return f'<img src="{source}" alt="{told}" style="max-width:100%">'


def _title(screen: Screen, supposed: str) -> str:
    said = not supposed or screen.title.startswith(supposed)
    return screen.title if said else f"{supposed}: {screen.title}"


def _tables(run: list[Block]) -> Iterator[str]:
    """The blocks of one shape: one head, and a body each."""
    shown = [
        place
        for place in range(len(run[0].columns))
        if any(line.cells[place] for block in run for line in block.lines)
    ]
    columns = [run[0].columns[place] for place in shown]
    headings = "".join(
        f'<th scope="col" style="{_side(column)}">{_text(column.heading)}</th>'
        for column in columns
    )
    head = f"<thead><tr>{headings}</tr></thead>" if any(c.heading for c in columns) else ""
    bodies = "".join(_body(block, shown, columns) for block in run)
    if bodies:
        yield head + bodies


def _body(block: Block, shown: list[int], columns: list[Column]) -> str:
    wide = max(len(columns), 1)
    lines = [_across(block.heading, wide, "th")] if block.heading else []
    lines += [row for line in block.lines for row in _rows(line, shown, columns)]
    lines += [_across(text, wide) for text in block.closing]
    return f"<tbody>{''.join(lines)}</tbody>" if lines else ""


def _rows(line: Line, shown: list[int], columns: list[Column]) -> Iterator[str]:
    cells = (
        f'<td style="{_side(column)}">{_text(line.cells[place])}</td>'
        for place, column in zip(shown, columns, strict=True)
    )
    yield f"<tr>{''.join(cells)}</tr>"
    yield from (_across(text, max(len(columns), 1)) for text in line.under)


def _across(text: str, wide: int, cell: str = "td") -> str:
    return f'<tr><{cell} colspan="{wide}" style="{_LEFT}">{_text(text)}</{cell}></tr>'


def _side(column: Column) -> str:
    return _RIGHT if column.align == "right" else _LEFT


def _text(text: str) -> str:
    return f"<bdi>{escape(visible(text))}</bdi>" if not text.isascii() else escape(visible(text))
