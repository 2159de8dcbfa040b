"""The parties of a ledger at a cut: who they are, and what they are to others, found by name."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from itertools import chain, islice, takewhile
from typing import TypedDict

from ledger.model.board import BOARD, Board
from ledger.model.fact import Fact
from ledger.model.movements import MOVEMENTS
from ledger.model.movements import PARTIES as MOVING
from ledger.model.named import Named
from ledger.model.register import issuer_of
from ledger.time.existence import ENDING, end_of_party
from ledger.time.history import History
from ledger.time.view import View
from ledger.values.dates import FOREVER, UNKNOWN
from ledger.values.names import folded
from projections.answer import Answer, keys, weakest
from projections.directory.finding_by_name import has, having, or_gap
from projections.names import NAMING, Names
from projections.subjects.trusts import TYPES as TRUSTS
from projections.subjects.trusts import trusts_at

DETAILS = (
    "legal_form", "jurisdiction", "home_state", "registration", "born", "nationality", "occupation",
    "country_of_residence",
)  # fmt: skip
RELATIONS = ("relationship-began", "relationship-ended")
PARTIES = (
    *NAMING, "party-ended", "party-details-changed", "party-status-changed", *RELATIONS,
)  # fmt: skip
_AT_ONCE = 50
_ROLES = {
    "settlors": "settlor",
    "trustees": "trustee",
    "beneficiaries": "beneficiary",
    "protectors": "protector",
}


class RoleRow(TypedDict):
    """What a party is to another: trustee of a trust, director of a company."""

    role: str
    party: str


class RelationRow(TypedDict):
    """A relationship of a party at the cut: its kind, the other party, and which of the two it is.

    ``role`` is ``of`` for the party that controls, belongs, acts or works; ``by`` for the other.
    """

    relationship: str
    kind: str
    role: str
    party: str
    words: str | None
    basis: str | None
    percent: str | None
    percent_to: str | None
    qualifier: str
    since: str | None
    event: str


class AddressRow(TypedDict):
    """An address of a party at the cut."""

    kind: str | None
    address: str
    since: str | None


class PartyRow(TypedDict):
    """A party of the directory: who it is, and what it is in this ledger."""

    party: str
    name: str
    kind: str | None
    former_names: list[str]
    lei: str | None
    aliases: list[str]
    members: list[str]
    status: str | None
    status_since: str | None
    addresses: list[AddressRow]
    details: dict[str, str]
    identifiers: list[dict[str, str]]
    ended_on: str | None
    successors: list[str]
    relations: list[RelationRow]
    classes: list[str]
    registers: list[str]
    trusts: list[RoleRow]
    boards: list[RoleRow]
    standing: str
    events: list[str]


@dataclass(slots=True)
class Directory(Answer[PartyRow]):
    """Parties; of those ``in_part`` not all events of trusts that speak of them are looked at."""

    in_part: set[str] = field(default_factory=set)


def parties(
    view: View,
    text: str = "",
    most: int | None = None,
    after: str = "",
    trusts: int | None = None,
) -> Directory:
    """The parties at the cut whose id, or name of any date up to it, has some text in it, sorted by
    their names; at most so many, and those alone that come after one. Of each at most so many
    events of ``trusts`` are looked at."""
    answer, looked_at = Directory(), list[str]()
    names, roles = Names(view), _Roles(view, trusts, answer.in_part)
    begin = (folded(names.name("party", after)), after) if after else ("", "")
    for name, party, _ in _together(view.history, view.history.named(text, begin)):
        if name != folded(names.name("party", party)) or roles.passed(party):
            continue
        looked_at.append(f"party:{party}")
        found = view.about(f"party:{party}", types=PARTIES)
        own = [fact for fact in found.certain if fact.type not in RELATIONS]
        facts = [fact for fact in own if fact.need("party") == party]
        related = [fact for fact in found.counted if fact.type in RELATIONS]
        said = (name for fact in facts for name in (fact.text("name"), *fact.many("aliases")))
        asked = has(text, party, *filter(None, said))
        shown = bool(facts) and asked
        if shown and len(answer.rows) == most:
            last = answer.rows[-1]["party"]
            answer.more(most, "parties", last)
            break
        relations = list(_relations(view, party, related))
        going = {one["relationship"] for one in relations}
        answer.add_possible(
            p
            for p in found.possible
            if p.fact.text("party") in (None, party)
            and (asked or has(text, p.fact.text("name") or ""))
            and not (p.fact.type == RELATIONS[0] and p.fact.need("relationship") in going)
        )
        if shown:
            answer.rows.append(_party_row(view, names, party, facts))
            answer.rows[-1].update(
                {
                    "trusts": roles.trusts(party),
                    "boards": roles.boards(party),
                    "relations": relations,
                }
            )
    answer.about = [(looked_at if text or most or after else ("party:",), PARTIES)]
    if not after:
        or_gap(answer, f"party{having(text)}")
    return answer


def _together(history: History, named: Iterator[Named]) -> Iterator[Named]:
    """The same names; what is asked of every party is looked up of many of them at once."""
    while page := list(islice(named, _AT_ONCE)):
        about = list(dict.fromkeys(f"party:{one.party}" for one in page))
        for types in (NAMING, NAMING[:1], PARTIES, ENDING, BOARD):
            history.gather(about, types)
        yield from page


def _party_row(view: View, names: Names, party: str, facts: list[Fact]) -> PartyRow:
    registration = next((f for f in facts if f.type == "party-registered"), None)
    ended = end_of_party(view, party, FOREVER)
    changed = [fact for fact in facts if fact.type == "party-details-changed"]
    status = next((f for f in reversed(facts) if f.type == "party-status-changed"), None)
    known = [registration, *changed] if registration else changed
    details = {name: fact.need(name) for fact in known for name in DETAILS if name in fact.data}
    return {
        "party": party,
        "name": names.name("party", party),
        "kind": registration.text("kind") if registration else None,
        "former_names": [name for name, _ in names.former(party)],
        "lei": next((f.text("lei") for f in reversed(known) if f.text("lei")), None),
        "aliases": list(dict.fromkeys(alias for f in known for alias in f.many("aliases"))),
        "members": list(registration.many("members")) if registration else [],
        "status": status.need("status") if status else None,
        "status_since": _day_of(status) if status else None,
        "addresses": _addresses(changed),
        "details": details,
        "identifiers": [dict(one) for fact in known for one in fact.many("identifiers")],
        "ended_on": _day_of(ended) if ended else None,
        "successors": list(ended.many("successors")) if ended else [],
        "relations": [],
        "classes": [id.removeprefix("class:") for id in view.history.subjects(f"class:{party}/")],
        "registers": _registers(view, party),
        "trusts": [],
        "boards": [],
        "standing": weakest(facts),
        "events": keys(facts),
    }


def _day_of(fact: Fact) -> str:
    """The date of an event as dates are written, also where there is only a last day, or none."""
    return fact.since or (f"../{fact.at_latest}" if fact.at_latest else UNKNOWN)


def _addresses(changed: list[Fact]) -> list[AddressRow]:
    """The newest address of each kind."""
    newest = {fact.text("address_kind"): fact for fact in changed if "address" in fact.data}
    return [
        {"kind": kind, "address": fact.need("address"), "since": fact.since}
        for kind, fact in newest.items()
    ]


def _relations(view: View, party: str, related: list[Fact]) -> Iterator[RelationRow]:
    """The relationships of a party that have begun at the cut and not ended."""
    for id in sorted({fact.need("relationship") for fact in related}):
        steps = view.about(f"relationship:{id}", types=RELATIONS).counted
        going = list(takewhile(lambda step: step.type == RELATIONS[0], reversed(steps)))
        if not going:
            continue
        began = going[0]
        own = began.need("party") == party
        yield {
            "relationship": id,
            "kind": began.need("kind"),
            "role": "of" if own else "by",
            "party": began.need("of") if own else began.need("party"),
            "words": began.text("role"),
            "basis": began.text("basis"),
            "percent": began.text("percent"),
            "percent_to": began.text("percent_to"),
            "qualifier": began.text("qualifier") or "exactly",
            "since": going[-1].since,
            "event": began.key,
        }


def _registers(view: View, party: str) -> list[str]:
    """The other issuers in whose registers shares ever were in a party's name by the cut."""
    moved = view.unposted(f"party:{party}", MOVEMENTS).certain
    named = [f for f in moved if any(f.text(field) == party for field in MOVING)]
    issuers = {issuer_of(fact.need("share_class")) for fact in named}.union(
        view.registers_of(party)
    )
    return sorted(issuers.union(_received(view, party, issuers)) - {party})


