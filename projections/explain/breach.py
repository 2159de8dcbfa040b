"""A breach explained: the clause's terms, the figure with its operands before and after, the events
that opened and closed it, and why no exception applies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from ledger.model.fact import Fact
from ledger.model.movements import MOVEMENTS
from ledger.time.exclusions import Excluded
from ledger.time.view import View
from ledger.values.dates import days_before
from ledger.values.refusals import Refusal, Refused, shown
from projections.answer import complete
from projections.control.members import members
from projections.explain.balances import Balances
from projections.explain.explanation import Explanation, division, explaining, number, unused
from projections.explain.steps import Walk, add_trusts
from projections.obligation_rows import BreachRow
from projections.obligations.acts import Act
from projections.obligations.binding import Bound
from projections.obligations.breaches import Timeline, breaches
from projections.obligations.exceptions import Tested, tested
from projections.obligations.figures import Figure, Standing, figures, percent_text
from projections.obligations.limit_rules import moves_against
from projections.obligations.limits import is_limit, judged, limit_text, reach_of
from projections.obligations.record import approvals
from projections.subjects.bases import IN_FULL
from projections.subjects.clauses import exception_words, terms_of
from projections.subjects.governance import AGREEMENT_STEPS
from projections.subjects.register_at_cut import CHECKS
from projections.subjects.voting_rights import TYPES as VOTING
from projections.subjects.voting_rights import Rights
from projections.told import told

_STATES = {"kept": "kept", "broken": "not kept", "untold": "cannot be told"}
_SO = {True: "so", False: "not so", None: "not told"}


def explain_breach(
    view: View, agreement: str, clause: str | None = None, day: str | None = None
) -> Explanation:
    """When the clauses of an agreement, or one of them, were broken, and why; of a day, those that
    were then."""
    timeline = Timeline(view, agreement)
    if clause is not None and timeline.clauses and clause not in timeline.clauses:
        raise Refused(
            Refusal.BAD_CHOICE,
            f"No clause of {shown(agreement)} is called {shown(clause)}.",
            f"Name one of: {', '.join(map(shown, timeline.clauses))}.",
        )
    query = complete(view, breaches(view, agreement))
    found = [
        row
        for row in query.rows
        if clause in (None, row["clause"]) and (day is None or _is_on(row, day))
    ]
    explained = explaining(query, found)
    if not found:
        what = f"{clause} of " if clause else ""
        of = f"{what}{told('agreement', agreement)}"
        explained.note(f"No breach of {of} is told{f' on {day}' if day else ''}.")
    steps = _Steps(explained, timeline, found)
    steps.add()
    explained.in_order()
    for row in found:
        for line in _lines(timeline, row):
            explained.reckon(line)
    return explained.finish(view, steps.left())


def _is_on(row: BreachRow, day: str) -> bool:
    return row["from"] <= day and (row["until"] is None or day < row["until"])


def _lines(timeline: Timeline, row: BreachRow) -> Iterator[str]:
    clause = timeline.on(row["from"], row["clause"])
    if clause is None:
        return
    who = f" by {told('party', row['party'])}" if row["party"] else ""
    until = f"until the day before {row['until']}" if row["until"] else "still"
    yield f"{clause.id}, {row['verdict']}{who}: from {row['from']} {until}"
    yield from _terms(clause)
    opened, closed = row["from"], row["until"]
    if is_limit(clause) and row["party"] is not None:
        for day in (opened, closed):
            if day is not None:
                yield from _figure(timeline, row, days_before(day, 1), day, before=True)
                yield from _figure(timeline, row, day, day, before=False)
    else:
        yield f"{clause.id}, on {opened}: {_what(row)}"
    yield f"{clause.id}, opened by: {_event(row['opened_by'])}"
    if closed is not None:
        closes = "the day is over" if row["closed_by"] is None and not is_limit(clause) else ""
        yield f"{clause.id}, closed by: {closes or _event(row['closed_by'])}"
    yield from _excuses(timeline, clause, row)


def _event(key: str | None) -> str:
    return told("event", key) if key else "no event, but a date that has come"


def _what(row: BreachRow) -> str:
    what = row["what"]
    return str(getattr(what, "marked", what))


def _terms(clause: Bound) -> Iterator[str]:
    """What a clause says, by which events, and from which one it applies."""
    percent = clause.text("percent")
    limit = f", {percent}%" if percent else ""
    terms = terms_of(clause.terms)
    more = f"; {terms.marked}" if terms else ""
    yield f'{clause.id} ({clause.kind}{limit}): "{clause.text("text")}"{more}'
    by = ", ".join(told("event", fact.key) for fact in clause.facts)
    force = "its signature" if clause.by_signature else "its entry into force"
    since = f"{told('event', clause.since.key)}, {force}"
    yield f"{clause.id}: these terms by {by}; it applies from {since}"


def _figure(
    timeline: Timeline, row: BreachRow, at: str, day: str, *, before: bool
) -> Iterator[str]:
    """What a party has at the end of a day, account by account, beside the limit."""
    clause = timeline.on(at, row["clause"])
    party, when = str(row["party"]), f"at the end of {at}"
    if clause is None or not is_limit(clause):
        yield f"{row['clause']}, {when}: it does not bind"
        return
    case, issuer = timeline.case(day), str(clause.issuer)
    standing = case.then(issuer) if before else case.now(issuer)
    reach = reach_of(clause)
    for one in figures(standing, clause, party, reach):
        yield f"{told('party', party)}, {when}: {_operands(standing, clause, party, one)}"
        yield f"{when}: {_whole(standing, clause, one)}"
        if one.percent is not None:
            percent = clause.text("percent")
            text = percent_text(one.percent, Fraction(percent) if percent else None)
            yield f"{when}: {division(one.has, one.of, f'{text}%', one.digits)}"
    found = judged(standing, clause, party)
    unit = "%" if clause.text("percent") else " shares"
    at_most = "at most" if clause.kind == "standstill" else "at least"
    why = f", {found.why}" if found.why else ""
    limit = f"{at_most} {limit_text(clause)}{unit}"
    yield f"{row['clause']}, {when}: {limit}: {_STATES[found.state]}{why}"


def _operands(standing: Standing, clause: Bound, party: str, figure: Figure) -> str:
    reach, share_class = reach_of(clause), clause.text("share_class")
    operands = standing.operands(figure.base, party, reach, share_class)
    parts = []
    for account, (part, has) in operands.items():
        if has:
            words = number(has, figure.digits)
            words = words if part == 1 else f"{part} x {words}"
            own = account == party
            parts.append(f"{words} its own" if own else f"{words} of {told('party', account)}")
    summed = len(parts) > 1 or any(" x " in part for part in parts)
    total = f" = {number(figure.has, figure.digits)}" if summed else ""
    return f"{' + '.join(parts) or '0'}{total} of {IN_FULL[figure.base]}"


def _whole(standing: Standing, clause: Bound, figure: Figure) -> str:
    """How all that a figure is measured of is found."""
    share_class, base, digits = clause.text("share_class"), figure.base, figure.digits
    held = standing.base("held-votes", share_class) or Fraction()
    match base:
        case "gross-votes":
            treasury = number(figure.of - held, digits)
            sums = f"{number(held, digits)} held + {treasury} of treasury shares = "
        case "net-votes":
            suspended = number(held - figure.of, digits)
            sums = f"{number(held, digits)} held - {suspended} suspended = "
        case "issued" | "outstanding" | "capital" | "capital-par":
            parts = [
                f"{number(of, digits)} {told('class', c)}"
                for c, of in standing.by_class(base, share_class).items()
            ]
            sums = f"{' + '.join(parts)} = "
        case _:
            sums = ""
    return f"{IN_FULL[base]}: {sums}{number(figure.of, digits)}"


def _excuses(timeline: Timeline, clause: Bound, row: BreachRow) -> Iterator[str]:
    """Each exception held against what was done, and what the others agreed to."""
    case = timeline.case(row["from"])
    acts = _acts(timeline, clause, row)
    if not clause.many("exceptions"):
        yield f"{clause.id}: no exception is agreed"
    for act in acts:
        for one in tested(case.after, case.then(str(clause.issuer or act.issuer)), clause, act):
            yield f"{clause.id}, {told('event', act.fact.key)}: {_tested(one)}"
        agreed = approvals(case.after, clause, act.fact)
        by = ", ".join(told("event", one.key) for one in agreed)
        words = f"looked at, and not of it: {by}" if by else "none is on record"
        yield f"{clause.id}, {told('event', act.fact.key)}: consent or waiver: {words}"


def _acts(timeline: Timeline, clause: Bound, row: BreachRow) -> list[Act]:
    """What was done on the day by which a clause is broken."""
    party, acts = row["party"], timeline.case(row["from"]).acts
    if is_limit(clause) and party is not None:
        return [act for act in acts if moves_against(clause, act, party)]
    return [Act(fact) for fact in _named(timeline.view, row["opened_by"])]


def _named(view: View, key: str | None) -> list[Fact]:
    """The event of a key; none without one."""
    recorded = view.history.mentioning(f"key:{key}") if key else []
    return [fact for one in recorded if (fact := view.fact(one)) is not None]


def _tested(one: Tested) -> str:
    words = ", ".join(
        f"{exception_words({name: one.terms[name]})} is {_SO[is_so]}" for name, is_so in one.found
    )
    applies = {True: "it applies", False: "it does not apply", None: "it may apply"}[one.applies]
    return f"exception: {words}: {applies}"


class _Steps:
    """Writes a step for each event of the terms, and by which what is measured is as it is."""

    def __init__(
        self, explained: Explanation, timeline: Timeline, rows: Sequence[BreachRow]
    ) -> None:
        self._explained, self._timeline, self._rows = explained, timeline, rows
        self._issuers = dict.fromkeys(row["issuer"] for row in rows if row["issuer"])

    def add(self) -> None:
        """Add the steps of the agreement, and those of each register."""
        for row in self._rows:
            clause = self._timeline.on(row["from"], row["clause"])
            for fact in (*clause.facts, clause.since) if clause else ():
                self._step(fact, f"gives the terms of {row['clause']}, or their force")
        for issuer in self._issuers:
            self._register(issuer)
        for row in self._rows:
            for key, what in ((row["opened_by"], "opens"), (row["closed_by"], "closes")):
                for one in _named(self._timeline.view, key):
                    self._step(one, f"{what} what is told of {row['clause']}")

    def _register(self, issuer: str) -> None:
        rows = [row for row in self._rows if row["issuer"] == issuer]
        accounts = list[str]()
        for row in rows:
            clause = self._timeline.on(row["from"], row["clause"])
            if clause is not None and is_limit(clause) and row["party"]:
                standing = self._timeline.case(row["from"]).now(issuer)
                accounts += standing.accounts(row["party"], reach_of(clause))
        if not accounts:
            return
        last = max(row["until"] or row["from"] for row in rows)
        view = self._timeline.view.on(last)
        balances = Balances(self._explained, accounts)
        walk = Walk(view, issuer, balances.after, Rights(view, members)).to_cut()
        add_trusts(self._explained, walk, [one for one in accounts if one in walk.trusts])

    def _step(self, fact: Fact, state: str) -> None:
        if all(fact.key != step.key for step in self._explained.steps):
            self._explained.add_step(fact, state)

    def left(self) -> list[Excluded]:
        """The other events of the agreement and of the registers."""
        used = {fact.key for fact in self._explained.steps}
        view, agreement = self._timeline.view, self._timeline.agreement
        found = unused(view, f"agreement:{agreement}", used, _why, AGREEMENT_STEPS)
        for issuer in self._issuers:
            found += unused(view, f"issuer:{issuer}", used, _why, (*MOVEMENTS, *VOTING))
        return found


def _why(fact: Fact) -> tuple[str, str]:
    if fact.type in CHECKS:
        return "checked only", "it is only compared"
    if fact.type in AGREEMENT_STEPS:
        return "no effect", "it gives no terms of what is explained"
    return "of others", "by it neither what is measured nor all of it changes, or only later"
