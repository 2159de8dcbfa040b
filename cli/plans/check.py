"""Checks: what agrees in one line, then what was found, then what could not be compared."""

from __future__ import annotations

from collections.abc import Iterator

from cli.labels import Labels
from cli.plans.evidence import evidence
from cli.screen import Block, Column, Line, Screen
from projections.consistency.checks import CHECKS, Checked, Uncompared
from projections.rows import FindingRow
from projections.told import how_many, read

_COLUMNS = (Column(), Column(wrap=True))


def check_screen(answer: Checked, labels: Labels) -> Screen:
    """What checks found as a person reads it."""
    found, unchecked = len(answer.rows), len(answer.unchecked)
    words = [how_many(found, "finding") if found else "nothing wrong found"]
    warnings = len(answer.warnings or ()) + answer.unlisted
    words += [how_many(warnings, "warning")] if warnings else []
    words += [f"{how_many(unchecked, 'statement')} could not be checked"] if unchecked else []
    sound = len(CHECKS) - len({row["check"] for row in answer.rows})
    agree = f"{sound} checks; {answer.agreeing} disclosed or asserted figures agree"
    lines = [Line(("ok", agree)), *_findings(answer, labels)]
    lines += [_unchecked(one, labels) for one in answer.unchecked]
    told = {one.sentence for one in answer.unchecked}
    notes = [labels.read(note) for note in answer.notes[1:] if note not in told]
    return Screen(f"Check: {', '.join(words)}", [Block(_COLUMNS, lines)], notes)


def _findings(answer: Checked, labels: Labels) -> Iterator[Line]:
    labels.gather_parties(row["subject"] for row in answer.rows)
    labels.gather_sources(row["event"] for row in answer.rows if row["event"])
    for row in answer.rows:
        under = [evidence(labels, row["event"])] if row["event"] else []
        yield Line(("no", f"{_subject(row, labels)}: {read(row['what'], labels.short)}"), under)


def _subject(row: FindingRow, labels: Labels) -> str:
    subject = row["subject"]
    return f"{row['check'].replace('-', ' ')}, {labels.name(labels.kind_of(subject), subject)}"


def _unchecked(one: Uncompared, labels: Labels) -> Line:
    issuer = labels.short("party", one.issuer)
    words = f"{issuer} ({one.when}): {read(one.why, labels.short)}"
    return Line(("?", words), [evidence(labels, one.event)])
