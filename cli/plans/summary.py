"""Summaries: what a long answer begins with, cut down to a number of lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cli.screen import Block, Screen, laid_out

MOST_LINES = 40
_WIDTH = 80  # cells for which a summary is measured, so that it is the same wherever it is shown
_ALL = "All of it: --full"


def summarised(screen: Screen) -> Screen:
    """A screen of no more lines than a summary has; what is left out is counted.

    Every block keeps as many of its first lines as there is room for; where there are too many
    blocks, the first ones are kept.
    """
    if _fits(screen):
        return screen
    for blocks in range(len(screen.blocks), 0, -1):
        kept = [1] * blocks
        if _fits(_cut(screen, kept)):
            return _cut(screen, _widened(screen, kept))
    return _cut(screen, [])


def _widened(screen: Screen, kept: list[int]) -> list[int]:
    """How many lines each block keeps: one more for each in turn, while there is room."""
    growing = set(range(len(kept)))
    while growing:
        for place in sorted(growing):
            more = [count + (n == place) for n, count in enumerate(kept)]
            if more[place] <= len(screen.blocks[place].lines) and _fits(_cut(screen, more)):
                kept = more
            else:
                growing.discard(place)
    return kept


def _cut(screen: Screen, kept: Sequence[int]) -> Screen:
    """A screen with so many lines of its first blocks."""
    left = len(screen.blocks) - len(kept)
    more = f"{left} more part{'' if left == 1 else 's'}. " if left else ""
    blocks = [_shortened(block, count) for block, count in zip(screen.blocks, kept, strict=False)]
    told = any(note.endswith("--full") for note in screen.notes) and not more
    return replace(screen, blocks=blocks, notes=[*screen.notes, *([] if told else [more + _ALL])])


def _fits(screen: Screen) -> bool:
    return sum(1 for _ in laid_out(screen, _WIDTH)) <= MOST_LINES


def _shortened(block: Block, kept: int) -> Block:
    left = len(block.lines) - kept
    if left <= 0:
        return block
    return replace(block, lines=block.lines[:kept], closing=[f"{left} more", *block.closing])
