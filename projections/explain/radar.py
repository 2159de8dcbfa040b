"""A crossing explained: the rule and its version, both figures with their operands, each day of the
deadline, and the disclosures looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ledger.model.fact import Fact
from ledger.model.movements import MOVEMENTS
from ledger.model.share_rights import RIGHTS
from ledger.time.view import View
from ledger.values.dates import days_before
from projections.answer import complete
from projections.control.members import members
from projections.explain.balances import Balances
from projections.explain.crossings import (
    Side,
    due_words,
    has_words,
    notice_words,
    rule_words,
    test_words,
    whole_words,
)
from projections.explain.explanation import Explanation, explaining, number, unused
from projections.explain.steps import Walk, add_trusts, disclosure_words
from projections.explain.votes import votes_by_class
from projections.radar import attribution, laws
from projections.radar.calendars import period_end
from projections.radar.crossings import Crossing
from projections.radar.deadlines import Deadlines
from projections.radar.disclosed import TYPES as DISCLOSED
from projections.radar.disclosed import is_another_form, why_not
from projections.radar.radar import TYPES, Asked, Looked, look, undone_on
from projections.radar.rule import PERIODS, VOTES
from projections.radar_rows import RadarRow
from projections.subjects.register_at_cut import CHECKS
from projections.subjects.share_rights import watch
from projections.subjects.voting_rights import TYPES as VOTING
from projections.subjects.voting_rights import Rights
from projections.told import told

Found = Sequence[tuple[Crossing, RadarRow]]


def explain_radar(
    view: View, issuer: str, holder: str, asked: Asked | None = None, day: str | None = None
) -> Explanation:
    """The thresholds that a holder crossed on a day, or on the last on which it crossed any."""
    holder = view.identities.of(holder)
    asked = replace(asked or Asked(), holder=holder, distance=False)
    looked = look(view, issuer, asked)
    days = sorted({one.day for one, _ in looked.found})
    picked = day or (days[-1] if days else view.cut.as_of)
    found = [(one, row) for one, row in looked.found if one.day == picked]
    explained = explaining(complete(view, looked.answer), [row for _, row in found])
    if others := [one for one in days if one != picked]:
        explained.note(f"It crossed thresholds on other days too: {', '.join(others)} (--on).")
    if not found:
        what = f"{told('party', holder)} crossed no threshold of these rules in"
        explained.note(f"{what} {told('party', issuer)}{f' on {day}' if day else ''}.")
    steps = _Steps(explained, looked, found, picked)
    steps.add()
    explained.in_order()
    for line in _arithmetic(looked, asked, found):
        explained.reckon(line)
    used = {fact.key for fact in explained.steps}
    left = unused(view, f"issuer:{issuer}", used, steps.why, (*TYPES, *DISCLOSED))
    return explained.finish(view, left)


def _arithmetic(looked: Looked, asked: Asked, found: Found) -> Iterator[str]:
    sides, deadlines = _sides(looked, found), Deadlines(looked.scan, asked.calendars)
    for rule in dict.fromkeys(one.rule.id for one, _ in found):
        own = [(one, row) for one, row in found if one.rule.id == rule]
        law, *more = rule_words(own[0][0].rule)
        yield law
        for one, row in own:
            yield from _figures(looked, one, row, sides)
            yield test_words(one, row)
        for one, row in own:
            if row["status"] not in ("no-duty", "noted"):
                first = row["day_first"] or one.day
                untold = row["kind"] == "disclosed" and row["due_on"] is None
                yield from due_words(one.rule, row, None if untold else deadlines.of(one, first))
            yield notice_words(one.rule, row)
        yield from more


def _figures(looked: Looked, one: Crossing, row: RadarRow, sides: dict[str, Side]) -> Iterator[str]:
    """What the holder had and has, and all of it."""
    if row["kind"] == "disclosed":
        by = ", ".join(told("event", key) for key in row.get("events", ()))
        yield f"as {by} prints it: no register tells what it holds"
        return
    if row["kind"] == "withdrawn":
        by = ", ".join(told("event", key) for key in row["withdrawn_by"])
        yield (
            f"before {by} was recorded: from {number(one.before.number)} to"
            f" {number(one.after.number)}, of {row['total']}"
        )
        return
    for has, day, shown in (
        (one.before, _day_before(one), row["percent_before"]),
        (one.after, one.day, row["percent_after"]),
    ):
        side = sides[day]
        if row["kind"] == "noted" and has is one.after:
            yield f"between two events of {day}: {number(has.number)} of {row['total']}"
            continue
        yield from has_words(one, side, has, shown)
        yield from whole_words(side, one.base, has)
        if one.base.name in VOTES:
            yield from _votes(looked, day)


def _votes(looked: Looked, day: str) -> Iterator[str]:
    """How the votes of all are found at the end of a day, class by class."""
    positions = looked.scan.positions
    rights = Rights(positions.view.on(day), members)
    walk = Walk(positions.view.on(day), positions.issuer, lambda *_: None, rights).to_cut()
    for line in votes_by_class(walk, rights):
        yield f"at the end of {day}: {line}"


def _day_before(one: Crossing) -> str:
    """The end of day against which a crossing is tested: of the period before, where the rule is
    tested at the end of periods."""
    day, period = days_before(one.day, 1), one.rule.deadline.counts_from
    while period in PERIODS and period_end(day, period) != day:
        day = days_before(day, 1)
    return day


def _sides(looked: Looked, found: Found) -> dict[str, Side]:
    """The positions at the ends of the days that crossings are tested between."""
    wanted = sorted({day for one, _ in found for day in (_day_before(one), one.day)})
    sides = dict[str, Side]()
    for step in looked.scan.positions.steps() if wanted else ():
        while wanted and wanted[0] < step.after.day:
            day = wanted.pop(0)
            sides[day] = Side(day, step.before, step.attribution_before)
        last = step.after, step.attribution
        for day in wanted:
            sides[day] = Side(day, *last)
        if not wanted:
            break
    return sides


class _Steps:
    """Writes a step for each event by which the holder's accounts, or all, are as they are."""

    def __init__(self, explained: Explanation, looked: Looked, found: Found, day: str) -> None:
        self._explained, self._looked, self._found, self._day = explained, looked, found, day
        self._accounts = dict.fromkeys(
            account for one, _ in found for account in (*one.accounts, *one.others)
        )

    def add(self) -> None:
        """Add the steps of the accounts, of what makes them count, of the law, of the totals."""
        if not self._found:
            return
        positions = self._looked.scan.positions
        view, issuer = positions.view.on(self._day), positions.issuer
        if any(row["kind"] != "disclosed" for _, row in self._found):
            self._accounts_of(view, issuer)
        law = [*view.about(f"party:{issuer}", types=laws.TYPES[:1]).counted]
        law += view.about(f"issuer:{issuer}", types=laws.TYPES[1:]).counted
        for fact in law:
            self._step(fact, f"bears on the law that {told('party', issuer)} is under")
        self._totals()
        self._disclosures()

    def _accounts_of(self, view: View, issuer: str) -> None:
        balances = Balances(self._explained, self._accounts)
        walk = Walk(view, issuer, balances.after, Rights(view, members)).to_cut()
        trusts = [one for one in self._accounts if one in walk.trusts]
        add_trusts(self._explained, walk, trusts)
        for fact in watch(view, issuer):
            if fact.type == RIGHTS[0] and fact.need("holder") in self._accounts:
                self._step(fact, "it gives a right in these shares")
        for fact in attribution.related(view):
            if {fact.need("party"), fact.need("of")} <= set(self._accounts):
                self._step(fact, "by it shares of one count with those of the other")

    def _totals(self) -> None:
        for one, _ in self._found:
            for has in (one.before, one.after):
                if has.of is not None and has.of.by is not None:
                    self._step(has.of.by, f"the total published last: {number(has.of.number)}")

    def _disclosures(self) -> None:
        matched = {row["disclosed_by"] for _, row in self._found}
        for _, row in self._found:
            matched.update(row.get("events", ()) if row["kind"] == "disclosed" else ())
        positions = self._looked.scan.positions
        about = f"issuer:{positions.issuer}"
        for fact in positions.view.about(about, types=DISCLOSED).certain:
            if fact.key in matched:
                self._step(fact, f"it discloses {disclosure_words(fact)}")

    def _step(self, fact: Fact, state: str) -> None:
        if all(fact.key != step.key for step in self._explained.steps):
            self._explained.add_step(fact, state)

    def why(self, fact: Fact) -> tuple[str, str]:
        """Why an event is no step."""
        if fact.type in DISCLOSED:
            return "checked only", self._why_not(fact)
        if fact.order[0] > self._day:
            return "later", f"it takes effect after {self._day}"
        if fact.type in CHECKS:
            return "checked only", "it is only compared"
        if fact.type in (*MOVEMENTS, *VOTING):
            return "of others", "by it neither what is counted nor all of it changes"
        return "no effect", "it bears on no threshold"

    def _why_not(self, fact: Fact) -> str:
        for one, row in self._found:
            back = undone_on(one, [other for other, _ in self._looked.found])
            why = why_not(fact, one, row["day_first"] or one.day, back)
            if not why and is_another_form(fact, one.rule):
                return f"it was filed as {fact.text('form')}, where {one.rule.form} is due"
            return why or "an earlier one is of this crossing"
        return "no crossing is explained"
