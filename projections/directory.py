"""The directory of a ledger: its parties, share classes and sources at a cut, found by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, TypedDict

from ledger.model.board import BOARD, Board
from ledger.model.fact import Fact
from ledger.model.movements import MOVEMENTS
from ledger.model.movements import PARTIES as MOVING
from ledger.model.register import issuer_of
from ledger.time.class_terms import TYPES as TERMS
from ledger.time.class_terms import WITH_VOTES, ClassTerms, class_terms
from ledger.time.existence import end_of_party
from ledger.time.history import SOURCE_EVENTS, known_ids
from ledger.time.view import View
from ledger.values.dates import FOREVER, parse_published
from projections.answer import Answer, RowType, keys, weakest
from projections.names import NAMING, Names, folded
from projections.rows import HoldingRow
from projections.subjects.authorised import AUTHORISED, Like, like_of
from projections.subjects.holdings import holdings
from projections.subjects.trusts import TYPES as TRUSTS
from projections.subjects.trusts import trust_at

DETAILS = (
    "legal_form", "jurisdiction", "home_state", "registration", "born", "nationality", "occupation",
    "country_of_residence",
)  # fmt: skip
RELATIONS = ("relationship-began", "relationship-ended")
PARTIES = (
    *NAMING, "party-ended", "party-details-changed", "party-status-changed", *RELATIONS,
)  # fmt: skip
LISTED = "listing-changed"
CLASSES = (*TERMS, AUTHORISED, LISTED)
_TOLD = ("title", "kind", "publisher", "published_on", "address", "sha256")
_ROLES = {"settlors": "settlor", "trustees": "trustee", "beneficiaries": "beneficiary"}


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
    percent: str | None
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


class LimitRow(TypedDict):
    """How many shares there may be, or may be issued or bought back: of a class, or of its issuer
    where no class is named."""

    share_class: str | None
    authorises: str
    authority: str | None
    shares: str | None
    amount: str | None
    until: str | None
    event: str


class ListingRow(TypedDict):
    """Where a class is listed and since when it has its status there."""

    venue: str
    status: str
    symbol: str | None
    since: str | None
    event: str


class ClassRow(TypedDict):
    """A share class of the directory: its terms at the cut, and what is issued of it."""

    share_class: str
    name: str
    issuer: str
    kind: str
    votes_per_share: str | None
    par_value: str | None
    converts_into: str | None
    converts_at: str | None
    other_terms: dict[str, Any]
    authorised: str | None
    limits: list[LimitRow]
    listings: list[ListingRow]
    isin: str | None
    issued: str | None
    outstanding: str | None
    treasury: str | None
    holders: int
    standing: str
    events: list[str]


class SourceEntryRow(TypedDict):
    """A source of the directory: the document, and how many events cite it."""

    source: str
    title: str | None
    kind: str | None
    publisher: str | None
    published_on: str | None
    address: str | None
    sha256: str | None
    retracted: bool
    cited_by: int
    events: list[str]


def parties(view: View, text: str = "") -> Answer[PartyRow]:
    """The parties at the cut whose id, or name of any date up to it, has some text in it."""
    answer = Answer[PartyRow](about=[(("party:",), PARTIES)])
    names, trusts, boards = Names(view), _trusts(view), _boards(view)
    for party in known_ids(view.history, "party"):
        found = view.about(f"party:{party}", types=PARTIES)
        own = [fact for fact in found.certain if fact.type not in RELATIONS]
        facts = [fact for fact in own if fact.need("party") == party]
        answer.add_possible(p for p in found.possible if p.fact.text("party") == party)
        said = (name for fact in facts for name in (fact.text("name"), *fact.many("aliases")))
        if facts and _has(text, party, *filter(None, said)):
            answer.rows.append(_party_row(view, names, party, facts))
            related = [fact for fact in found.counted if fact.type in RELATIONS]
            answer.rows[-1].update(
                {
                    "trusts": trusts[party],
                    "boards": boards[party],
                    "relations": list(_relations(view, party, related)),
                }
            )
    answer.rows.sort(key=lambda row: (folded(row["name"] or row["party"]), row["party"]))
    return _ended(answer, f"party{_with(text)}")


def classes(view: View, issuer: str | None = None) -> Answer[ClassRow]:
    """The share classes at the cut, of an issuer or of all, with what is issued."""
    subject = "class:" if issuer is None else f"issuer:{issuer}"
    answer = Answer[ClassRow](about=[((subject,), CLASSES)])
    names = Names(view)
    for one in known_ids(view.history, "issuer") if issuer is None else [issuer]:
        found = view.about(f"issuer:{one}", types=CLASSES)
        answer.add_possible(found.possible)
        told = defaultdict[str | None, list[Fact]](list)
        for fact in found.counted:
            told[fact.text("share_class")].append(fact)
        held = defaultdict[str, list[HoldingRow]](list)
        for row in holdings(view, one, evidence=False).rows:
            if row["share_class"] is not None and row["basis"] == "register":
                held[row["share_class"]].append(row)
        terms = class_terms(view, one)
        for share_class in sorted({*filter(None, told), *held}):
            facts = sorted([*told[share_class], *told[None]], key=lambda fact: fact.order)
            answer.rows.append(_class_row(names, share_class, terms, facts, held[share_class]))
    return _ended(answer, "share class")


def sources(view: View, text: str = "") -> Answer[SourceEntryRow]:
    """The sources published by the known-by day with some text in id, title or publisher."""
    answer = Answer[SourceEntryRow](about=[(("source:",), SOURCE_EVENTS)])
    for source in known_ids(view.history, "source"):
        found = view.about(f"source:{source}", types=SOURCE_EVENTS)
        facts = [fact for fact in found.certain if fact.need("source") == source]
        answer.add_possible(p for p in found.possible if p.fact.need("source") == source)
        said = (fact.text(name) or "" for fact in facts for name in ("title", "publisher"))
        row = _source_row(view, source, facts)
        published = parse_published(row["published_on"])
        known = published is None or published.first <= view.cut.known_by
        if facts and known and _has(text, source, *said):
            answer.rows.append(row)
    answer.rows.sort(key=lambda row: (row["published_on"] or "", row["source"]))
    return _ended(answer, f"source{_with(text)}")


def _has(text: str, *where: str) -> bool:
    wanted = folded(text) or text.casefold()
    return any(wanted in folded(one) or wanted in one.casefold() for one in where)


def _with(text: str) -> str:
    return f" with {text!r} in its name" if text else ""


def _ended(answer: Answer[RowType], what: str) -> Answer[RowType]:
    if not answer.rows:
        answer.gap(f"no event at this cut tells of a {what}")
    return answer


def _party_row(view: View, names: Names, party: str, facts: list[Fact]) -> PartyRow:
    registration = next((f for f in facts if f.type == "party-registered"), None)
    ended = end_of_party(view, party, FOREVER)
    changed = [fact for fact in facts if fact.type == "party-details-changed"]
    status = next((f for f in reversed(facts) if f.type == "party-status-changed"), None)
    details = {name: fact.need(name) for fact in changed for name in DETAILS if name in fact.data}
    known = [registration, *changed] if registration else changed
    return {
        "party": party,
        "name": names.name("party", party),
        "kind": registration.text("kind") if registration else None,
        "former_names": [name for name, _ in names.former(party)],
        "lei": next((f.text("lei") for f in reversed(known) if f.text("lei")), None),
        "aliases": list(dict.fromkeys(alias for f in known for alias in f.many("aliases"))),
        "members": list(registration.many("members")) if registration else [],
        "status": status.need("status") if status else None,
        "status_since": status.when if status else None,
        "addresses": _addresses(changed),
        "details": details,
        "identifiers": [dict(one) for fact in known for one in fact.many("identifiers")],
        "ended_on": ended.when if ended else None,
        "successors": list(ended.many("successors")) if ended else [],
        "relations": [],
        "classes": [id.removeprefix("class:") for id in view.history.subjects(f"class:{party}/")],
        "registers": _registers(view, party),
        "trusts": [],
        "boards": [],
        "standing": weakest(facts),
        "events": keys(facts),
    }


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
        began = next((step for step in reversed(steps) if step.type == RELATIONS[0]), None)
        if began is None or steps[-1].type == RELATIONS[1]:
            continue
        own = began.need("party") == party
        yield {
            "relationship": id,
            "kind": began.need("kind"),
            "role": "of" if own else "by",
            "party": began.need("of") if own else began.need("party"),
            "words": began.text("role"),
            "percent": began.text("percent"),
            "since": began.since,
            "event": began.key,
        }


def _registers(view: View, party: str) -> list[str]:
    """The other issuers in whose registers shares ever were in a party's name by the cut."""
    moved = view.unposted(f"party:{party}", MOVEMENTS).certain
    named = [f for f in moved if any(f.text(field) == party for field in MOVING)]
    issuers = {issuer_of(fact.need("share_class")) for fact in named}
    return sorted(issuers.union(view.registers_of(party)) - {party})


