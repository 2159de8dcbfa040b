"""The radar: every threshold of a rule that a holder crossed, when a notice was due, what became
of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from ledger.model.fact import Fact
from ledger.model.share_rights import RIGHTS
from ledger.time.view import View
from ledger.values.dates import BEGINNING, FOREVER, Days
from ledger.values.quantities import rounded
from projections.answer import Answer, keys, weakest, whole
from projections.radar import attribution, laws
from projections.radar.articles import articles_rules
from projections.radar.calendars import Calendar
from projections.radar.crossings import Crossing, Has, Scan
from projections.radar.deadlines import Deadlines, Until
from projections.radar.disclosed import Disclosures, lateness
from projections.radar.distance import distance_rows
from projections.radar.intraday import noted
from projections.radar.percentages import percentage_words
from projections.radar.positions import Positions
from projections.radar.rule import Rule, chosen
from projections.radar.rule_files import built_in
from projections.radar.told import Told, told_crossings
from projections.radar.withdrawn import before_amendments
from projections.radar_rows import RadarRow
from projections.subjects.holdings import TYPES as HOLDINGS
from projections.subjects.trusts import TYPES as TRUSTS
from projections.subjects.voting_rights import TYPES as VOTING
from projections.told import told

TYPES = (*HOLDINGS, *VOTING, *TRUSTS, *RIGHTS, *attribution.TYPES, *laws.TYPES)
WAIVERS = ("approval-granted",)
_DIGITS = 4
_ADVICE = "These are findings from recorded facts under the rules named, and no legal advice."


@dataclass(frozen=True)
class Asked:
    """What is asked of the radar: which days, whose crossings, under which rules and calendars."""

    holder: str | None = None
    first: str = BEGINNING
    last: str = FOREVER
    ids: Sequence[str] = ()
    rules: Sequence[Rule] = field(default_factory=built_in)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    distance: bool = False

    @property
    def named(self) -> bool:
        """Whether the rules are those asked for, whatever the law of the issuer."""
        return bool(self.ids)


class Looked(NamedTuple):
    """What the radar finds: the answer, and beside each row of a crossing what it was made of."""

    answer: Answer[RadarRow]
    scan: Scan
    found: Sequence[tuple[Crossing, RadarRow]] = ()


def radar(view: View, issuer: str, asked: Asked | None = None) -> Answer[RadarRow]:
    """The crossings of an issuer's register at a cut, in order of days, under the rules that apply
    by the issuer's law on each day, or those named."""
    return look(view, issuer, asked).answer


def look(view: View, issuer: str, asked: Asked | None = None) -> Looked:
    """The same, with what each row was made of."""
    asked, issuer = asked or Asked(), view.identities.of(issuer)
    if asked.holder is not None:
        asked = replace(asked, holder=view.identities.of(asked.holder))
    answer = Answer[RadarRow](about=[((f"issuer:{issuer}", f"party:{issuer}"), TYPES)])
    rules = chosen([*asked.rules, *articles_rules(view, issuer)], asked.ids)
    passed_within: list[Crossing] = []
    scan = Scan(
        Positions.of(view, issuer),
        rules,
        asked.named,
        lambda scan, step: passed_within.extend(noted(scan, step)),
    )
    told_law = any(law.is_told for law in scan.positions.laws.laws)
    if not asked.named and not told_law and any(one.applies.by != "any" for one in asked.rules):
        answer.gap(
            f"no event at this cut tells the law of {told('party', issuer)}",
            "a party-details-changed with jurisdiction or home_state; or name rules, by --rule",
            [((f"party:{issuer}",), laws.TYPES)],
        )
        if not any(one.applies.by == "any" for found in rules.values() for one in found):
            return Looked(answer, scan)
    found = [] if asked.distance else _Rows(scan, asked).rows(passed_within)
    answer.rows = [row for _, row in found]
    if asked.distance:
        answer.rows = list(distance_rows(scan, asked.holder))
    if not scan.positions.days or not _has_shares(scan):
        answer.gap(
            f"no event at this cut tells who holds shares of {told('party', issuer)}",
            "a register, or disclosures",
        )
    elif not answer.rows:
        answer.none("No threshold of these rules was crossed." if not asked.distance else "None.")
    _note(answer, scan, rules, asked)
    return Looked(answer, scan, found)


def _has_shares(scan: Scan) -> bool:
    about = scan.positions.view.about(f"issuer:{scan.positions.issuer}", types=HOLDINGS)
    return bool(about.certain)


