"""When a source was published, from what is recorded about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.time.affected import about_source, resting_on
from ledger.time.dating import Published
from ledger.time.history import SOURCE_EVENTS, History, amending, sources_of
from ledger.values.dates import parse_published
from ledger.values.refusals import Unhandled


def publication(
    source: str,
    known: dict[str, Published],
    history: History,
    fact_of: Callable[[Recorded], Fact | None],
    forget: Callable[[int], None],
) -> Published:
    """When a source was published; what is worked out for it is added to what is ``known``.

    Where sources rest on one another, the later ones in the order of their ids are of an unknown
    date to the earlier. The facts about a source are forgotten again: their own known date rests on
    what is found here.
    """
    if source not in known:
        for together in resting_on(source, history, known):
            known |= dict.fromkeys(together)
            for other in together:
                known[other] = _published_on(other, history, fact_of)
                for recorded in about_source(other, history):
                    for event in amending(recorded, history, ()):
                        forget(event.position)
    return known[source]


def gather_sources(events: Iterable[Recorded], history: History) -> None:
    """Look up at once what is told of the sources that some events rest on."""
    cited = dict.fromkeys(source for event in events for source in sources_of(event))
    history.gather((f"source:{source}" for source in cited), SOURCE_EVENTS)


def _published_on(
    source: str, history: History, fact_of: Callable[[Recorded], Fact | None]
) -> Published:
    """The date that the last event about a source gives; False where it is retracted."""
    date: str | None = None
    for recorded in about_source(source, history):
        fact = fact_of(recorded)
        if fact is not None and fact.need("source") == source:
            match fact.type:
                case "source-retracted":
                    return False
                case "source-registered" | "source-corrected":
                    date = fact.text("published_on") or date
                case _:
                    raise Unhandled(fact.type, "the publication of a source")
    return parse_published(date)
