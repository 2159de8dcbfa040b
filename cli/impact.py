"""The impact of new events in words: what changes, from when until when, by which events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from cli.render import cell, qualified
from cli.safe_text import filled
from ledger.model.movements import CANCELLING
from projections.rows import ChangeRow, CrossingRow, ImpactFields, RestatedRow
from projections.sentences import Naming, class_words, event_name
from projections.told import read

MOST_LINES = 40
WIDTH = 80
MOST_OF_SUMMARY = 8
FEW_THRESHOLDS = 6  # that are told one by one


def impact_lines(
    impact: ImpactFields, would: bool, names: Naming, most: int = MOST_LINES
) -> Iterator[str]:
    """The impact under headings, for a person, each part in so many lines at most."""
    it = "It would" if would else "It"
    ending, crossed = ("", "would add or remove") if would else ("s", "adds or removes")
    few = most if most == MOST_LINES else most // 2
    parts = (
        (f"{it} restate{ending}", event_words(impact, names), few),
        (f"{it} change{ending}", _grouped(impact["changes"], names), most),
        (f"Crossings of thresholds it {crossed}", crossing_words(impact, names), few),
    )
    for heading, lines, shown in parts:
        if lines:
            yield heading
            yield from map(_indented, _shortened(lines, shown))
    if not impact["changes"]:
        yield f"{it} change{ending} no answer asked with everything known."
    if any(row["known"][0] != row["known"][1] for row in impact["events"]):
        yield "Answers asked with --known-by can differ where a known date moved."
    yield from (filled(note, WIDTH, "* ", "  ") for note in impact["notes"])


def _indented(line: str) -> str:
    start = "  " + line[: len(line) - len(line.lstrip())]
    return filled(line.lstrip(), WIDTH, start, f"{start}  ")


def change_words(impact: ImpactFields, names: Naming | None = None) -> list[str]:
    """One line for each interval in which a row of an answer differs."""
    return [f"{_heading(change, names)}: {_change(change, names)}" for change in impact["changes"]]


def _grouped(changes: Sequence[ChangeRow], names: Naming) -> list[str]:
    """The changes under a line for each answer and interval."""
    lines: dict[str, list[str]] = {}
    for change in changes:
        lines.setdefault(_heading(change, names), []).append(f"  {_change(change, names)}")
    return [line for heading, found in lines.items() for line in (heading, *found)]


def _heading(change: ChangeRow, names: Naming | None = None) -> str:
    subject = change["subject"]
    if names is not None:
        subject = names.short(names.kind_of(subject), subject)
    return f"{change['answer']} {subject}, {interval_words(change)}"


def _row(change: ChangeRow, names: Naming | None) -> str:
    """What tells the row from others."""
    return change["row"] if names is None else read(change["row"], names.short, ", ")


def _change(change: ChangeRow, names: Naming | None = None) -> str:
    sides = [{name: both[side] for name, both in change["fields"].items()} for side in (0, 1)]
    shown_rows = [
        (name, *(qualified(change["answer"], name, side) for side in sides))
        for name, both in change["fields"].items()
        if both[0] != both[1]
    ]
    if change["change"] == "changed":
        fields = ", ".join(f"{_name(name)} {old} -> {new}" for name, old, new in shown_rows)
        return f"{_row(change, names)}: {fields}"
    side, word = (0, "no longer") if change["change"] == "gone" else (1, "new")
    fields = ", ".join(f"{_name(name)} {values[side]}" for name, *values in shown_rows)
    return f"{word}: {_row(change, names)}{': ' if fields else ''}{fields}"


def interval_words(change: ChangeRow) -> str:
    """An interval as it is read: both ends are days of the answer, the second excluded."""
    since, until = change["from"], change["until"]
    if since is None:
        return "at every date" if until is None else f"until {until} (not included)"
    return f"from {since} on" if until is None else f"from {since} until {until} (not included)"


def crossing_words(impact: ImpactFields, names: Naming | None = None) -> list[str]:
    """One line for the crossings of thresholds that the change adds or takes away at once."""
    alike = groupby(
        impact["crossings"],
        lambda row: {name: value for name, value in row.items() if name != "threshold"},
    )
    return [_crossings(list(rows), names) for _, rows in alike]


def event_words(impact: ImpactFields, names: Naming | None = None) -> list[str]:
    """One line for each earlier event that reads otherwise."""
    return [_event(row, names) for row in impact["events"]]


def _crossings(rows: Sequence[CrossingRow], names: Naming | None) -> str:
    """Crossings that differ in their thresholds alone; of many the first and the last."""
    row, thresholds = rows[0], [str(one["threshold"]) for one in rows]
    told = ", ".join(thresholds)
    if len(thresholds) > FEW_THRESHOLDS:
        told = f"{len(thresholds)} thresholds from {thresholds[0]} to {thresholds[-1]}"
    holder, of = row["holder"], row["share_class"] or row["issuer"]
    if names is not None:
        holder = names.short("party", holder)
        of = class_words(names, of) if "/" in of else names.short("party", of)
    passed = "reaches" if row["direction"] == "up" else "falls below"
    what = f"{told}% of the {row['of']} of {of}"
    if names is not None and row["of"] == "issued shares":
        what = f"{told}% of the issued {of}"
    events = ", ".join(
        f"{event['type']} {event_name(names.view, event['event']) if names else event['event']}"
        for event in row["events"]
    )
    line = f"{row['change']}: {holder} {passed} {what} on {row['day']}"
    if events:
        line += f" ({events})"
    if row["own_number_unchanged"]:
        line += f"; its own number stays the same, {_total_changes(row)}"
    return line


def _total_changes(row: CrossingRow) -> str:
    """By what the total changes, where a holder's own number does not."""
    types = {event["type"] for event in row["events"]}
    if "shares-repurchased" in types:
        return "shares are bought back"
    return "the total changes" if types.isdisjoint(CANCELLING) else "shares are cancelled"


def _event(row: RestatedRow, names: Naming | None) -> str:
    position, key = f"#{row['position']}", row["event"]
    known = event_name(names.view, key) if names else key
    name = position if known == position else f"{position} {key}"
    stood, stands = row["stands"]
    if stood and not stands:
        return f"{name} no longer stands"
    parts = [] if stood else ["stands again"]
    if stood and row["known"][0] != row["known"][1]:
        since = [f"from {day}" if day else "at every date" for day in row["known"]]
        parts.append(f"is known {since[1]} instead of {since[0]}")
    if stood and row["at_latest"][0] != row["at_latest"][1]:
        by = [f"by {day}" if day else "by the end of its date" for day in row["at_latest"]]
        parts.append(f"has happened {by[1]} instead of {by[0]}")
    if row["fields"]:
        parts.append(_fields(row["fields"]))
    return f"{name}: {'; '.join(parts)}"


def _fields(fields: dict[str, list[Any]]) -> str:
    return ", ".join(
        f"{_name(name)} {_value(before, name)} -> {_value(after, name)}"
        for name, (before, after) in fields.items()
    )


def _name(field: str) -> str:
    return field.replace("_", " ")


def _value(value: Any, name: str) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        shown_rows = ([str(item[name]) for name in sorted(item, reverse=True)] for item in value)
        return "; ".join(map(" ".join, shown_rows))  # a source before its locator
    return cell(value, name)


def _shortened(lines: Sequence[str], most: int) -> list[str]:
    if len(lines) <= most:
        return list(lines)
    how = "--json" if most == MOST_LINES else "--impact"
    return [*lines[:most], f"and {len(lines) - most} more; {how} shows them all"]
