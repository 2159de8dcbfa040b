"""The printable audit report: what a ledger says at a cut, and how far it was verified."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Callable, Iterator, Sequence
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

TEMPLATES = Path(__file__).with_name("templates")
_CHECK = ("check", "subject", "event", "what")
_POSSIBLE = ("effective_on", "event", "what", "why")
_HOLDINGS = ("holder", "shares", "percent", "percent_of", "capacity", "basis")
_VOTES = ("holder", "votes", "votes_percent", "exercisable_percent", "after_caps_percent")
_GOVERNANCE = ("kind", "party", "person", "role", "since", "what")
_RESTATED = ("position", "recorded_at", "known_on", "type", "amends", "kind", "because")


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
        checked, sections, digest = _answers(path, cut, about, snapshot)
    report.checked.append("The answers rest on the events of the log, read anew for this report.")
    newest = notes[-1] if notes else None
    page = _page(report, newest, checked, sections, digest, cut, trust)
    return AuditReport(page, not report.findings, not checked.rows)


def _answers(
    path: Path, cut: Cut, about: Sequence[str], snapshot: Snapshot
) -> tuple[Answer, list[Section], str]:
    """What check finds, the sections and the digest of the state, from a read model made anew."""
    from projections.consistency.checks import check
    from projections.questions import digest
    from projections.readmodel.index import views_path
    from projections.readmodel.past import Past
    from projections.readmodel.rebuild import rebuilt_read_model

    states = chain.from_iterable(snapshot.valid_pages())
    with rebuilt_read_model(views_path(path), snapshot.id) as fresh:
        fresh.file(upcast(read_state(state)) for state in states)
        index = fresh.finish()
        history = index.recorded_by(cut.recorded_by) if cut.recorded_by else index
        view = View(history, cut)
        check_policy(view)
        for issuer in about:
            check_known(view, issuer, "party", "issuer")
        return check(view), list(_sections(view, about, Past(history).at)), digest(view)


def _sections(view: View, about: Sequence[str], upto: Any) -> Iterator[Section]:
    from projections.changes.restatements import restatements
    from projections.subjects.governance import governance
    from projections.subjects.holdings import basis_words, holdings
    from projections.subjects.votes import votes

    for issuer in about or known_ids(view.history, "issuer"):
        held = holdings(view, issuer)
        held.rows = [row | {"basis": basis_words(row)} for row in held.rows]
        yield _section(f"Holdings in {issuer}", held, _HOLDINGS, view)
        cast = votes(view, issuer)
        cast.notes += [f"{row['holder']}: {line}" for row in cast.rows for line in row["reasons"]]
        yield _section(f"Votes in {issuer}", cast, _VOTES, view)
    for company in about or known_ids(view.history, "party"):
        found = governance(view, company)
        if found.rows or found.possible or about:
            yield _section(f"Governance of {company}", found, _GOVERNANCE, view)
    restated = restatements(view, upto)
    for row in restated.rows:
        words = (event_words(row["changed"]), change_words(row["changed"]))
        for lines in (*words, crossing_words(row["changed"])):
            restated.notes += [f"#{row['position']}: {line}" for line in lines]
    yield _section("Restatements", restated, _RESTATED, view)


def _section(title: str, answer: Answer, columns: Sequence[str], view: View) -> Section:
    complete(view, answer)
    return Section(
        safe(title),
        _table(answer.rows, columns),
        _table(answer.possible, _POSSIBLE),
        list(map(safe, [*answer.notes, *hidden_words(answer.hidden, view.cut)])),
    )


def _table(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> Table:
    texts = [[safe(cell_of(row, column)) for column in columns] for row in rows]
    return Table([heading(column) for column in columns], texts)


def _page(
    report: Report, newest: Note | None, checked: Answer, sections: list[Section], digest: str,
    cut: Cut, trust: Trust,
) -> str:  # fmt: skip
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from projections.consistency.checks import verdict

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    policy = [policy_words(cut.policy)] if cut.policy != "standing" else []
    told = rules() | {"Python": platform.python_version(), "SQLite": sqlite3.sqlite_version}
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
        versions={name: safe(version) for name, version in told.items()},
        written_at=trust.now.strftime("%Y-%m-%dT%H:%M:%SZ") if trust.now else "",
    )


def _lines(note: Note) -> list[str]:
    return list(map(safe, str(note).splitlines()))
