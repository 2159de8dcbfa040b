"""Reading a file of tables: from bytes to drafts of events, losses, and what is open.

A reader is a pure function. What it gives passes the same gate and rules as any other event.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Pairs
from pathlib import PurePath
from typing import Any, NamedTuple, Protocol

from ledger.events.base import RecordKeeping
from ledger.events.registry import event_types
from ledger.events.validation import make_event
from ledger.formats.cells import Sheet
from ledger.formats.csv_cells import read_csv
from ledger.formats.drafts import Made, digest
from ledger.formats.findings import Findings, Problem
from ledger.formats.losses import Loss, Report
from ledger.formats.mapping import Mapping, checked_namespace
from ledger.formats.request import Request
from ledger.formats.snapshot import Position
from ledger.formats.tables import TableRead, looks_like_table, read_sheet
from ledger.formats.xlsx_cells import read_xlsx
from ledger.intake.event_files import Entry
from ledger.values.dates import parse_partial
from ledger.values.refusals import Refusal, Refused, shown

VERSION = "1"  # of the mapping, which is what a table is read by
_WHOLE = "sheet"


class Reading(NamedTuple):
    """What a file gives: entries to record, or problems; and what is lost."""

    entries: Sequence[Entry]
    problems: Sequence[Problem]
    report: Report
    mappings: Sequence[Mapping]
    tables: Sequence[TableRead]
    remarks: Sequence[str]

    @property
    def positions(self) -> Sequence[Position]:
        """The positions of a snapshot."""
        return [one for table in self.tables for one in table.positions]


class Reader(Protocol):
    """A format that can be read."""

    @property
    def name(self) -> str:
        """Its name after --from."""

    @property
    def version(self) -> str:
        """The version that is read."""

    def read(self, raw: bytes, request: Request) -> Reading:
        """What a file of the format gives."""


class SpreadsheetReader(NamedTuple):
    """A reader of tables; ``open`` gives the sheets of a file."""

    name: str
    version: str
    open: Callable[[bytes, str, Mapping], Sequence[Sheet]]

    def read(self, raw: bytes, request: Request) -> Reading:
        """What the tables of a file give."""
        sheets = self.open(raw, request.name, request.mappings[0])
        unread = Findings()
        chosen = _choose(sheets, request, unread)
        tables = [read_sheet(sheet, mapping, request) for sheet, mapping in chosen]
        named = _namespace(request, unread)
        dated = _published(request, unread)
        source = _source(self.name, raw, request, tables, unread, named, dated)
        prefix = f"{request.prefix or self.name}/{named}/"
        found = [*unread.problems, *(p for table in tables for p in table.found.problems)]
        problems = [*{str(problem.refused): problem for problem in found}.values()]
        entries = [] if problems or request.comparing else _entries(
            prefix, source, tables, problems
        )  # fmt: skip
        losses = [*unread.losses, *(one for table in tables for one in table.found.losses)]
        report = Report(
            self.name, self.version, sum(table.objects for table in tables),
            sum(table.touched for table in tables), sum(table.refused for table in tables), losses,
        )  # fmt: skip
        common = {"namespace": named, "published-on": dated}
        mappings = [
            mapping.whole(_full(table, common, source, request))
            for table, (_, mapping) in zip(tables, chosen, strict=True)
            if mapping.first
        ]
        remarks = [remark for table in tables for remark in table.found.remarks]
        return Reading(entries, problems, report, mappings, tables, remarks)


def _csv(raw: bytes, name: str, mapping: Mapping) -> Sequence[Sheet]:
    return [read_csv(raw, name, mapping.text("encoding"), mapping.text("delimiter"))]


def _xlsx(raw: bytes, name: str, mapping: Mapping) -> Sequence[Sheet]:  # noqa: ARG001
    return read_xlsx(raw, name)


READERS: tuple[Reader, ...] = (
    SpreadsheetReader("csv", VERSION, _csv),
    SpreadsheetReader("xlsx", VERSION, _xlsx),
)


def reader_of(format: str) -> Reader:
    """The reader of a format by its name."""
    for reader in READERS:
        if reader.name == format:
            return reader
    raise Refused(
        Refusal.BAD_CHOICE,
        f"{shown(format)} is not a format that is read.",
        f"Write {' or '.join(reader.name for reader in READERS)}; what else there is, save as one"
        " of them.",
        "--from",
    )


def _choose(
    sheets: Sequence[Sheet], request: Request, found: Findings
) -> list[tuple[Sheet, Mapping]]:
    """The sheets to be read, each with its mapping; the others are not carried."""
    chosen: list[tuple[Sheet, Mapping]] = []
    if len(request.mappings) > 1 and not sheets[0].of_workbook:
        found.refuse(
            Refusal.BAD_SHAPE, request.name, "Several mappings are given for its one table.",
            "Give one; several are for the sheets of a workbook.",
        )  # fmt: skip
        return []
    by_name = {sheet.name: sheet for sheet in sheets}
    for mapping in (one for given in request.mappings for one in given.by_class()):
        wanted = mapping.text("sheet")
        if wanted and wanted not in by_name and sheets[0].of_workbook:
            found.refuse(
                Refusal.MISSING_FIELD, request.name, f"There is no sheet {shown(wanted)}.",
                f"Its sheets are {', '.join(map(shown, by_name))}.",
            )  # fmt: skip
        elif wanted and wanted in by_name:
            chosen.append((by_name[wanted], mapping))
        elif sheet := _only(sheets, request, mapping, found):
            chosen.append((sheet, mapping))
    read = {sheet.name for sheet, _ in chosen}
    for sheet in sheets:
        if sheet.name not in read and any(row.cells for row in sheet.rows) and chosen:
            why = "the sheet is hidden" if sheet.hidden else "the mapping does not name the sheet"
            found.lose(Loss("not-carried", sheet.name, _WHOLE, "", why))
    return chosen


def _only(
    sheets: Sequence[Sheet], request: Request, mapping: Mapping, found: Findings
) -> Sheet | None:
    """The only sheet that may be meant."""
    filled = [s for s in sheets if any(row.cells for row in s.rows) and not s.hidden]
    if len(filled) > 1:
        filled = [sheet for sheet in filled if looks_like_table(sheet, mapping)] or filled
    if len(filled) == 1:
        return filled[0]
    if not filled:
        found.refuse(
            Refusal.EMPTY, request.name, "There is no table in it that is not hidden.",
            "Give a table; a hidden sheet is read where the mapping names it.",
        )  # fmt: skip
        return None
    found.ask(
        request.name, "Several sheets may be meant.",
        *(f"sheet: {sheet.name}" for sheet in filled),
    )  # fmt: skip
    return None


def _namespace(request: Request, found: Findings) -> str:
    said = {mapping.text("namespace") for mapping in request.mappings} - {""}
    given = request.namespace or next(iter(said), "")
    if len(said) > 1 and not request.namespace:
        found.ask(request.name, "The mappings name two namespaces.", "namespace: NAME")
    elif not given and not request.comparing:
        found.ask(
            request.name, "Nothing says of which register the file is: the keys of its events begin"
            " with that name.", "namespace: corvo-register",
        )  # fmt: skip
        found.problems[-1] = _with_option(found.problems[-1], "--as corvo-register")
    elif given:
        checked_namespace(given)
    return given


def _published(request: Request, found: Findings) -> str:
    said = next((m.text("published-on") for m in request.mappings if m.has("published-on")), "")
    given = request.published_on or said
    if given:
        try:
            parse_partial(given)
        except Refused as refused:
            raise refused.at("--published-on") from None
    elif not request.comparing:
        found.ask(
            request.name, "Nothing says when the file was published, from when on its content is"
            " known; its time stamp is not used.", "published-on: 2024-03-31",
        )  # fmt: skip
        found.problems[-1] = _with_option(found.problems[-1], "--published-on 2024-03-31")
    return given


def _with_option(problem: Problem, option: str) -> Problem:
    """A question that an option of the command answers too."""
    refused = problem.refused
    remedy = f"Give {option}, or add to the mapping: `{problem.line}`."
    again = Refused(refused.refusal, refused.wrong, remedy, refused.place)
    return problem._replace(refused=again)


def _source(
    format: str,
    raw: bytes,
    request: Request,
    tables: Sequence[TableRead],
    found: Findings,
    namespace: str,
    published_on: str,
) -> Made:
    """The file itself as a source, which each event cites."""
    sha256 = hashlib.sha256(raw).hexdigest()
    told = digest({"sha256": sha256, "published_on": published_on})  # it may be published again
    said = next((m.pairs("source") for m in request.mappings if m.has("source")), {})
    publisher = said.get("publisher", "")
    issuers = {issuer for table in tables for issuer in table.issuers}
    if not publisher and len(issuers) == 1:
        (issuer,) = issuers
        publisher = request.known.name(issuer) or issuer
    sound = tables and not any(table.found.problems for table in tables)
    if not publisher and not request.comparing and sound:
        found.ask(request.name, "Nothing says who published the file.",
                  "source: {publisher: NAME}")  # fmt: skip
    fields = {
        "source": said.get("id", f"{namespace}-{told[:8]}"),
        "title": said.get("title", PurePath(request.name).name or format),
        "kind": said.get("kind", "register"),
        "publisher": publisher,
        "published_on": published_on,
        "dated_by": "recorder",
        "sha256": sha256,
    }
    return Made("source-registered", fields, f"source:{told}", 0, "", {})


def _entries(
    prefix: str, source: Made, tables: Sequence[TableRead], problems: list[Problem]
) -> list[Entry]:
    """The source and each event as an entry; what the gate refuses is among the problems."""
    entries: list[Entry] = []
    registered: set[str] = set()  # parties, which each sheet registers for itself
    made = [("", source), *((table.standing, one) for table in tables for one in table.made)]
    for standing, one in made:
        if one.type == "party-registered":
            if one.key in registered:
                continue
            registered.add(one.key)
        fields = dict(one.fields)
        if one is not source:
            fields["citations"] = [{"source": source.fields["source"], "locator": one.locator}]
        if not issubclass(event_types()[one.type], RecordKeeping):
            fields["standing"] = standing
        try:
            event = make_event(one.type, fields)
        except Refused as refused:
            place = one.cells.get(refused.place) or one.locator or "source"
            told = Refused(refused.refusal, refused.wrong, refused.remedy, place)
            problems.append(Problem(told, refused.place, one.row))
            continue
        entries.append(Entry(one.locator, prefix + one.key, event))
    return [] if problems else entries


def _full(
    table: TableRead, common: Pairs[str, str], source: Made, request: Request
) -> dict[str, Any]:
    """What a table was read by, in full."""
    said = dict(table.found.said)
    said |= {name: value for name, value in common.items() if value}
    if not request.comparing:
        names = ("title", "publisher", "kind")
        said["source"] = {n: str(source.fields[n]) for n in names if source.fields[n]}
    return said
