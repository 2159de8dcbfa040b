"""stakebook chart"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import click

from cli.context import answered, check_known, cut_options, days_typed, looked_up, view_at
from cli.labels import How
from cli.naming import PARTY
from cli.output import output, refuse_taken
from cli.page_options import shown_options
from cli.receiver import receiver
from cli.render import cut_words, render
from cli.telling import tell
from ledger.storage.server import Place
from ledger.time.view import Cut, View
from ledger.values.dates import BEGINNING, FOREVER
from projections.answer import Answer, complete

_FORMATS = (".svg", ".png")


@click.command("chart")
@click.argument("issuer", type=PARTY)
@click.option("--holder", type=PARTY, help="Only what HOLDER has, or is a party to.")
@click.option(
    "--measure", type=click.Choice(["capital", "votes"]), default="capital", show_default=True,
    help="Shares in the capital, or votes that can be cast.",
)  # fmt: skip
@click.option("--terms", "of_terms", is_flag=True, help="Agreements, clauses and offices instead.")
@click.option("--from", "first", metavar="DATE", help="From DATE on [the first change].")
@click.option("--to", "last", metavar="DATE", help="Up to DATE [the cut].")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE",
    help="Write a picture: .svg or .png.",
)  # fmt: skip
@click.option(
    "--most", type=click.IntRange(1, 60), default=8, show_default=True,
    help="The most holders that are drawn, those who ever had most.",
)  # fmt: skip
@click.option("--ascii", "plain", is_flag=True, help="Draw with plain characters.")
@cut_options
@shown_options
@click.pass_obj
def command(
    path: Place,
    issuer: str,
    holder: str | None,
    measure: Literal["capital", "votes"],
    of_terms: bool,
    first: str | None,
    last: str | None,
    out: Path | None,
    most: int,
    plain: bool,
    cut: Cut,
    form: str,
    how: How,
    paged: bool,
) -> None:
    """What holders had of ISSUER over time: as known now, and as known on the day.

    Beside each step stands what made it; "by cancellation" and the like are steps for which the
    holder made no move. With --terms agreements, clauses and offices are told in bars.

    \b
    Example:
      stakebook chart nissan
      stakebook chart renault --measure votes --out votes.svg
      stakebook chart nissan --terms --from 2019-01-01
    """
    from cli.plans.chart import ChartPlan, TermsPlan

    days = _days(first, last, cut.as_of)
    shown = days[0], min(days[1], cut.as_of)
    ask, plan = _asking_stakes(issuer, measure, holder, days), None
    if of_terms:
        ask, plan = _asking_terms(issuer, holder, days), TermsPlan(issuer, shown, plain)
    drawn = plan or ChartPlan(issuer, measure, shown, most, plain)
    if out is not None:
        if form not in ("table", "markdown"):
            raise click.UsageError(f"--format {form} is of rows: leave it out, or --out.")
        _write(path, cut, how, drawn, ask, out)
    elif form in ("table", "markdown"):
        tell(path, cut, ask, drawn.screen, form, how, paged)
    else:
        answer: Answer[Any] = answered(path, cut, ask, form)
        if form != "json":
            answer.rows = [_flat(row) for row in answer.rows]
        render(answer, cut, form, f"Chart of {issuer}", ("since", "until"))


def _days(first: str | None, last: str | None, as_of: str) -> tuple[str, str]:
    days = (
        days_typed("--from", first).first if first else BEGINNING,
        days_typed("--to", last).last if last else FOREVER,
    )
    if days[0] > days[1]:
        raise click.UsageError("--from is after --to: nothing is between them.")
    if days[0] > as_of:
        raise click.UsageError(f"--from is after {as_of}, to which the answer goes: see --as-of.")
    return days


def _asking_stakes(
    issuer: str, measure: Literal["capital", "votes"], holder: str | None, days: tuple[str, str]
) -> Callable[[View], Answer[Any]]:
    def ask(view: View) -> Answer[Any]:
        from projections.charts.stakes import stakes

        check_known(view, issuer, "issuer", "party")
        if holder is not None:
            check_known(view, holder, "party")
        return complete(view, stakes(view, issuer, measure, holder, *days))

    return ask


def _asking_terms(
    company: str, party: str | None, days: tuple[str, str]
) -> Callable[[View], Answer[Any]]:
    def ask(view: View) -> Answer[Any]:
        from projections.charts.terms import terms

        check_known(view, company, "party", "issuer")
        return complete(view, terms(view, company, party, *days))

    return ask


def _write(
    path: Place, cut: Cut, how: How, plan: Any, ask: Callable[[View], Answer[Any]], out: Path
) -> None:
    from cli.pictures.asked import labels_of, unlimited
    from cli.pictures.plots import plotted
    from cli.pictures.writing import check_format

    check_format(out, _FORMATS)
    refuse_taken(out)

    def draw(view: View) -> bytes:
        answer, labels = ask(view), labels_of(view, how)
        chart = plan.chart(answer, labels, cut_words(cut))
        if labels.again():
            chart = plan.chart(answer, labels, cut_words(cut))
        return plotted(replace(chart, unlimited=unlimited(cut)), out.suffix.lower())

    drawn = looked_up(path, lambda index: draw(view_at(index, cut)))
    with output(out) as stream:
        stream.write(drawn)
    if not receiver():
        click.echo(f"Wrote {out}.", err=True)


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """A row for CSV, with the fields of its figures beside the others."""
    found: dict[str, Any] = {}
    for name, value in row.items():
        if name in ("now", "known_then"):
            told = value or dict.fromkeys(("number", "of", "percent", "percent_exact", "qualifier"))
            found |= {f"{name}_{part}": one for part, one in told.items()}
        else:
            found[name] = value
    return found
