"""Files of rules and calendars that a question is asked with."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ledger.intake.yaml import parse_yaml
from ledger.storage.input_files import opened
from ledger.values.refusals import Refusal, Refused, shown, unreadable
from ledger.values.text import decoded

if TYPE_CHECKING:
    from projections.radar.radar import Asked

_BYTES = 2**20


class RuleFiles(NamedTuple):
    """The rules named, and the files of rules and of calendars."""

    ids: Sequence[str]
    rules: str | None
    calendar: str | None

    def asked(self) -> Asked:
        """What is asked of the radar by them, the files read."""
        from projections.radar.calendars import parse_calendars
        from projections.radar.radar import Asked
        from projections.radar.rule_files import built_in, parse_rules

        return Asked(
            ids=self.ids,
            rules=parse_rules(*read_listed(self.rules)) if self.rules else built_in(),
            calendars=parse_calendars(*read_listed(self.calendar)) if self.calendar else {},
        )


def rule_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options for rules and calendars of a command, which is called with ``rules``."""

    @click.option(
        "--rule", "ids", multiple=True, metavar="ID",
        help="Only this rule, whatever the issuer's law; may be repeated.",
    )  # fmt: skip
    @click.option("--rules", "file", metavar="FILE", help="Rules of your own, in YAML or JSON.")
    @click.option("--calendar", metavar="FILE", help="The closed days of markets, in YAML or JSON.")
    @functools.wraps(command)
    def asking(ids: tuple[str, ...], file: str | None, calendar: str | None, **given: Any) -> Any:
        return command(rules=RuleFiles(ids, file, calendar), **given)

    return asking


def read_listed(path: str) -> tuple[Any, str]:
    """What a file of YAML or JSON holds, every scalar as text, and the file's name."""
    name = shown(path, 4096)[1:-1]
    try:
        with opened(Path(path)) as stream:
            raw = stream.read(_BYTES + 1)
    except OSError as error:
        raise unreadable(name, error) from None
    if len(raw) > _BYTES:
        raise Refused(Refusal.TOO_LARGE, "It is over 1 MiB.", "Shorten it.", name)
    text = decoded(raw, name)
    documents = [document for document, _ in parse_yaml(text, name)]
    if len(documents) != 1:
        raise Refused(Refusal.EMPTY, "There is no list in it.", "Begin it with `- id: ...`.", name)
    return documents[0], name
