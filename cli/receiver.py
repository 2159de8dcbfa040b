"""Where an answer goes in place of standard output: to a page, which has links in what it shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

if TYPE_CHECKING:
    from cli.screen import Screen
    from ledger.storage.server import Place
    from projections.readmodel.index import Index

RECEIVER = "stakebook.receiver"  # under which a context keeps it
Found = TypeVar("Found")


class Receiver(Protocol):
    """What takes the answer of a command, and holds the ledger open for it."""

    def screen(self, screen: Screen) -> None:
        """Take an answer as a person reads it."""

    def value(self, value: Any) -> None:
        """Take an answer in plain values."""

    def linked(self, text: str, kind: str, *ids: str) -> str:
        """The text, marked as leading to what it names."""

    def looked_up(self, path: Place, look: Callable[[Index], Found]) -> Found:
        """What is found in the read model of a ledger."""


def receiver() -> Receiver | None:
    """What takes the answer of the running command; None where it is written."""
    context = click.get_current_context(silent=True)
    return None if context is None else context.meta.get(RECEIVER)
