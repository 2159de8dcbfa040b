"""Why a fact does not count at a cut, or perhaps not."""

from __future__ import annotations

from collections.abc import Callable

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.time.cut import Cut
from ledger.time.history import History, amending, amendments_of
from ledger.values.dates import BEGINNING, after


def is_absent(fact: Fact, cut: Cut) -> bool:
    """Whether a fact that is known and agreed by the as-of day does not count, for it waits for
    what it depends on, or that has ended it."""
    depending = fact.depending
    if depending is None or fact.known.first > cut.known_by:
        return False
    if depending.agreed is not None and depending.agreed.first > cut.as_of:
        return False
    later = fact.effective is not None and fact.effective.first > cut.as_of
    return later or bool(depending.waits) or depending.away_on(cut.as_of)[0] is not None


def knowledge_doubt(fact: Fact, cut: Cut) -> str | None:
    """Why a fact is perhaps not known at a cut: empty where it surely is, None where it is not."""
    first, last = fact.known
    if first > cut.known_by:
        return None
    if last <= cut.known_by:
        return ""
    return f"it became known {'by' if first == BEGINNING else f'between {first} and'} {last}"


def perhaps_amended(
    recorded: Recorded,
    history: History,
    fact_of: Callable[[Recorded], Fact | None],
    cut: Cut,
    found: dict[int, bool],
) -> bool:
    """Whether any amendment of an event, or of its amendments, is only perhaps known; what is
    ``found`` of each is added to, by its position."""
    if not history.is_amended(recorded.key):
        return False
    for event in amending(recorded, history, found):
        found[event.position] = any(
            found[other.position] or ((fact := fact_of(other)) and knowledge_doubt(fact, cut))
            for other in amendments_of(event, history)
        )
    return found[recorded.position]


def beyond(fact: Fact, cut: Cut) -> tuple[bool, str]:
    """Whether a fact is later than the as-of date, and in words which limits it is beyond."""
    reasons = []
    if fact.effective is not None and fact.effective.first > cut.as_of:
        reasons.append(f"it takes effect {fact.on}, after {cut.as_of}")
    later = bool(reasons)
    if fact.known.first > cut.known_by:
        reasons.append(f"it became known on {fact.known.first}, after {cut.known_by}")
    return later, " and ".join(reasons)


def absence(fact: Fact, cut: Cut) -> tuple[str, str]:
    """Why a fact is absent at a cut: in a word or two, and the whole of it."""
    depending = fact.depending
    away = depending.away_on(cut.as_of)[0] if depending else None
    if away is not None:
        return away.reason, away.why
    if depending is not None and depending.waits:
        return "waiting", f"it waits for {' and '.join(depending.waits)}"
    return "waiting", f"what it waits for comes about {fact.on}, after {cut.as_of}"


def not_sure(fact: Fact) -> str:
    """Why it is not sure that a fact has taken effect."""
    if "tense" in fact.data:
        when = ", its date unknown" if fact.undated else f" {after('in', fact.when)}"
        return f"it was to come{when}"
    if fact.undated:
        return "the date is unknown"
    return f"it took effect some day {after('of', fact.when)}"
