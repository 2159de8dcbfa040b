"""stakebook propose"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.arguments import StrictGroup
from cli.commands.append import TypeGroup, example
from cli.completions import DATE
from cli.context import OpenedLedger, day_named, format_option, open_ledger, today
from cli.drafts import drafts_of
from cli.options import completing, data_of, defaults_in, options_of
from cli.page import width, write
from cli.page_options import shown_options
from cli.receiver import receiver
from cli.recording import AppendOptions, one_draft
from cli.render import render
from cli.telling import screen_at
from ledger.batch import Draft, Misread
from ledger.events.registry import event_class, event_types
from ledger.events.validation import make_event
from ledger.intake.defaults import Defaults
from ledger.values.dates import FOREVER

if TYPE_CHECKING:
    from ledger.time.history import History
    from ledger.time.view import View
    from projections.answer import Answer
    from projections.obligation_rows import VerdictRow


class ProposedGroup(TypeGroup):
    """A group with one command for each event type, which records nothing."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return StrictGroup.parse_args(self, ctx, args)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        cls = event_types().get(name)
        if cls is None:
            return None
        words = example(name).replace("append", "propose", 1)
        made = click.Command(
            name,
            params=[*options_of(cls)],
            callback=click.pass_obj(_one),
            help=f"{cls.__doc__}\n\n\b\nExample:\n  {words}",
            short_help=(cls.__doc__ or "").partition("\n")[0],
        )
        _asking(made)
        return made

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args:
            event_class(args[0])  # refused by its words, where click would only name it
        return StrictGroup.resolve_command(self, ctx, args)


def _asking(command: Any) -> Any:
    """The options of what is asked and how it is shown."""
    help = "The day of events that give none [today]."
    on = click.option("--on", "day", type=DATE, metavar="DATE", help=help)
    return on(format_option(shown_options(command)))


@click.option(
    "--file",
    "files",
    multiple=True,
    metavar="FILE",
    help="Events in YAML or JSON Lines; - is standard input.",
)
@click.pass_context
def _command(ctx: click.Context, /, files: tuple[str, ...], **given: Any) -> int | None:
    """What clauses of agreements say of an event of a TYPE, or of those in a --file.

    Nothing is recorded. Each clause that bears on the events gives a verdict, the gravest first:
    it breaches; it needs an offer, a consent or a notice that is not on record; cannot be told;
    noted; permitted. Ends with 1 where anything breaches. An event is official and of the day
    asked about, unless it says otherwise; it is refused where append would refuse it. `append
    --dry-run` and receipts tell the same verdicts.

    \b
    Example:
      stakebook propose shares-transferred --on 2024-03-01 --shares 1000000
        --share-class nissan/common --transferor renault --transferee nissan
      stakebook propose --file sale.yaml --on 2024-03-01
    """
    if ctx.invoked_subcommand is not None:
        return None
    if not files:
        raise click.UsageError("Give a TYPE (see `stakebook events`), or --file.")
    with OpenedLedger(ctx.obj, "ro") as opened:
        defaults = completing(_defaults(given["day"]), opened)
        return _propose(opened, drafts_of(files, defaults=defaults), **given)


command = click.group("propose", cls=ProposedGroup, invoke_without_command=True)(_asking(_command))


def _defaults(day: str | None) -> Defaults:
    """What events take that they do not give: their day, and that they are official."""
    given = defaults_in(os.environ.get("STAKEBOOK_DEFAULTS"))
    own = {"effective_on": day_named(day or "today"), "standing": "official"}
    return given._replace(
        fields={**own, **given.fields} if day is None else {**given.fields, **own}
    )


def _one(path: Path, /, day: str | None, form: str, how: Any, paged: bool, **given: Any) -> int:
    (name,) = [click.get_current_context().info_name or ""]
    with OpenedLedger(path, "ro") as opened:
        cls = event_types()[name]
        data = data_of(cls, given, completing(_defaults(day), opened))
        drafts = [one_draft(make_event(name, data), AppendOptions())]
        return _propose(opened, drafts, day=day, form=form, how=how, paged=paged)


def _propose(
    opened: OpenedLedger,
    drafts: Iterable[Draft | Misread],
    *,
    day: str | None,
    form: str,
    how: Any,
    paged: bool,
) -> int:
    """Write what clauses say of some drafts; 1 where anything breaches."""
    from cli.plans.propose import proposal_screen

    items = list(drafts)
    taking = receiver()
    look = partial(_asked, opened, items, day)
    answer, view = taking.looked_up(opened.path, look) if taking else opened.ask(look)
    if form in ("table", "markdown"):
        flat = form == "markdown" or width() is None
        write(screen_at(view, lambda _: answer, proposal_screen, how, flat), form, paged)
    else:
        render(answer, view.cut, form, "Proposed", ("clause", "verdict", "needs", "of"))
    return int(any(row["verdict"] == "breaches" for row in answer.rows))


def _asked(
    opened: OpenedLedger, items: list[Draft | Misread], day: str | None, before: History
) -> tuple[Answer[VerdictRow], View]:
    from ledger.time.log import Log
    from ledger.time.view import Cut, View
    from projections.obligations.verdicts import proposed

    with open_ledger(opened.path, "ro") as ledger:
        new = ledger.suppose(items, before)
    after = View(Log(new, before))
    facts = [fact for event in new if (fact := after.fact(event)) is not None]
    days = [f.effective.last for f in facts if f.effective and f.effective.last != FOREVER]
    asked = max(days, default=day_named(day) if day else today().isoformat())
    view = View(after.history, Cut(as_of=asked))
    return proposed(View(before), view, new), view