class _Rows:
    """Makes the rows of crossings."""

    def __init__(self, scan: Scan, asked: Asked) -> None:
        self._scan, self._asked = scan, asked
        self._view, self._issuer = scan.positions.view, scan.positions.issuer
        self._disclosures = Disclosures(self._view, self._issuer)
        self._deadlines = Deadlines(scan, asked.calendars)

    def rows(self, passed_within: Sequence[Crossing]) -> list[tuple[Crossing, RadarRow]]:
        """Every row with its crossing, in order of days, holders and rules."""
        found = list(self._scan.crossings())
        standing = {one.same for one in found}
        rows = [
            (one, self._row("crossing", one, undone_on(one, found)))
            for one in self._asked_for(found)
        ]
        rows += [(one, self._row("noted", one, FOREVER)) for one in self._asked_for(passed_within)]
        for by, gone in before_amendments(self._scan):
            for one in self._asked_for(gone):
                if one.same not in standing:
                    standing.add(one.same)
                    row = self._row("withdrawn", one, FOREVER)
                    row["status"], row["withdrawn_by"] = "withdrawn", [by.key]
                    rows.append((one, row))
        rows += [(one.crossing, self._told_row(one)) for one in self._told()]
        return sorted(rows, key=lambda both: _place(*both))

    def _told(self) -> Iterator[Told]:
        """What disclosures alone tell."""
        for one in told_crossings(self._scan, self._disclosures):
            yield from (one for _ in self._asked_for([one.crossing]))

    def _told_row(self, told_by: Told) -> RadarRow:
        one, (fact,) = told_by.crossing, told_by.crossing.facts
        first = told_by.first or one.day
        row = _fields("disclosed", one)
        row["number_before"], row["number_after"] = None, fact.text("shares") or fact.text("votes")
        row["total"], row["passive"] = None, False
        row["day_first"] = first if first != one.day else None
        if told_by.begins:
            row["percent_before"] = row["percent_before_exact"] = None
        row["waived_by"], row["known_on"] = self._waived(one), fact.known_on
        row["standing"], row["events"] = fact.standing, [fact.key]
        if told_by.first is None:  # on some day by then
            row["status"] = self._disclose(row, one, one.day, FOREVER, None)
            return row
        until = self._deadlines.of(one, first)
        if until is not None:
            self._fill_due(row, until)
        row["status"] = self._disclose(row, one, first, FOREVER, until.days if until else None)
        return row

    def _asked_for(self, found: Iterable[Crossing]) -> Iterator[Crossing]:
        for one in found:
            asked = self._asked
            if asked.first <= one.day <= asked.last and asked.holder in (None, one.holder):
                yield one

    def _row(self, kind: Any, one: Crossing, back: str) -> RadarRow:
        rule, facts = one.rule, list(one.facts)
        first = min((f.effective.first for f in facts if f.effective), default=one.day)
        first = min(first, one.day)
        status = "no-duty" if one.passive and rule.passive == "none" else ""
        until = None if status else self._deadlines.of(one, first)
        row = _fields(kind, one)
        row["day_first"] = first if first != one.day else None
        row["waived_by"] = self._waived(one)
        row["known_on"] = max(facts, key=lambda f: f.known[::-1]).known_on if facts else None
        row["standing"], row["events"] = weakest(facts), keys(facts)
        if until is not None:
            self._fill_due(row, until)
        if kind == "noted" or status == "no-duty":
            row["status"] = "noted" if kind == "noted" else status
            return row
        row["status"] = self._disclose(row, one, first, back, until.days if until else None)
        row["form_due"] = rule.form or None
        return row

    def _disclose(
        self, row: RadarRow, one: Crossing, first: str, back: str, days: Days | None
    ) -> str:
        """Fill in what was disclosed; returns how it stands."""
        found = self._disclosures.of(one, first, back)
        row["form_filed"] = found.form
        if found.by is None or found.published is None:
            open_ = days is not None and days.last >= self._view.cut.as_of
            if days is None:
                return "not-told"
            return "open" if open_ and self._view.cut.as_of != FOREVER else "none"
        row["disclosed_by"], row["disclosure_known_on"] = found.by.key, found.by.known_on
        if days is None:
            return "disclosed"
        least, most = lateness(found.published, days)
        row["late"], row["late_at_most"] = least, most if most != least else None
        if not most:
            return "in-time"
        return "late" if least else "perhaps-late"

    def _fill_due(self, row: RadarRow, until: Until) -> None:
        days = until.days
        row["due_on"], row["due_may_move"] = days.last, until.may_move
        row["due_first_on"] = days.first if days.first != days.last else None

    @cached_property
    def _waivers(self) -> list[Fact]:
        history = self._view.history
        if not history.knows(f"type:{WAIVERS[0]}"):
            return []
        return [f for f in self._view.every(WAIVERS).counted if f.text("kind") == "waiver"]

    def _waived(self, one: Crossing) -> list[str]:
        events = {fact.key for fact in one.facts}
        parties = {one.holder, self._issuer}
        return keys(
            fact
            for fact in self._waivers
            if fact.text("of_event") in events or fact.text("of") in parties
        )


