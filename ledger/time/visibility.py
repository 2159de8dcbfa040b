"""Whether a question may speak of an event at all, be it counted or left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.time.history import AMENDMENTS, SOURCE_EVENTS, root_of, target_of
from ledger.time.log import Log
from ledger.time.view import View


def is_known(view: View, recorded: Recorded) -> bool:
    """Whether an event may be known by the view's known-by day; an amendment, where all that it
    amends, one through another, may be known as well."""
    chain, found = [recorded], view.may_be_known
    while chain[-1].position not in found and chain[-1].type in AMENDMENTS:
        target = target_of(chain[-1], view.history)
        if target is None:
            break
        chain.append(target)
    known = True
    for one in reversed(chain):
        if one.position not in found:
            found[one.position] = known and _told(view, one)
        known = found[one.position]
    return known


def _told(view: View, recorded: Recorded) -> bool:
    return as_reported(view, recorded).known.first <= view.cut.known_by


def is_visible(view: View, recorded: Recorded) -> bool:
    """Whether a view may tell of an event: it may be known, and has begun or was known by then."""
    day = view.cut.as_of
    return is_known(view, recorded) and all(
        fact.effective is None or fact.effective.first <= day or fact.known.first <= day
        for fact in _with_root(view, recorded)
    )


def _with_root(view: View, recorded: Recorded) -> Iterator[Fact]:
    yield as_reported(view, recorded)
    root = root_of(recorded, view.history) if recorded.type in AMENDMENTS else None
    if root is not None:
        yield as_reported(view, root)


def as_reported(view: View, recorded: Recorded) -> Fact:
    """An event as it stands in a view; where it does not, as it was told before any amendment."""
    fact = view.fact(recorded)
    if fact is not None:
        return fact
    cited = [citation["source"] for citation in recorded.data.get("citations", ())]
    reporting = {recorded.position: recorded}
    for source in [*cited, *filter(None, [recorded.data.get("source")])]:
        for other in view.history.mentioning(f"source:{source}", SOURCE_EVENTS):
            if other.type != "source-retracted":
                reporting[other.position] = other
    alone = View(Log(reporting[position] for position in sorted(reporting))).fact(recorded)
    return alone or _as_recorded(recorded)


def _as_recorded(recorded: Recorded) -> Fact:
    """An event that takes its own sources away, as if it cited none."""
    bare = replace(recorded, data={k: v for k, v in recorded.data.items() if k != "citations"})
    fact = View(Log([bare])).fact(bare)
    if fact is None:
        raise AssertionError(f"{recorded.key} does not stand though nothing speaks of it")
    return fact
