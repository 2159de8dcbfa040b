"""Two points in time as they are typed, and what is asked of both."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import click

from cli.context import Found, looked_up, make_cut, view_at
from cli.receiver import receiver
from cli.render import cut_words
from ledger.storage.server import Place, place_of
from ledger.time.cut import FLOORS
from ledger.time.view import Cut, View
from ledger.values.refusals import Refused, shown

_LIMITS = ("as-of", "known-by", "recorded-by", "standing", "ledger")
_NEXT = re.compile(f",(?=(?:{'|'.join(_LIMITS)})=)")


class Side(NamedTuple):
    """One side of a comparison: a ledger and a cut through it."""

    path: Place
    cut: Cut


def of_both(one: Side, other: Side, ask: Callable[[View, View], Found]) -> Found:
    """What is asked of both sides; of one ledger the read model is opened once."""
    if one.path == other.path:
        return looked_up(
            one.path, lambda index: ask(view_at(index, one.cut), view_at(index, other.cut))
        )
    return looked_up(
        one.path,
        lambda then: looked_up(
            other.path, lambda now: ask(view_at(then, one.cut), view_at(now, other.cut))
        ),
    )


def side(option: str, text: str | None, path: Place, cut: Cut) -> Side:
    """One side from what was typed; what it does not name is as the options say."""
    given: dict[str, str] = {}
    names = _LIMITS[:-1] if receiver() else _LIMITS  # a page is of one ledger
    for part in _NEXT.split(text) if text else ():
        name, equals, value = part.partition("=")
        if name not in names or not equals or not value:
            raise click.BadParameter(
                f"{shown(part)} is not a limit. Write {'=, '.join(names)}= with a value,"
                " and commas between.",
                param_hint=option,
            )
        if name in given:
            raise click.BadParameter(f"{name} is given twice.", param_hint=option)
        given[name] = value
    if given.get("standing", "any") not in FLOORS:
        raise click.BadParameter(f"standing is one of {', '.join(FLOORS)}.", param_hint=option)
    dates = (given.get("as-of"), given.get("known-by"), given.get("recorded-by"))
    try:
        typed = make_cut(*dates, cut.standing, cut.policy)
    except Refused as refused:
        raise refused.at(option) from None
    chosen = Cut(
        typed.as_of if "as-of" in given else cut.as_of,
        typed.known_by if "known-by" in given else cut.known_by,
        typed.recorded_by if "recorded-by" in given else cut.recorded_by,
        given.get("standing", cut.standing),
        cut.policy,
    )
    return Side(place_of(given["ledger"]) if "ledger" in given else path, chosen)


def sides_words(one: Side, other: Side) -> str:
    """Both sides in a title: their days alone, where they differ in nothing else."""
    before, after = one.cut, other.cut
    if one.path != other.path or before._replace(as_of=after.as_of) != after:
        return f"from {_words(one, other)}; to {_words(other, one)}"
    limits = cut_words(after).partition(", ")[2]
    return f"from {before.as_of} to {after.as_of}" + (f", {limits}" if limits else "")


def _words(side: Side, other: Side) -> str:
    ledger = f"{side.path} " if side.path != other.path else ""
    return ledger + cut_words(side.cut)
