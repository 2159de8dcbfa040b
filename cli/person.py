"""Who runs the command, as events of a ledger with actors say it."""

from __future__ import annotations

from getpass import getuser

import click

from ledger.events.actor import Person, checked_person
from ledger.values.refusals import Refused

NAMED = "cli.person.named"  # what --by says, in the meta of the context


def person() -> Person:
    """The one named with --by, else the user of this machine."""
    context = click.get_current_context(silent=True)
    named = context.meta.get(NAMED) if context else None
    if named is None:
        return Person(getuser())
    try:
        return Person(checked_person(named), named=True)
    except Refused as refused:
        raise refused.at("--by") from None
