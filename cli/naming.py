"""Names in place of ids, wherever an id is typed: read as the id of the one thing that bears it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.completions import THINGS, Proposed, looked
from cli.question import supposition
from ledger.storage.server import Place, Server
from ledger.values.refusals import Refusal, Refused, shown

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class Naming(click.ParamType[str]):
    """The id of a thing of some kinds; a name, present or former, stands for the id."""

    def __init__(self, *kinds: str) -> None:
        self.kinds = kinds
        self.name = kinds[0]

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if ctx is None or ctx.resilient_parsing or not isinstance(ctx.obj, Path | Server):
            return str(value)
        return named(ctx.obj, str(value), self.kinds)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        return Proposed(*self.kinds).shell_complete(ctx, param, incomplete)


PARTY = Naming("party", "issuer")
SUBJECT = Naming(*THINGS)


def named(path: Place, text: str, kinds: Collection[str]) -> str:
    """The id that a text stands for in a ledger, which is said where the text is a name.

    A text that is no name is given back as it is. Raises Refused where several things bear it.
    """
    if not text or not text.isprintable() or _is_known(path, text, kinds):
        return text
    from cli.context import looked_up
    from ledger.time.view import View
    from projections.names import Names, called

    supposed = supposition()

    def look(index: Any) -> tuple[list[tuple[str, str]], list[str]]:
        index = supposed.over(index) if supposed else index
        if any(index.knows(f"{kind}:{text}") for kind in kinds):
            return [], []
        found, names = called(index, text, kinds), Names(View(index))
        return found, [f"{names.name(kind, id)} ({id}, {kind})" for kind, id in found]

    found, words = looked_up(path, look)
    if len(found) > 1:
        raise Refused(
            Refusal.AMBIGUOUS_NAME,
            f"{shown(text)} names {len(found)} things: {', '.join(words)}.",
            "Write the id.",
        )
    if not found:
        return text
    from cli.safe_text import safe

    click.echo(safe(f"read {shown(text)} as {found[0][1]}"), err=True)
    return found[0][1]


def _is_known(path: Place, text: str, kinds: Collection[str]) -> bool:
    """Whether the read model, as it is now, has a thing of an id; nothing is built for it."""
    found = list[object]()
    subjects = [f"{kind}:{text}" for kind in kinds]
    marks = ",".join("?" * len(subjects))
    asked = f"SELECT 1 FROM subjects WHERE subject IN ({marks}) LIMIT 1"
    looked(path, lambda db: found.extend(db.execute(asked, subjects)))
    return bool(found)
