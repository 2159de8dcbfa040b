"""The fold's three clocks: which events stand at a cut, and what corrections make of them.

This is the only module that compares clocks. A ``Cut`` names the limits of a question; a ``View``
is a history seen through a cut. Everything that answers a question, on the read side and in the
rules, asks a view and gets ``Fact`` objects already cut, corrected and in order.

The rule, for an event at (as-of D, known-by K, recorded-by T, standing floor S):

1. It is recorded by T.
2. Amendments of it that are themselves visible (rules 1, 2, 4 and 5 applied to them) are applied
   in the order in which they became known, then were recorded, each clerical one after those
   recorded before it: a correction replaces the fields it names and keeps the others, a retraction
   takes the event away. A correction of a correction changes what that one proposes; a retraction
   of a retraction revives.
3. It took effect by D: the last of the days on which it can have happened is on or before D.
   Its date gives the days [a, b] (an unknown one sets no bound), and nobody tells what has not
   happened: with P the last days, none before a, of the dates on which it was told, the days are
   [a, min(b, min P)]. It was told on the publication dates of the sources it cites that are not
   retracted, and on a known date that is given; where there is neither, on the day it was recorded.
   What was told before a was only announced, and bounds nothing. Record-keeping events without an
   effective date stand at every date.
4. It is known by K: the last day of its known date is on or before K. The known date is the one
   given; else the earliest date on which it was told. A clerical amendment is known whenever what
   it amends is; the registration of a party, class or source that rests on no source, always.
5. Its standing is at or above S.
6. An event whose cited sources are all retracted has fallen, unless it is a registration.
   Corroborating sources count as if cited by the event itself, beside the day of recording where
   it cites none of its own that is dated.
7. It depends on nothing that it still waits for, or that has ended it: ``ledger.time.conditions``
   has the rule.
8. Of the events that reaffirm one another, the first certain one is counted; the others repeat it.

An event that fails rule 3 or 4 with its last day but passes with its first is *possible*. Facts
come in the order (last effective day, sequence within the day, position). A later known-by never
makes a fact less certain, unless a correction does, or what the fact depends on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from ledger.events.envelope import Recorded
from ledger.model.fact import STANDINGS, Cited, Fact, Possible, Remembered, Slice
from ledger.model.posted import FoldKey, Posted, end_of
from ledger.time.across import Across, Kept
from ledger.time.affected import reread
from ledger.time.amended import correct, in_force
from ledger.time.conditions import Conditions, depends
from ledger.time.cut import FLOORS, Cut, weight
from ledger.time.dating import Published, begins_after, dates_of
from ledger.time.doubts import is_absent, knowledge_doubt, not_sure, perhaps_amended
from ledger.time.history import REGISTRATIONS, History, amending, amendments_of, subjects_of
from ledger.time.identities import IDENTIFYING, Identities, Merged
from ledger.time.publication import publication
from ledger.time.reaffirmed import handovers, reporting
from ledger.values.dates import FOREVER, Days
from ledger.values.refusals import Unhandled

__all__ = ["Cut", "View"]

_UNREAD = Identities()  # while what identifies is read, nothing is identified
MOST_REMEMBERED = 30_000  # facts kept by a view; those left out are worked out again


class View:
    """A history that ends at the cut's recorded-by, seen through it; ``whole`` has no limits."""

    asks_all_rules: ClassVar[bool] = True  # those too that release 0.1.0 did not have

    def __init__(self, history: History, cut: Cut = Cut()) -> None:  # noqa: B008 (immutable)
        self.history, self.cut = history, cut
        self.taken: Mapping[str, FoldKey | None] = {}
        self.amended_by: frozenset[str] = frozenset()
        self._floor = FLOORS[cut.standing]
        self._facts = Remembered(MOST_REMEMBERED)
        self._published: dict[str, Published] = {}
        self._perhaps_amended: dict[int, bool] = {}
        self.may_be_known: dict[int, bool] = {}  # by position, as ledger.time.visibility finds it
        self._across = Kept()
        self._identities: Identities | None = None
        self._within: set[int] = set()  # positions of events whose conditions are being looked at
        self._whole = None if cut._replace(recorded_by=None) == Cut() else View(history)

    @property
    def whole(self) -> View:
        """The history without limits."""
        return self if self._whole is None else self._whole

    @property
    def across(self) -> Across:
        """What its distributions and exchanges do."""
        return Across(self, self._across)

    def about(self, *subjects: str, types: Collection[str] | None = None) -> Slice:
        """The facts indexed under any of the subjects, of the types given (all, if None)."""
        found, uncertain = dict[int, Recorded](), dict[int, Possible]()
        for subject in self.identities.widened(subjects, types):
            for recorded in self.history.mentioning(subject, types):
                fact = self.fact(recorded)
                if fact is not None and self._still_about(fact, subject):
                    found[recorded.position] = recorded
                uncertain |= self._uncertain(recorded, subject)
        more = [uncertain[position] for position in uncertain.keys() - found.keys()]
        facts = (self.fact(found[position]) for position in sorted(found))
        return self._cut(filter(None, facts), more) if found or more else Slice()

    def each(
        self, *subjects: str, looked_at: Callable[[Recorded], None] = lambda _: None
    ) -> Iterator[tuple[Fact | FoldKey, str]]:
        """The facts indexed under any of the subjects, in no order and not remembered; of posted
        movements their places; those that wait or have ended by their own dates; with each why it
        is only possible. ``looked_at`` is told of all."""
        seen, subjects = set[int](), self.identities.widened(subjects)
        for subject in subjects:
            for recorded in self.history.each(subject):
                if recorded.position in seen:
                    continue
                looked_at(recorded)
                fact = self._unremembered(recorded)
                for position, possible in self._uncertain(recorded, subject).items():
                    if position not in seen:
                        seen.add(position)
                        yield possible
                if fact is not None and self._still_about(fact, subject):
                    seen.add(recorded.position)
                    if is_absent(fact, self.cut):
                        yield fact.as_agreed(), ""
                    elif (why := self._doubt(fact)) is not None:
                        yield fact, why
        limits, upto = self.cut.limits, end_of(self.cut.as_of)
        for subject in subjects:
            for place in self.history.places(subject, limits, upto):
                if place[2] not in seen:
                    seen.add(place[2])
                    yield place, ""

    def unposted(self, subject: str, types: Collection[str]) -> Slice:
        """The facts about an issuer or a party without the movements that are posted."""
        found = {
            event.position: event
            for one in self.identities.widened((subject,))
            for event in self.history.unposted(one, types)
        }
        events = [found[at] for at in sorted(found) if self._may_have_begun(found[at])]
        uncertain = {at: p for event in events for at, p in self._uncertain(event, subject).items()}
        facts = (f for e in events if (f := self.fact(e)) and self._still_about(f, subject))
        return self._cut(facts, uncertain.values())

    def posted(self, issuer: str) -> Posted:
        """The movements of an issuer that are known by their sums, whatever the as-of date."""
        posted = self.history.posted(issuer, self.cut.limits)
        return Merged(posted, issuer, self.identities) if self.identities else posted

    @property
    def identities(self) -> Identities:
        """Which ids are one party's at the cut."""
        if self._identities is None:
            self._identities = _UNREAD
            if self.history.knows(f"type:{IDENTIFYING}"):
                self._identities = Identities(self.every((IDENTIFYING,)).certain)
                self._facts = Remembered(MOST_REMEMBERED)
        return self._identities

    def registers_of(self, party: str) -> list[str]:
        """The issuers in whose registers posted movements touch a party's account."""
        found, upto = [], end_of(self.cut.as_of)
        own = self.identities.of(party) == party  # else what it has stands in another's name
        ids = self.identities.all_of(party) if own else ()
        for issuer in sorted({one for id in ids for one in self.history.registers_of(id)}):
            posted = self.posted(issuer)
            if any(posted.has_posting(c, party, None, upto) for c in posted.classes):
                found.append(issuer)
        return found

    def on(self, as_of: str) -> View:
        """The same view as of another day, under the ids that are one party's on this one; what it
        has worked out is shared, for no fact's own content depends on the day otherwise."""
        other = View(self.history, self.cut._replace(as_of=as_of))
        other.share(self)
        return other

    def handovers(self, facts: Iterable[Fact]) -> list[str]:
        """The days up to which any of the facts of the view was counted in place of another."""
        return handovers(facts, self.history, self.fact)

    def share(self, other: View) -> None:
        """Share what another view of the same cut, the day apart, has worked out."""
        self.amended_by, self._identities = other.amended_by, other.identities
        self._facts, self._published, self._whole = other._facts, other._published, other.whole

    def follow(self, earlier: View, new: Iterable[Recorded]) -> None:
        """Take over what a view of an earlier history has worked out, but for what the new events
        that amend others or tell of sources bear on."""
        new = list(new)
        known = self.history.knows(f"type:{IDENTIFYING}")
        otherwise = None if known else reread(new, earlier.history, self.history)
        if otherwise is not None:
            self._facts = earlier._facts.without(otherwise)
            self._published = dict(earlier._published)
        if self.whole is not self:
            self.whole.follow(earlier.whole, new)

    def every(self, types: Collection[str]) -> Slice:
        """All facts of the types given, whatever they are about."""
        return self.about(*(f"type:{name}" for name in types))

    def _may_have_begun(self, recorded: Recorded) -> bool:
        """Whether an event may have taken effect by the as-of day, or is worked out already."""
        if recorded.position in self._facts or self.history.is_amended(recorded.key):
            return True
        return not begins_after(recorded.data, self.cut.as_of)

    def fact(self, recorded: Recorded) -> Fact | None:
        """An event after its corrections; None when it is retracted, fallen or below the floor."""
        if recorded.position not in self._facts:
            found: dict[int, Fact | None] = {}
            for event in amending(recorded, self.history, self._facts):
                found[event.position] = self._resolve(event, found)
            self._facts.keep(found)
        return self._facts[recorded.position]

    def _unremembered(self, recorded: Recorded) -> Fact | None:
        """The same, of an event that is asked for once; what others amend is remembered, for its
        amendments amend one another."""
        if recorded.position in self._facts or self.history.is_amended(recorded.key):
            return self.fact(recorded)
        return self._resolve(recorded, {})

    def taking(self, events: Mapping[str, FoldKey | None]) -> View:
        """The same view with some of its facts, by their keys, taken as certain and each, where a
        place is given, at that place in the fold; of one place in the order given."""
        other = self._beside()
        other.taken = events
        return other

    def knowing(self, amendments: Iterable[str]) -> View:
        """The same view with some amendments, by their keys, taken as known."""
        other = self._beside()
        other.amended_by = self.amended_by.union(amendments)
        other._facts = Remembered(MOST_REMEMBERED)
        other.may_be_known = {}
        other._identities = _UNREAD if self._identities is _UNREAD else None
        return other

    def _beside(self) -> View:
        other = copy(self)
        other._whole, other._across = self.whole, Kept()
        return other

    def weight(self, fact: Fact) -> tuple[int | str, ...]:
        """What the policy looks at first; the larger, the more preferred."""
        return weight(self.cut.policy, fact)

    def preference(self, fact: Fact) -> tuple[int | str, ...]:
        """Which of several sources is preferred by the policy: the one with the largest value."""
        return *self.weight(fact), fact.known.last, fact.recorded.position

    def _resolve(self, recorded: Recorded, amendments: Mapping[int, Fact | None]) -> Fact | None:
        """A fact, given those of its amendments that are not remembered."""
        data = dict(recorded.data)
        applied: list[str] = []
        cited_more: list[Any] = []  # with corroborations, which may be very many
        for amendment in self._amendments(recorded, amendments):
            applied.append(amendment.key)
            match amendment.type:
                case "event-retracted":
                    return None
                case "event-corroborated":
                    if data.get("citations") is not cited_more:
                        data["citations"] = cited_more = [*data.get("citations", ())]
                    cited_more.extend(amendment.many("citations"))
                case "event-corrected":
                    correct(recorded, data, amendment)
                case _:
                    raise Unhandled(amendment.type, "an event after its amendments")
        if STANDINGS.index(data["standing"]) > self._floor and not recorded.supposed:
            return None
        cited = [Cited(c["source"], c.get("locator")) for c in data.get("citations", ())]
        standing = tuple(c for c in cited if self.publication(c.source) is not False)
        if cited and not standing and recorded.type not in REGISTRATIONS:
            return None
        if self.identities:
            data = self.identities.read(recorded.type, data)
        effective, known = self._dates(recorded, data, standing)
        return self._bound(Fact(recorded, data, effective, known, standing, tuple(applied)))

    def _bound(self, fact: Fact) -> Fact:
        """A fact with what it depends on beside its own date."""
        if not depends(fact, self.history):
            return fact
        read = self.history, self.fact, partial(knowledge_doubt, cut=self.cut)
        return Conditions(*read, self._within).bound(fact)

    def amendments(self, recorded: Recorded) -> list[Fact]:
        """The amendments of an event that the view knows, in the order in which they apply."""
        return self._amendments(recorded, {})

    def _amendments(self, recorded: Recorded, found: Mapping[int, Fact | None]) -> list[Fact]:
        visible = []
        for other in amendments_of(recorded, self.history):
            fact = found[other.position] if other.position in found else self.fact(other)
            known = fact and fact.known.last <= self.cut.known_by
            if fact is not None and (known or fact.key in self.amended_by):
                visible.append(fact)
        return in_force(visible)

    def _uncertain(self, recorded: Recorded, subject: str) -> dict[int, Possible]:
        """The amendments of an event that may be known, by their positions, if they change what it
        tells of a subject at the cut."""
        if self.cut.known_by == FOREVER or not self._may_be_amended(recorded):
            return {}
        found = {}
        for event in amending(recorded, self.history, ()):
            fact = self.fact(event) if event is not recorded else None
            doubt = knowledge_doubt(fact, self.cut) if fact else None
            if fact and doubt and fact.key not in self.amended_by:
                found[event.position] = Possible(fact, doubt)
        known = self.knowing(possible.fact.key for possible in found.values())
        then, now = self.fact(recorded), known.fact(recorded)
        reported = [f for f in (then, now) if f and self._doubt(f) is not None]
        speaks = any(self._still_about(fact, subject) for fact in reported)
        return found if speaks and then != now else {}

    def _may_be_amended(self, recorded: Recorded) -> bool:
        known = self._perhaps_amended
        return perhaps_amended(recorded, self.history, self.fact, self.cut, known)

    def _dates(
        self, recorded: Recorded, data: Mapping[str, Any], cited: Sequence[Cited]
    ) -> tuple[Days | None, Days]:
        """When an event took effect and became known; ``cited`` are its sources that stand."""
        return dates_of(recorded, data, [c.source for c in cited], self.publication)

    def publication(self, source: str) -> Published:
        """When a source was published: None where unknown, False where it is retracted.

        What is recorded about a source counts from when it is recorded, whatever the other clocks.
        """
        opened = self.whole
        known, forget = opened._published, opened._facts.forget
        return publication(source, known, self.history, opened.fact, forget)

    def _cut(self, facts: Iterable[Fact], uncertain: Iterable[Possible] = ()) -> Slice:
        found = Slice(possible=list(uncertain))
        ranks = {key: rank for rank, key in enumerate(self.taken)}
        for fact in facts:
            if is_absent(fact, self.cut):
                found.absent.append(fact)
            elif self._counts(fact):
                again = "reaffirms" in fact.data and self._first_report(fact) != fact.key
                place = self.taken.get(fact.key)
                found.certain.append(
                    replace(fact, repeats=again, place=place) if again or place else fact
                )
            elif (why := self._doubt(fact)) is not None:
                found.possible.append(Possible(fact, why))
        found.certain.sort(key=lambda fact: (fact.order, ranks.get(fact.key, -1)))
        found.possible.sort(key=lambda possible: possible.fact.order)
        found.absent.sort(key=lambda fact: fact.order)
        return found

    def _first_report(self, fact: Fact) -> str:
        """The key of the first certain event among those that tell the same as a fact."""
        reported = map(self.fact, reporting(fact.recorded, self.history, self.fact))
        return next((one.key for one in reported if one and self._counts(one)), fact.key)

    def _counts(self, fact: Fact) -> bool:
        """Whether a fact is certain at the cut, or taken as certain."""
        why = self._doubt(fact)
        return why == "" or (why is not None and fact.key in self.taken)

    def _doubt(self, fact: Fact) -> str | None:
        """Why a fact is not certain at the cut: empty if it is, None if it is out."""
        if fact.known.first > self.cut.known_by or is_absent(fact, self.cut):
            return None
        reasons = []
        if fact.effective is not None and fact.effective.first > self.cut.as_of:
            return None
        if fact.depending is not None:
            reasons += [fact.depending.perhaps, fact.depending.away_on(self.cut.as_of)[1]]
        if not self.has_happened(fact):
            reasons.append(not_sure(fact))
        return " and ".join(filter(None, (*reasons, knowledge_doubt(fact, self.cut))))

    def has_happened(self, fact: Fact) -> bool:
        """Whether a fact certainly took effect by the as-of day."""
        days = fact.effective
        return days is None or (days.last <= self.cut.as_of and not fact.endless)

    def _still_about(self, fact: Fact, subject: str) -> bool:
        """Whether an event indexed under a subject speaks of it at this cut, for an amendment that
        does not count here may have indexed it there."""
        if subject == f"key:{fact.key}" or not self.history.is_amended(fact.key):
            return True
        about = subjects_of(fact.type, fact.data)
        return not about.isdisjoint(self.identities.widened((subject,)))
