"""stakebook diff"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import click

from cli.context import Found, check_known, cut_options, looked_up, make_cut, view_at
from cli.differences import differences_screen, write_differences
from cli.labels import How
from cli.naming import SUBJECT
from cli.page import full_option, shown_options, width, write
from cli.plans.diff import DiffPlan
from cli.plans.summary import summarised
from cli.question import supposition
from cli.render import cut_fields, cut_words
from cli.screen import Screen
from cli.supposing import supposing_options
from ledger.model.threads import OWN_KINDS
from ledger.time.cut import FLOORS
from ledger.time.view import Cut, View
from ledger.values.refusals import Refused, shown
from projections.changes.diff import Differences

_LIMITS = ("as-of", "known-by", "recorded-by", "standing", "ledger")
_NEXT = re.compile(f",(?=(?:{'|'.join(_LIMITS)})=)")
_SUBJECTS = ("party", "issuer", "class", *OWN_KINDS, "subject")


class Side(NamedTuple):
    """One side of a comparison: a ledger and a cut through it."""

    path: Path
    cut: Cut


@click.command("diff")
@click.argument("subject", required=False, type=SUBJECT)
@click.option("--from", "before", metavar="LIMITS", help="The one side, such as as-of=2023-11-07.")
@click.option("--to", "after", metavar="LIMITS", help="The other side.")
@full_option
@cut_options
@supposing_options
@shown_options
@click.pass_obj
def command(
    path: Path,
    subject: str | None,
    before: str | None,
    after: str | None,
    full: bool,
    cut: Cut,
    form: str,
    how: How,
    paged: bool,
) -> None:
    """Two points in time side by side: what is added, gone or changed.

    Compares holdings, votes, governance, deals and claims; SUBJECT limits it to answers about an
    id and rows that name it. LIMITS are as-of=DATE, known-by=DATE, recorded-by=TIME,
    standing=FLOOR and ledger=PATH, with commas between; what a side does not name is as the
    options say. With every difference come the events that make it.

    \b
    Example:
      stakebook diff --from as-of=2023-11-07 --to as-of=2023-11-09
      stakebook diff nissan --from known-by=2023-06,as-of=2024 --to as-of=2024
    """
    if before is None and after is None:
        raise click.UsageError("Give the sides to compare with --from and --to.")
    one, other = _side("--from", before, path, cut), _side("--to", after, path, cut)
    if supposition() and (one.path, other.path) != (path, path):
        raise click.UsageError("What is supposed is supposed of one ledger: leave out ledger=.")
    if form in ("table", "markdown"):
        flat = form == "markdown" or width() is None
        plan = DiffPlan(subject, full)

        def tell(then: View, now: View) -> Screen:
            return _screen(_compare(then, now, subject), now, plan, one, other, how, flat)

        write(_of_both(one, other, tell), form, paged)
        return
    answer = _of_both(one, other, lambda then, now: _compare(then, now, subject))
    cuts = {
        name: {**cut_fields(side.cut), "ledger": str(side.path)}
        for name, side in (("from", one), ("to", other))
    }
    title = f"Differences{f' about {subject}' if subject else ''}: {_sides_words(one, other)}"
    write_differences(answer, cuts, form, title)


def _of_both(one: Side, other: Side, ask: Callable[[View, View], Found]) -> Found:
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


def _compare(then: View, now: View, subject: str | None) -> Differences:
    from projections.changes.diff import diff

    known = [v for v in (then, now) for kind in _SUBJECTS if v.history.knows(f"{kind}:{subject}")]
    if subject is not None and not known:
        check_known(now, subject, *_SUBJECTS)
    return diff(then, now, subject)


def _side(option: str, text: str | None, path: Path, cut: Cut) -> Side:
    """One side from what was typed; what it does not name is as the options say."""
    given: dict[str, str] = {}
    for part in _NEXT.split(text) if text else ():
        name, equals, value = part.partition("=")
        if name not in _LIMITS or not equals or not value:
            raise click.BadParameter(
                f"{shown(part)} is not a limit. Write {'=, '.join(_LIMITS)}= with a value,"
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
    return Side(Path(given["ledger"]) if "ledger" in given else path, chosen)


def _screen(
    answer: Differences, now: View, plan: DiffPlan, one: Side, other: Side, how: How, flat: bool
) -> Screen:
    """The differences as a person reads them, in the names of the later side."""
    screen = differences_screen(answer, now, plan, how, flat)
    titled = replace(screen, title=f"{screen.title}: {_sides_words(one, other)}")
    return titled if plan.full else summarised(titled)


def _sides_words(one: Side, other: Side) -> str:
    """Both sides in a title: their days alone, where they differ in nothing else."""
    before, after = one.cut, other.cut
    if one.path != other.path or before._replace(as_of=after.as_of) != after:
        return f"from {_words(one, other)}; to {_words(other, one)}"
    limits = cut_words(after).partition(", ")[2]
    return f"from {before.as_of} to {after.as_of}" + (f", {limits}" if limits else "")


def _words(side: Side, other: Side) -> str:
    ledger = f"{side.path} " if side.path != other.path else ""
    return ledger + cut_words(side.cut)
