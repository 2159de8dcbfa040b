"""Queries for the events about a subject: indexed, replayed or known by their postings."""

from __future__ import annotations

from collections.abc import Collection

from ledger.model.movements import SIGNS
from ledger.model.subject import parse_subject
from projections.readmodel.postings import FOUND_BY_POSTINGS

ID = "(SELECT id FROM subjects WHERE subject = :subject)"
ITSELF = {  # how one event is found
    "key": "key = :subject",
    "position": "position = CAST(:subject AS INTEGER)",
    "id": "instr(data, '\"id\":\"' || :subject || '\"') > 0",
}
ROOT = (  # what an amendment amends in the end, by its key
    "events a JOIN events e ON e.position = a.root WHERE a.key = ? AND a.position <= ?"
)
OF_TREE = (  # the amendments of an event, theirs and so on, by the key of any one of all these
    "events r CROSS JOIN events e ON e.root = r.root AND e.root <> e.position"
    " WHERE r.key = ? AND e.position <= ? ORDER BY e.position"
)
INDEXED = "indexed i ON i.subject = s.id AND i.indexed_by <= :now"
REPLAYED = "replayed i ON i.subject = s.id AND i.since <= :now AND i.until > :now"
POSTED = {  # where the postings about a subject are, which are indexed nowhere else
    "class": f"postings WHERE class = {ID}",
    "issuer": "postings WHERE class IN (SELECT id FROM subjects WHERE subject > 'class:'"
    " || substr(:subject, 8) || '/' AND subject < 'class:' || substr(:subject, 8) || '0')",
    "party": f"accounts JOIN postings USING (class, account) WHERE account = {ID}",
}

# an id names no party that has a name: what registers a party stands while it is spoken of
NAMED = (
    "SELECT folded, party, plain FROM names WHERE (folded, party) > (?, ?) AND since <= ?"
    " AND (? = '' OR party IN (SELECT party FROM names WHERE since <= ?"
    " AND (instr(folded, ?) OR instr(plain, ?)))) AND (told <= ? OR until IS NULL"
    " OR until > ?) ORDER BY folded, party, plain"
)


def of_names(part: str, after: tuple[str, str], now: int) -> tuple[str | int, ...]:
    """What the query of names is given: a part of them, after what they come, and a position."""
    return *after, now, part, now, part, part, now, now


def indexed_under(subject: str, types: Collection[str] | None, posted: str = "") -> str:
    """A query for the events indexed under a subject, and since which position."""
    kind = parse_subject(subject).kind
    typed = "" if types is None else f"AND type IN ({types_of(types)})"
    sql = (
        f"SELECT position, indexed_by AS since FROM indexed WHERE subject = {ID} {typed}"
        " AND indexed_by <= :now"
    )
    if is_posted(subject, types):
        sql += (
            f" UNION SELECT position, since FROM {POSTED[kind]} {typed} AND since <= :now{posted}"
        )
    return sql


def beyond(subject: str, posted: str) -> str:
    """A query for one of the events indexed under a subject after the first :most."""
    indexed = indexed_under(subject, None, posted)
    return f"SELECT DISTINCT position FROM ({indexed}) LIMIT 1 OFFSET :most"


def is_posted(subject: str, types: Collection[str] | None) -> bool:
    """Whether some of the events about a subject may be found by their postings alone."""
    posted = types is None or not FOUND_BY_POSTINGS.isdisjoint(types)
    return posted and parse_subject(subject).kind in POSTED


def not_moving(types: Collection[str]) -> tuple[str, ...]:
    """Those of some types of which no event is posted."""
    return tuple(name for name in types if name not in SIGNS)


def types_of(types: Collection[str]) -> str:
    """A query for the numbers of as many types."""
    names = ",".join(f":type{n}" for n in range(len(types)))
    return f"SELECT id FROM subjects WHERE subject IN ({names})"
