"""Thresholds crossed and clauses broken, explained: the sums, then the events they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from cli.labels import Labels
from cli.plans.explain import References
from cli.plans.explain_others import SUMS, arithmetic, latest
from cli.plans.radar import crossed_on
from cli.screen import Block, Line
from projections.explain.explanation import Explanation
from projections.rows import Row


def why_radar(labels: Labels, issuer: str, holder: str) -> str:
    """The title of crossings."""
    who, of = labels.title("party", holder), labels.title("party", issuer)
    return f"Why {who} crossed thresholds in {of}"


def radar_blocks(explained: Explanation, labels: Labels, references: References) -> Iterator[Block]:
    """The crossings, the sums and the days counted, and the events that they rest on."""
    alike = groupby(explained.figure, lambda row: _crossing(row, "", labels))
    lines = [
        Line((_crossing(rows[0], ", ".join(str(one["threshold"]) for one in rows), labels),))
        for rows in (list(group) for _, group in alike)
    ]
    yield Block(SUMS, lines, "The figure")
    yield from arithmetic(explained, labels)
    yield from latest(explained.rows, labels, references, 4)


def _crossing(row: Row, thresholds: str, labels: Labels) -> str:
    """Some crossings that differ in their thresholds alone."""
    of = labels.name("class", row["share_class"]) if row["share_class"] else row["base"]
    before = f"{row['percent_before']}% to " if row["percent_before"] else ""
    words = [
        f"{crossed_on(row)}: {row['rule']}, {row['direction']} {thresholds}",
        f"{before}{row['percent_after']}% of {of.replace('-', ' ')}",
        row["kind"] if row["kind"] != "crossing" else "",
        "passive" if row["passive"] else "",
    ]
    return "; ".join(filter(None, words))


def why_breach(labels: Labels, agreement: str, clause: str | None) -> str:
    """The title of breaches."""
    what = f"{clause} of " if clause else "clauses of "
    return f"Why {what}{labels.title('agreement', agreement)} were broken"


def breach_blocks(
    explained: Explanation, labels: Labels, references: References
) -> Iterator[Block]:
    """What was broken, the sums on each side of it, and the events that it rests on."""
    yield Block(SUMS, [Line((_breach(row, labels),)) for row in explained.figure], "The figure")
    yield from arithmetic(explained, labels)
    yield from latest(explained.rows, labels, references, 4)


def _breach(row: Row, labels: Labels) -> str:
    who = f" by {labels.name('party', row['party'])}" if row["party"] else ""
    until = f"until {row['until']}" if row["until"] else "still"
    beside = f", {row['measured']} beside {row['limit']}" if row["measured"] else ""
    return f"{row['clause']}: {row['verdict']}{who}, from {row['from']} {until}{beside}"
