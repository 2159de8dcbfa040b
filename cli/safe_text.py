"""Text that cannot steer a terminal, whatever it holds."""

from __future__ import annotations

import unicodedata

JOINERS = "\u200c\u200d"  # parts of words in some scripts, and of emoji


def safe(text: str) -> str:
    """A line that cannot steer a terminal: controls shown as escapes, right-to-left isolated."""
    return isolated(visible(text))


def safe_lines(text: str) -> str:
    """Text of several lines, each made safe for a terminal."""
    return "\n".join(map(safe, text.split("\n")))


def visible(text: str) -> str:
    """Text in which every character that is not printed is shown as an escape."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() or c in JOINERS else c.encode("unicode_escape").decode() for c in text
    )


def isolated(line: str) -> str:
    """A line whose right-to-left text moves nothing that stands beside it."""
    text = line.strip(" ")
    if not any(unicodedata.bidirectional(c) in ("R", "AL") for c in text):
        return line
    return line.replace(text, f"\u2068{text}\u2069")


def filled(text: str, width: int, first: str = "", under: str = "") -> str:
    """Text broken into lines, each of them safe, that begin with ``first`` and then ``under``."""
    from textwrap import wrap

    lines = wrap(
        visible(text), width, initial_indent=first, subsequent_indent=under,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    return "\n".join(
        start + isolated(line.removeprefix(start))
        for start, line in zip([first, *[under] * len(lines)], lines, strict=False)
    )
