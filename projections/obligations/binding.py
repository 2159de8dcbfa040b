"""Which clauses bind on a day: those of agreements that apply, and those that survive their end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from ledger.model.fact import Fact
from ledger.model.movements import SPLITTING
from ledger.time.class_terms import class_terms
from ledger.time.view import View
from ledger.values.dates import FOREVER
from ledger.values.quantities import Amount, parse_price
from projections.subjects.clauses import clauses_at
from projections.subjects.governance import AGREEMENT_STEPS, is_over, parties_of, undisputed

OPTIONS = ("put", "call")
A_SHARE = ("shares", "price")  # the terms that go with splits


class Bound(NamedTuple):
    """A clause that binds on a day: its terms, what they are from, and the agreement it is of.

    ``since`` is the event from which the agreement applies: where none says that it is in force,
    its signature. ``dormant`` ones have not started; ``ended`` ones are told of options alone, as
    one may be exercised too late. Of ``splits`` it is told by what they have multiplied its shares
    since it was agreed; None where that differs by class, and it names none.
    """

    agreement: str
    terms: dict[str, Any]
    facts: tuple[Fact, ...]
    since: Fact
    parties: Sequence[str]
    dormant: bool = False
    binds: str | None = None
    of_class: str | None = None
    ended: bool = False
    splits: Fraction | None = Fraction(1)

    def text(self, name: str) -> str | None:
        """A term that is one word; None where it is not told."""
        value = self.terms.get(name)
        return value if value is None or isinstance(value, str) else str(value)

    def many(self, name: str) -> tuple[Any, ...]:
        """A term that is a list."""
        return tuple(self.terms.get(name) or ())

    @property
    def shares(self) -> Fraction | None:
        """The number of shares that it names, after the splits since."""
        named = self.text("shares")
        return None if named is None or self.splits is None else Fraction(named) * self.splits

    @property
    def price(self) -> Amount | None:
        """The price of a share that it names, after the splits since."""
        named = self.text("price")
        return (
            Amount.of(parse_price(named)).times(1 / self.splits) if named and self.splits else None
        )

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
        return issuer_about(self.terms)

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


def issuer_about(terms: Mapping[str, Any]) -> str | None:
    """Whose shares the terms of a clause are about: the issuer named, or that of the class."""
    named = terms.get("issuer") or (terms.get("share_class") or "").partition("/")[0]
    return named or None


def bound_on(view: View, agreement: str) -> list[Bound]:
    """The clauses of an agreement that bind on the view's day, those that have not started too,
    and the options that have ended."""
    steps = undisputed(view, agreement)
    since = _applies_from(view, agreement, steps)
    if since is None:
        return []
    over, parties = is_over(view, steps), parties_of(steps)
    binds, of_class = (_last(steps, name) for name in ("binds", "of_class"))
    found = []
    for one in clauses_at(view, steps):
        ended = one.ended or (over and one.data.get("survives") != "yes")
        if ended and one.data["kind"] not in OPTIONS:
            continue
        bound = Bound(
            *(agreement, one.data, (one.fact, *one.widened_by), since, parties),
            *(one.dormant, binds, of_class, ended),
        )
        told = any(bound.text(name) for name in A_SHARE)
        found.append(bound._replace(splits=_splits(view, bound)) if told else bound)
    return found


def _splits(view: View, clause: Bound) -> Fraction | None:
    """By what splits have multiplied the shares that a clause is about since it was agreed."""
    if (issuer := clause.issuer) is None:
        return Fraction(1)
    named = clause.text("share_class")
    classes = [named] if named else list(class_terms(view, issuer).created)
    found = {split_since(view, one, clause.facts[0]) for one in classes} or {Fraction(1)}
    return found.pop() if len(found) == 1 else None


def split_since(view: View, share_class: str, since: Fact) -> Fraction:
    """By what splits have multiplied the shares of a class since an event."""
    factor = Fraction(1)
    for fact in view.about(f"class:{share_class}", types=SPLITTING).counted:
        if fact.order > since.order:
            factor *= fact.ratio()
    return factor


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
                about = {f"agreement:{event.data['agreement']}", *view.history.moved(event)}
                for named in sorted(about):
                    if named.startswith("agreement:") and named not in seen:
                        seen.add(named)
                        yield named.removeprefix("agreement:")
