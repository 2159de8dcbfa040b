"""Reading tables at the command line: what the ledger is asked, the preview, the batch."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path

import click

from cli.context import OpenedLedger, today
from cli.known import LedgerKnown
from cli.losses import checked_allowed, report
from cli.output import refuse_taken
from cli.recording import AppendOptions, draft, write
from cli.render import write_json
from cli.safe_text import filled, safe
from cli.table_options import TableOptions
from ledger.batch import Draft
from ledger.formats.findings import OR, Problem
from ledger.formats.mapping import Mapping, read_mappings
from ledger.formats.parties import read_ids
from ledger.formats.reading import Reading, reader_of
from ledger.formats.repeated import Repeated, anew, compare, corrections, is_row
from ledger.formats.request import Request
from ledger.intake.event_files import FILE_BYTES, Entry
from ledger.storage.input_files import opened as opened_file
from ledger.values.refusals import Refusal, Refused, all_of, shown, to_run, unreadable

MOST_SHOWN = 100
_PREVIEWED = 3  # rows of a preview that are told in words
_CREATING = ("shares-issued", "register-opened")


def append_table(opened: OpenedLedger, options: TableOptions, recording: AppendOptions) -> int:
    """Record what a table gives, or with --dry-run preview it; the exit code."""
    known = LedgerKnown(opened, options.format)
    reading = read(options, known)
    earlier = known.earlier
    if recording.dry_run:
        texts = [mapping.written() for mapping in reading.mappings]
        click.echo(_commented("---\n".join(texts), reading.problems), nl=False)
        sys.stdout.flush()
    _preview(reading)
    if not report(reading.report, options.losses, frozenset(options.allow), strict=options.strict):
        return 1
    refuse([*reading.problems, *_unknown_classes(reading.entries, known)])
    source, *rows = reading.entries
    if options.changed is not None:
        source = anew(source, earlier)
    if options.changed == "append":
        rows = [anew(entry, earlier) for entry in rows]
    repeated = compare(rows, earlier)
    _refuse_other_day(repeated, reading, options)
    entries = _to_record(opened, repeated, source, reading, options)
    if entries is None:
        return 2
    if not entries:
        _say_nothing_new(repeated, recording)
        return 0
    if repeated.known:
        click.echo(repeated.sentence(), err=True)
    drafts = [_placed(entry, options.file) for entry in (source, *entries)]
    if not recording.dry_run:
        write(opened, drafts, recording)
    elif recording.impact:
        with redirect_stdout(sys.stderr):
            write(opened, drafts, recording)
    else:
        _tell(opened, drafts, recording)
    return 0


def _tell(opened: OpenedLedger, drafts: Sequence[Draft], recording: AppendOptions) -> None:
    """Say on standard error what would be recorded: the first rows in words, and what changes."""
    from cli.receipts import Told, say_warnings, told_whole

    receipt = opened.ledger.append(
        drafts,
        opened.read_model,
        dry_run=True,
        clock_is_right=recording.clock_is_right,
        strict=recording.strict,
    )
    told = Told(receipt, opened.read_model.index, today().isoformat(), True)
    rows = [event for event in told.new if is_row(event.key) and event.type != "source-registered"]
    with redirect_stdout(sys.stderr):
        for event in rows[:_PREVIEWED]:
            if fact := told.names.view.fact(event):
                click.echo(filled(told_whole(told.names, fact), 78, "  ", "    "))
        told.say()
    say_warnings(receipt)


def read(options: TableOptions, known: LedgerKnown | None, *, comparing: bool = False) -> Reading:
    """What a file gives, told what a ledger knows."""
    allowed = checked_allowed(options.allow)
    refuse_taken(options.losses)
    mappings: Sequence[Mapping] = [Mapping()]
    if options.mapping is not None:
        mappings = read_mappings(content(options.mapping), options.mapping)
    ids = read_ids(content(options.ids), options.ids) if options.ids is not None else {}
    request = Request(
        "standard input" if options.file == "-" else options.file,
        mappings,
        ids,
        namespace=options.namespace or "",
        published_on=options.published_on or "",
        strict=options.strict,
        asserting=options.asserting,
        allowed=allowed,
        comparing=comparing,
    )
    reader = reader_of(options.format)
    if known is not None:
        namespace = request.namespace or next(
            (m.text("namespace") for m in mappings if m.has("namespace")), ""
        )
        known.under(namespace)
        request = _told(request, known)
    return reader.read(content(options.file), request)


def content(name: str) -> bytes:
    """The bytes of a file, or of standard input for ``-``."""
    if name == "-":
        return sys.stdin.buffer.read(FILE_BYTES + 1)
    try:
        with opened_file(Path(name)) as stream:
            raw = stream.read(FILE_BYTES + 1)
    except OSError as error:
        raise unreadable(name, error) from None
    if len(raw) > FILE_BYTES:
        raise Refused(Refusal.TOO_LARGE, "The file is over 1 GiB.", "Split it.", name)
    return raw


def _told(request: Request, known: LedgerKnown) -> Request:
    return replace(request, known=known, prefix=known.prefix)


def refuse(problems: Sequence[Problem]) -> None:
    """Refuse for all that is wrong or open, as much as anybody reads at once."""
    if not problems:
        return
    if len(problems) > MOST_SHOWN:
        more = len(problems) - MOST_SHOWN
        click.echo(f"The first {MOST_SHOWN} are shown; {more} more are not.", err=True)
    raise all_of([problem.refused for problem in problems[:MOST_SHOWN]])


def _unknown_classes(entries: Sequence[Entry], known: LedgerKnown) -> list[Problem]:
    """The share classes that neither the ledger nor the file itself makes known, each once."""
    named: dict[str, str] = {}
    for entry in entries:
        for field in ("share_class", "into_class"):
            if field in entry.event.data:
                named.setdefault(str(entry.event.data[field]), entry.place)
    made = {
        entry.event.data["share_class"]
        for entry in entries
        if entry.event.type == "share-class-created"
    }
    return [
        Problem(_unknown_class(id, place, known))
        for id, place in named.items()
        if id not in made and not known.has(f"class:{id}")
    ]


def _unknown_class(id: str, place: str, known: LedgerKnown) -> Refused:
    issuer = id.partition("/")[0]
    command = to_run("append", "share-class-created", "--share-class", id)
    if not known.has(f"party:{issuer}"):
        words = ("append", "party-registered", "--party", issuer, "--kind", "company")
        party = to_run(*words, "--name", "NAME")
        command = f"{party}, then {command}"
    others = known.classes(issuer)
    listed = f" The classes of {issuer} are {', '.join(others)}." if others else ""
    wrong = f"No share class {shown(id)} is recorded.{listed}"
    return Refused(Refusal.UNKNOWN_REFERENCE, wrong, f"Run: {command}", place)


def _to_record(
    opened: OpenedLedger,
    repeated: Repeated,
    source: Entry,
    reading: Reading,
    options: TableOptions,
) -> list[Entry] | None:
    """The events to record; None where the file contradicts what was recorded of it."""
    if not repeated.differs:
        _refuse_opening(opened, repeated.new, reading, options)
        return list(repeated.new)
    click.echo(repeated.sentence(), err=True)
    for one in repeated.changed:
        fields = "; ".join(f"{n}: {a} is recorded, {b} is read" for n, (a, b) in one.fields.items())
        text = f"{one.entry.place}: changed, recorded as #{one.earlier.position}: {fields}"
        click.echo(filled(text, 78, "- ", "  "), err=True)
    for gone in repeated.gone:
        text = f"gone: #{gone.position} {gone.key} ({gone.type})"
        click.echo(filled(text, 78, "- ", "  "), err=True)
    if options.changed is None:
        click.echo(
            filled(
                "Nothing is recorded. --changed correct corrects and retracts what was recorded, so"
                " that it says what the file says; --changed append adds the new rows alone.",
                78,
            ),
            err=True,
        )
        return None
    if options.changed == "append":
        _refuse_changed(repeated)
        _refuse_opening(opened, repeated.new, reading, options)
        return list(repeated.new)
    index = opened.index
    amending, rest = corrections(
        repeated, source, Path(options.file).name, lambda key: index.knows(f"key:{key}")
    )
    _refuse_opening(opened, rest, reading, options)
    return [*rest, *amending]


def _say_nothing_new(repeated: Repeated, recording: AppendOptions) -> None:
    if recording.json:
        known = len(repeated.known)
        told = {"recorded": 0, "already_recorded": known, "events": [], "warnings": []}
        write_json({"dry_run": recording.dry_run, **told})
    else:
        click.echo(_nothing(repeated), err=recording.dry_run)


def _nothing(repeated: Repeated) -> str:
    """That nothing of a file is new, and how to record anew what was retracted."""
    known = sum(is_row(entry.key or "") for entry in repeated.known)
    retracted = sum(is_row(entry.key or "") for entry in repeated.retracted)
    if retracted:
        return (
            f"Nothing new: {known} recorded already, {retracted} retracted since, which"
            " --changed append records anew."
        )
    rows = {0: "all of it is", 1: "its 1 row is"}.get(known, f"all {known} rows of it are")
    return f"Nothing new: {rows} recorded already."


def _refuse_changed(repeated: Repeated) -> None:
    """A row with an id is the row that was recorded: it is corrected, not recorded again."""
    refused = []
    for one in repeated.changed:
        changes = [
            word
            for name, (_, now) in one.fields.items()
            for word in ((f"--{name.replace('_', '-')}", now) if now else ("--without", name))
        ]
        command = to_run("correct", f"#{one.earlier.position}", *changes, "--because", "...")
        remedy = f"Run: {command}"
        wrong = f"Its key is taken by #{one.earlier.position}, which says otherwise."
        refused.append(Refused(Refusal.KEY_REUSED, wrong, remedy, one.entry.place))
    if refused:
        raise all_of(refused[:MOST_SHOWN])


def _refuse_opening(
    opened: OpenedLedger, entries: Sequence[Entry], reading: Reading, options: TableOptions
) -> None:
    """Holdings open an empty register; on any other they would be movements that nobody made."""
    opening = [entry for entry in entries if entry.event.type == "register-opened"]
    snapshots = {table.on for table in reading.tables if table.kind == "snapshot"}
    if not opening or not snapshots:
        return
    known = LedgerKnown(opened, options.format)
    known.under((opening[0].key or "").split("/")[1])
    classes = dict.fromkeys(str(entry.event.data["share_class"]) for entry in opening)
    for share_class in classes:
        if any(known.is_opened(share_class, on) for on in snapshots):
            raise _no_movements(share_class, options)


def _refuse_other_day(repeated: Repeated, reading: Reading, options: TableOptions) -> None:
    """Holdings on another day than those that opened a register do not correct them."""
    days = {table.on for table in reading.tables if table.kind == "snapshot"}
    for one in (*(changed.earlier for changed in repeated.changed), *repeated.gone):
        if days and one.type == "register-opened" and one.data["effective_on"] not in days:
            raise _no_movements(str(one.data["share_class"]), options)


def _no_movements(share_class: str, options: TableOptions) -> Refused:
    compared = to_run("reconcile", "--from", options.format, options.file)
    return Refused(
        Refusal.CONTRADICTORY_STEP,
        f"The register of {share_class} has movements: holdings on a day are none.",
        f"Compare them: {compared}; or record them as balances to be checked with --assert.",
        options.file,
    )


def _placed(entry: Entry, file: str) -> Draft:
    place = entry.place if "!" in entry.place else f"{file}:{entry.place.removeprefix('row ')}"
    return draft(entry._replace(place=place.removesuffix(":")), again=False)


def _preview(reading: Reading) -> None:
    """Tell what was read: rows, events, sums, parties, on standard error."""
    for table in reading.tables:
        if not table.kind:
            continue
        told = Counter(made.type for made in table.made)
        events = ", ".join(f"{count} {name}" for name, count in told.items()) or "no events"
        click.echo(filled(f"Read {table.rows} rows as a {table.kind}: {events}.", 78), err=True)
        sums = Counter[str]()
        for made in table.made:
            if made.type in _CREATING and made.fields.get("share_class"):
                sums[made.fields["share_class"]] += int(made.fields["shares"])
        for share_class, shares in sums.items():
            click.echo(safe(f"  {share_class}: {shares:,} shares come into being"), err=True)
        for made in table.parties if not reading.problems else ():
            words = f"  new party {made.fields['party']}: {made.fields['name']}"
            click.echo(safe(f"{words} ({made.fields['kind']})"), err=True)
    for remark in reading.remarks:
        click.echo(filled(remark, 78), err=True)


def _commented(text: str, problems: Sequence[Problem]) -> str:
    """A mapping with its open questions as comments."""
    lines: dict[str, None] = {}
    for problem in problems:
        if problem.line:
            lines[f"# {problem.refused.place}: {problem.refused.wrong}"] = None
            lines |= dict.fromkeys(f"#   {line}" for line in problem.line.split(OR))
    return text + "".join(f"{safe(line)}\n" for line in lines)
