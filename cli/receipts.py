"""Receipts in sentences: what was recorded, what it changed, what to look at, how to undo it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import click

from cli import hints
from cli.plans.figures import known_words
from cli.safe_text import filled, safe
from ledger.batch import Receipt
from ledger.events.envelope import Recorded
from ledger.transparency.signed_notes import encoded
from ledger.values.dates import worded
from ledger.values.warnings import Warned

if TYPE_CHECKING:
    from ledger.model.fact import Fact
    from ledger.time.history import History
    from projections.names import Names

FEW = 5  # events that are told one by one
MOST_FIGURES = 6  # lines of what one event changed
MOST_OF_BATCH = 10  # lines of what a batch changed
MOST_NAMED = 5  # of the events that were recorded before
MOST_VERDICTS = 8  # of clauses that are told
MOST_TYPES = 8  # counted by name
WIDTH = 80


class Told:
    """A receipt and the histories before and after it, told to a person."""

    def __init__(self, receipt: Receipt, before: History, today: str, dry_run: bool) -> None:
        self.receipt, self.before, self.today, self.dry_run = receipt, before, today, dry_run

    def say(self, leaves: Sequence[bytes] = ()) -> None:
        """Print what became of the events, with hashes where they are given, then what changed."""
        for line in self._events(leaves):
            click.echo(line)
        if not self.receipt.new:
            click.echo("Nothing new to record.")
            return
        sys.stdout.flush()
        for line in self._changes():
            click.echo(line)

    def say_verdicts(self) -> None:
        """Print what clauses say of the events that is no warning; of a dry run all of it."""
        from cli.plans.propose import in_words, to_be_read
        from projections.told import read

        told = ("cannot be told", "noted", *(("permitted",) if self.dry_run else ()))
        rows = [row for row in self.receipt.verdicts if row["verdict"] in told]
        if not rows:
            return
        click.echo("What clauses say:")
        for line in to_be_read(rows, partial(self.names.short, "agreement")):
            click.echo(filled(line, WIDTH, "  ", "    "))
        rows = [row for row in rows if not in_words(row)]
        for row in rows[:MOST_VERDICTS]:
            of = self.names.short("agreement", row["agreement"]) if row["agreement"] else ""
            what = read(row["what"], self.names.short)
            clause = f"{row['clause'] or row['kind']}{f' of {of}' if of else ''}"
            click.echo(filled(f"{row['verdict']}: {clause}: {what}", WIDTH, "  ", "    "))
        if len(rows) > MOST_VERDICTS:
            more = f"  and {len(rows) - MOST_VERDICTS:,} more; --json tells all, or `propose`."
            click.echo(more)

    @property
    def new(self) -> list[Recorded]:
        """The events recorded now, as far as they are kept."""
        return [event for event in self.receipt.events if event.position in self.receipt.new]

    @cached_property
    def after(self) -> History:
        """The history with the new events in it, as far as they are kept."""
        from ledger.time.log import Log

        return Log(self.new, self.before)

    @cached_property
    def names(self) -> Names:
        """What things are called after the events."""
        from ledger.time.view import View
        from projections.names import Names

        return Names(View(self.after))

    def _events(self, leaves: Sequence[bytes]) -> Iterator[str]:
        receipt = self.receipt
        if 0 < len(receipt.events) <= FEW:
            for event, leaf in zip_longest(receipt.events, leaves):
                yield hints.paragraph(self._event(event))
                yield from self._amended(event)
                if leaf:
                    yield f"  leaf {encoded(leaf)}"
        else:
            yield from self._batch()
        if leaves and receipt.root:
            yield f"  root {encoded(receipt.root)} of {receipt.size} events"

    def _event(self, event: Recorded) -> str:
        from projections.sentences import event_name

        name, names = f"#{event.position}", self.names
        if (key := event_name(names.view, event.key)) != name:
            name += f" {key}"
        fact = names.view.fact(event)
        told = f"{event.type}, which does not stand" if fact is None else told_whole(names, fact)
        if event.position not in self.receipt.new:
            return f"Already recorded as {name}: {told}"
        return f"{'Would record' if self.dry_run else 'Recorded'} {name}: {told}"

    def _amended(self, event: Recorded) -> Iterator[str]:
        """What an event that another one amends said before, and what it says now."""
        from ledger.time.history import AMENDMENTS, target_of
        from ledger.time.view import View
        from projections.names import Names
        from projections.sentences import sentence

        if event.type not in AMENDMENTS or event.position not in self.receipt.new:
            return
        target = target_of(event, self.after)
        told = []
        for names in (Names(View(self.before)), self.names):
            fact = names.view.fact(target) if target else None
            told.append(sentence(names, fact) if fact else "")
        for words, said in zip(("It said", "It says now"), told, strict=True):
            if said and told[0] != told[1]:
                yield filled(f"{words}: {said}", WIDTH, "  ", "    ")

    def _batch(self) -> Iterator[str]:
        receipt, new = self.receipt, len(self.receipt.new)
        verb = "Would record" if self.dry_run else "Recorded"
        span = f", #{min(receipt.new)} to #{max(receipt.new)}" if new else ""
        known = f"; {receipt.known:,} already recorded" if receipt.known else ""
        events = "event" if new == 1 else "events"
        yield f"{verb} {new:,} {events}{span}{known}."
        counts = Counter(event.type for event in self.new).most_common()
        told = [f"{count:,} {name}" for name, count in counts[:MOST_TYPES]]
        if len(counts) > MOST_TYPES:
            rest = sum(count for _, count in counts[MOST_TYPES:])
            told.append(f"{rest:,} of {len(counts) - MOST_TYPES} other types")
        if told:
            yield filled(", ".join(told) + ".", WIDTH, "  ", "  ")
        yield from self._ends()
        yield from self._known_before()

    def _ends(self) -> Iterator[str]:
        """The first and the last of the new events."""
        for word, event in zip(("First", "Last"), (self.new[:1] + self.new[-1:]), strict=False):
            if fact := self.names.view.fact(event):
                told = f"{word}: #{event.position} {told_whole(self.names, fact)}"
                yield filled(told, WIDTH, "  ", "    ")

    def _known_before(self) -> Iterator[str]:
        """Those of the events that were recorded before, the first of them by name."""
        known = [event for event in self.receipt.events if event.position not in self.receipt.new]
        if known:
            named = ", ".join(f"#{e.position} {e.key}" for e in known[:MOST_NAMED])
            more = f" and {len(known) - MOST_NAMED:,} more" if len(known) > MOST_NAMED else ""
            yield filled(f"Recorded before: {named}{more}.", WIDTH, "  ", "    ")

    def _changes(self) -> Iterator[str]:
        """The figures that differ today."""
        from projections.changes.figures import figures

        if not self.new:
            yield "What a batch of this size changes is not listed; ask the questions themselves."
            return
        most = MOST_FIGURES if len(self.new) <= FEW else MOST_OF_BATCH
        lines = list(figures(self.before, self.after, self.new, self.today))
        for line in lines[:most]:
            yield filled(line, WIDTH, "  ", "    ")
        if len(lines) > most:
            yield f"  and {len(lines) - most:,} figures more; --impact tells of every date."


def told_whole(names: Names, fact: Fact) -> str:
    """An event in a sentence with its dates, its standing and its sources."""
    from projections.sentences import sentence

    parts = [sentence(names, fact).rstrip(".")]
    if fact.effective is not None:
        parts.append(f"effective {worded(fact.since or 'on an unknown date')}")
    if fact.known_on is not None:
        parts.append(f"known {known_words(fact.known_on)}")
    if not fact.timeless:
        parts.append(fact.standing)
    sources = list(dict.fromkeys(names.name("source", cited.source) for cited in fact.citations))
    if sources:
        parts.append(
            f"source: {'; '.join(sources[:2])}"
            + f" and {len(sources) - 2} more" * (len(sources) > 2)
        )
    elif not fact.timeless:
        parts.append("no source")
    return f"{', '.join(parts)}."


def say_warnings(receipt: Receipt) -> None:
    """Print what was found to look at again, and what was not looked at."""
    sys.stdout.flush()
    for warned in receipt.warnings:
        told = hints.on_this_ledger(f"! {warned.kind.number}: {warned}")
        click.echo(hints.paragraph(told), err=True)
    for left_out in receipt.left_out:
        click.echo(hints.paragraph(f"! {left_out}"), err=True)


def warning_fields(receipt: Receipt) -> list[dict[str, Any]]:
    """The warnings as plain values."""
    return [_fields(warned) for warned in receipt.warnings]


def say_end(receipt: Receipt, dry_run: bool, drafted: bool) -> None:
    """Print the command that takes back what was recorded, as a draft where it was one, or that
    nothing was."""
    if dry_run:
        click.echo("Nothing is recorded.")
    elif receipt.new:
        what = "retract" if len(receipt.new) == 1 else "undo"
        undoing = hints.command(what, str(min(receipt.new)))
        as_draft = " --draft" if drafted else ""
        click.echo(safe(f'To undo: {undoing} --because "..."{as_draft}'))


def _fields(warned: Warned) -> dict[str, Any]:
    return {
        "number": warned.kind.number,
        "name": warned.kind.title,
        "position": warned.position,
        "place": warned.place or None,
        "what": warned.what,
        "remedy": warned.remedy or None,
    }
