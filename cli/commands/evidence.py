"""stakebook evidence"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import click

from cli.context import answered, check_known, cut_alone
from cli.evidence import in_names, render_evidence
from cli.explanation import check_parties
from cli.labels import Labels
from cli.naming import PARTY, Naming
from cli.plans.radar import crossed_on
from cli.render import cell_of, qualified
from ledger.time.view import Cut, View
from projections.evidence import Evidence, evidence
from projections.explain.explanation import Explanation
from projections.names import Names
from projections.rows import Row
from projections.sentences import class_words
from projections.subjects.balances import OWN_NAME
from projections.told import read


@click.group("evidence")
def command() -> None:
    """From a figure to the sentence in the document that it rests on.

    For each event of the figure: its sources with page or section, publisher, title, the dates of
    publication and retrieval, address and hash, whether the document is kept here, and what
    contradicts it. What the ledger does not know is "not recorded". --format markdown fits a
    footnote or an annex.

    \b
    Example:
      stakebook evidence holdings nissan renault --as-of 2023-11-08
      stakebook evidence deal alliance-rebalancing --format markdown
    """


class Figure(NamedTuple):
    """A kind of figure: its arguments, how it is explained, its title, and its rows in words."""

    arguments: Sequence[str]
    explain: Callable[..., Explanation]
    title: str
    words: Callable[[Names, Row], str]
    example: str

    def typed(self) -> list[Naming]:
        """How each argument is read."""
        named = ("deal", "investment", "offering", "agreement")
        return [Naming(name) if name in named else PARTY for name in self.arguments]

    def titled(self, names: Names, given: Sequence[str]) -> str:
        """The title of the figure that is given, with names."""
        return self.title.format(
            *(names.title(read.name, id) for read, id in zip(self.typed(), given, strict=True))
        )


def _holdings(view: View, issuer: str, holder: str) -> Explanation:
    from projections.explain.holdings import explain_holdings

    check_parties(view, issuer, holder)
    return explain_holdings(view, holder, issuer)


def _votes(view: View, issuer: str, holder: str) -> Explanation:
    from projections.explain.votes import explain_votes

    check_parties(view, issuer, holder)
    return explain_votes(view, holder, issuer)


def _seats(view: View, company: str, party: str) -> Explanation:
    from projections.explain.seats import explain_seats

    check_parties(view, company, party)
    return explain_seats(view, party, company)


def _thread(kind: str) -> Callable[[View, str], Explanation]:
    def explain(view: View, id: str) -> Explanation:
        from projections.explain.deals import explain_thread

        check_known(view, id, kind)
        return explain_thread(view, kind, id)

    return explain


def _control(view: View, company: str) -> Explanation:
    from projections.explain.control import explain_control

    check_parties(view, company)
    return explain_control(view, company)


def _radar(view: View, issuer: str, holder: str) -> Explanation:
    from projections.explain.radar import explain_radar

    check_parties(view, issuer, holder)
    return explain_radar(view, issuer, holder)


def _breach(view: View, agreement: str) -> Explanation:
    from projections.explain.breach import explain_breach

    check_known(view, agreement, "agreement")
    return explain_breach(view, agreement)


def _held(names: Names, row: Row) -> str:
    of = class_words(names, row["share_class"]) if row["share_class"] else "shares"
    shares = f"{qualified('holdings', 'shares', row)} {of}" if row["shares"] else of
    upto = f" to {row['percent_to']}" if row.get("percent_to") else ""
    percent = f"{qualified('holdings', 'percent', row)}{upto}% ({row['percent_of']})"
    told = [percent] if row["percent"] else []
    return ", ".join([shares, *told, _in_what(names, row), row["basis_detail"]])


def _in_what(names: Names, row: Row) -> str:
    """In whose name a holding stands: its own, that of a trust, or as what else it is told."""
    if row["trustee"]:
        trustees = ", ".join(names.name("party", one) for one in row["trustee"].split(", "))
        return f"in trust for it, trustee {trustees}"
    return "in its own name" if row["capacity"] == OWN_NAME else str(row["capacity"])


def _voted(names: Names, row: Row) -> str:
    if row["exercisable"] is None:  # disclosed, not counted
        share = [f"{row['votes_percent']}% of the votes"] if row["votes_percent"] else []
        votes = [f"{cell_of(row, 'votes')} votes"] if row["votes"] else []
        return ", ".join([*votes, *share, *(read(one, names.name) for one in row["reasons"])])
    steps = {"votes": "held", "exercisable": "exercisable", "after_caps": "after caps"}
    return ", ".join(
        f"{cell_of(row, name)} votes {step} ({row[f'{name}_percent'] or '-'}%)"
        for name, step in steps.items()
        if row[name] is not None
    )


def _seated(names: Names, row: Row) -> str:
    who = names.name("party", row["person"]) if row["person"] else "seat"
    return f"{who}, {row['kind']}, {row['role']}, since {cell_of(row, 'since')}"


def _standing(_: Names, row: Row) -> str:
    terms = [str(row["terms"])] if row.get("terms") else []
    return ", ".join([row["status"], f"since {cell_of(row, 'since')}", *terms])


def _controls(names: Names, row: Row) -> str:
    who, of = (names.name("party", row[name]) for name in ("party", "in_control_of"))
    return f"{who} controls {of}, by {row['by']}{'' if row['certain'] == 'yes' else ', perhaps'}"


def _crosses(_: Names, row: Row) -> str:
    day = crossed_on(row) if row["day_first"] else f"on {row['day']}"
    passed = f"{row['rule']}, {row['direction']} {row['threshold']} {day}"
    return f"{passed}, {row['percent_after']}% of {row['share_class'] or row['base']}"


def _breaks(_: Names, row: Row) -> str:
    until = f"until {row['until']}" if row["until"] else "still"
    return f"{row['clause']}, {row['verdict']}, from {row['from']} {until}"


FIGURES = {
    "holdings": Figure(
        ("issuer", "holder"),
        _holdings,
        "Evidence for what {1} holds in {0}",
        _held,
        "nissan renault --as-of 2023-11-08",
    ),
    "votes": Figure(
        ("issuer", "holder"),
        _votes,
        "Evidence for what {1} can vote in {0}",
        _voted,
        "renault nissan-finance --as-of 2023-11-08",
    ),
    "seats": Figure(
        ("company", "party"),
        _seats,
        "Evidence for who sits for {1} on the board of {0}",
        _seated,
        "nissan renault --as-of 2025-06-30",
    ),
    "control": Figure(
        ("company",),
        _control,
        "Evidence for who controls {0}, and what it controls",
        _controls,
        "renault --as-of 2023-11-07",
    ),
    "radar": Figure(
        ("issuer", "holder"),
        _radar,
        "Evidence for the thresholds that {1} crossed last in {0}",
        _crosses,
        "renault french-state",
    ),
    "breach": Figure(
        ("agreement",),
        _breach,
        "Evidence for when clauses of {0} were broken",
        _breaks,
        "rama",
    ),
    **{
        kind: Figure(
            (kind,), _thread(kind), f"Evidence for how the {kind} {{0}} stands", _standing, id
        )
        for kind, id in (
            ("deal", "alliance-rebalancing"),
            ("investment", "nissan-in-ampere"),
            ("offering", "ampere-ipo"),
        )
    },
}


def _command(name: str, figure: Figure) -> click.Command:
    @click.pass_obj
    def run(path: Path, /, cut: Cut, form: str, **words: Any) -> None:
        given = [str(words[argument]) for argument in figure.arguments]
        told = list[str]()

        def ask(view: View) -> Evidence:
            explained, names = figure.explain(view, *given), Names(view)
            words = (figure.words(names, row) for row in explained.figure)
            told[:] = [figure.titled(names, given), *dict.fromkeys(words)]
            found = evidence(view, explained)
            return found if form == "json" else in_names(found, Labels(view))

        found = answered(path, cut, ask, form)
        render_evidence(path, found, cut, form, told[0], told[1:] or ["nothing certain"])

    run.__doc__ = f"""{figure.title.format(*(a.upper() for a in figure.arguments))}.

    \b
    Example:
      stakebook evidence {name} {figure.example}
    """
    form = click.option(
        "--format",
        "form",
        type=click.Choice(["table", "markdown", "json"]),
        default="table",
        show_default=True,
        help="How to write the evidence.",
    )
    made: Any = cut_alone(form(run))
    for argument, typed in reversed([*zip(figure.arguments, figure.typed(), strict=True)]):
        made = click.argument(argument, type=typed)(made)
    return click.command(name)(made)


for name, figure in FIGURES.items():
    command.add_command(_command(name, figure))
