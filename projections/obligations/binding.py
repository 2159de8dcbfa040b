"""Which clauses bind on a day: those of agreements that apply, and those that survive their end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from ledger.model.fact import Fact
from ledger.time.view import View
from ledger.values.dates import FOREVER
from projections.subjects.clauses import clauses_at
from projections.subjects.governance import AGREEMENT_STEPS, is_over, parties_of, undisputed


class Bound(NamedTuple):
    """A clause that binds on a day: its terms, what they are from, and the agreement it is of.

    ``since`` is the event from which the agreement applies: where none says that it is in force,
    its signature. ``dormant`` ones have not started.
    """

    agreement: str
    terms: dict[str, Any]
    facts: tuple[Fact, ...]
    since: Fact
    parties: Sequence[str]
    dormant: bool = False
    binds: str | None = None
    of_class: str | None = None

    def text(self, name: str) -> str | None:
        """A term that is one word; None where it is not told."""
        value = self.terms.get(name)
        return value if value is None or isinstance(value, str) else str(value)

    def many(self, name: str) -> tuple[Any, ...]:
        """A term that is a list."""
        return tuple(self.terms.get(name) or ())

    @property
    def id(self) -> str:
        return str(self.terms["clause"])

    @property
    def kind(self) -> str:
        return str(self.terms["kind"])

    @property
    def by_signature(self) -> bool:
        """Whether no event says that the agreement is in force."""
        return self.since.type == "agreement-signed"

    @property
    def issuer(self) -> str | None:
        """Whose shares it is about: the issuer named, or that of its class."""
        named = self.text("issuer") or (self.text("share_class") or "").partition("/")[0]
        return named or None

    @property
    def bound(self) -> tuple[str, ...]:
        """Who is bound by it, where that is told."""
        party = self.text("party")
        return (party,) if party else self.many("parties")

    def binds_party(self, party: str, share_class: str | None = None) -> bool:
        """Whether it binds a party, as the holder of shares of a class."""
        if self.bound:
            return party in self.bound
        if self.binds in (None, "signatories"):
            return party in self.parties
        return self.binds == "members" or share_class == self.of_class

    @property
    def others(self) -> tuple[str, ...]:
        """The other side: those named, else the parties of the agreement that are not bound."""
        named = self.many("counterparties")
        consenting = self.text("consent_of")
        if named or consenting:
            return named or (str(consenting),)
        return tuple(one for one in self.parties if one not in (*self.bound, self.issuer))


def bound_on(view: View, agreement: str) -> list[Bound]:
    """The clauses of an agreement that bind on the view's day, those that have not started too."""
    steps = undisputed(view, agreement)
    since = _applies_from(view, agreement, steps)
    if since is None:
        return []
    over, parties = is_over(view, steps), parties_of(steps)
    binds, of_class = (_last(steps, name) for name in ("binds", "of_class"))
    return [
        Bound(
            *(agreement, one.data, (one.fact, *one.widened_by), since, parties),
            *(one.dormant, binds, of_class),
        )
        for one in clauses_at(view, steps)
        if not over or one.data.get("survives") == "yes"
    ]


def _applies_from(view: View, agreement: str, steps: Iterable[Fact]) -> Fact | None:
    """The event from which an agreement applies: its entry into force, on whatever day; without
    one its signature."""
    for name in ("agreement-in-force", "agreement-signed"):
        found = [step for step in steps if step.type == name]
        if found:
            return found[-1]
        if any(step.type == name for step in undisputed(view.on(FOREVER), agreement)):
            return None  # it is known to come later
    return None


def _last(steps: Iterable[Fact], name: str) -> str | None:
    """A field of an agreement as it was told last."""
    told = [text for step in steps if (text := step.text(name)) is not None]
    return told[-1] if told else None


def agreements_about(view: View, subjects: Iterable[str]) -> Iterator[str]:
    """The agreements of which any event speaks of one of some subjects, each once."""
    seen = set[str]()
    for subject in subjects:
        for one in view.identities.widened((subject,), AGREEMENT_STEPS):
            for event in view.history.mentioning(one, AGREEMENT_STEPS):
                if (agreement := str(event.data["agreement"])) not in seen:
                    seen.add(agreement)
                    yield agreement
