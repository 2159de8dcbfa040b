"""stakebook print audit, and stakebook report, which is another name of it"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.context import cut_alone, day_named, now, progress
from cli.naming import PARTY
from cli.output import is_stdout, output, refuse_taken
from cli.printing.writing import Paper, check_format, paper_options, written
from cli.safe_text import safe
from cli.signing import VerifierType, note_at
from ledger.proofs.verify import Trust
from ledger.storage.opening import peek
from ledger.storage.server import Place
from ledger.time.view import Cut
from ledger.transparency.key_chain import sealing, witness
from ledger.transparency.signed_notes import Verifier
from ledger.values.dates import Days, days_before, next_day, parse_partial
from ledger.values.refusals import Refusal, Refused

if TYPE_CHECKING:
    from cli.audit_report import AuditReport

_paper, _redact = paper_options()
_YEAR = 365


@click.command("report")
@click.argument("issuers", nargs=-1, type=PARTY, metavar="[ISSUER]...")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--about", type=PARTY, metavar="ISSUER", multiple=True, help="Only of ISSUER; repeatable [all]."
)
@click.option("--from", "since", metavar="DATE", help="List events from DATE on [the last year].")
@click.option("--to", "until", metavar="DATE", help="List events up to DATE [the as-of day].")
@click.option(
    "--sample",
    type=click.IntRange(0),
    default=25,
    show_default=True,
    metavar="N",
    help="Draw N of the events of the period.",
)
@click.option("--seed", default="0", show_default=True, help="Draw others, the same for a seed.")
@click.option("--key", type=VerifierType(), help="The ledger's public key, or its file.")
@click.option(
    "--last-seen", type=click.Path(path_type=Path), help="A checkpoint of it that you kept."
)
@click.option(
    "--witness", "witnesses", type=VerifierType(), multiple=True, help="Must have cosigned."
)
@_paper
@_redact
@cut_alone
@click.pass_obj
def command(
    path: Place,
    issuers: tuple[str, ...],
    file: Path,
    about: tuple[str, ...],
    since: str | None,
    until: str | None,
    sample: int,
    seed: str,
    key: Verifier | None,
    last_seen: Path | None,
    witnesses: tuple[Verifier, ...],
    paper: Paper,
    redact: str | None,
    cut: Cut,
) -> int:
    """Write an audit report to FILE: HTML that prints well, XLSX or PDF, by its name.

    The name - is standard output. `stakebook print audit` and `stakebook report` are the same.

    Holdings, votes and governance at the cut, conflicts, the parties by name, the events of a
    period with their sources, a sample of them to be tried, those without a source, what was
    restated, the newest checkpoint with its signatures, a digest of the whole state, what was
    verified and what was not, and what `stakebook check` finds in the whole record. Exit code 1
    where verification or the check finds anything; the report says it.

    \b
    Example:
      stakebook print audit nissan nissan.pdf --from 2023-04-01 --to 2024-03-31
      stakebook report nissan.html --about nissan --as-of 2023-11-08 --key "$VKEY"
    """
    from cli.audit_report import audit_report
    from projections.registers.audit import Request

    refuse_taken(file)
    check_format(file)
    seen = note_at(last_seen) if last_seen is not None else None
    trust = Trust(sealing(key) if key else None, seen, tuple(map(witness, witnesses)), now=now())
    first, last = _period(since, until, cut)
    asked = Request(tuple(dict.fromkeys((*issuers, *about))), first, last, sample, seed)
    with progress("verifying", peek(path).position) as advance:
        made = audit_report(path, cut, asked, trust, advance, redact is not None)
    data = written(made.sheet, file, paper)
    with output(file) as stream:
        stream.write(data)
    click.echo(safe(f"wrote {file}: {_found(made)}"), err=is_stdout(file))
    return 0 if made.verified and made.checked else 1


def _found(made: AuditReport) -> str:
    if not made.verified:
        return "WRONG, see in it what was found"
    if not made.checked:
        return "verified; the check of the record found something, see in it"
    return "nothing wrong found"


def _period(since: str | None, until: str | None, cut: Cut) -> Days:
    """The days whose events are listed: those given, else the year up to the as-of day."""
    last = cut.as_of if until is None else _days("--to", until).last
    first = next_day(days_before(last, _YEAR)) if since is None else _days("--from", since).first
    if first > last:
        raise Refused(
            Refusal.BAD_DATE,
            f"{first} is after {last}.",
            "Let the period begin before it ends.",
            "--from",
        )
    return Days(first, last)


def _days(option: str, text: str) -> Days:
    try:
        return parse_partial(day_named(text))
    except Refused as refused:
        raise refused.at(option) from None
