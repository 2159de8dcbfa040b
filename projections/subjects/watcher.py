"""What is folded along with a register, seeing the balances as they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ledger.model.fact import Fact
from ledger.model.posted import FoldKey
from ledger.model.register import Register
from ledger.time.view import View
from ledger.values.refusals import Unhandled


class Watcher:
    """Something folded along with a register."""

    types: tuple[str, ...]

    def see(self, fact: Fact, register: Register) -> None:
        """Take a fact of its types, or a movement just applied, into account."""
        raise Unhandled(fact.type, "what is folded along with a register")

    def watched(self, view: View, issuer: str) -> Sequence[Fact]:
        """The movements that it needs to see one by one, also where their sums are known."""
        return ()


def unseen(watched: Iterable[Fact], replayed: Iterable[Fact]) -> Mapping[int, Fact]:
    """Watched facts that are not among those replayed, by their positions."""
    seen = {fact.recorded.position for fact in replayed}
    positions = {fact.recorded.position: fact for fact in watched}
    return {position: fact for position, fact in positions.items() if position not in seen}


def merged(
    replayed: Sequence[Fact], watched: Mapping[int, Fact], before: FoldKey | None = None
) -> Sequence[Fact]:
    """Facts to replay and facts to watch, in the order of the fold, up to a place."""
    found = [fact for fact in watched.values() if before is None or fact.order < before]
    return sorted([*replayed, *found], key=lambda fact: fact.order) if found else replayed
