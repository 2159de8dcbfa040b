"""Checks: what must hold of any record, each a function that yields what does not.

What only makes a record weaker, and not wrong, is a warning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from ledger.model.board import BOARD, first_without_seat
from ledger.model.endings import unfounded
from ledger.model.subject import parse_subject
from ledger.time.exclusions import everything
from ledger.time.history import known_ids
from ledger.time.view import View
from projections.answer import Answer, whole
from projections.consistency import (
    commitments,
    crossed,
    holders,
    parties,
    resolutions,
    sums,
    together,
)
from projections.consistency.cited import (
    counted,
    first_of,
    listed,
    official_events_cite,
    places,
    uncited_in,
)
from projections.consistency.class_checks import OF_CLASSES
from projections.consistency.exchanges import payers_side_is_not_paid
from projections.consistency.finding import Finding
from projections.consistency.instruments import instruments_within_what_is_open
from projections.consistency.keeping import Progress, each_part, left_out
from projections.consistency.lots import (
    grants_after_the_period,
    grants_within_the_shares,
    ripe_shares_have_a_grant,
)
from projections.consistency.stakes import no_company_is_its_own_holder
from projections.control.members import members
from projections.obligation_rows import BreachRow
from projections.obligations.breaches import breaches
from projections.rows import FindingRow
from projections.subjects import bases
from projections.subjects.authorised import claimed_shares, excesses
from projections.subjects.ballots import ballots_of
from projections.subjects.checked_figures import Unchecked, four_places
from projections.subjects.conditions import OPEN, state_of
from projections.subjects.differing import differing
from projections.subjects.over import Keeper
from projections.subjects.register_at_cut import (
    RegisterAtCut,
    register_at_cut,
    spoken_of,
)
from projections.subjects.stated_counts import checked_counts, why_uncounted
from projections.subjects.vote_limits import left, limits_of
from projections.subjects.votes import votes
from projections.subjects.voting_rights import Rights
from projections.told import ANY, COUNT, Told, told


class Uncompared(NamedTuple):
    """A disclosure or assertion that cannot be compared: of whom, when, and why, also in full."""

    event: str
    issuer: str
    when: str
    why: Told
    sentence: Told

    @classmethod
    def of(cls, one: Unchecked) -> Uncompared:
        fact = one.fact
        return cls(fact.key, spoken_of(fact), fact.when, one.why, one.sentence)


@dataclass(slots=True)
class Checked(Answer[FindingRow]):
    """What checks found; how many figures agree, and the disclosures that cannot be compared."""

    agreeing: int = 0
    unlisted: int = 0  # warnings that are counted, and not listed
    unchecked: list[Uncompared] = field(default_factory=list)


def check(
    view: View,
    progress: Progress = lambda _: None,
    keeper: Keeper | None = None,
    full: bool = False,
) -> Checked:
    """Every finding of every check at the view's cut; ``progress`` is told in events.

    Of events that cite no source the first are listed, with ``full`` all. With a ``keeper`` only
    what is not kept is worked out.
    """
    found: dict[str, dict[Finding, None]] = {name_of(one): {} for one in (*CHECKS, *WARNINGS)}
    answer = Checked(about=[everything(view)], warnings=[])
    number, positions = 0, list[str]()
    for part in each_part(view, _parts(view), _checked, keeper, progress):
        for name, findings in part["found"]:
            found[name].update((Finding(*one), None) for one in findings)
        answer.agreeing += part["agreeing"]
        answer.unchecked += [Uncompared(*one) for one in part["unchecked"]]
        number += part["uncited"][0]
        positions.append(part["uncited"][1])
    first = first_of(positions)
    without_source = official_events_cite(view) if full else listed(view, first)
    found[name_of(official_events_cite)] = dict.fromkeys(without_source)
    answer.unlisted = 0 if full else number - len(first)
    answer.rows += (_row(name, one) for name in map(name_of, CHECKS) for one in found[name])
    answer.warnings = [_row(n, one) for n in map(name_of, WARNINGS) for one in found[n]]
    answer.hidden = left_out(view, keeper)
    answer.note(
        f"{len(CHECKS)} checks were made; {answer.agreeing} disclosed or asserted figures agree."
    )
    if answer.unlisted:
        answer.note(
            f"{number} official events cite no source; the first {len(first)} are listed."
            " `stakebook check --full` lists all."
        )
    for one in answer.unchecked:
        answer.note(one.sentence)
    return answer


def _parts(view: View) -> list[str]:
    """What is checked apart: each rule of the rest, clauses together, types, and issuers."""
    return [*_OF_ALL, _CLAUSES, *places(view)]


def _checked(view: View, part: str) -> dict[str, Any]:
    """What is found in one part, in plain values."""
    made: dict[str, Any] = {"found": [], "agreeing": 0, "unchecked": [], "uncited": (0, "")}
    if part in _OF_ALL:
        made["found"] = [(part, list(_OF_ALL[part](view)))]
    elif part == _CLAUSES:
        broken = breaches(view).rows
        made["found"] = [(name_of(one), list(one(broken))) for one in OF_BREACHES]
    else:
        made["uncited"] = counted(uncited_in(view, part))
        if (of := parse_subject(part)).kind == "issuer":
            _check_register(register_at_cut(view, of.id, members=members), made)
    return made


def _check_register(at_cut: RegisterAtCut, made: dict[str, Any]) -> None:
    figures = list(checked_counts(at_cut, members))
    made["agreeing"] = at_cut.agreeing + sum(bool(one.agrees) for one in figures)
    told_before = {one.fact.key for one in at_cut.unchecked}
    uncounted = [one for one in figures if one.agrees is None]
    uncounted = [one for one in uncounted if one.fact.key not in told_before]
    unchecked = [*at_cut.unchecked, *(Unchecked(f.fact, why_uncounted(f)) for f in uncounted)]
    made["unchecked"] = [Uncompared.of(one) for one in unchecked]
    found = ((name_of(one), list(one(at_cut))) for one in OF_REGISTERS)
    made["found"] = [(name, findings) for name, findings in found if findings]


def _row(check: str, found: Finding) -> FindingRow:
    return {
        "check": check,
        "subject": found.subject,
        "event": found.event,
        "what": Told(found.what),
    }


def verdict(answer: Checked) -> str:
    """What an answer of ``check`` found, in words."""
    warnings = len(answer.warnings or ()) + answer.unlisted
    counts = (len(answer.rows), "finding"), (warnings, "warning")
    found = [f"{count} {what}{'s' if count > 1 else ''}" for count, what in counts if count]
    return ", ".join(found) or "nothing is found"


def name_of(one: Callable[..., Iterator[Finding]]) -> str:
    """A check's name as it is shown."""
    return one.__name__.replace("_", "-")


