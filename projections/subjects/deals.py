"""Deals, investments, offerings, milestones, projects, offers and transfers: status by steps."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from ledger.model.fact import Fact, Possible, Slice
from ledger.model.subject import parse_subject
from ledger.model.threads import OWN_KINDS
from ledger.time.history import known_ids
from ledger.time.view import View
from ledger.values.dates import after, worded
from ledger.values.refusals import Unhandled
from projections.answer import Answer, named_event
from projections.rows import DealRow, NamedEventRow
from projections.subjects.conditions import condition_row, conditional, happened, proceeding_row
from projections.subjects.investments import investment_row, note_sums
from projections.subjects.notices import ended_notes, notice_notes
from projections.subjects.offers import offer_row
from projections.subjects.over import Keeper, over
from projections.subjects.thread_rows import days_late, deal_of, passed, set_since, thread_row
from projections.subjects.threads import Thread, threads
from projections.subjects.transfers import transfer_row
from projections.told import ANY, Told, told

CLAIM = "claim-recorded"
KINDS = (
    "deal", "investment", "offering", "milestone", "project", "offer", "transfer", "condition",
    "proceeding",
)  # fmt: skip
PARTS = tuple(kind for kind in KINDS if kind != "deal")  # they may be parts of a deal
TYPES = tuple(step for kind in KINDS for step in OWN_KINDS[kind].types)
_TOGETHER = 50  # ids looked up at once
UNKNOWN_WHETHER_MET = "not known whether met"
OPEN = {UNKNOWN_WHETHER_MET} | {
    step.status
    for kind in KINDS
    for step in OWN_KINDS[kind].steps.values()
    if step.status and not step.ends
}
STATUSES = {kind: OWN_KINDS[kind].statuses for kind in KINDS}


class _Group(NamedTuple):
    """Threads that are read together: of some kinds, all or those with an id; where their steps are
    indexed, and these."""

    kinds: tuple[str, ...]
    only: str | None
    subjects: Sequence[str]
    steps: Slice


class _Told(NamedTuple):
    """A thread, its row, and the remarks on it."""

    thread: Thread
    row: DealRow
    notes: Sequence[str]


def deals(
    view: View, subject: str | None = None, most: int | None = None, after: str = ""
) -> Answer[DealRow]:
    """The deals, or what is recorded under one id: a deal, investment, offering or project. Of all
    at most so many, and those alone that come after one, named by its kind and id."""
    return deals_of(view, subject, KINDS, most=most, after=after)[0]


def deals_of(
    view: View,
    subject: str | None,
    kinds: tuple[str, ...],
    wanted: Callable[[DealRow], bool] = lambda _: True,
    most: int | None = None,
    after: str = "",
    keeper: Keeper | None = None,
) -> tuple[Answer[DealRow], bool]:
    """The deals, or the threads that speak of an id of one of some kinds, those that are wanted;
    and whether no more come after them. Several under one id are never apart. Page by page, those
    of which a ``keeper`` has it that they are over, and not wanted, are not read."""
    answer, possible, recorded, about = Answer[DealRow](), list[Possible](), False, list[str]()
    last = True
    if subject is None and (most is not None or after):
        groups = _page_by_page(view, after, wanted, keeper)
    else:
        groups = iter([_together(view, subject, kinds)])
    for group in groups:
        if group is None:
            recorded = True
            continue
        told_of = list(_told_of(view, group))
        recorded |= bool(told_of)
        shown = [one for one in told_of if wanted(one.row)]
        if shown and most is not None and len(answer.rows) >= most:
            row, last = answer.rows[-1], False
            answer.more(len(answer.rows), "deals", f"{row['kind']}:{row['subject']}")
            break
        about += group.subjects
        possible += group.steps.possible
        for one in shown:
            for note in one.notes:
                answer.note(note)
            _add(answer, one.row, one.thread)
    answer.about = [(about, TYPES)]
    answer.add_possible(possible)
    if subject is not None:
        note_sums(answer)
    for one_more in possible:
        if one_more.fact.undated:
            answer.note(undated_note(named_event(one_more.fact)))
    if not recorded and not after:
        of = told(ANY, subject) if subject else "any deal"
        answer.gap(f"no event at this cut tells a step of {of}")
        if subject is not None and _claimed(view, subject):
            answer.note(f"Claims speak of {of}; `stakebook timeline {subject}` shows them.")
    return answer, last


def _together(view: View, subject: str | None, kinds: tuple[str, ...]) -> _Group:
    """All threads together, or those that speak of an id."""
    if subject is None:
        return _Group(KINDS, None, [f"type:{name}" for name in TYPES], view.every(TYPES))
    asked = [f"{kind}:{subject}" for kind in kinds]
    return _Group(KINDS, None, asked, _threads_of(view, subject, kinds))


def _page_by_page(
    view: View, after: str, wanted: Callable[[DealRow], bool], keeper: Keeper | None
) -> Iterator[_Group | None]:
    """Each thread that comes after one by itself; None for one that is over, and not wanted."""
    begin, named = parse_subject(after) if after else None, list[str]()
    for kind in KINDS[KINDS.index(begin.kind) if begin else 0 :]:
        ids = known_ids(view.history, kind)
        if begin and kind == begin.kind:
            ids = ids[bisect_right(ids, begin.id) :]
        named += [f"{kind}:{id}" for id in ids]

    def nothing_more(seen: View, of: str, steps: Slice) -> bool:
        told_of = list(_told_of(seen, _of_one(of, steps)))
        return bool(told_of) and not any(wanted(one.row) for one in told_of)

    each = zip(named, over(view, named, TYPES, keeper, nothing_more), strict=True)
    while coming := list(islice(each, _TOGETHER)):
        left = [of for of, is_over in coming if not is_over]
        for kind in dict.fromkeys(parse_subject(of).kind for of in left):
            view.history.gather(
                [of for of in left if parse_subject(of).kind == kind], OWN_KINDS[kind].types
            )
        for of, is_over in coming:
            types = OWN_KINDS[parse_subject(of).kind].types
            yield None if is_over else _of_one(of, view.about(of, types=types))


def _of_one(of: str, steps: Slice) -> _Group:
    kind, id = parse_subject(of)
    return _Group((kind,), id, [of], steps)


def _told_of(view: View, group: _Group) -> Iterator[_Told]:
    """The threads of a group that have a status."""
    for kind in group.kinds:
        for thread in threads(view, group.steps.certain, kind):
            alone = Answer[DealRow]()
            row = row_of(alone, view, kind, thread) if group.only in (None, thread.id) else None
            if row is not None:
                yield _Told(thread, row, alone.notes)


def _claimed(view: View, subject: str) -> bool:
    """Whether a claim is about a subject, or about the deal of that id."""
    return bool(view.about(f"subject:{subject}", f"deal:{subject}", types=(CLAIM,)).certain)


def _threads_of(view: View, subject: str, kinds: tuple[str, ...]) -> Slice:
    """Every step of each thread that speaks of a subject, those that do not name it included; of
    a party, also those of the deals that it takes part in."""
    asked = [f"{kind}:{subject}" for kind in kinds]
    if "party" in kinds:
        asked += _deals_with(view, subject)
    found = view.about(*asked, types=TYPES)
    named = {
        f"{name}:{fact.need(name)}"
        for fact in [*found.certain, *(p.fact for p in found.possible)]
        for name in PARTS
        if name in fact.data
    }
    whole = view.about(*sorted(named), *asked, types=TYPES)
    steps = OWN_KINDS["milestone"].types
    milestones = [f for f in whole.certain if f.type in steps and f not in found.certain]
    same = {fact.text("deal") for fact in found.certain}
    strange = {fact.key for fact in milestones if fact.text("deal") not in same}
    whole.certain = [fact for fact in whole.certain if fact.key not in strange]
    if "party" in kinds:
        _add_conditions(view, whole, [f"{kind}:{subject}" for kind in kinds])
    return whole


def _deals_with(view: View, party: str) -> list[str]:
    """The deals that a step names a party of."""
    steps = view.about(f"party:{party}", types=OWN_KINDS["deal"].types).certain
    return [f"deal:{deal}" for deal in sorted({fact.text("deal") or "" for fact in steps}) if deal]


def _add_conditions(view: View, found: Slice, subjects: list[str]) -> None:
    """Add the steps of the conditions of agreements, and of those on which events depend, that
    speak of one of some subjects."""
    speaking = map(view.fact, conditional(view, *subjects))
    awaited = {
        f"condition:{one['condition']}"
        for fact in speaking
        if fact is not None
        for one in fact.many("conditional_on")
    }
    signed = view.about(*subjects, types=OWN_KINDS["agreement"].types).certain
    agreements = sorted({f"agreement:{fact.need('agreement')}" for fact in signed})
    settings = view.about(*agreements, types=("condition-set",)).certain
    awaited |= {f"condition:{fact.need('condition')}" for fact in settings}
    steps = view.about(*sorted(awaited), types=OWN_KINDS["condition"].types)
    known = {fact.key for fact in found.certain}
    found.certain += (fact for fact in steps.certain if fact.key not in known)


def _add(answer: Answer[DealRow], row: DealRow, thread: Thread) -> None:
    row["disputed"] = [step.key for step in thread.disputed]
    answer.rows.append(row)
    for step in thread.disputed:
        answer.note(
            f"Sources disagree on {told(ANY, thread.id)}: {told('event', step.key)}"
            f" ({step.standing}, {step.type},"
            f" {step.when}) contradicts events that are preferred to it and is set aside."
        )


def row_of(answer: Answer[DealRow], view: View, kind: str, thread: Thread) -> DealRow | None:
    """The row of a thread of a kind; None where it has no status yet."""
    match kind:
        case "deal":
            return _deal_row(answer, view, thread) if thread.last(*STATUSES["deal"]) else None
        case "investment":
            return investment_row(answer, thread)
        case "offering":
            return _offering_row(answer, view, thread)
        case "milestone":
            return _milestone_row(answer, view, thread)
        case "project":
            return _project_row(answer, view, thread)
        case "offer":
            return _offer_row(answer, view, thread) if thread.steps else None
        case "transfer":
            return _transfer_row(answer, view, thread)
        case "condition":
            return condition_row(answer, view, thread)
        case "proceeding":
            return proceeding_row(thread)
        case _:
            raise Unhandled(f"a thread of kind {kind}", "the question of deals")


def _deal_row(answer: Answer[DealRow], view: View, thread: Thread) -> DealRow:
    deciding = _deciding(thread)
    if not OWN_KINDS["deal"].steps[deciding.type].ends:
        agreements = {s.need("agreement") for s in thread.steps if s.type == "agreement-signed"}
        for note in (*notice_notes(view, "deal", thread.id), *ended_notes(view, agreements)):
            answer.note(note)
    row = thread_row(thread.id, "deal", thread.id, thread.steps, STATUSES["deal"][deciding.type])
    set_since(row, deciding)
    row["standing"] = deciding.standing
    row["party"] = ", ".join(_taking_part(thread)) or None
    return row


def _taking_part(thread: Thread) -> list[str]:
    """The parties to a deal: of all agreements signed in it, as of all talks, each once."""
    last = thread.preferred("parties")
    if last is None:
        return []
    weight = thread.view.weight(last)
    alike = [s for s in thread.steps if s.type == last.type and thread.view.weight(s) == weight]
    return list(dict.fromkeys(party for step in alike for party in step.many("parties")))


def _deciding(thread: Thread) -> Fact:
    """The step that gives a deal its status: it only moves on, but what is given up can be taken
    up again."""
    order = list(STATUSES["deal"])
    stated = [s for s in thread.steps if s.type in order and not s.repeats]
    deciding = stated[0]
    for step in stated[1:]:
        after_all = step.type in ("negotiation-opened", "deal-completed")
        reopened = deciding.type == "deal-abandoned" and after_all
        if reopened or order.index(step.type) > order.index(deciding.type):
            deciding = step
    return deciding


def _offering_row(answer: Answer[DealRow], view: View, thread: Thread) -> DealRow:
    over = thread.last("offering-cancelled", "offering-completed")
    window = thread.last("offering-rescheduled", "offering-planned")
    deciding = over or window or thread.steps[-1]
    status = STATUSES["offering"][deciding.type]
    row = thread_row(deal_of(thread), "offering", thread.id, thread.steps, status)
    issuer = thread.preferred("issuer")
    expected = window.text("window") if window else None
    set_since(row, deciding)
    row |= {
        "party": issuer.text("issuer") if issuer else None,
        "expected": expected,
        "standing": deciding.standing,
    }
    if over is None and passed(expected, view):
        answer.note(overdue_note("offering", thread.id, str(expected)))
    return row


def _offer_row(answer: Answer[DealRow], view: View, thread: Thread) -> DealRow:
    row = offer_row(thread)
    if passed(row["expected"], view):
        answer.note(overdue_note("offer", thread.id, str(row["expected"])))
    return row


def _transfer_row(answer: Answer[DealRow], view: View, thread: Thread) -> DealRow:
    row = transfer_row(view, thread)
    if passed(row["expected"], view):
        answer.note(overdue_note("transfer", thread.id, str(row["expected"])))
    return row


def _milestone_row(answer: Answer[DealRow], view: View, thread: Thread) -> DealRow:
    met, expected = thread.last("milestone-met"), thread.last("milestone-expected")
    due = expected.need("expected_on") if expected else None
    if met is None and expected is not None and expected.text("met_by"):
        found = happened(view, expected.need("met_by"), expected.order[0])
        met = min(found, key=lambda fact: fact.order, default=None)
    over = met is None and passed(due, view)
    status = STATUSES["milestone"]["milestone-met" if met else "milestone-expected"]
    status = UNKNOWN_WHETHER_MET if over else status
    others = [met] if met is not None and met not in thread.steps else []
    row = thread_row(deal_of(thread), "milestone", thread.id, [*thread.steps, *others], status)
    deciding = met or expected or thread.steps[-1]
    set_since(row, deciding)
    row |= {"expected": due, "standing": deciding.standing}
    row["title"] = expected.text("title") if expected else None
    if over:
        answer.note(overdue_note("milestone", thread.id, str(due)))
    elif met is not None and due is not None and (late := days_late(met, due)) > 0:
        day = "1 day" if late == 1 else f"{late} days"
        answer.note(f"{told(ANY, thread.id)} was met {day} after it was due ({met.when}).")
    return row


def _project_row(answer: Answer[DealRow], view: View, thread: Thread) -> DealRow:
    ended, announced = thread.last("project-ended"), thread.preferred("title")
    due, deciding = thread.last("project-announced", "project-updated"), ended or thread.steps[-1]
    status = STATUSES["project"][(ended or due or deciding).type]
    row = thread_row(deal_of(thread), "project", thread.id, thread.steps, status)
    expecting = [step for step in thread.steps if "expected_on" in step.data]
    set_since(row, thread.steps[0])
    row["standing"] = deciding.standing
    row["expected"] = expecting[-1].text("expected_on") if expecting and due else None
    if ended is None and passed(row["expected"], view):
        answer.note(overdue_note("project", thread.id, str(row["expected"])))
    row["title"] = announced.text("title") if announced else None
    row["place"] = announced.text("place") if announced else None
    row["party"] = ", ".join(announced.many("parties")) if announced else None
    return row


def undated_note(event: NamedEventRow) -> Told:
    """That an event may have happened at any time."""
    by = told("event", event["event"])
    return Told(f"{by} ({event['standing']}) tells {event['type']}; its date is unknown.")


def overdue_note(kind: str, id: str, due: str) -> Told:
    """That nothing tells whether what was due came about."""
    thread, window = told(ANY, id), worded(due)
    by = after("by", window)
    match kind:
        case "offering":
            return Told(
                f"The window of {thread} ({window}) is over, not known whether it was held."
            )
        case "milestone":
            return Told(f"No event at this cut tells whether milestone {thread} was met {by}.")
        case "offer":
            return Told(f"{thread} was open until {window}, not known how it was closed.")
        case "transfer":
            return Told(f"{thread} was to be settled {by}, not known whether it was.")
    return Told(f"{thread} was expected {by}, not known whether it came about.")
