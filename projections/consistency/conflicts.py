"""Conflicts: what is recorded that cannot all be true at a cut (docs/arithmetic.md, Conflicts)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ledger.model.fact import Fact
from ledger.model.register import account_of, issuer_of
from ledger.model.subject import parse_subject
from ledger.model.threads import THREADS, contradictions, thread_of
from ledger.time.exclusions import everything
from ledger.time.history import known_ids
from ledger.time.view import View
from ledger.values.dates import UNKNOWN, overlap
from projections.answer import Answer, qualified
from projections.consistency import together
from projections.consistency.conflict import Conflict, Statement, is_of, row_of
from projections.consistency.event_claims import EventClaim, event_claims
from projections.consistency.keeping import Progress, each_part, left_out
from projections.consistency.preference import against_record, reason
from projections.consistency.spoken_of import claims_and_signatures, grouped_facts
from projections.control.members import members
from projections.rows import ConflictRow
from projections.subjects.checked_figures import bands_meet, printed_percent
from projections.subjects.claims import SIGNED, claimed, disagree
from projections.subjects.differing import differing
from projections.subjects.over import Keeper
from projections.subjects.printed_values import may_agree
from projections.subjects.register_at_cut import (
    TYPES,
    RegisterAtCut,
    register_at_cut,
    spoken_of,
)
from projections.subjects.stated_counts import checked_counts
from projections.subjects.timeline import SUBJECT_KINDS
from projections.told import ANY, Told, told

# Figures stated by steps: the ids of what they are about, the types, the field, its qualifier.
STATED = (
    (("investment",), ("investment-committed", "investment-confirmed"), "amount", "qualifier"),
    (("investment",), ("investment-considered", "investment-planned"), "amount", "qualifier"),
    (
        ("investment",),
        ("investment-considered", "investment-planned", "investment-committed"),
        "percent",
        "percent_qualifier",
    ),
    (("offering",), ("offering-planned",), "window", ""),
    (("offering",), ("offering-rescheduled",), "window", ""),
    (("deal", "milestone"), ("milestone-expected",), "expected_on", ""),
    (("project",), ("project-announced",), "expected_on", ""),
)


def conflicts(
    view: View,
    subject: str | None = None,
    progress: Progress = lambda _: None,
    keeper: Keeper | None = None,
    limit: int | None = None,
    after: str = "",
) -> Answer[ConflictRow]:
    """The conflicts at the view's cut; with a subject, those in which anything speaks of it.

    ``progress`` is told in events. All are worked out with a ``keeper``, which knows what is kept.
    Of those about what comes ``after`` a subject at most ``limit`` are given, and the rest of the
    last one's.
    """
    named = [f"{kind}:{subject}" for kind in SUBJECT_KINDS]
    answer = Answer[ConflictRow](about=[everything(view) if subject is None else (named, None)])

    def rows_of(seen: View, part: str) -> list[ConflictRow]:
        found = _found_in(seen, part, subject)
        return [row_of(one) for one in found if subject is None or is_of(one, subject)]

    for rows in each_part(
        view, _parts(view, subject), rows_of, None if subject else keeper, progress
    ):
        answer.rows += rows
    answer.hidden = None if subject else left_out(view, keeper)
    answer.rows.sort(key=lambda row: (row["subject"], row["attribute"], row["kind"], str(row)))
    answer.rows = [row for row in answer.rows if row["subject"] > after]
    if limit and len(answer.rows) > limit:
        last = answer.rows[limit - 1]["subject"]
        on_page = [row for row in answer.rows if row["subject"] <= last]
        if len(on_page) < len(answer.rows):
            answer.more(len(on_page), "conflicts", last)
        answer.rows = on_page
    if not answer.rows:
        of = f" of {told(ANY, subject)}" if subject else ""
        answer.none(f"No conflict{of} is found among what is recorded at this cut.")
    return answer


def all_found(view: View, subject: str | None = None) -> Iterator[Conflict]:
    """Every conflict, or, of a subject, at least those that speak of it."""
    for part in _parts(view, subject):
        yield from _found_in(view, part, subject)


def _parts(view: View, subject: str | None) -> list[str]:
    return [*_OF_ALL, *(f"issuer:{issuer}" for issuer in _issuers(view, subject))]


def _found_in(view: View, part: str, subject: str | None) -> Iterator[Conflict]:
    """The conflicts that a rule finds, or within the register of an issuer."""
    if part in _OF_ALL:
        yield from _OF_ALL[part](view, subject)
    else:
        at_cut = register_at_cut(view, parse_subject(part).id, members=members)
        for compare in COMPARISONS:
            yield from compare(at_cut)


def _issuers(view: View, subject: str | None) -> Sequence[str]:
    """The issuers that anything disclosed or moved names together with a subject."""
    issuers = known_ids(view.history, "issuer")
    if subject is None:
        return issuers
    named = view.unposted(f"party:{subject}", TYPES).certain
    named += view.about(f"deal:{subject}", types=TYPES).certain
    found = {issuer_of(subject), *view.registers_of(subject), *map(spoken_of, named)}
    found = found.union(*map(view.across.readers, found))
    return [issuer for issuer in issuers if issuer in found]


def claims_of_one_attribute(view: View, asked: str | None = None) -> Iterator[Conflict]:
    """Claims that give one attribute at one time different values; dates of signature as well."""
    grouped: dict[tuple[str, str], list[Statement]] = {}
    claims, signatures = claims_and_signatures(view, asked)
    for fact in claims:
        of = fact.need("subject"), fact.need("attribute")
        grouped.setdefault(of, []).append(Statement(fact, claimed(fact)))
    for fact in signatures:
        if (fact.need("agreement"), SIGNED) in grouped and not fact.undated:
            grouped[fact.need("agreement"), SIGNED].append(
                Statement(fact, fact.need("effective_on"))
            )
    for (subject, attribute), statements in grouped.items():
        yield from _disagreeing(view, subject, attribute, statements, _claims_disagree)


def figures_of_steps(view: View, asked: str | None = None) -> Iterator[Conflict]:
    """Amounts, windows and expected dates that steps state differently for one time."""
    for fields, types, name, qualifier in STATED:
        grouped: dict[tuple[str, ...], list[Statement]] = {}
        for fact in grouped_facts(view, asked, types, fields):
            value = fact.text(name)
            if value and value != UNKNOWN and all(field in fact.data for field in fields):
                words = qualified(value, fact.text(qualifier))
                ids = tuple(fact.need(field) for field in fields)
                grouped.setdefault(ids, []).append(Statement(fact, words))

        def differ(
            one: Statement, other: Statement, name: str = name, qualifier: str = qualifier
        ) -> bool:
            ours, theirs = one.fact, other.fact
            if not (overlap(ours.effective, theirs.effective) or _one_statement(ours, theirs)):
                return False
            return not _agree(ours, theirs, name, qualifier)

        for ids, statements in grouped.items():
            yield from _disagreeing(view, ids[-1], name.replace("_", "-"), statements, differ)


def disclosures_of_one_day(at_cut: RegisterAtCut) -> Iterator[Conflict]:
    """Disclosures of one holder for one date that differ, on the same base."""
    grouped: dict[tuple[str, ...], list[Statement]] = {}
    view, issuer = at_cut.view, at_cut.issuer
    for fact in view.about(f"issuer:{issuer}", types=("stake-disclosed",)).certain:
        same = (
            fact.need("holder"),
            fact.text("share_class") or "",
            fact.data.get("interest", "direct"),
            fact.need("effective_on"),
        )
        grouped.setdefault(same, []).append(Statement(fact, _disclosed(fact)))
    for (holder, *_), statements in grouped.items():
        name = Told(f"stake-of-{told('party', holder)}")
        yield from _disagreeing(view, issuer, name, statements, _disclosures_differ)


def disclosures_together(at_cut: RegisterAtCut) -> Iterator[Conflict]:
    """Disclosures of several holders for one day that no register tells and cannot all be true."""
    for found in together.contradictions(at_cut):
        statements = [Statement(*one) for one in found.statements]
        preferred, why = _preferred(at_cut.view, statements, lambda *_: True)
        yield Conflict(at_cut.issuer, found.attribute, "value", statements, preferred, why)


def disclosures_and_the_register(at_cut: RegisterAtCut) -> Iterator[Conflict]:
    """Disclosures and asserted balances that the register contradicts on every day they cover."""
    for checked in differing(at_cut):
        fact, holder = checked.fact, checked.fact.text("holder")
        movement = _last_movement(at_cut, fact)
        if movement is None:
            continue
        preferred, why = against_record(at_cut.view, fact, movement)
        statements = (Statement(fact, checked.statement), Statement(movement, checked.record))
        name = Told(f"stake-of-{told('party', holder)}") if holder else fact.need("total")
        yield Conflict(at_cut.issuer, name, "register", statements, preferred, why)


def disclosures_and_the_count_of_votes(at_cut: RegisterAtCut) -> Iterator[Conflict]:
    """Disclosures and totals of votes that the count on their day contradicts."""
    for checked in checked_counts(at_cut, members):
        fact, movement = checked.fact, _last_movement(at_cut, checked.fact)
        single = fact.effective is not None and fact.effective.first == fact.effective.last
        if checked.agrees is not False or movement is None or not single:
            continue
        preferred, why = against_record(at_cut.view, fact, movement)
        holder = fact.text("holder")
        words = checked.figure_words if holder else checked.statement
        statements = (Statement(fact, words), Statement(movement, checked.record))
        what = "stake" if checked.figure == "percent" else "votes"
        name = Told(f"{what}-of-{told('party', holder)}") if holder else fact.need("total")
        yield Conflict(at_cut.issuer, name, "register", statements, preferred, why)


def orders_of_events(view: View, claims: Sequence[EventClaim]) -> Iterator[Conflict]:
    """Claims of an order of two events that the dates of the events contradict."""
    for event_claim in claims:
        if event_claim.order is not None:
            earlier, later = event_claim.order
            statements = [Statement(event_claim.claim, event_claim.claim.need("value"))]
            statements += [Statement(fact, fact.type) for fact in (*earlier, *later)]
            sides = [max(events, key=view.preference) for events in (earlier, later)]
            record = min(sides, key=view.weight)
            preferred, why = against_record(view, event_claim.claim, record)
            subject, name = event_claim.claim.need("subject"), event_claim.claim.need("attribute")
            yield Conflict(subject, name, "order", statements, preferred, why)


def events_said_to_be_done(view: View, claims: Sequence[EventClaim]) -> Iterator[Conflict]:
    """Claims that an event is done or to come, against its date or against each other."""
    seen: set[str] = set()
    for event_claim in claims:
        if not event_claim.against or event_claim.claim.key in seen:
            continue
        together = sorted(event_claim.together, key=lambda fact: fact.order)
        seen.update(fact.key for fact in together)
        all_statements = [Statement(f, f.text("value") or f.type) for f in together]
        record = [fact for fact in event_claim.against if fact.type != "claim-recorded"]
        if record:
            preferred, why = against_record(view, event_claim.claim, record[0])
        else:
            preferred = max((event_claim.claim, *event_claim.against), key=view.preference)
            others = [f for f in (event_claim.claim, *event_claim.against) if f is not preferred]
            why = reason(view, preferred, others[0])
        subject, name = event_claim.claim.need("subject"), event_claim.claim.need("attribute")
        yield Conflict(subject, name, "done", all_statements, preferred, why)


def steps_against_steps(view: View, asked: str | None = None) -> Iterator[Conflict]:
    """Steps that cannot follow what the preferred steps of their thread already tell."""
    for thread in THREADS:
        grouped: dict[tuple[str, ...], list[Fact]] = {}
        for fact in grouped_facts(view, asked, thread.changing, thread.fields):
            ids = thread_of(fact)
            if ids is not None and ids[0] == thread.name:
                grouped.setdefault(ids, []).append(fact)
        for ids, steps in grouped.items():
            for contradiction in contradictions(steps, view.weight):
                step, earlier = contradiction
                if earlier is None or contradiction.reported_twice:
                    continue
                statements = (Statement(earlier, earlier.type), Statement(step, step.type))
                why = reason(view, earlier, step)
                name = thread.name.replace(" ", "-")
                yield Conflict(ids[-1], name, "step", statements, earlier, why)


def claims_about_events(view: View, _: str | None = None) -> Iterator[Conflict]:
    """Claims of an order, or that an event is done, whatever they are about."""
    found = [*event_claims(view)]
    yield from orders_of_events(view, found)
    yield from events_said_to_be_done(view, found)


RULES = (claims_of_one_attribute, figures_of_steps, steps_against_steps, claims_about_events)
_OF_ALL = {rule.__name__: rule for rule in RULES}
COMPARISONS = (  # within the register of an issuer
    disclosures_of_one_day,
    disclosures_together,
    disclosures_and_the_register,
    disclosures_and_the_count_of_votes,
)


def _disagreeing(
    view: View,
    subject: str,
    attribute: str,
    statements: Sequence[Statement],
    differ: Callable[[Statement, Statement], bool],
) -> Iterator[Conflict]:
    """One conflict for each group of facts in which everybody disagrees with somebody."""
    left = [one for one in statements if any(differ(one, other) for other in statements)]
    while left:
        group = [left.pop(0)]
        for one in group:
            joined = [other for other in left if differ(one, other)]
            group += joined
            left = [other for other in left if other not in joined]
        group.sort(key=lambda one: one.fact.listed)
        preferred, why = _preferred(view, group, differ)
        yield Conflict(subject, attribute, "value", group, preferred, why)


def _preferred(
    view: View, group: Sequence[Statement], differ: Callable[[Statement, Statement], bool]
) -> tuple[Fact, str]:
    best = max(group, key=lambda one: view.preference(one.fact))
    rivals = [one.fact for one in group if one is not best and differ(best, one)]
    steps = [one.fact for one in group if one.fact.type != "claim-recorded"]
    if len(steps) < len(group) and steps:  # a step of the record among claims about it
        return against_record(view, best.fact, max(steps, key=view.preference))
    return best.fact, reason(view, best.fact, max(rivals, key=view.preference))


def _claims_disagree(one: Statement, other: Statement) -> bool:
    if one.fact.type == other.fact.type == "claim-recorded":
        return disagree(one.fact, other.fact)
    return not may_agree(one.value, "", other.value, "")


def _disclosures_differ(one: Statement, other: Statement) -> bool:
    ours, theirs = one.fact, other.fact
    names = ["shares", "votes"]
    if ours.text("percent_of") == theirs.text("percent_of"):
        if "percent_to" in {*ours.data, *theirs.data}:
            return not bands_meet(ours, theirs)
        names.append("percent")
    given = [name for name in names if name in ours.data and name in theirs.data]
    return any(not _agree(ours, theirs, name, "qualifier") for name in given)


def _agree(one: Fact, other: Fact, name: str, qualifier: str) -> bool:
    ours, theirs = (fact.text(qualifier) or "" for fact in (one, other))
    return may_agree(one.need(name), ours, other.need(name), theirs)


def _one_statement(one: Fact, other: Fact) -> bool:
    """Whether one fact reaffirms the other, or both the same."""
    ours, theirs = one.text("reaffirms"), other.text("reaffirms")
    return ours == other.key or theirs == one.key or (ours is not None and ours == theirs)


def _last_movement(at_cut: RegisterAtCut, fact: Fact) -> Fact | None:
    """The movement that last set what a disclosure or assertion is about, by its day."""
    holder = fact.text("holder")
    whole = holder is None or fact.text("interest") not in (None, "direct")
    account = None if whole else account_of(f"{at_cut.issuer}/", str(holder))
    return at_cut.last_movement(fact.text("share_class"), account, fact.order[0])


def _disclosed(fact: Fact) -> str:
    shares, percent, votes = (fact.text(name) for name in ("shares", "percent", "votes"))
    words = [f"{shares} shares"] if shares else []
    words += [f"{printed_percent(fact)} of {fact.text('percent_of')}"] if percent else []
    words += [f"{votes} votes"] if votes else []
    return qualified(", ".join(words), fact.text("qualifier"))
