"""Recording events from the command line: the one way in for every command that appends."""

from __future__ import annotations

import errno
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from eventsourcing.persistence import PersistenceError

from cli import receipts
from cli.context import OpenedLedger, clock_option, new_id, progress, today, warn
from cli.output import FileOnly
from cli.render import write_json
from ledger.application import how_to_settle
from ledger.batch import MANY, Draft, Misread, Receipt
from ledger.events.base import Event
from ledger.events.envelope import Recorded
from ledger.intake.event_files import Entry
from ledger.storage.server import Place, Server
from ledger.transparency.merkle import leaf_hash
from ledger.transparency.signed_notes import encoded
from ledger.values.refusals import OutcomeUnknown, Refused
from ledger.values.text import checked_key
from ledger.values.warnings import Looked

if TYPE_CHECKING:
    from ledger.time.history import History
    from projections.changes.impact import Impact


@dataclass(frozen=True)
class AppendOptions:
    """How a command was asked to record: under which key, and what to say of it."""

    key: str | None = None
    dry_run: bool = False
    again: bool = False
    expect_version: int | None = None
    clock_is_right: bool = False
    json: bool = False
    strict: bool = False
    proof: bool = False
    impact: bool = False
    amends: bool = False
    draft: bool = False
    save: Path | None = None
    author: str | None = None
    thresholds: tuple[Fraction, ...] | None = None

    @property
    def tells_impact(self) -> bool:
        """Whether to say which answers change; in human words shortened unless it is asked for."""
        return self.impact or self.amends or self.dry_run


def append_options() -> list[click.Parameter]:
    """New options for what ``AppendOptions`` says."""
    options: list[click.Parameter] = [
        click.Option(
            ["--key"], metavar="KEY", help="Idempotency key: repeating it records nothing twice."
        ),
        dry_run_option(),
        click.Option(
            ["--again"], is_flag=True, help="Record it although the same event is recorded."
        ),
        click.Option(
            ["--expect-version"],
            type=click.IntRange(0),
            metavar="N",
            help="Refuse if the stream has moved on from version N.",
        ),
        clock_option(),
        draft_option(),
        save_option(),
    ]
    options += [impact_option(), thresholds_option()]
    return [*options, strict_option(), proof_option(), json_option()]


def dry_run_option() -> click.Option:
    """--dry-run"""
    return click.Option(
        ["--dry-run"], is_flag=True, help="Say what would be recorded and what changes."
    )


def draft_option() -> click.Option:
    """--draft"""
    return click.Option(
        ["--draft"], is_flag=True, help="Keep it on the server for another person to approve."
    )


def save_option() -> click.Option:
    """--save"""
    return click.Option(
        ["--save"],
        type=FileOnly(dir_okay=False),
        metavar="FILE",
        help="Write the events with their keys to FILE, .jsonl, to be appended later.",
    )


def strict_option() -> click.Option:
    """--strict"""
    return click.Option(
        ["--strict"],
        is_flag=True,
        help="Record nothing if there is a warning, or a table loses anything.",
    )


def proof_option() -> click.Option:
    """--proof"""
    return click.Option(["--proof"], is_flag=True, help="Print the hashes of the receipt too.")


def json_option() -> click.Option:
    """--json"""
    return click.Option(["--json"], is_flag=True, help="Print the receipt as JSON.")


def impact_option() -> click.Option:
    """--impact"""
    return click.Option(
        ["--impact"], is_flag=True, help="Say which answers change, and when, in full."
    )


def thresholds_option() -> click.Option:
    """--thresholds"""
    return click.Option(
        ["--thresholds"],
        metavar="LIST",
        callback=_thresholds,
        help="Percentages to watch, such as 5,10,100/3 [by the issuer's law, else the usual].",
    )


def append_options_of(given: dict[str, Any]) -> AppendOptions:
    """Take what ``AppendOptions`` says out of a command's options."""
    return AppendOptions(
        **{n: given.pop(n) for n in AppendOptions.__dataclass_fields__ if n in given}
    )


def one_draft(event: Event, options: AppendOptions) -> Draft:
    """A draft of the single event of a command."""
    if options.key is not None:
        try:
            checked_key(options.key)
        except Refused as refused:
            raise refused.at("--key") from None
    return draft(Entry("", options.key, event), options.again)


def draft(entry: Entry, again: bool) -> Draft:
    """An entry with a key of its own or a new one."""
    return Draft(entry.event, entry.key or new_id(), entry.place, entry.key is not None, again)


