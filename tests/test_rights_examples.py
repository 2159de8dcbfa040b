"""Figures of votes, control, owners and thresholds that others print, against ours.

Each example of ``rights_examples`` says whence it is (``source``, ``at``) and what is printed there
in our words (``printed``); ``differs`` says why our figure is another. What is recorded:

- ``holds``: the register of each company, or class, on 1 January 2000; ``classes`` their terms;
- ``discloses``: in percent of the shares, what holders are disclosed to have of each company;
- ``kinds`` of parties, where a holder without shares of its own on record is no person;
- ``events``, official and of 1 February 2024 where they do not say otherwise.

``expects`` asks on ``as_of`` (default: the end of time), with the options of the command ``with``:
``rows`` are all rows, ``among`` some of them. A vote is told shorter: ``votes`` of so many players
need ``quota``; ``swings`` are whole, ``banzhaf`` and ``shapley`` percentages as printed, or exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ledger.intake.yaml import parse_yaml
from ledger.time.log import Log
from ledger.time.view import Cut, View
from ledger.values.dates import FOREVER
from projections.answer import Answer, complete
from projections.control.group import group
from projections.control.indirect import indirect
from projections.control.law_votes import votes_by_law
from projections.control.owners import owners
from projections.control.power import power
from projections.radar.radar import Asked, radar
from projections.radar.rule_files import built_in
from tests.counted import votes
from tests.histories import DAY, Draft, history
from tests.scenarios import Step, compare, fits

FOLDER = Path(__file__).with_name("rights_examples")
FIELDS = {
    *("source", "at", "printed", "differs", "holds", "classes", "discloses", "kinds", "events"),
    *("expects", "votes", "quota", "swings", "banzhaf", "shapley"),
}
STANDING = {"standing": "official"}
OPENED = {"effective_on": "2000-01-01"} | STANDING


def _examples() -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted(FOLDER.glob("*.yaml")):
        ((examples, _),) = parse_yaml(file.read_text("utf-8"), file.name)
        yield from ((file.stem, example) for example in examples)


EXAMPLES = [*_examples()]
NAMES = [f"{part}: {example['source']}" for part, example in EXAMPLES]


def _drafts(example: Mapping[str, Any]) -> Iterator[Draft]:
    """The events of an example."""
    holds = {c if "/" in c else f"{c}/common": of for c, of in example.get("holds", {}).items()}
    classes = {one: {} for one in holds} | example.get("classes", {})
    discloses = example.get("discloses", {})
    companies = dict.fromkeys([*(one.split("/")[0] for one in classes), *discloses])
    holders = [one for of in (*holds.values(), *discloses.values()) for one in of]
    kinds = dict.fromkeys(holders, "person") | dict.fromkeys(companies, "company")
    for party, kind in (kinds | example.get("kinds", {})).items():
        fields = {"party": party, "kind": kind, "name": party.title()}
        yield "party-registered", f"party {party}", fields
    for one, terms in classes.items():
        yield "share-class-created", f"class {one}", {"share_class": one} | terms
    for one, of in holds.items():
        for holder, shares in of.items():
            opened = {"share_class": one, "holder": holder, "shares": shares}
            yield "register-opened", f"{holder} of {one}", opened | OPENED
    for issuer, of in discloses.items():
        for holder, percent in of.items():
            low, _, high = percent.partition("-")
            said = {"issuer": issuer, "holder": holder, "percent": low, "percent_of": "issued"}
            said |= OPENED | ({"percent_to": high} if high else {})
            yield "stake-disclosed", f"{holder} in {issuer}", said
    for number, event in enumerate(example.get("events", ()), start=1):
        fields = {name: value for name, value in event.items() if name not in ("type", "key")}
        timeless = event["type"] in ("party-registered", "share-class-created")
        dated = {} if timeless else {"effective_on": "2024-02-01"} | STANDING
        yield event["type"], event.get("key", f"event {number}"), dated | fields


def _log(example: Mapping[str, Any]) -> Log:
    offered = [(type, key.replace(" ", "-"), fields) for type, key, fields in _drafts(example)]
    kept = history(offered, DAY)
    assert {event.key for event in kept} == {key for _, key, _ in offered}, "an event is refused"
    return Log(kept)


@cache
def _rules() -> Any:
    return built_in()


def _radar(view: View, issuer: str, rules: list[str], **_: Any) -> Answer[Any]:
    return radar(view, issuer, Asked(ids=tuple(rules)))


def _votes(view: View, issuer: str, law: str | None = None, **options: Any) -> Answer[Any]:
    return votes_by_law(view, issuer, law, **options) if law else votes(view, issuer, **options)


QUESTIONS: Mapping[str, Callable[..., Answer[Any]]] = {
    "group": group,
    "indirect": indirect,
    "owners": owners,
    "power": power,
    "radar": _radar,
    "votes": _votes,
}


def _ask(view: View, asked: Mapping[str, Any]) -> Answer[Any]:
    question, _, subject = asked["ask"].partition(" ")
    options = {
        name: int(value) if name in ("digits", "top") else value
        for name, value in asked.get("with", {}).items()
    }
    return complete(view, QUESTIONS[question](view, subject, **options))


@pytest.mark.parametrize(
    "example", [one for _, one in EXAMPLES if "expects" in one], ids=lambda e: e["source"]
)
def test_an_example_comes_out_as_printed(example: Mapping[str, Any]) -> None:
    log = _log(example)
    for number, asked in enumerate(example["expects"], start=1):
        view = View(log, Cut(as_of=asked.get("as_of", FOREVER)))
        answer = _ask(view, asked)
        compare(Step(example["source"], number, "expect", asked), answer)
        for wanted in asked.get("among", ()):
            assert any(fits(wanted, row) for row in answer.rows), (
                asked["ask"],
                wanted,
                answer.rows,
            )


def _agrees(printed: str, exact: Fraction) -> bool:
    """Whether a figure is one that is printed: a fraction, or a percentage of so many decimals."""
    if "/" in printed:
        return Fraction(printed) == exact
    half = Fraction(1, 2 * 10 ** len(printed.partition(".")[2]))
    return abs(exact * 100 - Fraction(printed)) <= half


@pytest.mark.parametrize(
    "game", [one for _, one in EXAMPLES if "votes" in one], ids=lambda e: e["source"]
)
def test_power_comes_out_as_printed(game: Mapping[str, Any]) -> None:
    players = [f"player-{number}" for number in range(1, len(game["votes"]) + 1)]
    log = _log({"holds": {"body": dict(zip(players, game["votes"], strict=True))}})
    found = power(View(log, Cut()), "body", game["quota"])
    rows = {row["holder"]: row for row in found.rows if row["kind"] == "player"}
    for place, player in enumerate(players):
        row = rows[player]
        swings = game["swings"][place] if "swings" in game else "-"
        assert swings in ("-", row["swings"]), (player, row["swings"])
        for index in ("banzhaf", "shapley"):
            printed = game[index][place] if index in game else "-"
            exact = row[f"{index}_exact"]  # type: ignore[literal-required]
            assert printed == "-" or _agrees(printed, Fraction(exact)), (player, index, exact)


def test_each_example_says_whence_it_is_and_what_is_printed() -> None:
    for _, example in EXAMPLES:
        assert {"source", "at", "printed"} <= set(example) <= FIELDS
        assert ("expects" in example) != ("quota" in example)
