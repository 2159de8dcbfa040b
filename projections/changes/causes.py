"""Causes: the events that two views count differently, and which of them bear on a row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from ledger.model.board import BOARD
from ledger.model.fact import Fact, ids_of
from ledger.model.instruments import BEARING
from ledger.model.movements import MOVEMENTS, RESHAPING, SIGNS, TRANSFERS, classes_of, takes_all
from ledger.model.register import account_of, issuer_of, legs, named
from ledger.model.threads import OWN_KINDS
from ledger.time.across import begins
from ledger.time.history import AMENDMENTS
from ledger.time.instruments import of_issuer
from ledger.time.view import View
from ledger.values.refusals import Unhandled
from projections.answer import CERTAIN, Answer
from projections.questions import Question
from projections.rows import Row
from projections.subjects import (
    claims,
    diluted,
    dividends,
    governance,
    meetings,
    offers,
    share_rights,
    trusts,
    voting_rights,
)  # fmt: skip
from projections.subjects.register_at_cut import CHECKS

_SOURCES = ("source-corrected", "source-retracted")
_BALANCES = {"holdings": MOVEMENTS, "votes": (*MOVEMENTS, *voting_rights.TYPES)}


class Difference(NamedTuple):
    """A fact that counts in one view only, or is another there, and the events that make it so."""

    fact: Fact
    events: frozenset[str]


class Causes:
    """The events that make two views differ, each looked up once."""

    def __init__(self, before: View, after: View) -> None:
        self._views = before, after
        self._amending: dict[str, frozenset[str]] = {}
        self._found: dict[tuple[str, tuple[str, ...]], list[Difference]] = {}
        self._states: dict[str, tuple[str | None, str | None]] = {}

    def of(
        self,
        question: Question,
        id: str,
        old: Row | None,
        new: Row | None,
        answers: Iterable[Answer[Any]],
    ) -> list[str]:
        """The events that made a row another, or made it come or go; None where it is not.

        Corrections and retractions are among them, and what was recorded about sources. ``answers``
        are the two that the row is of. Empty where time alone makes the difference.
        """
        row = {**(old or {}), **(new or {})}
        match question.name:
            case _ if "differences" in question.not_in:
                differing = []
            case "holdings" | "votes":
                totals = _totals_differ(old, new, answers)
                return sorted(self._of_balance(question, id, row, totals))
            case "governance":
                differing = self._of_governance(id, row, answers)
            case "deals":
                differing = self._of_deal(row)
            case "meetings":
                differing = self._of_meeting(id, row)
            case "rights":
                differing = self._differing(f"right:{row['right']}", share_rights.TYPES)
                differing += self._differing(f"class:{row['share_class']}", RESHAPING)
            case "diluted":
                differing = self._of_diluted(id, row, [old or {}, new or {}])
            case "dividends":
                differing = self._of_dividend(row)
            case "offer":
                differing = self._of_offer(id, row)
            case "claims":
                differing = self._of_claim(id, row)
            case _:
                raise Unhandled(f"a row of {question.name}", "what makes a row another")
        found = _events(differing)
        for event in set((old or {}).get("events", ())) ^ set((new or {}).get("events", ())):
            before, after = self.states(event)
            found |= self._amendments(event) | ({event} if before != after else set())
        return sorted(found)

    def states(self, event: str) -> tuple[str | None, str | None]:
        """How an event stands on either side: certain, why it is only possible, or None."""
        if event not in self._states:
            before, after = (_state(view, event) for view in self._views)
            self._states[event] = before, after
        return self._states[event]

    def _of_balance(self, question: Question, id: str, row: Row, totals: bool | None) -> set[str]:
        """What moved a holder's own number, and the total if that is another; else the whole.

        A row that comes or goes (``totals`` is None) does so by movements; disclosures are named
        only where nothing else is.
        """
        holder, share_class = row["holder"], row.get("share_class")
        found, checks = (
            [
                one
                for one in self._differing(f"issuer:{id}", types)
                if not one.fact.repeats and of_class(one.fact, share_class)
            ]
            for types in (_BALANCES[question.name], CHECKS)
        )
        found += self._read(id)
        own = [one for one in found if touches(one.fact, holder)]
        moved = [one for one in own if totals is None and one.fact.type in MOVEMENTS]
        own += [one for one in found if totals and one.fact.type not in TRANSFERS]
        trust = self._differing(f"party:{holder}", trusts.TYPES)
        own += [one for one in trust if one.fact.need("trust") == holder]
        disclosed = [one for one in checks if touches(one.fact, holder)]
        if row.get("basis") == "disclosed":
            return _events(disclosed or found or checks)
        return _events(moved or own or found or disclosed or checks)

    def _read(self, issuer: str) -> list[Difference]:
        """Of other registers that an issuer's rests on, the movements that differ."""
        until = dict[str, str]()
        for view in self._views:
            for source, day in view.across.read_until(issuer).items():
                until[source] = max(day, until.get(source, ""))
        return [
            one
            for source, day in until.items()
            for one in self._differing(f"issuer:{source}", MOVEMENTS)
            if not one.fact.repeats and begins(one.fact) <= day
        ]

    def _of_governance(
        self, company: str, row: Row, answers: Iterable[Answer[Any]]
    ) -> list[Difference]:
        seat = "seat", row["party"]
        rows = [one for answer in answers for one in answer.rows]
        sitting = {one["person"] for one in rows if (one["kind"], one["party"]) == seat} - {None}
        found = self._differing(f"party:{company}", (*BOARD, *governance.CAPS))
        deciding = [one for one in found if _governs(one.fact, row, sitting)]
        if row.get("agreement"):
            deciding += self._differing(f"agreement:{row['agreement']}", governance.AGREEMENT_STEPS)
        return deciding

    def _of_deal(self, row: Row) -> list[Difference]:
        found = self._differing(f"{row['kind']}:{row['subject']}", OWN_KINDS[row["kind"]].types)
        if row["kind"] == "milestone":
            return [one for one in found if one.fact.text("deal") == row["deal"]]
        return found

    def _of_meeting(self, company: str, row: Row) -> list[Difference]:
        found = self._differing(f"party:{company}", meetings.TYPES)
        named = {row["subject"], row["meeting"]} - {None}
        return [
            one for one in found
            if {one.fact.text("meeting"), one.fact.text("resolution"), one.fact.key} & named
        ]  # fmt: skip

    def _of_diluted(self, issuer: str, row: Row, sides: Iterable[Row]) -> list[Difference]:
        """What bears on a holder or a pool, or on what vests; else on the whole."""
        bearing = {f.key for v in self._views for f in of_issuer(v, issuer).bearing()}
        told = (
            {f.key: f for key in bearing for f in view.about(f"key:{key}").certain}
            for view in self._views
        )
        found = list(self._compared(*told)) + self._read(issuer)
        found += self._differing(f"issuer:{issuer}", diluted.TYPES)
        named = {row["holder"], row["pool"]} - {None}
        named |= {one["instrument"] for side in sides for one in side.get("instruments", ())}
        own = [one for one in found if one.fact.type in BEARING or named & set(ids_of(one.fact))]
        return own or found

    def _of_dividend(self, row: Row) -> list[Difference]:
        share_class, dividend, holder = row["share_class"], row["dividend"], row["holder"]
        found = self._differing(f"class:{share_class}", dividends.DIVIDENDS)
        if dividend is not None:
            found = [one for one in found if one.fact.text("dividend") == dividend]
        return found + self._moved(share_class, holder)

    def _of_offer(self, offer: str, row: Row) -> list[Difference]:
        found = self._differing(f"offer:{offer}", offers.TYPES)
        own = [one for one in found if one.fact.text("holder") in (None, row["holder"])]
        classes = {one.fact.text("share_class") for one in found} - {None}
        return own + [one for c in classes for one in self._moved(str(c), row["holder"])]

    def _moved(self, share_class: str, holder: str | None) -> list[Difference]:
        """What moved a holder's shares of a class."""
        if holder is None:
            return []
        issuer = issuer_of(share_class)
        found = self._differing(f"issuer:{issuer}", MOVEMENTS) + self._read(issuer)
        return [
            one for one in found
            if of_class(one.fact, share_class) and touches(one.fact, holder)
        ]  # fmt: skip

    def _of_claim(self, subject: str, row: Row) -> list[Difference]:
        found = self._differing(f"subject:{subject}", claims.TYPES)
        return [one for one in found if one.fact.text("attribute") == row["attribute"]]

    def _differing(self, subject: str, types: tuple[str, ...]) -> list[Difference]:
        """The facts about a subject that are certain on one side only, or are others there."""
        place = subject, types
        if place not in self._found:
            before, after = (
                {fact.key: fact for fact in view.about(subject, types=types).certain}
                for view in self._views
            )
            self._found[place] = list(self._compared(before, after))
        return self._found[place]

    def _compared(self, before: dict[str, Fact], after: dict[str, Fact]) -> Iterator[Difference]:
        for key in before.keys() ^ after.keys():
            fact = before.get(key) or after[key]
            yield Difference(fact, self._amendments(key) | {key})
        for key in before.keys() & after.keys():
            old, new = before[key], after[key]
            if old.data == new.data and old.repeats == new.repeats:
                continue
            events = self._amendments(key) or frozenset([key])
            yield from (Difference(fact, events) for fact in (old, new))

    def _amendments(self, key: str) -> frozenset[str]:
        """What amends an event, or is recorded of its sources, on one side only."""
        if key not in self._amending:
            ours, theirs = (_amending(view, key) for view in self._views)
            self._amending[key] = frozenset(ours ^ theirs)
        return self._amending[key]