def disclosed_stakes(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """Every disclosed stake agrees with the register on a day that it is dated by."""
    return _differing(at_cut, "stake-disclosed")


def disclosed_together(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """What is disclosed of several holders for one day can all be true."""
    for found in together.contradictions(at_cut):
        said = "; ".join(
            f"{told('event', fact.key)}: {words.marked}" for fact, words in found.statements
        )
        words = f"they cannot all be true: {said}."
        yield Finding(at_cut.issuer, found.statements[-1][0].key, words)


def asserted_balances(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """Every asserted balance is the register's at the end of its day."""
    return _differing(at_cut, "balance-asserted")


def disclosed_votes(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """What is stated of votes, or of diluted or authorised shares, agrees with their count."""
    for checked in checked_counts(at_cut, members):
        if checked.agrees is False:
            yield Finding(at_cut.issuer, checked.fact.key, checked.sentence)


def seats_filled_by_right(view: View) -> Iterator[Finding]:
    """On no day do a party's nominees on a board outnumber the seats it may fill."""
    for company in known_ids(view.history, "party"):
        facts = view.about(f"party:{company}", types=BOARD).ever
        found = first_without_seat([f for f in facts if f.need("company") == company])
        if found is not None:
            fact, right, seated = found
            party = told("party", fact.need("nominated_by"))
            words = f"{seated} nominees of {party} sit, {right} may, {fact.on}."
            yield Finding(company, fact.key, words)


def endings_have_beginnings(view: View) -> Iterator[Finding]:
    """Nobody leaves a board or an office who never came, and no seat is withdrawn that was not
    granted."""
    for company in known_ids(view.history, "party"):
        facts = view.about(f"party:{company}", types=BOARD).ever
        for fact, begun_by in unfounded([f for f in facts if f.need("company") == company]):
            yield Finding(company, fact.key, f"{fact.type} {fact.on}, and no {begun_by} by then.")


def votes_within_caps(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """Nobody may cast more votes than a cap leaves it, nor more than it holds."""
    view, issuer, rights = at_cut.view, at_cut.issuer, Rights(at_cut.view, members)
    seen = register_at_cut(view, issuer, rights)
    if rights.untold(seen.classes):
        return
    counted = ballots_of(seen, rights)
    limits = limits_of(seen, rights, counted)
    for row in votes(view, issuer, members).rows if seen.classes else ():
        usable, held = Fraction(row["after_caps"] or 0), Fraction(row["votes"] or 0)
        own = [one for one in limits if set(row["group"] or [row["holder"]]) == set(one.accounts)]
        if usable > left(held, own):
            holder = told("party", row["holder"])
            may = told(COUNT, whole(usable, seen.digits))
            words = f"{holder} may cast {may} votes, over its limit."
            yield Finding(issuer, own[0].cap.key if own else None, words)


def clauses_kept(rows: Sequence[BreachRow]) -> Iterator[Finding]:
    """No clause that binds is broken on any day, nor was on an earlier one."""
    yield from _broken(rows, "breaches")


def clauses_broken_by_others(rows: Sequence[BreachRow]) -> Iterator[Finding]:
    """Clauses broken though the party's own shares did not move that way."""
    yield from _broken(rows, "noted")


def clauses_met_first(rows: Sequence[BreachRow]) -> Iterator[Finding]:
    """What was done before an offer, a consent or a notice that a clause asks for is on record."""
    yield from _broken(rows, "needs")


def _broken(rows: Sequence[BreachRow], verdict: str) -> Iterator[Finding]:
    for row in rows:
        if row["verdict"] == verdict:
            what = row["what"].marked if isinstance(row["what"], Told) else row["what"]
            until = f"until {row['until']}" if row["until"] else "and still"
            words = f"{row['clause']} ({row['kind']}), from {row['from']} {until}: {what}."
            yield Finding(row["agreement"], row["opened_by"], words)


def conditions_of_ownership(view: View) -> Iterator[Finding]:
    """No condition is open though its party holds as much of the issued shares as it names."""
    for fact in view.every(("condition-set",)).certain:
        party, issuer, condition = fact.text("party"), fact.text("issuer"), fact.need("condition")
        if not (party and issuer) or fact.text("base") not in (None, "issued"):
            continue
        least, above = fact.percent("at_least"), fact.percent("above")
        share = share_of(view, issuer, party, "aggregate")
        if share is None or state_of(view, condition, fact).status != OPEN:
            continue
        if (least is not None and share >= least) or (above is not None and share > above):
            words = f"{told('party', party)} holds {four_places(share)}% of {told('party', issuer)}"
            words += f", so {told(ANY, condition)} is met, and no condition-settled says so."
            yield Finding(condition, fact.key, words)


def issued_within_authorised(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """At no time are more shares in issue than authorised, or issued or bought back than may be."""
    view, claimed = at_cut.view, set[str]()
    for share_class in at_cut.classes:
        issued = at_cut.register.issued(share_class)
        for event, authorised in claimed_shares(view, share_class):
            claimed.add(share_class)
            if authorised is not None and issued > authorised:
                counts = (told(COUNT, at_cut.count(share_class, n)) for n in (issued, authorised))
                words = "{} are in issue, {} are authorised.".format(*counts)
                yield Finding(share_class, event, words)
    for excess in excesses(view, at_cut.issuer, claimed):
        yield Finding(*excess)


def ended_trusts_hold_nothing(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """A trust that has ended holds no shares."""
    for trust, terms in at_cut.trusts.items():
        if terms is None or "ended_on" not in terms.terms:
            continue
        for share_class in at_cut.classes:
            left = at_cut.register.shares(share_class, trust)
            if left:
                held = (
                    f"{told(COUNT, at_cut.count(share_class, left))} {told('class', share_class)}"
                )
                words = f"it has ended and still holds {held}."
                yield Finding(trust, terms.facts[-1].key, words)


OF_REGISTERS: tuple[Callable[[RegisterAtCut], Iterator[Finding]], ...] = (
    disclosed_stakes,
    disclosed_together,
    asserted_balances,
    disclosed_votes,
    *sums.CHECKS,
    votes_within_caps,
    issued_within_authorised,
    ended_trusts_hold_nothing,
    payers_side_is_not_paid,
    *crossed.CHECKS,
    grants_within_the_shares,
    grants_after_the_period,
    *holders.OF_REGISTERS,
    *OF_CLASSES,
)
OF_BREACHES: tuple[Callable[[Sequence[BreachRow]], Iterator[Finding]], ...] = (
    clauses_kept,
    clauses_broken_by_others,
    clauses_met_first,
)
OF_THE_REST: tuple[Callable[..., Iterator[Finding]], ...] = (  # of a view, or of what was broken
    seats_filled_by_right,
    endings_have_beginnings,
    clauses_kept,
    conditions_of_ownership,
    *commitments.CHECKS,
    *parties.CHECKS,
    *resolutions.CHECKS,
    *holders.OF_THE_REST,
    instruments_within_what_is_open,
)
WARNINGS: tuple[Callable[..., Iterator[Finding]], ...] = (
    official_events_cite,
    no_company_is_its_own_holder,
    clauses_broken_by_others,
    clauses_met_first,
    ripe_shares_have_a_grant,
)
CHECKS: tuple[Callable[..., Iterator[Finding]], ...] = (*OF_REGISTERS, *OF_THE_REST)
_CLAUSES = "clauses"
_OF_ALL = {
    name_of(one): one
    for one in (*OF_THE_REST, *WARNINGS)
    if one not in (*OF_BREACHES, official_events_cite)
}


def _differing(at_cut: RegisterAtCut, type_name: str) -> Iterator[Finding]:
    for checked in differing(at_cut, (type_name,)):
        yield Finding(at_cut.issuer, checked.fact.key, checked.sentence)


def share_of(view: View, issuer: str, party: str, interest: str) -> Fraction | None:
    """The percentage of an issuer's shares a party holds; None where it has no line of its own."""
    at_cut = register_at_cut(view, issuer)
    classes = at_cut.capital
    if not any(at_cut.has_line(share_class, party) for share_class in classes):
        return None
    held = sum((bases.held(at_cut, c, party, interest) for c in classes), Fraction())
    issued = bases.in_issue(at_cut, "issued").whole("issued", classes)
    return held / issued * 100 if issued else None
