"""The loss report of a command that reads a foreign file: sentences, a file of it, --strict."""

from __future__ import annotations

import json
from pathlib import Path

import click

from cli.safe_text import filled
from ledger.formats.losses import KINDS, Loss, Report
from ledger.storage.atomic_file import create
from ledger.values.refusals import Refusal, Refused, shown

SHOWN = 20  # losses told one by one


def checked_allowed(allowed: tuple[str, ...]) -> frozenset[str]:
    """What --allow names, each KIND:FIELD."""
    for one in allowed:
        kind, colon, field = one.partition(":")
        if kind not in KINDS or not colon or not field:
            raise Refused(
                Refusal.BAD_CHOICE,
                f"{shown(one)} names no loss.",
                f"Write KIND:FIELD; the kinds are {', '.join(KINDS)}.",
                "--allow",
            )
    return frozenset(allowed)


def report(losses: Report, file: Path | None, allowed: frozenset[str], *, strict: bool) -> bool:
    """Tell the losses on standard error and write them to a file; whether they may be passed."""
    for loss in losses.losses[:SHOWN]:
        click.echo(filled(sentence(loss), 78, "- ", "  "), err=True)
    if len(losses.losses) > SHOWN:
        more = len(losses.losses) - SHOWN
        click.echo(f"- and {more} more: --losses FILE has them all.", err=True)
    if file is not None:
        create(file, _lines(losses))
    open_losses = [loss.name for loss in losses.losses if loss.name not in allowed]
    if strict and open_losses:
        names = ", ".join(dict.fromkeys(open_losses))
        click.echo(filled(f"--strict: not allowed are {names}. Nothing is recorded.", 78), err=True)
    click.echo(losses.sentence(), err=True)
    return not (strict and open_losses)


def sentence(loss: Loss) -> str:
    """A loss in words."""
    times = f" ({loss.count} times)" if loss.count > 1 else ""
    value = f" {shown(loss.value)}" if loss.value else ""
    return f"{loss.kind}: {loss.place}, {loss.field}{value}{times}: {loss.why}."


def _lines(losses: Report) -> bytes:
    objects = [losses.head(), *(loss.as_json(losses.format) for loss in losses.losses)]
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects).encode()
