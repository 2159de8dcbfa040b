"""Checks of resolutions: results as their figures make them, votes as they could be cast."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from ledger.model.fact import Fact
from ledger.time.history import known_ids
from ledger.time.view import View
from ledger.values.dates import parse_days
from ledger.values.majorities import majority_reached
from projections.consistency.finding import Finding
from projections.control.members import members
from projections.subjects.meetings import TYPES, casts, decided
from projections.subjects.votes import votes
from projections.told import COUNT, told

_CHOICES = {"for": "votes_for", "against": "votes_against", "abstain": "abstained"}
_DECIDING = ("passed", "rejected")


def results_as_counted(view: View) -> Iterator[Finding]:
    """A resolution is passed or rejected as its own figures and majority make it."""
    for result in view.every(("resolution-voted",)).certain:
        reached, outcome = majority_reached(result.data), result.need("outcome")
        if reached is not None and outcome in _DECIDING and reached != (outcome == "passed"):
            words = "reach" if reached else "do not reach"
            yield Finding(
                result.need("company"),
                result.key,
                f"It is told as {outcome}; its figures {words} {result.need('majority')} of the"
                f" votes {result.need('majority_of')}.",
            )


def votes_within_tallies(view: View) -> Iterator[Finding]:
    """The votes recorded of holders are no more than the tally of their choice."""
    for company, steps in _resolutions(view):
        result = decided(view, steps)
        sums = defaultdict[str, int](int)
        for fact in casts(view, steps):
            sums[fact.need("choice")] += int(fact.need("votes"))
        for choice, number in sums.items():
            tally = result.text(_CHOICES[choice]) if result else None
            if result is not None and tally is not None and number > int(tally):
                words = (
                    f"{told(COUNT, Fraction(number))} votes are recorded as cast {choice}, the"
                    f" tally is {told(COUNT, Fraction(int(tally)))}."
                )
                yield Finding(company, result.key, words)


def votes_cast_are_held(view: View) -> Iterator[Finding]:
    """Nobody casts more votes than it could on the record day."""
    for company, steps in _resolutions(view):
        for fact in casts(view, steps):
            day = record_day(view, fact)
            rows = votes(view.on(day), company, members).rows
            row = next((row for row in rows if row["holder"] == fact.need("holder")), None)
            most = row and row["after_caps"]
            if most is not None and int(fact.need("votes")) > Fraction(most):
                words = (
                    f"{told('party', fact.need('holder'))} is said to cast"
                    f" {told(COUNT, Fraction(fact.need('votes')))} votes; on {day} it could cast"
                    f" {told(COUNT, Fraction(most))}."
                )
                yield Finding(company, fact.key, words)


def _resolutions(view: View) -> Iterator[tuple[str, list[Fact]]]:
    for company in known_ids(view.history, "party"):
        by_resolution = defaultdict[str, list[Fact]](list)
        for fact in view.about(f"party:{company}", types=TYPES[2:]).counted:
            if fact.need("company") == company:
                by_resolution[fact.need("resolution")].append(fact)
        for _, steps in sorted(by_resolution.items()):
            yield company, steps


def record_day(view: View, cast: Fact) -> str:
    """The day whose holders may vote on a resolution: the record day of its meeting, else its
    own."""
    result = next(
        (
            f
            for f in view.about(f"resolution:{cast.need('resolution')}").certain
            if f.text("meeting")
        ),
        None,
    )
    meeting = result and result.text("meeting")
    calls = view.about(f"meeting:{meeting}", types=("meeting-called",)).certain if meeting else []
    day = calls[-1].text("record_on") if calls else None
    return parse_days(day).last if day else cast.order[0]


CHECKS = (results_as_counted, votes_within_tallies, votes_cast_are_held)
