"""Claims: what sources say of one attribute together, the oldest first, hedges kept."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from operator import itemgetter

from cli.labels import Labels
from cli.plans.figures import UNKNOWN, dated, joined, listed
from cli.screen import DATES, Block, Column, Line, Screen
from ledger.values.dates import place_of
from projections.answer import Answer
from projections.rows import ClaimRow
from projections.sentences import money_words
from projections.told import grouped

_COLUMNS = (
    Column(), Column("", "right"), Column("claimed", wrap=True), Column("date", most=DATES),
    Column("source", wrap=True, yields=2),
    Column("note", wrap=True, from_width=120, yields=1), Column("standing", from_width=120),
)  # fmt: skip
_FLAT = tuple(
    Column(heading, "right" if heading == "others" else "left")
    for heading in (
        "attribute", "value", "nature", "said by", "date", "known", "standing", "sources",
        "preferred", "others", "event", "note",
    )
)  # fmt: skip


def claims_screen(subject: str, answer: Answer[ClaimRow], labels: Labels) -> Screen:
    """The claims about a subject as a person reads them."""
    rows = sorted(
        answer.rows,
        key=lambda row: (
            row["attribute"],
            place_of(row["effective_on"], row["at_latest"]),
            row["events"],
        ),
    )
    if labels.flat:
        blocks = [Block(_FLAT, [_flat(row, labels) for row in rows])] if rows else []
    else:
        line = partial(_line, labels=labels)
        groups = [(name, list(found)) for name, found in groupby(rows, itemgetter("attribute"))]
        blocks = [
            Block(_COLUMNS, [*map(line, found)], name.replace("-", " "), headed=False)
            for name, found in groups
        ]
    title = f"Claims about {labels.heading(labels.kind_of(subject), subject)}"
    return Screen(title, blocks, [labels.read(note) for note in answer.notes])


def _line(row: ClaimRow, labels: Labels) -> Line:
    marks, cited = labels.marks, list(dict.fromkeys(row["sources"]))
    sources = "".join(map(labels.publisher, cited))
    if len(cited) > 1:
        sources = labels.evidence(row["events"], f"{len(cited)} sources")
    disputed = "disputed" if row["others"] or not row["preferred"] else None
    preferred = "preferred" if row["others"] and row["preferred"] else None
    when = f"{marks.sign(row['standing']):1} {dated(row['effective_on'], row['at_latest'])}"
    cells = (
        marks.sign(disputed) + marks.sign(preferred),
        marks.sign(row["qualifier"]), _value(row) + _said(row, labels), when,
        sources or "no source",
        row["note"] or "", row["standing"],
    )  # fmt: skip
    return Line(cells)


def _flat(row: ClaimRow, labels: Labels) -> Line:
    how = row["qualifier"]
    words = "" if how == "exactly" else how.replace("-", " ")
    return Line((
        row["attribute"], joined(words, _value(row)), row["nature"],
        listed(_speakers(row, labels)) or UNKNOWN, dated(row["effective_on"], row["at_latest"]),
        row["known_on"] or UNKNOWN, row["standing"],
        "; ".join(labels.name("source", one) for one in dict.fromkeys(row["sources"])) or UNKNOWN,
        "yes" if row["preferred"] else "no", str(row["others"]), listed(row["events"]),
        row["note"] or UNKNOWN,
    ))  # fmt: skip


def _said(row: ClaimRow, labels: Labels) -> str:
    """That it is a target, a forecast or an opinion, and who holds it."""
    nature = [row["nature"]] if row["nature"] != "fact" else []
    words = [*nature, *_speakers(row, labels)]
    return f" ({listed(words)})" if words else ""


def _speakers(row: ClaimRow, labels: Labels) -> list[str]:
    return [labels.short("party", id) for id in (row["person"], row["speaker"]) if id]


def _value(row: ClaimRow) -> str:
    """What is claimed, numbers grouped, with its unit."""
    return joined(money_words(grouped(row["value"])), row["unit"] or "")
