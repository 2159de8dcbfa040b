"""stakebook undo"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import click

from cli import hints
from cli.amending import amendment_options, find
from cli.context import OpenedLedger, at_terminal
from cli.options import data_of
from cli.recording import AppendOptions, append_options_of, draft, write
from cli.safe_text import filled, safe
from ledger.batch import Draft
from ledger.events.envelope import Recorded
from ledger.events.registry import event_class, mentions
from ledger.events.validation import make_event
from ledger.intake.event_files import Entry
from ledger.storage.server import Place
from ledger.time.history import History
from ledger.time.view import View
from ledger.values.refusals import Refusal, Refused
from projections.told import how_many

Staying = tuple[Recorded, str]  # an event, and why it stays
_TYPE = "event-retracted"
_NEVER = ("signing-key-rotated",)  # what it signed in goes on signing
MOST_NAMED = 5


@click.command("undo")
@click.argument("event", required=False)
@click.option("--yes", is_flag=True, help="Record the retractions without a question.")
@click.pass_obj
def command(path: Place, /, event: str | None, yes: bool, **given: Any) -> int:
    """Take back the last batch, or the batch that EVENT was recorded in.

    Every event of it is retracted, the latest first; nothing is deleted, and undoing the undo
    revives them. A registration that other events use stays. What would change is shown first; then
    it is asked whether to go on. Refused where a later event rests on what would go.

    \b
    Example:
      stakebook undo --because "the wrong file" --dry-run
      stakebook undo '#12' --because "recorded twice" --yes
    """
    if not given["because"]:
        raise click.UsageError("Say why: --because TEXT.")
    options = append_options_of(given | {"amends": True})
    with OpenedLedger(path) as opened:
        batch = opened.ask(lambda index: _batch(index, event, opened))
        going, staying = opened.ask(lambda index: _parted(View(index), batch))
        if not going:
            stays = "; ".join(f"#{one.position}: {why}" for one, why in staying[:MOST_NAMED])
            raise Refused(
                Refusal.BAD_AMENDMENT, "Nothing of that batch can be taken back.", f"{stays}."
            )
        if options.draft or options.save:
            write(opened, _drafts(going, given), options)
            return 0
        if not options.json:
            opened.ledger.append(_drafts(going, given), opened.read_model, dry_run=True)
            _say(batch, staying)
        if yes and not options.dry_run:
            write(opened, _drafts(going, given), options)
            return 0
        write(opened, _drafts(going, given), replace(options, dry_run=True))
        if options.dry_run:
            return 0
        return _go_on(opened, options, going, given)


command.params += amendment_options(_TYPE)


def _batch(index: History, event: str | None, opened: OpenedLedger) -> list[Recorded]:
    """The events of a batch, the latest first; those of one batch bear one recorded time."""
    if event is None and not index.position:
        raise Refused(Refusal.UNKNOWN_SUBJECT, "Nothing is recorded.", "There is nothing to undo.")
    last = _at(index, index.position) if event is None else find(opened, event)
    batch = [last]
    for step in (1, -1):
        position = last.position + step
        while 0 < position <= index.position:
            other = _at(index, position)
            if other.recorded_at != last.recorded_at:
                break
            batch.append(other)
            position += step
    return sorted(batch, key=lambda one: one.position, reverse=True)


def _at(index: History, position: int) -> Recorded:
    return index.mentioning(f"position:{position}")[0]


def _parted(
    view: View, batch: Sequence[Recorded]
) -> tuple[list[Recorded], list[tuple[Recorded, str]]]:
    """The events of a batch that go, and those that stay, with why: also what these use."""
    staying = dict[int, Staying]()
    while True:
        going = [event for event in batch if event.position not in staying]
        own = {event.position for event in going}
        found = {e.position: (e, why) for e in going if (why := _why_it_stays(view, e, own))}
        if not found:
            return going, [staying[at] for at in sorted(staying, reverse=True)]
        staying |= found


def _why_it_stays(view: View, event: Recorded, own: set[int]) -> str:
    if event.type in _NEVER:
        return "a key that was signed in stays so"
    if view.fact(event) is None:
        return "it does not stand any more"
    for mention in mentions(event.type, event.data):
        if mention.kind.introduces:
            using = view.about(f"{mention.kind.refers}:{mention.id}", f"subject:{mention.id}")
            classes = view.about(f"issuer:{mention.id}", types=("share-class-created",))
            facts = (*using.certain, *classes.certain)
            others = [f for f in facts if f.recorded.position not in own]
            if others:
                first = others[0]
                return f"#{first.recorded.position} {first.key} uses {mention.id}"
    return ""


def _say(batch: Sequence[Recorded], staying: list[Staying]) -> None:
    """Say what is about to be acted on, and what of it stays."""
    first, last = batch[-1], batch[0]
    what = how_many(len(batch), "event")
    span = f"#{first.position}" + (f" to #{last.position}" if len(batch) > 1 else "")
    click.echo(f"The batch of {what}, {span}, recorded at {first.recorded_at}:")
    for event, why in staying[:MOST_NAMED]:
        told = f"#{event.position} {event.key} stays: {why}."
        click.echo(filled(told, 80, "  ", "    "))
    if len(staying) > MOST_NAMED:
        click.echo(f"  and {len(staying) - MOST_NAMED:,} more stay.")


def _drafts(going: Sequence[Recorded], given: dict[str, Any]) -> Iterator[Draft]:
    """A retraction of each event."""
    cls = event_class(_TYPE)
    fields = {name: value for name, value in given.items() if name in cls.model_fields}
    for event in going:
        made = make_event(_TYPE, data_of(cls, fields | {"event": event.key}))
        yield draft(Entry("", None, made), again=True)


def _go_on(
    opened: OpenedLedger, options: AppendOptions, going: Sequence[Recorded], given: dict[str, Any]
) -> int:
    """Record what was shown if somebody says so; else say how."""
    if at_terminal() and not options.json:
        if click.confirm("Record these retractions?", default=False):
            write(opened, _drafts(going, given), options)
            return 0
        click.echo("Nothing is recorded.")
        return 1
    words = ["undo", str(going[-1].position), "--because", given["because"], "--yes"]
    click.echo(safe(f"To record it: {hints.command(*words)}"), err=True)
    return 2