def _events(differing: Iterable[Difference]) -> set[str]:
    return {event for one in differing for event in one.events}


def touches(fact: Fact, holder: str) -> bool:
    """Whether an event about shares or votes bears on what a holder itself has."""
    if fact.type in SIGNS:
        account = account_of(fact.need("share_class"), holder)
        return account in dict(legs(fact.type, fact.data))
    if takes_all(fact.type, fact.data) or fact.type == "share-class-created":
        return True
    if fact.type in MOVEMENTS:
        return account_of(fact.need("share_class"), holder) in named(fact.type, fact.data)
    if fact.type in (*voting_rights.TYPES, *CHECKS):
        return holder == fact.text("holder")
    raise Unhandled(fact.type, "what a holder has")


def affects(fact: Fact, holder: str, share_class: str | None) -> bool:
    """Whether an event about shares or votes bears on a holder's part of the whole of a class."""
    part = fact.type not in TRANSFERS or touches(fact, holder)
    return part and of_class(fact, share_class)


def of_class(fact: Fact, share_class: str | None) -> bool:
    """Whether an event is about a share class, or about no class alone."""
    named = classes_of(fact.data)
    return share_class is None or not named or share_class in named


def _totals_differ(old: Row | None, new: Row | None, answers: Iterable[Answer[Any]]) -> bool | None:
    """Whether a row is a part of another whole on either side; None if it is on one side only."""
    if old is None or new is None:
        return None
    if "issued" in new:
        return bool(old["issued"] != new["issued"])
    before, after = (
        [sum((_number(row[n]) for row in a.rows), Fraction()) for n in ("votes", "exercisable")]
        for a in answers
    )
    return before != after


