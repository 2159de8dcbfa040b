"""stakebook print"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from cli.arguments import StrictGroup
from cli.commands.report import command as audit
from cli.context import check_known, cut_alone, looked_up, view_at
from cli.naming import PARTY, Naming
from cli.output import is_stdout, output, refuse_taken
from cli.printing.writing import Paper, check_format, paper_options, written
from cli.receiver import receiver
from cli.safe_text import safe
from ledger.storage.opening import peek
from ledger.time.view import Cut, View
from ledger.values.refusals import Refusal, Refused, to_run

if TYPE_CHECKING:
    from projections.registers.calendar import Day
    from projections.registers.document import Document, Regime

Builder = Callable[[View], "Document"]


@click.group("print", cls=StrictGroup, invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Registers and reports on paper: HTML that prints well, XLSX or PDF, by the name of FILE.

    Each says first whose it is, what it is and at which cut, and last what the record does not tell
    and what proves it. Printing twice gives the same bytes. XLSX needs stakebook[tables], PDF needs
    stakebook[pdf].

    \b
    Example:
      stakebook print members nissan members.html --as-of 2024-09-30
      stakebook print board-pack nissan pack.pdf --paper letter
      stakebook print calendar dates.ics
    """
    if ctx.invoked_subcommand is None:
        raise click.UsageError(f"Say what to print: {', '.join(command.commands)}.")


def _printing(name: str, *own: Callable[[Any], Any]) -> Callable[[Callable[..., Any]], Any]:
    """Make a subcommand of a function that gives a document's builder from its arguments."""

    def made(building: Callable[..., Builder]) -> click.Command:
        @click.pass_obj
        @wraps(building)
        def run(
            path: Path, /, issuer: str, file: Path, paper: Paper, redact: str | None, cut: Cut,
            **given: Any,
        ) -> None:  # fmt: skip
            write(path, cut, issuer, file, paper, redact is not None, building(issuer, **given))

        options = [
            click.argument("issuer", type=PARTY),
            click.argument("file", type=click.Path(path_type=Path)),
            *own,
            *paper_options(),
            cut_alone,
        ]
        decorated: Any = run
        for option in reversed(options):
            decorated = option(decorated)
        return command.command(name)(decorated)

    return made


_regime = click.option(
    "--regime",
    type=click.Choice(["uk", "none"]),
    default="none",
    show_default=True,
    help="Whose law the document follows: uk is the Companies Act 2006.",
)


@_printing(
    "members",
    _regime,
    click.option("--all-former", is_flag=True, help="List former members of more than ten years."),
)
def _members(issuer: str, regime: str, all_former: bool) -> Builder:
    """The register of members of ISSUER: present and former members, by class, every change.

    With --regime uk a trustee alone stands as member, and no notice is taken of its trust
    (Companies Act 2006, s.126).

    \b
    Example:
      stakebook print members acme members.pdf --regime uk
    """
    from projections.registers.members import members

    return lambda view: members(view, issuer, cast("Regime", regime), all_former)


@_printing("directors", _regime)
def _directors(issuer: str, regime: str) -> Builder:
    """The directors and officers of ISSUER, with every change.

    \b
    Example:
      stakebook print directors acme directors.html
    """
    from projections.registers.directors import directors

    return lambda view: directors(view, issuer, cast("Regime", regime))


@_printing("agreements")
def _agreements(issuer: str) -> Builder:
    """The agreements of ISSUER, with their clauses at the cut.

    \b
    Example:
      stakebook print agreements nissan agreements.xlsx
    """
    from projections.registers.agreements import agreements

    return lambda view: agreements(view, issuer)


@_printing("chronology")
def _chronology(issuer: str) -> Builder:
    """Everything recorded of ISSUER in words, with dates, standing and sources.

    \b
    Example:
      stakebook print chronology nissan chronology.pdf
    """
    from projections.registers.chronology import chronology

    return lambda view: chronology(view, issuer)


@_printing("board-pack")
def _board_pack(issuer: str) -> Builder:
    """ISSUER for its board: holdings, votes, board, agreements, what is pending or disputed.

    \b
    Example:
      stakebook print board-pack nissan pack.pdf
    """
    from projections.registers.board_pack import board_pack

    return lambda view: board_pack(view, issuer)


