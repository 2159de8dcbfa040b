"""The audit report: what a ledger says at a cut, how far it was verified, what is to be tried."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from cli.answer_proof import rules
from cli.asking import QuestionCommand
from cli.context import check_known, check_policy
from cli.impact import change_words, crossing_words, event_words
from cli.labels import Labels
from cli.local import views_of
from cli.plans.closing import finished
from cli.printing.screens import part_of
from cli.printing.sheet import Sheet, sheet
from cli.question import hidden_words
from cli.render import cell_of, heading
from ledger.events.envelope import read_state
from ledger.events.upcasters import upcast
from ledger.proofs.snapshot import Snapshot
from ledger.proofs.verify import Report, Trust, verify
from ledger.storage.server import Place
from ledger.time.history import known_ids
from ledger.time.view import Cut, View
from ledger.transparency.signed_notes import Note, read_checkpoint
from ledger.values.refusals import Unhandled
from projections.answer import Answer, complete
from projections.columns import NAMED, name_column
from projections.consistency.checks import Checked
from projections.names import Names, name_rows
from projections.questions import Question
from projections.readmodel.index import Index
from projections.readmodel.past import Past
from projections.readmodel.rebuild import rebuilt_read_model
from projections.registers.audit import Request, audit_parts
from projections.registers.document import (
    Block,
    Box,
    Column,
    Document,
    Notes,
    Part,
    Signatures,
    Table,
    Terms,
    Verbatim,
    Words,
)
from projections.rows import Row
from projections.told import read

_POSSIBLE = ("effective_on", "event", "what", "why")
_RESTATED = ("position", "recorded_at", "known_on", "type", "amends", "kind", "because")
_OF_COMPANIES = frozenset(["issuer", "party", "subject"])


class AuditReport(NamedTuple):
    """The report as a sheet; whether verification and ``check`` found nothing wrong."""

    sheet: Sheet
    verified: bool
    checked: bool


def audit_report(
    path: Place,
    cut: Cut,
    asked: Request,
    trust: Trust,
    progress: Callable[[int], None],
    redact: bool = False,
) -> AuditReport:
    """The report of a ledger at a cut.

    Damaged where the events are not those that were recorded: nothing can be answered from them.
    """
    with Snapshot(path) as snapshot:
        report = verify(snapshot, trust, progress)
        report.checked.append(
            "The answers rest on the events of the log, read anew for this report."
        )
        notes = snapshot.notes()
        with _read_model(snapshot, views_of(path)) as index:
            return _report(index, cut, asked, report, notes[-1] if notes else None, trust, redact)


@contextmanager
def _read_model(snapshot: Snapshot, beside: Path) -> Iterator[Index]:
    """A read model made anew of the events of a snapshot, beside the one in use."""
    states = chain.from_iterable(snapshot.valid_pages())
    with rebuilt_read_model(beside, snapshot.id) as rebuild:
        rebuild.file(upcast(read_state(state)) for state in states)
        yield rebuild.finish()


def _report(
    index: Index,
    cut: Cut,
    asked: Request,
    report: Report,
    newest: Note | None,
    trust: Trust,
    redact: bool,
) -> AuditReport:
    from projections.consistency.checks import check
    from projections.questions import digest

    history = index.recorded_by(cut.recorded_by) if cut.recorded_by else index
    view = View(history, cut)
    check_policy(view)
    for issuer in asked.about:
        check_known(view, issuer, "party", "issuer")
    names, checked = Names(view), check(view)
    parts = [
        Part("Result", [*_verdicts(report, checked), _terms(report, asked, trust)]),
        *_found(report),
        _checks(view, checked),
        *_answers(view, names, asked.about),
        *audit_parts(view, asked),
        *(_restatements(view, names, Past(history).at, of) for of in asked.about or (None,)),
        Part("Checked", [Notes(report.checked or ["Nothing."])]),
        Part("Not checked", [Notes(report.unchecked)]),
        Part("The newest checkpoint", list(_checkpoint(newest))),
        Part("Signature", [Signatures(["Auditor", "For the company"])]),
    ]
    whose = ", ".join(names.name("party", id) for id in asked.about) or "Every company recorded"
    what = "What the ledger says, how far it was verified, and what is to be tried."
    document = Document("Audit report", whose, what, parts)
    made = sheet(view, document, _proofs(report, digest(view)), redact)
    return AuditReport(made, not report.findings, not checked.rows)


def _verdicts(report: Report, checked: Checked) -> Iterator[Block]:
    """The two verdicts, apart: on the events as they are stored, and on what they say."""
    from projections.consistency.checks import verdict

    wrong = bool(report.findings)
    found = "WRONG, see below" if wrong else "nothing wrong found; see below what was not checked"
    yield Box(f"Integrity: {found}", wrong)
    more = ", see below" if checked.rows or checked.warnings else ""
    yield Box(f"Check of the record: {verdict(checked)}{more}", bool(checked.rows))


def _terms(report: Report, asked: Request, trust: Trust) -> Terms:
    day = f"{trust.now:%Y-%m-%d}" if trust.now else ""
    return Terms(
        [
            ("Events", f"{report.events}, {report.covered}"),
            ("Period of the events listed", f"{asked.first} to {asked.last}"),
            ("Key of the ledger", str(trust.key) if trust.key else "none was given"),
            *(("Witness", str(key)) for key in trust.witnesses),
            ("Verified on", day),
        ]
    )


def _proofs(report: Report, digest: str) -> list[tuple[str, str]]:
    versions = rules() | {"Python": platform.python_version(), "SQLite": sqlite3.sqlite_version}
    return [
        ("Ledger", report.ledger),
        ("Events", f"{report.events:,}"),
        ("Root of the tree", report.root),
        ("Digest of the state", f"sha256 {digest}"),
        *((name, str(version)) for name, version in versions.items()),
    ]


def _found(report: Report) -> Iterator[Part]:
    """What verification found wrong, with the checkpoints that show it."""
    if not report.findings:
        return
    columns = (Column("Where"), Column("What is wrong"))
    blocks: list[Block] = [Table("Found", columns, [(p, wrong) for p, wrong in report.findings])]
    for note in report.evidence:
        blocks.append(Words("A checkpoint that contradicts it, to be kept as evidence:"))
        blocks.append(Verbatim(str(note).splitlines()))
    yield Part("Found", blocks)


def _checks(view: View, checked: Checked) -> Part:
    from cli.plans.check import check_screen

    labels = Labels(view)
    screen = finished(check_screen(checked, labels), checked, labels, view.cut)
    return part_of("Check of the record", screen)


def _checkpoint(newest: Note | None) -> Iterator[Block]:
    if newest is None:
        yield Words("No checkpoint has been signed for this ledger.")
        return
    yield Words(f"Of {read_checkpoint(newest).size} events.")
    yield Verbatim(str(newest).splitlines())


def _answers(view: View, names: Names, about: Sequence[str]) -> Iterator[Part]:
    """The answers of each question: about everything at once, or about company after company."""
    from projections.questions import QUESTIONS

    for question in QUESTIONS.values():
        if "report" in question.not_in:
            continue
        if question.whole is not None and not about:
            yield _answer(question, None, view, names)
        elif not about or not _OF_COMPANIES.isdisjoint(question.kinds):
            for subject in about or known_ids(view.history, question.kinds[0]):
                part = _answer(question, subject, view, names)
                if part.blocks or about:
                    yield Part(part.title, part.blocks or [Words("Nothing is recorded.")])


def _answer(question: Question, subject: str | None, view: View, names: Names) -> Part:
    """The answer to a question as a person reads it on a screen; empty where there is nothing."""
    from cli.main import command_of

    command = command_of(question.name)
    if not isinstance(command, QuestionCommand):
        raise Unhandled(f"the question {question.name}", "the audit report")
    title = question.title
    if subject is not None:
        title += f" {names.title(names.kind_of(subject) or question.kinds[0], subject)}"
    with command.asked((subject,) if subject else ()) as (asking, _):
        answer, labels = complete(view, asking.ask(view)), Labels(view)
        if not answer.rows and not answer.possible and subject and question.kinds != ("issuer",):
            return Part(title, [])
        if asking.screen is None:
            return _part(title, answer, asking.columns(question.shown), view, names)
        screen = finished(asking.screen(answer, labels), answer, labels, view.cut)
        if labels.again():
            screen = finished(asking.screen(answer, labels), answer, labels, view.cut)
        return part_of(title, screen)


def _restatements(view: View, names: Names, upto: Any, subject: str | None) -> Part:
    from projections.changes.restatements import restatements

    restated = restatements(view, upto, subject)
    for row in restated.rows:
        changed = row["changed"]
        for lines in (event_words(changed), change_words(changed), crossing_words(changed)):
            restated.notes += [f"#{row['position']}: {line}" for line in lines]
    of = f" of {names.name('party', subject)}" if subject else ""
    return _part(f"Restatements{of}", restated, _RESTATED, view, names)


def _part(
    title: str, answer: Answer[Any], columns: Sequence[str], view: View, names: Names
) -> Part:
    complete(view, answer)
    name_rows(answer, names)
    blocks: list[Block] = [Words("Nothing certain.")]
    if answer.rows:
        blocks = [_table(title, answer.rows, columns)]
    if answer.possible:
        blocks.append(_table(f"Possible: {title}", answer.possible, _POSSIBLE))
    told = (read(note, names.short) for note in answer.notes)
    if notes := [*told, *hidden_words(answer.hidden, view.cut)]:
        blocks.append(Notes(notes))
    return Part(title, blocks)


def _table(title: str, rows: Sequence[Row], columns: Sequence[str]) -> Table:
    texts = [tuple(_cell(row, column) for column in columns) for row in rows]
    return Table(title, tuple(_column(column) for column in columns), [*texts])


def _column(name: str) -> Column:
    return Column(heading(name), "number" if name in _NUMBERS else "text")


_NUMBERS = (
    *("shares", "votes", "percent", "votes_percent", "exercisable_percent", "after_caps_percent"),
    "position",
)


def _cell(row: Mapping[str, Any], column: str) -> str:
    """A value of a row, in which a name stands for an id that has one."""
    value, name = row.get(column), row.get(name_column(column)) if column in NAMED else None
    if isinstance(value, list) and isinstance(name, list):
        name = [called or id for id, called in zip(value, name, strict=True)]
    return cell_of({**row, column: name} if name else row, column)
