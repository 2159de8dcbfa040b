"""Events read one by one, as a view has them, for whoever does not read all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Self

from ledger.events.envelope import Recorded
from ledger.model.fact import Possible
from ledger.model.posted import FoldKey
from ledger.time.doubts import is_absent
from ledger.time.view import View


class Perhaps(NamedTuple):
    """An amendment that may be known, and the places of what it amends, with it and without."""

    amendment: Possible
    places: Sequence[FoldKey]


class Reader(View):
    """A view that is asked for single events; none is remembered but those that others amend."""

    @classmethod
    def of(cls, view: View) -> Self:
        """A reader of what a view has, which shares what that has worked out."""
        other = cls(view.history, view.cut)
        other.share(view)
        return other

    def read(self, recorded: Recorded) -> Possible | None:
        """An event, with why it is only possible, empty where it is certain; None where it does
        not count. What waits or has ended stands by its own date."""
        fact = self._unremembered(recorded)
        if fact is None:
            return None
        if is_absent(fact, self.cut):
            return Possible(fact.as_agreed(), "")
        why = self._doubt(fact)
        return None if why is None else Possible(fact, why)

    def perhaps(self, recorded: Recorded) -> Iterable[Perhaps]:
        """The amendments of an event that may be known, if they change what it tells."""
        found = self._uncertain(recorded, f"type:{recorded.type}").values()
        if not found:
            return ()
        known = self.knowing(possible.fact.key for possible in found)
        read = (self.fact(recorded), known.fact(recorded))
        places = [fact.order for fact in read if fact and self._doubt(fact) is not None]
        return [Perhaps(possible, places) for possible in found]
