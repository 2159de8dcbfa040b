"""The part of a history that is the same for all that keep no sums and no indexes of words."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from ledger.events.envelope import Recorded
from ledger.model.named import Named, sorted_names
from ledger.model.posted import NOTHING, FoldKey, Hidden, Limits, Posted, Registers
from ledger.time.history import Span, Types, Unplaced, all_unplaced
from ledger.time.names import all_named
from ledger.values.dates import FOREVER


class WithoutSums(ABC):
    """The part of a history that keeps no sums: every movement is among the events it gives."""

    position: int

    @abstractmethod
    def is_amended(self, key: str) -> bool:
        """Whether any event amends, or calls off, the event with a key."""

    @abstractmethod
    def root(self, key: str) -> Recorded | None:
        """The event at the end of the chain that the amendment with a key is part of."""

    @abstractmethod
    def moved(self, event: Recorded) -> Sequence[str]:
        """The subjects, besides its own, that corrections of an event make it speak of, sorted."""

    @abstractmethod
    def knows(self, subject: str) -> bool:
        """Whether any event is indexed under a subject."""

    @abstractmethod
    def mentioning(self, subject: str, types: Collection[str] | None = None) -> Sequence[Recorded]:
        """The events indexed under a subject, of the types given (all, if None), in log order."""

    def told_of(self, subjects: Sequence[str], types: Collection[str]) -> Collection[str]:
        return subjects

    def at_each(self, positions: Sequence[int]) -> Iterator[Recorded]:
        return (one for at in positions for one in self.mentioning(f"position:{at}"))

    def gather(self, subjects: Iterable[str], types: Collection[str]) -> None:  # noqa: B027
        """Nothing is looked up before it is asked for."""

    def each(self, subject: str, types: Collection[str] | None = None) -> Iterator[Recorded]:
        return iter(self.mentioning(subject, types))

    def has_over(self, most: int, subject: str) -> bool:
        return len(self.mentioning(subject)) > most

    def places(self, subject: str, limits: Limits, upto: FoldKey) -> Iterator[FoldKey]:
        return iter(())

    def placed(self, span: Span, limits: Limits, types: Types = None) -> Iterator[FoldKey]:
        return iter(())

    def unplaced(self, first: str = "", last: str = FOREVER) -> Sequence[Unplaced]:
        return all_unplaced(self)

    def posted(self, issuer: str, limits: Limits, without: Collection[Recorded] = ()) -> Posted:
        return NOTHING

    def unposted(self, subject: str, types: Collection[str]) -> Sequence[Recorded]:
        return self.mentioning(subject, types)

    def perhaps_later(
        self, subjects: Sequence[str], types: Collection[str], day: str
    ) -> Iterator[Recorded]:
        return (event for subject in subjects for event in self.unposted(subject, types))

    def hidden(
        self,
        subjects: Sequence[str],
        types: Collection[str] | None,
        limits: Limits,
        as_of: str,
        without: Collection[Recorded] = (),
    ) -> Hidden:
        return Hidden()

    @abstractmethod
    def subjects(self, prefix: str) -> Sequence[str]:
        """Every subject in use that starts with the prefix, sorted."""

    def having(self, words: Collection[str]) -> Iterator[Recorded]:
        for subject in self.subjects("type:"):
            yield from self.mentioning(subject)

    def named(self, text: str = "", after: tuple[str, str] = ("", "")) -> Iterator[Named]:
        return sorted_names(all_named(self), text, after)

    def registers_of(self, party: str) -> Sequence[str]:
        return ()

    def plain_registers(
        self, limits: Limits, upto: FoldKey
    ) -> Iterator[tuple[str, Mapping[str, int]]]:
        return iter(())

    def registers(self, limits: Limits, as_of: str) -> Registers | None:
        return None

    def written(self, type_name: str, *texts: str) -> Iterator[Recorded]:
        return self.each(f"type:{type_name}")

    def trusts_of(self, issuer: str) -> Collection[str]:
        return ()
