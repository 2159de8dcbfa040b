"""The guides to event types, as the help of `append` shows them."""

from __future__ import annotations

from textwrap import wrap

import click

from ledger.vocabulary.guides import GUIDES, TOPICS

_LEFT = max(map(len, TOPICS)) + 4  # cells before the types of a topic


def write_types(formatter: click.HelpFormatter) -> None:
    """The names of the types by topic, none of them broken."""
    formatter.write("\nTypes (`stakebook events WORDS` finds one, `events TYPE` explains it):\n")
    for name, topic in TOPICS.items():
        lines = wrap(
            ", ".join(guide.type for guide in topic.guides),
            max(formatter.width - _LEFT, _LEFT),
            break_long_words=False,
            break_on_hyphens=False,
        )
        for left, line in zip([name, *[""] * len(lines)], lines, strict=False):
            formatter.write(f"  {left:{_LEFT - 2}}{line}\n")


def when_to_use(type_name: str) -> str:
    """When a type is the right one, and when another."""
    guide = GUIDES[type_name]
    return f"Use it when: {guide.when}\n\nNot when: {guide.unless}"
