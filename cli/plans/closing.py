"""What stands at the foot of every answer: what is possible, warnings, remarks, limits, signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cli.labels import Labels
from cli.plans.figures import dated
from cli.question import hidden_words, option_words
from cli.render import cut_words, nothing, policy_words
from cli.screen import DATES, Block, Column, Line, Screen, runs
from ledger.time.view import Cut
from ledger.values.dates import after
from projections.answer import Answer
from projections.told import read

_FLAT = (Column("possible"), Column("date"), Column("standing"), Column("why"), Column("event"))
_NARROW = (Column(most=DATES), Column(wrap=True))
_FEW = 2
_WARNED = (Column("warning", wrap=True), Column("event", from_width=100))


def finished(
    screen: Screen, answer: Answer[Any], labels: Labels, cut: Cut, notes: Sequence[str] = ()
) -> Screen:
    """A screen with the cut in its title, and at its foot all that every answer tells.

    ``notes`` are the answer's remarks as this screen words them.
    """
    words = [screen.title, *option_words(screen.title), cut_words(cut)]
    blocks = [*screen.blocks, *_possible(answer, labels, screen.counted), *_warned(answer, labels)]
    policy = [policy_words(cut.policy)] if cut.policy != "standing" else []
    limits = hidden_words(answer.hidden, cut)
    return replace(
        screen,
        title=", ".join(words),
        blocks=[block for run in runs(blocks) for block in _labelled(run, labels)],
        notes=[
            *screen.notes,
            *notes,
            *policy,
            *limits,
            *([] if labels.flat else labels.marks.legend()),
        ],
        ids=labels.ids,
        remark=screen.remark
        or ("" if answer.rows or answer.warnings is not None else nothing(answer)),
    )


def _labelled(run: Sequence[Block], labels: Labels) -> list[Block]:
    """Blocks with their column of ids, or without it where names or ids stand alone."""
    columns = run[0].columns
    kept = [n for n, column in enumerate(columns) if column.heading != "id"]
    if labels.how != "names":
        kept = [n for n in range(len(columns)) if n in kept or not _is_copy(run, n)]
    return [_with(block, kept) for block in run]


def _with(block: Block, kept: Sequence[int]) -> Block:
    """A block with some of its columns."""
    if len(kept) == len(block.columns):
        return block
    lines = [replace(line, cells=[line.cells[n] for n in kept]) for line in block.lines]
    return replace(block, columns=[block.columns[n] for n in kept], lines=lines)


def _is_copy(run: Sequence[Block], number: int) -> bool:
    """Whether a column says the same as the one before it."""
    lines = [line for block in run for line in block.lines]
    return bool(lines) and all(line.cells[number] in (line.cells[number - 1], "") for line in lines)


def _possible(answer: Answer[Any], labels: Labels, counted: Sequence[str]) -> list[Block]:
    """What may count; many of some types are only counted, where not every row is to be told."""
    if not answer.possible:
        return []
    lines = []
    many = [row for row in answer.possible if row["type"] in counted]
    folded = [] if labels.flat or len(many) <= _FEW else many
    for row in (row for row in answer.possible if row not in folded):
        what = labels.sentence(row["event"]) or row["what"]
        when = dated(row["effective_on"], row["at_latest"])
        standing, why = row["standing"], row["why"]
        if labels.flat:
            lines.append(Line((what, when, standing, why, row["event"])))
        else:
            sign = labels.marks.sign(standing)
            why = why.replace(f"was to come {after('in', when)}", "was to come")
            lines.append(Line((when, f"{what} ({'; '.join(filter(None, (sign, why)))})")))
    types = " or ".join(counted)
    more = [f"{len(folded)} more ({types}): --format json tells them"] if folded else []
    return [Block(_FLAT if labels.flat else _NARROW, lines, "Possible, not certain", more)]


def _warned(answer: Answer[Any], labels: Labels) -> list[Block]:
    lines = [
        Line((read(row["what"], labels.short), row["event"] or "-"))
        for row in answer.warnings or ()
    ]
    return [Block(_WARNED, lines, "Warnings")] if lines else []
