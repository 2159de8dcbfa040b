"""Cells of a drawn table."""

from __future__ import annotations

from typing import Any

from rich.containers import Lines
from rich.text import Text

from cli.safe_text import isolated


class Cell(Text):
    """Text that is isolated line by line, where it runs from right to left."""

    def wrap(self, *arguments: Any, **options: Any) -> Lines:
        lines = super().wrap(*arguments, **options)
        for line in lines:
            line.plain = isolated(line.plain)
        return lines