def _trusts(view: View) -> Mapping[str, list[RoleRow]]:
    """The trusts that each party has a part in, by what the terms at the cut say."""
    found = defaultdict[str, list[RoleRow]](list)
    for trust in sorted({fact.need("trust") for fact in view.every(TRUSTS).certain}):
        settled = trust_at(view, trust)
        terms = settled.terms if settled else {}
        for name, role in _ROLES.items() if "ended_on" not in terms else ():
            for one in terms.get(name, ()):
                party = one if isinstance(one, str) else one["party"]
                found[party].append({"role": role, "party": trust})
    return found


def _boards(view: View) -> Mapping[str, list[RoleRow]]:
    """The companies on whose board each person sits, or where it holds an office, at the cut."""
    boards, found = defaultdict[str, Board](Board), defaultdict[str, list[RoleRow]](list)
    for fact in view.every(BOARD).counted:
        boards[fact.need("company")].apply(fact)
    for company, board in sorted(boards.items()):
        for fact in (*board.directors.values(), *board.officers.values()):
            if (person := fact.text("person")) is not None:
                role = fact.text("role") or "director"
                found[person].append({"role": role, "party": company})
    return found


_OF_ROW = {"kind", "name", "votes_per_share", "par_value", "converts_into", "converts_at", "isin"}