def _number(value: Any) -> Fraction:
    return Fraction(value or 0)


def _governs(fact: Fact, row: Row, sitting: Collection[str]) -> bool:
    """Whether an event about a board or a cap is one that can make or end a row."""
    kind, person = row["kind"], fact.text("person")
    match fact.type:
        case "board-seat-granted" | "board-seat-withdrawn":
            holder = fact.text("holders_of")
            of_class = holder is not None and holder == row.get("holders_of")
            return bool(kind == "seat" and (of_class or fact.text("party") == row["party"]))
        case "director-appointed" | "director-left":
            nominated = fact.text("nominated_by") == row["party"]
            if kind == "seat":
                return nominated or person in sitting
            own = nominated if row["person"] is None else person == row["person"]
            return bool(kind == "director" and own)
        case "officer-appointed" | "officer-left":
            office = (person, fact.text("role"))
            return kind == "officer" and office == (row["person"], row["role"])
        case "voting-cap-agreed" | "voting-cap-lifted":
            capped = (fact.text("holder"), fact.text("issuer"))  # no holder is every holder
            return kind == "clause" and capped == (row["party"], row.get("issuer"))
        case _:
            raise Unhandled(fact.type, "what makes a row of governance")


def _state(view: View, event: str) -> str | None:
    found = view.about(f"key:{event}")
    if found.certain:
        return CERTAIN
    return next((possible.why for possible in found.possible), None)


def _amending(view: View, key: str) -> set[str]:
    """The amendments of an event, and of those, that count in a view, and what of its sources."""
    found: set[str] = set()
    pending, seen = [key], {key}
    while pending:
        amended = pending.pop()
        if view.history.is_amended(amended):
            found |= {f.key for f in view.about(f"event:{amended}", types=AMENDMENTS).certain}
            others = {e.key for e in view.history.mentioning(f"event:{amended}", AMENDMENTS)}
            pending += others - seen
            seen |= others
        for recorded in view.history.mentioning(f"key:{amended}"):
            for citation in recorded.data.get("citations", ()):
                about = view.about(f"source:{citation['source']}", types=_SOURCES)
                found |= {fact.key for fact in about.certain}
    return found
