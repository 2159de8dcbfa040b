"""How an explanation is written: whole as JSON, its events as CSV, a screen for a person."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from cli.context import Command, answered, check_known, cut_options
from cli.labels import How
from cli.page_options import full_option, shown_options
from cli.plans.explain import ExplainPlan, count_the_unknown
from cli.plans.summary import summarised
from cli.question import question_fields, supposed_fields
from cli.render import NAMED_AT, cut_fields, render, write_json
from cli.screen import Screen
from cli.supposing import supposing_options
from cli.telling import tell
from ledger.time.view import Cut, View
from projections.explain.explanation import Explanation

UNKNOWN = "not_yet_known"  # the option to list what became known after the known-by day


@dataclass(frozen=True)
class Shown:
    """How an explanation is to be shown; what became known later is counted, unless asked for."""

    form: str
    how: How
    paged: bool
    full: bool
    unknown: bool


def limits(command: Command) -> Command:
    """The limits of an explanation, and whether it lists what they hide; rendering heeds that."""

    @click.option(
        f"--{UNKNOWN.replace('_', '-')}",
        UNKNOWN,
        is_flag=True,
        help="Also list events that became known after --known-by.",
    )
    @full_option
    @cut_options
    @supposing_options
    @shown_options
    @functools.wraps(command)
    def limited(
        form: str, how: How, paged: bool, full: bool, not_yet_known: bool, **given: Any
    ) -> Any:
        return command(shown=Shown(form, how, paged, full, not_yet_known), **given)

    return limited  # type: ignore[return-value]


def check_parties(view: View, *parties: str) -> None:
    """Refuse what is no party of the ledger."""
    for party in parties:
        check_known(view, party, "party", "issuer")


def explain(
    path: Path, cut: Cut, ask: Callable[[View], Explanation], plan: ExplainPlan, shown: Shown
) -> None:
    """Ask for an explanation and write it to standard output."""

    def asked(view: View) -> Explanation:
        explained = ask(view)
        if not shown.unknown:
            count_the_unknown(explained, cut.known_by)
        if shown.form not in ("json", "csv") and not shown.full:
            _count_the_possible(explained)
        return explained

    if shown.form in ("json", "csv"):
        explained = answered(path, cut, asked, shown.form)
        _write(explained, cut, shown.form)
        return
    made, shortened = replace(plan, full=shown.full).screen, _whole if shown.full else summarised
    tell(path, cut, asked, made, shown.form, shown.how, shown.paged, shortened)


def _count_the_possible(explained: Explanation) -> None:
    """Tell of several events that are only possible by their number alone."""
    if (count := len(explained.possible)) > 1:
        explained.note(f"{count} events are possible, not certain: --full")
        explained.possible = []


def _whole(screen: Screen) -> Screen:
    return screen


def _write(explained: Explanation, cut: Cut, form: str) -> None:
    if form == "csv":
        render(explained, cut, form, "Explanation", ("event", "state"))
        return
    write_json(
        {
            **supposed_fields(),
            "cut": question_fields() | cut_fields(cut) | NAMED_AT,
            "outcome": explained.outcome,
            "figure": explained.figure,
            "rows": explained.rows,
            "arithmetic": explained.arithmetic,
            "sources": explained.sources,
            "excluded": explained.excluded,
            "possible": explained.possible,
            "notes": explained.notes,
        }
    )
