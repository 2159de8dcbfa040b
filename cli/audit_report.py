"""The printable audit report: what a ledger says at a cut, and how far it was verified."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from cli.answer_proof import rules
from cli.context import check_known, check_policy
from cli.impact import change_words, crossing_words, event_words
from cli.question import hidden_words
from cli.render import cell_of, cut_words, heading, policy_words
from cli.safe_text import safe
from ledger.events.envelope import read_state
from ledger.events.upcasters import upcast
from ledger.proofs.snapshot import Snapshot
from ledger.proofs.verify import Report, Trust, verify
from ledger.time.history import known_ids
from ledger.time.view import Cut, View
from ledger.transparency.signed_notes import Note, read_checkpoint
from projections.answer import Answer, complete
from projections.questions import Question
from projections.readmodel.index import Index, views_path
from projections.readmodel.past import Past
from projections.readmodel.rebuild import rebuilt_read_model
from projections.rows import Row

TEMPLATES = Path(__file__).with_name("templates")
_CHECK = ("check", "subject", "event", "what")
_POSSIBLE = ("effective_on", "event", "what", "why")
_RESTATED = ("position", "recorded_at", "known_on", "type", "amends", "kind", "because")


_OF_COMPANIES = frozenset(["issuer", "party", "subject"])


class Table(NamedTuple):
    """Rows as text under their headings."""

    headings: list[str]
    rows: list[list[str]]


class Section(NamedTuple):
    """A part of the report: a table of what is certain, one of what is possible, and remarks."""

    title: str
    table: Table
    possible: Table
    notes: list[str]


class Answers(NamedTuple):
    """What the record answers at a cut: what ``check`` finds, the sections of the report, and the
    digest of the whole state."""

    checked: Answer[Any]
    sections: list[Section]
    digest: str


class AuditReport(NamedTuple):
    """The report as HTML; whether verification and ``check`` found nothing wrong."""

    page: str
    verified: bool
    checked: bool


def audit_report(
    path: Path, cut: Cut, about: Sequence[str], trust: Trust, progress: Callable[[int], None]
) -> AuditReport:
    """The report of a ledger at a cut.

    Damaged where the events are not those that were recorded: nothing can be answered from them.
    """
    with Snapshot(path) as snapshot:
        report = verify(snapshot, trust, progress)
        notes = snapshot.notes()
        with _read_model(snapshot, views_path(path)) as index:
            answers = _answers(index, cut, about)
    report.checked.append("The answers rest on the events of the log, read anew for this report.")
    page = _page(report, notes[-1] if notes else None, answers, cut, trust)
    return AuditReport(page, not report.findings, not answers.checked.rows)


@contextmanager
def _read_model(snapshot: Snapshot, beside: Path) -> Iterator[Index]:
    """A read model made anew of the events of a snapshot, beside the one in use."""
    states = chain.from_iterable(snapshot.valid_pages())
    with rebuilt_read_model(beside, snapshot.id) as rebuild:
        rebuild.file(upcast(read_state(state)) for state in states)
        yield rebuild.finish()


def _answers(index: Index, cut: Cut, about: Sequence[str]) -> Answers:
    from projections.consistency.checks import check
    from projections.questions import digest

    history = index.recorded_by(cut.recorded_by) if cut.recorded_by else index
    view = View(history, cut)
    check_policy(view)
    for issuer in about:
        check_known(view, issuer, "party", "issuer")
    return Answers(check(view), list(_sections(view, about, Past(history).at)), digest(view))


def _sections(view: View, about: Sequence[str], upto: Any) -> Iterator[Section]:
    from projections.changes.restatements import restatements
    from projections.questions import QUESTIONS

    for question in QUESTIONS.values():
        if "report" not in question.not_in:
            yield from _of_question(question, view, about)
    restated = restatements(view, upto)
    for row in restated.rows:
        changed = row["changed"]
        for lines in (event_words(changed), change_words(changed), crossing_words(changed)):
            restated.notes += [f"#{row['position']}: {line}" for line in lines]
    yield _section("Restatements", restated, _RESTATED, view)


def _of_question(question: Question, view: View, about: Sequence[str]) -> Iterator[Section]:
    """The answers of a question: about everything at once, or about one company after another."""
    if question.whole is not None and not about:
        yield _section(question.title, question.whole(view), question.shown, view)
        return
    if about and _OF_COMPANIES.isdisjoint(question.kinds):
        return
    for subject in about or known_ids(view.history, question.kinds[0]):
        answer = question.ask(view, subject)
        for row in answer.rows:
            answer.notes += [f"{row['holder']}: {line}" for line in row.get("reasons", ())]
        if answer.rows or answer.possible or about or question.kinds == ("issuer",):
            yield _section(f"{question.title} {subject}", answer, question.shown, view)


def _section(title: str, answer: Answer[Any], columns: Sequence[str], view: View) -> Section:
    complete(view, answer)
    return Section(
        safe(title),
        _table(answer.rows, columns),
        _table(answer.possible, _POSSIBLE),
        list(map(safe, [*answer.notes, *hidden_words(answer.hidden, view.cut)])),
    )


def _table(rows: Sequence[Row], columns: Sequence[str]) -> Table:
    texts = [[safe(cell_of(row, column)) for column in columns] for row in rows]
    return Table([heading(column) for column in columns], texts)


def _page(report: Report, newest: Note | None, answers: Answers, cut: Cut, trust: Trust) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from projections.consistency.checks import verdict

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    checked, sections, digest = answers
    policy = [policy_words(cut.policy)] if cut.policy != "standing" else []
    versions = rules() | {"Python": platform.python_version(), "SQLite": sqlite3.sqlite_version}
    return environment.get_template("report.html").render(
        ledger=safe(report.ledger),
        events=report.events,
        root=report.root,
        covered=report.covered,
        verdict=verdict(checked),
        wrong=_table(checked.rows, _CHECK),
        warnings=_table(checked.warnings or (), _CHECK),
        remarks=list(map(safe, checked.notes)),
        digest=digest,
        cut=safe(cut_words(cut)),
        policy=list(map(safe, policy)),
        key=safe(str(trust.key)) if trust.key else None,
        witnesses=[safe(str(key)) for key in trust.witnesses],
        checkpoint=_lines(newest) if newest else [],
        checkpoint_size=read_checkpoint(newest).size if newest else 0,
        findings=[[safe(place), safe(wrong)] for place, wrong in report.findings],
        evidence=[_lines(note) for note in report.evidence],
        checked=list(map(safe, report.checked)),
        unchecked=list(map(safe, report.unchecked)),
        sections=sections,
        versions={name: safe(version) for name, version in versions.items()},
        written_at=trust.now.strftime("%Y-%m-%dT%H:%M:%SZ") if trust.now else "",
    )


def _lines(note: Note) -> list[str]:
    return list(map(safe, str(note).splitlines()))