def _class_row(
    names: Names,
    share_class: str,
    all_terms: ClassTerms,
    facts: list[Fact],
    held: list[HoldingRow],
) -> ClassRow:
    terms, par = all_terms.of(share_class), all_terms.of(share_class).price("par_value")
    limits = _limits(facts)
    of_class = [fact for fact in facts if fact.text("share_class") == share_class]
    totals = [
        one for one in limits if (one["share_class"], one["authorises"]) == (share_class, "total")
    ]
    at = terms.converts_at
    return {
        "share_class": share_class,
        "name": names.name("class", share_class),
        "issuer": issuer_of(share_class),
        "kind": terms.kind,
        "votes_per_share": terms.text("votes_per_share") if terms.kind in WITH_VOTES else "0",
        "par_value": str(par) if par else None,
        "converts_into": terms.text("converts_into"),
        "converts_at": None if at is None else f"{at.numerator}:{at.denominator}",
        "other_terms": {name: value for name, value in terms.now().items() if name not in _OF_ROW},
        "authorised": totals[-1]["shares"] if totals else None,
        "limits": limits,
        "listings": _listings(of_class),
        "isin": terms.text("isin"),
        "issued": held[0].get("issued") if held else None,
        "outstanding": held[0].get("outstanding") if held else None,
        "treasury": held[0].get("treasury") if held else None,
        "holders": len([row for row in held if row["capacity"] != "treasury"]),
        "standing": weakest(of_class),
        "events": keys(of_class),
    }


def _limits(facts: list[Fact]) -> list[LimitRow]:
    """The newest authority of each kind, that of a class's creation among them."""
    newest: dict[Like, Fact] = {}
    for fact in facts:
        if fact.type == AUTHORISED or fact.text("authorised"):
            newest[like_of(fact)] = fact
    return [
        {
            "share_class": fact.text("share_class"),
            "authorises": like_of(fact)[1],
            "authority": fact.text("authority"),
            "shares": fact.text("authorised") or fact.text("shares"),
            "amount": fact.text("amount"),
            "until": fact.text("until"),
            "event": fact.key,
        }
        for fact in newest.values()
    ]


def _listings(facts: list[Fact]) -> list[ListingRow]:
    """The status of a class at each venue; one that is traded again there is listed."""
    listed: dict[str, ListingRow] = {}
    for fact in facts:
        if fact.type == LISTED:
            venue, status = fact.need("venue"), fact.need("status")
            before = listed.pop(venue, None)
            listed[venue] = {
                "venue": venue,
                "status": status,
                "symbol": fact.text("symbol") or (before["symbol"] if before else None),
                "since": fact.since,
                "event": fact.key,
            }
    return list(listed.values())


def _source_row(view: View, source: str, facts: list[Fact]) -> SourceEntryRow:
    told: dict[str, str | None] = {}
    for fact in facts:
        told |= {name: fact.text(name) for name in _TOLD if name in fact.data}
    citing = [f for f in view.about(f"source:{source}").certain if f.type not in SOURCE_EVENTS]
    return {
        "source": source,
        "title": told.get("title"),
        "kind": told.get("kind"),
        "publisher": told.get("publisher"),
        "published_on": told.get("published_on"),
        "address": told.get("address"),
        "sha256": told.get("sha256"),
        "retracted": any(fact.type == "source-retracted" for fact in facts),
        "cited_by": len(citing),
        "events": keys(facts),
    }
