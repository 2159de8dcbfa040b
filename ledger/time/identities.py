"""Ids that are one party: every answer speaks of it under one of them.

``parties-identified`` says so of two ids. What is recorded under the one is read as if it were of
the other; what registers the two, and names them, stays apart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from ledger.events.envelope import Recorded
from ledger.events.references import COMMON, REFERENCES
from ledger.model.fact import Fact
from ledger.model.posted import FoldKey, Posted, PostingSummary, Split
from ledger.time.history import AMENDMENTS, SOURCE_EVENTS

IDENTIFYING = "parties-identified"
APART = frozenset([IDENTIFYING, "party-registered", "party-renamed", *AMENDMENTS, *SOURCE_EVENTS])
_KINDS = ("party", "issuer", "subject")
_FOUND = (*_KINDS, "trust")


class Identities:
    """Which ids stand for which others."""

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self._of = {fact.need("same_as"): fact.need("party") for fact in facts}

    def __bool__(self) -> bool:
        return bool(self._of)

    def of(self, id: str) -> str:
        """The id under which answers speak of a party."""
        seen = {id}
        while (other := self._of.get(id)) is not None and other not in seen:
            seen.add(other)
            id = other
        return id

    @property
    def several(self) -> Collection[str]:
        """The ids, of answers, of the parties that have more than one."""
        return self._together.keys()

    @cached_property
    def _together(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for other in self._of:
            found.setdefault(self.of(other), []).append(other)
        return {id: (id, *sorted(others)) for id, others in found.items()}

    def all_of(self, id: str) -> tuple[str, ...]:
        """Every id of the same party, that of answers first."""
        return self._together.get(self.of(id), (id,))

    def subjects(self, subject: str) -> tuple[str, ...]:
        """The subjects under which events about one are found: of a party, those of all its ids."""
        kind, _, id = subject.partition(":")
        if kind not in _FOUND:
            return (subject,)
        return tuple(f"{kind}:{one}" for one in self.all_of(id))

    def subject(self, subject: str) -> str:
        """A subject under the id of answers."""
        return self.subjects(subject)[0]

    def widened(
        self, subjects: Iterable[str], types: Collection[str] | None = None
    ) -> tuple[str, ...]:
        """Subjects of events of some types, and those of the same parties under other ids."""
        if not self or (types is not None and APART.issuperset(types)):
            return tuple(subjects)
        found = (one for subject in subjects for one in self.subjects(subject))
        return tuple(dict.fromkeys(found))

    def read(self, type_name: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of an event, with the ids of answers."""
        found = dict(data)
        if type_name in APART:
            return found
        for field, part, kind, _ in (*REFERENCES[type_name], *COMMON):
            if kind in _KINDS and field in found:
                found[field] = self._read(found[field], part)
        return found

    def _read(self, value: Any, part: str) -> Any:
        if isinstance(value, str):
            return self.of(value)
        if part:
            return [
                one | {part: self._read(one[part], "")} if one.get(part) is not None else one
                for one in value
            ]
        return [self.of(one) for one in value]


class Merged:
    """Posted movements of a register in which several accounts are one party's."""

    def __init__(self, posted: Posted, issuer: str, identities: Identities) -> None:
        self._posted, self._issuer, self._identities = posted, issuer, identities
        self.classes = posted.classes

    def _accounts(self, account: str | None) -> tuple[str | None, ...]:
        if account is None:
            return (None,)
        all_ids = self._identities.all_of(account or self._issuer)
        return tuple("" if one == self._issuer else one for one in all_ids)

    def _account(self, account: str) -> str:
        one = self._identities.of(account or self._issuer)
        return "" if one == self._identities.of(self._issuer) else one

    def look_ahead(self, upto: FoldKey) -> None:
        self._posted.look_ahead(upto)

    def shares(self, share_class: str, account: str | None, upto: FoldKey) -> int:
        accounts = self._accounts(account)
        return sum(self._posted.shares(share_class, one, upto) for one in accounts)

    def valid(self, splits: Mapping[str, Sequence[Split]]) -> bool:
        return False  # accounts that are one may make up for each other: the rules look themselves

    def lowest(self, share_class: str, account: str, day: str) -> int:
        accounts = self._accounts(account)
        return sum(self._posted.lowest(share_class, one or "", day) for one in accounts)

    def held(self, share_class: str, upto: FoldKey) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for account, shares in self._posted.held(share_class, upto).items():
            one = self._account(account)
            found[one] = found.get(one, 0) + shares
        return {account: shares for account, shares in found.items() if shares}

    def moves(self) -> Iterator[tuple[FoldKey, tuple[str, str], int]]:
        for place, (share_class, account), shares in self._posted.moves():
            yield place, (share_class, self._account(account)), shares

    def has_posting(
        self, share_class: str, account: str | None, after: FoldKey | None, upto: FoldKey
    ) -> bool:
        accounts = self._accounts(account)
        return any(self._posted.has_posting(share_class, one, after, upto) for one in accounts)

    def days(
        self, share_class: str, account: str | None, after: FoldKey | None, upto: FoldKey
    ) -> Sequence[str]:
        accounts = self._accounts(account)
        found = {d for one in accounts for d in self._posted.days(share_class, one, after, upto)}
        return sorted(found)

    def last(self, share_class: str, account: str | None, upto: FoldKey) -> FoldKey | None:
        found = [self._posted.last(share_class, one, upto) for one in self._accounts(account)]
        return max(filter(None, found), default=None)

    def on(self, share_class: str, account: str, day: str) -> Sequence[Recorded]:
        found = {
            event.position: event
            for one in self._accounts(account)
            for event in self._posted.on(share_class, one or "", day)
        }
        return list(found.values())

    def later(self, share_class: str, day: str) -> Iterator[Recorded]:
        return self._posted.later(share_class, day)

    def summaries(
        self, share_class: str, account: str | None, after: FoldKey | None, upto: FoldKey, most: int
    ) -> Mapping[str, PostingSummary]:
        found = dict[str, dict[str, PostingSummary]]()
        for one in self._accounts(account):
            each = self._posted.summaries(share_class, one, after, upto, most)
            for of, summary in each.items():
                found.setdefault(self._account(of), {})[of] = summary

        def listed(of: str, summary: PostingSummary) -> PostingSummary:
            if len(summary.listed) == summary.number:
                return summary
            return self._posted.summaries(share_class, of, after, upto, summary.number)[of]

        return {
            one: next(iter(own.values()))
            if len(own) == 1
            else _together([listed(*each) for each in own.items()], most)
            for one, own in found.items()
        }

    def trusts(self, share_class: str, upto: FoldKey) -> Sequence[str]:
        return sorted({self._identities.of(one) for one in self._posted.trusts(share_class, upto)})


def _together(each: Sequence[PostingSummary], most: int) -> PostingSummary:
    """What several accounts of one party are made of: a movement between two of them is one."""
    listed = sorted({one for summary in each for one in summary.listed})
    rank = max(summary.rank for summary in each)
    return PostingSummary(len(listed), rank, listed if len(listed) <= most else ())
