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
    if line.isascii():
        return line
    text = line.strip(" ")
    if not any(unicodedata.bidirectional(c) in ("R", "AL") for c in text):
        return line
    return line.replace(text, f"\u2068{text}\u2069")


def cells_of(text: str) -> int:
    """How many cells of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # ASCII does without

    return cell_len(text)


def filled(text: str, width: int, first: str = "", under: str = "") -> str:
    """Text broken into lines, each of them safe, that begin with ``first`` and then ``under``.

    A word is never broken, so that an address or a hash can be copied.
    """
    lines, room = [""], width - cells_of(first)
    for word in visible(text).split():
        line = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and cells_of(line) > room:
            lines.append(word)
            room = width - cells_of(under)
        else:
            lines[-1] = line
    starts = [first, *[under] * len(lines)]
    return "\n".join(start + isolated(line) for start, line in zip(starts, lines, strict=False))