def undone_on(one: Crossing, found: Iterable[Crossing]) -> str:
    """The day on which a crossing was undone by another of some."""
    undone = (
        other.day
        for other in found
        if other.day > one.day
        and other.up != one.up
        and (other.rule.id, other.holder, other.base) == (one.rule.id, one.holder, one.base)
        and other.threshold == one.threshold
    )
    return min(undone, default=FOREVER)


def _fields(kind: Any, one: Crossing) -> RadarRow:
    """The columns of a crossing that follow from it alone."""
    rule, of = one.rule, one.after.of or one.before.of
    counts_changes = rule.test != "crossing"
    words = percentage_words(one.threshold)
    return {
        "kind": kind,
        "rule": rule.id,
        "applies_to": rule.subject,
        "holder": one.holder,
        "of_whom": list(one.others),
        "base": one.base.name,
        "share_class": one.base.share_class,
        "number_before": number(one.before),
        "number_after": number(one.after),
        "total": whole(of.number) if of else None,
        "total_by": of.by.key if of and of.by else None,
        "percent_before": printed(one.before.percent, one.threshold),
        "percent_before_exact": str(one.before.percent / 100),
        "percent_after": printed(one.after.percent, one.threshold),
        "percent_after_exact": str(one.after.percent / 100),
        "percent_reported": None if one.reported is None else rounded(one.reported, _DIGITS),
        "threshold": f"change of {words}" if counts_changes else words,
        "direction": "up" if one.up else "down",
        "passive": one.passive,
        "day": one.day,
        "day_first": None,
        "duty": rule.duty,
        "deadline": rule.deadline.words,
        "due_on": None,
        "due_first_on": None,
        "due_may_move": False,
        "disclosed_by": None,
        "disclosure_known_on": None,
        "late": None,
        "late_at_most": None,
        "form_due": rule.form or None,
        "form_filed": None,
        "status": "none",
        "withdrawn_by": [],
        "waived_by": [],
        "known_on": None,
        "law": rule.law,
        "certainty": rule.certainty,
        "standing": "official",
        "events": [],
    }


def number(has: Has) -> str:
    """A number of shares or votes as text."""
    return whole(has.number)


def printed(percent: Fraction, threshold: Fraction) -> str:
    """A percentage to four digits; one that rounds to a threshold, or to nothing, without being so
    says on which side it is."""
    text = rounded(percent, _DIGITS)
    value = Fraction(text)
    if value == percent or value not in (threshold, 0):
        return text
    return f"<{text}" if percent < value else f">{text}"


def _place(one: Crossing, row: RadarRow) -> tuple[Any, ...]:
    base = one.base.name, one.base.share_class or ""
    return one.day, one.holder, one.rule.id, *base, one.up, one.threshold, row["kind"]


def _note(
    answer: Answer[RadarRow], scan: Scan, rules: Mapping[str, Sequence[Rule]], asked: Asked
) -> None:
    """Say what could not be tested, and what the rules rest on."""
    for missing, days in scan.untold.items():
        distinct = sorted(set(days))
        span = distinct[0] if len(distinct) == 1 else f"{distinct[0]} to {distinct[-1]}"
        number_of = "1 day" if len(distinct) == 1 else f"{len(distinct)} days of change"
        answer.note(f"Not tested on {number_of} ({span}): {missing}.")
    if (first := scan.positions.controls.first) is not None:
        answer.note(f"Who controls holders is not looked at before {first}: it changes very often.")
    for day in scan.openings if not asked.distance else ():
        answer.note(
            f"A register opens on {day}: what was held before is not told, so no crossing of that"
            " day is."
        )
    if not asked.named and any(law.listed is None for law in scan.positions.laws.laws[-1:]):
        answer.note(
            f"No listing of {told('party', scan.positions.issuer)} is told: rules for listed"
            " companies, and for others, are both taken to apply."
        )
    if any(row["due_may_move"] for row in answer.rows):
        answer.note("Due days are the earliest: no calendar tells all closed days (--calendar).")
    if any(row["late"] for row in answer.rows):
        answer.note(
            "Late is the first disclosure on record: a notice that is not may have been in time."
        )
    used = {row["rule"] for row in answer.rows}
    for one in (v for id in sorted(used) for v in rules.get(id, ())):
        if one.off:
            answer.note(f"{one.id} is used only where it is named: {one.off}.")
        if one.remark:
            answer.note(f"{one.id}: {one.remark}.")
    every = scan.positions.laws.laws
    left = sorted(
        {r.id for r in asked.rules if any(law.is_under(r.applies) for law in every)} - rules.keys()
    )
    if not asked.named and left:
        answer.note(f"Used only where they are named: {', '.join(left)}.")
    answer.note(_ADVICE)
