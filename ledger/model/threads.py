"""Threads of steps (a deal, an offering, an investment, ...) and which step contradicts which.

A thread is followed in the order of the fold, steps of one day and sequence in the order of their
list here. A step contradicts the record when the step that last changed the thread's state is one
it cannot follow. Steps that reaffirm another event are not steps of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.values.dates import overlap


class Thread(NamedTuple):
    """A kind of thread: the fields that identify it, and its steps with what they cannot follow.

    A step maps to the states in which it is a contradiction; "" is the state before any step.
    """

    name: str
    fields: tuple[str, ...]
    steps: Mapping[str, tuple[str, ...]]

    @property
    def types(self) -> tuple[str, ...]:
        """The event types among the steps, whole or in part."""
        return tuple(dict.fromkeys(step.removesuffix(PART) for step in self.steps))


PART = " in part"  # a step on a number of a holder's shares, where it may also be on all
_DEAL_OVER = ("deal-completed", "deal-abandoned")
_OFFERING_OVER = ("offering-cancelled", "offering-completed")

THREADS = (
    Thread(
        "deal",
        ("deal",),
        {
            "negotiation-opened": ("deal-completed",),
            "terms-agreed": ("deal-completed",),
            "deal-completed": _DEAL_OVER,
            "deal-abandoned": _DEAL_OVER,
        },
    ),
    Thread(
        "agreement",
        ("agreement",),
        {
            "agreement-signed": ("agreement-signed", "agreement-in-force", "agreement-ended"),
            "agreement-in-force": ("agreement-in-force", "agreement-ended"),
            "agreement-amended": ("agreement-ended",),
            "agreement-ended": ("agreement-ended",),
        },
    ),
    Thread(
        "investment",
        ("investment",),
        {
            "investment-considered": ("investment-released",),
            "investment-planned": ("investment-released",),
            "investment-committed": ("investment-released",),
            "investment-confirmed": ("investment-released",),
            "investment-paid": ("investment-released",),
            "investment-released": ("investment-released",),
        },
    ),
    Thread(
        "offering",
        ("offering",),
        {
            "offering-planned": _OFFERING_OVER,
            "offering-rescheduled": _OFFERING_OVER,
            "offering-cancelled": _OFFERING_OVER,
            "offering-completed": _OFFERING_OVER,
        },
    ),
    Thread(
        "milestone",
        ("deal", "milestone"),
        {"milestone-expected": ("milestone-met",), "milestone-met": ("milestone-met",)},
    ),
    Thread(
        "project",
        ("project",),
        {
            "project-announced": ("project-ended",),
            "project-updated": ("project-ended",),
            "project-ended": ("project-ended",),
        },
    ),
    Thread(
        "trust",
        ("trust",),
        {
            "trust-settled": ("trust-settled", "trust-ended"),
            "shares-placed-in-trust": ("", "trust-ended"),
            "trust-ended": ("", "trust-ended"),
        },
    ),
    Thread(
        "voting rights",
        ("issuer", "holder"),
        {
            "voting-rights-suspended": ("voting-rights-suspended",),
            f"voting-rights-suspended{PART}": (),
            "voting-rights-restored": ("", "voting-rights-restored"),
        },
    ),
    Thread(
        "voting cap",
        ("issuer", "holder"),
        {"voting-cap-agreed": (), "voting-cap-lifted": ("", "voting-cap-lifted")},
    ),
    Thread(
        "double votes",
        ("share_class", "holder"),
        {
            "double-votes-granted": (),
            f"double-votes-granted{PART}": (),
            f"double-votes-ended{PART}": ("", "double-votes-ended"),
            "double-votes-ended": ("", "double-votes-ended"),
        },
    ),
    Thread("party", ("party",), {"party-ended": ("party-ended",)}),
)
_THREAD_OF = {type: thread for thread in THREADS for type in thread.types}


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
        if (_name(last) if last else "") in _THREAD_OF[step.type].steps[_name(step)]:
            return Contradiction(step, last)
        last = step
    return None


def _order(fact: Fact) -> tuple[str, int, int, int]:
    day, sequence, position = fact.order
    return day, sequence, list(_THREAD_OF[fact.type].steps).index(_name(fact)), position


def _name(fact: Fact) -> str:
    partial = f"{fact.type}{PART}"
    return (
        partial if "shares" in fact.data and partial in _THREAD_OF[fact.type].steps else fact.type
    )