@_printing(
    "certificate",
    click.option("--holder", required=True, type=PARTY, metavar="PARTY", help="Whose shares."),
    click.option(
        "--share-class",
        required=True,
        type=Naming("class"),
        metavar="CLASS",
        help="Of which class.",
    ),
    click.option("--number", required=True, help="The number of the certificate."),
    click.option("--shares", type=click.IntRange(1), help="How many [all that are held]."),
    _regime,
)
def _certificate(
    issuer: str, holder: str, share_class: str, number: str, shares: int | None, regime: str
) -> Builder:
    """A share certificate, to be signed; refused where the holder has fewer shares at the cut.

    \b
    Example:
      stakebook print certificate acme c7.pdf --holder ada --share-class acme/ordinary --number 7
    """
    from projections.registers.certificate import certificate

    def build(view: View) -> Document:
        check_known(view, holder, "party")
        check_known(view, share_class, "class")
        chosen = cast("Regime", regime)
        return certificate(view, issuer, holder, share_class, number, chosen, shares)

    return build


def write(
    path: Path, cut: Cut, issuer: str, file: Path, paper: Paper, redact: bool, build: Builder
) -> None:
    """Write what a builder makes of the ledger at a cut, in the format of the file's name."""
    from cli.printing.sheet import proofs_of, sheet

    refuse_taken(file)
    check_format(file)

    def look(index: Any) -> Any:
        view = view_at(index, cut)
        check_known(view, issuer, "party", "issuer")
        return sheet(view, build(view), proofs_of(path, view), redact)

    made = looked_up(path, look)
    data = written(made, file, paper)
    with output(file) as stream:
        stream.write(data)
    told = f"wrote {file}: {made.document.title}, {made.document.company}"
    if missing := made.document.not_recorded().total():
        told += f"; {missing:,} values are not recorded, it says which"
    _tell(told, file)


@command.command("calendar")
@click.argument("issuers", nargs=-1, type=PARTY, metavar="[ISSUER]")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--redact", type=click.Choice(["persons"]), help='Print "person 1" in place of a person.'
)
@cut_alone
@click.pass_obj
def _calendar(
    path: Path, issuers: tuple[str, ...], file: Path, redact: str | None, cut: Cut
) -> None:
    """Days to keep in mind as iCalendar, of everything recorded or of ISSUER.

    They are milestones, record and payable days of dividends, ends of terms, days of listings, and
    whatever is recorded of a later day: whole days. A month, a quarter or a year stands on its last
    day, and its title says so. Importing a newer file changes what an older one brought, also what
    was taken back.

    \b
    Example:
      stakebook print calendar dates.ics
      stakebook print calendar nissan nissan.ics
    """
    from cli.printing.ical import ical

    if len(issuers) > 1:
        raise click.UsageError(f"A calendar is of one ISSUER or of all, not of {len(issuers)}.")
    issuer = issuers[0] if issuers else None
    if not is_stdout(file) and file.suffix.lower() != ".ics":
        raise click.UsageError(f"{file} is no name of a calendar. Name a file that ends in .ics.")
    refuse_taken(file)

    title, found = looked_up(path, lambda index: _days(view_at(index, cut), issuer, redact))
    if not found:
        raise Refused(
            Refusal.UNKNOWN_SUBJECT,
            "No event at this cut gives a day to keep in mind, and a calendar needs one.",
            f"See what is open: {to_run('pending', *issuers)}.",
        )
    with output(file) as stream:
        stream.write(ical(peek(path).id, title, found))
    cancelled = sum(day.cancelled for day in found)
    told = f"wrote {file}: {len(found)} day{'s' * (len(found) > 1)}"
    told += f", {cancelled} cancelled" if cancelled else ""
    _tell(told, file)


def _tell(told: str, file: Path) -> None:
    """Say what was written where, to a person; a page shows it."""
    if not receiver():
        click.echo(safe(told), err=is_stdout(file))


def _days(view: View, issuer: str | None, redact: str | None) -> tuple[str, list[Day]]:
    """The title of a calendar and its days, without the names of persons where that is asked."""
    from projections.names import Names
    from projections.registers.calendar import days
    from projections.registers.redaction import Redaction

    if issuer is not None:
        check_known(view, issuer, "party", "issuer")
    name = "stakebook" if issuer is None else Names(view).name("party", issuer)
    words = Redaction(view).words if redact else str
    found = [
        day._replace(summary=words(day.summary), description=words(day.description))
        for day in days(view, issuer)
    ]
    return words(name), found


command.add_command(audit, "audit")
