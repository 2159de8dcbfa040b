"""stakebook correct-source"""

from __future__ import annotations

from typing import Any

import click

from cli.amending import amendment_options, record
from cli.context import OpenedLedger
from cli.documents import document_of, document_options, keeping
from cli.options import option_of
from ledger.events.registry import event_class
from ledger.storage.server import Place

_NAMES = ("title", "kind", "publisher", "published_on", "dated_by", "address", "sha256")
_FIELDS = [option_of(name, event_class("source-corrected")) for name in _NAMES]


@click.command("correct-source")
@click.argument("source")
@click.pass_obj
def command(path: Place, /, source: str, **given: Any) -> None:
    """Correct what is recorded about SOURCE, such as the day it was published.

    Everything that rests on the source is then known from another day. What changes is always
    told. --file gives it the hash of its document, and --keep keeps a copy beside the ledger.

    \b
    Example:
      stakebook correct-source notice --published-on 2023-11 --because "misread"
      stakebook correct-source notice --file notice.pdf --keep --because "found"
    """
    document = document_of(given)
    if all(given[str(option.name)] is None for option in _FIELDS):
        names = ", ".join(f"--{str(o.name).replace('_', '-')}" for o in _FIELDS)
        raise click.UsageError(f"Give what is to be corrected: {names}, --file.")
    kept = None if given["dry_run"] else document
    with keeping(path, kept), OpenedLedger(path) as opened:
        record(opened, "source-corrected", given | {"source": source})


command.params += [*_FIELDS, *document_options()]
command.params += amendment_options("source-corrected", kind=False)
