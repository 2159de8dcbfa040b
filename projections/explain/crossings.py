"""A crossing in sums: what a holder had and has, the test, and each day of the deadline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from ledger.values.dates import BEGINNING, FOREVER
from projections.explain.explanation import division, number
from projections.radar.attribution import Attribution, Counted
from projections.radar.calendars import Counting, Looked
from projections.radar.crossings import Crossing, Has
from projections.radar.deadlines import Until
from projections.radar.percentages import percentage_words
from projections.radar.positions import Base, Position
from projections.radar.rule import VOTES, Rule
from projections.radar_rows import RadarRow
from projections.subjects.bases import WORDS
from projections.subjects.rights_on import RightOn
from projections.told import told

_BASES = WORDS | {"capital": "shares issued", "capital-par": "capital"}
_WAYS = {
    "control": "which {} controls",
    "trusts": "in trust for {}",
    "concert": "acting in concert with {}",
}
_BY_RIGHTS = {
    "nominee": "held for {}",
    "usufruct": "in usufruct of {}",
    "pledge": "pledged to {}, with the votes",
    "loan": "lent, and counted as of {}",
    "custody": "deposited with {}, which votes",
    "proxy": "voted by {} as proxy",
}
_CERTAIN = {
    "read": "read at its source",
    "secondary": "read in a secondary source",
    "memory": "not confirmed by a public source",
    "own": "a rule of one's own",
}
_ONE = Fraction(1)
Ways = Mapping[str, tuple[str, str]]


class Side(NamedTuple):
    """What everybody has at the end of a day, and whose accounts count as whose."""

    day: str
    position: Position
    attribution: Attribution


def rule_words(rule: Rule) -> Iterator[str]:
    """The version of a rule that a crossing is tested under, and where it stands."""
    begins = "the beginning" if rule.valid_from == BEGINNING else rule.valid_from
    ends = "" if rule.valid_to == FOREVER else f" to {rule.valid_to}"
    yield f"{rule.id}: {rule.law}; the version valid from {begins}{ends}"
    read_on = f" on {rule.read_on}" if rule.read_on and rule.certainty == "read" else ""
    at = f", {rule.source}" if rule.source else ""
    yield f"{rule.id}: {_CERTAIN[rule.certainty]}{read_on}{at}"
    kinds = ", ".join(rule.attribution)
    yield f"{rule.id}: counts besides its own {kinds or 'nothing'}"
    if rule.attribution_of_votes:
        yield f"{rule.id}: of votes also {', '.join(rule.attribution_of_votes)}"
    if rule.attribution_source:
        yield f"{rule.id}: {rule.attribution_source}"


def base_words(base: Base) -> str:
    """A base in words."""
    if base.share_class is not None:
        return f"outstanding {told('class', base.share_class)}"
    return _BASES[base.name]


def has_words(crossing: Crossing, side: Side, has: Has, shown: str | None) -> Iterator[str]:
    """What a holder has of a base at the end of a day, account by account, and its part of all."""
    position, base = side.position, crossing.base
    accounts = side.attribution.accounts(crossing.holder, crossing.rule.counted(base.name))
    ways = side.attribution.ways(crossing.holder, crossing.rule.counted(base.name))
    parts = [
        words
        for account, counted in accounts.items()
        if position.of(base, account)
        for words in _account(position, base, account, counted, ways)
    ]
    who, at = told("party", crossing.holder), f"at the end of {side.day}"
    summed = len(parts) > 1 or any(" x " in part for part in parts)
    total = f" = {number(has.number)}" if summed else ""
    yield f"{who}, {at}: {' + '.join(parts) or '0'}{total} of {base_words(base)}"
    if has.of is not None:
        yield f"{at}: {division(has.number, has.of.number, shown and f'{shown}%')}"


def _account(
    position: Position, base: Base, account: str, counted: Counted, ways: Ways
) -> Iterator[str]:
    """What counts of an account, and why: itself, and what rights in its shares give."""
    has, of = position.of(base, account), told("party", account)
    every = has * counted.part + sum(position.by_right(base, r) * p for r, p in counted.rights)
    if every > has:
        why = ", ".join(_right(right) for right, _ in counted.rights)
        yield f"{number(has)} of {of}, no more than it has: {why}"
        return
    if counted.part:
        words = number(has) if counted.part == _ONE else f"{counted.part} x {number(has)}"
        kind, via = ways.get(account, ("", ""))
        why = f" of {of}, {_WAYS[kind].format(told('party', via))}" if kind else " its own"
        yield words + why
    for right, part in counted.rights:
        if on := position.by_right(base, right):
            words = number(on) if part == _ONE else f"{part} x {number(on)}"
            yield f"{words} of {of}, {_right(right)}"


def _right(right: RightOn) -> str:
    why = _BY_RIGHTS[right.kind].format(told("party", right.party))
    return f"{why} ({told('right', right.right)})"


def whole_words(side: Side, base: Base, has: Has) -> Iterator[str]:
    """How all of a base is found."""
    if has.of is None:
        return
    position, at = side.position, f"{base_words(base)} at the end of {side.day}"
    total = number(has.of.number)
    if has.of.by is not None:
        yield f"{at}: {total}, as {told('event', has.of.by.key)} tells it"
        return
    if base.name in VOTES and position.totals is not None:
        gross, held, net = position.totals
        sums = {
            "gross-votes": f"{number(held)} held + {number(gross - held)} of treasury shares",
            "held-votes": f"{number(held)} held",
            "net-votes": f"{number(held)} held - {number(held - net)} suspended",
        }[base.name]
    elif base.share_class is not None:
        issued = position.in_issue.issued[base.share_class]
        sums = f"{number(issued)} issued - {number(issued - has.of.number)} in treasury"
    else:
        sums = " + ".join(
            f"{number(position.in_issue.issued[c])} {told('class', c)}{_par(position, base, c)}"
            for c in position.in_issue.capital
        )
    yield f"{at}: {sums} = {total}"


def _par(position: Position, base: Base, share_class: str) -> str:
    pars = position.in_issue.pars or {}
    weighed = base.name == "capital-par" and len(pars) > 1
    return f" x {number(pars[share_class])}" if weighed else ""


def test_words(crossing: Crossing, row: RadarRow) -> str:
    """The test of a rule, with the figures put in."""
    rule, of = crossing.rule, base_words(crossing.base)
    if row["percent_before"] is None:
        return f"{of}: {row['percent_after']}%; what it had before is not told"
    then, now = crossing.before.percent, crossing.after.percent
    by = percentage_words(rule.by)
    low, high = (f"{percentage_words(one)}%" if one else "0%" for one in rule.between)
    if rule.test == "crossing":
        return f"{of}: {_passed(crossing, then, now)}"
    if rule.test == "increase":
        return f"{of}: it rises, between {low} and {high}"
    since = crossing.reported if crossing.reported is not None else then
    change = f"{_exact(abs(now - since))}%"
    if rule.test == "creep":
        months = f"within {rule.months} months"
        return f"{of}: {change} more than the lowest {months}, {_exact(since)}%; {by}% is tested"
    return f"{of}: {change} from the {_exact(since)}% that count as reported; {by}% is tested"


def _passed(crossing: Crossing, then: Fraction, now: Fraction) -> str:
    rule, threshold = crossing.rule, f"{percentage_words(crossing.threshold)}%"
    rounded = ", each rounded down to a whole percentage" if rule.rounding else ""
    then, now = rule.rounds(then), rule.rounds(now)
    if crossing.up:
        then_is, now_is = ("at most", "above") if rule.up == ">" else ("below", "at or above")
    else:
        then_is = "above" if rule.down == "<=" else "at or above"
        now_is = "at or below" if rule.down == "<=" else "below"
    return (
        f"{_exact(then)}% is {then_is} {threshold}, {_exact(now)}% is {now_is} it{rounded}:"
        f" {'up' if crossing.up else 'down'} through {threshold}"
    )


def _exact(percent: Fraction) -> str:
    """The first decimals of a percentage, never rounded to the far side of a threshold."""
    scaled = percent * 10**6
    digits = str(int(scaled // 1)).rjust(7, "0")
    decimals = digits[-6:].rstrip("0") if scaled.denominator == 1 else f"{digits[-6:]}..."
    return f"{digits[:-6]}.{decimals}" if decimals else digits[:-6]


def due_words(rule: Rule, row: RadarRow, until: Until | None) -> Iterator[str]:
    """Each day counted, or passed over, to the day by which a notice was due."""
    what = f"{rule.id}, due"
    if until is None:
        waits = row["passive"] and rule.passive == "from-publication"
        why = rule.deadline.words
        if waits:
            why = "the issuer published no total that is on record"
        elif row["kind"] == "disclosed" and rule.deadline.number is not None:
            why += "; of which day that is, nothing tells"
        yield f"{what}: {why}"
        return
    yield f"{what}: {rule.deadline.words}"
    if until.published is not None:
        yield f"{what}: passive, counted from the issuer's publication on {until.published}"
    several = until.earliest != until.latest
    for counting in dict.fromkeys((until.earliest.due, until.latest.due)):
        one = until.earliest if counting == until.earliest.due else until.latest
        begins = f"from {one.start}" if several else ""
        yield from (f"{what}: {words}" for words in _count_words(one, begins))
    if any(one.deemed or one.counted or one.rolled for one in until[:2]):
        market = until.market
        calendar = f"by the calendar of {market}" if market else "no calendar tells other days"
        yield f"{what}: Saturdays and Sundays are closed; {calendar}"


def _count_words(one: Counting, begins: str) -> Iterator[str]:
    if one.deemed:
        yield f"known, as is deemed: {_days(one.deemed)}"
    counted = _days(one.counted)
    words = [f"{begins}: {counted}" if begins and counted else counted or begins]
    if one.rolled:
        words.append(f"moved from a closed day: {_days(one.rolled)}")
    moves = ", or later by closed days that are not told" if one.due.may_move else ""
    yield "; ".join([*filter(None, words), f"by {one.due.day}{moves}"])


def _days(looked: Sequence[Looked]) -> str:
    """Days as they were counted, and those passed over."""
    return ", ".join(
        f"{one.day} is passed over, {one.closed}" if one.closed else f"{one.day} is {one.number}"
        for one in looked
    )


def notice_words(rule: Rule, row: RadarRow) -> str:
    """What was disclosed, and whether in time."""
    what = f"{rule.id}, notice"
    if row["disclosed_by"] is None:
        filed = f" but one in the form {row['form_filed']}" if row["form_filed"] else ""
        return f"{what}: none on record{filed}"
    words = f"{what}: {told('event', row['disclosed_by'])}, known on {row['disclosure_known_on']}"
    late, most = row["late"], row["late_at_most"]
    if late is None:
        return words
    if most is not None:
        return f"{words}, {late} to {most} days late"
    return f"{words}, {f'{late} days late' if late else 'in time'}"
