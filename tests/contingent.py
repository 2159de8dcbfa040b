"""What events depend on, by its letter: conditions, deals and agreements, being called off.

Every answer is one of NO, PERHAPS and YES, on a day: perhaps where a day or a known date on which
it rests is in doubt. A fact counts where everything that it needs is so, and nothing ends it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.dates_by_letter import NEVER, days_of

if TYPE_CHECKING:
    from tests.oracle import Oracle, Standing

NO, PERHAPS, YES = range(3)
ENDING_WITH_AGREEMENT = ("board-seat-granted", "voting-cap-agreed", "voting-rights-suspended")
TERMS = ("agreement-signed", "agreement-in-force", "agreement-amended")


class Turn(NamedTuple):
    """Something begins (``on``) or ends on one of these days; ``sure`` is whether that is known."""

    place: tuple[str, int, int]
    days: tuple[str, str]
    on: bool
    sure: int


def state(turns: Iterable[Turn], day: str) -> int:
    """Whether something is on at the end of a day, after its turns in the order of the fold."""
    now = NO
    for turn in sorted(turns):
        if turn.days[0] <= day:
            to = YES if turn.on else NO
            happened = turn.days[1] <= day and turn.sure == YES
            now = to if happened or now == to else PERHAPS
    return now


class Contingencies:
    """What the facts of an oracle depend on."""

    def __init__(self, oracle: Oracle) -> None:
        self._oracle, self._within = oracle, set[str]()

    def counts(self, one: Standing, day: str) -> tuple[int, Standing]:
        """Whether a fact counts at the end of a day if it is known; with the days it begins on."""
        if one.event.key in self._within:
            return NO, one  # it depends on itself
        self._within.add(one.event.key)
        try:
            return self._counts(one, day)
        finally:
            self._within.remove(one.event.key)

    def _counts(self, one: Standing, day: str) -> tuple[int, Standing]:
        met, void, begun = YES, list[tuple[str, str]](), one.effective
        for term in one.data.get("conditional_on", ()):
            setting = self._setting(term["condition"])
            turns = list(self._turns(term, setting))
            if setting is None:
                met = min(met, PERHAPS)
            elif setting.data["effect"] == "subsequent":
                met = min(met, YES - state(turns, day))
                continue
            if setting is not None:
                void += ((k, setting.data[k]) for k in ("deal", "agreement") if k in setting.data)
            if setting is not None or any(turn.on for turn in turns):
                met = min(met, state(turns, day))
            begun = _later(begun, [turn for turn in turns if turn.on])
        if begun is not None:
            one = one._replace(effective=begun)
            if "conditional_on" in one.data:
                met = min([met, *(YES - e for of in void for e in self._ended(of, day, begun[1]))])
            met = min(met, YES if begun[1] <= day else PERHAPS if begun[0] <= day else NO)
        return min([met, *(YES - ended for ended in self._endings(one, day))]), one

    def _endings(self, one: Standing, day: str) -> Iterator[int]:
        """Whether what a fact is given under has ended, or it is called off."""
        survives = one.data.get("survives_agreement") == "yes"
        if one.event.type in ENDING_WITH_AGREEMENT and "agreement" in one.data and not survives:
            yield from self._ended(("agreement", one.data["agreement"]), day, None)
        if one.event.type in ENDING_WITH_AGREEMENT and "until" in one.data:
            first, last = days_of(one.data["until"])
            yield YES if day > last else PERHAPS if day > first else NO
        for withdrawal, sure in self._known("action-withdrawn"):
            if withdrawal.data["event"] == one.event.key:
                yield state([_turn(withdrawal, True, sure)], day)

    def _known(self, *types: str) -> Iterator[tuple[Standing, int]]:
        """The facts of some types that count by their last day, and whether they are known."""
        for event in self._oracle.events:
            one = self._oracle.stands(event) if event.type in types else None
            sure = self._oracle.is_known(one) if one is not None else NO
            if one is not None and sure and one.effective is not None:
                begun = self.counts(one, NEVER)[1]
                counts, _ = self.counts(one, begun.effective[1] if begun.effective else NEVER)
                if counts:
                    yield begun, min(sure, counts)

    def _setting(self, condition: str) -> Standing | None:
        """The newest event that sets a condition, known for sure or not."""
        found = [o for o, _ in self._known("condition-set") if o.data["condition"] == condition]
        return max(found, key=lambda one: one.place, default=None)

    def _turns(self, term: Any, setting: Standing | None) -> Iterator[Turn]:
        condition = term["condition"]
        wanted = ("failed",) if term.get("outcome") == "failed" else ("satisfied", "waived")
        for one, sure in self._known("condition-settled", "proceeding-decided"):
            told = [{"condition": one.data.get("condition"), "outcome": one.data["outcome"]}]
            if one.event.type == "proceeding-decided":
                told = one.data.get("settles", [])
            for settled in told:
                if settled["condition"] == condition and settled["outcome"] != "extended":
                    yield _turn(one, settled["outcome"] in wanted, sure)
        if setting is not None and "met_by" in setting.data and setting.effective:
            kind, *named = setting.data["met_by"].split(" ")
            assert "on" not in named, "say here when an event of that date answers"
            for one, sure in self._known(kind):
                later = one.effective is not None and one.effective[1] >= setting.effective[0]
                if later and set(named) <= set(map(str, one.data.values())):
                    yield _turn(one, "satisfied" in wanted, sure)

    def _ended(self, of: tuple[str, str], day: str, before: str | None) -> Iterator[int]:
        """Whether each end of a deal or an agreement still holds; with ``before``, of those before
        a day, however it may come back; else until what it gave is given back."""
        (kind, id), ends = of, ("agreement-ended", "deal-abandoned")
        steps = [
            (one, sure)
            for one, sure in self._known(*ends, *TERMS, "deal-completed", "negotiation-opened")
            if one.data.get(kind) == id and (one.event.type in TERMS) <= (kind == "agreement")
        ]
        assert all("until" not in one.data for one, _ in steps), "say here when that is over"
        for end, sure in sorted(steps, key=lambda step: step[0].place):
            if end.event.type in ends and (before is None or end.place[0] < before):
                back = (
                    _turn(one, False, known)
                    for one, known in steps
                    if one.place > end.place and _gives_back(one, end, before is None)
                )
                yield state([_turn(end, True, sure), *back], day)


def _gives_back(one: Standing, end: Standing, rights: bool) -> bool:
    if one.data.get("revives") == end.event.key:
        return not rights or one.data.get("restores") == "yes"
    return one.event.type in ("deal-completed", "negotiation-opened")


def _turn(one: Standing, on: bool, sure: int) -> Turn:
    assert one.effective is not None
    return Turn(one.place, one.effective, on, sure)


def _later(own: tuple[str, str] | None, starts: Sequence[Turn]) -> tuple[str, str] | None:
    """The later of a fact's own days and those of the first of some starts."""
    if not starts or own is None:
        return own
    sure = [turn.days[1] for turn in starts if turn.sure == YES] or [s.days[1] for s in starts]
    return max(own[0], min(turn.days[0] for turn in starts)), max(own[1], min(sure))