def write(
    opened: OpenedLedger, drafts: Iterable[Draft | Misread], options: AppendOptions, total: int = 0
) -> None:
    """Record a batch, or only say what would be recorded, and print the receipt.

    As many drafts as are kept in memory are read before anybody else has to wait.
    """
    if options.draft or options.save:
        _keep(opened.path, drafts, options)
        return
    coming = iter(drafts)
    first = list(islice(coming, MANY))
    if isinstance(opened.path, Server):
        opened.catch_up()  # so that nobody waits for it while the lock is held
    key, ledger = next((one.key for one in first if isinstance(one, Draft)), ""), opened.ledger
    try:
        with progress("appending", max(total, len(first))) as advance:
            receipt = ledger.append(
                chain(first, coming),
                opened.read_model,
                dry_run=options.dry_run,
                expected_version=options.expect_version,
                clock_is_right=options.clock_is_right,
                strict=options.strict,
                look=_look,
                progress=advance,
                author=options.author,
            )
        if ledger.settled:
            warn("The connection was lost while committing; a look afterwards found it recorded.")
        if isinstance(opened.path, Server) and opened.path.unguarded:
            warn("The server was reached without full TLS (--insecure-transport).")
        _print(receipt, opened, options)
        sys.stdout.flush()
    except (KeyboardInterrupt, OSError, sqlite3.Error, PersistenceError) as error:
        piped = isinstance(error, OSError) and error.errno == errno.EPIPE
        if piped or not ledger.committing:
            raise
        reason = getattr(error, "strerror", None) or str(error) or "interrupted"
        raise OutcomeUnknown(
            f"The receipt was not written whole ({reason}), though the events may well be recorded."
            f" {how_to_settle(opened.path, key)}"
        ) from None


def _keep(place: Place, drafts: Iterable[Draft | Misread], options: AppendOptions) -> None:
    """Keep a batch for another person to approve, or for another day."""
    from cli.batches import save
    from cli.server_drafts import keep_draft

    said = (options.dry_run, options.strict, options.proof, options.impact)
    told = "--save" if options.save else "--draft"
    if any(said) or options.expect_version is not None:
        later = "append" if options.save else "review"
        raise click.UsageError(
            f"{told} records nothing: `stakebook {later}` tells what it would change."
        )
    if options.draft and options.save:
        raise click.UsageError("Give either --draft or --save.")
    if options.save:
        save(options.save, drafts, options.json)
    else:
        keep_draft(place, drafts, options.json)


def _print(receipt: Receipt, opened: OpenedLedger, options: AppendOptions) -> None:
    """Print the receipt first, so that no failure to tell the impact can hide it."""
    before = opened.read_model.index
    leaves = [leaf_hash(event.raw) for event in receipt.events if receipt.root]
    if options.json:
        write_json(_fields(receipt, before, leaves, options))
        receipts.say_warnings(receipt)
        return
    told = receipts.Told(receipt, before, today().isoformat(), options.dry_run)
    told.say(leaves if options.proof else ())
    told.say_verdicts()
    if options.tells_impact and told.new:
        from cli.impact import MOST_LINES, MOST_OF_SUMMARY, impact_lines

        sys.stdout.flush()
        changed = _impact(before, receipt, options).as_json()
        most = MOST_LINES if options.impact else MOST_OF_SUMMARY
        for line in impact_lines(changed, options.dry_run, told.names, most):
            click.echo(line)
    receipts.say_warnings(receipt)
    receipts.say_end(receipt, options.dry_run, options.author is not None)


def _fields(
    receipt: Receipt, before: History, leaves: list[bytes], options: AppendOptions
) -> dict[str, Any]:
    """The receipt as plain values."""
    wanted = options.tells_impact and receipt.events
    return {
        "dry_run": options.dry_run,
        "recorded": len(receipt.new),
        "already_recorded": receipt.known,
        "events": _lines(receipt, leaves),
        "known_today": _known_fields(receipt),
        "tree": {"size": receipt.size, "root": encoded(receipt.root)} if receipt.root else None,
        "warnings": receipts.warning_fields(receipt),
        "not_looked_at": list(receipt.left_out),
        "verdicts": list(receipt.verdicts),
        "impact": _impact(before, receipt, options).as_json() if wanted else None,
    }


def _lines(receipt: Receipt, leaves: list[bytes]) -> list[dict[str, Any]]:
    return [
        {
            "position": event.position,
            "status": "recorded" if event.position in receipt.new else "already recorded",
            "type": event.type,
            "key": event.key,
            "id": event.id,
            "stream": event.originator_id,
            "version": event.originator_version,
            "recorded_at": event.recorded_at,
            "leaf": encoded(leaf) if leaf else None,
        }
        for event, leaf in zip_longest(receipt.events, leaves)
    ]


def _known_fields(receipt: Receipt) -> dict[str, Any]:
    day = receipt.recorded_at[:10]
    return {"events": receipt.known_today, "late": receipt.known_late, "day": day}


def _look(before: History, after: History, new: Sequence[Recorded]) -> Looked:
    from projections.changes.cautions import look

    return look(before, after, new)


def _impact(before: History, receipt: Receipt, options: AppendOptions) -> Impact:
    from ledger.time.log import Log
    from projections.changes.impact import impact

    new = [event for event in receipt.events if event.position in receipt.new]
    return impact(before, Log(new, before), new, options.thresholds)


def _thresholds(
    _ctx: click.Context, _param: click.Parameter, value: str | None
) -> tuple[Fraction, ...] | None:
    from projections.changes.thresholds import parse_thresholds

    if value is None:
        return None
    try:
        return parse_thresholds(value)
    except Refused as refused:
        raise refused.at("--thresholds") from None