def _received(view: View, party: str, issuers: Set[str]) -> Iterator[str]:
    """The issuers whose shares a party got for shares of others, or on top of them."""
    for issuer in {reader for one in issuers for reader in view.across.readers(one)} - issuers:
        outcomes = map(view.across.outcome, view.across.of(issuer))
        pairs = (pair for outcome in outcomes for pair in outcome.moves)
        if any(account == party and issuer_of(of) == issuer for of, account in pairs):
            yield issuer


class _Roles:
    """The parts that parties have in trusts and on boards, by what the terms at the cut say."""

    def __init__(self, view: View, most: int | None, in_part: set[str]) -> None:
        self._view, self._most, self._in_part = view, most, in_part
        self._passed = set[str]()
        self._companies = dict[str, Board]()

    def passed(self, party: str) -> bool:
        """Whether a party was asked about before."""
        before = party in self._passed
        self._passed.add(party)
        return before

    def trusts(self, party: str) -> list[RoleRow]:
        """The trusts that a party has a part in."""
        found = list[RoleRow]()
        for trust, settled in trusts_at(self._view, sorted(self._trusts(party))).items():
            terms = settled.terms if settled else {}
            for name, role in _ROLES.items() if "ended_on" not in terms else ():
                for one in terms.get(name, ()):
                    if (one if isinstance(one, str) else one["party"]) == party:
                        found.append({"role": role, "party": trust})
        return found

    def _trusts(self, party: str) -> set[str]:
        """The trusts that a party is named in; of very many events those of the first."""
        if self._most is not None:
            ids = self._view.identities.widened((f"party:{party}",), TRUSTS)
            each = chain.from_iterable(self._view.history.each(one, TRUSTS) for one in ids)
            first = list(islice(each, self._most + 1))
            if len(first) > self._most:
                self._in_part.add(party)
                return {event.data["trust"] for event in first[: self._most]}
        facts = self._view.about(f"party:{party}", types=TRUSTS).certain
        return {fact.need("trust") for fact in facts}

    def boards(self, party: str) -> list[RoleRow]:
        """The companies on whose board a person sits, or where it holds an office."""
        found = list[RoleRow]()
        facts = self._view.about(f"party:{party}", types=BOARD).counted
        for company in sorted({fact.need("company") for fact in facts}):
            board = self._board(company)
            for fact in (*board.directors.values(), *board.officers.values()):
                if fact.text("person") == party:
                    role = fact.text("role") or "director"
                    found.append({"role": role, "party": company})
        return found

    def _board(self, company: str) -> Board:
        if company not in self._companies:
            board = self._companies[company] = Board()
            for fact in self._view.about(f"party:{company}", types=BOARD).counted:
                if fact.need("company") == company:
                    board.apply(fact)
        return self._companies[company]
