"""The directory of a ledger: its share classes and sources at a cut, found by name."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, TypedDict

from ledger.model.fact import Fact
from ledger.model.register import issuer_of
from ledger.time.class_terms import TYPES as TERMS
from ledger.time.class_terms import WITH_VOTES, ClassTerms, class_terms
from ledger.time.history import SOURCE_EVENTS, known_ids
from ledger.time.view import View
from ledger.values.dates import parse_published
from projections.answer import Answer, keys, weakest
from projections.directory.finding_by_name import has, having, or_gap
from projections.holding_rows import HoldingRow
from projections.names import Names
from projections.subjects.authorised import AUTHORISED, Like, like_of
from projections.subjects.holdings import holdings

LISTED = "listing-changed"
CLASSES = (*TERMS, AUTHORISED, LISTED)
_TOLD = ("title", "kind", "publisher", "published_on", "address", "sha256")


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
        for row in holdings(view, one, most=None).rows:
            if row["share_class"] is not None and row["basis"] == "register":
                held[row["share_class"]].append(row)
        terms = class_terms(view, one)
        for share_class in sorted({*filter(None, told), *held}):
            facts = sorted([*told[share_class], *told[None]], key=lambda fact: fact.order)
            answer.rows.append(_class_row(names, share_class, terms, facts, held[share_class]))
    return or_gap(answer, "share class")


def sources(view: View, text: str = "") -> Answer[SourceEntryRow]:
    """The sources published by the known-by day with some text in id, title or publisher."""
    answer = Answer[SourceEntryRow](about=[(("source:",), SOURCE_EVENTS)])
    for source in known_ids(view.history, "source"):
        found = view.about(f"source:{source}", types=SOURCE_EVENTS)
        facts = [fact for fact in found.certain if fact.need("source") == source]
        answer.add_possible(p for p in found.possible if p.fact.text("source") in (None, source))
        said = (fact.text(name) or "" for fact in facts for name in ("title", "publisher"))
        row = _source_row(view, source, facts)
        published = parse_published(row["published_on"])
        known = published is None or published.first <= view.cut.known_by
        if facts and known and has(text, source, *said):
            answer.rows.append(row)
    answer.rows.sort(key=lambda row: (row["published_on"] or "", row["source"]))
    return or_gap(answer, f"source{having(text)}")


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
