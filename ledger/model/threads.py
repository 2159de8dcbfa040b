"""Threads of steps (a deal, an offering, an investment, ...) and which step contradicts which.

``THREADS`` is the one list of the kinds of thread and their steps. A thread is followed in the
order of the fold, steps of one day and sequence in the order of their list here. A step contradicts
the record when the step that last changed the thread's state is one it cannot follow. Steps that
reaffirm another event are not steps of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ledger.events.references import COMMON, REFERENCES
from ledger.model.fact import Fact
from ledger.values.dates import overlap


class Step(NamedTuple):
    """A step of a thread: what it says of the thread, and what it may not follow.

    ``not_after`` are the states in which it is a contradiction, "" being the state before any step;
    with None it is told in the thread and changes no state. ``status`` is the word for where the
    thread then stands. After a step that ``ends`` nothing is pending; one that does not ``begin``
    is seldom the first of its thread.
    """

    not_after: tuple[str, ...] | None = ()
    status: str = ""
    ends: bool = False
    begins: bool = True


@dataclass(frozen=True)
class ThreadKind:
    """A kind of thread: the fields that identify it, and its steps in their order within a day."""

    name: str
    fields: tuple[str, ...]
    steps: Mapping[str, Step]

    @cached_property
    def types(self) -> tuple[str, ...]:
        """The event types among the steps, whole or in part."""
        return tuple(dict.fromkeys(step.removesuffix(PART) for step in self.steps))

    @cached_property
    def changing(self) -> tuple[str, ...]:
        """The event types that change the state of the thread."""
        return tuple(t for t in self.types if self.steps[t].not_after is not None)

    @cached_property
    def statuses(self) -> dict[str, str]:
        """The status that each type gives, of those that give one."""
        return {name: step.status for name, step in self.steps.items() if step.status}

    @cached_property
    def about(self) -> str:
        """The kind of thing that the last field names: what the thread itself is, or a party."""
        references = (*REFERENCES[self.types[0]], *COMMON)
        return next(kind for field, _, kind, _ in references if field == self.fields[-1])


PART = " in part"  # a step on some shares, an amount or one by name, where it may also be on all
_OF_PART = frozenset(["shares", "amount", "suspension", "cap", "lot"])
TOLD = Step(None)
_DEAL_OVER = ("deal-completed", "deal-abandoned")
_OFFER_OPEN = ("offer-amended", "offer-accepted")
_RELEASED = ("investment-released",)
_OFFERING_OVER = ("offering-cancelled", "offering-completed")
_PROJECT_OVER = ("project-ended",)
_OFFERING_PLANNED = ("offering-planned", "offering-rescheduled")
_PROJECT_ANNOUNCED = ("project-announced", "project-updated")

THREADS = (
    ThreadKind(
        "deal",
        ("deal",),
        {
            "deal-considered": Step(("terms-agreed", *_DEAL_OVER), "considered"),
            "negotiation-opened": Step(("deal-completed",), "negotiating"),
            "topic-tabled": TOLD,
            "statement-made": TOLD,
            "terms-agreed": Step(("deal-completed",), "terms-agreed"),
            "approval-granted": TOLD,
            "approval-refused": TOLD,
            "notice-given": TOLD,
            "agreement-signed": Step(None, "signed"),
            "deal-completed": Step(_DEAL_OVER, "completed", ends=True, begins=False),
            "deal-abandoned": Step(_DEAL_OVER, "abandoned", ends=True, begins=False),
        },
    ),
    ThreadKind(
        "agreement",
        ("agreement",),
        {
            "agreement-signed": Step(
                ("agreement-signed", "agreement-in-force", "agreement-ended"), "signed"
            ),
            "agreement-in-force": Step(("agreement-in-force", "agreement-ended"), "in force"),
            "agreement-amended": Step(("agreement-ended",)),
            "agreement-ended": Step(("agreement-ended",), ends=True),
        },
    ),
    ThreadKind(
        "investment",
        ("investment",),
        {
            "investment-considered": Step(_RELEASED, "considered"),
            "investment-planned": Step(_RELEASED, "planned"),
            "investment-committed": Step(_RELEASED, "committed"),
            "investment-confirmed": Step(_RELEASED, "committed"),
            "investment-paid": Step(_RELEASED, "paid", ends=True),
            f"investment-released{PART}": Step(_RELEASED, begins=False),
            "investment-released": Step(_RELEASED, "released", ends=True, begins=False),
        },
    ),
    ThreadKind(
        "offering",
        ("offering",),
        {
            "offering-considered": Step(_OFFERING_PLANNED + _OFFERING_OVER, "considered"),
            "offering-planned": Step(_OFFERING_OVER, "planned"),
            "offering-rescheduled": Step(_OFFERING_OVER, "rescheduled", begins=False),
            "offering-cancelled": Step(_OFFERING_OVER, "cancelled", ends=True, begins=False),
            "offering-completed": Step(_OFFERING_OVER, "completed", ends=True),
        },
    ),
    ThreadKind(
        "milestone",
        ("deal", "milestone"),
        {
            "milestone-expected": Step(("milestone-met",), "expected"),
            "milestone-met": Step(("milestone-met",), "met", ends=True, begins=False),
        },
    ),
    ThreadKind(
        "project",
        ("project",),
        {
            "project-considered": Step(_PROJECT_ANNOUNCED + _PROJECT_OVER, "considered"),
            "project-announced": Step(_PROJECT_OVER, "announced"),
            "project-updated": Step(_PROJECT_OVER, "announced", begins=False),
            "project-ended": Step(_PROJECT_OVER, "ended", ends=True, begins=False),
        },
    ),
    ThreadKind(
        "trust",
        ("trust",),
        {
            "trust-settled": Step(("trust-settled", "trust-ended")),
            "shares-placed-in-trust": Step(("", "trust-ended")),
            "trust-ended": Step(("", "trust-ended"), ends=True),
        },
    ),
    ThreadKind(
        "voting rights",
        ("issuer", "holder"),
        {
            "voting-rights-suspended": Step(("voting-rights-suspended",)),
            f"voting-rights-suspended{PART}": Step(),
            f"voting-rights-restored{PART}": Step(),
            "voting-rights-restored": Step(("", "voting-rights-restored"), ends=True),
        },
    ),
    ThreadKind(
        "voting cap",
        ("issuer", "holder"),
        {
            "voting-cap-agreed": Step(),
            f"voting-cap-lifted{PART}": Step(("",)),
            "voting-cap-lifted": Step(("", "voting-cap-lifted"), ends=True),
        },
    ),
    ThreadKind(
        "double votes",
        ("share_class", "holder"),
        {
            "double-votes-granted": Step(),
            f"double-votes-granted{PART}": Step(),
            f"double-votes-ended{PART}": Step(("", "double-votes-ended")),
            "double-votes-ended": Step(("", "double-votes-ended"), ends=True),
        },
    ),
    ThreadKind(
        "relationship",
        ("relationship",),
        {
            "relationship-began": Step(("relationship-began",), "begun"),
            "relationship-ended": Step(("", "relationship-ended"), "ended", ends=True),
        },
    ),
    ThreadKind("pool", ("pool",), {"pool-reserved": Step()}),
    ThreadKind(
        "instrument",
        ("instrument",),
        {
            "instrument-granted": Step(("instrument-granted",), "granted"),
            "instrument-amended": Step(None, begins=False),
            "instrument-vested": Step(None, begins=False),
            "instrument-transferred": Step(None, begins=False),
            "instrument-exercised": Step(None, begins=False),
            "instrument-ended": Step(None, begins=False),
        },
    ),
    ThreadKind(
        "right",
        ("right",),
        {
            "share-right-granted": Step(("share-right-granted",), "granted"),
            "share-right-ended": Step(None, begins=False),
        },
    ),
    ThreadKind(
        "restriction",
        ("restriction",),
        {
            "shares-restricted": Step(("shares-restricted",), "restricted"),
            "restriction-ended": Step(None, begins=False),
        },
    ),
    ThreadKind(
        "offer",
        ("offer",),
        {
            "offer-made": Step(("offer-made", *_OFFER_OPEN, "offer-closed"), "open"),
            "offer-amended": Step(("", "offer-closed"), "open", begins=False),
            "offer-accepted": Step(("offer-closed",), "open", begins=False),
            "offer-closed": Step(("offer-closed",), "closed", ends=True, begins=False),
        },
    ),
    ThreadKind(
        "condition",
        ("condition",),
        {
            "condition-set": Step(("condition-set",), "open"),
            "condition-settled": Step(None, begins=False),
        },
    ),
    ThreadKind(
        "proceeding",
        ("proceeding",),
        {
            "proceeding-opened": Step(("proceeding-opened",), "open"),
            "proceeding-advanced": Step(None, begins=False),
            "proceeding-decided": Step(None, begins=False),
        },
    ),
    ThreadKind(
        "transfer",
        ("transfer",),
        {
            "transfer-lodged": Step(("transfer-lodged", "transfer-settled"), "lodged"),
            "transfer-settled": Step(("transfer-settled",), "settled", ends=True, begins=False),
        },
    ),
    ThreadKind(
        "meeting",
        ("meeting",),
        {
            "meeting-called": Step(("meeting-held",), "called"),
            "meeting-held": Step((), "held", ends=True),
        },
    ),
    ThreadKind(
        "resolution",
        ("resolution",),
        {"resolution-voted": Step(), "votes-cast": TOLD},
    ),
    ThreadKind("party", ("party",), {"party-ended": Step(("party-ended",), ends=True)}),
)
OWN_KINDS = {  # the kinds of thread that are things of their own, by name
    thread.name: thread for thread in THREADS if thread.about == thread.name != "party"
}
BY_ID = tuple(  # those that one id identifies; a milestone is one within its deal
    name for name, kind in OWN_KINDS.items() if len(kind.fields) == 1
)
_THREAD_OF = {type: thread for thread in THREADS for type in thread.changing}


class Contradiction(NamedTuple):
    """A step that cannot follow the state of its thread; ``earlier`` set that state, if any did."""

    step: Fact
    earlier: Fact | None

    @property
    def reported_twice(self) -> bool:
        """Whether both may tell one step: they are of one type, and their dates overlap."""
        step, earlier = self
        if earlier is None or step.type != earlier.type:
            return False
        return overlap(step.effective, earlier.effective)


def thread_of(fact: Fact) -> tuple[str, ...] | None:
    """The name and ids of the thread a fact is a step of; None where it is no step."""
    thread = _THREAD_OF.get(fact.type)
    if thread is None or fact.repeats or any(name not in fact.data for name in thread.fields):
        return None
    return thread.name, *(fact.need(name) for name in thread.fields)


def by_standing(fact: Fact) -> tuple[int | str, ...]:
    """The weight of a step where no question asks otherwise: its standing."""
    return (-fact.rank,)


def contradictions(
    steps: Iterable[Fact], weight: Callable[[Fact], tuple[int | str, ...]] = by_standing
) -> list[Contradiction]:
    """The steps of one thread that contradict it, those of greater weight being heard first."""
    kept: list[Fact] = []
    found: list[Contradiction] = []
    for step in sorted(sorted(steps, key=_order), key=weight, reverse=True):
        provisional = sorted([*kept, step], key=_order)
        contradiction = _first_contradiction(provisional)
        if contradiction is None:
            kept = provisional
        elif contradiction.step is step:
            found.append(contradiction)
        else:
            found.append(Contradiction(step, contradiction.step))
    return found


def _first_contradiction(steps: list[Fact]) -> Contradiction | None:
    last: Fact | None = None
    for step in steps:
        not_after = _THREAD_OF[step.type].steps[_name(step)].not_after
        revives = last is not None and step.text("revives") == last.key
        if not revives and (_name(last) if last else "") in (not_after or ()):
            return Contradiction(step, last)
        last = step
    return None


def _order(fact: Fact) -> tuple[str, int, int, int]:
    day, sequence, position = fact.order
    return day, sequence, list(_THREAD_OF[fact.type].steps).index(_name(fact)), position


def _name(fact: Fact) -> str:
    partial = f"{fact.type}{PART}"
    of_part = not _OF_PART.isdisjoint(fact.data)
    return partial if of_part and partial in _THREAD_OF[fact.type].steps else fact.type
