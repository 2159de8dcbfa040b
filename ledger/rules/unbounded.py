"""The dates of release 0.1.0, by which it accepted events that are now counted from an earlier
day, or until another takes their place, and amendments of splits: a log that was sound then is
sound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ledger.events.envelope import Recorded
from ledger.model.fact import Cited, Fact
from ledger.time.dating import effective_days
from ledger.time.view import View
from ledger.values.dates import Days


class UnboundedView(View):
    """A view to which sources tell nothing of dates: a partial one counts from its last day, an
    unknown one never. A right outlives its agreement. What is counted until another takes its place
    is not looked at, nor all of a register of which a split is amended, nor what a correction
    proposes for another one."""

    asks_all_rules = False

    def _dates(
        self, recorded: Recorded, data: Mapping[str, Any], cited: Sequence[Cited]
    ) -> tuple[Days | None, Days]:
        _, known = super()._dates(recorded, data, cited)
        return effective_days(data, ()), known

    def _bound(self, fact: Fact) -> Fact:
        return fact

    def handovers(self, facts: Iterable[Fact]) -> list[str]:
        return []
