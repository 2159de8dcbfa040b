"""The directory of a ledger: its share classes and sources at a cut, found by name."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypedDict

from ledger.model.fact import Fact, Slice
from ledger.model.register import TREASURY, issuer_of
from ledger.time.class_terms import TYPES as TERMS
from ledger.time.class_terms import WITH_VOTES, ClassTerms, class_terms
from ledger.time.history import SOURCE_EVENTS, known_ids
from ledger.time.view import View
from ledger.values.dates import parse_published, place_of
from projections.answer import Answer, keys, weakest
from projections.directory.finding_by_name import has, having, or_gap
from projections.names import Names
from projections.subjects.authorised import AUTHORISED, Like, like_of
from projections.subjects.balances import class_totals
from projections.subjects.register_at_cut import RegisterAtCut, register_at_cut

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


@dataclass(slots=True)
class Sources(Answer[SourceEntryRow]):
    """Sources; of those ``in_part`` not all events that cite them are looked at."""

    in_part: set[str] = field(default_factory=set)


def classes(
    view: View, issuer: str | None = None, most: int | None = None, after: str = ""
) -> Answer[ClassRow]:
    """The share classes at the cut, of an issuer or of all, with what is issued, sorted by their
    ids; at most so many, and those alone that come after one."""
    answer, looked_at = Answer[ClassRow](), list[str]()
    names = Names(view)
    issuers = known_ids(view.history, "issuer") if issuer is None else [issuer]
    for one in issuers[bisect_left(issuers, issuer_of(after)) :]:
        looked_at.append(f"issuer:{one}")
        found = view.about(f"issuer:{one}", types=CLASSES)
        answer.add_possible(found.possible)
        rows = _of_issuer(view, names, one, found)
        own = (row for row in rows if issuer is not None or issuer_of(row["share_class"]) == one)
        answer.rows += (row for row in own if after < row["share_class"])
        if most is not None and len(answer.rows) > most:
            del answer.rows[most:]
            answer.more(most, "share classes", answer.rows[-1]["share_class"])
            break
    whole = issuer is None and most is None and not after
    answer.about = [(("class:",) if whole else looked_at, CLASSES)]
    return answer if after else or_gap(answer, "share class")


def _of_issuer(view: View, names: Names, issuer: str, found: Slice) -> Iterator[ClassRow]:
    """The share classes of an issuer, by what is told of them and what its register has."""
    told = defaultdict[str | None, list[Fact]](list)
    for fact in found.counted:
        told[fact.text("share_class")].append(fact)
    at_cut = register_at_cut(view, view.identities.of(issuer), checking=False)
    terms = class_terms(view, issuer)
    for share_class in sorted({*filter(None, told), *at_cut.classes}):
        facts = sorted([*told[share_class], *told[None]], key=lambda fact: fact.order)
        yield _class_row(names, share_class, terms, facts, at_cut)


def sources(
    view: View,
    text: str = "",
    most: int | None = None,
    after: str = "",
    citing: int | None = None,
) -> Sources:
    """The sources published by the known-by day with some text in id, title or publisher, sorted
    by their dates; or at most so many, and those alone that come after one, sorted by their ids.
    Of each at most so many events ``citing`` it are looked at."""
    answer, looked_at = Sources(), list[str]()
    ids = known_ids(view.history, "source")
    for source in ids[bisect_right(ids, after) :] if after else ids:
        looked_at.append(f"source:{source}")
        found = view.about(f"source:{source}", types=SOURCE_EVENTS)
        facts = [fact for fact in found.certain if fact.need("source") == source]
        said = (fact.text(name) or "" for fact in facts for name in ("title", "publisher"))
        row = _source_row(source, facts)
        published = parse_published(row["published_on"])
        known = published is None or published.first <= view.cut.known_by
        shown = bool(facts) and known and has(text, source, *said)
        if shown and len(answer.rows) == most:
            answer.more(most, "sources", answer.rows[-1]["source"])
            break
        answer.add_possible(p for p in found.possible if p.fact.text("source") in (None, source))
        if shown:
            row["cited_by"] = _cited(view, source, citing, answer.in_part)
            answer.rows.append(row)
    if most is None and not after:
        answer.rows.sort(key=lambda row: (place_of(row["published_on"]), row["source"]))
    answer.about = [(looked_at if most or after else ("source:",), SOURCE_EVENTS)]
    if not after:
        or_gap(answer, f"source{having(text)}")
    return answer


_OF_ROW = {"kind", "name", "votes_per_share", "par_value", "converts_into", "converts_at", "isin"}


def _class_row(
    names: Names,
    share_class: str,
    all_terms: ClassTerms,
    facts: list[Fact],
    at_cut: RegisterAtCut,
) -> ClassRow:
    accounts = at_cut.register.held(share_class)
    totals = class_totals(at_cut, [share_class]) if accounts else None
    terms, par = all_terms.of(share_class), all_terms.of(share_class).price("par_value")
    limits = _limits(facts)
    of_class = [fact for fact in facts if fact.text("share_class") == share_class]
    authorised = [
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
        "authorised": authorised[-1]["shares"] if authorised else None,
        "limits": limits,
        "listings": _listings(of_class),
        "isin": terms.text("isin"),
        "issued": totals and totals.issued,
        "outstanding": totals and totals.outstanding,
        "treasury": totals and totals.treasury,
        "holders": len(accounts.keys() - {TREASURY}),
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


def _cited(view: View, source: str, most: int | None, in_part: set[str]) -> int:
    """How many events cite a source; of those with more than are looked at, how many are."""
    subject = f"source:{source}"
    if most is not None and view.history.has_over(most, subject):
        in_part.add(source)
        return most
    return sum(fact.type not in SOURCE_EVENTS for fact in view.about(subject).certain)


def _source_row(source: str, facts: list[Fact]) -> SourceEntryRow:
    told: dict[str, str | None] = {}
    for fact in facts:
        told |= {name: fact.text(name) for name in _TOLD if name in fact.data}
    return {
        "source": source,
        "title": told.get("title"),
        "kind": told.get("kind"),
        "publisher": told.get("publisher"),
        "published_on": told.get("published_on"),
        "address": told.get("address"),
        "sha256": told.get("sha256"),
        "retracted": any(fact.type == "source-retracted" for fact in facts),
        "cited_by": 0,
        "events": keys(facts),
    }
