"""What of a ledger a reader of tables is told: who is known, and what was recorded before."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from cli.context import OpenedLedger
from ledger.formats.reading import READERS
from ledger.formats.repeated import Earlier, base_of
from ledger.model.movements import MOVEMENTS
from ledger.time.history import AMENDMENTS, History
from ledger.time.view import View


class LedgerKnown:
    """What a reader is told of a ledger: parties, classes, and what a namespace has recorded."""

    def __init__(self, opened: OpenedLedger, format: str) -> None:
        self._opened, self._format = opened, format
        self.prefix = ""
        self._namespace = ""

    def under(self, namespace: str) -> None:
        """Look at what was recorded under a namespace, by this format or another one."""
        self._namespace = namespace
        formats = [self._format, *(r.name for r in READERS if r.name != self._format)]
        keys = [f for f in formats if namespace and self.history.subjects(f"key:{f}/{namespace}/")]
        self.prefix = keys[0] if keys else self._format

    @cached_property
    def history(self) -> History:
        """All that is recorded."""
        return self._opened.index

    @cached_property
    def _view(self) -> View:
        return View(self.history)

    @cached_property
    def earlier(self) -> dict[str, Earlier]:
        """The events recorded in the namespace by their first keys, as they stand now."""
        found: dict[str, Earlier] = {}
        if not self._namespace:
            return found
        for subject in self.history.subjects(f"key:{self.prefix}/{self._namespace}/"):
            (event,) = self.history.mentioning(subject)
            if event.type in AMENDMENTS:
                continue
            fact = self._view.fact(event)
            data = event.data if fact is None else fact.data
            base = base_of(event.key)
            if base not in found or found[base].retracted:  # the last, where each was retracted
                one = Earlier(event.key, event.position, event.type, data, fact is None)
                found[base] = one
        return found

    def has(self, subject: str) -> bool:
        registered = self.history.mentioning(f"new-{subject}")
        return any(self._view.fact(event) is not None for event in registered)

    @cached_property
    def _named(self) -> dict[str, list[str]]:
        from ledger.values.names import folded
        from projections.names import all_names

        found: dict[str, list[str]] = {}
        for _, party, name in all_names(self.history, ("party",)):
            parties = found.setdefault(folded(name), [])
            if party not in parties:
                parties.append(party)
        return found

    def named(self, name: str) -> Sequence[str]:
        from ledger.values.names import folded

        return self._named.get(folded(name), ())

    def named_class(self, issuer: str, name: str) -> Sequence[str]:
        from ledger.values.names import folded
        from projections.names import Names

        names, ids = Names(self._view), self.classes(issuer)
        return [id for id in ids if folded(names.name("class", id)) == folded(name)]

    def classes(self, issuer: str) -> list[str]:
        """The share classes of an issuer."""
        subjects = self.history.subjects(f"new-class:{issuer}/")
        return [subject.removeprefix("new-class:") for subject in subjects]

    def name(self, party: str) -> str:
        from projections.names import Names

        return Names(self._view).name("party", party)

    def own(self, key: str) -> str:
        found = self.earlier.get(f"{self.prefix}/{self._namespace}/{key}")
        return str(found.data["party"]) if found and not found.retracted else ""

    def is_opened(self, share_class: str, on: str) -> bool:
        """Whether the register of a class has movements, its own opening on a day apart."""
        begins = f"{self.prefix}/{self._namespace}/"
        for event in self.history.mentioning(f"class:{share_class}", MOVEMENTS):
            fact = self._view.fact(event)
            own = event.key.startswith(begins) and event.type == "register-opened"
            if fact is not None and not (own and fact.data["effective_on"] == on):
                return True
        return False
